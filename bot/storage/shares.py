"""Filters that are passed on by a link: what they say, never whose they are."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa

from bot.storage.database import insert_new
from bot.storage.tables import shares

_TOKEN_BYTES = 18  # 24 characters of A-Z a-z 0-9 - _, which is what a link to a bot may carry
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")


def share(connection: sa.Connection, filters: Sequence[str], *, now: datetime) -> str:
    """The token under which these filters, as they were typed, can be had; the same for the same filters."""
    stated = json.dumps(list(filters), ensure_ascii=False)
    digest = blake2b(stated.encode("utf-8", "replace"), digest_size=_TOKEN_BYTES).digest()
    token = urlsafe_b64encode(digest).decode("ascii")
    values = {"token": token, "filters": list(filters), "created_at": now}
    connection.execute(insert_new(connection, shares).values(values))
    return token


def shared(connection: sa.Connection, token: str) -> tuple[str, ...] | None:
    """The filters behind a token, as they were typed; None where there are none."""
    if not _TOKEN.fullmatch(token):
        return None  # somebody invented it, and PostgreSQL does not take every character
    found = connection.execute(sa.select(shares.c.filters).where(shares.c.token == token)).scalar()
    return None if found is None else tuple(found)
