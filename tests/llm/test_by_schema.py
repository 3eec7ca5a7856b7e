"""Models that call no tools: a call is an answer that fits a schema."""

import json

import pytest

from agentbench.domain.model import (
    ChatRequest,
    Message,
    Tool,
    ToolCall,
    ToolResult,
    answer,
    says,
)
from agentbench.llm.by_schema import BySchema
from agentbench.llm.scripted import Scripted

AVERAGE = Tool(
    "average",
    "The average of a column.",
    {
        "type": "object",
        "properties": {"column": {"$ref": "#/$defs/Column"}},
        "required": ["column"],
        "$defs": {"Column": {"enum": ["price", "nights"]}},
    },
)
ASKED = says("user", "How long do people stay?")


def asking(*messages, **more):
    messages = messages or (ASKED,)
    return ChatRequest(model="play:m", messages=messages, tools=(AVERAGE,), **more)


def valid(schema, value):
    import jsonschema

    return jsonschema.Draft202012Validator(schema).is_valid(value)


async def test_a_call_is_an_answer_that_fits():
    call = {"tool": "average", "arguments": {"column": "nights"}}
    inner = Scripted([json.dumps(call)])
    said = await answer(BySchema(inner), asking())
    assert said.calls == (ToolCall("call_1", "average", {"column": "nights"}),)
    assert said.finish == "tools"
    [asked] = inner.requests
    assert not asked.tools
    assert "average(column): The average of a column." in asked.messages[0].text
    assert valid(asked.schema, call)
    assert valid(asked.schema, {"answer": "Three nights."})
    assert not valid(asked.schema, call | {"arguments": {"column": "colour"}})
    assert not valid(asked.schema, {"tool": "another", "arguments": {}})


async def test_what_was_called_reads_as_an_example_and_a_result():
    before = (
        says("system", "Be brief."),
        ASKED,
        Message("assistant", (ToolCall("c1", "average", {"column": "nights"}),)),
        Message("tool", (ToolResult("c1", "average", {"mean": 3}),)),
        says("assistant", "Three."),
        ASKED,
    )
    inner = Scripted([json.dumps({"answer": "Three nights."})])
    said = await answer(BySchema(inner), asking(*before))
    assert (said.text, said.calls) == ("Three nights.", ())
    [asked] = inner.requests
    assert [one.role for one in asked.messages] == [one.role for one in before[:3]] + [
        "user",
        "assistant",
        "user",
    ]
    assert asked.messages[0].text.startswith("Be brief.")
    assert json.loads(asked.messages[2].text)["arguments"] == {"column": "nights"}
    assert asked.messages[3].text == 'average gave: {"mean": 3}'
    assert json.loads(asked.messages[4].text) == {"answer": "Three."}
    again = {"tool": "average", "arguments": {"column": "price"}}
    more = await answer(BySchema(Scripted([json.dumps(again)])), asking(*before))
    assert more.calls[0].id == "call_2"


@pytest.mark.parametrize(
    ("choice", "fits"),
    [("required", (True, False)), ("average", (True, False)), ("auto", (True, True))],
)
async def test_what_it_may_answer_is_what_was_chosen(choice, fits):
    call = {"tool": "average", "arguments": {"column": "nights"}}
    inner = Scripted([json.dumps(call)])
    await answer(BySchema(inner), asking(tool_choice=choice))
    schema = inner.requests[0].schema
    assert (valid(schema, call), valid(schema, {"answer": "x"})) == fits


async def test_with_no_tool_to_call_it_says_what_it_says():
    inner = Scripted([json.dumps({"answer": "Words."})])
    said = await answer(BySchema(inner), asking(tool_choice="none"))
    assert said.text == "Words."
    [asked] = inner.requests
    assert valid(asked.schema, {"answer": "Words."})
    assert not valid(asked.schema, {"tool": "average", "arguments": {}})
    assert "average(" not in asked.messages[0].text


async def test_an_answer_that_was_cut_off_is_told_as_it_is():
    said = await answer(BySchema(Scripted(['{"tool": "aver'])), asking())
    assert said.text == '{"tool": "aver'


async def test_an_answer_in_a_form_comes_out_of_what_is_around_it():
    form = {"type": "object", "properties": {"n": {"type": "integer"}}}
    inner = Scripted([json.dumps({"answer": {"n": 3}})])
    said = await answer(BySchema(inner), asking(schema=form))
    assert json.loads(said.text) == {"n": 3}
