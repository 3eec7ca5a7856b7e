"""`python -m tests.benchmarks`: see the package's own words."""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from tests.benchmarks import bars, report
from tests.benchmarks.engine import engines


def main() -> None:
    """Measures, prints the table, and writes the JSON that was asked for."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        found = asyncio.run(_measured(asked, Path(home)))
    found["bars"] = bars.judged(found)
    print(report.table(found))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--engine-only", action="store_true", help="bare and us only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes it there too")
    parser.add_argument("--rounds", type=int, default=9, help="at least so many")
    return parser.parse_args()


async def _measured(asked: argparse.Namespace, home: Path) -> dict[str, object]:
    return {"engines": await engines(home, least=max(5, asked.rounds))}


if __name__ == "__main__":
    main()
