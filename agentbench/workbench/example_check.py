"""Carries the examples of a block out in real runs, and says what does not hold."""

import os
import tempfile
from pathlib import Path
from typing import Any

from agentbench.domain.block import Block
from agentbench.domain.example import Example
from agentbench.domain.graph import Graph
from agentbench.workbench.workbench import workbench


class ExampleFailed(AssertionError):
    """An example of a block does not hold."""


def check_examples(block: Block) -> int:
    """Carries out every example of a block, each in a run of its own.

    Gives how many there were. In an example a table stands as the list of its rows; its
    files are put into a folder that is the working directory meanwhile.

    Raises:
        ExampleFailed: one does not hold; with what it gave instead.
    """
    for number, example in enumerate(block.examples, 1):
        with tempfile.TemporaryDirectory() as folder:
            before = Path.cwd()
            os.chdir(folder)
            try:
                _check(block, example, number)
            finally:
                os.chdir(before)
    return len(block.examples)


def _check(block: Block, example: Example, number: int) -> None:
    for name, text in example.files.items():
        place = Path(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    graph = Graph(f"example-{number}", blocks=workbench().blocks)
    node = graph.add(block, **_with_tables(block, example.inputs))
    run: Any = graph.run_sync()
    said = f"Example {number} of {block.id}"
    if run.failures:
        raise ExampleFailed(f"{said} failed: {run.failures[0]}")
    given: dict[str, list[Any]] = {}
    for firing in run.firings:
        if firing.node == node.id:
            given = {
                name: list(map(_rows, values))
                for name, values in firing.outputs.items()
            }
    for name, values in example.outputs.items():
        found = given.get(name, [])
        if found != list(values):
            raise ExampleFailed(
                f"{said}: {name!r} gave {found!r}, not {list(values)!r}."
            )


def _with_tables(block: Block, inputs: Any) -> dict[str, Any]:
    takes = {port.name for port in block.inputs(inputs) if "table" in port.types}
    tables = {name for name in takes if isinstance(inputs.get(name), list)}
    if not tables:
        return dict(inputs)
    import pandas

    return {
        name: pandas.DataFrame(value) if name in tables else value
        for name, value in inputs.items()
    }


def _rows(value: Any) -> Any:
    """A table as its rows; anything else as it is."""
    is_table = type(value).__name__ == "DataFrame"
    return value.to_dict("records") if is_table else value
