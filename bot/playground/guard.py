"""Loopback only: a web page elsewhere must not reach the playground through the reader's browser."""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class LoopbackGuard:
    """Answers 403 unless Host is a loopback name (DNS rebinding) and no other site asks (cross-site)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or says why not."""
        why = refusal(Headers(scope=scope), path=scope["path"])
        if why is None:
            await self._app(scope, receive, send)
            return
        await JSONResponse({"ok": False, "error_code": 403, "description": why}, 403)(scope, receive, send)


def refusal(headers: Headers, *, path: str) -> str | None:
    """Why a request may not pass; None when it may. Pure."""
    host = headers.get("host", "")
    if not _is_loopback(host):
        return "Forbidden: the playground answers to this computer's own names only"
    origin = headers.get("origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return "Forbidden: this came from a page that is not the playground's"
    # Images and links send no Origin, but browsers say where they come from. A link to the page is fine.
    site = headers.get("sec-fetch-site", "none")
    visiting = path == "/" and headers.get("sec-fetch-mode") == "navigate"
    if site not in ("none", "same-origin") and not visiting:
        return "Forbidden: this came from a page that is not the playground's"
    return None


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or name.endswith(".localhost") or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
