"""What a chat follows, changed: kept, replaced, paused, deleted."""

from functools import partial

from bot.alerts.language.plain import canonical
from bot.alerts.rule import Filter
from bot.chat.context import Context
from bot.logs import get_logger
from bot.model import FilterState
from bot.storage import subscribers
from bot.storage.subscribers import FilterRow, Keeping, Kept, Subscriber
from bot.text import squash

_log = get_logger(__name__)


async def keep(
    context: Context, subscriber: Subscriber, filter_: Filter, *, typed: str, instead_of: int | None = None
) -> Keeping:
    """The filter, followed, unless the chat has as many as it may; whoever follows something is woken.

    `typed` is how it is shown; `instead_of` the number of the filter whose place it takes.
    """
    text, typed = canonical(filter_), squash(typed)
    if instead_of is None:
        save = partial(subscribers.save_filter, subscriber_id=subscriber.id, text=text, typed=typed)
    else:
        save = partial(
            subscribers.replace_filter,
            subscriber_id=subscriber.id,
            filter_id=instead_of,
            text=text,
            typed=typed,
        )
    keeping = await context.database.write(partial(save, now=context.now))
    if isinstance(keeping, Kept):
        await context.wake(subscriber)
        _log.info("filter_saved", subscriber_id=subscriber.id, filter_id=keeping.row.id, new=keeping.new)
    return keeping


async def set_state(
    context: Context, subscriber: Subscriber, filter_id: int, state: FilterState
) -> FilterRow | None:
    """The filter paused, resumed or deleted; None when it is gone, or another chat's."""
    change = partial(
        subscribers.set_filter, subscriber_id=subscriber.id, filter_id=filter_id, state=state, now=context.now
    )
    return await context.database.write(change)


async def restore(context: Context, subscriber: Subscriber, filter_id: int) -> Keeping | None:
    """A deleted filter, back if there is room; None when it is another chat's."""
    change = partial(subscribers.restore_filter, subscriber_id=subscriber.id, filter_id=filter_id)
    return await context.database.write(partial(change, now=context.now))
