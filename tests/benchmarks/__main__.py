"""`python -m tests.benchmarks`: see the package's own words."""

import argparse
import asyncio
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks import bars, report
from tests.benchmarks.engine import engines
from tests.benchmarks.others import others
from tests.benchmarks.peers import PEERS
from tests.benchmarks.scale import scale

PARTS = ("engines", "peers", "locks", "scale", "film", "startup", "editor")


def machine() -> dict[str, Any]:
    """What it ran on: absolute figures mean little elsewhere."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }


def main() -> None:
    """Measures, prints the table, and writes the JSON that was asked for."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        found = _measured(asked, Path(home))
    found["bars"] = bars.judged(found)
    print(report.table(found))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--engine-only", action="store_true", help="bare and us only")
    parser.add_argument("--editor-only", action="store_true", help="the canvas only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes it there too")
    parser.add_argument(
        "--only", nargs="*", choices=PARTS, default=PARTS, help="so much of it"
    )
    parser.add_argument(
        "--peers",
        nargs="*",
        default=[],
        choices=[peer.name for peer in PEERS],
        help="only these peers",
    )
    parser.add_argument("--rounds", type=int, default=9, help="at least so many")
    return parser.parse_args()


def _measured(asked: argparse.Namespace, home: Path) -> dict[str, Any]:
    parts = asked.only
    if asked.engine_only or asked.editor_only:
        parts = ("engines",) * asked.engine_only + ("editor",) * asked.editor_only
    found: dict[str, Any] = {"machine": machine(), "engines": {}}
    if "engines" in parts:
        found["engines"] = asyncio.run(engines(home, least=max(5, asked.rounds)))
    if "peers" in parts:
        found["engines"] |= asyncio.run(others(home, set(asked.peers)))
    if "locks" in parts:
        from tests.benchmarks.locks import locks

        found["locks"] = asyncio.run(locks(home))
    if "scale" in parts:
        found["scale"] = scale()
    if "film" in parts:
        from tests.benchmarks.film import film

        found["film"] = film()
    if "startup" in parts:
        from tests.benchmarks.startup import startup

        found["startup"] = startup()
    if "editor" in parts:
        from tests.benchmarks.editor import editor

        found["editor"] = editor()
    return found


if __name__ == "__main__":
    main()
