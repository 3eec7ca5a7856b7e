"""The built front end: where its files are, and what to do when they are not there."""

from pathlib import Path

from agentbench.domain.errors import PluginError

STATIC = Path(__file__).parent / "static"


def bundled(name: str) -> Path:
    """The path of a built file. A path and not its text: edits then show at once.

    Raises:
        PluginError: the front end is not built.
    """
    path = STATIC / name
    if not path.is_file():
        message = (
            f"The front end is not built: {name} is missing. In a checkout run"
            " `make setup`; an installed agentbench brings it, so install it again."
        )
        raise PluginError(message)
    return path
