"""Logging: structlog over the standard library, one line an event, and never a token in any of them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import structlog

from bot.times import iso

# No \b before it: in a URL the token hangs on the word "bot", and its colon may be escaped.
_TOKEN = re.compile(r"(?<!\d)\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
# SQLAlchemy takes "/" and ":" in a password too.
_PASSWORD = re.compile(r"(://[^/\s:@]*:)[^@\s\"'<>]+@")
# httpx names the whole URL, token included, at INFO; the others say what nobody asked.
_QUIET = (
    "httpx",
    "httpcore",
    "telegram",
    "apscheduler",
    "alembic",
    "trafilatura",
    "htmldate",
    "aiohttp",
    "uvicorn",
)


def redact(text: str) -> str:
    """The text with bot tokens and URL passwords blacked out."""
    return _PASSWORD.sub(r"\1***@", _TOKEN.sub("***", text))


def _plain_values(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, datetime):
            event[key] = iso(value)
        if isinstance(value, str):
            event[key] = redact(value)
    return event


def _in_order(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # A person reads the line too: when, how grave, what; then the rest.
    first = ("timestamp", "level", "event")
    return {key: event[key] for key in (*first, *(k for k in event if k not in first)) if key in event}


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last gate: whatever reaches the stream, a foreign traceback included, goes through `redact`."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure(*, level: str = "info", form: str = "auto") -> None:
    """Sets logging up for the whole process; `form` is auto, console or json."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _plain_values,
    ]
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    last: list[Any] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                pad_event_to=28,
                # Where rich is installed, the default shows every local variable: people's words among them.
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
        if console
        else [
            structlog.processors.format_exc_info,
            _in_order,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(
            logging.DEBUG if level == "debug" and name == "aiohttp" else logging.WARNING
        )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
