"""The playground as a web site: its routes to mount beside others, or an app of its own."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.playground.botapi import BotApi
from bot.playground.page import Page, PageConfig
from bot.playground.world import World

NOTICE = "Playground: nothing here leaves this computer."


def playground_routes(
    world: World,
    *,
    token: str,
    title: str = "Need to Know",
    notices: Sequence[str] = (NOTICE,),
    suggestions: Sequence[str] = (),
) -> list[BaseRoute]:
    """The chat page at `/`, its API under `/playground/`, and the Bot API under `/bot<token>/`.

    Call `world.close()` before the server stops: it ends the long polls and streams that would keep it.
    """
    config = PageConfig(title, tuple(notices), tuple(suggestions))
    return [*Page(world, config).routes(), *BotApi(world, token=token).routes()]


def build_app(
    world: World,
    *,
    token: str,
    title: str = "Need to Know",
    notices: Sequence[str] = (NOTICE,),
    suggestions: Sequence[str] = (),
    extra_routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """An app with the playground alone, and whatever routes stand beside it."""
    routes = playground_routes(world, token=token, title=title, notices=notices, suggestions=suggestions)
    return Starlette(routes=[*extra_routes, *routes])
