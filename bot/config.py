"""Reads the configuration once: bot.toml, feeds.toml, topics.toml, and the environment over them."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from bot.errors import ConfigError
from bot.logs import redact
from bot.settings import Duration, Settings, SummariserSettings, check_reference
from bot.text import fold, squash

_PREFIX = "NTK_"
_CONFIG_DIR = "NTK_CONFIG_DIR"
_WHOLE_SECTIONS = {f"{_PREFIX}{section}".lower() for section in Settings.model_fields}


def _references(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        check_reference(name, value)
    return headers


class FeedListing(BaseModel):
    """A [[feed]] of feeds.toml; only the url is required.

    The values of `headers` are references ("env:NAME", "file:PATH"), never secrets.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str
    name: str = ""
    language: Annotated[str, Field(max_length=16)] | None = None
    topic: Annotated[str, Field(max_length=64)] | None = None
    interval: Annotated[Duration, Field(le=timedelta(days=365))] | None = None
    weight: Annotated[float, Field(gt=0, le=10)] = 1.0
    full_text: bool = True
    headers: Annotated[dict[str, str], AfterValidator(_references)] = {}


class TopicListing(BaseModel):
    """A [[topic]] of topics.toml; without rule and examples it has what its parts and feeds have."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, Field(pattern="^[a-z0-9_-]+$", max_length=64)]
    name: Annotated[str, Field(min_length=1, max_length=64)]
    emoji: str = ""
    description: str = ""
    parent: str | None = None
    names: tuple[str, ...] = ()
    rule: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All that the operator decided."""

    settings: Settings
    feeds: tuple[FeedListing, ...]
    topics: tuple[TopicListing, ...]
    directory: Path


class _Environment(BaseSettings, Settings):
    """The settings with their two sources: the environment over the file."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what the file gave."""
        return env_settings, init_settings


def config_directory() -> Path:
    """`NTK_CONFIG_DIR`, or `config` under the current directory."""
    return Path(os.environ.get(_CONFIG_DIR) or "config")


def load(directory: Path | None = None) -> Config:
    """Everything, validated; raises ConfigError that names the file and the key."""
    directory = directory or config_directory()
    if not directory.is_dir():
        raise ConfigError(
            f"there is no configuration directory {directory}; start the bot where `config/` is, "
            f"or name the directory with {_CONFIG_DIR}"
        )
    settings = _settings(directory / "bot.toml")
    topics = _topics(directory / "topics.toml")
    feeds = _feeds(directory / settings.feeds.file, topics=topics)
    return Config(settings=settings, feeds=feeds, topics=topics, directory=directory)


def load_settings() -> Settings:
    """The settings alone, for commands that need no lists; defaults where there is no bot.toml."""
    return _settings(config_directory() / "bot.toml")


def load_topics() -> tuple[TopicListing, ...]:
    """The topics alone; none where there is no topics.toml."""
    return _topics(config_directory() / "topics.toml")


def _settings(path: Path) -> Settings:
    given = _toml(path) if path.exists() else {}
    telegram = given.get("telegram")
    if isinstance(telegram, Mapping) and "token" in telegram:
        raise ConfigError(
            f"{path}: telegram.token is a secret and does not belong in a file that people copy; "
            f"set NTK_TELEGRAM__TOKEN, or telegram.token_file"
        )
    summariser = given.get("summariser")
    if isinstance(summariser, Mapping) and "api_key" in summariser:
        raise ConfigError(
            f"{path}: summariser.api_key is a secret and does not belong in a file that people copy; "
            f"set NTK_SUMMARISER__API_KEY, or summariser.api_key_file"
        )
    for name in os.environ:
        section = name.removeprefix(_PREFIX).partition("__")[0].lower()
        if name.startswith(_PREFIX) and name != _CONFIG_DIR and section not in Settings.model_fields:
            raise ConfigError(f"{name}: there is no section {section!r}; {_sections()}")
    try:
        read = _Environment(**given)
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from error
    except SettingsError as error:
        # A whole section in one variable would be JSON; what stands there may be a secret, so it is not said.
        names = [name for name in os.environ if name.lower() in _WHOLE_SECTIONS]
        raise ConfigError(f"{', '.join(names)}: name a key, as in {_PREFIX}SERVER__PORT") from error
    if read.feeds.min_interval > read.feeds.max_interval:
        raise ConfigError(
            f"{path}: feeds.min_interval ({_time(read.feeds.min_interval)}) is above "
            f"feeds.max_interval ({_time(read.feeds.max_interval)})"
        )
    # A plain Settings: the environment was read once, here.
    settings = Settings(**{name: getattr(read, name) for name in Settings.model_fields})
    if settings.telegram.token_file and settings.telegram.token is None:
        token = _secret(Path(settings.telegram.token_file), "telegram.token_file")
        telegram = settings.telegram.model_copy(update={"token": SecretStr(token)})
        settings = settings.model_copy(update={"telegram": telegram})
    return settings.model_copy(update={"summariser": _summariser(settings.summariser, path)})


def _summariser(settings: SummariserSettings, path: Path) -> SummariserSettings:
    """The section with its key read; ConfigError when the chosen kind lacks something."""
    if settings.kind != "bundled" and not settings.model:
        raise ConfigError(f"{path}: summariser.model names no model; summariser.kind is {settings.kind!r}")
    if settings.kind == "openai" and not settings.url:
        raise ConfigError(
            f"{path}: summariser.url names no server; summariser.kind is 'openai': "
            f"write the address of its API, as http://localhost:11434/v1"
        )
    if settings.api_key_file and settings.api_key is None:
        key = _secret(Path(settings.api_key_file), "summariser.api_key_file")
        return settings.model_copy(update={"api_key": SecretStr(key)})
    return settings


def _time(time: timedelta) -> str:
    """As it is written in the file: "90s", "5m", "2h"."""
    seconds = time.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _secret(path: Path, key: str) -> str:
    """The secret in a file that setting `key` names."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{key}: cannot read {path}: {error}") from error
    if not secret:
        raise ConfigError(f"{key}: there is no secret in {path}")
    return secret


def _sections() -> str:
    return "the sections are " + ", ".join(Settings.model_fields)


def _explain(error: ValidationError, path: Path) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    variable = _PREFIX + "__".join(str(part) for part in first["loc"]).upper()
    where = variable if variable in os.environ else f"{path}: {key}"
    if first["type"] == "extra_forbidden":
        section = Settings.model_fields.get(str(first["loc"][0]))
        known = _keys(section.annotation) if section and len(first["loc"]) > 1 else _sections()
        return f"{where}: there is no such setting; {known}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message} (it is {redact(repr(first['input']))})"


def _keys(annotation: Any) -> str:
    model = next((a for a in (annotation, *get_args(annotation)) if hasattr(a, "model_fields")), None)
    return "its section knows " + ", ".join(model.model_fields) if model else ""


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _listings(path: Path, kind: str, model: type[BaseModel]) -> list[Any]:
    given = _toml(path)
    unknown = set(given) - {kind}
    if unknown or not isinstance(given.get(kind, []), list):
        raise ConfigError(
            f"{path}: expected only [[{kind}]] tables, found {', '.join(sorted(unknown)) or kind}"
        )
    found = []
    for number, listing in enumerate(given.get(kind, []), start=1):
        try:
            found.append(model.model_validate(listing))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            message = first["msg"].removeprefix("Value error, ")
            title = listing.get("url") or listing.get("id") if isinstance(listing, Mapping) else None
            name = f" ({title})" if title else ""
            raise ConfigError(f"{path}: {kind} number {number}{name}: {key}: {message}") from error
    return found


def _topics(path: Path) -> tuple[TopicListing, ...]:
    if not path.exists():
        return ()
    topics: list[TopicListing] = _listings(path, "topic", TopicListing)
    _refuse_twice(path, "topic", [topic.id for topic in topics])
    _refuse_ambiguous(path, topics)
    _refuse_lost(path, {topic.id: topic.parent for topic in topics})
    return tuple(topics)


def _refuse_ambiguous(path: Path, topics: list[TopicListing]) -> None:
    """Each name, however people write it, stands for one topic."""
    called: dict[str, str] = {}
    for topic in topics:
        for name in (topic.id, topic.name, *topic.names):
            other = called.setdefault(squash(fold(name)), topic.id)
            if other != topic.id:
                raise ConfigError(f"{path}: topic {topic.id!r}: {name!r} stands for topic {other!r} already")


def _refuse_lost(path: Path, parents: dict[str, str | None]) -> None:
    """Every parent is a topic, and none is above itself."""
    for topic, parent in parents.items():
        seen, above = {topic}, parent
        while above is not None:
            if above not in parents:
                raise ConfigError(f"{path}: topic {topic!r}: parent {above!r} is not in topics.toml")
            if above in seen:
                raise ConfigError(f"{path}: topic {topic!r}: parent {above!r} leads back to itself")
            seen.add(above)
            above = parents[above]


def _feeds(path: Path, *, topics: tuple[TopicListing, ...]) -> tuple[FeedListing, ...]:
    feeds: list[FeedListing] = _listings(path, "feed", FeedListing)
    _refuse_twice(path, "feed", [feed.url for feed in feeds])
    known = {topic.id for topic in topics}
    named = []
    for feed in feeds:
        try:
            parts = urlsplit(feed.url)
        except ValueError:  # "http://[::1" and the like
            parts = urlsplit("")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigError(f"{path}: feed {feed.url!r}: url must begin with http:// or https://")
        if feed.topic and known and feed.topic not in known:
            raise ConfigError(f"{path}: feed {feed.url}: topic {feed.topic!r} is not in topics.toml")
        named.append(feed if feed.name else feed.model_copy(update={"name": parts.hostname}))
    return tuple(named)


def _refuse_twice(path: Path, kind: str, keys: list[str]) -> None:
    for key in keys:
        if keys.count(key) > 1:
            raise ConfigError(f"{path}: {kind} {key!r} is listed twice")


def poll_interval(feed: FeedListing, settings: Settings) -> timedelta | None:
    """The interval that a listing fixes, never shorter than `feeds.min_interval`; None: the bot adapts."""
    return None if feed.interval is None else max(feed.interval, settings.feeds.min_interval)
