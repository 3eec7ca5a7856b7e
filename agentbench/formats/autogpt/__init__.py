"""Agents of the AutoGPT Platform: read, run, and written back.

`catalogue` knows its blocks and `families` what does their work, `reading` and `writing`
turn its files into graphs and back, `pins` are its names of parts of values, `kinds` how
it converts them.
"""

from agentbench.formats.autogpt.catalogue import by_our_id
from agentbench.formats.autogpt.placing import block_of
from agentbench.formats.autogpt.reading import fits, read
from agentbench.formats.autogpt.writing import write
from agentbench.formats.base import Format

FORMAT = Format(name="AutoGPT", fits=fits, read=read, write=write)

__all__ = ["FORMAT", "block_of", "by_our_id"]
