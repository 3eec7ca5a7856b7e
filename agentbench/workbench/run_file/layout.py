"""The layout of a run file: a zip of JSON to read, and of values under their own hash.

    run.json                    the manifest: which runs there are, and where they stand
    graphs/<sha256>.agent.json  each graph document, as the run started from it
    events/1.jsonl …            the log of each run, an event a line, as the store keeps it
    values/<sha256>             the bytes of each value that the events refer to

Graphs, values and logs are held to their SHA-256. Nothing stands there under a name that
somebody chose, and nothing is ever unpacked to a path.
"""

import re

import msgspec

FORMAT = "agentbench-run"
VERSION = 1

MANIFEST = "run.json"
ENDING = ".run.zip"

NAME = re.compile(
    r"run\.json|graphs/[0-9a-f]{64}\.agent\.json|events/[1-9][0-9]{0,6}\.jsonl"
    r"|values/[0-9a-f]{64}"
)
ROOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
"""The id of a run that people started."""
PART = re.compile(r"[^.\x00-\x1f]{1,200}\.[0-9]{1,15}\.[^.\x00-\x1f]{1,200}")
"""What the id of a part adds to that of the run above it: node, firing and part."""

MOST_BYTES = 4 * 1024**3
"""So much may a file hold, unpacked, unless whoever reads it allows more."""
MOST_SWOLLEN = 200
"""So many times its own size: a log comes to some twentyfold."""
ALWAYS_FINE = 64 * 1024**2
"""Up to so many bytes, unpacked, nobody counts how many times that is."""
MOST_DIRECTORY = 48 * 1024**2
"""Bytes of the list of what a zip holds: some 400,000 entries."""
MOST_MANIFEST = 64 * 1024**2
MOST_GRAPH = 64 * 1024**2
MOST_LINE = 64 * 1024**2
MOST_EVENTS = 5_000_000
LATEST = 253_402_300_799.0
"""The last second of the year 9999: later times cannot be shown."""


class RunPart(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the tree: its graph's hash, its log, its number of events, the log's hash."""

    id: str
    graph: str
    events: str
    count: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a run file says of itself.

    `format` is its name and version, `run` the run at the top of the tree, `runs` every
    run of it, each after the one above it. `missing` are the values that were gone from
    the store already.
    """

    format: str
    run: str
    agent: str
    written_by: str
    runs: list[RunPart]
    missing: list[str] = []


def graph_name(hash: str) -> str:
    """Where a graph document stands."""
    return f"graphs/{hash}.agent.json"


def value_name(blob: str) -> str:
    """Where a value stands."""
    return f"values/{blob}"
