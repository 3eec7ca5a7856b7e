"""AutoGPT's blocks for GitHub, against answers as its REST and GraphQL APIs give them."""

import base64
from typing import Any

import pytest

from agentbench.formats.autogpt.calls.github import GITHUB
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case, block_of

HOST = "api.github.com"
REPO = {"repo_url": "https://github.com/ada/engine"}
ISSUE = {"issue_url": "https://github.com/ada/engine/issues/7"}
PULL = {"pr_url": "https://github.com/ada/engine/pull/7"}
REVIEWED = {"repo": "ada/engine", "pr_number": 7}
R = "/repos/ada/engine"
USER = {"login": "grace", "html_url": "https://github.com/grace"}
REVIEW = {
    "id": 3,
    "user": USER,
    "state": "APPROVED",
    "body": "Good.",
    "html_url": "https://r/3",
}
COMMENT = {"id": 5, "user": USER, "body": "Hm.", "html_url": "https://c/5"}
CHECK = {"id": 9, "name": "tests", "status": "completed", "conclusion": "failure", "html_url": "https://k/9",
         "output": {"title": "2 failed", "summary": "ok\nError: no tea\nbye", "text": None}}  # fmt: skip


def both(one: str, many: str, *items: Any) -> dict[str, list[Any]]:
    return {many: [list(items)], one: list(items)}


CASES = [
    Case("GithubListCommits", {**REPO, "branch": "dev"}, {f"GET {R}/commits?page=1&per_page=30&sha=dev": [
        {"sha": "a1", "html_url": "u", "commit": {"message": "m", "author": {"name": "Ada", "date": "d"}}}]},
        both("commit", "commits", {"sha": "a1", "message": "m", "author": "Ada", "date": "d", "url": "u"})),
    Case("GithubListComments", ISSUE, {f"GET {R}/issues/7/comments": [COMMENT]},
        both("comment", "comments", {"id": 5, "body": "Hm.", "user": "grace", "url": "https://c/5"})),
    Case("GithubUpdateComment", {"comment_url": "https://github.com/ada/engine/issues/7#issuecomment-70", "comment": "x"},
        {f'PATCH {R}/issues/comments/70 {{"body": "x"}}': COMMENT}, {"id": [5], "url": ["https://c/5"]}),
    Case("GithubAddLabel", {**ISSUE, "label": "bug"}, {f'POST {R}/issues/7/labels {{"labels": ["bug"]}}': []},
        {"status": ["Label added successfully"]}),
    Case("GithubRemoveLabel", {**ISSUE, "label": "a b"}, {f"DELETE {R}/issues/7/labels/a%20b": []},
        {"status": ["Label removed successfully"]}),
    Case("GithubAssignIssue", {**ISSUE, "assignee": "g"}, {f'POST {R}/issues/7/assignees {{"assignees": ["g"]}}': {}},
        {"status": ["Issue assigned successfully"]}),
    Case("GithubUnassignIssue", {**ISSUE, "assignee": "g"},
        {f'DELETE {R}/issues/7/assignees {{"assignees": ["g"]}}': {}}, {"status": ["Issue unassigned successfully"]}),
    Case("GithubListPullRequests", REPO, {f"GET {R}/pulls": [{"title": "t", "html_url": "u"}]},
        both("pull_request", "pull_requests", {"title": "t", "url": "u"})),
    Case("GithubMakePullRequest", {**REPO, "title": "t", "body": "b", "head": "dev", "base": "main"},
        {f'POST {R}/pulls {{"base": "main", "body": "b", "head": "dev", "title": "t"}}': {"number": 8, "html_url": "u"}},
        {"number": [8], "url": ["u"]}),
    Case("GithubReadPullRequest", {**PULL, "include_pr_changes": True},
        {f"GET {R}/pulls/7": {"title": "t", "body": None, "user": USER}, f"GET {R}/pulls/7…": "diff --git <a/>"},
        {"title": ["t"], "author": ["grace"], "body": [""], "changes": ["diff --git <a/>"]}),
    Case("GithubMergePullRequest", PULL, {f'PUT {R}/pulls/7/merge {{"merge_method": "merge"}}':
        {"sha": "a", "merged": True, "message": "Merged"}}, {"sha": ["a"], "merged": [True], "message": ["Merged"]}),
    Case("GithubAssignPRReviewer", {**PULL, "reviewer": "g"},
        {f'POST {R}/pulls/7/requested_reviewers {{"reviewers": ["g"]}}': {}}, {"status": ["Reviewer assigned successfully"]}),
    Case("GithubUnassignPRReviewer", {**PULL, "reviewer": "g"},
        {f'DELETE {R}/pulls/7/requested_reviewers {{"reviewers": ["g"]}}': {}},
        {"status": ["Reviewer unassigned successfully"]}),
    Case("GithubListPRReviewers", PULL, {f"GET {R}/pulls/7/requested_reviewers": {"users": [USER]}},
        both("reviewer", "reviewers", {"username": "grace", "url": USER["html_url"]})),
    Case("GithubListTags", REPO, {f"GET {R}/tags": [{"name": "v1", "commit": {"url": "u"}}]},
        both("tag", "tags", {"name": "v1", "url": "u"})),
    Case("GithubListBranches", REPO, {f"GET {R}/branches?page=1&per_page=30": [{"name": "dev", "commit": {"url": "u"}}]},
        both("branch", "branches", {"name": "dev", "url": "u"})),
    Case("GithubListReleases", REPO, {f"GET {R}/releases": [{"name": "One", "html_url": "u"}]},
        both("release", "releases", {"name": "One", "url": "u"})),
    Case("GithubListStargazers", REPO, {f"GET {R}/stargazers": [USER]},
        both("stargazer", "stargazers", {"username": "grace", "url": USER["html_url"]})),
    Case("GithubListDiscussions", REPO, {'POST /graphql {"query": "query($owner…':
        {"data": {"repository": {"discussions": {"nodes": [{"title": "t", "url": "u"}]}}}}},
        both("discussion", "discussions", {"title": "t", "url": "u"})),
    Case("GithubGetRepositoryInfo", {"repo_url": "git@github.com:ada/engine.git"}, {f"GET {R}": {
        "name": "engine", "full_name": "ada/engine", "description": "d", "default_branch": "main", "private": False,
        "html_url": "h", "clone_url": "c", "stargazers_count": 2, "forks_count": 0, "open_issues_count": 1}},
        {"name": ["engine"], "full_name": ["ada/engine"], "description": ["d"], "default_branch": ["main"],
         "private": [False], "html_url": ["h"], "clone_url": ["c"], "stars": [2], "forks": [0], "open_issues": [1]}),
    Case("GithubForkRepository", REPO, {f"POST {R}/forks {{}}": {"html_url": "h", "clone_url": "c", "full_name": "g/engine"}},
        {"url": ["h"], "clone_url": ["c"], "full_name": ["g/engine"]}),
    Case("GithubCreateRepository", {"name": "tea"},
        {'POST /user/repos {"auto_init": true, "name": "tea", "private": false}': {"html_url": "h", "clone_url": "c"}},
        {"url": ["h"], "clone_url": ["c"]}),
    Case("GithubStarRepository", REPO, {"PUT /user/starred/ada/engine": 204}, {"status": ["Repository starred successfully"]}),
    Case("GithubCompareBranches", {**REPO, "base": "main", "head": "dev"}, {f"GET {R}/compare/main...dev": {
        "status": "ahead", "ahead_by": 1, "behind_by": 0, "total_commits": 1,
        "files": [{"filename": "a", "status": "added", "additions": 1, "deletions": 0, "patch": "+x"}]}},
        {"status": ["ahead"], "ahead_by": [1], "behind_by": [0], "total_commits": [1], "diff": ["--- a/a\n+++ b/a\n+x"],
         **both("file", "files", {"filename": "a", "status": "added", "additions": 1, "deletions": 0, "patch": "+x"})}),
    Case("GithubDeleteBranch", {**REPO, "branch": "fix/a"}, {f"DELETE {R}/git/refs/heads/fix/a": 204},
        {"status": ["Branch deleted successfully"]}),
    Case("GithubMakeBranch", {**REPO, "new_branch": "n", "source_branch": "main"},
        {f"GET {R}/git/ref/heads/main": {"object": {"sha": "a"}},
         f'POST {R}/git/refs {{"ref": "refs/heads/n", "sha": "a"}}': {}}, {"status": ["Branch created successfully"]}),
    Case("GithubCreateFile", {**REPO, "file_path": "/d/a.txt", "content": "é"},
        {f'PUT {R}/contents/d/a.txt {{"branch": "main", "content": "w6k=", "message": "Create new file"}}':
         {"content": {"html_url": "u"}, "commit": {"sha": "a"}}}, {"url": ["u"], "sha": ["a"]}),
    Case("GithubUpdateFile", {**REPO, "file_path": "a", "content": "x"},
        {f"GET {R}/contents/a?ref=main": {"sha": "old"},
         f'PUT {R}/contents/a {{"branch": "main", "content": "eA==", "message": "Update file", "sha": "old"}}':
         {"content": {"html_url": "u"}, "commit": {"sha": "a"}}}, {"url": ["u"], "sha": ["a"]}),
    Case("GithubMultiFileCommit", {**REPO, "branch": "main", "commit_message": "m",
        "files": [{"path": "a", "content": "x"}, {"path": "b", "operation": "delete"}]},
        {f"GET {R}/git/ref/heads/main": {"object": {"sha": "p"}}, f"GET {R}/git/commits/p": {"tree": {"sha": "t"}},
         f'POST {R}/git/blobs {{"content": "x", "encoding": "utf-8"}}': {"sha": "b"},
         f'POST {R}/git/trees {{"base_tree": "t", "tree": [{{"mode": "100644", "path": "a", "sha": "b", "type": "blob"}},'
         ' {"mode": "100644", "path": "b", "sha": null, "type": "blob"}]}': {"sha": "t2"},
         f'POST {R}/git/commits {{"message": "m", "parents": ["p"], "tree": "t2"}}': {"sha": "c", "html_url": "u"},
         f'PATCH {R}/git/refs/heads/main {{"sha": "c"}}': {}}, {"sha": ["c"], "url": ["u"]}),
    Case("GithubReadFolder", {**REPO, "folder_path": "d"}, {f"GET {R}/contents/d?ref=main": [
        {"type": "dir", "name": "e", "path": "d/e"}, {"type": "file", "name": "a", "path": "d/a", "size": 1}]},
        {"dir": [{"name": "e", "path": "d/e"}], "file": [{"name": "a", "path": "d/a", "size": 1}]}),
    Case("GithubGetRepositoryTree", {**REPO, "recursive": False}, {f"GET {R}/git/trees/main": {
        "truncated": False, "tree": [{"path": "a", "type": "blob", "size": 1, "sha": "s", "mode": "1"}]}},
        {"truncated": [False], **both("entry", "entries", {"path": "a", "type": "blob", "size": 1, "sha": "s"})}),
    Case("GithubSearchCode", {"query": "tea", "repo": "ada/engine"},
        {"GET /search/code?per_page=30&q=tea repo:ada/engine": {"total_count": 1, "items": [
            {"name": "a", "path": "d/a", "html_url": "u", "score": 1.0, "repository": {"full_name": "ada/engine"}}]}},
        {"total_count": [1], **both("result", "results",
            {"name": "a", "path": "d/a", "repository": "ada/engine", "url": "u", "score": 1.0})}),
    Case("GithubCreatePRReview", {**REVIEWED, "body": "b", "event": "APPROVE", "comments": [{"path": "a", "body": "c", "line": None}]},
        {f'POST {R}/pulls/7/reviews {{"body": "b", "comments": [{{"body": "c", "path": "a"}}], "event": "APPROVE"}}': REVIEW},
        {"review_id": [3], "state": ["APPROVED"], "html_url": ["https://r/3"]}),
    Case("GithubListPRReviews", REVIEWED, {f"GET {R}/pulls/7/reviews": [REVIEW]}, both("review", "reviews",
        {"id": 3, "user": "grace", "state": "APPROVED", "body": "Good.", "html_url": "https://r/3"})),
    Case("GithubSubmitPendingReview", {**REVIEWED, "review_id": 3, "event": "APPROVE"},
        {f'POST {R}/pulls/7/reviews/3/events {{"event": "APPROVE"}}': REVIEW},
        {"state": ["APPROVED"], "html_url": ["https://r/3"]}),
    Case("GithubGetPRReviewComments", {**REVIEWED, "review_id": 3}, {f"GET {R}/pulls/7/reviews/3/comments": [COMMENT]},
        both("comment", "comments", {"id": 5, "user": "grace", "body": "Hm.", "html_url": "https://c/5",
            **dict.fromkeys(("path", "line", "side", "created_at", "updated_at", "in_reply_to_id"))})),
    Case("GithubResolveReviewDiscussion", {**REVIEWED, "comment_id": 5}, {
        'POST /graphql {"query": "query(…': {"data": {"repository": {"pullRequest": {"reviewThreads": {"nodes": [
            {"id": "T1", "comments": {"nodes": [{"databaseId": 5}]}}]}}}}},
        'POST /graphql {"query": "mutation($id: ID!) { resolveReviewThread…': {"data": {}}}, {"success": [True]}),
    Case("GithubCreateCommentObject", {"path": "a", "body": "b", "line": 2}, {},
        {"comment_object": [{"path": "a", "body": "b", "line": 2, "side": "RIGHT"}]}),
    Case("GithubCreateStatus", {**REPO, "sha": "a", "state": "success"},
        {f'POST {R}/statuses/a {{"context": "AutoGPT Platform Checks", "state": "success"}}':
         {"id": 1, "state": "success", "context": "c"}},
        {"status": [{"id": 1, "state": "success", "context": "c",
            **dict.fromkeys(("url", "description", "target_url", "created_at", "updated_at"))}]}),
    Case("GithubGetCIResults", {"repo": "ada/engine", "target": "7", "search_pattern": "Error"},
        {f"GET {R}/pulls/7": {"head": {"sha": "a"}},
         f"GET {R}/commits/a/check-runs?per_page=100": {"check_runs": [CHECK, {"id": 1, "name": "lint", "status": "queued", "conclusion": None}]}},
        {}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES[:-1], ids=lambda case: case.block)
async def test_github_is_asked_as_it_says(case: Case, fire: Any, apis: Apis) -> None:
    await case.holds(fire, apis, HOST)


async def test_checks_are_counted_and_searched(fire: Any, apis: Apis) -> None:
    for line, answer in CASES[-1].asked.items():
        apis.planned[line.replace(" ", f" {HOST}").partition("?")[0]] = [
            (200, answer, {})
        ]
    given = await fire(
        block_of("GithubGetCIResults"), credentials="key", **CASES[-1].inputs
    )
    counts = {name: given[f"{name}_checks"] for name in ("total", "passed", "failed")}
    assert counts == {"total": [2], "passed": [0], "failed": [1]}
    assert (given["overall_status"], given["overall_conclusion"]) == (
        ["pending"],
        ["failure"],
    )
    [line] = given["matched_line"]
    assert (line["line"], line["check_name"]) == ("Error: no tea", "tests")


async def test_a_check_takes_an_output_whole(fire: Any, apis: Apis) -> None:
    apis.planned[f"PATCH {HOST}{R}/check-runs/9"] = [(200, CHECK, {})]
    given = await fire(block_of("GithubUpdateCheckRun"), credentials="key", check_run_id=9, status="completed",
        conclusion="failure", output_summary="s", **REPO)  # fmt: skip
    assert given["check_run"][0]["conclusion"] == "failure"
    assert b'"output":{"title":"","summary":"s"}' in apis.asked[-1]["body"].replace(
        b": ", b":"
    ).replace(b", ", b",")


async def test_what_github_refuses_is_said(fire: Any, apis: Apis) -> None:
    apis.planned[f"GET {HOST}{R}/tags"] = [(403, {"message": "Not allowed."}, {})]
    with pytest.raises(ConnectionError, match="answered 403: Not allowed"):
        await fire(block_of("GithubListTags"), credentials="key", **REPO)
    with pytest.raises(ValueError, match="no address of a repository"):
        await fire(
            block_of("GithubListTags"),
            credentials="key",
            repo_url="https://evil.example.com/a",
        )


def test_every_block_of_github_has_a_case() -> None:
    elsewhere = {"GithubUpdateCheckRun", "GithubCreateCheckRun"}
    assert {name.removesuffix("Block") for name in GITHUB} == {
        case.block for case in CASES
    } | elsewhere
    assert base64.b64encode("é".encode()) == b"w6k="
