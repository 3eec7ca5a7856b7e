"""The others, each in a file of its own that only the bench's own environment can import.

A file has `build(shape)`, which gives what is timed: a call that runs the shape once
and returns what its sinks gave. Each is driven in the cheapest way that was found for
it. A shape that it cannot say raises `CannotSay`. What has to be up meanwhile is a
context manager `serving(shape)`.
"""

from dataclasses import dataclass

from tests.benchmarks.shapes import Shape


@dataclass(frozen=True)
class Peer:
    """One of the others: its file here, and what has to be installed for it."""

    name: str
    file: str
    packages: tuple[str, ...]


PEERS = (
    Peer("hamilton", "hamilton", ("apache-hamilton>=1.90",)),
    Peer("pydantic-graph", "pydantic_graph", ("pydantic-graph>=2.68",)),
    Peer("langgraph", "langgraph", ("langgraph>=1.2.22",)),
    Peer(
        "langgraph-sqlite",
        "langgraph_sqlite",
        ("langgraph>=1.2.22", "langgraph-checkpoint-sqlite>=3.0"),
    ),
    Peer("haystack", "haystack", ("haystack-ai>=3.4",)),
    Peer("burr", "burr", ("apache-burr>=0.43",)),
    Peer("dask", "dask", ("dask>=2026.8",)),
    Peer("dask-delayed", "dask_delayed", ("dask>=2026.8",)),
    Peer("dask-distributed", "dask_distributed", ("distributed>=2026.8",)),
    Peer("ray", "ray", ("ray>=2.60",)),
)


class CannotSay(Exception):
    """The shape is beyond what the peer can express."""

    def __init__(self, shape: Shape, why: str) -> None:
        super().__init__(f"cannot say {shape.name}: {why}")
