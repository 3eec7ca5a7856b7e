"""What the tests of calls use: blocks are fired against a server that answers as APIs do."""

from tests.blocks.conftest import apis, checked, context, fire, speaking_apis

__all__ = ["apis", "checked", "context", "fire", "speaking_apis"]
