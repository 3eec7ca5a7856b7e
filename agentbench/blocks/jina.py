"""Blocks for what Jina does with texts, by its plain HTTP API: pieces, vectors, facts checked."""

import asyncio
import json
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl, texts
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName

_API = Api("https://api.jina.ai")
_DEEP = Api("https://deepsearch.jina.ai")
_AT_ONCE = 4
"""So many texts are sent side by side."""
_Credential = Annotated[
    str,
    CredentialName("api_key", hosts=("*.jina.ai",)),
    about("The credential for Jina."),
]
_Texts = Annotated[list[str], about("The texts, in order.")]
_CHECKED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "factuality": {
            "type": "number",
            "description": "How far the statement is true, from 0 to 1.",
        },
        "result": {"type": "boolean", "description": "Whether it is true as a whole."},
        "reason": {"type": "string", "description": "Why, in one or two sentences."},
        "references": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "url": {"type": "string"},
                    "keyQuote": {"type": "string", "description": "Its own words."},
                    "isSupportive": {"type": "boolean"},
                },
                "required": ["url", "keyQuote", "isSupportive"],
            },
        },
    },
    "required": ["factuality", "result", "reason", "references"],
}


@block(
    id="jina.split",
    title="Split texts with Jina",
    keywords=("chunk", "segment", "pieces", "tokens", "split", "rag"),
    effects="reads",
    outputs={
        "chunks": Annotated[list[str], about("The pieces of all texts, in order.")],
        "tokens": Annotated[list[Any], about("What tokens they are made of, if asked for.")],
    },
    examples=[
        example(
            {"texts": ["One. Two."], "size": 5, "give_tokens": True, "credential": "jina"},
            chunks=["One. ", "Two."],
            tokens=[[["One", [3198]], [".", [13]]]],
        )
    ],
)  # fmt: skip
async def split(
    texts: _Texts,
    credential: _Credential,
    *,
    size: Annotated[
        int, pydantic.Field(ge=1), about("The most characters of a piece.")
    ] = 1000,
    give_tokens: Annotated[bool, about("Give the tokens too.", advanced=True)] = False,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Cuts texts into pieces where their sense allows it."""
    side_by_side = asyncio.Semaphore(_AT_ONCE)

    async def cut(text: str) -> Any:
        body = {
            "content": text,
            "return_chunks": True,
            "return_tokens": give_tokens,
            "max_chunk_length": size,
        }
        async with side_by_side:
            return await _API.call(
                context, "POST", "/v1/segment", credential=credential, base_url=base_url, body=body
            )  # fmt: skip

    found = await asyncio.gather(*map(cut, texts))
    chunks = [piece for one in found for piece in one.get("chunks") or []]
    if not give_tokens:
        return {"chunks": chunks}
    return {
        "chunks": chunks,
        "tokens": [it for one in found for it in one.get("tokens") or []],
    }


@block(
    id="jina.embed",
    title="Embed with Jina",
    keywords=("vector", "embedding", "similarity", "semantic", "rag"),
    effects="reads",
    outputs={
        "vectors": Annotated[list[list[float]], about("A vector for each, in order.")],
    },
    examples=[
        example(
            {"texts": ["tea", "rain"], "credential": "jina"},
            vectors=[[0.5, 1.0], [0.0, 0.25]],
        )
    ],
)
async def embed(
    texts: _Texts,
    credential: _Credential,
    *,
    model: Annotated[
        str, about("Which of Jina's models.")
    ] = "jina-embeddings-v2-base-en",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Turns texts into vectors, which are near each other where the texts are."""
    if not texts:
        return {"vectors": []}
    found = await _API.call(
        context, "POST", "/v1/embeddings", credential=credential, base_url=base_url,
        body={"model": model, "input": texts},
    )  # fmt: skip
    data = sorted(found.get("data") or [], key=lambda one: one.get("index", 0))
    if len(data) != len(texts):
        raise ValueError(f"Jina gave {len(data)} vectors for {len(texts)} texts.")
    return {"vectors": [one["embedding"] for one in data]}


@block(
    id="jina.check",
    title="Check a fact",
    keywords=("fact check", "true", "false", "grounding", "verify", "claim", "sources"),
    effects="reads",
    cost="what Jina asks for a deep search",
    outputs={
        "factuality": Annotated[float, about("How far it is true, from 0 to 1.")],
        "result": Annotated[bool, about("Whether it is true as a whole.")],
        "reason": Annotated[str, about("Why.")],
        "references": Annotated[
            list[dict[str, Any]], about("`url`, `keyQuote` and `isSupportive` of each.")
        ],
    },
    examples=[
        example(
            {"statement": "Fire is hot.", "credential": "jina"},
            factuality=0.95,
            result=True,
            reason="It burns.",
            references=[
                {
                    "url": "https://example.com/fire",
                    "keyQuote": "Fire burns.",
                    "isSupportive": True,
                }
            ],
        )
    ],
)
async def check(
    statement: Annotated[str, about("What is said to be so.")],
    credential: _Credential,
    *,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Has Jina look in the web whether a statement is true, and say by what.

    It takes a minute or more: Jina searches, reads and thinks.
    """
    if not statement.strip():
        raise ValueError("'statement' is empty; there is nothing to check.")
    form = {"type": "json_schema", "json_schema": _CHECKED}
    asked = f"Check whether this statement is true, and quote what you rely on: {statement!r}"
    found = await _DEEP.call(
        context, "POST", "/v1/chat/completions", credential=credential, base_url=base_url, timeout=300,
        body={
            "model": "jina-deepsearch-v1",
            "messages": [{"role": "user", "content": asked}],
            "stream": False,
            "response_format": form,
        },
    )  # fmt: skip
    return _checked(found)


def _checked(answer: Any) -> dict[str, Any]:
    choices = answer.get("choices") or [{}]
    said = texts((choices[0].get("message") or {}).get("content"))
    try:
        found = json.loads(said)
        return {name: found[name] for name in _CHECKED["required"]}
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            f"Jina's answer does not have the wanted form: it begins {said[:80]!r}."
        ) from error
