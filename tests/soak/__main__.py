"""A longer, randomised fault soak: `python -m tests.soak --minutes 5 --seed 3`.

Trials follow one another until the time is up: kernels that are killed, frozen and
restarted on random graphs, whose runs must come out as the interpreter foretells; one
lock that processes fight for while they and the server die; a day of runs that must
leave nothing behind. Each prints its seed: `--only kernels --seed N --trials 1` does
that one again, with the same graphs and the same faults at nearly the same moments.
`--short` is one short trial of each kind. It fails when something is wrong, and when
little was done: less than each trial does on a busy machine, too.
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

SHORT = 10.0
"""The same where one of each kind is asked for."""

RUNS = 300
"""Runs of a day."""

ENOUGH = {
    "runs as foretold": 3,
    "kernels killed": 1,
    "turns with a lock": 20,
    "runs of a day": 200,
}
"""What has to be done in every trial of its kind, at least, be the machine ever so slow."""


def leaks(home: Path, seed: int, seconds: float, work: Counter[str]) -> None:
    """A day of runs, which leaves nothing behind."""
    command = [sys.executable, "-m", "tests.engine.leaking", str(home)]
    ran = subprocess.run(
        [*command, str(RUNS), str(seed)], stdout=subprocess.PIPE, text=True, check=True
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
    parser.add_argument("--short", action="store_true", help="one trial of each kind")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    kinds = [given.only] if given.only else ["kernels", "locks", "leaks", "kernels"]
    seconds, minutes, trials = SECONDS, given.minutes, given.trials
    if given.short:
        kinds = [given.only] if given.only else list(TRIALS)
        seconds, minutes, trials = SHORT, float("inf"), len(kinds)
    work: Counter[str] = Counter()
    ended: Counter[str] = Counter(dict.fromkeys(kinds, 0))
    failed = 0
    end = time.monotonic() + minutes * 60
    for number in range(trials):
        if time.monotonic() >= end:
            break
        kind, seed = kinds[number % len(kinds)], given.seed + number
        left = min(seconds, max(8.0, end - time.monotonic()))
        if _went_well(kind, seed, left, work):
            ended[kind] += 1
        else:
            failed += 1
    print("\n".join(f"{count:>8} {what}" for what, count in sorted(work.items())))
    is_enough = _is_enough(work, ended)
    return 1 if failed or not is_enough else 0


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


def _is_enough(work: Counter[str], ended: Counter[str]) -> bool:
    """Whether what the trials that ended well have done means something."""
    for kind in (kind for kind, trials in ended.items() if not trials):
        print(f"no trial of {kind} came to a good end, or there was no time for one")
    is_enough = ended.total() > 0
    for what, least in ENOUGH.items():
        trials = ended[KINDS[what]]
        if work[what] < least * trials:
            print(
                f"too little: {work[what]} {what} in {trials} trials of {KINDS[what]},"
                f" and not {least * trials}. The machine was too busy for these to mean"
                " anything, or what is tried does not get on: try again when it is quiet."
            )
            is_enough = False
    return is_enough


if __name__ == "__main__":
    sys.exit(main())
