"""The bundled network in torch: a sentence encoder over packed rows, and attention over the sentences.

Sentences are packed one after another into rows, and attention is kept within each (as in Krell et al.,
"Efficient Sequence Packing without Cross-contamination", 2021), so that no time goes into padding. The mean
of a sentence's token vectors is its meaning; two transformer layers over all sentences of the document, the
headline among them as the query, give its salience (as in Liu and Lapata, "Text Summarization with
Pretrained Encoders", 2019, with a much smaller encoder).
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH = 384
HEADS = 12
LAYERS = 6
INNER = 1536
PLACES = 32  # sentences that have a place embedding of their own; later ones share the last
PARTS = 11  # tenths of the document, and one for "not told"
LENGTHS = 24  # lengths of a sentence that are told apart, in steps of LENGTH_STEP tokens
LENGTH_STEP = 2
HEAD_WIDTH = 256
HEAD_LAYERS = 2
HEAD_HEADS = 4


class Attention(nn.Module):
    """Multi-head attention with an additive mask."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Of the shape of x (rows, length, width); mask broadcastable to (rows, heads, length, length)."""
        rows, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(rows, length, self.heads, width // self.heads).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = q @ k.transpose(-1, -2) / math.sqrt(width // self.heads) + mask
        mixed = scores.softmax(-1) @ v
        return self.out(mixed.transpose(1, 2).reshape(rows, length, width))


class Layer(nn.Module):
    """One post-norm transformer layer, as in BERT."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.norm_1, self.norm_2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Of the same shape as the input."""
        x = self.norm_1(x + self.dropout(self.attention(x, mask)))
        return self.norm_2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """all-MiniLM-L6-v2's transformer, for packed rows."""

    def __init__(self, vocabulary: int = 30522, longest: int = 512, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(longest, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(WIDTH, HEADS, INNER, dropout) for _ in range(LAYERS))

    def bottom(self, ids: Tensor, segments: Tensor, positions: Tensor, until: int) -> Tensor:
        """The hidden states (rows, length, width) after the first `until` layers."""
        x = self.dropout(self.norm(self.words(ids) + self.positions(positions)))
        mask = within(segments)
        for layer in self.layers[:until]:
            x = layer(x, mask)
        return x

    def top(self, x: Tensor, segments: Tensor, since: int) -> Tensor:
        """The last hidden states, from those after `since` layers."""
        mask = within(segments)
        for layer in self.layers[since:]:
            x = layer(x, mask)
        return x

    @classmethod
    def pretrained(cls, folder: Path) -> "Encoder":
        """The weights of a BERT of this shape; its token type 0 goes into the positions."""
        stored = load_file(folder / "model.safetensors")
        stored = {name.removeprefix("bert."): value for name, value in stored.items()}
        own: dict[str, Tensor] = {
            "words.weight": stored["embeddings.word_embeddings.weight"],
            "positions.weight": stored["embeddings.position_embeddings.weight"]
            + stored["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": stored["embeddings.LayerNorm.weight"],
            "norm.bias": stored["embeddings.LayerNorm.bias"],
        }
        names = {
            "attention.query": "attention.self.query",
            "attention.key": "attention.self.key",
            "attention.value": "attention.self.value",
            "attention.out": "attention.output.dense",
            "norm_1": "attention.output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
            "norm_2": "output.LayerNorm",
        }
        for number in range(LAYERS):
            for mine, theirs in names.items():
                for part in ("weight", "bias"):
                    own[f"layers.{number}.{mine}.{part}"] = stored[f"encoder.layer.{number}.{theirs}.{part}"]
        encoder = cls()
        encoder.load_state_dict(own)
        return encoder


def within(segments: Tensor) -> Tensor:
    """The additive mask (rows, 1, length, length) that keeps attention within a sentence."""
    same = segments.unsqueeze(-1) == segments.unsqueeze(-2)
    return (1.0 - same.to(torch.float32)).unsqueeze(1) * -1e4


def pool(hidden: Tensor, segments: Tensor, count: int | Tensor) -> tuple[Tensor, Tensor]:
    """The mean vector of each sentence, (count, width), and its number of tokens, (count,).

    Sentence k has the number k + 1 in `segments`.
    """
    flat = hidden.reshape(-1, hidden.shape[-1])
    numbers = torch.arange(1, count + 1, device=hidden.device).unsqueeze(1)
    member = (segments.reshape(1, -1) == numbers).to(flat.dtype)
    tokens = member.sum(1)
    return (member @ flat) / tokens.unsqueeze(1).clamp(min=1.0), tokens.to(torch.int64)


class Salience(nn.Module):
    """Attention over a document's sentences, its headline first; a score for each, (documents, sentences)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.enter = nn.Linear(WIDTH, HEAD_WIDTH)
        self.place = nn.Embedding(PLACES + 1, HEAD_WIDTH)
        self.part = nn.Embedding(PARTS, HEAD_WIDTH)
        self.length = nn.Embedding(LENGTHS, HEAD_WIDTH)
        self.is_headline = nn.Parameter(torch.zeros(HEAD_WIDTH))
        self.norm = nn.LayerNorm(HEAD_WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(
            Layer(HEAD_WIDTH, HEAD_HEADS, HEAD_WIDTH * 3, dropout) for _ in range(HEAD_LAYERS)
        )
        self.score = nn.Linear(HEAD_WIDTH, 1)
        for table in (self.place, self.part, self.length):
            nn.init.normal_(table.weight, std=0.3)

    def forward(self, vectors: Tensor, places: Tensor, parts: Tensor, tokens: Tensor, mask: Tensor) -> Tensor:
        """A score for each sentence, the headline's among them.

        vectors (documents, sentences, 384), unit length; places, parts and tokens (documents, sentences), the
        first two as bot.encoder gives them; mask additive, broadcastable to (documents, heads, sentences,
        sentences).
        """
        length = tokens.div(LENGTH_STEP, rounding_mode="floor").clamp(max=LENGTHS - 1)
        x = (
            self.enter(vectors * math.sqrt(WIDTH))
            + self.place(places)
            + self.part(parts)
            + self.length(length)
        )
        x = torch.cat([x[:, :1] + self.is_headline, x[:, 1:]], dim=1)
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return self.score(x).squeeze(-1)


def together(scores: Tensor, places: Tensor, sentences: Tensor, lead: float) -> Tensor:
    """Several heads' scores (heads, ..., sentences + 1) as one (..., sentences + 1), standardised first.

    `lead` is how much an earlier place counts beyond what the heads have learnt of it: they were trained to
    look further than it is best to. `sentences` (..., sentences + 1) is 1 for a sentence, 0 for the rest.
    """
    count = sentences.sum(-1, keepdim=True).clamp(min=1.0)
    off = scores - (scores * sentences).sum(-1, keepdim=True) / count
    spread = ((off * off * sentences).sum(-1, keepdim=True) / count + 1e-6).sqrt()
    return (off / spread).mean(0) - lead * torch.log1p((places - 1).clamp(min=0).to(scores.dtype))


class Bundled(nn.Module):
    """What is exported: one forward pass over one document, for meaning and salience both."""

    def __init__(self, encoder: Encoder, salience: nn.ModuleList, *, lead: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.salience = salience
        self.lead = lead

    def forward(
        self, ids: Tensor, segments: Tensor, positions: Tensor, places: Tensor, parts: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Meanings (sentences, 384), unit length, and salience (sentences,); the first is the headline."""
        hidden = self.encoder.top(self.encoder.bottom(ids, segments, positions, 0), segments, 0)
        pooled, tokens = pool(hidden, segments, places.shape[0])
        meanings = F.normalize(pooled, dim=-1)
        args = (*(t.unsqueeze(0) for t in (meanings, places, parts, tokens)), torch.zeros(1))
        scores = torch.stack([one(*args)[0] for one in self.salience])
        sentences = (places > 0).to(scores.dtype)
        return meanings, together(scores, places, sentences, self.lead)
