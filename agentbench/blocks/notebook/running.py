"""A notebook, or one of its cells, as a block: parameters in, outputs out.

A notebook is run in a kernel of its own, which ends with it. The file is not changed
unless somebody asks for the executed one.
"""

import ast
import base64
import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, library
from agentbench.blocks.base.confined import Workspace
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.example import Example

_NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            {"id": "a", "cell_type": "code", "source": "n = 1", "metadata": {"tags": ["parameters"]},
             "outputs": [], "execution_count": None},
            {"id": "b", "cell_type": "code", "source": "double = n * 2\nprint('n is', n)\ndouble",
             "metadata": {}, "outputs": [], "execution_count": None},
        ],
    }
)  # fmt: skip
_File = Annotated[
    str | bytes, about("The notebook: a path in the workspace, a data: URI, an address, bytes.")
]  # fmt: skip
_Parameters = Annotated[
    dict[str, Any],
    about(
        "Names and plain values, set after the cell that is tagged `parameters`, or first."
    ),
]
_Variables = Annotated[list[str], about("Names of variables to give back at the end.")]
_Timeout = Annotated[
    float, pydantic.Field(gt=0, le=86_400), about("Seconds that one cell may take.")
]
_Kernel = Annotated[
    str, about("Another kernel than the notebook names.", advanced=True)
]
_OUTPUTS: dict[str, Any] = {
    "variables": Annotated[dict[str, Any], about("The variables that were asked for.")],
    "result": Annotated[Any, about("What the last cell gave, as text or data.")],
    "printed": Annotated[str, about("Everything that was printed.")],
    "outputs": Annotated[list[dict[str, Any]], about("Outputs in order: `cell`, and their MIME bundle.")],
    "notebook": Annotated[dict[str, Any], about("The executed notebook.")],
}  # fmt: skip
_MOST_BYTES = 50_000_000


class NotebookFailed(RuntimeError):
    """A cell of a notebook failed."""


@block(
    id="notebook.run",
    title="Run notebook",
    keywords=("jupyter", "ipynb", "papermill", "execute", "cells", "parameters", "report"),
    effects="writes",
    carries_code=True,
    outputs=_OUTPUTS,
    examples=[
        Example(
            inputs={"file": "double.ipynb", "parameters": {"n": 21}, "variables": ["double"]},
            files={"double.ipynb": _NOTEBOOK},
            outputs={"variables": [{"double": 42}], "result": ["42"], "printed": ["n is 21\n"]},
        )
    ],
)  # fmt: skip
async def run(
    file: _File,
    parameters: _Parameters = {},  # noqa: B006 - read, never changed
    *,
    variables: _Variables = [],  # noqa: B006
    save_as: Annotated[
        str, about("Where the executed notebook goes in the workspace.")
    ] = "",
    timeout: _Timeout = 600,
    kernel: _Kernel = "",
    context: Context,
) -> dict[str, Any]:
    """Runs a whole notebook in a kernel of its own, with parameters."""
    book = await _opened(file, context)
    _set_parameters(book, parameters)
    await _executed(book, context, variables=variables, timeout=timeout, kernel=kernel)
    given = _given(book, variables)
    if save_as:
        data = json.dumps(given["notebook"], ensure_ascii=False, indent=1).encode()
        await context.in_thread(Workspace(context.workspace).write, save_as, data)
    return given


@block(
    id="notebook.run_cell",
    title="Run notebook cell",
    keywords=("jupyter", "ipynb", "cell", "execute", "tag", "function", "parameters"),
    effects="writes",
    carries_code=True,
    outputs=_OUTPUTS,
    examples=[
        Example(
            inputs={"file": "double.ipynb", "cell": "b", "parameters": {"n": 3}},
            files={"double.ipynb": _NOTEBOOK},
            outputs={"result": ["6"]},
        )
    ],
)
async def run_cell(
    file: _File,
    cell: Annotated[str | int, about("The cell's id, a tag of it, or its place (0 is the first).")],
    parameters: _Parameters = {},  # noqa: B006
    *,
    variables: _Variables = [],  # noqa: B006
    before: Annotated[bool, about("Run the cells before it as well.")] = False,
    timeout: _Timeout = 600,
    kernel: _Kernel = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Runs one cell of a notebook in a kernel of its own, with parameters."""
    book = await _opened(file, context)
    place = _place_of(book, cell)
    kept = book.cells[: place + 1] if before else [book.cells[place]]
    book.cells = [one for one in kept if one.cell_type == "code"]
    if not book.cells:
        raise ValueError(f"'cell' {cell!r} is no cell of code.")
    _set_parameters(book, parameters)
    await _executed(book, context, variables=variables, timeout=timeout, kernel=kernel)
    return _given(book, variables)


async def _opened(file: Any, context: Context) -> Any:
    import nbformat

    found = await source_of(file, context)
    if len(found.data) > _MOST_BYTES:
        raise ValueError(f"'file' is larger than {_MOST_BYTES} bytes.")
    try:
        book = nbformat.reads(found.text, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(book)
    except Exception as error:  # whatever a damaged file leads to
        reason = (
            str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        )
        raise ValueError(
            f"'file' is no notebook that can be read: {reason}."
        ) from error
    return book


def _set_parameters(book: Any, parameters: Mapping[str, Any]) -> None:
    """Puts a cell with the parameters after the one that is tagged `parameters`, or first."""
    import nbformat

    if not parameters:
        return
    lines = []
    for name, value in parameters.items():
        if not name.isidentifier():
            raise ValueError(
                f"'parameters' names {name!r}, which is no name of Python."
            )
        lines.append(f"{name} = {_literal(name, value)}")
    made = nbformat.v4.new_code_cell(
        "\n".join(lines), metadata={"tags": ["injected-parameters"]}
    )  # type: ignore[no-untyped-call]
    tagged = [
        at
        for at, one in enumerate(book.cells)
        if "parameters" in one.metadata.get("tags", [])
    ]
    book.cells.insert(tagged[0] + 1 if tagged else 0, made)


def _literal(name: str, value: Any) -> str:
    said = repr(value)
    try:
        is_plain = ast.literal_eval(said) == value
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        is_plain = False
    if not is_plain:
        raise ValueError(f"The parameter {name!r} is no plain value: {said:.60}.")
    return said


def _place_of(book: Any, cell: str | int) -> int:
    for at, one in enumerate(book.cells):
        if one.get("id") == cell or cell in one.metadata.get("tags", []):
            return at
    try:
        place = int(cell)
        book.cells[place]
    except (ValueError, IndexError):
        known = [str(one.get("id")) for one in book.cells][:20]
        raise ValueError(
            f"'cell' {cell!r} is not there; the ids are {', '.join(known)}."
        ) from None
    return place % len(book.cells)


async def _executed(
    book: Any, context: Context, *, variables: list[str], timeout: float, kernel: str
) -> None:
    nbclient = library("nbclient", "notebook.run", extra="lab")
    import nbformat

    for name in variables:
        if not name.isidentifier():
            raise ValueError(f"'variables' names {name!r}, which is no name of Python.")
    if variables:
        asked = ", ".join(f"{name!r}: {name}" for name in variables)
        code = f"__import__('json').dumps({{{asked}}}, default=repr)"
        made = nbformat.v4.new_code_cell(
            code, metadata={"tags": ["agentbench-variables"]}
        )  # type: ignore[no-untyped-call]
        book.cells.append(made)
    more = {"kernel_name": kernel} if kernel else {}
    client = nbclient.NotebookClient(
        book,
        timeout=timeout,
        resources={"metadata": {"path": str(context.workspace)}},
        **more,
    )
    try:
        await client.async_execute()
    except nbclient.exceptions.CellTimeoutError:
        raise NotebookFailed(f"A cell took longer than {timeout:g} s.") from None
    except nbclient.exceptions.CellExecutionError as error:
        raise NotebookFailed(_why(book, error)) from None


def _why(book: Any, error: Any) -> str:
    number = next(
        (
            at
            for at, one in enumerate(book.cells, 1)
            if any(out.output_type == "error" for out in one.get("outputs", []))
        ),
        0,
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", f"{error.ename}: {error.evalue}")
    return f"Cell {number} failed: {said[:1000]}"


def _given(book: Any, variables: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if variables:
        said = next(
            (
                out.data.get("text/plain", "")
                for out in book.cells[-1].outputs
                if "data" in out
            ),
            "",
        )
        found = json.loads(ast.literal_eval(said)) if said else {}
        book.cells.pop()
    printed, outputs, result = [], [], None
    for at, cell in enumerate(book.cells):
        for out in cell.get("outputs", []):
            if out.output_type == "stream":
                printed.append(out.text)
            elif "data" in out:
                bundle = {kind: _shown(data) for kind, data in out.data.items()}
                outputs.append({"cell": at, "data": bundle})
                result = bundle.get("application/json", bundle.get("text/plain"))
    return {
        "variables": found,
        "result": result,
        "printed": "".join(printed),
        "outputs": outputs,
        "notebook": json.loads(json.dumps(book)),
    }


def _shown(data: Any) -> Any:
    """A part of a MIME bundle as a plain value."""
    return base64.b64encode(data).decode() if isinstance(data, bytes) else data
