"""Blocks for lists: one item, several lists, batches, samples."""
