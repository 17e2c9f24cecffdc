"""A model that runs in this process, through transformers: sequence to sequence, or chat by its template."""

import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.digests.generated.draft import Draft, Failed, ModelError, Writer
from bot.digests.generated.instructed import InstructedWriter
from bot.digests.generated.prompt import Message, harmless
from bot.errors import ConfigError
from bot.model import Article
from bot.sentences import split

_MEND = "summariser.kind = transformers needs torch: pip install need-to-know[generate]"
# What the libraries raise for a model that is not there, is broken, or does not fit into memory.
_LOADING = (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, AttributeError)
_RUNNING = (RuntimeError, ValueError, LookupError, TypeError, AttributeError)
_NO_LIMIT = 1_000_000  # transformers writes a huge number where a model states no length
_MARGIN = 8  # tokens that a template or the tokenizer adds


def local_writer(
    model: str, *, timeout_seconds: float, input_tokens: int, output_tokens: int, device: str = "cpu"
) -> Writer:
    """The writer for a model by its folder or hub name; how it is asked is read from its configuration.

    Raises ConfigError without torch, when the model cannot be loaded, or when it is neither a
    sequence-to-sequence nor a chat model.
    """
    loaded = _Loaded(model, timeout_seconds=timeout_seconds, output_tokens=output_tokens, device=device)
    if loaded.is_seq2seq:
        return _Seq2SeqWriter(loaded, input_tokens=input_tokens)
    return InstructedWriter(
        loaded.name,
        loaded.say,
        input_tokens=loaded.room(input_tokens),
        length=loaded.length,
        specials=loaded.specials,
    )


class _Loaded:
    """A model in memory, used by one thread at a time; every failure of its is a ModelError."""

    def __init__(self, model: str, *, timeout_seconds: float, output_tokens: int, device: str) -> None:
        auto = _transformers()
        try:
            config = auto.AutoConfig.from_pretrained(model)
            self.is_seq2seq = bool(config.is_encoder_decoder)
            kind = auto.AutoModelForSeq2SeqLM if self.is_seq2seq else auto.AutoModelForCausalLM
            self._tokenizer = auto.AutoTokenizer.from_pretrained(model)
            self._model = kind.from_pretrained(model).to(device).eval()
        except _LOADING as cause:
            raise ConfigError(
                f"summariser.model = {model!r} cannot be loaded on {device}: {_first_line(cause)}"
            ) from cause
        if not self.is_seq2seq and not self._tokenizer.chat_template:
            raise ConfigError(
                f"summariser.model = {model!r} writes on from a text and knows no conversation: name an "
                f"instructed (chat) model, whose tokenizer has a chat template, or a summarisation model"
            )
        # A folder's path says where the operator keeps things, which is no reader's business.
        self.name = f"transformers:{Path(model).name if Path(model).exists() else model}"
        added = {*self._tokenizer.all_special_tokens, *map(str, self._tokenizer.get_added_vocab())}
        self.specials = frozenset(special for special in added if not special.isalnum())
        # T5 and its kin were trained to be told the task in a word.
        tasks = getattr(config, "task_specific_params", None) or {}
        self._prefix = str((tasks.get("summarization") or {}).get("prefix") or "")
        self._longest = min(
            _length_of(config), int(getattr(self._tokenizer, "model_max_length", None) or _NO_LIMIT)
        )
        self._timeout_seconds = timeout_seconds
        self._output_tokens = output_tokens
        self._device = device
        self._turn = threading.Lock()

    def length(self, text: str) -> int:
        """How many of the model's tokens a text is."""
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def room(self, input_tokens: int) -> int:
        """How many tokens of articles fit beside the instructions and the answer."""
        if self._longest >= _NO_LIMIT:
            return input_tokens
        return max(64, min(input_tokens, self._longest - self._output_tokens - 600))

    def say(self, messages: Sequence[Message]) -> str:
        """The answer of a chat model."""
        turns = [{"role": message.role, "content": message.content} for message in messages]
        with self._turn:
            try:
                read = self._templated(turns)
                return self._generated(read)
            except _RUNNING as cause:
                raise ModelError(f"{self.name} failed: {_first_line(cause)}") from cause

    def summary(self, text: str, *, input_tokens: int) -> str:
        """What a sequence-to-sequence model makes of the beginning of a text."""
        with self._turn:
            try:
                read = self._tokenizer(
                    self._prefix + text,
                    return_tensors="pt",
                    truncation=True,
                    max_length=min(input_tokens, self._longest - _MARGIN),
                )
                return self._generated(read)
            except _RUNNING as cause:
                raise ModelError(f"{self.name} failed: {_first_line(cause)}") from cause

    def _templated(self, turns: list[dict[str, str]]) -> Any:
        """The conversation in the model's own form; where its template knows no system, the user says it."""
        # With torch comes Jinja, which templates are written in; without torch nobody is here.
        template_error = import_module("jinja2").TemplateError
        asked: dict[str, Any] = {
            "add_generation_prompt": True,
            "return_tensors": "pt",
            "return_dict": True,
            "tokenize": True,
        }
        try:
            return self._tokenizer.apply_chat_template(turns, **asked)
        except template_error:
            merged = "\n\n".join(turn["content"] for turn in turns)
            return self._tokenizer.apply_chat_template([{"role": "user", "content": merged}], **asked)

    def _generated(self, read: Any) -> str:
        import torch

        names = ("input_ids", "attention_mask")
        kept = {name: read[name].to(self._device) for name in names}
        size = kept["input_ids"].shape[1]
        if size > self._longest:
            raise ModelError(f"{self.name} reads {self._longest} tokens, and was given {size}")
        stops: dict[str, Any] = (
            {"num_beams": 4, "no_repeat_ngram_size": 3}
            if self.is_seq2seq
            else {"pad_token_id": _padding(self._tokenizer)}
        )
        with torch.inference_mode():
            out = self._model.generate(
                **kept,
                max_new_tokens=self._output_tokens,
                max_time=self._timeout_seconds,
                do_sample=False,
                **stops,
            )
        written = out[0] if self.is_seq2seq else out[0][size:]
        return str(self._tokenizer.decode(written, skip_special_tokens=True))


class _Seq2SeqWriter:
    """A summarisation model: nothing can be told to it, so it is given the text and writes."""

    def __init__(self, loaded: _Loaded, *, input_tokens: int) -> None:
        self.name = loaded.name
        self.prompt = "no prompt"
        self._loaded = loaded
        self._input_tokens = input_tokens

    def draft(self, articles: Sequence[Article]) -> Draft:
        """What You Need to Know, from the articles in turn; the other blocks it cannot tell apart."""
        text = "\n".join(self._clean(line) for article in articles for line in article.text.splitlines())
        if not text.strip():
            raise ModelError(f"{self.name} has no text to read")
        return Draft(need_to_know=self._sentences(text))

    def again(self, failed: Sequence[Failed]) -> Mapping[int, str]:
        """For each, what it makes of the passages alone: with less to mix up, it mixes up less."""
        found = {}
        for number, one in enumerate(failed):
            text = " ".join(map(self._clean, one.passages))
            if text.strip() and (sentences := self._sentences(text)):
                found[number] = sentences[0]
        return found

    def _sentences(self, text: str) -> tuple[str, ...]:
        written = self._loaded.summary(text, input_tokens=self._input_tokens)
        return tuple(sentence.text for sentence in split(written))

    def _clean(self, line: str) -> str:
        return harmless(line, self._loaded.specials)


def _transformers() -> Any:
    """The library; ConfigError when torch is missing."""
    try:
        import torch  # noqa: F401
    except ImportError as cause:  # before transformers, whose own notice of this says less
        raise ConfigError(_MEND) from cause
    import transformers

    # A service has nobody watching its standard error.
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return transformers


def _length_of(config: Any) -> int:
    """How many tokens a model can read; a large number where its configuration does not say."""
    found = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None)
    return int(found) if found else _NO_LIMIT


def _padding(tokenizer: Any) -> int:
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def _first_line(cause: BaseException) -> str:
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
