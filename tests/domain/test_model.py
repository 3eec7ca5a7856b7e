"""The words for models: their forms are stored, so they must come back as they were."""

import msgspec
import pytest

from agentbench.domain.errors import UnknownModel
from agentbench.domain.model import (
    ChatAnswer,
    Delta,
    Media,
    Message,
    Restart,
    Text,
    Thought,
    ToolCall,
    ToolResult,
    Usage,
    answer,
    plain_messages,
    read_messages,
    read_name,
    says,
)

CONVERSATION = (
    says("system", "Be brief."),
    says("user", "What is this?", [Media("image/png", b"\x89PNG")]),
    Message(
        "assistant",
        (Thought("Hm.", "sig"), Text("I look."), ToolCall("c1", "look", {"at": [1]})),
    ),
    Message("tool", (ToolResult("c1", "look", {"seen": "a cat"}),)),
)


def test_a_conversation_survives_as_plain_json():
    plain = plain_messages(CONVERSATION)
    over_the_wire = msgspec.json.decode(msgspec.json.encode(plain))
    assert read_messages(over_the_wire) == CONVERSATION


def test_the_form_that_other_tools_write_is_taken():
    [message] = read_messages([{"role": "user", "content": "Hello"}])
    assert message == says("user", "Hello")


def test_what_is_no_message_is_named_by_its_number():
    with pytest.raises(ValueError, match=r"Message 2 .*role"):
        read_messages([{"role": "user", "content": "a"}, {"role": "boss"}])


@pytest.mark.parametrize("text", ["", "gpt", "openai:", ":gpt"])
def test_a_name_without_provider_or_model_is_refused(text):
    with pytest.raises(UnknownModel, match="provider:model"):
        read_name(text)


def test_a_model_may_have_colons_of_its_own():
    name = read_name(" Ollama:llama3.1:405b ")
    assert name == ("ollama", "llama3.1:405b")
    assert str(name) == "ollama:llama3.1:405b"


def test_usage_adds_up_and_an_unknown_price_does_not_hide_a_known_one():
    total = Usage(input=3, output=2, cost=0.5) + Usage(input=1, cached=1)
    assert total == Usage(input=4, output=2, cached=1, cost=0.5, calls=2)
    assert (Usage() + Usage()).cost is None


class Spoken:
    def __init__(self, *items):
        self.items = items

    async def stream(self, request):
        for item in self.items:
            yield item


async def test_the_whole_answer_is_the_last_of_a_stream():
    whole = ChatAnswer(model="x:y", parts=(Text("ab"),))
    stream = Spoken(Delta("z"), Restart("cut"), Delta("a"), Delta("b"), whole)
    assert await answer(stream, None) is whole


async def test_a_stream_without_answer_is_a_fault_of_its_maker():
    with pytest.raises(TypeError, match="without its answer"):
        await answer(Spoken(Delta("a")), type("Asked", (), {"model": "x:y"}))
