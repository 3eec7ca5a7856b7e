"""Which models there are, whose key goes where, and what else a server can do."""

import asyncio
import base64

import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import ModelBusy, ModelFailed, ModelNotReady
from agentbench.domain.model import (
    ChatRequest,
    EmbedRequest,
    Media,
    PaintRequest,
    SpeakRequest,
    TranscribeRequest,
    answer,
    says,
)
from agentbench.llm.catalogue import Catalogue
from agentbench.llm.keys import ProviderKeys
from agentbench.llm.providers import with_servers
from agentbench.network.outbound import HttpxOutbound
from agentbench.vaults.base import Vaults
from agentbench.vaults.file import FileVault
from tests.llm.conftest import KEY
from tests.llm.openai_server import PNG, gives, refusal, words


def vector(at):
    return {"index": at, "embedding": [float(at), 1.0]}


@pytest.mark.parametrize("environ", [{"GROQ_API_KEY": KEY}])
async def test_a_key_goes_to_its_own_provider_only(models, server):
    server.will(words("a"), words("b"))
    for name in ("groq:m", "lab:m"):
        await answer(models, ChatRequest(model=name, messages=(says("user", "x"),)))
    theirs, other = (asked.headers["authorization"] for asked in server.asked)
    assert theirs == f"Bearer {KEY}"
    assert KEY not in other


@pytest.mark.parametrize("environ", [{"GROQ_API_KEY": KEY}])
async def test_a_key_that_a_server_says_back_is_masked_in_the_error(models, server):
    server.will(refusal(400, f"bad key {KEY}"))
    with pytest.raises(Exception, match="bad key") as caught:
        await answer(models, ChatRequest(model="groq:m", messages=(says("user", "x"),)))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("environ", [{"OPENAI_API_KEY": KEY}])
async def test_the_listing_says_what_is_ready_and_what_is_missing(catalogue, server):
    server.will(gives({"data": [{"id": "qwen"}, {"id": "nomic-embed"}]}))
    found = {info.name: info for info in await catalogue.listing()}
    assert found["openai:gpt-6-luna"].is_ready
    assert not found["anthropic:claude-sonnet-5-5"].is_ready
    assert "ANTHROPIC_API_KEY" in found["anthropic:claude-sonnet-5-5"].note
    assert found["lab:qwen"].is_ready
    assert found["lab:nomic-embed"].skill == "embed"
    assert "AGENTBENCH_MODEL_SERVERS=ollama=" in found["ollama:…"].note
    assert found["lab:m"].is_default


@pytest.mark.parametrize("environ", [{"OPENAI_API_KEY": KEY}])
async def test_what_can_be_asked_is_suggested_first(catalogue):
    names = catalogue.suggestions()
    assert names[0] == "lab:m"
    assert names.index("openai:gpt-6-luna") < names.index("google:gemini-3.8-flash")


async def test_texts_become_vectors_in_their_order(models, server):
    server.will(gives({"data": [vector(1), vector(0)], "usage": {"prompt_tokens": 4}}))
    given = await models.embed(EmbedRequest(model="lab:e", texts=("a", "b")))
    assert given.vectors == ((0.0, 1.0), (1.0, 1.0))
    assert given.usage.input == 4
    assert server.asked[0].body == {"model": "e", "input": ["a", "b"]}


async def test_many_texts_are_sent_in_several_requests(models, server):
    batches = [256, 44]
    server.will(*[gives({"data": [vector(i) for i in range(n)]}) for n in batches])
    request = EmbedRequest(model="lab:e", texts=tuple("x" * 300))
    assert len((await models.embed(request)).vectors) == 300


async def test_a_vector_that_is_missing_is_an_error(models, server):
    server.will(*[gives({"data": [vector(0)]}) for _ in range(5)])
    with pytest.raises(ModelFailed, match="2 texts were sent and 1 vectors came"):
        await models.embed(EmbedRequest(model="lab:e", texts=("a", "b")))


async def test_an_image_is_made_of_words(models, server):
    server.will(gives({"data": [{"b64_json": base64.b64encode(PNG).decode()}]}))
    given = await models.paint(PaintRequest(model="lab:i", prompt="a dot"))
    assert given.media == (Media("image/png", PNG),)
    assert server.asked[0].body["prompt"] == "a dot"


async def test_an_image_is_made_of_an_image(models, server):
    server.will(gives({"data": [{"url": server.url + "/picture"}]}), gives(PNG))
    request = PaintRequest(
        model="lab:i", prompt="bluer", images=(Media("image/png", PNG),)
    )
    given = await models.paint(request)
    assert given.media[0].data == PNG
    form = server.asked[0]
    assert form.path == "/v1/images/edits"
    assert form.headers["content-type"].startswith("multipart/form-data")
    assert PNG in form.raw
    assert b"bluer" in form.raw


async def test_words_are_spoken_and_written_down(models, server):
    server.will(gives(b"ID3sound", "audio/mpeg"), gives({"text": "hello"}))
    spoken = await models.speak(SpeakRequest(model="lab:s", text="hello"))
    assert spoken.media == (Media("audio/mpeg", b"ID3sound"),)
    heard = await models.transcribe(
        TranscribeRequest(model="lab:t", sound=spoken.media[0], language="en")
    )
    assert heard.text == "hello"
    assert b"ID3sound" in server.asked[1].raw


async def test_what_is_busy_is_asked_again_here_too(models, server):
    server.will(refusal(429, "slow", retry_after="0"), gives(b"x", "audio/wav"))
    given = await models.speak(SpeakRequest(model="lab:s", text="a", format="wav"))
    assert given.media[0].type == "audio/wav"
    server.will(refusal(429, "no more today", retry_after="9999"))
    with pytest.raises(ModelBusy, match="no more today"):
        await models.speak(SpeakRequest(model="lab:s", text="a"))


async def test_who_has_no_such_way_says_so(models):
    with pytest.raises(ModelNotReady, match="Anthropic offers no way"):
        await models.paint(PaintRequest(model="anthropic:x", prompt="a"))


async def test_a_default_for_another_skill_is_one_that_has_it(catalogue):
    assert catalogue.resolve("", "embed") == "openai:text-embedding-3-small"
    assert catalogue.resolve("", "chat") == "lab:m"


@pytest.mark.parametrize("environ", [{"OPENAI_API_KEY": KEY}])
async def test_who_is_offline_is_told_so_and_asks_nobody(environ, tmp_path):
    providers = with_servers({})
    vaults = Vaults([ProviderKeys(providers, environ)], lambda _: None)
    catalogue = Catalogue(
        providers,
        door=HttpxOutbound(offline=True, credentials=vaults),
        credentials=lambda: vaults,
        folder=tmp_path,
    )
    with pytest.raises(ModelNotReady, match="AGENTBENCH_OFFLINE"):
        await answer(
            catalogue,
            ChatRequest(model="openai:m", messages=(says("user", "x"),)),
        )
    with pytest.raises(ModelNotReady, match="AGENTBENCH_OFFLINE"):
        await catalogue.embed(EmbedRequest(model="openai:m", texts=("a",)))
    await catalogue.close()


@pytest.mark.parametrize(
    "given",
    [
        {"data": [7, 8]},
        {"data": [{"embedding": [1.0]}, {"embedding": [2.0]}]},
        {"data": [{"index": 0, "embedding": "AAAA"}, {"index": 1, "embedding": [1]}]},
        {"data": [{"index": 0}, {"index": 1}]},
        {"data": [vector(0), vector(1)], "usage": [1]},
        {"data": [vector(0), vector(1)], "usage": {"prompt_tokens": "many"}},
    ],
)
async def test_vectors_that_are_none_are_an_error_of_the_model(
    catalogue, server, given
):
    server.will(gives(given))
    with pytest.raises(ModelFailed, match="cannot be read"):
        await catalogue.embed(EmbedRequest(model="lab:e", texts=("a", "b")))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (7, "cannot be read"),
        ({"b64_json": "no base64!"}, "cannot be read"),
        ({"b64_json": 7}, "cannot be read"),
        ({"url": 7}, "only http://"),
        ({"url": "http://127.0.0.1:1/x"}, "this machine"),
        ({}, "neither an image nor where one is"),
    ],
)
async def test_an_image_that_is_none_is_an_error_of_the_model(
    catalogue, server, given, said
):
    server.will(gives({"data": [given]}))
    with pytest.raises((ModelFailed, ModelNotReady), match=said):
        await catalogue.paint(PaintRequest(model="lab:i", prompt="a dot"))


async def test_a_page_that_says_no_is_no_image(catalogue, server):
    picture = server.url + "/picture"
    server.will(gives({"data": [{"url": picture}]}), refusal(403, "it has expired"))
    with pytest.raises(ModelFailed, match=r"image .* 403"):
        await catalogue.paint(PaintRequest(model="lab:i", prompt="a dot"))


async def test_a_sound_cannot_end_the_form_it_is_sent_in(catalogue, server):
    """Its edges depend on the sound as well: nobody can write one that has them in it."""
    request = TranscribeRequest(model="lab:t", sound=Media("audio/wav", b"x"))
    server.will(gives({"text": "a"}), gives({"text": "b"}))
    await catalogue.transcribe(request)
    edge = server.asked[0].headers["content-type"].partition("boundary=")[2]
    hostile = (
        f'\r\n--{edge}\r\nContent-Disposition: form-data; name="model"\r\n\r\nother'
    )
    sound = Media("audio/wav", hostile.encode())
    await catalogue.transcribe(TranscribeRequest(model="lab:t", sound=sound))
    edge = server.asked[1].headers["content-type"].partition("boundary=")[2]
    assert server.asked[1].raw.count(edge.encode()) == 4  # two fields, a file, the end


class CountingDoor(HttpxOutbound):
    """The door, which counts the clients that it makes."""

    made = 0

    def client(self, *given, **more):
        self.made += 1
        return super().client(*given, **more)


@pytest.fixture
async def own(server, tmp_path):
    """A catalogue over a vault to which credentials are added, and its door."""
    vaults = Vaults([FileVault(tmp_path)], lambda _: None)
    door = CountingDoor([server.address], credentials=vaults)
    made = Catalogue(
        with_servers({"lab": server.url}),
        door=door,
        credentials=lambda: vaults,
        folder=tmp_path,
    )
    yield made, vaults, door
    await made.close()


async def test_a_key_that_is_added_later_goes_along_and_a_deleted_one_does_not(
    own, server
):
    catalogue, vaults, _ = own
    asked = ChatRequest(model="lab:m", messages=(says("user", "x"),))
    server.will(words("a"), words("b"), words("c"))
    await answer(catalogue, asked)
    key = Secret(KEY)
    host = (server.address,)
    vaults.add(Credential(name="lab", kind="api_key", hosts=host, secret=key))
    await answer(catalogue, asked)
    vaults.delete("lab")
    await answer(catalogue, asked)
    has_key = [KEY in it.headers.get("authorization", "") for it in server.asked]
    assert has_key == [False, True, False]


async def test_first_calls_at_once_share_one_client(own, server):
    catalogue, _, door = own
    asked = ChatRequest(model="lab:m", messages=(says("user", "x"),))
    server.will(*[words("a") for _ in range(6)])
    await asyncio.gather(*(answer(catalogue, asked) for _ in range(6)))
    assert door.made == 1
