"""The examples of every block, carried out; those of the web against a server of our own."""

from typing import Any

import pandas
import pytest

from agentbench.blocks.base import is_table, plain_rows
from agentbench.domain.block import Block
from agentbench.domain.example import Example
from agentbench.llm.checked import Checked
from agentbench.llm.scripted import Scripted
from agentbench.workbench.plugins import Plugins
from tests.blocks.conftest import fired

BLOCKS = list(Plugins().blocks())
ASKS_OTHERS = (
    "agent.map", "agent.plan_and_act", "agent.reflect", "agent.run", "ai.agent", "ai.embed", "ai.paint", "ai.speak", "ai.transcribe",
    "audio.note", "documents.index", "values.frame", "values.note", "web.screenshot",
)  # fmt: skip
"""What runs an agent, asks for sound, pictures or vectors, or does nothing: see their own tests."""
EXAMPLES = [
    (block, example)
    for block in BLOCKS
    for example in block.examples
    if block.family != "mail"  # their own tests have a server for them
]


def _ids(pair: tuple[Block, Example]) -> str:
    return pair[0].id


@pytest.mark.parametrize("pair", EXAMPLES, ids=_ids)
async def test_an_example_holds(
    pair: tuple[Block, Example], context: Any, apis: Any, monkeypatch: Any
) -> None:
    block, example = pair
    monkeypatch.setenv("AGENTBENCH_ALLOW_SHELL", "1")
    for name, text in example.files.items():
        place = context.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    context.answers = list(example.answers)
    told = Scripted([one for one in example.answers if isinstance(one, str)] or ["-"])
    context.models = Checked(told, resolve=lambda name, skill: name or "a:b")
    inputs = _with_tables(block, example.inputs)
    outputs = {port.name: port for port in block.outputs(inputs)}
    given: dict[str, list[Any]] = {name: [] for name in example.outputs}
    async for name, value in fired(block, inputs, context):
        checked = outputs[name].check(value, "output")
        checked = plain_rows(checked) if is_table(checked) else checked
        given.setdefault(name, []).append(checked)
    wanted = {name: list(values) for name, values in example.outputs.items()}
    assert {name: given[name] for name in wanted} == wanted


def _with_tables(block: Block, inputs: Any) -> dict[str, Any]:
    """In an example a table stands as the list of its rows."""
    takes = {port.name for port in block.inputs(inputs) if "table" in port.types}
    return {
        name: pandas.DataFrame(value) if name in takes and value else value
        for name, value in inputs.items()
    }


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.id)
def test_a_block_says_what_it_is(block: Block) -> None:
    assert block.title
    assert block.help.splitlines()[0].endswith((".", ";"))
    assert len(block.keywords) >= 3
    assert block.effects in ("pure", "reads", "writes", "sends")
    ports = [*block.inputs({}), *block.outputs({})]
    assert [port.name for port in ports if not port.help] == [], block.id
    if not block.id.startswith(ASKS_OTHERS):
        assert block.examples, f"{block.id} has no example"


def test_there_are_well_over_a_hundred_and_twenty() -> None:
    assert len(BLOCKS) > 120
    assert len({block.id for block in BLOCKS}) == len(BLOCKS)
