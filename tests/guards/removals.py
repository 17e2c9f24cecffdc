"""The list of guards and how each is taken away."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Removal:
    guard: str
    file: str
    old: str
    tests: tuple[str, ...]
    new: str = ""

    def applied(self, text: str) -> str:
        """The file's text without the guard; ValueError where the guard is not there exactly once."""
        found = text.count(self.old)
        if found != 1:
            raise ValueError(f"{self.guard}: its text is {found} times in {self.file}, not once")
        return text.replace(self.old, self.new)


def read_removals() -> list[Removal]:
    listed = tomllib.loads((Path(__file__).parent / "removals.toml").read_text())["removal"]
    return [Removal(**one | {"tests": tuple(one["tests"])}) for one in listed]
