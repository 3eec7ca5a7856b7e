"""AutoGPT's blocks that ask APIs of others: a server here answers as those do."""

import base64
import io
import json
from typing import Any

import pytest

from agentbench.formats.autogpt.catalogue import entries
from agentbench.formats.autogpt.reasons import NOT_HERE
from agentbench.workbench.workbench import workbench
from tests.blocks.apis import Apis, speaking
from tests.blocks.conftest import Fire, apis, checked, context, fire, speaking_apis

__all__ = ["apis", "checked", "context", "fire", "speaking", "speaking_apis"]

PLACE = {
    "name": "Tea House",
    "address": "Oslo 1",
    "phone": "+47 1",
    "rating": 4.5,
    "reviews": 12,
    "website": "https://example.com",
}
KEPT = {"id": "m1", "memory": "Likes tea", "categories": ["food"]}


def block_of(name: str) -> Any:
    entry = next(it for it in entries().values() if it.name == f"{name}Block")
    return workbench().blocks.get(entry.ours)


def sent(apis: Apis, place: str) -> dict[str, Any]:
    """What was asked of a place, as values."""
    [asked] = [it for it in apis.asked if f"{it['host']}/{it['path']}" == place]
    return {**asked, "body": json.loads(asked["body"] or b"null")}


@pytest.mark.parametrize(
    ("name", "inputs", "wanted"),
    [
        (
            "JinaChunking",
            {"texts": ["One. Two."], "max_chunk_length": 5},
            {"chunks": [["One. ", "Two."]]},
        ),
        (
            "JinaEmbedding",
            {"texts": ["tea", "rain"]},
            {"embeddings": [[[0.5, 1.0], [0.0, 0.25]]]},
        ),
        ("AskWolfram", {"question": "2 + 2"}, {"answer": ['Query: "2 + 2"\nResult: 4']}),
        ("GoogleMapsSearch", {"query": "tea in Oslo"}, {"place": [PLACE]}),
        (
            "PineconeInit",
            {"index_name": "notes"},
            {"index": ["notes"], "message": ["The index 'notes' is there."]},
        ),
        (
            "PineconeInsert",
            {"index": "notes", "chunks": ["tea"], "embeddings": [[0.5, 1.0]]},
            {"upsert_response": ["successfully upserted"]},
        ),
        (
            "PineconeQuery",
            {"idx_name": "notes", "query_vector": [0.5, 1.0]},
            {
                "results": [[{"id": "a", "score": 0.9, "metadata": {"text": "tea"}}]],
                "combined_results": ["tea"],
            },
        ),
        (
            "AddMemory",
            {"content": {"discriminator": "content", "content": "I like tea."}},
            {
                "results": [[{"id": "m1", "event": "ADD", "memory": "Likes tea"}]],
                "action": ["ADD"],
                "memory": ["Likes tea"],
            },
        ),
        ("SearchMemory", {"query": "drinks"}, {"memories": [[KEPT]]}),
        ("GetAllMemories", {}, {"memories": [[KEPT]]}),
        ("GetLatestMemory", {}, {"memory": [KEPT], "found": [True]}),
    ],
)  # fmt: skip
async def test_a_block_asks_who_autogpt_asks(
    fire: Fire, apis: Apis, name: str, inputs: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert await fire(block_of(name), credentials="key", **inputs) == wanted
    assert "the-secret-key" in str(apis.asked[-1]["headers"])
    assert "the-secret-key" not in str([it["query"] for it in apis.asked])


async def test_a_fact_is_checked(fire: Fire, apis: Apis) -> None:
    given = await fire(block_of("FactChecker"), statement="Fire.", credentials="jina")
    assert given["factuality"] == [0.95]
    assert given["references"][0][0]["isSupportive"] is True
    asked = sent(apis, "deepsearch.jina.ai/v1/chat/completions")["body"]
    assert asked["response_format"]["type"] == "json_schema"

    bad = {"choices": [{"message": {"content": "It is true."}}]}
    apis.planned["POST deepsearch.jina.ai/v1/chat/completions"] = [(200, bad, {})]
    with pytest.raises(ValueError, match="wanted form"):
        await fire(block_of("FactChecker"), statement="Fire.", credentials="jina")


async def test_places_come_page_by_page(fire: Fire, apis: Apis) -> None:
    one = {"displayName": {"text": "A"}}
    pages = [{"places": [one] * 20, "nextPageToken": "t"}, {"places": [one] * 20}]
    key = "POST places.googleapis.com/v1/places:searchText"
    apis.planned[key] = [(200, page, {}) for page in pages]
    block = block_of("GoogleMapsSearch")
    given = await fire(block, query="tea", max_results=25, credentials="key")
    assert len(given["place"]) == 25
    assert given["place"][0] == {**PLACE, "name": "A", "address": "", "phone": "", "rating": 0, "reviews": 0, "website": ""}  # fmt: skip
    bodies = [json.loads(it["body"]) for it in apis.asked]
    assert [body.get("pageToken") for body in bodies] == [None, "t"]
    assert "places.displayName" in apis.asked[0]["headers"]["x-goog-fieldmask"]


async def test_a_screenshot_is_a_data_uri(fire: Fire, apis: Apis) -> None:
    import PIL.Image

    PIL.Image.new("RGB", (3, 2)).save(file := io.BytesIO(), "PNG")
    picture = file.getvalue(), {"Content-Type": "image/png"}
    apis.planned["GET api.screenshotone.com/take"] = [
        (200, *picture),
        (200, *picture),
        (400, {"error_message": "The host is not there."}, {}),
    ]
    block, url = block_of("ScreenshotWebPage"), "https://example.com"
    given = await fire(block, url=url, full_page=True, credentials="key")
    [image] = given["image"]
    assert base64.b64decode(image.removeprefix("data:image/png;base64,")) == picture[0]
    [asked] = apis.asked
    assert asked["query"]["full_page"] == "true"
    assert asked["query"]["cache"] == "false"
    assert "the-secret-key" in asked["headers"]["x-access-key"]

    own = workbench().blocks.block("web.screenshot")
    assert (await fire(own, url=url, credential="key"))["image"][0].size == (3, 2)
    with pytest.raises(ConnectionError, match="The host is not there"):
        await fire(block, url=url, credentials="key")


async def test_an_index_is_made_where_there_is_none(fire: Fire, apis: Apis) -> None:
    made = {"name": "new", "host": "new-1.svc.x.pinecone.io", "status": {"ready": True}}
    apis.planned["POST api.pinecone.io/indexes"] = [(201, made, {})]
    block = block_of("PineconeInit")
    given = await fire(block, index_name="new", dimension=2, credentials="key")
    assert given["message"] == ["The index 'new' was made."]
    asked = sent(apis, "api.pinecone.io/indexes")["body"]
    assert asked["dimension"] == 2
    assert asked["spec"] == {"serverless": {"cloud": "aws", "region": "us-east-1"}}


async def test_vectors_are_kept_under_ids_of_their_texts(
    fire: Fire, apis: Apis
) -> None:
    block = block_of("PineconeInsert")
    rows = {"chunks": ["a"] * 101, "embeddings": [[1.0]] * 101, "metadata": {"k": 1}}
    await fire(block, index="notes", credentials="key", **rows)
    sends = [json.loads(it["body"])["vectors"] for it in apis.asked if it["body"]]
    assert [len(one) for one in sends] == [100, 1]
    assert sends[0][0]["metadata"] == {"k": 1, "text": "a"}
    assert len({row["id"] for one in sends for row in one}) == 1
    with pytest.raises(ValueError, match="do not go with"):
        await fire(block, index="notes", chunks=["a"], embeddings=[], credentials="key")
    query = block_of("PineconeQuery")
    asked = {"idx_name": "notes", "query_vector": [1.0], "credentials": "key"}
    with pytest.raises(ValueError, match="no host of Pinecone"):
        await fire(query, host="evil.example.com", **asked)
    with pytest.raises(LookupError, match="no index 'none'"):
        await fire(query, **{**asked, "idx_name": "none"})


async def test_memories_are_of_this_user_and_agent(fire: Fire, apis: Apis) -> None:
    talk = {"messages": [{"role": "user", "content": "Hi"}]}
    both = {"credentials": "key", "limit_memory_to_run": True}
    await fire(block_of("AddMemory"), content=talk, metadata={"k": 1}, **both)
    kept = sent(apis, "api.mem0.ai/v1/memories/")["body"]
    assert kept["messages"] == talk["messages"]
    await fire(
        block_of("SearchMemory"),
        query="x",
        categories_filter=["food"],
        metadata_filter={"k": 1},
        **both,
    )
    filters = sent(apis, "api.mem0.ai/v2/memories/search/")["body"]["filters"]["AND"]
    ids = [{name: kept[name]} for name in ("user_id", "agent_id", "run_id")]
    assert filters == [
        *ids,
        {"categories": {"in": ["food"]}},
        {"metadata": {"k": 1}},
    ]
    apis.planned["POST api.mem0.ai/v1/memories/"] = [(200, {"results": []}, {})]
    given = await fire(block_of("AddMemory"), content="Hm.", credentials="key")
    assert given == {"action": ["NO_CHANGE"]}
    apis.planned["POST api.mem0.ai/v2/memories/"] = [(200, [], {})]
    given = await fire(block_of("GetLatestMemory"), credentials="key")
    assert given == {"found": [False]}


@pytest.mark.parametrize("name", NOT_HERE)
def test_what_cannot_be_had_says_why(name: str) -> None:
    block = block_of(name.removesuffix("Block"))
    assert block.missing == NOT_HERE[name]
