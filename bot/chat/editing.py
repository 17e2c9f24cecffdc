"""Which filter a chat is changing: what it says with /follow meanwhile is meant for that one.

Kept in memory only. After a restart the words are followed beside it, and the answer says so before.
"""

from datetime import datetime, timedelta

from bot.chat.context import Context

_SPAN = timedelta(minutes=10)
_KEY = "edit"


def begin_edit(context: Context, filter_id: int) -> None:
    """Edit was pressed."""
    if context.chat_data is not None:
        context.chat_data[_KEY] = filter_id, context.now


def edited_now(context: Context) -> int | None:
    """The number of the filter whose Edit was pressed in the last ten minutes and neither saved nor left."""
    found: tuple[int, datetime] | None = (context.chat_data or {}).get(_KEY)
    return found[0] if found is not None and context.now - found[1] < _SPAN else None


def end_edit(context: Context) -> None:
    """It was saved, or left."""
    if context.chat_data is not None:
        context.chat_data.pop(_KEY, None)
