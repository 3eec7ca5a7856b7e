"""Blocks that run Python: an expression, statements in the kernel, a program apart."""
