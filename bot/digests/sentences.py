"""Where sentences begin and end, under the name that this room knows. Pure."""

from bot.sentences import Sentence, split, word_count, word_set

__all__ = ["Sentence", "split", "word_count", "word_set"]
