"""The list must not rot: `make test-guards` is for later, these checks are for every run."""

import subprocess
import sys

import pytest

from tests.guards.removals import ROOT, Removal, read_removals
from tests.guards.remove import outcome, outcomes, table

REMOVALS = read_removals()


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.guard)
def test_a_guard_is_where_the_list_says_and_what_is_left_is_still_python(removal):
    without = removal.applied((ROOT / removal.file).read_text())
    compile(without, removal.file, "exec")
    assert removal.tests


def test_every_attack_is_a_test_there_is():
    tests = sorted({test for removal in REMOVALS for test in removal.tests})
    options = ["--collect-only", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("text", ["", "no such thing", "guard guard"])
def test_a_guard_that_is_not_there_once_is_an_error(text):
    with pytest.raises(ValueError, match="not once"):
        Removal("a guard", "a.py", "guard", ()).applied(text)


def test_only_a_failure_counts_as_one(tmp_path):
    report = tmp_path / "report.xml"
    cases = {"passes": "", "fails": "<failure/>", "breaks": "<error/>", "is_skipped": "<skipped/>"}
    lines = [
        f'<testcase classname="tests.test_a" name="{name}">{what}</testcase>' for name, what in cases.items()
    ]
    report.write_text(f"<testsuites><testsuite>{''.join(lines)}</testsuite></testsuites>")
    assert list(outcomes(report).values()) == ["passed", "failed", "error", "skipped"]
    assert next(iter(outcomes(report))) == "tests/test_a.py::passes"


def test_one_failing_case_is_enough_for_a_test_named_without_its_parameters():
    said = {"a.py::one[1]": "passed", "a.py::one[2]": "failed", "a.py::one_more": "error"}
    assert outcome("a.py::one", said) == outcome("a.py::one[2]", said) == "failed"
    assert outcome("a.py::one[1]", said) == "passed"
    assert outcome("a.py::one_more", said) == "error"
    assert outcome("a.py::two", said) == "did not run"


def test_the_table_is_aligned():
    assert table([("guard", "test"), ("a", "b")]) == "guard | test\n------+-----\na     | b"
