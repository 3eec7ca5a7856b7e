"""The repository and number that an address names, and GitHub's two APIs."""

import re
from typing import Any

from agentbench.formats.autogpt.block import Given
from agentbench.formats.autogpt.calls.call import Api
from agentbench.formats.base import Native

API = Api(
    "https://api.github.com",
    headers=(
        ("accept", "application/vnd.github+json"),
        ("x-github-api-version", "2022-11-28"),
    ),
)
_PLACE = re.compile(
    r"(?:https?://(?:www\.|api\.)?github\.com/(?:repos/)?|git@github\.com:)?"
    r"(?P<repo>[\w.-]+/[\w.-]+?)(?:\.git)?"
    r"(?:/(?:issues|pulls?|discussions)(?:/comments)?/(?P<number>\d+))?(?:[/#?].*)?"
)


def placed(given: Given) -> dict[str, Any]:
    """The repository, and the number of an issue or pull request, of the address that a node has."""
    names = ("issue_url", "pr_url", "repo_url", "repo", "comment_url")
    said = next((str(given[it]) for it in names if given.get(it)), "")
    found = _PLACE.fullmatch(said.strip())
    if found is None:
        raise ValueError(f"{said!r} is no address of a repository of GitHub's.")
    placed = {"repo": found["repo"]}
    for name in ("number", "pr_number"):
        if name == "pr_number" and given.get(name) is not None:
            placed["number"] = str(given[name])
    if found["number"]:
        placed.setdefault("number", found["number"])
    return placed


def both(one: str, many: str, items: str) -> str:
    """The words that give a list, and each of its items."""
    return f"{many}<{items}; {one}*<{items}"


async def graph(given: Given, native: Native, query: str, **variables: Any) -> Any:
    """What a query of GraphQL gives.

    Raises:
        CallRefused: it has a mistake, or asks for what is not there.
    """
    return await API.graph(native, given, query, **variables)
