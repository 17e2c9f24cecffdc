"""Alerts: which subscribers should hear of a story, and why."""
