"""Blocks that read and write XML, YAML, TOML, CSV and JSON text, within bounds."""
