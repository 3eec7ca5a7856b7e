"""The way in: what the `agentbench` script calls, light enough to be there at once."""

STOPPED = 130
"""As in `cli/command.py`, which is not to be loaded yet."""


def enter() -> int:
    """Runs the command line; an interrupt while it still loads is an interrupt as well."""
    try:
        from agentbench.cli.main import main

        return main()
    except KeyboardInterrupt:
        return STOPPED
