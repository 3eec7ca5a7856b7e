"""Blocks for text: writing, finding, counting, changing its form."""
