"""Takes one guard away at a time, in a copy, and demands that its tests fail. `make test-guards`."""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from py_compile import PycInvalidationMode
from xml.etree import ElementTree as ET

from tests.guards.removals import ROOT, Removal, read_removals

WORKERS = 2
RUN_SECONDS = 90
COPIED = ("bot", "tests", "config", "pyproject.toml")


class Tree:
    """A copy of the code that belongs to one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, path / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, path / name)
        # By their hash, or two edits within a second would share one.
        compileall.compile_dir(path / "bot", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def without(self, removal: Removal) -> dict[str, str]:
        """What each of its tests says with the guard taken away."""
        file = self.path / removal.file
        whole = file.read_text()
        try:
            file.write_text(removal.applied(whole))
        except ValueError as error:
            return dict.fromkeys(removal.tests, str(error))
        try:
            return self.run(removal.tests)
        finally:
            file.write_text(whole)

    def run(self, tests: Sequence[str]) -> dict[str, str]:
        """'passed', 'failed', or what else became of each test."""
        report = self.path / "report.xml"
        report.unlink(missing_ok=True)
        options = ["-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", "-p", "tests.guards.where"]
        options += ["--tb=no", f"--basetemp={self.path / 'tmp'}", f"--junitxml={report}"]
        environment = os.environ | {
            "PYTHONPATH": str(self.path),
            "GUARDS_TREE": str(self.path),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # half of the time to start
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *options, *tests],
                cwd=self.path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=RUN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return dict.fromkeys(tests, f"hung for {RUN_SECONDS} s")
        if done.returncode not in {0, 1}:
            why = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            return dict.fromkeys(tests, f"exit code {done.returncode}: {' '.join(why)}")
        said = outcomes(report)
        return {test: outcome(test, said) for test in tests}


def outcomes(report: Path) -> dict[str, str]:
    """What became of each test in a JUnit report, by node id; an error is not a failure."""
    said: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):
        node = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        one = "failed" if kinds == {"failure"} else " and ".join(sorted(kinds)) or "passed"
        said[node] = one if said.get(node, one) == one else f"{said[node]} and {one}"
    return said


def outcome(test: str, said: dict[str, str]) -> str:
    """What became of a test; one named without its parameters fails where any of its cases does."""
    cases = {one for node, one in said.items() if node == test or node.startswith(f"{test}[")}
    if cases == {"passed", "failed"}:
        return "failed"
    return " and ".join(sorted(cases)) or "did not run"


def each_of(removals: Sequence[Removal], directory: Path) -> list[dict[str, str]]:
    own = threading.local()
    numbers = iter(range(WORKERS))

    def begin() -> None:
        own.tree = Tree(directory / str(next(numbers)))

    def one(removal: Removal) -> dict[str, str]:
        return own.tree.without(removal)

    with ThreadPoolExecutor(WORKERS, initializer=begin) as threads:
        return list(threads.map(one, removals))


def table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(
        [lines[0].rstrip(), "-+-".join("-" * width for width in widths), *map(str.rstrip, lines[1:])]
    )


def main(argv: Sequence[str], say: Callable[[str], None] = print) -> int:
    """`argv`: words that must be in a guard's name or file; none means all."""
    began = time.monotonic()
    removals = [one for one in read_removals() if all(word in f"{one.guard} {one.file}" for word in argv)]
    tests = list(dict.fromkeys(test for removal in removals for test in removal.tests))
    with tempfile.TemporaryDirectory(prefix="guards-") as name:
        directory = Path(name).resolve()
        with_guard = Tree(directory / "whole").run(tests)
        without = each_of(removals, directory)
    rows = [("guard", "attack test", "with guard", "without")]
    bad = 0
    for removal, said in zip(removals, without, strict=True):
        for test in removal.tests:
            rows.append((removal.guard, test.removeprefix("tests/"), with_guard[test], said[test]))
            bad += (with_guard[test], said[test]) != ("passed", "failed")
    say(table(rows))
    say(f"{len(removals)} guards, {len(rows) - 1} attacks, {time.monotonic() - began:.0f} s.")
    if bad:
        say(f"{bad} of them do not show that their guard is needed: see above what is not 'passed | failed'.")
    return 1 if bad or not removals else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
