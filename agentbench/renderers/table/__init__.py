"""Tables of any make: their renderer, and what turns their pages."""

from agentbench.renderers.table.renderer import TableRenderer

__all__ = ["TableRenderer"]
