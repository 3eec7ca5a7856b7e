"""T45: no template leads out of its sandbox, in whatever field of whatever block it stands."""

from typing import Any

import pytest

from agentbench.blocks.base.sandbox import TemplateError
from agentbench.blocks.text.writing import fill
from agentbench.domain.block import Block
from agentbench.llm.checked import Checked
from agentbench.llm.scripted import Scripted
from tests.blocks.conftest import fired
from tests.blocks.hostile import ESCAPES, WAYS_OUT
from tests.blocks.test_examples import BLOCKS

CANARY = "canary-of-this-module"


class Thing:
    """A value of nobody's making, with what no template is to see."""

    _canary = CANARY

    def run(self) -> str:
        return CANARY

    def __str__(self) -> str:
        return "a thing"


SIGHTS = ("<class", "<function", "<module", "<built-in", "<bound", "<method", "<code", "builtins", CANARY)  # fmt: skip


@pytest.mark.parametrize("value", [{"a": 1}, Thing()], ids=["dictionary", "object"])
@pytest.mark.parametrize("missing", ["empty", "fail"])
def test_t45_a_template_reaches_no_class(value: Any, missing: Any) -> None:
    for template in ESCAPES:
        try:
            said = fill(template, {"x": value}, missing=missing)
        except TemplateError as error:
            said = str(error)
            assert len(said) > len("'template' failed in line 1: "), template
        assert not [word for word in SIGHTS if word in said], (template, said)


class Telltale:
    """Its text fails, and the error holds what asks for more."""

    def __str__(self) -> str:
        raise ValueError("{{ ''.__class__ }} {0.__class__} %(x)s")


def test_t45_the_text_of_an_error_is_not_filled_in() -> None:
    with pytest.raises(
        TemplateError, match=r"\{\{ ''\.__class__ \}\} \{0\.__class__\} %\(x\)s"
    ):
        fill("{{ x }}", {"x": Telltale()})
    said = fill("{{ x }}", {"x": "{{ ''.__class__ }}{0.__class__}%(x)s"})
    assert said == "{{ ''.__class__ }}{0.__class__}%(x)s"


def _template_fields() -> list[tuple[Block, str]]:
    """Every input that becomes a template: it makes inputs of the names in it."""
    found = [
        (block, port.name)
        for block in BLOCKS
        for port in block.inputs({})
        if any(one.name == "zz" for one in block.inputs({port.name: "{{ zz }}"}))
    ]
    [output] = [block for block in BLOCKS if block.id == "agent.output"]
    [fills] = [block for block in BLOCKS if block.id == "text.fill"]
    return [*found, (output, "format"), (fills, "template")]


async def test_t45_no_field_of_any_block_is_a_way_out(context: Any) -> None:
    told = Scripted(lambda request: "fine")
    context.models = Checked(told, resolve=lambda name, skill: name or "a:b")
    fields = _template_fields()
    assert len(fields) > 10, fields
    for block, field in fields:
        given = dict(block.examples[0].inputs) if block.examples else {"prompt": "x"}
        given.pop("values", None)
        given = {
            name: one
            for name, one in given.items()
            if name in {p.name for p in block.inputs({})}
        }
        for template in WAYS_OUT:
            told.requests.clear()
            came: list[Any] = []
            try:
                async for _, value in fired(block, {**given, field: template}, context):
                    came.append(value)
            except Exception as error:  # noqa: BLE001 - whatever the block refuses it with
                came.append(error)
            said = (
                f"{came}{[m.text for asked in told.requests for m in asked.messages]}"
            )
            assert not [word for word in SIGHTS if word in said], (
                block.id,
                field,
                said,
            )
