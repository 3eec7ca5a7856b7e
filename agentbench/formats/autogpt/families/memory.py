"""AutoGPT's blocks that remember elsewhere: Mem0 and Pinecone."""

import uuid
from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.base import Native

_USER, _AGENT = "mem0 user", "mem0 agent"
"""Under which the names are kept that Mem0 knows this user and this agent by."""


def _whose(given: Given, native: Native) -> dict[str, Any]:
    """Whose memories: AutoGPT's own ids are of its cloud, so these are made here and kept."""
    named = {
        "user": _kept(native, _USER, everywhere=True),
        "credential": given["credentials"],
    }
    if given["limit_memory_to_agent"]:
        named["agent"] = _kept(native, _AGENT)
    if given["limit_memory_to_run"]:
        named["run"] = native.context.run_id
    return named


def _kept(native: Native, key: str, *, everywhere: bool = False) -> str:
    memory = native.context.memory
    name = memory.get(key, everywhere=everywhere)
    if not name:
        name = uuid.uuid4().hex
        memory.put(key, name, everywhere=everywhere)
    return str(name)


def _sought(given: Given, native: Native, categories: str) -> dict[str, Any]:
    return {
        **_whose(given, native),
        "categories": given[categories] or [],
        "metadata": given["metadata_filter"] or {},
    }


async def add(given: Given, native: Native) -> Stream:
    """Has Mem0 keep a text or a conversation."""
    content = given["content"]
    if isinstance(content, Mapping):
        content = content.get("messages") or content.get("content")
    asked = {"content": content, "metadata": given["metadata"]}
    found = await native.all("mem0.add", **asked, **_whose(given, native))
    if not found["results"]:
        yield "action", "NO_CHANGE"
        return
    yield "results", found["results"]
    for one in found["results"]:
        yield "action", str(one.get("event", ""))
        yield "memory", str(one.get("memory", ""))


async def search(given: Given, native: Native) -> Stream:
    """What Mem0 keeps that has to do with something."""
    sought = _sought(given, native, "categories_filter")
    found = await native.all("mem0.search", query=given["query"], **sought)
    yield "memories", found["memories"]


async def list_all(given: Given, native: Native) -> Stream:
    """All that Mem0 keeps."""
    sought = _sought(given, native, "categories")
    found = await native.all("mem0.list", count=10_000, **sought)
    yield "memories", found["memories"]


async def latest(given: Given, native: Native) -> Stream:
    """What Mem0 keeps since last; nothing at `memory` where there is none."""
    sought = _sought(given, native, "categories")
    if given["conversation_id"]:
        sought["run"] = given["conversation_id"]
    found = await native.all("mem0.list", count=1, **sought)
    for one in found["memories"]:
        yield "memory", one
    yield "found", bool(found["memories"])


async def insert(given: Given, native: Native) -> Stream:
    """Keeps texts with their vectors in Pinecone."""
    await native.all(
        "pinecone.insert",
        index=given["index"],
        chunks=given["chunks"],
        vectors=given["embeddings"],
        namespace=given["namespace"],
        metadata=given["metadata"],
        credential=given["credentials"],
    )
    yield "upsert_response", "successfully upserted"


MEMORY: Mapping[str, Work] = {
    "AddMemoryBlock": Does(function=add, block="mem0.add"),
    "SearchMemoryBlock": Does(function=search, block="mem0.search"),
    "GetAllMemoriesBlock": Does(function=list_all, block="mem0.list"),
    "GetLatestMemoryBlock": Does(function=latest, block="mem0.list"),
    "PineconeInsertBlock": Does(function=insert, block="pinecone.insert"),
}
