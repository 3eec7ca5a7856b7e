"""GitHub, by its REST API and, for discussions and threads of a review, its GraphQL API.

Facts: docs.github.com/en/rest (version 2022-11-28) and docs.github.com/en/graphql.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Work
from agentbench.formats.autogpt.calls.github import repositories, reviews
from agentbench.formats.autogpt.calls.github.places import API, both, placed
from agentbench.formats.autogpt.calls.github.repositories import encoded


def _get(path: str, sends: str = "", gives: str = "", **more: Any) -> Work:
    more.setdefault("taken", placed)
    return API.get("/repos/{repo:path}" + path, sends, gives, **more)


def _call(
    method: str, path: str, sends: str = "", gives: str = "", **more: Any
) -> Work:
    more.setdefault("taken", placed)
    return API.does(method, "/repos/{repo:path}" + path, sends, gives, **more)


def _one_more(name: str, listed: str) -> Any:
    """What is taken in, with the one value of a node as a list of it."""
    return lambda given: {**placed(given), listed: [given[name]]}


def _tree(given: Given) -> dict[str, Any]:
    """GitHub takes any value of `recursive` for yes."""
    return {**placed(given), "recursive": "1" if given["recursive"] else ""}


def _check(given: Given) -> dict[str, Any]:
    """The output of a check, which GitHub takes whole or not at all."""
    said = {it: given[f"output_{it}"] for it in ("title", "summary", "text")}
    output = {it: text for it, text in said.items() if text}
    if output:
        output = {"title": "", "summary": "", **output}
    return {**placed(given), "output": output}


_CHECK = (
    "check_run<{id: id, html_url: html_url, status: status, conclusion: conclusion, name: name,"
    " started_at: started_at, completed_at: completed_at,"
    " output: {title: output.title, summary: output.summary, text: output.text}}"
)
_COMMENT = "{id: id, body: body, user: user.login, url: html_url}"
GITHUB: Mapping[str, Work] = {
    "GithubListCommitsBlock": _get("/commits", "sha<branch per_page page", both("commit", "commits",
        "[].{sha: sha, message: commit.message, author: commit.author.name, date: commit.author.date, url: html_url}")),
    "GithubListCommentsBlock": _get("/issues/{number}/comments", "", both("comment", "comments", f"[].{_COMMENT}")),
    "GithubUpdateCommentBlock": API.block(reviews.update_comment),
    "GithubAddLabelBlock": _call("POST", "/issues/{number}/labels", "labels",
        "status<'Label added successfully'", taken=_one_more("label", "labels")),
    "GithubRemoveLabelBlock": _call("DELETE", "/issues/{number}/labels/{label}", "",
        "status<'Label removed successfully'"),
    "GithubAssignIssueBlock": _call("POST", "/issues/{number}/assignees", "assignees",
        "status<'Issue assigned successfully'", taken=_one_more("assignee", "assignees")),
    "GithubUnassignIssueBlock": _call("DELETE", "/issues/{number}/assignees", "assignees",
        "status<'Issue unassigned successfully'", where="body", taken=_one_more("assignee", "assignees")),
    "GithubListPullRequestsBlock": _get("/pulls", "",
        both("pull_request", "pull_requests", "[].{title: title, url: html_url}")),
    "GithubMakePullRequestBlock": _call("POST", "/pulls", "title body head base", "number; url<html_url"),
    "GithubReadPullRequestBlock": API.block(reviews.read_pull, "reads"),
    "GithubMergePullRequestBlock": _call("PUT", "/pulls/{number}/merge",
        "merge_method commit_title commit_message", "sha; merged; message"),
    "GithubAssignPRReviewerBlock": _call("POST", "/pulls/{number}/requested_reviewers", "reviewers",
        "status<'Reviewer assigned successfully'", taken=_one_more("reviewer", "reviewers")),
    "GithubUnassignPRReviewerBlock": _call("DELETE", "/pulls/{number}/requested_reviewers", "reviewers",
        "status<'Reviewer unassigned successfully'", where="body", taken=_one_more("reviewer", "reviewers")),
    "GithubListPRReviewersBlock": _get("/pulls/{number}/requested_reviewers", "",
        both("reviewer", "reviewers", "users[].{username: login, url: html_url}")),
    "GithubListTagsBlock": _get("/tags", "", both("tag", "tags", "[].{name: name, url: commit.url}")),
    "GithubListBranchesBlock": _get("/branches", "per_page page",
        both("branch", "branches", "[].{name: name, url: commit.url}")),
    "GithubListReleasesBlock": _get("/releases", "", both("release", "releases", "[].{name: name, url: html_url}")),
    "GithubListStargazersBlock": _get("/stargazers", "",
        both("stargazer", "stargazers", "[].{username: login, url: html_url}")),
    "GithubListDiscussionsBlock": API.block(reviews.discussions, "reads"),
    "GithubGetRepositoryInfoBlock": _get("", "", "name; full_name; description; default_branch; private; html_url;"
        " clone_url; stars<stargazers_count; forks<forks_count; open_issues<open_issues_count"),
    "GithubForkRepositoryBlock": _call("POST", "/forks", "organization", "url<html_url; clone_url; full_name"),
    "GithubCreateRepositoryBlock": API.block(repositories.create_repository),
    "GithubStarRepositoryBlock": API.block(repositories.star),
    "GithubCompareBranchesBlock": _get("/compare/{base}...{head}", "", "status; ahead_by; behind_by; total_commits;"
        " diff<join('\n', files[?patch].join('', ['--- a/', filename, '\n+++ b/', filename, '\n', patch])); "
        + both("file", "files", "files[].{filename: filename, status: status, additions: additions,"
                " deletions: deletions, patch: patch || ''}")),
    "GithubDeleteBranchBlock": _call("DELETE", "/git/refs/heads/{branch:path}", "",
        "status<'Branch deleted successfully'"),
    "GithubMakeBranchBlock": API.block(repositories.make_branch),
    "GithubCreateFileBlock": _call("PUT", "/contents/{file_path:path}", "message<commit_message content<content64 branch",
        "url<content.html_url; sha<commit.sha", taken=encoded),
    "GithubUpdateFileBlock": API.block(repositories.update_file),
    "GithubMultiFileCommitBlock": API.block(repositories.commit_files),
    "GithubReadFolderBlock": API.block(repositories.read_folder, "reads"),
    "GithubGetRepositoryTreeBlock": _get("/git/trees/{branch}", "recursive", "truncated; " + both("entry", "entries",
        "tree[].{path: path, type: type, size: size, sha: sha}"), taken=_tree),
    "GithubSearchCodeBlock": API.get("/search/code", "q per_page", "total_count; " + both("result", "results",
        "items[].{name: name, path: path, repository: repository.full_name, url: html_url, score: score}"),
        taken=lambda given: {"q": f"{given['query']} repo:{given['repo']}" if given["repo"] else given["query"]}),
    "GithubCreatePRReviewBlock": API.block(reviews.review),
    "GithubListPRReviewsBlock": _get("/pulls/{number}/reviews", "", both("review", "reviews",
        "[].{id: id, user: user.login, state: state, body: body, html_url: html_url}")),
    "GithubSubmitPendingReviewBlock": _call("POST", "/pulls/{number}/reviews/{review_id}/events", "event",
        "state; html_url"),
    "GithubGetPRReviewCommentsBlock": API.block(reviews.review_comments, "reads"),
    "GithubResolveReviewDiscussionBlock": API.block(reviews.resolve),
    "GithubCreateCommentObjectBlock": reviews.comment_object,
    "GithubCreateStatusBlock": _call("POST", "/statuses/{sha}", "state target_url description context<check_name",
        "status<{id: id, url: url, state: state, context: context, description: description,"
        " target_url: target_url, created_at: created_at, updated_at: updated_at}"),
    "GithubCreateCheckRunBlock": _call("POST", "/check-runs", "name head_sha status conclusion details_url output",
        _CHECK, taken=_check),
    "GithubUpdateCheckRunBlock": _call("PATCH", "/check-runs/{check_run_id}", "status conclusion output",
        _CHECK, taken=_check),
    "GithubGetCIResultsBlock": API.block(reviews.checks, "reads"),
}  # fmt: skip
