"""Blocks that run notebooks, or cells of them."""
