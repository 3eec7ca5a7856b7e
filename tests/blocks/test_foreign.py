"""The table of AutoGPT's blocks leads to blocks and ports that there are."""

import pytest

from agentbench.blocks.foreign.autogpt import AUTOGPT
from agentbench.workbench.plugins import Plugins

BLOCKS = Plugins().blocks()


@pytest.mark.parametrize("row", AUTOGPT.values(), ids=lambda row: row.name)
def test_a_row_leads_to_ports_that_there_are(row) -> None:
    block = BLOCKS.get(row.block)
    assert block is not None
    constants = dict(row.constants)
    inputs = {port.name for port in block.inputs(constants)}
    outputs = {port.name for port in block.outputs(constants)}
    assert {ours for ours in row.inputs.values() if ours} <= inputs
    assert {ours for ours in row.outputs.values() if ours} <= outputs
    assert constants.keys() <= inputs
    assert row.words.keys() <= inputs
    for port in block.inputs(constants):
        if port.name in constants:
            port.check(constants[port.name], "input")


def test_the_basic_families_are_whole() -> None:
    names = {row.name for row in AUTOGPT.values()}
    assert len(AUTOGPT) > 85
    assert {
        "ConditionBlock",
        "StepThroughItemsBlock",
        "CalculatorBlock",
        "XMLParserBlock",
    } <= names
