"""The one door to the web."""

from bot.web.client import Response, Web
from bot.web.places import redacted

__all__ = ["Response", "Web", "redacted"]
