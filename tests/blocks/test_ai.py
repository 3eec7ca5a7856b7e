"""Blocks that think, against a model that says what it is told to say."""

import asyncio
import io

import msgspec
import pytest

from agentbench.blocks.ai import asking, chat, media, structured, text
from agentbench.blocks.ai.text import pieces
from agentbench.blocks.base.sandbox import TemplateError
from agentbench.domain.errors import AnswerInvalid, ModelRefused
from agentbench.domain.model import (
    ChatAnswer,
    Media,
    MediaAnswer,
    Text,
    TranscribeAnswer,
    says,
)
from agentbench.llm.checked import Checked
from agentbench.llm.scripted import Scripted


class Studio:
    """A scripted model that also draws and listens; what it was asked is in `asked`."""

    def __init__(self, *lines, made=None):
        self.chat, self.made, self.asked = Scripted(lines), made, []
        self.stream = self.chat.stream

    async def embed(self, request):
        raise NotImplementedError

    async def paint(self, request):
        self.asked.append(request)
        return self.made

    speak = transcribe = paint


@pytest.fixture
def play(context):
    """Gives the context a model that says these lines; returns what records the requests."""

    def play(*lines, made=None):
        studio = Studio(*lines, made=made)
        context.models = Checked(studio, resolve=lambda name, skill: name or "a:b")
        return studio.chat if made is None else studio

    return play


def png():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(out, format="PNG")
    return out.getvalue()


async def test_generate_fills_the_prompt_and_gives_the_words(fire, play):
    model = play("Roses are red")
    given = await fire(
        text.generate,
        prompt="{# topic: text #}Write about {{ topic }} in {{ words }} words.",
        topic="roses",
        words=3,
        system="You are {{ who }}.",
        who="a poet",
        model="lab:m",
    )
    assert given == {"text": ["Roses are red"], "model": ["lab:m"]}
    system, user = model.requests[0].messages
    assert (system.text, user.text) == (
        "You are a poet.",
        "Write about roses in 3 words.",
    )


def test_variables_of_a_prompt_are_inputs_with_their_types():
    prompt = "{# price: number #}{{ name }} costs {{ price }}{{ model }}"
    ports = {p.name: p for p in text.generate.inputs({"prompt": prompt})}
    assert ports["name"].type_name == "anything"
    assert ports["price"].type_name == "number"
    assert ports["name"].is_required
    assert ports["model"].help.startswith("Who is asked")


async def test_a_prompt_from_elsewhere_cannot_grow_without_end(fire, play):
    play("never said")
    with pytest.raises(TemplateError):
        await fire(text.generate, prompt="{{ 'a' * 10**9 }}")


async def test_images_go_along_and_come_back(fire, play, context):
    (context.folder / "dot.png").write_bytes(png())
    answer = ChatAnswer(model="a:b", parts=(Text("here"), Media("image/png", png())))
    model = play(answer)
    given = await fire(text.generate, prompt="Mirror it", images=["dot.png"])
    assert model.requests[0].messages[0].parts[1] == Media("image/png", png())
    assert given["image"][0].size == (2, 2)


async def test_what_is_no_image_is_refused_by_name(fire, play):
    play("never said")
    with pytest.raises(ValueError, match=r"int is no image"):
        await fire(text.generate, prompt="Look", images=[5])


async def test_a_withheld_answer_is_an_error(fire, play):
    play(ChatAnswer(model="a:b", parts=(), finish="refused"))
    with pytest.raises(ModelRefused, match="content filter"):
        await fire(text.generate, prompt="x")


async def test_a_structured_answer_has_an_output_for_each_field(fire, play):
    model = play('{"name": "Ola", "age": 44}')
    fields = {"name": "who", "age": "whole number: in years"}
    given = await fire(structured.structured, prompt="Who?", fields=fields)
    assert given == {
        "answer": [{"name": "Ola", "age": 44}],
        "name": ["Ola"],
        "age": [44],
    }
    form = model.requests[0].schema["properties"]
    assert form["age"] == {"type": "integer", "description": "in years"}


async def test_a_structured_answer_that_never_fits_fails(fire, play):
    play("no", "no", "no")
    with pytest.raises(AnswerInvalid):
        await fire(structured.structured, prompt="Who?", fields={"name": "who"})


async def test_without_a_form_nothing_is_asked(fire, play):
    model = play("never said")
    with pytest.raises(ValueError, match="'fields' is empty"):
        await fire(structured.structured, prompt="Who?")
    assert not model.requests


async def test_extract_finds_several(fire, play):
    play('{"value": [{"city": "Oslo"}, {"city": "Rome"}]}')
    given = await fire(
        structured.extract, text="Oslo and Rome", fields={"city": ""}, many=True
    )
    assert given["answer"] == [{"city": "Oslo"}, {"city": "Rome"}]
    assert given["answers"] == [[{"city": "Oslo"}, {"city": "Rome"}]]


async def test_a_list_is_given_item_by_item(fire, play):
    play('{"value": ["a", "b"]}')
    given = await fire(structured.list_, focus="letters", most=2)
    assert given == {"item": ["a", "b"], "items": [["a", "b"]]}


async def test_classify_sends_the_value_its_way(fire, play):
    model = play('{"reason": "He wants money back.", "category": "refund"}')
    given = await fire(
        structured.classify,
        value={"mail": "money!"},
        categories={"refund": "wants money", "other": ""},
    )
    assert given["refund"] == [{"mail": "money!"}]
    assert given["category"] == ["refund"]
    assert "other" not in given
    assert model.requests[0].schema["properties"]["category"]["enum"] == [
        "refund",
        "other",
    ]


@pytest.mark.parametrize(("said", "way"), [("true", "yes"), ("false", "no")])
async def test_a_condition_sends_the_value_one_way(fire, play, said, way):
    play(f'{{"reason": "so", "result": {said}}}')
    given = await fire(structured.condition, value=7, condition="it is lucky")
    assert given == {"result": [way == "yes"], "reason": ["so"], way: [7]}


async def test_a_long_text_is_summarised_in_parts_and_then_as_one(fire, play):
    model = play("note 1", "note 2", "note 3", "the whole")
    long = " ".join(f"Sentence number {n} is here." for n in range(120))
    given = await fire(
        text.summarise, text=long, size=200, overlap=0, concurrency=1, focus="numbers"
    )
    assert given == {"part": ["note 1", "note 2", "note 3"], "summary": ["the whole"]}
    assert all("numbers" in request.messages[0].text for request in model.requests)
    assert model.requests[-1].messages[1].text == "note 1 note 2 note 3"


async def test_parts_are_read_at_once_as_far_as_allowed(fire, context):
    busy, most = 0, 0

    class Slow:
        async def stream(self, request):
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.01)
            busy -= 1
            yield ChatAnswer(model="a:b", parts=(Text("note"),))

    context.models = Slow()
    long = "A sentence of five words. " * 400
    await fire(text.summarise, text=long, size=200, concurrency=3)
    assert most == 3


def test_pieces_lose_no_word_and_share_what_overlaps():
    words = [f"w{n}" for n in range(1000)]
    found = pieces(" ".join(words), 300, 20)
    assert all(len(piece.split()) <= 320 for piece in found)
    seen = found[0].split()
    for piece in found[1:]:
        assert piece.split()[:20] == seen[-20:]
        seen += piece.split()[20:]
    assert seen == words


async def test_translate_keeps_paragraphs_and_terms(fire, play):
    model = play("Hei", "Ha det")
    long = "Hello " * 1000 + "\n\n" + "Bye " * 1000
    given = await fire(
        text.translate, text=long, language="Norwegian", terms={"bench": "benk"}
    )
    assert given["result"] == ["Hei\n\nHa det"]
    assert "bench = benk" in model.requests[0].messages[0].text


async def test_a_chat_goes_on_where_it_was(fire, play):
    model = play("Hello Ola", "You are Ola")
    first = await fire(chat.chat, message="I am Ola", system="Be kind.")
    again = await fire(
        chat.chat,
        message="Who am I?",
        conversation=first["conversation"][0],
        system="Be kind.",
    )
    assert again["reply"] == ["You are Ola"]
    roles = [message.role for message in model.requests[1].messages]
    assert roles == ["system", "user", "assistant", "user"]
    assert len(again["conversation"][0]) == 4
    assert msgspec.json.encode(again["conversation"][0])


async def test_a_long_chat_is_shortened_and_keeps_its_newest(fire, play):
    model = play("He is Ola.", "Still Ola")
    before = [
        {"role": role, "content": f"{n} " + "long " * 100}
        for n in range(10)
        for role in ("user", "assistant")
    ]
    given = await fire(chat.chat, message="Who am I?", conversation=before, memory=3000)
    summary, *rest = model.requests[1].messages
    assert "He is Ola." in summary.text
    assert rest[-1].text == "Who am I?"
    assert rest[0].role == "user"
    assert sum(len(one.text) for one in model.requests[1].messages) < 3000
    assert given["reply"] == ["Still Ola"]


async def test_a_picture_of_a_model_that_is_a_program_starts_none(
    fire, play, tmp_path, monkeypatch
):
    """Pillow hands PostScript, whatever it is said to be, to a program on the path."""
    started = tmp_path / "started"
    (tmp_path / "gs").write_text(f"#!/bin/sh\ntouch {started}\nexit 1\n")
    (tmp_path / "gs").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n%%EOF\n"
    play(made=MediaAnswer(model="a:b", media=(Media("image/png", program),)))
    with pytest.raises(OSError, match="cannot identify image file"):
        await fire(media.paint, prompt="A dot")
    assert not started.exists()


async def test_paint_speak_and_transcribe(fire, play):
    painter = play(made=MediaAnswer(model="a:b", media=(Media("image/png", png()),)))
    given = await fire(media.paint, prompt="A {{ thing }}", thing="dot")
    assert given["image"][0].size == (2, 2)
    assert painter.asked[0].prompt == "A dot"
    play(made=MediaAnswer(model="a:b", media=(Media("audio/mpeg", b"ID3"),)))
    assert await fire(media.speak, text="hi") == {"result": [b"ID3"]}
    listener = play(made=TranscribeAnswer(model="a:b", text="hi"))
    assert await fire(media.transcribe, sound=b"ID3sound") == {"result": ["hi"]}
    assert listener.asked[0].sound.type == "audio/mpeg"


async def test_withheld_or_cut_off_words_are_told(fire, play, context):
    play(ChatAnswer(model="a:b", parts=(Text("half"),), finish="length"))
    await fire(text.generate, prompt="x")
    assert any("cut off" in line for line in context.lines)


@pytest.mark.parametrize(
    ("said", "kind", "rest"),
    [
        ("number: the price", float, "the price"),
        ("list", list, ""),
        ("note: this is text", str, "note: this is text"),
        ("", str, ""),
    ],
)
def test_a_description_may_begin_with_a_type(said, kind, rest):
    found, told = asking.typed(said)
    assert (getattr(found, "__origin__", found), told) == (kind, rest)


def test_a_form_offers_models(context):
    [port] = [port for port in text.generate.inputs({}) if port.name == "model"]
    assert port.schema()["format"] == "model"
    assert says("user", "x").text == "x"
