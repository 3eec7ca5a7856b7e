"""The door of a firing: what passes it is recorded, and replayed without a network."""

import json

import httpx
import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import Offline, ReplayMiss, UnknownCredential
from agentbench.domain.redaction import Redaction
from agentbench.network.outbound import HttpxOutbound
from tests.replay.conftest import files
from tests.replay.web import serving

KEY = "sk-0123456789abcdef"


class OneCredential:
    """A vault of one; of none once it is lost."""

    def __init__(self, redaction):
        self.redaction, self.is_lost = redaction, False

    def get(self, name):
        if self.is_lost:
            raise UnknownCredential(name)
        key = Credential(
            name=name, kind="api_key", hosts=("127.0.0.1",), secret=Secret(KEY)
        )
        self.redaction.add(key)
        return key


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def door(recorder):
    """Gives the recorder and the door of a firing; offline, and without keys, to replay."""

    def make(mode, *, offline=None, firing=1):
        redaction = Redaction()
        vault = OneCredential(redaction)
        vault.is_lost = mode == "replay"
        outside = HttpxOutbound(
            ["127.0.0.1"],
            offline=mode == "replay" if offline is None else offline,
            credentials=vault,
            redaction=redaction,
        )
        book = recorder(mode, redaction)
        return book, book.door(book.calls("run", "fetch", firing), outside)

    return make


@pytest.mark.parametrize("path", ["count", "page", "image", "echo", "moved"])
async def test_a_request_replays_to_the_same_response(server, door, path):
    _, recording = door("record")
    made = await recording.request("GET", f"{server.url}/{path}", params={"a": "ö"})
    came = server.count
    _, replaying = door("replay")
    again = await replaying.request("GET", f"{server.url}/{path}", params={"a": "ö"})
    assert again == made
    assert server.count == came > 0


async def test_the_file_shows_body_and_headers_that_matter_and_no_cookie(server, door):
    book, recording = door("record")
    await recording.request(
        "POST",
        f"{server.url}/count",
        body={"question": "why"},
        headers={"X-Shop": "mine", "Accept": "application/json"},
    )
    (text,) = files(book).values()
    said = json.loads(text)
    assert said["asked"] == {
        "method": "POST",
        "url": f"{server.url}/count",
        "headers": {
            "accept": "application/json",
            "content-type": "application/json",
            "x-shop": "<hidden>",
        },
        "body": {"$json": {"question": "why"}, "layout": "compact"},
    }
    assert said["answer"]["content"] == {"$json": {"n": 1}, "layout": "plain"}
    assert b"session" not in text


async def test_no_secret_is_in_a_file_though_the_server_repeats_it(server, door):
    book, recording = door("record")
    for where in ("echo?token=abc-1234567890", "echo"):
        made = await recording.request(
            "GET", f"{server.url}/{where}", credential="shop", headers={"X-Own": KEY}
        )
    assert KEY not in made.text
    for text in files(book).values():
        assert KEY.encode() not in text
        assert b"abc-1234567890" not in text
    _, replaying = door("replay")  # without the credential, and without a network
    again = await replaying.request(
        "GET", f"{server.url}/echo", credential="shop", headers={"X-Own": "other"}
    )
    assert again == made


async def test_events_replay_one_by_one_however_the_network_cut_them(server, door):
    async def read(door):
        async with door.stream("GET", f"{server.url}/events") as given:
            return [part async for part in given.parts]

    book, recording = door("record")
    made = await read(recording)
    before = files(book)
    again = await read(door("replay")[1])
    assert b"".join(again) == b"".join(made)
    assert again[0] == b'data: {"t": "He"}\n\n'
    assert len(again) == 3
    await read(door("record")[1])
    assert files(book) == before


async def test_errors_of_the_other_side_and_time_limits_replay(server, door):
    asks = [("cut", 10), ("slow", 1)]
    said = []
    for mode in ("record", "replay"):
        _, own = door(mode)
        for path, timeout in asks:
            with pytest.raises(ConnectionError) as caught:
                await own.request("GET", f"{server.url}/{path}", timeout=timeout)
            said.append(str(caught.value))
    assert said[:2] == said[2:]
    assert "was not answered within 1 s" in said[1]
    assert server.count == 2


async def test_a_refusal_of_our_own_is_not_recorded(server, door):
    book, own = door("auto", offline=True)
    with pytest.raises(Offline):
        await own.request("GET", f"{server.url}/page")
    assert not book.folder.path.exists()


async def test_a_client_of_a_library_goes_through_the_recording(server, door):
    bodies = []
    for mode in ("record", "replay"):
        _, own = door(mode)
        async with own.client(httpx, credential="shop") as client:
            async with client.stream("GET", f"{server.url}/events") as response:
                lines = [line async for line in response.aiter_lines()]
            answer = await client.get(f"{server.url}/count")
        bodies.append((lines, answer.json(), answer.status_code))
    assert bodies[0] == bodies[1]
    assert server.count == 2


async def test_a_miss_names_the_changed_part_of_the_url_and_nothing_is_sent(
    server, door
):
    await door("record")[1].request("GET", f"{server.url}/page?year=2014")
    _, replaying = door("replay", offline=False)
    with pytest.raises(ReplayMiss) as caught:
        await replaying.request("GET", f"{server.url}/page?year=2015")
    (change,) = caught.value.changes
    assert change.startswith("url: ")
    assert "2014" in change
    assert "2015" in change
    assert server.count == 1


async def test_what_is_not_http_is_refused_when_it_should_replay(server, door):
    book, replaying = door("replay", offline=False)
    with pytest.raises(ReplayMiss, match="over HTTP"):
        await replaying.connect("127.0.0.1", server.server_port)
    assert book.missed
    _, recording = door("record")
    _, writer = await recording.connect("127.0.0.1", server.server_port)
    writer.close()
