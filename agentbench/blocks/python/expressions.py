"""Blocks that run the user's own Python."""

import ast
import builtins
import importlib
import symtable
from collections.abc import Iterator
from typing import Annotated, Any

from agentbench.blocks.base import Names, about, block, example, listed
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Port, PythonCode


def _variables(constants: Constants) -> list[Port]:
    code, imports = constants.get("code"), constants.get("imports")
    if not isinstance(code, str):
        return []
    try:
        free = _free_names(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    taken = {_import_name(line) for line in listed(imports)} | {"code", "imports"}
    return [
        Port(name=name, help=f"`{name}` in the expression.")
        for name in free
        if name not in taken and not hasattr(builtins, name)
    ]


@block(
    id="python.expression",
    title="Python expression",
    keywords=("code", "eval", "lambda", "script", "custom", "transform"),
    effects="writes",
    carries_code=True,
    more_inputs=_variables,
    examples=[
        example({"code": "[w.upper() for w in words]", "words": ["a"]}, result=["A"])
    ],
)
def expression(
    code: Annotated[
        PythonCode, about("One expression, such as `[w.upper() for w in words]`.")
    ],
    *,
    imports: Annotated[
        Names,
        about("Modules to import, such as `math` or `pandas as pd`.", advanced=True),
    ] = [],  # noqa: B006 - read, never changed
    **values: Any,
) -> Annotated[Any, about("What the expression gives.")]:
    """Works out one Python expression; names it does not define become inputs.

    It runs in the kernel as you, with everything you may do: read it before you run an
    agent that somebody gave you. For more than one expression write a function and put
    `@block` on it.
    """
    try:
        compiled = compile(code.strip(), "<expression>", "eval")
    except (SyntaxError, ValueError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise ValueError(
            f"'code' is no Python expression: {reason} in {code!r:.80}."
            " For statements write a function and put `@block` on it."
        ) from error
    names = {_import_name(line): _imported(line) for line in imports}
    return eval(compiled, {**names, **values})  # noqa: S307 - that is what it is for


def _free_names(code: str) -> list[str]:
    """The names that come from outside, in the order in which they appear."""
    text = code.strip()
    table = symtable.symtable(text, "<expression>", "eval")
    own = {s.get_name() for s in table.get_symbols() if s.is_assigned()}
    free = {
        symbol.get_name()
        for scope in _scopes(table)
        for symbol in scope.get_symbols()
        if symbol.is_global() or (scope is table and symbol.is_referenced())
    }
    places = sorted(
        (node.lineno, node.col_offset, node.id)
        for node in ast.walk(ast.parse(text, mode="eval"))
        if isinstance(node, ast.Name)
    )
    return list(dict.fromkeys(n for _, _, n in places if n in free - own))


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for inner in table.get_children():
        yield from _scopes(inner)


def _import_name(line: str) -> str:
    module, _, alias = line.removeprefix("import ").strip().partition(" as ")
    return alias.strip() or module.strip().partition(".")[0]


def _imported(line: str) -> Any:
    module, _, alias = line.removeprefix("import ").strip().partition(" as ")
    try:
        found = importlib.import_module(module.strip())
    except ImportError as error:
        raise ImportError(
            f"'imports' names {module.strip()!r}, which cannot be imported: {error}."
        ) from error
    return found if alias else importlib.import_module(_import_name(line))
