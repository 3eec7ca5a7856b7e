"""Blocks for files, all inside one folder: the workspace."""
