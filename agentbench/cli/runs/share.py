"""`agentbench runs share ID`: writes a run as one page to hand to others."""

from agentbench.cli.runs.writing import writing
from agentbench.workbench.run import Run

SHARE = writing(
    "write a run as one HTML page that needs no kernel and no network",
    ".run.html",
    Run.share,
)
