"""Plain values as JSON that tells a tuple from a list; `tags.py` lists what it tells."""

from agentbench.codecs.json.codec import JsonCodec

__all__ = ["JsonCodec"]
