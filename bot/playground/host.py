"""The playground and its demo newsroom, ready to be mounted on the bot's own server."""

import sys
from datetime import timedelta

from starlette.routing import BaseRoute

from bot.playground.newsroom.press import load_press
from bot.playground.newsroom.routes import newsroom_routes
from bot.playground.newsroom.syndication import feeds
from bot.playground.newsroom.timeline import Timeline, suggestions
from bot.playground.site import playground_routes
from bot.playground.world import World
from bot.storage.feeds import FeedSpec

TOKEN = "1:the-playground-needs-no-secret"  # noqa: S105 - it opens nothing but this process
_SUGGESTED = 4


class Playground:
    """A local Bot API, a chat page and four invented outlets, all under `url`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._world = World()
        self._press = load_press()
        self._timeline = Timeline(self._press)

    def feeds(self) -> list[FeedSpec]:
        """The newsroom's feeds, polled every few seconds."""
        return [
            FeedSpec(feed.url, feed.name, timedelta(seconds=feed.poll_seconds), feed.language, feed.topic)
            for feed in feeds(self._url, self._press)
        ]

    def routes(self) -> list[BaseRoute]:
        """The page, the Bot API and the newsroom."""
        words = suggestions()[:_SUGGESTED]
        return [
            *newsroom_routes(self._timeline, base_url=self._url),
            *playground_routes(
                self._world,
                token=TOKEN,
                suggestions=[f"/follow {word}" for word in words],
            ),
        ]

    def announce(self) -> None:
        """Says where to look, in a sentence, to whoever started it by hand."""
        print(  # noqa: T201 - the one line that is for the person, not for the log
            f"\n  No Telegram token is set, so this is the playground.\n"
            f"  Open {self._url} in a browser, press START, and follow a word, for example: ferry\n"
            f"  (Ctrl+C stops it. With a token: NTK_TELEGRAM__TOKEN=… make run)\n",
            file=sys.stderr,
            flush=True,
        )

    def close(self) -> None:
        """Ends long polls and live streams, which would keep the server."""
        self._world.close()
