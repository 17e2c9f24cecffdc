"""A model on a server that speaks the OpenAI API (vLLM, Ollama, llama.cpp), asked one thing at a time."""

import json
import threading
from collections.abc import Sequence
from typing import Any

from bot.digests.generated.draft import ModelError
from bot.digests.generated.prompt import Message
from bot.errors import RemoteError
from bot.text import clip, squash
from bot.web.api import post_json

_MAX_BYTES = 1_000_000  # of an answer: some hundred times what is asked for
_OK = 200
_TOLD = 200  # characters of a server's own words that go into the log


class RemoteModel:
    """`say` asks the server's chat completions; `url` is its API's address, as http://localhost:11434/v1."""

    def __init__(
        self, url: str, model: str, *, api_key: str | None, timeout_seconds: float, output_tokens: int
    ) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._api_key = api_key
        self._timeout_seconds = timeout_seconds
        self._output_tokens = output_tokens
        # Small servers answer one at a time anyway, and let the others' time run out.
        self._turn = threading.Lock()

    def say(self, messages: Sequence[Message]) -> str:
        """The model's answer; raises RemoteError when the server gives none, ModelError for none in it.

        Blocks for the time-out at most, once it is its turn. Nothing is asked a second time.
        """
        body = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": self._output_tokens,
            "temperature": 0,
            "stream": False,
        }
        secrets = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        with self._turn:
            status, answer = post_json(
                self._url,
                body,
                timeout_seconds=self._timeout_seconds,
                max_bytes=_MAX_BYTES,
                secrets=secrets,
            )
        if status != _OK:
            raise RemoteError(f"{self._url} answers {status}{self._why(answer)}", status=status)
        return self._content(answer)

    def _content(self, answer: bytes) -> str:
        """The text of the first choice."""
        try:
            content = json.loads(answer)["choices"][0]["message"]["content"]
        except (ValueError, RecursionError, LookupError, TypeError) as error:
            raise ModelError(f"{self._url} does not answer as the OpenAI API does") from error
        if not isinstance(content, str) or not content.strip():
            raise ModelError(f"{self._url} answers with no text")
        # JSON can spell half a surrogate pair, which nothing can store.
        return content.encode("utf-8", "replace").decode("utf-8")

    def _why(self, answer: bytes) -> str:
        """The server's own words for what went wrong, shortened and without our key."""
        try:
            told: Any = json.loads(answer)
            error = told["error"]
            words = error if isinstance(error, str) else str(error["message"])
        except (ValueError, RecursionError, LookupError, TypeError):
            return ""
        if self._api_key:
            words = words.replace(self._api_key, "***")
        return f": {clip(squash(words), _TOLD)}"
