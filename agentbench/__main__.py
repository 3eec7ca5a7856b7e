"""`python -m agentbench` is the `agentbench` command."""

import sys

from agentbench.cli.entry import enter

sys.exit(enter())
