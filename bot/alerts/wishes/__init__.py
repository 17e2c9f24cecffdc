"""Plain English turned into the text of a filter, for a person to confirm."""
