"""Entries about one event become one story."""
