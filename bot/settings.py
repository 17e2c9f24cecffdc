"""Every setting: one frozen section a room, with its unit, its default and its range."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?\s*")
_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ACCEPTED = "write a time as 90s, 5m, 2h or 30d; a plain number is seconds"


def duration(value: Any) -> Any:
    """'90s', '5m', '2h', '30d', or a plain number of seconds; ValueError says what is accepted."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(str(value))
    if found is None or isinstance(value, bool):
        raise ValueError(_ACCEPTED)
    try:
        return timedelta(seconds=float(found[1]) * _UNITS[found[2] or "s"])
    except OverflowError as error:
        raise ValueError(_ACCEPTED) from error


Duration = Annotated[timedelta, BeforeValidator(duration)]


def check_reference(name: str, value: str) -> None:
    """Raises ValueError unless a header's value refers to a secret; the value itself is not repeated."""
    if not _HEADER_NAME.fullmatch(name):
        raise ValueError(f"header {name!r}: that is no name of a header")
    kind, colon, place = value.partition(":")
    if not (colon and place.strip() and kind in {"env", "file"}):
        raise ValueError(
            f"header {name}: a list of feeds holds no secrets; "
            f"write env:NAME for an environment variable, or file:PATH"
        )


def reachable(value: str) -> str:
    """An http(s) address without query and fragment, its last slash dropped; else ValueError."""
    if value and not _is_plain(value):
        raise ValueError("write the address at which the web reaches this server, as https://news.example")
    return value.rstrip("/")


def _is_plain(value: str) -> bool:
    """Whether it is an http(s) address without query and fragment."""
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.query or parts.fragment)


def is_model_server(value: str) -> str:
    """The address of an OpenAI-compatible server, its last slash dropped; else ValueError."""
    if value and not _is_plain(value):
        raise ValueError("write the address of the server's API, as http://localhost:11434/v1")
    if urlsplit(value).username is not None:
        raise ValueError("a key does not belong in the address; set NTK_SUMMARISER__API_KEY")
    return value.rstrip("/")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(_Section):
    """How to reach Telegram."""

    token: SecretStr | None = None
    token_file: str | None = None
    base_url: str = "https://api.telegram.org/bot"
    admin: int | None = None


class StorageSettings(_Section):
    """Where everything is kept, and for how long."""

    url: str = "sqlite:///data/needtoknow.db"
    keep: Annotated[Duration, Field(ge=timedelta(days=8), le=timedelta(days=36500))] = timedelta(days=30)


class FeedsSettings(_Section):
    """What is polled, and how often."""

    file: str = "feeds.toml"
    min_interval: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=1))] = timedelta(minutes=2)
    max_interval: Annotated[Duration, Field(gt=timedelta(0), le=timedelta(days=7))] = timedelta(minutes=30)


class WebSettings(_Section):
    """Out to the web."""

    user_agent: str = "NeedToKnow/0.1 (news alerts over Telegram; +https://pypi.org/project/need-to-know/)"
    allow_private: bool = False
    max_bytes: Annotated[int, Field(ge=10_000, le=200_000_000)] = 10_000_000
    timeout: Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(minutes=5))] = timedelta(
        seconds=30
    )


class SummariserSettings(_Section):
    """Who writes the digests; tokens are the model's, and `timeout` is for one answer of its."""

    kind: Literal["bundled", "transformers", "openai"] = "bundled"
    model: str = ""
    url: Annotated[str, AfterValidator(is_model_server)] = ""
    api_key: SecretStr | None = None
    api_key_file: str | None = None
    # Two answers at most for a digest, within the ten minutes that a digest is claimed for.
    timeout: Annotated[Duration, Field(ge=timedelta(seconds=1), le=timedelta(minutes=4))] = timedelta(
        minutes=2
    )
    input_tokens: Annotated[int, Field(ge=256, le=200_000)] = 3000
    output_tokens: Annotated[int, Field(ge=64, le=16_000)] = 500


class ServerSettings(_Section):
    """In from the web: health, metrics, the playground."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: Annotated[str, AfterValidator(reachable)] = ""


class LogSettings(_Section):
    """What the operator reads."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"


class Settings(_Section):
    """All sections."""

    telegram: TelegramSettings = TelegramSettings()
    storage: StorageSettings = StorageSettings()
    feeds: FeedsSettings = FeedsSettings()
    web: WebSettings = WebSettings()
    summariser: SummariserSettings = SummariserSettings()
    server: ServerSettings = ServerSettings()
    log: LogSettings = LogSettings()
