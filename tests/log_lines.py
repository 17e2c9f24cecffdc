"""What the bot logs, read back as the operator would: whole lines, of our loggers and of the libraries'."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import logs


class Log:
    """The lines so far; `text` is what reached the stream, to the letter."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        said = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in said if line["event"] == event]


@pytest.fixture
def log() -> Iterator[Log]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure(level="info", form="json")
    found = Log()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(found.stream)
    yield found
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
