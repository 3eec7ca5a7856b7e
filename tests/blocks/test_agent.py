"""The agent's own inputs and outputs."""

import datetime
from typing import Any

import pytest

from agentbench.blocks.agent.ports import agent_input, agent_output
from agentbench.domain.errors import InputError


async def test_an_input_gives_what_the_run_gives(fire: Any) -> None:
    assert await fire(agent_input, name="city", value="Oslo", default="Rome") == {
        "value": ["Oslo"]
    }


async def test_an_input_without_a_value_gives_its_default(fire: Any) -> None:
    given = await fire(agent_input, name="n", type="whole number", default=3)
    assert given == {"value": [3]}


async def test_false_and_zero_are_values_of_their_own(fire: Any) -> None:
    given = await fire(
        agent_input, name="on", type="boolean", value=False, default=True
    )
    assert given == {"value": [False]}


async def test_a_date_may_be_given_as_text(fire: Any) -> None:
    given = await fire(agent_input, name="day", type="date", value="2024-02-29")
    assert given == {"value": [datetime.date(2024, 2, 29)]}


async def test_an_input_with_neither_value_nor_default_says_so(fire: Any) -> None:
    with pytest.raises(InputError, match=r"Input 'city' is missing: .*default"):
        await fire(agent_input, name="city", type="text")


@pytest.mark.parametrize(
    ("type", "shown"),
    [
        ("text", "text"),
        ("number", "number"),
        ("whole number", "whole number"),
        ("boolean", "boolean"),
        ("date", "date"),
        ("list", "list of anything"),
        ("dictionary", "dictionary of anything"),
        ("table", "table"),
        ("any", "anything"),
        ("nonsense", "anything"),
    ],
)
def test_the_type_of_an_input_types_its_ports(type: str, shown: str) -> None:
    constants = {"name": "x", "type": type}
    (output,) = agent_input.outputs(constants)
    ports = {port.name: port for port in agent_input.inputs(constants)}
    assert output.type_name == shown
    assert ports["default"].type_name == ports["value"].type_name == shown


def test_inputs_are_sticky_and_know_their_role() -> None:
    assert (agent_input.role, agent_input.is_sticky) == ("input", True)
    assert (agent_output.role, agent_output.is_sticky) == ("output", False)


async def test_an_output_passes_its_value_on(fire: Any) -> None:
    assert await fire(agent_output, name="brief", value=[1]) == {"value": [[1]]}
