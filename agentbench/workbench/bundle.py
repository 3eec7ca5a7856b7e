"""The built front end: where its files are, and what to do when they are not there.

Only its files are read here; what shows them is above.
"""

import importlib.util
from pathlib import Path

from agentbench.domain.errors import PluginError

STATIC = Path(__file__).parents[1] / "widgets" / "static"
LATE = STATIC / "late"
_LIBRARY = "plotly-library.js"


def bundled(name: str) -> Path:
    """The path of a built file. A path and not its text: edits then show at once.

    Raises:
        PluginError: the front end is not built.
    """
    path = STATIC / name
    if not path.exists():
        message = (
            f"The front end is not built: {name} is missing. In a checkout run"
            " `make setup`; an installed agentbench brings it, so install it again."
        )
        raise PluginError(message)
    return path


def late_files(name: str, *, is_small: bool = False) -> tuple[list[Path], list[Path]]:
    """The files of late code by its name, in order, and of its style.

    With `is_small` charts of Plotly get by with the library that is ours, whatever there
    is besides.
    """
    found = LATE / _LIBRARY if is_small else _plotly_library()
    library = [found] if name == "plotly" else []
    return [*library, LATE / f"{name}.js"], [LATE / f"{name}.css"]


def late_text(name: str, *, is_small: bool = False) -> tuple[str, str]:
    """Late code as one program, and its style; both empty where there is none."""
    js, css = (
        "\n".join(path.read_text("utf-8") for path in paths if path.is_file())
        for paths in late_files(name, is_small=is_small)
    )
    return js, css


def _plotly_library() -> Path:
    """The library of the user's own plotly where there is one: it knows every trace.

    Ours is the smaller one for charts with two axes. The package is not imported.
    """
    found = importlib.util.find_spec("plotly")
    for place in found.submodule_search_locations or () if found else ():
        path = Path(place) / "package_data" / "plotly.min.js"
        if path.is_file():
            return path
    return LATE / _LIBRARY
