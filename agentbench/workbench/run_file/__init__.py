"""The run file: a run with all that it refers to, to be read elsewhere.

`layout` says what stands in it and how much may, `writing` makes one, `archive` opens one
and trusts nothing in it, `checking` holds what it says against itself, and `loading`
takes it into a store. Reading one carries nothing out.
"""

from agentbench.workbench.run_file.layout import MOST_BYTES
from agentbench.workbench.run_file.loading import load_run
from agentbench.workbench.run_file.writing import write_run

__all__ = ["MOST_BYTES", "load_run", "write_run"]
