"""Workflows of n8n: read, and run where their nodes have a counterpart here.

What moves on links is n8n's: a list of items, each a dictionary. `work` is what the nodes
do, `expressions` the part of their expressions that is no program, `reading` the file.
"""

from agentbench.formats.base import Format
from agentbench.formats.n8n.block import block_of
from agentbench.formats.n8n.reading import fits, read

FORMAT = Format(name="n8n", fits=fits, read=read)

__all__ = ["FORMAT", "block_of"]
