"""Training of salience: a listwise loss against soft labels and the oracle, with position and title dropout.

Listwise as in ListNet (Cao et al., 2007): the cross-entropy between two distributions over a document's
sentences. Some documents are shown without their sentences' places, so that the head learns more than "lead".
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from training.documents import Documents
from training.net import Salience, together

NEVER = -1e4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a head is trained; each field was tried against its absence on the tenth kept for choosing."""

    epochs: int = 5
    batch: int = 32
    rate: float = 5e-4
    temperature: float = 0.05  # of the soft labels
    soft: float = 0.5  # share of the soft labels; the rest is the oracle's
    without_title: float = 0.15  # share of documents shown without their headline
    without_place: float = 0.1  # and without their sentences' places
    dropout: float = 0.2
    lead: float = 0.2  # what is added for an earlier place, when the heads are put together
    use_place: bool = True
    use_title: bool = True
    use_length: bool = True


def score(
    head: Salience,
    docs: Documents,
    vectors: Tensor,
    chosen: np.ndarray,
    *,
    recipe: Recipe = Recipe(),
    dropped: np.random.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Scores (documents, sentences + 1) of the chosen documents and which are sentences.

    `vectors` (documents, sentences + 1, 384) belong to them. `dropped` draws what is left out, in training.
    """
    at = torch.from_numpy(chosen)
    width = vectors.shape[1]
    places, parts, tokens = docs.places[at, :width], docs.parts[at, :width], docs.tokens[at, :width]
    valid = docs.valid[at, :width]
    hide = torch.full((len(chosen),), fill_value=not recipe.use_place)
    if dropped is not None:
        hide = hide | torch.from_numpy(dropped.random(len(chosen)) < recipe.without_place)
    shown = (~hide).long()[:, None]
    if not recipe.use_length:
        tokens = torch.zeros_like(tokens)
    mask = torch.where(valid | (torch.arange(width) == 0), 0.0, NEVER)[:, None, None]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = head(vectors, places * shown, parts * shown, tokens, mask).float()
    return scores.masked_fill(~valid, NEVER), valid


def loss_of(scores: Tensor, valid: Tensor, docs: Documents, chosen: np.ndarray, recipe: Recipe) -> Tensor:
    """The listwise loss of a batch."""
    at, width = torch.from_numpy(chosen), scores.shape[1]
    soft = (docs.gains[at, :width] / recipe.temperature).masked_fill(~valid, NEVER).softmax(-1)
    hard = docs.oracle[at, :width]
    hard = hard / hard.sum(1, keepdim=True).clamp(min=1.0)
    target = recipe.soft * soft + (1 - recipe.soft) * hard
    target = target / target.sum(1, keepdim=True).clamp(min=1e-6)
    return -(target * scores.log_softmax(-1)).sum(1).mean()


def batches(
    docs: Documents, among: np.ndarray, *, size: int, order: np.random.Generator
) -> Iterator[np.ndarray]:
    """Documents of like lengths together, the batches in random order; what fills none is left out."""
    mixed = order.permutation(among)
    pool = size * 16
    alike = [mixed[s : s + pool] for s in range(0, len(mixed), pool)]
    sorted_ = np.concatenate([part[np.argsort(docs.count[part], kind="stable")] for part in alike])
    for number in order.permutation(len(sorted_) // size):
        yield sorted_[number * size : (number + 1) * size]


def gathered(
    docs: Documents,
    vectors: Tensor,
    chosen: np.ndarray,
    *,
    recipe: Recipe,
    dropped: np.random.Generator | None = None,
) -> Tensor:
    """The vectors (documents, sentences + 1, 384) of the chosen documents, from those of all texts."""
    width = int(docs.count[chosen].max()) + 1
    out = torch.zeros(len(chosen), width, vectors.shape[1])
    nothing = vectors[docs.headless()]
    bare = np.full(len(chosen), not recipe.use_title)
    if dropped is not None:
        bare |= dropped.random(len(chosen)) < recipe.without_title
    for k, i in enumerate(chosen):
        first, count = docs.first[i], docs.count[i]
        out[k, : count + 1] = vectors[first : first + count + 1]
        if bare[k]:
            out[k, 0] = nothing
    return out


def train_head(docs: Documents, vectors: Tensor, *, recipe: Recipe, seed: int) -> Salience:
    """A head trained on fixed vectors of all texts; the same seed gives the same head."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = Salience(recipe.dropout)
    among = np.flatnonzero(docs.tenth > 1)
    optimiser = torch.optim.AdamW(head.parameters(), lr=recipe.rate, weight_decay=0.01)
    steps = recipe.epochs * (len(among) // recipe.batch) + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps, pct_start=0.1)
    head.train()
    for _ in range(recipe.epochs):
        for chosen in batches(docs, among, size=recipe.batch, order=rng):
            some = gathered(docs, vectors, chosen, recipe=recipe, dropped=rng)
            scores, valid = score(head, docs, some, chosen, recipe=recipe, dropped=rng)
            loss = loss_of(scores, valid, docs, chosen, recipe)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return head.eval()


def scores_of(
    heads: nn.ModuleList | list[Salience],
    docs: Documents,
    vectors: Tensor,
    among: np.ndarray,
    *,
    recipe: Recipe = Recipe(),
) -> dict[int, np.ndarray]:
    """Pair number → the score of its sentences, of all heads together."""
    found: dict[int, np.ndarray] = {}
    with torch.inference_mode():
        for start in range(0, len(among), 64):
            chosen = among[start : start + 64]
            some = gathered(docs, vectors, chosen, recipe=recipe)
            each, valid = zip(
                *(score(head, docs, some, chosen, recipe=recipe) for head in heads), strict=True
            )
            places = docs.places[torch.from_numpy(chosen), : some.shape[1]]
            whole = together(torch.stack(each), places, valid[0].float(), recipe.lead)
            for k, i in enumerate(chosen):
                found[int(i)] = whole[k, 1 : docs.count[i] + 1].numpy()
    return found
