"""Statements of the user's own, in the kernel."""

import ast
import contextlib
import io
from typing import Annotated, Any

from agentbench.blocks.base import about, block, example, ports_named
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Code, Port

_OWN = ("code", "names")


def _variables(constants: Constants) -> list[Port]:
    return ports_named(constants.get("names"), "`{name}` in the code.", besides=_OWN)


@block(
    id="python.run",
    title="Run Python",
    keywords=("code", "script", "program", "exec", "statements", "custom", "kernel"),
    effects="writes",
    carries_code=True,
    outputs={
        "result": Annotated[Any, about("What its last line gives, or `result` if it sets one.")],
        "printed": Annotated[str, about("What it printed.")],
    },
    more_inputs=_variables,
    examples=[
        example(
            {"code": "total = sum(numbers)\nprint('done')\ntotal * 2", "names": ["numbers"], "numbers": [1, 2]},
            result=6,
            printed="done\n",
        )
    ],
)  # fmt: skip
def run(
    code: Annotated[
        Code, about("Statements; the value of the last line is the result.")
    ],
    *,
    names: Annotated[
        list[str], about("Names that come in; each becomes an input.")
    ] = [],  # noqa: B006
    **values: Any,
) -> dict[str, Any]:
    """Runs statements of Python in the kernel, as you, with everything you may do.

    For code that a model wrote, or that came from elsewhere, take `python.sandbox`.
    """
    tree = _parsed(code)
    space: dict[str, Any] = {"__name__": "__agentbench__"}
    space |= {name: values[name] for name in names if name in values}
    last = (
        tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    )
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<block>", "exec"), space)  # noqa: S102 - that is what it is for
        found = space.get("result")
        if isinstance(last, ast.Expr):
            found = eval(compile(ast.Expression(last.value), "<block>", "eval"), space)  # noqa: S307
    return {"result": found, "printed": printed.getvalue()}


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code, "<block>")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or str(error)
        line = getattr(error, "lineno", None)
        place = f" in line {line}" if line else ""
        raise ValueError(f"'code' is no Python{place}: {reason}.") from error
