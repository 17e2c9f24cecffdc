"""Headers whose values are secrets: named in the list of feeds, kept in the environment or in a file."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot.errors import ConfigError
from bot.settings import check_reference


def resolve(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with their secrets; raises ConfigError that names the header whose secret is missing."""
    return {name: _secret(name, value) for name, value in headers.items()}


def _secret(name: str, value: str) -> str:
    try:
        check_reference(name, value)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    kind, _, place = value.partition(":")
    if kind == "env":
        found = os.environ.get(place, "")
    else:
        try:
            found = Path(place).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"header {name}: cannot read {place}") from error
    if not found.strip() or not found.strip().isprintable():
        raise ConfigError(f"header {name}: there is no secret in {place}")
    return found.strip()
