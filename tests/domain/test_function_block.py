from typing import Annotated, TypedDict

import pytest
from pydantic import Field

from agentbench.domain.context import Context
from agentbench.domain.errors import BlockDefinitionError
from agentbench.domain.function_block import FunctionBlock


class Stats(TypedDict):
    low: float
    high: Annotated[float, Field(description="The highest.")]


def made(function, **given):
    return FunctionBlock(function, **{"id": "test.made", **given})


def names(ports):
    return [port.name for port in ports]


def test_parameters_are_inputs_and_the_docstring_is_the_help():
    def greet(
        name: Annotated[str, Field(title="Who", description="Whom to greet.")],
        times: int = 1,
    ) -> str:
        """Greets.

        Politely."""
        return name * times

    block = made(greet)
    name, times = block.inputs({})
    assert (name.title, name.help, name.is_required) == ("Who", "Whom to greet.", True)
    assert (times.default, times.is_required) == (1, False)
    assert block.help == "Greets.\n\nPolitely."
    assert block("a", times=2) == "aa"


def test_a_context_parameter_is_no_port():
    def look(context: Context, at: str) -> str:
        return at

    assert names(made(look).inputs({})) == ["at"]


def test_outputs_come_from_the_return_type():
    def one() -> int: ...
    def none() -> None: ...
    def several() -> Stats: ...

    assert names(made(one).outputs({})) == ["result"]
    assert names(made(none).outputs({})) == []
    low, high = made(several).outputs({})
    assert (low.name, high.name, high.help) == ("low", "high", "The highest.")


def test_ports_may_follow_from_constants():
    from agentbench.domain.port import Port

    def join(**parts: str) -> str: ...

    block = made(join, more_inputs=lambda c: [Port(name=n) for n in c.get("names", [])])
    assert names(block.inputs({"names": ["a", "b"]})) == ["a", "b"]


def test_a_function_without_names_for_its_parameters_is_refused():
    def bad(*values: int) -> int: ...

    with pytest.raises(BlockDefinitionError, match=r"bad\(\) .* 'values' has no name"):
        made(bad)


def test_an_annotation_that_cannot_be_read_is_refused():
    def bad(value: "Nowhere") -> int: ...  # noqa: F821

    with pytest.raises(BlockDefinitionError, match="Nowhere"):
        made(bad)


def test_an_id_has_to_be_a_name():
    with pytest.raises(BlockDefinitionError, match="'No Good'"):
        made(lambda: None, id="No Good")
