"""Blocks for Pinecone, which keeps vectors and finds the nearest, by its REST API."""

import asyncio
import hashlib
import json
import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.answers import Refused
from agentbench.blocks.base.api import Api, BaseUrl, texts
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName

_API = Api(
    "https://api.pinecone.io",
    headers={"x-pinecone-api-version": "2025-04"},
    key_header="api-key",
    scheme="",
)
_BATCH = 100
"""So many vectors are sent in one request."""
_READY, _EVERY = 60, 2.0
"""How often it is asked whether an index is ready, and the seconds between."""
_HOST = re.compile(r"(?:https://)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.pinecone\.io)/?")
_Credential = Annotated[
    str,
    CredentialName("api_key", hosts=("*.pinecone.io",)),
    about("The credential for Pinecone."),
]
_Index = Annotated[str, about("The name of the index.")]
_Namespace = Annotated[str, about("The part of the index; empty for the first one.")]


@block(
    id="pinecone.index",
    title="Pinecone index",
    keywords=("vector database", "rag", "create", "store", "embedding"),
    effects="sends",
    cost="what Pinecone asks for an index",
    outputs={
        "index": Annotated[str, about("Its name.")],
        "host": Annotated[str, about("Where it is.")],
        "created": Annotated[bool, about("Whether it was not there before.")],
        "message": Annotated[str, about("The same in words.")],
    },
    examples=[
        example(
            {"name": "notes", "credential": "pinecone"},
            index="notes",
            host="notes-1.svc.aped-4627.pinecone.io",
            created=False,
            message="The index 'notes' is there.",
        )
    ],
)
async def index(
    name: _Index,
    credential: _Credential,
    *,
    dimension: Annotated[
        int, pydantic.Field(ge=1, le=20_000), about("How long the vectors are.")
    ] = 768,
    metric: Annotated[
        Literal["cosine", "euclidean", "dotproduct"], about("What near means.")
    ] = "cosine",
    cloud: Annotated[str, about("Whose machines: aws, gcp or azure.")] = "aws",
    region: Annotated[str, about("Where those are.")] = "us-east-1",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Gives an index of that name; makes it where there is none, and waits until it is ready."""
    found = await _there(context, name, credential, base_url)
    is_new = found is None
    if found is None:
        body = {
            "name": name,
            "dimension": dimension,
            "metric": metric,
            "spec": {"serverless": {"cloud": cloud, "region": region}},
        }
        found = await _API.call(
            context, "POST", "/indexes", credential=credential, base_url=base_url, body=body
        )  # fmt: skip
    for _ in range(_READY):
        if found and (found.get("status") or {}).get("ready"):
            break
        await asyncio.sleep(_EVERY)
        found = await _there(context, name, credential, base_url)
    else:
        raise TimeoutError(f"The index {name!r} did not become ready; try again later.")
    said = f"The index {name!r} {'was made' if is_new else 'is there'}."
    host = texts(found.get("host"))
    return {"index": name, "host": host, "created": is_new, "message": said}


@block(
    id="pinecone.insert",
    title="Keep in Pinecone",
    keywords=("vector database", "rag", "upsert", "insert", "store", "embedding"),
    effects="sends",
    outputs={"count": Annotated[int, about("How many were kept.")]},
    examples=[
        example(
            {
                "index": "notes",
                "chunks": ["tea"],
                "vectors": [[0.5, 1.0]],
                "credential": "pinecone",
            },
            count=1,
        )
    ],
)
async def insert(
    index: _Index,
    chunks: Annotated[list[Any], about("The texts, or whatever the vectors are of.")],
    vectors: Annotated[list[list[float]], about("A vector for each.")],
    credential: _Credential,
    *,
    namespace: _Namespace = "",
    metadata: Annotated[
        dict[str, Any], about("Kept with each, beside its text.", advanced=True)
    ] = {},  # noqa: B006 - read, never changed
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Keeps texts with their vectors; the same text in the same place is replaced."""
    if len(chunks) != len(vectors):
        raise ValueError(f"{len(chunks)} chunks do not go with {len(vectors)} vectors.")
    host = await _host(context, index, credential, base_url)
    rows: list[dict[str, Any]] = [
        # By its content: what is sent again after a fault is not kept twice.
        {"id": _id(chunk), "values": vector, "metadata": {**metadata, "text": _text(chunk)}}
        for chunk, vector in zip(chunks, vectors, strict=True)
    ]  # fmt: skip
    count = 0
    for start in range(0, len(rows), _BATCH):
        body = {"vectors": rows[start : start + _BATCH], "namespace": namespace}
        found = await _API.call(
            context, "POST", "/vectors/upsert", credential=credential, base_url=host, body=body
        )  # fmt: skip
        count += int(found.get("upsertedCount", 0))
        context.progress(count, len(rows))
    return {"count": count}


@block(
    id="pinecone.query",
    title="Search Pinecone",
    keywords=("vector database", "rag", "nearest", "similar", "find", "embedding"),
    effects="reads",
    outputs={
        "matches": Annotated[
            list[dict[str, Any]], about("`id`, `score` and `metadata` of each.")
        ],
        "text": Annotated[str, about("Their texts, one after the other.")],
    },
    examples=[
        example(
            {"index": "notes", "vector": [0.5, 1.0], "credential": "pinecone"},
            matches=[{"id": "a", "score": 0.9, "metadata": {"text": "tea"}}],
            text="tea",
        )
    ],
)
async def query(
    index: _Index,
    vector: Annotated[list[float], about("What is near it is found.")],
    credential: _Credential,
    *,
    count: Annotated[
        int, pydantic.Field(ge=1, le=10_000), about("How many are given.")
    ] = 3,
    namespace: _Namespace = "",
    host: Annotated[
        str, about("Where the index is, if known: saves a request.", advanced=True)
    ] = "",
    give_vectors: Annotated[
        bool, about("Give their vectors too.", advanced=True)
    ] = False,
    give_metadata: Annotated[
        bool, about("Give what is kept with them.", advanced=True)
    ] = True,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Finds the vectors that are nearest to one, and what is kept with them."""
    place = await _host(context, index, credential, base_url, host=host)
    body = {
        "vector": vector,
        "topK": count,
        "namespace": namespace,
        "includeValues": give_vectors,
        "includeMetadata": give_metadata,
    }
    found = await _API.call(
        context, "POST", "/query", credential=credential, base_url=place, body=body
    )
    matches = found.get("matches") or []
    kept = [texts((one.get("metadata") or {}).get("text")) for one in matches]
    return {"matches": matches, "text": "\n\n".join(filter(None, kept))}


async def _there(
    context: Context, name: str, credential: str, base_url: str
) -> dict[str, Any] | None:
    """What Pinecone says of an index, or None where there is none."""
    if not name.strip():
        raise ValueError("The name of the index is empty.")
    path = f"/indexes/{quote(name, safe='')}"
    try:
        found: dict[str, Any] = await _API.call(
            context, "GET", path, credential=credential, base_url=base_url
        )
    except Refused as refused:
        if refused.status != 404:
            raise
        return None
    return found


async def _host(
    context: Context, name: str, credential: str, base_url: str, *, host: str = ""
) -> str:
    """The base URL of an index; of another server, which has all at one place, its own."""
    if base_url:
        return base_url
    if not host:
        found = await _there(context, name, credential, base_url)
        if found is None:
            raise LookupError(f"Pinecone has no index {name!r}.")
        host = texts(found.get("host"))
    match = _HOST.fullmatch(host.strip().lower())
    if not match:
        raise ValueError(f"'host' {host!r:.80} is no host of Pinecone's.")
    return f"https://{match[1]}"


def _text(chunk: Any) -> str:
    return chunk if isinstance(chunk, str) else json.dumps(chunk, default=str)


def _id(chunk: Any) -> str:
    return hashlib.sha256(_text(chunk).encode()).hexdigest()[:32]
