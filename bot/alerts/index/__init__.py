"""The index of standing filters: which of a million a story meets."""
