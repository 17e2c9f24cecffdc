"""A call's parameters, however they came: query string, JSON, form or multipart."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.playground.refusals import RefusedError, bad_request

MAX_BODY = 1_048_576


class Params:
    """Named values; a string may hold a number, a boolean or JSON, as in every Bot API client."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether the call says anything about it."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """As a string; empty when absent."""
        value = self._values.get(name)
        return "" if value is None else str(value)

    def whole(self, name: str) -> int | None:
        """As a whole number; None when absent or something else, which Telegram treats alike."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """As yes or no, in Telegram's generous reading."""
        return self.text(name).casefold() in ("true", "1", "yes", "t", "y")

    def thing(self, name: str) -> Any:
        """As JSON; None when absent. Raises RefusedError when it is no JSON."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return read_json(value) if value else None
        except ValueError as error:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error


async def read_params(request: Request) -> Params:
    """The parameters of a call; the body wins over the query string. Uploaded files are left out."""
    values: dict[str, Any] = dict(request.query_params)
    body = await read_body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    match kind:
        case "application/json":
            values |= _json_object(body)
        case "multipart/form-data":
            values |= _multipart(request.headers["content-type"], body)
        case _:
            values |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Params(values)


async def read_body(request: Request) -> bytes:
    """The body, as long as it is of a sane size; raises RefusedError (413)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise RefusedError(413, "Request Entity Too Large")
    return bytes(body)


def read_json(body: bytes | str) -> Any:
    """What was sent as JSON, which can spell half a surrogate pair: it becomes "?". Raises ValueError."""
    try:
        written = json.dumps(json.loads(body), ensure_ascii=False)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return json.loads(written.encode("utf-8", "replace"))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        values = read_json(body or b"{}")
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return values


def _multipart(content_type: str, body: bytes) -> dict[str, Any]:
    # The standard library reads mail, and a form is mail: no need for one more dependency.
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    values: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            payload = part.get_payload(decode=True)
            values[name] = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return values
