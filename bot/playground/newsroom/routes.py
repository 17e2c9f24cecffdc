"""The newsroom's addresses: index, front pages, feeds with conditional GET, and article pages."""

import gzip
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.playground.newsroom.pages import article_page, front_page, index_page
from bot.playground.newsroom.syndication import feed_type, feed_xml
from bot.playground.newsroom.timeline import Timeline


def newsroom_routes(timeline: Timeline, *, base_url: str) -> list[BaseRoute]:
    """Routes under `/newsroom/`; `base_url` is scheme, host and port, without a final slash."""

    async def index(_request: Request) -> Response:
        return HTMLResponse(index_page(timeline))

    async def front(request: Request) -> Response:
        outlet = timeline.press.outlets.get(request.path_params["outlet"])
        if outlet is None:
            return _missing()
        return HTMLResponse(front_page(outlet, timeline=timeline))

    async def feed(request: Request) -> Response:
        outlet = timeline.press.outlets.get(request.path_params["outlet"])
        if outlet is None:
            return _missing()
        out = timeline.published(outlet.slug)
        body = feed_xml(outlet, out, base_url=base_url).encode()
        changed_at = max((one.corrected_at or one.at for one in out), default=None)
        return _conditional(request, body, media_type=feed_type(outlet), changed_at=changed_at)

    async def article(request: Request) -> Response:
        one = timeline.find(request.url.path)
        if one is None:
            return _missing()
        return HTMLResponse(article_page(one, timeline=timeline, base_url=base_url))

    return [
        Route("/newsroom/", index),
        Route("/newsroom/{outlet}/", front),
        Route("/newsroom/{outlet}/feed.xml", feed),
        Route("/newsroom/{outlet}/{year:int}/{month}/{slug}", article),
    ]


def _missing() -> Response:
    return PlainTextResponse("There is no such page in this newsroom.", status_code=404)


def _conditional(request: Request, body: bytes, *, media_type: str, changed_at: datetime | None) -> Response:
    # Weak, because the gzipped and the plain body share it (RFC 9110, 8.8.3).
    headers = {"ETag": f'W/"{sha256(body).hexdigest()[:16]}"', "Vary": "Accept-Encoding"}
    if changed_at is not None:
        headers["Last-Modified"] = format_datetime(changed_at, usegmt=True)
    if _unchanged(request, etag=headers["ETag"], changed_at=changed_at):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    return Response(body, media_type=media_type, headers=headers)


def _unchanged(request: Request, *, etag: str, changed_at: datetime | None) -> bool:
    # If-None-Match rules out If-Modified-Since (RFC 9110, 13.2.2): two items may share a second.
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return etag in (tag.strip() for tag in tags.split(","))
    since = request.headers.get("If-Modified-Since")
    if since is None or changed_at is None:
        return False
    try:
        return changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):  # not a date, or one without a zone: as if it were absent
        return False
