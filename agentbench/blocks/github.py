"""Blocks for GitHub, by its REST API."""

import base64
import binascii
import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

_API = Api(
    "https://api.github.com",
    headers={
        "accept": "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
    },
)
_Credential = Annotated[
    str,
    CredentialName("api_key", "oauth2", hosts=("api.github.com",)),
    about("The credential; what is public needs none."),
]
_Repository = Annotated[str, about("Such as `owner/name`, or its address.")]
_Issue = Annotated[str, about("Such as `owner/name#7`, or its address.")]
_REPOSITORY = re.compile(
    r"(?:https?://[^/]+/)?(?:repos/)?([\w.-]{1,100})/([\w.-]{1,100}?)(?:\.git)?/?"
)
_ISSUE = re.compile(
    r"(?:https?://[^/]+/)?([\w.-]{1,100})/([\w.-]{1,100})(?:#|/(?:issues|pull|pulls)/)(\d+)/?(?:[?#].*)?"
)


def _repository(text: str) -> str:
    found = _REPOSITORY.fullmatch(text.strip())
    if not found or ".." in text:
        raise ValueError(f"'repository' {text!r:.80} is none; write owner/name.")
    return f"/repos/{found[1]}/{found[2]}"


def _issue(text: str) -> str:
    found = _ISSUE.fullmatch(text.strip())
    if not found or ".." in text:
        raise ValueError(f"'issue' {text!r:.80} is none; write owner/name#7.")
    return f"/repos/{found[1]}/{found[2]}/issues/{found[3]}"


def _facts(issue: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": issue.get("number"),
        "title": issue.get("title", ""),
        "url": issue.get("html_url", ""),
        "state": issue.get("state", ""),
        "user": (issue.get("user") or {}).get("login", ""),
        "labels": [
            one["name"] if isinstance(one, dict) else one
            for one in issue.get("labels") or []
        ],
    }


@block(
    id="github.issue",
    title="Read GitHub issue",
    keywords=("bug", "ticket", "pull request", "repository", "tracker", "get"),
    effects="reads",
    outputs={
        "title": Annotated[str, about("Its title.")],
        "body": Annotated[str, about("What it says, in Markdown.")],
        "user": Annotated[str, about("Who opened it.")],
        "state": Annotated[str, about("`open` or `closed`.")],
        "labels": Annotated[list[str], about("Its labels.")],
    },
    examples=[
        example(
            {"issue": "ada/engine#7"},
            title="It stops",
            body="At noon.",
            user="grace",
            state="open",
            labels=["bug"],
        )
    ],
)
async def issue(
    issue: _Issue,
    *,
    credential: _Credential = "",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Reads an issue or pull request of GitHub."""
    found = await _API.call(
        context, "GET", _issue(issue), credential=credential, base_url=base_url
    )
    facts = _facts(found)
    return {
        "body": found.get("body") or "",
        **{name: facts[name] for name in ("title", "user", "state", "labels")},
    }


@block(
    id="github.issues",
    title="List GitHub issues",
    keywords=("bugs", "tickets", "tracker", "repository", "pull requests", "search"),
    effects="reads",
    outputs={
        "issue": Annotated[dict[str, Any], about("Each: `number`, `title`, `url`, `state`, `user`, `labels`.")],
        "issues": Annotated[list[dict[str, Any]], about("All of them.")],
    },
    examples=[
        Example(
            inputs={"repository": "ada/engine"},
            outputs={"issue": [{"number": 7, "title": "It stops", "url": "https://github.com/ada/engine/issues/7",
                                "state": "open", "user": "grace", "labels": ["bug"]}]},
        )
    ],
)  # fmt: skip
async def issues(
    repository: _Repository,
    *,
    state: Annotated[Literal["open", "closed", "all"], about("Which ones.")] = "open",
    labels: Annotated[list[str], about("Only with all of these labels.")] = [],  # noqa: B006
    pulls: Annotated[bool, about("Also pull requests.")] = False,
    limit: Annotated[int, pydantic.Field(ge=1, le=1000), about("How many, at most.")] = 100,
    credential: _Credential = "",
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Lists the issues of a repository of GitHub, the newest first."""
    path, found = f"{_repository(repository)}/issues", []
    for page in range(1, limit // 100 + 12):
        params = {
            "state": state,
            "labels": ",".join(labels),
            "per_page": 100,
            "page": page,
        }
        got = await _API.call(
            context,
            "GET",
            path,
            credential=credential,
            base_url=base_url,
            params=params,
        )
        found += [_facts(one) for one in got if pulls or "pull_request" not in one]
        if len(got) < 100 or len(found) >= limit:
            break
    for one in found[:limit]:
        yield "issue", one
    yield "issues", found[:limit]


@block(
    id="github.create_issue",
    title="Open GitHub issue",
    keywords=("bug", "ticket", "report", "create", "new", "make issue", "tracker"),
    effects="sends",
    outputs={
        "number": Annotated[int, about("Its number.")],
        "url": Annotated[str, about("Where it is.")],
    },
    examples=[
        example(
            {"repository": "ada/engine", "title": "It stops", "credential": "github"},
            number=8,
            url="https://github.com/ada/engine/issues/8",
        )
    ],
)
async def create_issue(
    repository: _Repository,
    title: Annotated[str, about("Its title.")],
    body: Annotated[LongText, about("What it says, in Markdown.")] = "",
    *,
    labels: Annotated[list[str], about("Labels to put on it.")] = [],  # noqa: B006
    credential: _Credential,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Opens an issue in a repository of GitHub."""
    given: dict[str, Any] = {"title": title, "body": body}
    if labels:
        given["labels"] = labels
    path = f"{_repository(repository)}/issues"
    found = await _API.call(
        context, "POST", path, credential=credential, base_url=base_url, body=given
    )
    return {"number": found["number"], "url": found["html_url"]}


@block(
    id="github.comment",
    title="Comment on GitHub",
    keywords=("reply", "issue", "pull request", "answer", "note", "discussion"),
    effects="sends",
    outputs={
        "id": Annotated[int, about("The comment's number.")],
        "url": Annotated[str, about("Where it is.")],
    },
    examples=[
        example(
            {"issue": "ada/engine#7", "text": "Thanks", "credential": "github"},
            id=70,
            url="https://github.com/ada/engine/issues/7#issuecomment-70",
        )
    ],
)
async def comment(
    issue: _Issue,
    text: Annotated[LongText, about("What it says, in Markdown.")],
    credential: _Credential,
    *,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Comments on an issue or pull request of GitHub."""
    found = await _API.call(
        context, "POST", f"{_issue(issue)}/comments",
        credential=credential, base_url=base_url, body={"body": text},
    )  # fmt: skip
    return {"id": found["id"], "url": found["html_url"]}


@block(
    id="github.read_file",
    title="Read GitHub file",
    keywords=("repository", "source", "code", "contents", "download", "branch"),
    effects="reads",
    outputs={
        "text": Annotated[str, about("The file as text, when it is text.")],
        "raw": Annotated[str, about("The file in Base64.")],
        "size": Annotated[int, about("In bytes.")],
    },
    examples=[
        example(
            {"repository": "ada/engine", "path": "README.md"},
            text="hello",
            raw="aGVsbG8=",
            size=5,
        )
    ],
)
async def read_file(
    repository: _Repository,
    path: Annotated[str, about("Where in the repository.")],
    branch: Annotated[
        str, about("A branch, tag or commit; its main one when empty.")
    ] = "",
    *,
    credential: _Credential = "",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Reads a file of a repository of GitHub."""
    parts = [part for part in path.split("/") if part]
    if ".." in parts or not parts:
        raise ValueError(f"'path' {path!r:.80} is no path in a repository.")
    place = f"{_repository(repository)}/contents/{'/'.join(map(quote, parts))}"
    found = await _API.call(
        context, "GET", place, credential=credential, base_url=base_url, params={"ref": branch}
    )  # fmt: skip
    if not isinstance(found, dict) or "content" not in found:
        raise ValueError(f"'path' {path!r} is a folder, or too large a file.")
    raw = "".join(found["content"].split())
    try:
        data = base64.b64decode(raw)
        return {"text": data.decode(), "raw": raw, "size": len(data)}
    except UnicodeDecodeError:
        return {"raw": raw, "size": found.get("size", 0)}
    except binascii.Error as error:
        raise ValueError(f"The content of {path!r} is no Base64: {error}.") from error
