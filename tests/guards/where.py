"""A pytest plugin for the runner: the tests must import the copy, not the code they were installed with."""

import os
from pathlib import Path

import pytest

import bot
import tests


def pytest_configure() -> None:
    tree = Path(os.environ["GUARDS_TREE"])
    for module in (bot, tests):
        if not Path(module.__file__).is_relative_to(tree):
            raise pytest.UsageError(f"{module.__name__} comes from {module.__file__}, not from {tree}")
