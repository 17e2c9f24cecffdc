"""From a [[feed]] of feeds.toml to a row of the list."""

from bot.config import FeedListing, poll_interval
from bot.settings import Settings
from bot.storage.feeds import FeedSpec


def spec_of(feed: FeedListing, settings: Settings) -> FeedSpec:
    """The feed as the database lists it."""
    return FeedSpec(
        url=feed.url,
        name=feed.name,
        interval=poll_interval(feed, settings),
        language=feed.language,
        topic=feed.topic,
        weight=feed.weight,
        full_text=feed.full_text,
        headers=feed.headers,
    )
