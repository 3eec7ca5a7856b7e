"""What every format stands on: what an import gives, and blocks that stand for others'."""

from agentbench.formats.base.imported import Format, Imported, Unsupported
from agentbench.formats.base.native import Native
from agentbench.formats.base.stand_in import StandIn

__all__ = ["Format", "Imported", "Native", "StandIn", "Unsupported"]
