"""Own code for blocks of AutoGPT: where none of our blocks does quite what its files rely on.

What one of our blocks does is a row in `blocks/foreign/autogpt.py`, and nothing here; what
is a call of somebody's API is in `calls/`. For the rest: in the file of the family a function
that yields (output, value) pairs, and a case in `tests/formats/autogpt/test_blocks.py`.
"""

from collections.abc import Mapping

from agentbench.formats.autogpt.block import Work
from agentbench.formats.autogpt.calls import CALLS
from agentbench.formats.autogpt.families import ai, io, memory, text, tools, web

WORK: Mapping[str, Work] = {
    **io.IO,
    **text.TEXT,
    **ai.AI,
    **tools.TOOLS,
    **memory.MEMORY,
    **web.WEB,
    **CALLS,
}
"""By AutoGPT's name of the block; it goes before a row of the table."""
