"""The database of a bot that is there: a command that only reads or mends makes none by mistake."""

from pathlib import Path

from bot.errors import StorageError
from bot.storage.database import Database, parse_url


def existing(url: str) -> Database:
    """The database at `url`; raises StorageError, and makes nothing, where its SQLite file is missing."""
    parsed = parse_url(url)
    name = parsed.database if parsed.get_backend_name() == "sqlite" else None
    if name and name != ":memory:" and not name.startswith("file:") and not Path(name).exists():
        raise StorageError(
            f"there is no database at {name}; start where the bot is started, or set NTK_STORAGE__URL"
        )
    return Database(url)
