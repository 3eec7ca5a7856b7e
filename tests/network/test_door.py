"""The whole door: streams, clients of other libraries, layers, connections, credentials."""

import asyncio
import base64
import json
import time
from typing import Any

import httpx
import httpx2
import pytest

from agentbench.domain.credential import Credential, Secret, placeholder
from agentbench.domain.errors import (
    CredentialInvalid,
    CredentialRefused,
    Offline,
    OutboundRefused,
    UnknownCredential,
)
from agentbench.domain.outbound import Request, Send, StreamedResponse
from agentbench.network.outbound import HttpxOutbound

SECRET = "sk-Canary/42+é"


class Kept:
    """Credentials in a dictionary."""

    def __init__(self, *credentials: Credential) -> None:
        self._all = {it.name: it for it in credentials}

    def get(self, name: str) -> Credential:
        if name not in self._all:
            raise UnknownCredential(name)
        return self._all[name]


def _credential(**facts: Any) -> Credential:
    given = {"name": "own", "kind": "api_key", "hosts": ("127.0.0.1",)} | facts
    return Credential(secret=Secret(SECRET), **given)


def _door(*credentials: Credential, hosts: Any = ("127.0.0.1",), **more: Any) -> Any:
    return HttpxOutbound(hosts, credentials=Kept(*credentials), **more)


# ---- streams -------------------------------------------------------------------


async def test_events_are_given_while_they_come(web: Any) -> None:
    given = []
    async with _door().stream("GET", web.url("/events")) as answer:
        async for part in answer.parts:
            given.append(part)
            web.taken.set()  # without it the server would not go on
    assert given == [b"data: 0\n\n", b"data: 1\n\n", b"data: 2\n\n"]
    assert dict(answer.headers)["content-type"] == "text/event-stream"


async def test_a_stream_that_falls_silent_is_given_up(web: Any) -> None:
    async with _door().stream("GET", web.url("/events"), timeout=0.1) as answer:
        assert await anext(answer.parts) == b"data: 0\n\n"
        with pytest.raises(ConnectionError, match=r"nothing came for 0\.1 s"):
            await anext(answer.parts)


@pytest.mark.parametrize("library", [httpx, httpx2])
async def test_a_client_of_either_library_goes_through_the_door(
    web: Any, library: Any
) -> None:
    own = _credential(header="x-own")
    async with _door(own).client(library, credential="own") as client:
        answers = [
            await client.post(web.url("/a?b=1"), json={"c": 1}) for _ in range(3)
        ]
        assert {answer.status_code for answer in answers} == {200}
        seen = web.requests[0]
        assert (seen["method"], seen["path"]) == ("POST", "/a?b=1")
        assert (seen["body"], seen["headers"]["x-own"]) == ('{"c":1}', SECRET)
        assert answers[0].json()["headers"]["x-own"] == "<secret:own>"
        async with client.stream("GET", web.url("/events")) as answer:
            lines = []
            async for line in answer.aiter_lines():
                lines.append(line)
                web.taken.set()
        assert [line for line in lines if line] == ["data: 0", "data: 1", "data: 2"]
        with pytest.raises(library.ConnectError):
            await client.get("http://127.0.0.1:1/")
    async with _door(hosts=()).client(library) as client:
        with pytest.raises(OutboundRefused, match="this machine"):
            await client.get(web.url())


@pytest.mark.parametrize("library", [httpx, httpx2])
async def test_a_library_that_wants_a_key_is_given_a_placeholder(
    web: Any, library: Any
) -> None:
    headers = {"x-api-key": placeholder("own"), "x-other": placeholder("other")}
    door = _door(_credential(), _credential(name="other"))
    async with door.client(library, credential="own", headers=headers) as client:
        await client.get(web.url())
    seen = web.requests[0]["headers"]
    assert seen["x-api-key"] == SECRET
    assert seen["x-other"] == "credential:other"  # nobody named that one
    assert "authorization" not in seen


@pytest.mark.parametrize("library", [httpx, httpx2])
async def test_a_client_takes_no_credential_along_a_redirect(
    web: Any, library: Any
) -> None:
    door = _door(_credential(header="x-own"), hosts=("127.0.0.1", "localhost"))
    place = web.to(web.url(host="localhost"))
    async with door.client(library, credential="own", follow_redirects=True) as client:
        with pytest.raises(CredentialRefused, match=r"not sent to localhost"):
            await client.get(place)
    assert len(web.requests) == 1


async def test_clients_keep_their_connections(web: Any) -> None:
    from tests.network.audit import dialled

    async with _door().client(httpx) as client:
        with dialled() as seen:
            for _ in range(5):
                await client.get(web.url())
    assert seen == ["127.0.0.1"]


async def test_a_client_that_begins_with_several_requests_leaves_nothing_open(
    web: Any,
) -> None:
    """Whoever comes first makes the connections; the others use the same, and all close."""
    async with _door().client(httpx) as client:
        await asyncio.gather(*(client.get(web.url()) for _ in range(6)))
    assert await asyncio.to_thread(web.is_left)


@pytest.mark.parametrize("named", [True, False])
async def test_a_secret_that_no_header_can_carry_is_not_said(
    web: Any, named: bool
) -> None:
    bad = "canary-one\r\ncanary-two: x"
    own = Credential(
        name="own", kind="api_key", hosts=("127.0.0.1",), secret=Secret(bad)
    )
    asked = {"credential": "own"} if named else {"headers": {"x-own": bad}}
    with pytest.raises((ConnectionError, CredentialInvalid)) as raised:
        await _door(own).request("GET", web.url(), **asked)
    assert "canary" not in str(raised.value)
    assert "header" in str(raised.value)
    assert web.requests == []


# ---- layers --------------------------------------------------------------------


class Tape:
    """Records what passes, and can answer in the network's place."""

    def __init__(self, said: bytes | None = None) -> None:
        self.said, self.requests, self.contents = said, [], []

    async def carry(self, request: Request, send: Send) -> StreamedResponse:
        self.requests.append(request)
        if self.said is not None:
            return StreamedResponse(
                status=200,
                url=request.url,
                headers=(("content-type", "text/plain"),),
                parts=self._told(self.said),
                close=self._closed,
            )
        answer = await send(request)
        parts = [part async for part in answer.parts]
        await answer.close()
        self.contents.append(b"".join(parts))
        return StreamedResponse(
            status=answer.status,
            url=answer.url,
            headers=answer.headers,
            parts=self._told(*parts),
            close=self._closed,
        )

    async def _told(self, *parts: bytes) -> Any:
        for part in parts:
            yield part

    async def _closed(self) -> None:
        pass


async def test_a_layer_sees_every_hop_and_never_the_secret(web: Any) -> None:
    tape = Tape()
    door = _door(_credential()).through(tape)
    answer = await door.request("GET", web.to("/there"), credential="own")
    assert web.requests[-1]["headers"]["authorization"] == f"Bearer {SECRET}"
    assert [one.credential for one in tape.requests] == ["own", "own"]
    assert SECRET not in repr([vars(one) for one in tape.requests])
    assert b"<secret:own>" in tape.contents[-1]
    assert answer.content == tape.contents[-1]


async def test_a_layer_may_answer_with_no_network_and_no_credential() -> None:
    door = _door(offline=True).through(Tape(b"from the tape"))
    answer = await door.request("GET", "https://api.example/x", credential="lost")
    assert answer.text == "from the tape"
    async with door.client(httpx2, credential="lost") as client:
        assert (await client.get("https://api.example/x")).text == "from the tape"
    with pytest.raises(Offline):
        await _door(offline=True).through(Tape()).request("GET", "https://a.example/")


async def test_layers_stand_one_before_the_other(web: Any) -> None:
    outer, inner = Tape(), Tape(b"inner")
    door = _door().through(inner).through(outer)
    assert (await door.request("GET", web.url())).text == "inner"
    assert len(outer.requests) == len(inner.requests) == 1


# ---- connections ---------------------------------------------------------------


async def test_what_is_not_http_is_checked_alike(web: Any) -> None:
    reader, writer = await _door().connect("127.0.0.1", web.port)
    writer.write(b"GET /raw HTTP/1.0\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()
    assert await _door().addresses("127.0.0.1", 1) == ["127.0.0.1"]
    for door in (_door(hosts=()), _door(offline=True)):
        with pytest.raises(OutboundRefused):
            await door.connect("127.0.0.1", web.port)
        with pytest.raises(OutboundRefused):
            await door.addresses("127.0.0.1", web.port)
    with pytest.raises(ConnectionError, match="could not be reached"):
        await _door().connect("127.0.0.1", 1)


async def test_a_raw_connection_may_be_secured(secure_web: Any) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    door = _door(hosts=["bench.example", "other.example"], resolve=resolve)
    reader, writer = await door.connect("bench.example", secure_web.port, tls=True)
    writer.write(b"GET /raw HTTP/1.0\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()
    with pytest.raises(ConnectionError, match=r"(?i)certificate"):
        await door.connect("other.example", secure_web.port, tls=True)


async def test_a_host_can_be_allowed_later(web: Any) -> None:
    door = _door(hosts=())
    with pytest.raises(OutboundRefused, match=r"ab\.allow_host"):
        await door.request("GET", web.url())
    door.allow(f"127.0.0.1:{web.port}")
    assert (await door.request("GET", web.url())).is_success


# ---- credentials ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "name", "value"),
    [
        ({}, "authorization", f"Bearer {SECRET}"),
        ({"kind": "oauth2"}, "authorization", f"Bearer {SECRET}"),
        ({"header": "X-Key"}, "x-key", SECRET),
        ({"kind": "header", "header": "Authorization"}, "authorization", SECRET),
        (
            {"kind": "user_password", "user": "me"},
            "authorization",
            "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode(),
        ),
    ],
)
async def test_each_kind_goes_where_it_belongs(
    web: Any, facts: Any, name: str, value: str
) -> None:
    door = _door(_credential(**facts))
    headers = {"Authorization": "mine", "X-Key": "mine"}
    await door.request("GET", web.url(), credential="own", headers=headers)
    assert web.requests[0]["headers"][name] == value


@pytest.mark.parametrize(
    ("hosts", "is_sent"),
    [
        (("127.0.0.1",), True),
        (("127.0.0.1:{port}",), True),
        (("*",), True),
        (("127.0.0.1:1",), False),
        (("api.example.com",), False),
        (("*.0.0.1",), True),
    ],
)
async def test_a_credential_goes_to_its_own_hosts_only(
    web: Any, hosts: tuple[str, ...], is_sent: bool
) -> None:
    hosts = tuple(host.format(port=web.port) for host in hosts)
    asking = _door(_credential(hosts=hosts)).request("GET", web.url(), credential="own")
    if is_sent:
        assert (await asking).is_success
        return
    with pytest.raises(CredentialRefused, match=rf"--host 127.0.0.1:{web.port}"):
        await asking
    assert web.requests == []


async def test_a_secret_is_not_sent_in_the_open() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("a name was looked up")

    door = _door(_credential(hosts=("api.example.com",)), resolve=resolve)
    with pytest.raises(CredentialRefused, match="in the open"):
        await door.request("GET", "http://api.example.com/", credential="own")


@pytest.mark.parametrize(
    "smuggled",
    [
        {"headers": {"x": f"a {SECRET}"}},
        {"params": {"q": SECRET}},
        {"body": SECRET},
        {"body": {"deep": [SECRET]}},
        {"body": base64.b64encode(b"xy" + SECRET.encode() + b"z")},
        {"body": SECRET.encode().hex()},
    ],
)
async def test_a_known_secret_leaves_to_no_other_host_whoever_put_it_there(
    web: Any, smuggled: Any
) -> None:
    door = _door(
        _credential(hosts=(f"127.0.0.1:{web.port}",)),
        hosts=("127.0.0.1", "localhost"),
    )
    await door.request("GET", web.url(), credential="own")
    with pytest.raises(CredentialRefused, match="not sent to localhost"):
        await door.request("POST", web.url(host="localhost"), **smuggled)
    assert len(web.requests) == 1
    assert (await door.request("POST", web.url(), **smuggled)).is_success


async def test_what_comes_back_is_masked_also_in_halves(web: Any) -> None:
    door = _door(_credential())
    answer = await door.request("GET", web.url("/echo"), credential="own")
    assert answer.text == "Bearer <secret:own> Bearer <secret:own>"
    assert answer.headers["x-got"] == "Bearer <secret:own>"


async def test_an_unknown_credential_is_said_to_be_unknown(web: Any) -> None:
    with pytest.raises(UnknownCredential, match="agentbench credentials add lost"):
        await _door().request("GET", web.url(), credential="lost")
    assert web.requests == []


async def test_markers_in_data_stay_data(web: Any) -> None:
    """T51: only the credential that a request names has a placeholder in it."""
    mark = placeholder("own")
    door = _door(_credential())
    answer = await door.request(
        "POST", web.url(), headers={"x": mark}, body={"cred": mark}
    )
    seen = web.requests[0]
    assert (seen["headers"]["x"], json.loads(seen["body"])) == (mark, {"cred": mark})
    assert mark in answer.text


async def test_nothing_of_it_holds_up_the_loop(web: Any) -> None:
    class Slow(Kept):
        def get(self, name: str) -> Credential:
            time.sleep(0.3)  # a keyring that thinks
            return super().get(name)

    door = HttpxOutbound(["127.0.0.1"], credentials=Slow(_credential()))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.ensure_future(tick())
    await door.request("GET", web.url(), credential="own")
    ticking.cancel()
    assert ticks > 5
