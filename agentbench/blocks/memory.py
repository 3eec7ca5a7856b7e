"""Blocks that keep values by key, for the agent's next runs or for all agents."""

from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block, example
from agentbench.domain.context import Context

_Key = Annotated[str, about("Its name.")]
_Scope = Annotated[
    Literal["agent", "everywhere"],
    about("Kept for this agent alone, or for all agents of this user."),
]


@block(
    id="memory.remember",
    title="Remember",
    keywords=("persist", "store", "save", "keep", "key value", "state", "between runs"),
    effects="writes",
    outputs={"value": Annotated[Any, about("The same value.")]},
    examples=[example({"key": "last", "value": {"n": 1}}, value={"n": 1})],
)
def remember(
    key: _Key,
    value: Annotated[Any, about("A plain value: text, numbers, lists, dictionaries.")],
    scope: _Scope = "agent",
    *,
    context: Context,
) -> dict[str, Any]:
    """Keeps a value under a name; the next run still knows it."""
    context.memory.put(key, value, everywhere=scope == "everywhere")
    return {"value": value}


@block(
    id="memory.recall",
    title="Recall",
    keywords=("retrieve", "load", "get", "key value", "state", "remembered", "persist"),
    effects="reads",
    sticky=True,
    outputs={"value": Annotated[Any, about("What is kept, or the default.")]},
    examples=[example({"key": "never", "default": 0}, value=0)],
)
def recall(
    key: _Key,
    scope: _Scope = "agent",
    *,
    default: Annotated[Any, about("When nothing is kept under that name.", shown=True)] = None,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Gives what an earlier run, or another agent, kept under a name."""
    found = context.memory.get(key, everywhere=scope == "everywhere", default=default)
    return {"value": found}


@block(
    id="memory.forget",
    title="Forget",
    keywords=("delete", "clear", "remove", "reset", "key value", "state"),
    effects="writes",
    examples=[example({"key": "never"}, result=False)],
)
def forget(
    key: _Key, scope: _Scope = "agent", *, context: Context
) -> Annotated[bool, about("Whether there was anything.")]:
    """Drops what is kept under a name."""
    return context.memory.forget(key, everywhere=scope == "everywhere")


@block(
    id="memory.keys",
    title="What is remembered",
    keywords=("list", "names", "all", "key value", "state", "stored"),
    effects="reads",
    examples=[example({}, result=[])],
)
def keys(
    scope: _Scope = "agent", *, context: Context
) -> Annotated[list[str], about("The names, in order.")]:
    """Lists the names under which something is kept."""
    return list(context.memory.keys(everywhere=scope == "everywhere"))
