"""Blocks for tables: reading, asking, summing up, showing."""
