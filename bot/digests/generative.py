"""The operator's own summariser model, through transformers; every sentence it writes is checked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.digests.compose import LIMITS, dangles, fault, repeats, terms
from bot.digests.lead import lead
from bot.digests.sentences import split, word_count
from bot.digests.verify import unsupported
from bot.errors import ConfigError
from bot.model import Article, Digest, Evidence, Source

_MEND = "summariser.kind = transformers needs torch: pip install need-to-know[generate]"


class GenerativeSummariser:
    """A sequence-to-sequence model asked for What You Need to Know; the rest is the article's own sentences.

    `model` is a folder or a hub name, `max_input_tokens` how much of the articles it reads, `max_new_tokens`
    how much it may write, `device` a torch device. Raises ConfigError without torch, or when the model cannot
    be loaded. Slow (seconds): call it off the event loop.
    """

    def __init__(
        self, model: str, *, max_input_tokens: int = 1024, max_new_tokens: int = 160, device: str = "cpu"
    ) -> None:
        auto_model, auto_tokenizer = _transformers()
        self.name = model
        self._max_input_tokens = max_input_tokens
        self._max_new_tokens = max_new_tokens
        self._device = device
        try:
            self._tokenizer = auto_tokenizer.from_pretrained(model)
            self._model = auto_model.from_pretrained(model).to(device).eval()
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as cause:
            raise ConfigError(
                f"summariser.model = {model!r} cannot be loaded on {device}: {_first_line(cause)}"
            ) from cause

    def digest(self, articles: Sequence[Article], sources: Sequence[Source]) -> Digest:
        """The story's digest. Sentences no article supports are dropped; with none left, `lead` writes it."""
        plain = lead(articles, sources=sources)
        written = self._written("\n".join(article.text for article in articles)) if articles else ""
        kept: list[str] = []
        room = LIMITS.need_words
        dropped = False
        for sentence in split(written):
            text = sentence.text
            fits = len(kept) < LIMITS.need_sentences and word_count(text) <= min(room, LIMITS.sentence_words)
            sound = fault(text, title=plain.headline) is None and (bool(kept) or not dangles(text))
            if not sound or unsupported(text, articles) is not None or repeats(text, kept):
                dropped = True
            elif fits:
                kept.append(text)
                room -= word_count(text)
        if not kept:
            return plain
        return self._mixed(plain, kept, articles, dropped=dropped)

    def _mixed(self, plain: Digest, kept: list[str], articles: Sequence[Article], *, dropped: bool) -> Digest:
        """The kept sentences, with what `lead` found beyond them."""
        first = len(plain.need_to_know)
        beyond = list(zip((*plain.details, *plain.next), plain.evidence[first:], strict=True))
        details = [(t, e) for t, e in beyond[: len(plain.details)] if not repeats(t, kept)]
        coming = [(t, e) for t, e in beyond[len(plain.details) :] if not repeats(t, kept)]
        lent = dropped or bool(details or coming)
        return replace(
            plain,
            need_to_know=tuple(kept),
            details=tuple(text for text, _ in details),
            next=tuple(text for text, _ in coming),
            model=f"transformers:{self.name}" + ("+lead" if lent else ""),
            evidence=(
                *((_nearest(text, articles),) for text in kept),
                *(e for _, e in details),
                *(e for _, e in coming),
            ),
        )

    def _written(self, text: str) -> str:
        """What the model writes about a text; '' for a text without words."""
        if not text.strip():
            return ""
        import torch

        read = self._tokenizer(text, return_tensors="pt", truncation=True, max_length=self._max_input_tokens)
        kept = {key: read[key].to(self._device) for key in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            out = self._model.generate(
                **kept,
                max_new_tokens=self._max_new_tokens,
                do_sample=False,
                num_beams=4,
                no_repeat_ngram_size=3,
            )
        return str(self._tokenizer.decode(out[0], skip_special_tokens=True))


def _transformers() -> tuple[Any, Any]:
    """The two Auto classes; ConfigError when torch is missing."""
    try:
        import torch  # noqa: F401
    except ImportError as cause:  # before transformers, whose own notice of this says less
        raise ConfigError(_MEND) from cause
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
    from transformers.utils import logging

    # A service has nobody watching its standard error.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return AutoModelForSeq2SeqLM, AutoTokenizer


def _nearest(text: str, articles: Sequence[Article]) -> Evidence:
    """The source sentence that shares most words with the text; the earliest among equals."""
    own = terms(text)
    spans = [
        (len(own & terms(sentence.text)), Evidence(number, sentence.start, sentence.end))
        for number, article in enumerate(articles)
        for sentence in split(article.text)
    ]
    return max(spans, key=lambda span: span[0])[1]


def _first_line(cause: BaseException) -> str:
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
