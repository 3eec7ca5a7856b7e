"""Blocks for dates and times."""
