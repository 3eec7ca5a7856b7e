"""AutoGPT's blocks for Notion, Airtable, Linear and Todoist, against answers as these give them."""

from typing import Any

import pytest

from agentbench.formats.autogpt.calls.desks import DESKS
from agentbench.formats.autogpt.calls.todoist import TODOIST
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case

AIR, LINEAR, TODO = "api.airtable.com", "api.linear.app", "api.todoist.com"
TABLE = {"base_id": "b1", "table_id_or_name": "My tea"}
SCHEMA = {"tables": [{"id": "t1", "name": "My tea", "fields": [
    {"name": "Name", "type": "singleLineText", "id": "f1"}, {"name": "Hot", "type": "checkbox", "id": "f2"}]}]}  # fmt: skip
T = "/v0/b1/My%20tea"
ISSUE = {"id": "i", "title": "No tea"}
P = "/api/v1"
TASK = {"id": "9", "content": "Tea", "project_id": "p"}
LABEL = {"id": "l", "name": "hot", "color": "red", "order": 1, "is_favorite": True}
NOTE = {"id": "c", "content": "Hm", "posted_at": "d", "task_id": "9"}
SECTION = {"id": "s", "project_id": "p", "section_order": 2, "name": "Soon"}


def page(*items: Any, cursor: Any = None) -> dict[str, Any]:
    return {"results": list(items), "next_cursor": cursor}


DONE = {"success": [True]}
CASES = [
    Case("NotionReadPage", {"page_id": "p1"}, {"GET /v1/pages/p1": {"id": "p1"}}, {"page": [{"id": "p1"}]}, "api.notion.com"),
    Case("AirtableCreateBase", {"workspace_id": "w", "name": "Tea", "tables": [{"name": "a"}]},
        {"GET /v0/meta/bases": {"bases": [{"id": "x", "name": "Other"}]},
         'POST /v0/meta/bases {"name": "Tea", "tables": [{"name": "a"}], "workspaceId": "w"}':
         {"id": "b1", "tables": [{"id": "t1"}]}},
        {"base_id": ["b1"], "tables": [[{"id": "t1"}]], "table": [{"id": "t1"}], "was_created": [True]}, AIR),
    Case("AirtableListBases", {}, {"GET /v0/meta/bases": {"bases": [{"id": "b1"}], "offset": "o"}},
        {"bases": [[{"id": "b1"}]], "offset": ["o"]}, AIR),
    Case("AirtableListRecords", {**TABLE, "filter_formula": "{Hot}", "include_field_metadata": True},
        {f'POST {T}/listRecords {{"filterByFormula": "{{Hot}}", "maxRecords": 100, "pageSize": 100}}':
         {"records": [{"id": "r1", "fields": {"Name": "Tea"}}]}, "GET /v0/meta/bases/b1/tables": SCHEMA},
        {"records": [[{"id": "r1", "fields": {"Name": "Tea", "Hot": False}}]],
         "field_metadata": [{"Name": {"type": "singleLineText", "id": "f1"}, "Hot": {"type": "checkbox", "id": "f2"}}]}, AIR),
    Case("AirtableGetRecord", {**TABLE, "record_id": "r1", "normalize_output": False},
        {f"GET {T}/r1": {"id": "r1", "fields": {}, "createdTime": "d"}}, {"id": ["r1"], "fields": [{}], "created_time": ["d"]}, AIR),
    Case("AirtableCreateRecords", {**TABLE, "records": [{"Name": "a"}, {"fields": {"Name": "b"}}]},
        {f'POST {T} {{"records": [{{"fields": {{"Name": "a"}}}}, {{"fields": {{"Name": "b"}}}}], "returnFieldsByFieldId": false,'
         ' "typecast": false}': {"records": [{"id": "r1"}, {"id": "r2"}]}}, {"records": [[{"id": "r1"}, {"id": "r2"}]]}, AIR),
    Case("AirtableUpdateRecords", {**TABLE, "records": [{"id": f"r{n}", "fields": {}} for n in range(11)]},
        {f'PATCH {T} {{"records": [{{"fields": {{}}, "id": "r0"}}…': {"records": [{"id": "r0"}]},
         f'PATCH {T} {{"records": [{{"fields": {{}}, "id": "r10"}}], "typecast": false}}': {"records": [{"id": "r10"}]}},
        {"records": [[{"id": "r0"}, {"id": "r10"}]]}, AIR),
    Case("AirtableDeleteRecords", {**TABLE, "record_ids": ["r1"]},
        {f"DELETE {T}?records[]=r1": {"records": [{"id": "r1", "deleted": True}]}}, {"records": [[{"id": "r1", "deleted": True}]]}, AIR),
    Case("AirtableListSchema", {"base_id": "b1"}, {"GET /v0/meta/bases/b1/tables": SCHEMA},
        {"base_schema": [SCHEMA], "tables": [SCHEMA["tables"]]}, AIR),
    Case("AirtableCreateTable", {"base_id": "b1", "table_name": "a", "table_fields": [{"name": "n"}]},
        {'POST /v0/meta/bases/b1/tables {"fields": [{"name": "n"}], "name": "a"}': {"id": "t"}},
        {"table": [{"id": "t"}], "table_id": ["t"]}, AIR),
    Case("AirtableUpdateTable", {"base_id": "b1", "table_id": "t", "table_name": "b"},
        {'PATCH /v0/meta/bases/b1/tables/t {"name": "b"}': {"id": "t"}}, {"table": [{"id": "t"}]}, AIR),
    Case("AirtableCreateField", {"base_id": "b1", "table_id": "t", "name": "n"},
        {'POST /v0/meta/bases/b1/tables/t/fields {"name": "n", "type": "singleLineText"}': {"id": "f"}},
        {"field": [{"id": "f"}], "field_id": ["f"]}, AIR),
    Case("AirtableUpdateField", {"base_id": "b1", "table_id": "t", "field_id": "f", "name": "n"},
        {'PATCH /v0/meta/bases/b1/tables/t/fields/f {"name": "n"}': {"id": "f"}}, {"field": [{"id": "f"}]}, AIR),
    Case("LinearCreateIssue", {"title": "No tea", "description": "d", "team_name": "Kitchen", "priority": 2},
        {'POST /graphql {"query": "query($name: String!) { teams(…': {"data": {"teams": {"nodes": [{"id": "k"}]}}},
         'POST /graphql {"query": "mutation($input: IssueCreateInput!)…':
         {"data": {"issueCreate": {"issue": {"identifier": "K-1", "title": "No tea"}}}}},
        {"issue_id": ["K-1"], "issue_title": ["No tea"]}, LINEAR),
    Case("LinearCreateComment", {"issue_id": "K-1", "comment": "Hm"}, {'POST /graphql {"query": "mutation($input: Comment…':
        {"data": {"commentCreate": {"comment": {"id": "c", "body": "Hm"}}}}}, {"comment_id": ["c"], "comment_body": ["Hm"]}, LINEAR),
    Case("LinearSearchIssues", {"term": "tea"}, {'POST /graphql {"query": "query($term: String!, $count…':
        {"data": {"searchIssues": {"nodes": [ISSUE]}}}}, {"issues": [[ISSUE]]}, LINEAR),
    Case("LinearSearchProjects", {"term": "tea"}, {'POST /graphql {"query": "query($term: String!) { projects…':
        {"data": {"projects": {"nodes": [{"id": "p"}]}}}}, {"projects": [[{"id": "p"}]]}, LINEAR),
    Case("LinearGetProjectIssues", {"project": "Tea", "status": "Todo"}, {'POST /graphql {"query": "query($project…':
        {"data": {"issues": {"nodes": [ISSUE]}}}}, {"issues": [[ISSUE]]}, LINEAR),
    Case("TodoistCreateTask", {"content": "Tea", "due_date": "2026-05-04T10:00:00Z", "labels": ["hot"]},
        {f'POST {P}/tasks {{"content": "Tea", "due_datetime": "2026-05-04T10:00:00Z", "labels": ["hot"]}}': TASK},
        {"id": ["9"], "url": ["https://app.todoist.com/app/task/9"], "complete_data": [TASK]}, TODO),
    Case("TodoistGetTasks", {"filter": "today"}, {f"GET {P}/tasks/filter?limit=200&query=today": page(TASK)},
        {"ids": [["9"]], "urls": [["https://app.todoist.com/app/task/9"]], "complete_data": [[TASK]]}, TODO),
    Case("TodoistGetTask", {"task_id": "9"}, {f"GET {P}/tasks/9": TASK},
        {"project_id": ["p"], "url": ["https://app.todoist.com/app/task/9"], "complete_data": [TASK]}, TODO),
    Case("TodoistUpdateTask", {"task_id": "9", "content": "x"}, {f'POST {P}/tasks/9 {{"content": "x"}}': TASK}, DONE, TODO),
    Case("TodoistCloseTask", {"task_id": "9"}, {f"POST {P}/tasks/9/close {{}}": 204}, DONE, TODO),
    Case("TodoistReopenTask", {"task_id": "9"}, {f"POST {P}/tasks/9/reopen {{}}": 204}, DONE, TODO),
    Case("TodoistDeleteTask", {"task_id": "9"}, {f"DELETE {P}/tasks/9": 204}, DONE, TODO),
    Case("TodoistListProjects", {}, {f"GET {P}/projects?limit=200": page({"id": "p", "name": "A"}, cursor="c"),
        f"GET {P}/projects?cursor=c&limit=200": page({"id": "q", "name": "B"})},
        {"names_list": [["A", "B"]], "ids_list": [["p", "q"]], "complete_data": [[{"id": "p", "name": "A"}, {"id": "q", "name": "B"}]],
         "url_list": [["https://app.todoist.com/app/project/p", "https://app.todoist.com/app/project/q"]]}, TODO),
    Case("TodoistCreateProject", {"name": "A"}, {f'POST {P}/projects {{"is_favorite": false, "name": "A"}}': {"id": "p"}}, DONE, TODO),
    Case("TodoistGetProject", {"project_id": "p"}, {f"GET {P}/projects/p": {"id": "p", "name": "A"}},
        {"project_id": ["p"], "project_name": ["A"], "project_url": ["https://app.todoist.com/app/project/p"],
         "complete_data": [{"id": "p", "name": "A"}]}, TODO),
    Case("TodoistUpdateProject", {"project_id": "p", "name": "B"}, {f'POST {P}/projects/p {{"name": "B"}}': {}}, DONE, TODO),
    Case("TodoistDeleteProject", {"project_id": "p"}, {f"DELETE {P}/projects/p": 204}, DONE, TODO),
    Case("TodoistListCollaborators", {"project_id": "p"}, {f"GET {P}/projects/p/collaborators?limit=200":
        page({"id": "u", "name": "Ada", "email": "a@x"})}, {"collaborator_ids": [["u"]], "collaborator_names": [["Ada"]],
        "collaborator_emails": [["a@x"]], "complete_data": [[{"id": "u", "name": "Ada", "email": "a@x"}]]}, TODO),
    Case("TodoistListSections", {"project_id": "p"}, {f"GET {P}/sections?limit=200&project_id=p": page(SECTION)},
        {"names_list": [["Soon"]], "ids_list": [["s"]], "complete_data": [[SECTION]]}, TODO),
    Case("TodoistGetSection", {"section_id": "s"}, {f"GET {P}/sections/s": SECTION},
        {"id": ["s"], "project_id": ["p"], "order": [2], "name": ["Soon"]}, TODO),
    Case("TodoistDeleteSection", {"section_id": "s"}, {f"DELETE {P}/sections/s": 204}, DONE, TODO),
    Case("TodoistListLabels", {}, {f"GET {P}/labels?limit=200": page(LABEL)},
        {"labels": [[LABEL]], "label_ids": [["l"]], "label_names": [["hot"]]}, TODO),
    Case("TodoistCreateLabel", {"name": "hot", "is_favorite": True},
        {f'POST {P}/labels {{"is_favorite": true, "name": "hot"}}': LABEL}, {name: [it] for name, it in LABEL.items()}, TODO),
    Case("TodoistGetLabel", {"label_id": "l"}, {f"GET {P}/labels/l": LABEL}, {name: [it] for name, it in LABEL.items()}, TODO),
    Case("TodoistUpdateLabel", {"label_id": "l"}, {f'POST {P}/labels/l {{"is_favorite": false}}': LABEL}, DONE, TODO),
    Case("TodoistDeleteLabel", {"label_id": "l"}, {f"DELETE {P}/labels/l": 204}, DONE, TODO),
    Case("TodoistGetSharedLabels", {}, {f"GET {P}/labels/shared?limit=200": page("hot")}, {"labels": [["hot"]]}, TODO),
    Case("TodoistRenameSharedLabels", {"name": "hot", "new_name": "warm"},
        {f'POST {P}/labels/shared/rename {{"name": "hot", "new_name": "warm"}}': 204}, DONE, TODO),
    Case("TodoistRemoveSharedLabels", {"name": "hot"}, {f'POST {P}/labels/shared/remove {{"name": "hot"}}': 204}, DONE, TODO),
    Case("TodoistGetComments", {"id_type": {"discriminator": "task", "task_id": "9"}},
        {f"GET {P}/comments?limit=200&task_id=9": page(NOTE)}, {"comments": [[NOTE]]}, TODO),
    Case("TodoistGetComment", {"comment_id": "c"}, {f"GET {P}/comments/c": NOTE}, {name: [it] for name, it in NOTE.items()}, TODO),
    Case("TodoistCreateComment", {"content": "Hm", "id_type": {"task_id": "9"}},
        {f'POST {P}/comments {{"content": "Hm", "task_id": "9"}}': NOTE}, {name: [it] for name, it in NOTE.items()}, TODO),
    Case("TodoistUpdateComment", {"comment_id": "c", "content": "x"}, {f'POST {P}/comments/c {{"content": "x"}}': NOTE}, DONE, TODO),
    Case("TodoistDeleteComment", {"comment_id": "c"}, {f"DELETE {P}/comments/c": 204}, DONE, TODO),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.block)
async def test_they_are_asked_as_they_say(case: Case, fire: Any, apis: Apis) -> None:
    await case.holds(fire, apis)


def test_every_block_of_them_has_a_case() -> None:
    assert {name.removesuffix("Block") for name in (*DESKS, *TODOIST)} == {
        case.block for case in CASES
    }
