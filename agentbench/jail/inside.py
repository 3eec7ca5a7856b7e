"""Inside: a process that jails itself, runs one program, and says what came of it."""

import ast
import contextlib
import json
import os
import sys
from typing import IO, Any, TypedDict

from agentbench.jail import REFUSED, bars

_FORMS = ("html", "svg", "png", "markdown", "latex", "json")
_LONGEST = 100_000


class Orders(TypedDict):
    """What the process is told: the program, its values, its bounds, where to answer.

    `folders` are those that it may write in, `memory` and `file` are bytes, `seconds` of
    the processor. `is_partial` runs the program also where something cannot be shut.
    """

    code: str
    inputs: dict[str, Any]
    answer: str
    folders: list[str]
    memory: int
    seconds: int
    file: int
    network: bool
    is_partial: bool


def main() -> None:
    """Reads orders from the input, and carries them out."""
    orders: Orders = json.load(sys.stdin)
    # What is open when the bars are shut stays open.
    answer = open(orders["answer"], "w", encoding="utf-8")  # noqa: PTH123, SIM115
    _close_the_input()
    bars.limit(memory=orders["memory"], seconds=orders["seconds"], file=orders["file"])
    missing = bars.shut(orders["folders"], network=orders["network"])
    with answer:
        if missing and not orders["is_partial"]:
            json.dump({"missing": missing}, answer)
            answer.close()
            sys.exit(REFUSED)
        for what in missing:
            sys.stderr.write(f"agentbench: not shut off here: {what}.\n")
        _carry_out(orders["code"], orders["inputs"], answer)


def _close_the_input() -> None:
    """It may be a socket, and at its other end is who started this."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _carry_out(code: str, inputs: dict[str, Any], answer: IO[str]) -> None:
    tree = ast.parse(code, "<program>")
    space = {"__name__": "__main__", "inputs": inputs}
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    exec(compile(tree, "<program>", "exec"), space)  # noqa: S102 - that is what it is for
    value = space.get("result")
    if last is not None:
        value = eval(compile(last, "<program>", "eval"), space)  # noqa: S307
    if value is not None:
        json.dump(_forms_of(value), answer)


def _forms_of(value: Any) -> dict[str, Any]:
    """How a value looks, in each form that it has."""
    made: dict[str, Any] = {"text": repr(value)[:_LONGEST]}
    for name in _FORMS:
        show = getattr(value, f"_repr_{name}_", None)
        if callable(show):
            try:
                shown = show()
            except Exception:  # noqa: BLE001, S112 - whatever its class raises
                continue
            if isinstance(shown, str):
                made[name] = shown
    with contextlib.suppress(TypeError, ValueError, RecursionError):
        made["json"] = json.loads(json.dumps(value, allow_nan=False))
    return made
