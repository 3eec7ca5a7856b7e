"""Todoist, by its unified API.

Facts: developer.todoist.com/api/v1 (lists come in pages of `results` and `next_cursor`; a
change is `POST` to the address of the thing; a filter has an address of its own).
"""

from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent, given_of, pages
from agentbench.formats.base import Native

_API = Api("https://api.todoist.com/api/v1")
_APP = "https://app.todoist.com/app"
_MOST = 5000
_DONE = "success<`true`"


def _listing(path: str, gives: str, *sends: str) -> Work:
    """All of a list, page by page."""

    async def call(given: Given, native: Native) -> Stream:
        asked = {it: given[it] for it in sends if given.get(it)}
        found = await _all(given, native, path.format(**given), asked)
        for pair in given_of(gives, found, given):
            yield pair

    return _API.block(call, "reads")


async def _all(
    given: Given, native: Native, path: str, asked: Mapping[str, Any]
) -> list[Any]:
    def ask(more: Mapping[str, Any]) -> Any:
        params = {**asked, "limit": 200, **more}
        return _API.ask(native, given, "GET", path, Sent(params=params))

    return await pages(ask, "results", "next_cursor", "cursor", _MOST)


def _whose(given: Given) -> dict[str, Any]:
    """What a comment belongs to: `id_type` holds which, and its id."""
    said = given["id_type"] if isinstance(given["id_type"], Mapping) else {}
    kind = "task" if said.get("task_id") else "project"
    return {f"{kind}_id": said.get(f"{kind}_id")}


async def comments(given: Given, native: Native) -> Stream:
    """The comments of a task or project."""
    yield "comments", await _all(given, native, "/comments", _whose(given))


def _due(given: Given) -> dict[str, Any]:
    """The days of a task as Todoist writes them; an hour makes a moment of one."""
    due, last = str(given["due_date"] or ""), str(given["deadline_date"] or "")
    return {
        "due_datetime": due if "T" in due else "",
        "due_day": due if "T" not in due else "",
        "deadline_day": last.partition("T")[0],
    }


_TASK = (
    "content description project_id section_id parent_id order labels priority due_date<due_day"
    " due_datetime deadline_date<deadline_day assignee_id duration_unit duration"
)


def _placed(kind: str) -> Any:
    """Adds the address under which people see a thing, which the API no longer says."""

    def read(answer: Any, given: Given) -> Any:
        return {"url": f"{_APP}/{kind}/{answer['id']}", "whole": answer, **answer}

    return read


async def tasks(given: Given, native: Native) -> Stream:
    """The tasks that are not done: all, some by what they belong to, or what a filter finds."""
    if given["filter"]:
        asked = {"query": given["filter"], "lang": given["lang"] or ""}
        found = await _all(
            given, native, "/tasks/filter", {it: v for it, v in asked.items() if v}
        )
    else:
        names = ("project_id", "section_id", "label")
        asked = {it: given[it] for it in names if given[it]}
        if given["ids"]:
            asked["ids"] = ",".join(map(str, given["ids"]))
        found = await _all(given, native, "/tasks", asked)
    yield "ids", [it["id"] for it in found]
    yield "urls", [f"{_APP}/task/{it['id']}" for it in found]
    yield "complete_data", found


async def projects(given: Given, native: Native) -> Stream:
    """All projects."""
    found = await _all(given, native, "/projects", {})
    yield "names_list", [it["name"] for it in found]
    yield "ids_list", [it["id"] for it in found]
    yield "url_list", [f"{_APP}/project/{it['id']}" for it in found]
    yield "complete_data", found


_LABEL = "id; name; color; order; is_favorite"
_COMMENT = "id; content; posted_at; task_id<task_id || item_id; project_id"

TODOIST: Mapping[str, Work] = {
    "TodoistCreateTaskBlock": _API.post("/tasks", _TASK, "id; url; complete_data<whole", taken=_due, read=_placed("task")),
    "TodoistGetTasksBlock": _API.block(tasks, "reads"),
    "TodoistGetTaskBlock": _API.get("/tasks/{task_id}", "", "project_id; url; complete_data<whole", read=_placed("task")),
    "TodoistUpdateTaskBlock": _API.post("/tasks/{task_id}", _TASK, _DONE, taken=_due),
    "TodoistCloseTaskBlock": _API.post("/tasks/{task_id}/close", "", _DONE),
    "TodoistReopenTaskBlock": _API.post("/tasks/{task_id}/reopen", "", _DONE),
    "TodoistDeleteTaskBlock": _API.delete("/tasks/{task_id}", "", _DONE),
    "TodoistListProjectsBlock": _API.block(projects, "reads"),
    "TodoistCreateProjectBlock": _API.post("/projects", "name parent_id color is_favorite view_style", _DONE),
    "TodoistGetProjectBlock": _API.get("/projects/{project_id}", "",
        "project_id<id; project_name<name; project_url<url; complete_data<whole", read=_placed("project")),
    "TodoistUpdateProjectBlock": _API.post("/projects/{project_id}", "name color is_favorite view_style", _DONE),
    "TodoistDeleteProjectBlock": _API.delete("/projects/{project_id}", "", _DONE),
    "TodoistListCollaboratorsBlock": _listing("/projects/{project_id}/collaborators", "collaborator_ids<[].id;"
        " collaborator_names<[].name; collaborator_emails<[].email; complete_data<@"),
    "TodoistListSectionsBlock": _listing("/sections", "names_list<[].name; ids_list<[].id; complete_data<@",
        "project_id"),
    "TodoistGetSectionBlock": _API.get("/sections/{section_id}", "", "id; project_id; order<order || section_order; name"),
    "TodoistDeleteSectionBlock": _API.delete("/sections/{section_id}", "", _DONE),
    "TodoistListLabelsBlock": _listing("/labels", "labels<@; label_ids<[].id; label_names<[].name"),
    "TodoistCreateLabelBlock": _API.post("/labels", "name order color is_favorite", _LABEL),
    "TodoistGetLabelBlock": _API.get("/labels/{label_id}", "", _LABEL),
    "TodoistUpdateLabelBlock": _API.post("/labels/{label_id}", "name order color is_favorite", _DONE),
    "TodoistDeleteLabelBlock": _API.delete("/labels/{label_id}", "", _DONE),
    "TodoistGetSharedLabelsBlock": _listing("/labels/shared", "labels<@"),
    "TodoistRenameSharedLabelsBlock": _API.post("/labels/shared/rename", "name new_name", _DONE),
    "TodoistRemoveSharedLabelsBlock": _API.post("/labels/shared/remove", "name", _DONE),
    "TodoistGetCommentsBlock": _API.block(comments, "reads"),
    "TodoistGetCommentBlock": _API.get("/comments/{comment_id}", "", f"{_COMMENT}; attachment<attachment || file_attachment"),
    "TodoistCreateCommentBlock": _API.post("/comments", "content task_id project_id attachment", _COMMENT, taken=_whose),
    "TodoistUpdateCommentBlock": _API.post("/comments/{comment_id}", "content", _DONE),
    "TodoistDeleteCommentBlock": _API.delete("/comments/{comment_id}", "", _DONE),
}  # fmt: skip
