"""The user's own Python in a node."""

from typing import Any

import pytest

from agentbench.blocks.python.expressions import expression


async def test_an_expression_gives_its_value(fire: Any) -> None:
    code = "sorted({w.lower() for w in words if len(w) > least})"
    given = await fire(expression, code=code, words=["B", "aa", "CC"], least=1)
    assert given == {"result": [["aa", "cc"]]}


async def test_modules_can_be_imported_first(fire: Any) -> None:
    code = "math.floor(x) + os.path.join('a', 'b').count('a') + len(j.dumps([]))"
    imports = ["math", "os.path", "import json as j"]
    assert await fire(expression, code=code, imports=imports, x=1.5) == {"result": [4]}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("[a * b for a in items]", ["b", "items"]),
        ("(lambda q: q + z)(y)", ["z", "y"]),
        ("[n := start, n]", ["start"]),
        ("len(rows) + max(rows)", ["rows"]),
        ("f'{name}: {pd.NA}'", ["name"]),
        ("not a mistake )", []),
    ],
)
def test_names_from_outside_become_inputs(code: str, names: list[str]) -> None:
    constants = {"code": code, "imports": ["pandas as pd"]}
    ports = [port.name for port in expression.inputs(constants)]
    assert ports[:2] == ["code", "imports"]
    assert ports[2:] == names


def test_reading_the_ports_runs_nothing(tmp_path: Any) -> None:
    spy = tmp_path / "spy"
    expression.inputs({"code": f"open({str(spy)!r}, 'w')", "imports": ["antigravity"]})
    assert not spy.exists()


async def test_statements_are_refused_with_advice(fire: Any) -> None:
    with pytest.raises(ValueError, match=r"no Python expression.*@block"):
        await fire(expression, code="x = 1")


async def test_a_missing_module_is_named(fire: Any) -> None:
    with pytest.raises(ImportError, match="'imports' names 'no_such_module'"):
        await fire(expression, code="1", imports=["no_such_module"])


def test_it_says_that_it_runs_as_you() -> None:
    assert "as you" in expression.help
    assert expression.effects == "writes"
