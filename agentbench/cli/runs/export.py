"""`agentbench runs export ID`: writes a run into a file."""

from agentbench.cli.runs.writing import writing
from agentbench.workbench.run import Run

EXPORT = writing("write a run, with its values, into one file", ".run.zip", Run.export)
