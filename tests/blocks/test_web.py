"""Fetching from and sending to the web, over a real local server."""

import dataclasses
from typing import Any

import pytest

from agentbench.blocks.web.asking import fetch, send
from agentbench.network.outbound import HttpxOutbound


@pytest.mark.parametrize(
    ("path", "body"),
    [("/json", {"ok": [1, 2]}), ("/text", "né"), ("/bytes", b"\x89PNG"), ("/", None)],
)
async def test_the_body_is_read_by_its_type(
    fire: Any, server: str, path: str, body: Any
) -> None:
    given = await fire(fetch, url=server + path)
    assert (given["body"], given["status"]) == ([body], [200])
    assert given["headers"][0]["content-type"]


async def test_parameters_and_headers_go_along(fire: Any, server: str) -> None:
    given = await fire(
        fetch, url=f"{server}/echo?a=1", params={"q": "é b"}, headers={"X-Key": "k"}
    )
    (echo,) = given["body"]
    assert echo["path"] == "/echo?a=1&q=%C3%A9+b"
    assert {k.lower(): v for k, v in echo["headers"].items()}["x-key"] == "k"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_dictionary_is_sent_as_json(
    fire: Any, server: str, method: str
) -> None:
    given = await fire(send, url=f"{server}/echo", method=method, body={"a": [1]})
    (echo,) = given["body"]
    assert (echo["method"], echo["body"]) == (method, '{"a":[1]}')
    assert {k.lower(): v for k, v in echo["headers"].items()}[
        "content-type"
    ] == "application/json"


async def test_text_is_sent_as_it_is(fire: Any, server: str) -> None:
    given = await fire(send, url=f"{server}/echo", body="plain é")
    assert given["body"][0]["body"] == "plain é"


async def test_a_status_without_success_fails_with_the_answer(
    fire: Any, server: str
) -> None:
    with pytest.raises(ConnectionError) as failure:
        await fire(fetch, url=f"{server}/missing?key=secret")
    said = str(failure.value)
    assert said.startswith(f"GET {server}/missing answered 404 Not Found: <p>no such")
    assert "secret" not in said
    assert len(said) < 300


async def test_any_status_may_be_accepted(fire: Any, server: str) -> None:
    given = await fire(fetch, url=f"{server}/missing", accept_any_status=True)
    assert given["status"] == [404]
    assert given["body"][0].startswith("<p>no such")


async def test_an_answer_that_only_claims_to_be_json_fails(
    fire: Any, server: str
) -> None:
    with pytest.raises(ValueError, match=r"says its answer is JSON.*begins '<html>'"):
        await fire(fetch, url=f"{server}/bad-json")


async def test_a_closed_address_is_refused(
    context: Any, server: str, fire: Any
) -> None:
    closed = dataclasses.replace(context, outbound=HttpxOutbound())
    with pytest.raises(ConnectionRefusedError, match="AGENTBENCH_ALLOWED_HOSTS"):
        await fetch(server, context=closed)


def test_reading_and_sending_say_what_they_do() -> None:
    assert (fetch.effects, send.effects) == ("reads", "sends")
