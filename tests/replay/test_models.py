"""Models that are recorded, and that answer without being there."""

import contextlib
import json

import pytest

from agentbench.domain.errors import ModelBusy, ModelNotReady, ReplayMiss
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    EmbedAnswer,
    EmbedRequest,
    Media,
    MediaAnswer,
    Message,
    PaintRequest,
    Thought,
    ToolCall,
    ToolResult,
    Usage,
    answer,
    says,
)
from agentbench.llm.scripted import Scripted
from tests.replay.conftest import files

ASK = ChatRequest(model="lab:small", messages=(says("user", "Why?"),), temperature=0.0)


def models(recorder, mode, inner, *, firing=1):
    book = recorder(mode)
    return book.models(book.calls("run", "ask", firing), inner)


async def streamed(models, request=ASK):
    return [item async for item in models.stream(request)]


async def test_an_answer_replays_word_by_word_from_a_file_that_can_be_read(
    recorder,
):
    made = await streamed(models(recorder, "record", Scripted(["Because it is."])))
    book = recorder("replay")
    again = await streamed(models(recorder, "replay", Scripted([])))
    assert again == made
    assert len(made) > 2
    ((name, text),) = files(book).items()
    assert name.startswith("ask.1-model-chat-lab-small-")
    said = json.loads(text)
    assert said["asked"]["messages"] == [
        {"role": "user", "parts": [{"kind": "text", "text": "Why?"}]}
    ]
    assert "".join(said["parts"][:-1]) == "Because it is."
    assert said["parts"][-1]["answer"]["parts"][0]["text"] == "Because it is."


async def test_tools_and_the_ids_that_providers_make_up(recorder):
    def conversation(call):
        return ChatRequest(
            model="lab:small",
            messages=(
                says("user", "Weather?"),
                Message("assistant", (Thought("hm", signature=f"s-{call}"),)),
                Message("assistant", (ToolCall(id=call, tool="look"),)),
                Message("tool", (ToolResult(id=call, tool="look", content={"t": 1}),)),
            ),
        )

    wanted = ToolCall(id="made-up-1", tool="look", arguments={"city": "Oslo"})
    recording = models(recorder, "record", Scripted([wanted, "Fine."]))
    first = await answer(recording, ASK)
    assert first.calls == (wanted,)
    await answer(recording, conversation("made-up-1"))
    replaying = models(recorder, "replay", Scripted([]))
    assert await answer(replaying, ASK) == first
    assert (await answer(replaying, conversation("made-up-2"))).text == "Fine."


async def test_recording_again_changes_nothing_but_what_is_said(recorder):
    def says_so(text, cost):
        return ChatAnswer(
            model="lab:small",
            parts=(ToolCall(id=f"id-{cost}", tool=text),),
            usage=Usage(output=1, cost=cost),
        )

    book = recorder("replay")
    await answer(models(recorder, "record", Scripted([says_so("a", 0.1)])), ASK)
    before = files(book)
    await answer(models(recorder, "record", Scripted([says_so("a", 0.2)])), ASK)
    assert files(book) == before
    await answer(models(recorder, "record", Scripted([says_so("b", 0.2)])), ASK)
    assert files(book) != before
    assert list(files(book)) == list(before)


async def test_a_busy_model_is_busy_again_and_one_that_is_not_set_up_is_not_recorded(
    recorder,
):
    busy = ModelBusy("lab:small", "too many", status=429, retry_after=2.0)
    said = []
    for mode in ("record", "replay"):
        with pytest.raises(ModelBusy) as caught:
            await answer(models(recorder, mode, Scripted([busy])), ASK)
        said.append((str(caught.value), caught.value.retry_after, caught.value.status))
    assert said[0] == said[1]
    other = ChatRequest(model="openai:x", messages=ASK.messages)
    missing = ModelNotReady("openai:x", "there is no key.")
    with pytest.raises(ModelNotReady):
        await answer(models(recorder, "record", Scripted([missing])), other)
    with pytest.raises(ReplayMiss):
        await answer(models(recorder, "replay", Scripted([])), other)


async def test_a_changed_prompt_is_told_with_what_changed(recorder):
    await answer(models(recorder, "record", Scripted(["So."])), ASK)
    other = ChatRequest(model="lab:large", messages=(says("user", "Why not?"),))
    with pytest.raises(ReplayMiss) as caught:
        await answer(models(recorder, "replay", Scripted([])), other)
    assert caught.value.changes == [
        'model: "lab:small" → "lab:large"',
        'messages[0].parts[0].text: "Why?" → "Why not?"',
        "temperature: 0.0 is gone",
    ]


class Painter:
    """Paints and embeds, and counts how often."""

    count = 0

    async def embed(self, request):
        self.count += 1
        return EmbedAnswer(model=request.model, vectors=((0.1, -2.5e-8),))

    async def paint(self, request):
        self.count += 1
        media = (Media("image/png", b"\x89PNG\r\n\x1a\n\xff"),)
        return MediaAnswer(model=request.model, media=media)


async def test_vectors_and_images_replay_and_an_image_is_a_file(recorder):
    painter = Painter()
    painting = PaintRequest(
        model="lab:p", prompt="a cat", images=(Media("image/png", b"\x89PNG\xff"),)
    )
    embedding = EmbedRequest(model="lab:e", texts=("a", "b"))
    for mode in ("record", "replay"):
        own = models(recorder, mode, painter)
        assert await own.embed(embedding) == await Painter().embed(embedding)
        assert await own.paint(painting) == await Painter().paint(painting)
    assert painter.count == 2
    assert sorted(name.rpartition(".")[2] for name in files(recorder("replay"))) == [
        "json",
        "json",
        "png",
    ]


async def test_a_reader_that_leaves_early_may_do_so_again(recorder):
    for mode, script in (("record", ["one two three"]), ("replay", [])):
        stream = models(recorder, mode, Scripted(script)).stream(ASK)
        async with contextlib.aclosing(stream):
            assert (await anext(stream)).text
