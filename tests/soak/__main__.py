"""A longer, randomised fault soak: `python -m tests.soak --minutes 5 --seed 3`.

Trials follow one another until the time is up: kernels that are killed, frozen and
restarted on random graphs, whose runs must come out as the interpreter foretells; one
lock that processes fight for while they and the server die; a day of runs that must
leave nothing behind. Each prints its seed: `--only kernels --seed N --trials 1` does
that one again, with the same graphs and the same faults at nearly the same moments.
It fails when something is wrong, and when little was done.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.soak import kernels, locks

SECONDS = 25.0
"""How long the faults of one trial go on."""

RUNS = 300
"""Runs of a day."""

ENOUGH = {
    "runs as foretold": 8,
    "kernels killed": 3,
    "turns with a lock": 20,
    "runs of a day": 20,
}
"""What has to be done in a minute of trials of its kind, at least."""


def leaks(home: Path, seed: int, seconds: float, work: Counter[str]) -> None:
    """A day of runs, which leaves nothing behind."""
    command = [sys.executable, "-m", "tests.engine.leaking", str(home)]
    ran = subprocess.run(
        [*command, str(RUNS), str(seed)], capture_output=True, text=True, check=True
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    before, after = told["before"], told["after"]
    assert after["kilobytes"] - before["kilobytes"] < 20_000, told
    for name in ("threads", "tasks", "children", "keys"):
        assert after[name] <= before[name], (name, told)
    work["runs of a day"] += sum(told["done"].values())


TRIALS: dict[str, Callable[[Path, int, float, Counter[str]], None]] = {
    "kernels": kernels.trial,
    "locks": locks.trial,
    "leaks": leaks,
}
KINDS = {
    "runs as foretold": "kernels",
    "kernels killed": "kernels",
    "turns with a lock": "locks",
    "runs of a day": "leaks",
}


def main() -> int:
    """Soaks; gives 0 when all went well and enough was done."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=random.getrandbits(32))
    parser.add_argument("--trials", type=int, default=10_000, help="at most so many")
    parser.add_argument("--only", choices=sorted(TRIALS), help="this kind alone")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    kinds = [given.only] if given.only else ["kernels", "locks", "kernels", "leaks"]
    work: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    failed = 0
    end = time.monotonic() + given.minutes * 60
    for number in range(given.trials):
        if time.monotonic() >= end:
            break
        kind, seed = kinds[number % len(kinds)], given.seed + number
        began = time.monotonic()
        left = min(SECONDS, max(8.0, end - began))
        failed += not _went_well(kind, seed, left, work)
        spent[kind] += round(time.monotonic() - began)
    print("\n".join(f"{count:>8} {what}" for what, count in sorted(work.items())))
    return 1 if failed or not _is_enough(work, spent) else 0


def _went_well(kind: str, seed: int, seconds: float, work: Counter[str]) -> bool:
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        began = time.monotonic()
        print(f"{kind}, --seed {seed}: ", end="", flush=True)
        try:
            TRIALS[kind](Path(folder), seed, seconds, work)
        except Exception:  # noqa: BLE001 - the other trials go on
            print(f"FAILED after {time.monotonic() - began:.0f} s", flush=True)
            traceback.print_exc()
            _keep(Path(folder), f"{kind}-{seed}")
            return False
        print(f"well, {time.monotonic() - began:.0f} s", flush=True)
        return True


def _keep(folder: Path, name: str) -> None:
    """Keeps what a failed trial has left, to be looked at."""
    kept = Path(tempfile.mkdtemp(prefix=f"soak-failed-{name}-"))
    for file in folder.iterdir():
        if file.is_file():
            (kept / file.name).write_bytes(file.read_bytes())
    print(f"what it left: {kept}", flush=True)


def _is_enough(work: Counter[str], spent: Counter[str]) -> bool:
    """Whether so much was done that it means something."""
    is_enough = True
    for what, least in ENOUGH.items():
        wanted = int(least * spent[KINDS[what]] / 60)
        if work[what] < wanted:
            print(f"too little: {work[what]} {what}, and not {wanted}")
            is_enough = False
    return is_enough and bool(spent)


if __name__ == "__main__":
    sys.exit(main())
