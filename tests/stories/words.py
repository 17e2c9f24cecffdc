"""A small encoder that is really one: what a text means is the words it has, each in a place of its own."""

import hashlib

import numpy as np

from bot.text import fold, words

WIDTH = 384


class Words:
    """Texts to unit vectors by feature hashing (Weinberger and others, 2009)."""

    def meanings(self, texts):
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in words(fold(text)):
                row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % WIDTH] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.maximum(lengths, 1e-9)
