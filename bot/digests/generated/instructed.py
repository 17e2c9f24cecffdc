"""A model that follows instructions, wherever it runs: asked with the prompt, and its answer read."""

from collections.abc import Callable, Collection, Mapping, Sequence

from bot.digests.generated.draft import Draft, Failed, ModelError
from bot.digests.generated.prompt import (
    PROMPT_VERSION,
    Message,
    again_messages,
    digest_messages,
    estimate,
    read_again,
    read_digest,
)
from bot.model import Article


class InstructedWriter:
    """Writes digests by `say`, which gives a model's answer to messages and blocks.

    `input_tokens` of articles are told, counted by `length`; `specials` are tokens the text may not hold.
    """

    def __init__(
        self,
        name: str,
        say: Callable[[Sequence[Message]], str],
        *,
        input_tokens: int,
        length: Callable[[str], int] = estimate,
        specials: Collection[str] = (),
    ) -> None:
        self.name = name
        self.prompt = f"prompt {PROMPT_VERSION}"
        self._say = say
        self._input_tokens = input_tokens
        self._length = length
        self._specials = specials

    @property
    def say(self) -> Callable[[Sequence[Message]], str]:
        """The model itself, for whoever wants another thing than a digest of it."""
        return self._say

    def draft(self, articles: Sequence[Article]) -> Draft:
        """A first draft; raises ModelError for an answer in no form that can be read."""
        answer = self._say(
            digest_messages(
                articles,
                budget=self._input_tokens,
                length=self._length,
                specials=self._specials,
            )
        )
        draft = read_digest(answer)
        if draft == Draft():
            raise ModelError(f"{self.name} did not answer in the form that it was asked for")
        return draft

    def again(self, failed: Sequence[Failed]) -> Mapping[int, str]:
        """Another sentence for each, in one request for all of them."""
        return read_again(self._say(again_messages(failed, specials=self._specials)), len(failed))
