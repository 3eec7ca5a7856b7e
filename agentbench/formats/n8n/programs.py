"""n8n's node for code, where the code is Python: carried out in a jail, once somebody has agreed.

Facts: docs.n8n.io/code/code-node (`_items`, `_item`, and of the older Python `_input`, `_json`).
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from agentbench.formats.base import Native

Items = list[dict[str, Any]]
Parameters = Mapping[str, Any]

_PROGRAM = """
import ast

class Thing(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None
    def __setattr__(self, name, value):
        self[name] = value

class Input:
    def __init__(self, items, item):
        self._items, self.item = items, item
    def all(self):
        return self._items
    def first(self):
        return self._items[0]
    def last(self):
        return self._items[-1]

def thing(value):
    if isinstance(value, dict):
        return Thing((key, thing(it)) for key, it in value.items())
    return [thing(it) for it in value] if isinstance(value, list) else value

names = ("_items", "_item", "_json", "_input")
tree = ast.parse(inputs["code"])
body = tree.body or [ast.Pass()]
wanted = ast.arguments(posonlyargs=[], args=[ast.arg(it) for it in names], kwonlyargs=[], kw_defaults=[], defaults=[])
tree.body = [ast.FunctionDef(name="program", args=wanted, body=body, decorator_list=[], type_params=[])]
made_here = {}
exec(compile(ast.fix_missing_locations(tree), "code", "exec"), made_here)

items = thing([{"json": it} for it in inputs["items"]])
turns = items if inputs["is_each"] else [None]
made = []
for item in turns:
    one = made_here["program"](items, item, None if item is None else item.json, Input(items, item))
    made += one if isinstance(one, list) else [one]
made
"""
"""What is carried out: the code is data of it, and becomes the body of a function."""


def is_python(parameters: Parameters) -> bool:
    """Whether the code of a node is Python."""
    return str(parameters.get("language", "")).startswith("python")


async def code(
    parameters: Parameters, given: Mapping[str, Items], native: Native, credential: str
) -> AsyncIterator[tuple[int, Items]]:
    """The items that a program makes of those that came.

    Raises:
        TypeError: what it gives is no item, and no list of items.
    """
    del credential
    said = {
        "code": str(parameters.get("pythonCode", "")),
        "items": given["main_0"],
        "is_each": parameters.get("mode") == "runOnceForEachItem",
    }
    found = await native.all("python.sandbox", code=_PROGRAM, inputs=said)
    made = (found.get("main_result") or {}).get("json")
    if not isinstance(made, list) or not all(isinstance(it, dict) for it in made):
        raise TypeError(
            "The program is to give items: dictionaries, or a list of them, each"
            " with what it holds under 'json'."
        )
    yield 0, [it["json"] if isinstance(it.get("json"), dict) else it for it in made]
