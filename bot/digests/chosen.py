"""The model that the operator chose by the settings: who writes the digests, and who answers more."""

from collections.abc import Callable
from typing import assert_never

from bot.digests.bundled import BundledSummariser
from bot.digests.generated.checked import CheckedSummariser
from bot.digests.generated.draft import Writer
from bot.digests.generated.instructed import InstructedWriter
from bot.digests.generated.prompt import Message
from bot.digests.generated.remote import RemoteModel
from bot.digests.write import Summariser
from bot.encoder import Encoder
from bot.settings import SummariserSettings


def own_writer(chosen: SummariserSettings) -> Writer | None:
    """The operator's own model, None for the bundled one; raises ConfigError when it cannot be had."""
    match chosen.kind:
        case "bundled":
            return None
        case "transformers":
            from bot.digests.generated.local_model import local_writer

            return local_writer(
                chosen.model,
                timeout_seconds=chosen.timeout.total_seconds(),
                input_tokens=chosen.input_tokens,
                output_tokens=chosen.output_tokens,
            )
        case "openai":
            say = _remote_model(chosen, timeout_seconds=chosen.timeout.total_seconds()).say
            return InstructedWriter(f"openai:{chosen.model}", say, input_tokens=chosen.input_tokens)
    assert_never(chosen.kind)


def written_by(writer: Writer | None, encoder: Encoder) -> Summariser:
    """Who writes the digests: the operator's own model, checked, or the bundled one."""
    bundled = BundledSummariser(encoder).digest
    return bundled if writer is None else CheckedSummariser(writer, bundled, meanings=encoder.meanings).digest


def asked(
    chosen: SummariserSettings, writer: Writer | None, *, patience_seconds: float
) -> Callable[[str, str], str] | None:
    """Gives the model's answer to a system's word and a question; None where it takes no instructions.

    The answer blocks, and raises ModelError or RemoteError.
    """
    if not isinstance(writer, InstructedWriter):
        return None
    say = writer.say
    if chosen.kind == "openai":
        # Not the digests' connection, where one thing is asked at a time: somebody waits.
        patience_seconds = min(patience_seconds, chosen.timeout.total_seconds())
        say = _remote_model(chosen, timeout_seconds=patience_seconds).say

    def answer(system: str, question: str) -> str:
        return say([Message("system", system), Message("user", question)])

    return answer


def _remote_model(chosen: SummariserSettings, *, timeout_seconds: float) -> RemoteModel:
    return RemoteModel(
        chosen.url,
        chosen.model,
        api_key=chosen.api_key.get_secret_value() if chosen.api_key else None,
        timeout_seconds=timeout_seconds,
        output_tokens=chosen.output_tokens,
    )
