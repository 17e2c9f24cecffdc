"""A filter tried on the last week, and others beside it, for whoever asks in a chat."""

from bot.alerts.rule import Filter
from bot.alerts.week.backtest import backtest
from bot.alerts.week.variants import Variant, narrower, wider
from bot.chat import follow_texts
from bot.chat.context import Context
from bot.chat.zones import zone
from bot.storage.subscribers import Subscriber


async def tried_on_week(context: Context, subscriber: Subscriber, filter_: Filter) -> str:
    """What the filter would have brought in the last seven days, in words."""
    now, services = context.now, context.services
    result = await context.database.read(
        lambda c: backtest(
            c,
            filter_,
            last_week=services.last_week,
            zone=zone(subscriber.time_zone),
            now=now,
        )
    )
    return follow_texts.tried(result, now=now, by_utc=subscriber.time_zone is None)


async def others(context: Context, filter_: Filter, *, fewer: bool) -> tuple[Variant, ...]:
    """Filters that would have brought fewer alerts in the last seven days, or more."""
    now, services = context.now, context.services
    find = narrower if fewer else wider
    return await context.database.read(
        lambda c: find(filter_, services.last_week.read(c, now=now), topic_name=services.topic_name)
    )
