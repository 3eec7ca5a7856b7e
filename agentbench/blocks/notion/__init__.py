"""Blocks for Notion, by its API."""
