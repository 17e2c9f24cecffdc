"""What the documents promise, held against the code."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.chat import texts
from bot.cli import parser
from bot.settings import Settings, duration

ROOT = Path(__file__).parents[2]
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", page.read_text(encoding="utf-8"))
    local = [link for pair in links for link in pair if link and not link.startswith("http")]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^    |`|… )make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert named - targets == set()


def test_the_readme_fits_on_one_screen() -> None:
    assert len(read("README.md").splitlines()) <= 45


def test_every_command_is_in_the_documents_and_the_other_way_round() -> None:
    page = read("docs/commands.md")
    documented = set(re.findall(r"^\| `needtoknow ((?:try |feeds )?[a-z]+)", page, re.MULTILINE))
    assert documented == set(commands())


def commands() -> list[str]:
    found = []
    for name, one in choices(parser()).items():
        found += [f"{name} {inner}" for inner in choices(one)] or [name]
    return found


def choices(of) -> dict:
    return next((action.choices for action in of._actions if isinstance(action.choices, dict)), {})


def test_every_chat_command_is_in_the_help() -> None:
    assert [name for name, _ in texts.COMMANDS if f"/{name}" not in texts.HELP + "/start /help"] == []


def test_every_log_event_that_the_operator_is_told_of_is_logged() -> None:
    told = set(re.findall(r"`([a-z]+_[a-z_]+)`", read("docs/running.md")))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    assert [event for event in sorted(told) if f'"{event}"' not in code] == []


NUMBER = r"(\d[\d,.]*) ?(ms|s|m|h|d|MB)\b"


def test_every_default_that_is_named_is_the_one_that_holds() -> None:
    running, feeds = read("docs/running.md"), read("docs/feeds.md")
    both = re.search(rf"`feeds.min_interval`, `feeds.max_interval` \|.*\({NUMBER}, {NUMBER}\)", running)
    assert both is not None
    named = [("feeds.min_interval", both[1] + both[2]), ("feeds.max_interval", both[3] + both[4])]
    # "`feeds.max_interval` (30 m)" in a sentence, "more than 10 MB, … (`web.max_bytes`)" in a table.
    named += [
        (key, number + unit)
        for key, number, unit in re.findall(rf"`([a-z]+\.[a-z_]+)`\s+\({NUMBER}\)", feeds)
    ]
    named += [
        (key, number + unit)
        for number, unit, key in re.findall(rf"{NUMBER}[^|(\n]*\(`([a-z]+\.[a-z_]+)`\)", feeds)
    ]
    assert {key for key, _ in named} >= {
        *("feeds.min_interval", "feeds.max_interval", "web.max_bytes", "web.timeout")
    }
    assert [(key, said) for key, said in named if default(key) != meant(said)] == []


def default(key: str) -> object:
    section, name = key.split(".")
    return getattr(getattr(Settings(), section), name)


def meant(said: str) -> object:
    return int(said.removesuffix("MB")) * 1_000_000 if said.endswith("MB") else duration(said)


def test_the_lock_files_name_no_host_and_hold_exact_versions() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = [line for line in read(name).splitlines() if line and not line.startswith("#")]
        assert [line for line in lines if "://" in line or "==" not in line] == []


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    locked = {
        line.partition("==")[0].partition("[")[0].lower() for line in read("requirements.lock").splitlines()
    }
    # A name's dots and underscores are hyphens (https://peps.python.org/pep-0503/#normalized-names).
    wanted = {re.sub(r"[._]", "-", re.split(r"[\[<>=~ ]", one)[0]).lower() for one in project["dependencies"]}
    assert wanted - locked == set()


def test_the_dockerfile_takes_the_makefiles_steps() -> None:
    def pip(text: str) -> list[str]:
        steps = re.findall(
            r"pip install (.+)", text.replace("$(PIP_QUIET)", "-qq --disable-pip-version-check")
        )
        return [re.sub(r" --no-cache-dir| --editable", "", step).strip() for step in steps]

    in_make = pip(read("Makefile"))
    assert [step for step in pip(read("Dockerfile")) if step not in in_make] == []
