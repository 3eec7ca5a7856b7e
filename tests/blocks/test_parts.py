"""What goes to an API in parts: all of it goes, and what went is not sent again."""

import json
from typing import Any

import pytest

from agentbench.blocks.discord import send
from agentbench.blocks.notion.pages import create_page
from tests.blocks.apis import Apis


@pytest.fixture
def begins_again(context: Any) -> None:
    """`context.once`, as the engine has it for a firing that begins again."""
    kept: dict[str, Any] = {}

    async def once(step: str, make: Any) -> Any:
        if step not in kept:
            kept[step] = await make()
        return kept[step]

    context.once = once


async def test_a_long_page_is_made_whole(
    fire: Any, apis: Apis, begins_again: None
) -> None:
    place, page = "api.notion.com/v1/blocks/p/children", "2" * 32
    apis.planned["POST api.notion.com/v1/pages"] = [(200, {"id": "p", "url": "u"}, {})]
    apis.planned[f"PATCH {place}"] = [(200, {}, {}), (400, {}, {}), (200, {}, {})]
    text = "\n\n".join(f"line {number}" for number in range(250))
    inputs = {"page": page, "title": "Long", "content": text, "credential": "key"}
    with pytest.raises(ConnectionError):
        await fire(create_page, **inputs)
    assert (await fire(create_page, **inputs))["id"] == ["p"]
    sizes = [
        (it["method"], len(json.loads(it["body"])["children"])) for it in apis.asked
    ]
    assert sizes == [("POST", 100), ("PATCH", 100), ("PATCH", 50), ("PATCH", 50)]


async def test_a_part_of_a_message_is_said_once(
    fire: Any, apis: Apis, begins_again: None
) -> None:
    place = "POST discord.com/api/v10/channels/7/messages"
    apis.planned[place] = [
        (200, {"id": "1"}, {}),
        (400, {}, {}),
        (200, {"id": "2"}, {}),
    ]
    inputs = {"channel": "7", "text": "a" * 2000 + "b", "credential": "key"}
    with pytest.raises(ConnectionError):
        await fire(send, **inputs)
    assert (await fire(send, **inputs))["message_id"] == ["2"]
    said = [json.loads(it["body"])["content"][0] for it in apis.asked]
    assert said == ["a", "b", "b"]
