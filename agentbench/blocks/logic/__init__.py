"""Blocks that decide what goes on, how often, and when."""
