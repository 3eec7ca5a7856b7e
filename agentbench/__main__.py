"""`python -m agentbench` is the `agentbench` command."""

import sys

from agentbench.cli.main import main

sys.exit(main())
