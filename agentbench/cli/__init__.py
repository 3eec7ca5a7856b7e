"""The terminal door: a file (or a folder, with a file a word) is a command.

Add it there and to `COMMANDS`.
"""

COMMANDS = {
    "run": "agentbench.cli.run:RUN",
    "check": "agentbench.cli.check:CHECK",
    "blocks": "agentbench.cli.blocks:BLOCKS",
    "models": "agentbench.cli.models:MODELS",
    "runs": "agentbench.cli.runs:RUNS",
    "resume": "agentbench.cli.resume:RESUME",
    "answer": "agentbench.cli.answer:ANSWER",
    "waiting": "agentbench.cli.waiting:WAITING",
    "stop": "agentbench.cli.stop:STOP",
    "sweep": "agentbench.cli.sweep:SWEEP",
    "mcp": "agentbench.cli.mcp:MCP",
    "serve": "agentbench.cli.serve:SERVE",
    "test": "agentbench.cli.test:TEST",
    "credentials": "agentbench.cli.credentials:CREDENTIALS",
    "import": "agentbench.cli.import_:IMPORT",
    "export": "agentbench.cli.export:EXPORT",
    "trust": "agentbench.cli.trust:TRUST",
    "doctor": "agentbench.cli.doctor:DOCTOR",
}
"""Command to "module:object"."""
