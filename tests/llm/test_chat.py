"""Chat with a server of OpenAI's protocol: everything it may say, and fail to say."""

import asyncio
import time

import pytest

from agentbench.domain.errors import (
    AnswerInvalid,
    ModelBusy,
    ModelFailed,
    ModelNotReady,
    ModelRefused,
    UnknownModel,
)
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    Delta,
    Media,
    Message,
    Restart,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
    answer,
    says,
)
from agentbench.domain.rate import Rate
from agentbench.llm.paced import Paced
from agentbench.llm.scripted import Scripted
from agentbench.locks.local.rates import LocalRates
from tests.llm.openai_server import (
    PNG,
    Reply,
    calls,
    cut_off,
    gives,
    refusal,
    words,
)

HELLO = ChatRequest(model="lab:m", messages=(says("user", "Hello"),))
WEATHER = Tool(
    "weather",
    "Tells the weather.",
    {"type": "object", "properties": {"city": {"type": "string"}}},
)
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}


def asking(**changes):
    facts = {"model": "lab:m", "messages": HELLO.messages}
    return ChatRequest(**(facts | changes))


async def streamed(models, request):
    return [item async for item in models.stream(request)]


async def test_words_come_one_by_one_and_then_the_whole_answer(models, server):
    server.will(words("Good day to you"))
    *deltas, whole = await streamed(models, HELLO)
    assert [delta.text for delta in deltas] == ["Good ", "day ", "to ", "you"]
    assert whole.text == "Good day to you"
    assert (whole.usage.input, whole.usage.output, whole.finish) == (11, 7, "stop")
    assert server.asked[0].body["model"] == "m"


async def test_the_first_words_are_there_before_the_last_are_said(models, server):
    server.will(words("one two three four five", pause=0.05))
    times = [time.monotonic() async for _ in models.stream(HELLO)]
    assert times[-1] - times[0] > 0.1


async def test_the_whole_conversation_reaches_the_server(models, server):
    server.will(words("ok"))
    request = asking(
        messages=(
            says("system", "Be brief."),
            says("user", "What is this?", [Media("image/png", PNG)]),
            Message(
                "assistant", (Text("I look."), ToolCall("c1", "look", {"at": "it"}))
            ),
            Message("tool", (ToolResult("c1", "look", {"seen": "a dot"}),)),
            says("user", "So?"),
        ),
        temperature=0.5,
        max_tokens=9,
        stop=("END",),
        seed=3,
    )
    await answer(models, request)
    sent = server.asked[0].body
    roles = [message["role"] for message in sent["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "user"]
    text, image = sent["messages"][1]["content"]
    assert text["text"] == "What is this?"
    assert image["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert sent["messages"][3]["tool_call_id"] == "c1"
    assert "a dot" in sent["messages"][3]["content"]
    assert (sent["temperature"], sent["seed"], sent["stop"]) == (0.5, 3, ["END"])
    assert 9 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))


async def test_tools_are_offered_and_several_called_at_once(models, server):
    server.will(calls(("weather", '{"city": "Rome"}'), ("weather", '{"city": "Oslo"}')))
    whole = await answer(models, asking(tools=(WEATHER,)))
    assert whole.finish == "tools"
    assert [call.arguments["city"] for call in whole.calls] == ["Rome", "Oslo"]
    assert len({call.id for call in whole.calls}) == 2
    [offered] = server.asked[0].body["tools"]
    assert offered["function"]["name"] == "weather"


async def test_arguments_that_are_no_json_are_kept_as_written(models, server):
    server.will(calls(("weather", '{"city": Rome')))
    [call] = (await answer(models, asking(tools=(WEATHER,)))).calls
    assert (call.arguments, call.garbled) == ({}, '{"city": Rome')


async def test_one_tool_may_be_made_the_only_choice(models, server):
    server.will(calls(("weather", "{}")))
    await answer(models, asking(tools=(WEATHER,), tool_choice="weather"))
    assert server.asked[0].body["tool_choice"] != "auto"


# ---- answers of a form -----------------------------------------------------


async def test_an_answer_of_a_form_is_read_and_the_server_is_told_the_form(
    models, server
):
    server.will(words('{"name": "Maria", "age": 34}'))
    whole = await answer(models, asking(schema=PERSON))
    assert whole.value == {"name": "Maria", "age": 34}
    form = server.asked[0].body["response_format"]
    assert form["json_schema"]["schema"]["required"] == ["name", "age"]


async def test_an_answer_that_does_not_fit_is_asked_for_again_with_the_reason(
    models, server
):
    server.will(
        words('{"name": "Maria", "age": "old"}'),
        words('```json\n{"name": "Maria", "age": 34}\n```'),
    )
    items = await streamed(models, asking(schema=PERSON))
    [restart] = [item for item in items if isinstance(item, Restart)]
    assert "age: 'old' is not of type 'integer'" in restart.reason
    assert items[-1].value["age"] == 34
    assert (items[-1].usage.calls, items[-1].usage.input) == (2, 22)
    said = server.asked[1].body["messages"][-1]["content"]
    assert "'old' is not of type 'integer'" in said


async def test_an_answer_that_never_fits_is_an_error_that_says_what_came(
    models, server
):
    server.will(words("no"), words("never"), words("Sorry"))
    with pytest.raises(AnswerInvalid, match=r"3 times.*no JSON.*'Sorry'") as caught:
        await answer(models, asking(schema=PERSON))
    assert caught.value.usage.calls == 3


async def test_a_list_may_be_asked_for_though_providers_take_objects_only(
    models, server
):
    server.will(words('{"value": ["a", "b"]}'))
    schema = {"type": "array", "items": {"$ref": "#/$defs/word"}}
    schema["$defs"] = {"word": {"type": "string"}}
    whole = await answer(models, asking(schema=schema))
    assert whole.value == ["a", "b"]


async def test_a_schema_that_is_none_is_refused_before_anything_is_sent(models, server):
    with pytest.raises(ModelRefused, match="schema"):
        await answer(models, asking(schema={"type": "object", "required": 5}))
    assert not server.asked


# ---- what goes wrong -------------------------------------------------------


async def test_who_is_told_to_wait_waits_and_asks_again(models, server):
    server.will(refusal(429, "slow down", retry_after="0.3"), words("ok"))
    began = time.monotonic()
    items = await streamed(models, HELLO)
    assert time.monotonic() - began >= 0.3
    assert isinstance(items[0], Restart)
    assert items[-1].text == "ok"


async def test_all_calls_rest_when_one_is_told_to(models, server):
    server.will(refusal(429, "slow down", retry_after="0.4"), words("a"), words("b"))
    began = time.monotonic()
    first = asyncio.ensure_future(answer(models, HELLO))
    await asyncio.to_thread(server.heard.wait, 5)
    await asyncio.sleep(0.1)
    await answer(models, HELLO)
    assert time.monotonic() - began >= 0.4
    await first


async def test_a_wait_that_is_too_long_is_an_error_that_says_how_long(models, server):
    server.will(refusal(429, "come back tomorrow", retry_after="86400"))
    with pytest.raises(ModelBusy, match=r"come back tomorrow.*86400 s") as caught:
        await answer(models, HELLO)
    assert caught.value.retry_after == 86400
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "broken",
    [
        refusal(500, "oops"),
        refusal(503, "overloaded"),
        cut_off("half of an ans"),
        gives(b"<html>not me</html>", "text/html"),
        gives({"hello": "world"}),
        Reply(events=[], kind="text/event-stream"),
        Reply(events=["garbage", 7], kind="text/event-stream"),
    ],
    ids=["500", "503", "cut", "html", "other json", "empty", "garbage"],
)
async def test_what_breaks_once_is_asked_again(models, server, broken):
    server.will(broken, words("whole"))
    items = await streamed(models, HELLO)
    assert items[-1].text == "whole"
    assert any(isinstance(item, Restart) for item in items)


async def test_what_stays_broken_ends_in_an_error(models, server):
    server.will(*[refusal(500, "oops") for _ in range(5)])
    with pytest.raises(ModelFailed, match=r"'lab:m' did not answer.*500.*oops"):
        await answer(models, HELLO)
    assert len(server.asked) == 5


@pytest.mark.parametrize("status", [400, 401, 404, 422])
async def test_what_is_refused_is_not_asked_again(models, server, status):
    server.will(refusal(status, "the model m does not exist"))
    with pytest.raises(ModelRefused, match=f"{status}.*does not exist"):
        await answer(models, HELLO)
    assert len(server.asked) == 1


async def test_a_cancelled_call_leaves_the_server_soon(models, server):
    server.will(words("word " * 600, pause=0.05), words("still there"))
    task = asyncio.ensure_future(answer(models, HELLO))
    assert await asyncio.to_thread(server.heard.wait, 30)
    await asyncio.sleep(0.2)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.gone.wait, 10)
    assert time.monotonic() - began < 10  # all its words take 30
    assert (await answer(models, HELLO)).text == "still there"


async def test_a_call_that_takes_too_long_is_ended(models, server):
    server.will(words("word " * 99, pause=0.05), words("not asked for"))
    with pytest.raises(ModelFailed, match="took too long"):
        await answer(models, asking(timeout=0.2))
    assert len(server.asked) == 1


@pytest.mark.parametrize("limits", [{"lab": Rate(1, 0.4)}])
async def test_no_provider_is_asked_more_often_than_its_rate_allows(models, server):
    server.will(words("a"), words("b"))
    began = time.monotonic()
    await answer(models, HELLO)
    await answer(models, HELLO)
    assert time.monotonic() - began >= 0.4


async def test_a_rate_of_tokens_counts_what_is_sent_and_what_came_back():
    limit, kept = Rate(100, 1000.0), LocalRates("local:")

    async def rates():
        return kept

    def kernel(*lines):
        given = {"limits": {}, "token_limits": {"lab": limit}, "retries": 0}
        return Paced(Scripted(lines), rates=rates, **given)

    first = ChatAnswer(
        model="lab:m", parts=(Text("a"),), usage=Usage(input=40, output=50)
    )
    await answer(kernel(first), HELLO)
    assert await kept.delay("tokens:lab", limit, units=10) == 0
    assert await kept.delay("tokens:lab", limit, units=11) > 900
    with pytest.raises(ModelBusy, match="Try again then"):  # before it is sent
        await answer(
            kernel("b"), asking(messages=(says("user", "a long question " * 50),))
        )
    assert await kept.delay("tokens:lab", limit, units=10) == 0


async def test_nobody_else_is_asked(models):
    with pytest.raises(UnknownModel, match=r"provider 'nobody'.*openai.*lab"):
        await answer(models, asking(model="nobody:m"))


async def test_a_key_that_is_missing_is_named_with_what_to_do(models):
    with pytest.raises(ModelNotReady, match=r"credentials add openai.*OPENAI_API_KEY"):
        await answer(models, asking(model="openai:gpt-6-luna"))


async def test_an_empty_name_is_the_default_model(models, server):
    server.will(words("ok"))
    whole = await answer(models, asking(model=""))
    assert isinstance(whole, ChatAnswer)
    assert whole.model == "lab:m"


async def test_a_stream_that_is_closed_early_ends_the_call(models, server):
    server.will(words("word " * 200, pause=0.05))
    stream = models.stream(HELLO)
    assert isinstance(await anext(stream), Delta)
    await stream.aclose()
    assert await asyncio.to_thread(server.gone.wait, 2)


class Mute:
    """A model of somebody else's that ends without an answer."""

    async def stream(self, request):
        yield Delta("hm")


@pytest.mark.parametrize("schema", [None, PERSON])
async def test_a_model_that_ends_without_an_answer_is_named(catalogue, models, schema):
    catalogue.add("mute", Mute())
    with pytest.raises(ModelFailed, match=r"'mute:x'.*without an answer"):
        await answer(models, asking(model="mute:x", schema=schema))


async def test_t44_a_schema_that_refers_elsewhere_is_refused_and_not_fetched(
    models, server
):
    """`jsonschema` would fetch it by itself, past the door."""
    server.will(words('{"a": 1}'))
    schema = {"type": "object", "properties": {"a": {"$ref": server.url + "/schema"}}}
    with pytest.raises(ModelRefused, match="which is not in it"):
        await answer(models, asking(schema=schema))
    assert [it.path for it in server.asked] == ["/v1/chat/completions"]
