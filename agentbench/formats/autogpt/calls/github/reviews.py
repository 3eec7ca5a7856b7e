"""Pull requests, reviews, checks and discussions of GitHub, where that takes several calls."""

import fnmatch
import re
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream
from agentbench.formats.autogpt.calls.call import Sent, given_of
from agentbench.formats.autogpt.calls.github.places import API, both, graph, placed
from agentbench.formats.base import Native

REVIEWED = (
    "{id: id, user: user.login, body: body, path: path, line: line, side: side,"
    " created_at: created_at, updated_at: updated_at, in_reply_to_id: in_reply_to_id,"
    " html_url: html_url}"
)


async def update_comment(given: Given, native: Native) -> Stream:
    """Changes a comment, said by its address or by the issue and its number."""
    said = str(given["comment_url"] or "")
    found = re.search(r"(?:comment-|comments/)(\d+)", said)
    number = found[1] if found else str(given["comment_id"])
    if not number:
        raise ValueError("Say which comment: by 'comment_url', or by 'comment_id'.")
    place = f"/repos/{placed(given)['repo']}/issues/comments/{number}"
    answer = await API.ask(
        native, given, "PATCH", place, Sent(body={"body": given["comment"]})
    )
    for pair in given_of("id; url<html_url", answer, given):
        yield pair


async def read_pull(given: Given, native: Native) -> Stream:
    """A pull request, and what it changes."""
    pull = placed(given)
    place = f"/repos/{pull['repo']}/pulls/{pull.get('number')}"
    answer = await API.ask(native, given, "GET", place)
    for pair in given_of("title; author<user.login", answer, given):
        yield pair
    yield "body", answer.get("body") or ""
    if given["include_pr_changes"]:
        kind = {"accept": "application/vnd.github.diff"}
        changes = await API.ask(native, given, "GET", place, headers=kind)
        yield (
            "changes",
            changes.decode("utf-8", "replace")
            if isinstance(changes, bytes)
            else str(changes),
        )


async def discussions(given: Given, native: Native) -> Stream:
    """The discussions of a repository."""
    owner, _, name = placed(given)["repo"].partition("/")
    query = (
        "query($owner: String!, $name: String!, $count: Int!) { repository(owner: $owner, name: $name)"
        " { discussions(first: $count) { nodes { title url } } } }"
    )
    data = await graph(
        given, native, query, owner=owner, name=name, count=given["num_discussions"]
    )
    found = data["repository"]["discussions"]["nodes"]
    yield "discussions", found
    for one in found:
        yield "discussion", one


async def resolve(given: Given, native: Native) -> Stream:
    """Resolves the thread of a review that a comment is in, or opens it again."""
    pull = placed(given)
    owner, _, name = pull["repo"].partition("/")
    query = (
        "query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name)"
        " { pullRequest(number: $number) { reviewThreads(first: 100) { nodes { id"
        " comments(first: 100) { nodes { databaseId } } } } } } }"
    )
    data = await graph(
        given, native, query, owner=owner, name=name, number=int(pull["number"])
    )
    for thread in data["repository"]["pullRequest"]["reviewThreads"]["nodes"]:
        if any(
            it["databaseId"] == given["comment_id"]
            for it in thread["comments"]["nodes"]
        ):
            verb = (
                "resolveReviewThread" if given["resolve"] else "unresolveReviewThread"
            )
            change = f"mutation($id: ID!) {{ {verb}(input: {{threadId: $id}}) {{ thread {{ id }} }} }}"
            await graph(given, native, change, id=thread["id"])
            yield "success", True
            return
    raise LookupError(
        f"No thread of the pull request has the comment {given['comment_id']}."
    )


async def review(given: Given, native: Native) -> Stream:
    """Reviews a pull request; a draft waits until it is submitted."""
    pull = placed(given)
    body: dict[str, Any] = {"body": given["body"]}
    if not given["create_as_draft"]:
        body["event"] = given["event"]
    if given["comments"]:
        body["comments"] = [
            {key: it for key, it in one.items() if it is not None}
            for one in given["comments"]
        ]
    place = f"/repos/{pull['repo']}/pulls/{pull['number']}/reviews"
    answer = await API.ask(native, given, "POST", place, Sent(body=body))
    for pair in given_of("review_id<id; state; html_url", answer, given):
        yield pair


async def review_comments(given: Given, native: Native) -> Stream:
    """The comments of one review, or of all reviews of a pull request."""
    pull = placed(given)
    inner = f"/reviews/{given['review_id']}" if given["review_id"] else ""
    place = f"/repos/{pull['repo']}/pulls/{pull['number']}{inner}/comments"
    answer = await API.ask(native, given, "GET", place)
    for pair in given_of(both("comment", "comments", f"[].{REVIEWED}"), answer, given):
        yield pair


def comment_object(given: Given) -> Any:
    """A comment to go with a review."""
    names = ("path", "body", "position", "line", "side", "start_line", "start_side")
    yield "comment_object", {it: given[it] for it in names if given[it] is not None}


async def checks(given: Given, native: Native) -> Stream:
    """What the checks of a commit, branch or pull request came to."""
    repo, target = placed({"repo": given["repo"]})["repo"], str(given["target"])
    if target.isdigit():
        pull = await API.ask(native, given, "GET", f"/repos/{repo}/pulls/{target}")
        target = pull["head"]["sha"]
    answer = await API.ask(
        native,
        given,
        "GET",
        f"/repos/{repo}/commits/{target}/check-runs",
        Sent(params={"per_page": 100}),
    )
    wanted = str(given["check_name_filter"] or "*")
    runs = [
        it
        for it in answer["check_runs"]
        if fnmatch.fnmatchcase(it["name"].lower(), wanted.lower())
    ]
    done = [it for it in runs if it["status"] == "completed"]
    passed = [
        it for it in done if it["conclusion"] in ("success", "neutral", "skipped")
    ]
    names = (
        "id",
        "name",
        "status",
        "conclusion",
        "started_at",
        "completed_at",
        "html_url",
        "details_url",
    )
    shown: list[dict[str, Any]] = []
    for run in runs:
        output = run.get("output") or {}
        shown.append(
            {it: run.get(it) for it in names}
            | {f"output_{it}": output.get(it) for it in ("title", "summary", "text")}
        )
    for one in shown:
        yield "check_run", one
    yield "check_runs", shown
    if given["search_pattern"]:
        lines = await _matching(native, str(given["search_pattern"]), shown)
        for line in lines:
            yield "matched_line", line
        yield "matched_lines", lines
    yield "total_checks", len(runs)
    yield "passed_checks", len(passed)
    yield "failed_checks", len(done) - len(passed)
    is_done = len(done) == len(runs)
    yield "overall_status", "completed" if is_done else "pending"
    failed = len(passed) < len(done)
    yield (
        "overall_conclusion",
        "failure" if failed else "success" if is_done else "pending",
    )


async def _matching(
    native: Native, pattern: str, runs: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The lines of what checks say in which a pattern is found, with two lines around each."""
    found = []
    for run in runs:
        texts = (run[f"output_{it}"] for it in ("title", "summary", "text"))
        lines = "\n".join(it for it in texts if it).splitlines()
        for number, line in enumerate(lines):
            made = await native.all("text.match", text=line, pattern=pattern)
            if "yes" in made:
                near = lines[max(0, number - 2) : number + 3]
                found.append(
                    {
                        "line_number": number + 1,
                        "line": line,
                        "check_name": run["name"],
                        "context": near,
                    }
                )
    return found
