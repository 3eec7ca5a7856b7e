"""The guarded client: what it sends, and what it refuses on the way."""

import asyncio
import json
import tracemalloc
import urllib.parse
from typing import Any

import pytest

from agentbench.network.outbound import HttpxOutbound
from tests.network.audit import dialled


def _open(web: Any, *more: str) -> HttpxOutbound:
    return HttpxOutbound([f"127.0.0.1:{web.port}", *more])


async def test_a_request_goes_out_and_its_answer_comes_back(web: Any) -> None:
    answer = await _open(web).request(
        "post", web.url("/here?a=1"), params={"b": "é"}, body={"x": [1]}
    )
    seen = json.loads(answer.text)
    assert (answer.status, answer.is_success) == (200, True)
    assert (seen["method"], seen["path"]) == ("POST", "/here?a=1&b=%C3%A9")
    assert (seen["body"], seen["headers"]["host"]) == (
        '{"x":[1]}',
        f"127.0.0.1:{web.port}",
    )
    assert answer.url == web.url("/here?a=1&b=%C3%A9")


async def test_packed_answers_are_unpacked(web: Any) -> None:
    assert (await _open(web).request("GET", web.url("/gzip"))).text == "unpacked"
    # One after the other is one answer, and nothing may be packed as well.
    assert (await _open(web).request("GET", web.url("/gzip_twice"))).text == "one two"
    assert (await _open(web).request("GET", web.url("/gzip_none"))).content == b""
    assert (await _open(web).request("HEAD", web.url("/gzip"))).content == b""


@pytest.mark.parametrize(
    ("charset", "text"), [("latin-1", "né"), ("nonsense", "n�"), ("base64", "n�")]
)
async def test_text_is_read_in_its_own_encoding(
    web: Any, charset: str, text: str
) -> None:
    answer = await _open(web).request("GET", web.url(f"/charset?name={charset}"))
    assert answer.text == text


SPELLINGS = [
    # this machine, as numbers of every kind
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7F.0x0.0x0.0x1",
    "0177.0.0.1", "0177.1", "017700000001", "127.000.000.001", "127.255.255.254",
    "0", "0.0.0.0", "00000000000", "0x0", "localhost", "LOCALHOST", "localhost.",
    "127.0.0.1.", "\uff11\uff12\uff17.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1%00",
    "127.0.0.1%20", "127.0.0.1%2e",
    # IPv6, and IPv4 in its disguises
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::FFFF:127.0.0.1]", "[::ffff:0:127.0.0.1]", "[::127.0.0.1]",
    "[::7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]",
    "[64:ff9b:1:2:3:4:7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2002:0a00:0001::]",
    "[2001::1]", "[2001:0:7f00:1::]", "[2001:10::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]",
    "[fec0::1]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[fc00::1]", "[fd00::1]",
    "[ff02::1]", "[ff0e::1]", "[4000::1]", "[fd00:ec2::254]", "[::1%25lo]",
    # closed networks of IPv4
    "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257",
    "100.64.0.1", "100.127.255.255", "169.254.169.254", "0xa9fea9fe", "2852039166",
    "169.254.170.2", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    # with somebody's name before it
    "public.example@127.0.0.1", "public.example\\@127.0.0.1", "public.example:80@127.0.0.1",
    "127.0.0.1#@public.example", "127.0.0.1?@public.example",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
async def test_t41_no_spelling_of_a_closed_address_is_dialled(
    web: Any, host: str
) -> None:
    with dialled() as seen, pytest.raises(ConnectionError):
        await HttpxOutbound().request("GET", f"http://{host}:{web.port}/")
    assert (web.requests, seen) == ([], [])


async def test_a_refusal_says_why_and_how_to_allow_it(web: Any) -> None:
    with pytest.raises(ConnectionRefusedError) as failure:
        await HttpxOutbound().request("GET", web.url("/?key=secret", "localhost"))
    said = str(failure.value)
    assert "it is this machine" in said
    assert f"AGENTBENCH_ALLOWED_HOSTS=localhost:{web.port}" in said
    assert "secret" not in said


@pytest.mark.parametrize("entry", ["127.0.0.1", " 127.0.0.1:{port} ", "LOCALHOST"])
async def test_a_host_is_allowed_with_or_without_its_port(web: Any, entry: str) -> None:
    host = "localhost" if entry == "LOCALHOST" else "127.0.0.1"
    outbound = HttpxOutbound([entry.format(port=web.port)])
    assert (await outbound.request("GET", web.url(host=host))).is_success


async def test_another_port_of_an_allowed_host_stays_closed(web: Any) -> None:
    outbound = HttpxOutbound(["127.0.0.1:1"])
    with pytest.raises(ConnectionRefusedError):
        await outbound.request("GET", web.url())


async def test_offline_refuses_everything(web: Any) -> None:
    outbound = HttpxOutbound(["127.0.0.1"], offline=True)
    with pytest.raises(ConnectionRefusedError, match="AGENTBENCH_OFFLINE is set"):
        await outbound.request("GET", web.url())
    assert web.requests == []


@pytest.mark.parametrize(
    "answers", [["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["8.8.8.8", "::1"]]
)
async def test_t42_a_name_with_one_closed_address_is_refused_whole(
    web: Any, answers: list[str]
) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return answers

    with pytest.raises(ConnectionRefusedError, match=r"mixed\.example \("):
        await HttpxOutbound(resolve=resolve).request(
            "GET", f"http://mixed.example:{web.port}/"
        )
    assert web.requests == []


async def test_t42_a_name_is_resolved_once_and_that_address_is_dialled(
    web: Any,
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    outbound = HttpxOutbound(["rebinding.example"], resolve=resolve)
    url = f"http://rebinding.example:{web.port}/"
    assert (await outbound.request("GET", url)).is_success
    assert web.requests[0]["headers"]["host"] == f"rebinding.example:{web.port}"
    assert next(answers) == ["10.0.0.1"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http:// and https://"),
        ("gopher://8.8.8.8/", "only http:// and https://"),
        ("//8.8.8.8/", "only http:// and https://"),
        ("/local", "only http:// and https://"),
        ("http://", "names no host"),
        ("http://me:secret@8.8.8.8/", "Authorization header"),
        ("http://[::1", "cannot be asked"),
        ("http://8.8.8.8:999999/", "no port 999999"),
        ("http://a\nb/", "cannot be asked"),
    ],
)
async def test_strange_addresses_are_refused_before_any_look_up(
    url: str, reason: str
) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("a name was looked up")

    with pytest.raises(ConnectionError, match=reason) as failure:
        await HttpxOutbound(resolve=resolve).request("GET", url)
    assert "secret" not in str(failure.value)


async def test_a_redirect_is_followed_and_its_end_is_told(web: Any) -> None:
    answer = await _open(web).request("GET", web.to("/there"))
    assert answer.url == web.url("/there")
    assert [seen["path"].partition("?")[0] for seen in web.requests] == [
        "/redirect",
        "/there",
    ]


@pytest.mark.parametrize(
    "place",
    [
        "http://[::1]:{port}/",
        "//[::1]:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:1/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://100.64.0.1/",
        "https://127.0.0.1:{port}/",
        "ftp://127.0.0.1:{port}/",
        "data:text/plain,hello",
        "javascript:alert(1)",
        "http://127.0.0.1:{port}@[::1]:{port}/",
        "http://10.0.0.1/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "http://user:pass@127.0.0.1:{port}/",
        "http://[",
    ],
)
async def test_t43_every_hop_is_checked(web: Any, place: str) -> None:
    with pytest.raises(ConnectionError):
        await _open(web).request("GET", web.to(place.format(port=web.port)))
    assert len(web.requests) == 1


async def test_t43_only_harmless_headers_go_along_to_another_host(web: Any) -> None:
    sent = {
        "Authorization": "Bearer s",
        "Cookie": "s",
        "Proxy-Authorization": "s",
        "X-Api-Key": "s",
        "Accept": "text/html",
    }
    for host, arriving in (("localhost", False), ("127.0.0.1", True)):
        web.requests.clear()
        outbound = _open(web, "localhost")
        await outbound.request("GET", web.to(web.url(host=host)), headers=sent)
        last = web.requests[-1]["headers"]
        assert last["accept"] == "text/html"
        for name in ("authorization", "cookie", "proxy-authorization", "x-api-key"):
            assert (name in last) is arriving


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "GET", ""), (302, "GET", ""), (303, "GET", ""), (307, "POST", "hello"), (308, "POST", "hello")],
)  # fmt: skip
async def test_t43_what_was_posted_is_posted_again_when_asked_to(
    web: Any, status: int, method: str, body: str
) -> None:
    url = web.to("/there", status=status)
    await _open(web).request(
        "POST", url, body="hello", headers={"content-type": "text/x-own"}
    )
    last = web.requests[-1]
    assert (last["method"], last["body"]) == (method, body)
    assert last["headers"].get("content-type") == ("text/x-own" if body else None)


async def test_t43_a_body_is_not_taken_to_another_host(web: Any) -> None:
    url = web.to(web.url("/there", "localhost"), status=307)
    with pytest.raises(ConnectionRefusedError, match="to another host"):
        await _open(web, "localhost").request("POST", url, body="mine")
    assert len(web.requests) == 1


async def test_t43_redirects_come_to_an_end(web: Any) -> None:
    with pytest.raises(ConnectionError, match="more than 5 redirects"):
        await _open(web).request("GET", web.url("/loop"))
    assert len(web.requests) == 6


async def test_a_large_answer_is_cut_off(web: Any) -> None:
    with pytest.raises(ConnectionError, match="larger than 10 bytes"):
        await _open(web).request("GET", web.url(), max_bytes=10)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/bomb", "larger than 1000000 bytes"),
        ("/brotli", "packed as 'br'"),
        ("/broken", "no proper gzip"),
        ("/gzip_cut", "no proper gzip: it ends too early"),
        ("/drip", "larger than 1000000 bytes"),
        ("/cut", "failed"),
    ],
)
async def test_a_bad_answer_is_refused(web: Any, path: str, reason: str) -> None:
    with pytest.raises(ConnectionError, match=reason):
        await _open(web).request("GET", web.url(path), max_bytes=1_000_000)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("gzip", "larger than 1000000 bytes"),
        ("GZip", "larger than 1000000 bytes"),
        ("deflate", "larger than 1000000 bytes"),
        *((how, "gzip, deflate was asked for") for how in ("br", "zstd", "compress", "x-gzip", "gzip, br", "gzip, gzip", "br, gzip")),
    ],
)  # fmt: skip
async def test_t48_no_packing_fills_the_memory(web: Any, how: str, reason: str) -> None:
    url = web.url(f"/packed?how={urllib.parse.quote(how)}")
    door = _open(web)
    tracemalloc.start()
    try:
        with pytest.raises(ConnectionError, match=reason):
            await door.request("GET", url, max_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000
    assert web.requests[-1]["headers"]["accept-encoding"] == "gzip, deflate"


async def test_a_slow_answer_is_given_up(web: Any) -> None:
    with pytest.raises(ConnectionError, match=r"not answered within 0\.1 s"):
        await _open(web).request("GET", web.url("/slow"), timeout=0.1)


async def test_nobody_there_is_a_failure_of_its_own(unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/x?key=secret"
    with pytest.raises(ConnectionError, match="failed") as failure:
        await HttpxOutbound(["127.0.0.1"]).request("GET", url)
    assert not isinstance(failure.value, ConnectionRefusedError)
    assert "secret" not in str(failure.value)


async def test_an_unknown_name_is_said_to_be_unknown() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(ConnectionError, match=r"no address is known for lost\.example"):
        await HttpxOutbound(resolve=resolve).request("GET", "http://lost.example/")


@pytest.mark.parametrize(
    ("headers", "body"),
    [({"a": "x\r\nb: y"}, None), ({}, {1, 2}), ({"a b": "c"}, None)],
)
async def test_what_cannot_be_sent_is_refused(
    web: Any, headers: Any, body: Any
) -> None:
    with pytest.raises(ConnectionError):
        await _open(web).request("GET", web.url(), headers=headers, body=body)
    assert web.requests == []


def test_it_works_in_any_loop_and_several_at_once(web: Any) -> None:
    outbound = _open(web)

    async def several() -> int:
        answers = [outbound.request("GET", web.url(f"/{n}")) for n in range(20)]
        return sum(answer.status for answer in await asyncio.gather(*answers))

    assert asyncio.run(several()) == asyncio.run(several()) == 4000


async def test_tls_is_checked_against_the_name_not_the_address(secure_web: Any) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    outbound = HttpxOutbound(["bench.example", "other.example"], resolve=resolve)
    url = f"https://bench.example:{secure_web.port}/"
    assert (await outbound.request("GET", url)).is_success
    with pytest.raises(ConnectionError, match=r"(?i)certificate"):
        await outbound.request("GET", url.replace("bench", "other"))
    down = f"redirect?status=302&place=http://bench.example:{secure_web.port}/"
    with pytest.raises(ConnectionRefusedError, match="leave https for http"):
        await outbound.request("GET", url + down)
