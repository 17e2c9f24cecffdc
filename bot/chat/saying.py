"""Filters in plain words, with the names of this bot's topics."""

from bot.alerts.language.parse import FilterError, read_stored
from bot.alerts.language.plain import describe, write
from bot.alerts.rule import Filter
from bot.chat import texts
from bot.chat.context import Context
from bot.storage.subscribers import FilterRow
from bot.text import clip

_MOST = 1200  # characters: two filters and what they would have brought fit in one message
_WORDIER = 2  # of as many characters as a filter may have, its plain words may have so many times as many


def said(context: Context, filter_: Filter) -> str:
    """A filter in plain words, its terms in bold, topics by their names; a very long one as text, cut off."""
    if len(describe(filter_, str, context.services.topic_name)) > _MOST:
        return texts.code(clip(write(filter_), _MOST))
    return describe(filter_, texts.bold, context.services.topic_name)


def said_row(context: Context, row: FilterRow, *, most: int | None = None) -> str:
    """A saved filter in plain words; as it was typed when this version cannot read it.

    One of more than `most` characters, or twice as many in plain words, is shown as it was typed, cut off
    there: several must fit in a message.
    """
    as_typed = texts.code(row.typed if most is None else clip(row.typed, most))
    if most is not None and len(row.typed) > most:
        return as_typed
    try:
        filter_ = read_stored(row.typed)
    except FilterError:
        return as_typed
    if most is not None and len(describe(filter_, str, context.services.topic_name)) > _WORDIER * most:
        return as_typed
    return said(context, filter_)
