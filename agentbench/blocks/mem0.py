"""Blocks for Mem0, which keeps what matters of texts and finds it by meaning, by its REST API."""

from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName

_API = Api("https://api.mem0.ai", scheme="Token")
_Credential = Annotated[
    str,
    CredentialName("api_key", hosts=("api.mem0.ai",)),
    about("The credential for Mem0."),
]
_User = Annotated[str, about("Whose memories, by a name of your choice.")]
_Agent = Annotated[str, about("Of this agent only; empty for all.", advanced=True)]
_Run = Annotated[str, about("Of this run or talk only; empty for all.", advanced=True)]
_Categories = Annotated[
    list[str], about("Of one of these categories only.", advanced=True)
]
_Metadata = Annotated[
    dict[str, Any], about("What has to be kept with it.", advanced=True)
]
_MEMORY = {"id": "m1", "memory": "Likes tea", "categories": ["food"]}


@block(
    id="mem0.add",
    title="Add to Mem0",
    keywords=("memory", "remember", "keep", "facts", "personal"),
    effects="sends",
    outputs={
        "results": Annotated[
            list[dict[str, Any]],
            about("What became of it: `event`, `memory` and `id` of each."),
        ],
    },
    examples=[
        example(
            {"content": "I like tea.", "user": "ada", "credential": "mem0"},
            results=[{"id": "m1", "event": "ADD", "memory": "Likes tea"}],
        )
    ],
)
async def add(
    content: Annotated[
        Any, about("A text, or messages: a list of `role` and `content`.")
    ],
    user: _User,
    credential: _Credential,
    *,
    agent: _Agent = "",
    run: _Run = "",
    metadata: Annotated[dict[str, Any], about("Kept with it.", advanced=True)] = {},  # noqa: B006
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Has Mem0 keep what is worth to be known of a text or a conversation."""
    body = {
        "messages": _messages(content),
        "metadata": metadata,
        "output_format": "v1.1",
        "async_mode": False,
        **_ids(user, agent, run),
    }
    found = await _API.call(
        context, "POST", "/v1/memories/", credential=credential, base_url=base_url, body=body, timeout=60
    )  # fmt: skip
    return {"results": [_flat(one) for one in _listed(found)]}


@block(
    id="mem0.search",
    title="Search Mem0",
    keywords=("memory", "recall", "find", "remember", "meaning"),
    effects="reads",
    outputs={"memories": Annotated[list[dict[str, Any]], about("The best first.")]},
    examples=[
        example(
            {"query": "drinks", "user": "ada", "credential": "mem0"}, memories=[_MEMORY]
        )
    ],
)
async def search(
    query: Annotated[str, about("What is looked for, in words.")],
    user: _User,
    credential: _Credential,
    *,
    agent: _Agent = "",
    run: _Run = "",
    categories: _Categories = [],  # noqa: B006
    metadata: _Metadata = {},  # noqa: B006
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Finds what Mem0 keeps that has to do with something."""
    body = {"query": query, "filters": _filters(user, agent, run, categories, metadata)}
    found = await _API.call(
        context, "POST", "/v2/memories/search/", credential=credential, base_url=base_url, body=body
    )  # fmt: skip
    return {"memories": _listed(found)}


@block(
    id="mem0.list",
    title="List Mem0",
    keywords=("memory", "all", "latest", "recall", "remember"),
    effects="reads",
    outputs={"memories": Annotated[list[dict[str, Any]], about("The latest first.")]},
    examples=[example({"user": "ada", "credential": "mem0"}, memories=[_MEMORY])],
)
async def list_(
    user: _User,
    credential: _Credential,
    *,
    agent: _Agent = "",
    run: _Run = "",
    categories: _Categories = [],  # noqa: B006
    metadata: _Metadata = {},  # noqa: B006
    count: Annotated[
        int, pydantic.Field(ge=1, le=10_000), about("The most that are given.")
    ] = 100,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Gives what Mem0 keeps."""
    body = {"filters": _filters(user, agent, run, categories, metadata)}
    given: list[dict[str, Any]] = []
    page, size = 1, min(count, 100)
    while len(given) < count:
        found = await _API.call(
            context, "POST", "/v2/memories/", credential=credential, base_url=base_url, body=body,
            params={"page": page, "page_size": size},
        )  # fmt: skip
        given += (more := _listed(found))
        page += 1
        if not (isinstance(found, dict) and found.get("next") and more):
            break
    return {"memories": given[:count]}


def _ids(user: str, agent: str, run: str) -> dict[str, str]:
    if not user.strip():
        raise ValueError("'user' is empty: memories are somebody's.")
    named = {"user_id": user, "agent_id": agent, "run_id": run}
    return {name: it for name, it in named.items() if it}


def _filters(
    user: str, agent: str, run: str, categories: list[str], metadata: dict[str, Any]
) -> dict[str, Any]:
    wanted: list[dict[str, Any]] = [{k: v} for k, v in _ids(user, agent, run).items()]
    if categories:
        wanted.append({"categories": {"in": categories}})
    wanted += [{"metadata": {name: value}} for name, value in metadata.items()]
    return {"AND": wanted}


def _messages(content: Any) -> list[dict[str, str]]:
    if isinstance(content, str) and content.strip():
        return [{"role": "user", "content": content}]
    if isinstance(content, list) and content:
        return [
            {"role": str(one.get("role", "user")), "content": str(one["content"])}
            if isinstance(one, dict) and "content" in one
            else {"role": "user", "content": str(one)}
            for one in content
        ]
    raise ValueError("'content' is no text and no list of messages, or empty.")


def _listed(found: Any) -> list[dict[str, Any]]:
    """What Mem0 answers comes as a list, or as a dictionary with one."""
    given = found.get("results", []) if isinstance(found, dict) else found
    return [one for one in given or [] if isinstance(one, dict)]


def _flat(result: dict[str, Any]) -> dict[str, Any]:
    """What was kept beside what became of it; Mem0 has it one level down."""
    data = result.get("data")
    if "memory" in result or not isinstance(data, dict):
        return result
    rest = {name: it for name, it in result.items() if name != "data"}
    return {**rest, "memory": str(data.get("memory", ""))}
