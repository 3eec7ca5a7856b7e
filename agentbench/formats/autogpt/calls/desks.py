"""Where work is kept: Notion, Airtable, Todoist and Linear.

Facts: developers.notion.com/reference (2022-06-28), airtable.com/developers/web/api,
developer.todoist.com/api/v1, linear.app/developers/graphql.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import InputError
from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent
from agentbench.formats.base import Native

_NOTION = Api("https://api.notion.com/v1", headers=(("notion-version", "2022-06-28"),))
_AIRTABLE = Api("https://api.airtable.com/v0")
_TODOIST = Api("https://api.todoist.com/api/v1")
_LINEAR = Api("https://api.linear.app")

# ---- Airtable --------------------------------------------------------------

_FEW = 10
"""Airtable takes no more records in one call."""


async def create_base(given: Given, native: Native) -> Stream:
    """Makes a base, or gives one of the same name that is there."""
    if given["find_existing"]:
        answer = await _AIRTABLE.ask(native, given, "GET", "/meta/bases")
        for base in answer["bases"]:
            if base["name"] == given["name"]:
                schema = await _AIRTABLE.ask(
                    native, given, "GET", f"/meta/bases/{base['id']}/tables"
                )
                for pair in _base(base["id"], schema["tables"]):
                    yield pair
                yield "was_created", False
                return
    body = {
        "name": given["name"],
        "workspaceId": given["workspace_id"],
        "tables": given["tables"],
    }
    made = await _AIRTABLE.ask(native, given, "POST", "/meta/bases", Sent(body=body))
    for pair in _base(made["id"], made["tables"]):
        yield pair
    yield "was_created", True


def _base(id: str, tables: list[Any]) -> Any:
    yield "base_id", id
    yield "tables", tables
    for table in tables:
        yield "table", table


def _empty_of(kind: str) -> Any:
    """What stands for nothing in a field, which Airtable leaves out."""
    if kind == "checkbox":
        return False
    return (
        []
        if kind.startswith("multiple")
        else 0
        if kind in ("number", "currency", "percent", "rating")
        else ""
    )


async def _fields(given: Given, native: Native) -> list[dict[str, Any]]:
    schema = await _AIRTABLE.ask(
        native, given, "GET", f"/meta/bases/{given['base_id']}/tables"
    )
    wanted = given["table_id_or_name"]
    for table in schema["tables"]:
        if wanted in (table["id"], table["name"]):
            return list(table["fields"])
    raise LookupError(f"The base has no table {wanted!r}.")


def _filled(record: Mapping[str, Any], fields: list[dict[str, Any]]) -> dict[str, Any]:
    empty = {it["name"]: _empty_of(it["type"]) for it in fields}
    return {**record, "fields": {**empty, **record["fields"]}}


def _about(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        it["name"]: {key: value for key, value in it.items() if key != "name"}
        for it in fields
    }


async def list_records(given: Given, native: Native) -> Stream:
    """The records of a table, a page of them."""
    names = {"filterByFormula": "filter_formula", "view": "view", "offset": "offset"}
    body: dict[str, Any] = {
        theirs: given[name] for theirs, name in names.items() if given[name]
    }
    body |= {
        "maxRecords": given["max_records"],
        "pageSize": min(100, given["page_size"]),
    }
    if given["sort"]:
        body["sort"] = given["sort"]
    if given["return_fields"]:
        body["fields"] = given["return_fields"]
    place = f"/{given['base_id']}/{_quoted(given['table_id_or_name'])}/listRecords"
    answer = await _AIRTABLE.ask(native, given, "POST", place, Sent(body=body))
    records, fields = answer["records"], []
    if given["normalize_output"] or given["include_field_metadata"]:
        fields = await _fields(given, native)
    if given["normalize_output"]:
        records = [_filled(it, fields) for it in records]
    yield "records", records
    if answer.get("offset"):
        yield "offset", answer["offset"]
    if given["include_field_metadata"]:
        yield "field_metadata", _about(fields)


async def get_record(given: Given, native: Native) -> Stream:
    """A record."""
    place = (
        f"/{given['base_id']}/{_quoted(given['table_id_or_name'])}/{given['record_id']}"
    )
    record = await _AIRTABLE.ask(native, given, "GET", place)
    fields = []
    if given["normalize_output"] or given["include_field_metadata"]:
        fields = await _fields(given, native)
    if given["normalize_output"]:
        record = _filled(record, fields)
    yield "id", record["id"]
    yield "fields", record["fields"]
    yield "created_time", record.get("createdTime", "")
    if given["include_field_metadata"]:
        yield "field_metadata", _about(fields)


async def create_records(given: Given, native: Native) -> Stream:
    """Adds records; each is `{"fields": …}` or the fields alone."""
    rows = [it if "fields" in it else {"fields": it} for it in given["records"]]
    more = {
        "typecast": given["typecast"],
        "returnFieldsByFieldId": bool(given["return_fields_by_field_id"]),
    }
    made = [it async for it in _in_parts(given, native, "POST", rows, more)]
    yield "records", made


async def update_records(given: Given, native: Native) -> Stream:
    """Changes fields of records."""
    made = [
        it
        async for it in _in_parts(
            given,
            native,
            "PATCH",
            given["records"],
            {"typecast": bool(given["typecast"])},
        )
    ]
    yield "records", made


async def _in_parts(
    given: Given, native: Native, method: str, rows: list[Any], more: Mapping[str, Any]
) -> Any:
    place = f"/{given['base_id']}/{_quoted(given['table_id_or_name'])}"
    for at in range(0, len(rows), _FEW):
        body = {"records": rows[at : at + _FEW], **more}
        answer = await _AIRTABLE.ask(
            native, given, method, place, Sent(body=body), once=f"from {at}"
        )
        for record in answer["records"]:
            yield record


async def delete_records(given: Given, native: Native) -> Stream:
    """Deletes records."""
    place, gone, ids = (
        f"/{given['base_id']}/{_quoted(given['table_id_or_name'])}",
        [],
        given["record_ids"],
    )
    for at in range(0, len(ids), _FEW):
        params = {"records[]": ids[at : at + _FEW]}
        answer = await _AIRTABLE.ask(
            native, given, "DELETE", place, Sent(params=params), once=f"from {at}"
        )
        gone += answer["records"]
    yield "records", gone


def _quoted(name: Any) -> str:
    from urllib.parse import quote

    return quote(str(name), safe="")


# ---- Linear ----------------------------------------------------------------

_ISSUE = (
    "id identifier title description priority url createdAt"
    " state { id name type } assignee { id name } project { id name }"
)


async def _linear(given: Given, native: Native, query: str, **variables: Any) -> Any:
    # Its own keys stand in the header alone, tokens of OAuth with `Bearer`.
    if not given["credentials"]:
        raise InputError("credentials", "is empty: name the credential for Linear.")
    kind = (await native.context.credential(str(given["credentials"]))).kind
    api = _LINEAR if kind == "oauth2" else Api(_LINEAR.base, scheme="")
    return await api.graph(native, given, query, **variables)


async def _named(given: Given, native: Native, kind: str, name: str) -> str:
    query = f"query($name: String!) {{ {kind}(filter: {{name: {{eqIgnoreCase: $name}}}}) {{ nodes {{ id }} }} }}"
    found = (await _linear(given, native, query, name=name))[kind]["nodes"]
    if not found:
        raise LookupError(f"Linear has nothing called {name!r} among {kind}.")
    return str(found[0]["id"])


async def create_issue(given: Given, native: Native) -> Stream:
    """Makes an issue in a team, by the team's name."""
    asked = {
        "title": given["title"],
        "teamId": await _named(given, native, "teams", given["team_name"]),
    }
    if given["description"]:
        asked["description"] = given["description"]
    if given["priority"] is not None:
        asked["priority"] = given["priority"]
    if given["project_name"]:
        asked["projectId"] = await _named(
            given, native, "projects", given["project_name"]
        )
    query = "mutation($input: IssueCreateInput!) { issueCreate(input: $input) { issue { identifier title } } }"
    made = (await _linear(given, native, query, input=asked))["issueCreate"]["issue"]
    yield "issue_id", made["identifier"]
    yield "issue_title", made["title"]


async def create_comment(given: Given, native: Native) -> Stream:
    """Says something about an issue."""
    query = "mutation($input: CommentCreateInput!) { commentCreate(input: $input) { comment { id body } } }"
    asked = {"issueId": given["issue_id"], "body": given["comment"]}
    made = (await _linear(given, native, query, input=asked))["commentCreate"][
        "comment"
    ]
    yield "comment_id", made["id"]
    yield "comment_body", made["body"]


async def search_issues(given: Given, native: Native) -> Stream:
    """The issues in which a word is found."""
    team = (
        await _named(given, native, "teams", given["team_name"])
        if given["team_name"]
        else None
    )
    query = (
        "query($term: String!, $count: Int!, $team: String) { searchIssues(term: $term, first: $count, teamId: $team)"
        f" {{ nodes {{ {_ISSUE} }} }} }}"
    )
    found = await _linear(
        given, native, query, term=given["term"], count=given["max_results"], team=team
    )
    yield "issues", found["searchIssues"]["nodes"]


async def search_projects(given: Given, native: Native) -> Stream:
    """The projects whose names have a word in them."""
    query = (
        "query($term: String!) { projects(filter: {name: {containsIgnoreCase: $term}})"
        " { nodes { id name description priority progress content } } }"
    )
    yield (
        "projects",
        (await _linear(given, native, query, term=given["term"]))["projects"]["nodes"],
    )


async def project_issues(given: Given, native: Native) -> Stream:
    """The issues of a project that stand at a status."""
    comments = (
        " comments { nodes { id body createdAt user { name } } }"
        if given["include_comments"]
        else ""
    )
    assigned = (
        "assignee: {null: false}" if given["is_assigned"] else "assignee: {null: true}"
    )
    query = (
        "query($project: String!, $status: String!) { issues(filter: {project: {name: {eqIgnoreCase: $project}},"
        f" state: {{name: {{eqIgnoreCase: $status}}}}, {assigned}}}) {{ nodes {{ {_ISSUE}{comments} }} }} }}"
    )
    found = await _linear(
        given, native, query, project=given["project"], status=given["status"]
    )
    yield "issues", found["issues"]["nodes"]


# ---- the tables ------------------------------------------------------------

DESKS: Mapping[str, Work] = {
    "NotionReadPageBlock": _NOTION.get("/pages/{page_id}", "", "page<@"),
    "AirtableCreateBaseBlock": _AIRTABLE.block(create_base),
    "AirtableListBasesBlock": _AIRTABLE.get("/meta/bases", "offset", "bases; offset"),
    "AirtableListRecordsBlock": _AIRTABLE.block(list_records, "reads"),
    "AirtableGetRecordBlock": _AIRTABLE.block(get_record, "reads"),
    "AirtableCreateRecordsBlock": _AIRTABLE.block(create_records),
    "AirtableUpdateRecordsBlock": _AIRTABLE.block(update_records),
    "AirtableDeleteRecordsBlock": _AIRTABLE.block(delete_records),
    "AirtableListSchemaBlock": _AIRTABLE.get("/meta/bases/{base_id}/tables", "", "base_schema<@; tables"),
    "AirtableCreateTableBlock": _AIRTABLE.post("/meta/bases/{base_id}/tables", "name<table_name fields<table_fields",
        "table<@; table_id<id"),
    "AirtableUpdateTableBlock": _AIRTABLE.patch("/meta/bases/{base_id}/tables/{table_id}",
        "name<table_name description<table_description dateDependency<date_dependency", "table<@"),
    "AirtableCreateFieldBlock": _AIRTABLE.post("/meta/bases/{base_id}/tables/{table_id}/fields",
        "name description options type<kind", "field<@; field_id<id",
        taken=lambda given: {"kind": given["field_type"] or "singleLineText"}),
    "AirtableUpdateFieldBlock": _AIRTABLE.patch("/meta/bases/{base_id}/tables/{table_id}/fields/{field_id}",
        "name description", "field<@"),
    "LinearCreateIssueBlock": _LINEAR.block(create_issue),
    "LinearCreateCommentBlock": _LINEAR.block(create_comment),
    "LinearSearchIssuesBlock": _LINEAR.block(search_issues, "reads"),
    "LinearSearchProjectsBlock": _LINEAR.block(search_projects, "reads"),
    "LinearGetProjectIssuesBlock": _LINEAR.block(project_issues, "reads"),
}  # fmt: skip
