"""The filter language: typed text to a rule, and a rule back to text and to plain words."""
