"""Fine-tuning of the upper layers for salience and meaning together, on the states of the frozen ones.

Meaning is kept by distillation from the starting model (its vectors must not move far), and made the news's
own by contrast: a summary is nearest to its own article's opening among those of the batch (InfoNCE, van den
Oord et al., 2018).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.documents import Documents
from training.heads import Recipe, batches, loss_of, score
from training.net import WIDTH, Encoder, Salience
from training.states import States, packed


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the upper layers are tuned."""

    frozen: int = 4  # layers that stay as they were
    epochs: int = 1  # with three, it knew its own articles and found less in others
    batch: int = 12  # documents
    most_sentences: int = 26
    encoder_rate: float = 6e-5
    head_rate: float = 3e-4
    keep: float = 2.0  # weight of staying near the starting model
    contrast: float = 0.1
    contrast_temperature: float = 0.07


def vectors_of(encoder: Encoder, states: States, texts: list[int], *, frozen: int) -> Tensor:
    """The vectors (texts, 384), unit length, of these texts, through the layers that are not frozen."""
    lengths = [int(states.starts[t + 1] - states.starts[t]) for t in texts]
    rows = list(packed(lengths))
    width = max(sum(lengths[n] for n in row) for row in rows)
    x = torch.zeros(len(rows), width, WIDTH, dtype=torch.bfloat16)
    segments = torch.zeros(len(rows), width, dtype=torch.long)
    for place, row in enumerate(rows):
        at = 0
        for number in row:
            start, length = int(states.starts[texts[number]]), lengths[number]
            x[place, at : at + length] = states.tokens[start : start + length]
            segments[place, at : at + length] = number + 1
            at += length
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = encoder.top(x.float(), segments, frozen)
    flat, where = hidden.float().reshape(-1, WIDTH), segments.reshape(-1)
    sums = torch.zeros(len(texts) + 1, WIDTH).index_add(0, where, flat)[1:]
    return F.normalize(sums / torch.tensor(lengths)[:, None], dim=-1)


def tune(
    encoder: Encoder,
    head: Salience,
    docs: Documents,
    states: States,
    *,
    tuning: Tuning,
    recipe: Recipe,
    seed: int,
    report: Callable[[str], None],
) -> None:
    """Changes encoder and head in place."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    for name, parameter in encoder.named_parameters():
        parameter.requires_grad = any(name.startswith(f"layers.{k}.") for k in range(tuning.frozen, 6))
    upper = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": upper, "lr": tuning.encoder_rate}, {"params": head.parameters(), "lr": tuning.head_rate}],
        weight_decay=0.01,
    )
    among = np.flatnonzero(docs.tenth > 1)
    steps = tuning.epochs * (len(among) // tuning.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [tuning.encoder_rate, tuning.head_rate], total_steps=steps + 1, pct_start=0.1
    )
    encoder.train()
    head.train()
    began, seen, running = time.time(), 0, np.zeros(3)
    for _ in range(tuning.epochs):
        for chosen in batches(docs, among, size=tuning.batch, order=rng):
            losses = _losses(encoder, head, docs, states, chosen, tuning=tuning, recipe=recipe, rng=rng)
            loss = losses[0] + tuning.keep * losses[1] + tuning.contrast * losses[2]
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*upper, *head.parameters()], 1.0)
            optimiser.step()
            schedule.step()
            seen += 1
            running = 0.95 * running + 0.05 * np.array([float(one.detach()) for one in losses])
            if seen % 25 == 0:
                shown = " ".join(f"{one / (1 - 0.95**seen):.4f}" for one in running)
                took = time.time() - began
                report(f"tuning step {seen}/{steps}: salience, keep, contrast {shown}; {took:.0f} s")
    encoder.eval()
    head.eval()


def _losses(
    encoder: Encoder,
    head: Salience,
    docs: Documents,
    states: States,
    chosen: np.ndarray,
    *,
    tuning: Tuning,
    recipe: Recipe,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor, Tensor]:
    counts = np.minimum(docs.count[chosen], tuning.most_sentences)
    texts: list[int] = []
    starts: list[int] = []
    for i, count in zip(chosen, counts, strict=True):
        starts.append(len(texts))
        headline = docs.headless() if rng.random() < recipe.without_title else int(docs.first[i])
        texts += [headline, *range(int(docs.first[i]) + 1, int(docs.first[i]) + 1 + int(count))]
    summaries = len(texts)
    texts += [int(docs.first[i] + docs.count[i] + 1) for i in chosen]
    found = vectors_of(encoder, states, texts, frozen=tuning.frozen)
    width = int(counts.max()) + 1
    padded = torch.stack(
        [
            F.pad(found[start : start + count + 1], (0, 0, 0, width - count - 1))
            for start, count in zip(starts, counts, strict=True)
        ]
    )
    scores, valid = score(head, docs, padded, chosen, recipe=recipe, dropped=rng)
    salience = loss_of(scores, valid, docs, chosen, recipe)
    keep = (1 - (found * states.vectors[texts]).sum(-1)).mean()
    openings = F.normalize(torch.stack([found[s + 1 : s + 4].mean(0) for s in starts]), dim=-1)
    near = found[summaries:] @ openings.T / tuning.contrast_temperature
    contrast = F.cross_entropy(near, torch.arange(len(chosen)))
    return salience, keep, contrast


def all_vectors(encoder: Encoder, states: States, *, frozen: int, batch: int = 600) -> Tensor:
    """The vectors of every text."""
    count = len(states.starts) - 1
    found = torch.zeros(count, WIDTH)
    order = np.argsort(np.diff(states.starts), kind="stable")
    with torch.inference_mode():
        for start in range(0, count, batch):
            some = order[start : start + batch].tolist()
            found[some] = vectors_of(encoder, states, some, frozen=frozen)
    return found
