"""AutoGPT's blocks for Google Sheets, Gmail and the calendar, against answers as their APIs give them."""

import base64
import email
import json
from typing import Any

import pytest

from agentbench.formats.autogpt.calls.google import GOOGLE
from agentbench.formats.autogpt.calls.google.cells import grid_of, letter_of, place_of
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case, block_of

SHEETS, MAIL, WEB = (
    "sheets.googleapis.com",
    "gmail.googleapis.com",
    "www.googleapis.com",
)
BOOK = {"id": "s", "name": "Tea"}
S = {
    "spreadsheet": {
        "url": "https://docs.google.com/spreadsheets/d/s-0123456789/edit",
        "id": "s",
    },
    "sheet_name": "Tea",
}
FILE = {"spreadsheet": [S["spreadsheet"]]}
V = "/v4/spreadsheets/s"
ROWS = [["name", "price"], ["Oolong", "3"], ["sencha", "2"], ["Oolong", "3"], ["Mate"]]
ALL = {f"GET {V}/values/%27Tea%27": {"values": ROWS}}
KNOWN = {
    f"GET {V}?fields=sheets.properties": {
        "sheets": [{"properties": {"title": "Tea", "sheetId": 7}}]
    }
}
OK = {"result": [{"success": True}]}


def change(request: Any, reply: Any = None) -> dict[str, Any]:
    """A batch of changes, and what it answers."""
    several = request if isinstance(request, list) else [request]
    return {
        f"POST {V}:batchUpdate {json.dumps({'requests': several}, sort_keys=True)}": {
            "replies": [reply or {}]
        }
    }


def gone(side: str, start: int) -> Any:
    return {
        "deleteDimension": {
            "range": {
                "sheetId": 7,
                "dimension": side,
                "startIndex": start,
                "endIndex": start + 1,
            }
        }
    }


def put(area: str, rows: Any) -> dict[str, Any]:
    return {
        f"PUT {V}/values/%27Tea%27%21{area}?valueInputOption=USER_ENTERED {json.dumps({'values': rows})}": {
            "updatedCells": 1
        }
    }


PUT = {"result": [{"updatedCells": 1}]}
GRID = {
    "sheetId": 7,
    "startColumnIndex": 0,
    "startRowIndex": 0,
    "endColumnIndex": 2,
    "endRowIndex": 2,
}
SHARED = "https://docs.google.com/spreadsheets/d/s/edit"

CASES = [
    Case("Read", {"spreadsheet": S["spreadsheet"], "range": "Tea!A1:B2"}, {f"GET {V}/values/Tea%21A1%3AB2": {"values": ROWS[:2]}},
        {"result": [ROWS[:2]]}),
    Case("Metadata", {"spreadsheet": S["spreadsheet"]}, {f"GET {V}?fields=properties.title,sheets.properties":
        {"properties": {"title": "T"}, "sheets": [{"properties": {"title": "Tea", "sheetId": 7}}]}},
        {"result": [{"title": "T", "sheets": [{"title": "Tea", "sheetId": 7}]}]}),
    Case("GetRow", {**S, "row_index": 5}, ALL, {"row": [["Mate", ""]], "row_dict": [{"name": "Mate", "price": ""}]}),
    Case("GetColumn", {**S, "column": "price", "skip_empty": True}, ALL, {"values": [["3", "2", "3"]], "count": [3], "column_index": [1]}),
    Case("GetRowCount", S, ALL, {"total_rows": [5], "data_rows": [4], "last_row": [5], "column_count": [2]}),
    Case("FilterRows", {**S, "filter_column": "price", "filter_value": "2", "operator": "greater_than", "include_header": False}, ALL,
        {"rows": [[["Oolong", "3"], ["Oolong", "3"], ["Mate", ""]]], "row_indices": [[2, 4, 5]], "count": [3]}),
    Case("LookupRow", {**S, "lookup_column": "A", "lookup_value": "SENCHA", "return_columns": ["price"]}, ALL,
        {"row": [["2"]], "row_dict": [{"price": "2"}], "row_index": [3], "found": [True]}),
    Case("GetUniqueValues", {**S, "column": "name", "include_count": True, "sort_by_count": True}, ALL,
        {"values": [["Oolong", "sencha", "Mate"]], "counts": [{"Oolong": 2, "sencha": 1, "Mate": 1}], "total_unique": [3]}),
    Case("Find", {"spreadsheet": S["spreadsheet"], "find_text": "MATE"}, {**KNOWN, f"GET {V}/values/%27Tea%27%21A%3AZZZ": {"values": ROWS}},
        {"result": [{"success": True, "count": 1}], "count": [1],
         "locations": [[{"sheet": "Tea", "address": "A5", "row": 5, "column": 1, "value": "Mate"}]]}),
    Case("ExportCsv", {**S, "include_headers": False}, ALL, {"csv_data": ["Oolong,3\r\nsencha,2\r\nOolong,3\r\nMate,\r\n"], "row_count": [4]}),
    Case("GetNotes", {**S, "range": "A1:B9"}, {
        f"GET {V}?fields=sheets.data(startRow,startColumn,rowData.values.note)&ranges='Tea'!A1:B9":
        {"sheets": [{"data": [{"rowData": [{}, {"values": [{}, {"note": "hot"}]}]}]}]}}, {"notes": [[{"cell": "B2", "note": "hot"}]], "count": [1]}),
    Case("ListNamedRanges", {"spreadsheet": S["spreadsheet"]}, {f"GET {V}?fields=namedRanges": {"namedRanges": [{"name": "x"}]}},
        {"named_ranges": [[{"name": "x"}]], "count": [1]}),
    Case("Write", {"spreadsheet": S["spreadsheet"], "range": "Tea!A1", "values": [["a"]]},
        {f'PUT {V}/values/Tea%21A1?valueInputOption=USER_ENTERED {{"values": [["a"]]}}': {"updatedCells": 1}}, PUT),
    Case("UpdateCell", {"spreadsheet": S["spreadsheet"], "cell": "Tea!B2", "value": "4", "value_input_option": "RAW"},
        {f'PUT {V}/values/Tea%21B2?valueInputOption=RAW {{"values": [["4"]]}}': {"updatedCells": 1}}, PUT),
    Case("AppendRow", {**S, "row": ["Mate", "4"]}, {
        f"POST {V}/values/'Tea'!A1:append?insertDataOption=INSERT_ROWS&valueInputOption=USER_ENTERED {{\"values\": [[\"Mate\", \"4\"]]}}": {"updates": {}}},
        {"result": [{"updates": {}}]}),
    Case("InsertRow", {**S, "row": ["x"], "row_index": 2}, {**KNOWN, **change({"insertDimension": {"inheritFromBefore": True,
        "range": {"sheetId": 7, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}}), **put("A2", [["x"]])}, PUT),
    Case("UpdateRow", {**S, "row_index": 5, "dict_values": {"price": "4"}}, {**ALL, **put("A5", [["Mate", "4"]])}, PUT),
    Case("DeleteRows", {**S, "row_indices": [2, 4, 2]}, {**KNOWN, **change([gone("ROWS", 3), gone("ROWS", 1)])}, {**OK, "deleted_count": [2]}),
    Case("DeleteColumn", {**S, "column": "price"}, {**ALL, **KNOWN, **change(gone("COLUMNS", 1))}, OK),
    Case("AddColumn", {**S, "header": "hot", "default_value": "yes"}, {**ALL, **KNOWN, **change({"insertDimension": {
        "inheritFromBefore": True, "range": {"sheetId": 7, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}}}),
        **put("C1", [["hot"], *[["yes"]] * 4])}, {**OK, "column_letter": ["C"], "column_index": [2]}),
    Case("Clear", {"spreadsheet": S["spreadsheet"], "range": "Tea!A1:B2"}, {f"POST {V}/values/Tea!A1:B2:clear {{}}": {"clearedRange": "x"}},
        {"result": [{"clearedRange": "x"}]}),
    Case("Sort", {**S, "sort_column": "price", "sort_order": "descending"}, {**ALL, **KNOWN, **change({"sortRange": {
        "range": {"sheetId": 7, "startRowIndex": 1, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2},
        "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}]}})}, OK),
    Case("ImportCsv", {**S, "csv_data": "a,b\n1,2"}, put("A1", [["a", "b"], ["1", "2"]]), {**OK, "rows_imported": [2]}),
    Case("RemoveDuplicates", S, {**ALL, **KNOWN, **change(gone("ROWS", 3))}, {**OK, "removed_count": [1], "remaining_rows": [3]}),
    Case("CreateSpreadsheet", {"title": "T", "sheet_names": ["Tea"]}, {
        'POST /v4/spreadsheets {"properties": {"title": "T"}, "sheets": [{"properties": {"title": "Tea"}}]}': {"spreadsheetId": "s"}},
        {**OK, "spreadsheet_id": ["s"], "spreadsheet_url": [SHARED], "spreadsheet": [
            {"id": "s", "name": "T", "mimeType": "application/vnd.google-apps.spreadsheet", "url": SHARED}]}),
    Case("Format", {"spreadsheet": S["spreadsheet"], "range": "A1:B2", "bold": True, "background_color": {"red": 1}}, {**KNOWN, **change({"repeatCell": {
        "range": GRID, "cell": {"userEnteredFormat": {"textFormat": {"bold": True, "italic": False, "fontSize": 10}, "backgroundColor": {"red": 1}}},
        "fields": "userEnteredFormat(textFormat(bold,italic,fontSize),backgroundColor)"}})}, OK),
    Case("FindReplace", {"spreadsheet": S["spreadsheet"], "find_text": "a", "replace_text": "b"}, change({"findReplace": {"find": "a",
        "replacement": "b", "matchCase": False, "matchEntireCell": False, "allSheets": True}}, {"findReplace": {"occurrencesChanged": 2}}),
        {"result": [{"occurrencesChanged": 2}]}),
    Case("BatchOperations", {"spreadsheet": S["spreadsheet"], "operations": [{"type": "update", "range": "Tea!A1", "values": [["x"]]},
        {"type": "clear", "range": "Tea!B1"}]}, {
        f'POST {V}/values:batchUpdate {{"data": [{{"range": "Tea!A1", "values": [["x"]]}}], "valueInputOption": "USER_ENTERED"}}': {},
        f'POST {V}/values:batchClear {{"ranges": ["Tea!B1"]}}': {}}, {"result": [{"success": True, "operations": 2}]}),
    Case("ManageSheet", {"spreadsheet": S["spreadsheet"], "operation": "create", "sheet_name": "New"},
        change({"addSheet": {"properties": {"title": "New"}}}, {"addSheet": {"properties": {"sheetId": 8}}}),
        {"result": [{"success": True, "sheetId": 8}]}),
    Case("CreateNamedRange", {**S, "name": "x", "range": "A1:B2"}, {**KNOWN, **change({"addNamedRange": {"namedRange": {"name": "x", "range": GRID}}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "n"}}})}, {**OK, "named_range_id": ["n"]}),
    Case("AddDropdown", {**S, "range": "A1:B2", "options": ["a"]}, {**KNOWN, **change({"setDataValidation": {"range": GRID, "rule": {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "a"}]}, "strict": True, "showCustomUi": True}}})}, OK),
    Case("ProtectRange", {**S, "range": "A1:B2"}, {**KNOWN, **change({"addProtectedRange": {"protectedRange": {"range": GRID,
        "description": "Protected by automation", "warningOnly": False}}}, {"addProtectedRange": {"protectedRange": {"protectedRangeId": 3}}})},
        {**OK, "protection_id": [3]}),
    Case("AddNote", {**S, "cell": "B2", "note": "hot"}, {**KNOWN, **change({"updateCells": {"range": {"sheetId": 7, "startColumnIndex": 1,
        "startRowIndex": 1, "endColumnIndex": 2, "endRowIndex": 2}, "rows": [{"values": [{"note": "hot"}]}], "fields": "note"}})}, OK),
    Case("CopyToSpreadsheet", {"source_spreadsheet": S["spreadsheet"], "source_sheet_name": "Tea", "destination_spreadsheet_id": "d"},
        {**KNOWN, f'POST {V}/sheets/7:copyTo {{"destinationSpreadsheetId": "d"}}': {"sheetId": 9, "title": "Copy of Tea"}},
        {**OK, "new_sheet_id": [9], "new_sheet_name": ["Copy of Tea"]}),
    Case("ShareSpreadsheet", {"spreadsheet": S["spreadsheet"], "email": "a@x", "role": "writer"}, {
        'POST /drive/v3/files/s/permissions?sendNotificationEmail=true {"emailAddress": "a@x", "role": "writer", "type": "user"}': {}},
        {"result": [{"success": True, "role": "writer", "shared_with": "a@x"}], "share_link": [SHARED]}, WEB),
    Case("SetPublicAccess", {"spreadsheet": S["spreadsheet"], "public": False}, {
        "GET /drive/v3/files/s/permissions?fields=permissions(id,type)": {"permissions": [{"id": "1", "type": "user"}, {"id": "2", "type": "anyone"}]},
        "DELETE /drive/v3/files/s/permissions/2": 204}, {"result": [{"success": True, "is_public": False}]}, WEB),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.block)
async def test_sheets_are_asked_as_they_say(case: Case, fire: Any, apis: Apis) -> None:
    name = f"GoogleSheets{case.block}"
    wanted = case.wanted if "spreadsheet" in case.wanted else {**case.wanted, **FILE}
    await Case(name, case.inputs, case.asked, wanted).holds(
        fire, apis, case.host or SHEETS
    )
    assert all("the-secret-key" in str(it["headers"]) for it in apis.asked)


def test_cells_are_counted_as_sheets_do() -> None:
    assert [letter_of(it) for it in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]
    assert all(place_of(letter_of(it)) == it for it in range(2000))
    assert grid_of("Tea!$B:C", 7) == {
        "sheetId": 7,
        "startColumnIndex": 1,
        "endColumnIndex": 3,
    }
    with pytest.raises(ValueError, match="no range of cells"):
        grid_of("A-1", 7)


M = "/gmail/v1/users/me"
MESSAGE = {"id": "m", "threadId": "t", "labelIds": ["INBOX"], "snippet": "Hi", "payload": {"mimeType": "multipart/mixed", "headers": [
    {"name": "Subject", "value": "Tea"}, {"name": "From", "value": "Ada <ada@x>"}, {"name": "To", "value": "me@x, Bo <bo@x>"},
    {"name": "Message-ID", "value": "<1@x>"}], "parts": [
    {"mimeType": "text/plain", "body": {"data": base64.urlsafe_b64encode("Hé".encode()).decode().rstrip("=")}},
    {"mimeType": "image/png", "filename": "a.png", "body": {"attachmentId": "f", "size": 3}}]}}  # fmt: skip
SEEN = {"threadId": "t", "labelIds": ["INBOX"], "id": "m", "subject": "Tea", "snippet": "Hi", "from_": "ada@x", "to": ["me@x", "bo@x"],
        "cc": [], "bcc": [], "date": "", "body": "Hé", "sizeEstimate": 0,
        "attachments": [{"filename": "a.png", "content_type": "image/png", "size": 3, "attachment_id": "f"}]}  # fmt: skip
LABELS = {"labels": [{"id": "L1", "name": "Tea", "type": "user"}]}
MAILS = [
    Case("GmailRead", {"query": "tea"}, {f"GET {M}/messages?maxResults=10&q=tea": {"messages": [{"id": "m"}]},
        f"GET {M}/messages/m?format=full": MESSAGE}, {"email": [SEEN], "emails": [[SEEN]]}),
    Case("GmailGetThread", {"threadId": "t"}, {f"GET {M}/threads/t?format=full": {"id": "t", "historyId": "h", "messages": [MESSAGE]}},
        {"thread": [{"id": "t", "historyId": "h", "messages": [SEEN]}]}),
    Case("GmailListLabels", {}, {f"GET {M}/labels": LABELS}, {"result": [[{"id": "L1", "name": "Tea"}]]}),
    Case("GmailAddLabel", {"message_id": "m", "label_name": "New"}, {f"GET {M}/labels": LABELS, f'POST {M}/labels {{"name": "New"}}': {"id": "L2"},
        f'POST {M}/messages/m/modify {{"addLabelIds": ["L2"]}}': {}}, {"result": [{"status": "Label added successfully", "label_id": "L2"}]}),
    Case("GmailRemoveLabel", {"message_id": "m", "label_name": "none"}, {f"GET {M}/labels": LABELS},
        {"result": [{"status": "Label not found", "label_id": None}]}),
    Case("GmailGetProfile", {}, {f"GET {M}/profile": {"emailAddress": "a", "messagesTotal": 1, "threadsTotal": 1, "historyId": "h"}},
        {"profile": [{"emailAddress": "a", "messagesTotal": 1, "threadsTotal": 1, "historyId": "h"}]}),
]  # fmt: skip


@pytest.mark.parametrize("case", MAILS, ids=lambda case: case.block)
async def test_mail_is_asked_as_it_says(case: Case, fire: Any, apis: Apis) -> None:
    await case.holds(fire, apis, MAIL)


def sent(apis: Apis) -> tuple[Any, dict[str, Any]]:
    """The message that went out last, and what was sent with it."""
    [asked] = [json.loads(it["body"]) for it in apis.asked if it["body"]]
    whole = asked.get("message", asked)
    return email.message_from_bytes(base64.urlsafe_b64decode(whole["raw"])), whole


async def test_a_message_goes_out_as_mail(fire: Any, apis: Apis) -> None:
    apis.planned[f"POST {MAIL}{M}/messages/send"] = [
        (200, {"id": "m2", "threadId": "t"}, {})
    ] * 2
    given = await fire(block_of("GmailSend"), credentials="key", to=["a@x"], subject="Tée", body="<p>Hi</p>", cc=["b@x"],
                       attachments=["data:text/plain,hi"])  # fmt: skip
    assert given == {"result": [{"id": "m2", "status": "sent"}]}
    message, _ = sent(apis)
    assert (message["To"], message["Cc"]) == ("a@x", "b@x")
    assert [it.get_content_type() for it in message.walk()] == [
        "multipart/mixed",
        "text/html",
        "text/plain",
    ]


@pytest.mark.parametrize("name", ["GmailReply", "GmailDraftReply"])
async def test_an_answer_stays_in_its_thread(fire: Any, apis: Apis, name: str) -> None:
    plan = apis.planned
    plan[f"GET {MAIL}{M}/messages/m"] = [(200, MESSAGE, {})]
    plan[f"GET {MAIL}{M}/messages/m2"] = [(200, {**MESSAGE, "id": "m2"}, {})]
    plan[f"POST {MAIL}{M}/messages/send"] = [(200, {"id": "m2", "threadId": "t"}, {})]
    plan[f"POST {MAIL}{M}/drafts"] = [
        (200, {"id": "d", "message": {"id": "m2", "threadId": "t"}}, {})
    ]
    given = await fire(
        block_of(name),
        credentials="key",
        threadId="t",
        parentMessageId="m",
        body="Yes",
        replyAll=True,
    )
    assert (given["messageId"], given["threadId"]) == (["m2"], ["t"])
    assert given.get("draftId", ["d"]) == ["d"]
    message, whole = sent(apis)
    assert whole["threadId"] == "t"
    assert (message["Subject"], message["In-Reply-To"]) == ("Re: Tea", "<1@x>")
    assert message["To"] == "Ada <ada@x>, me@x, bo@x"


async def test_a_draft_is_kept(fire: Any, apis: Apis) -> None:
    apis.planned[f"POST {MAIL}{M}/drafts"] = [
        (200, {"id": "d", "message": {"id": "m2"}}, {})
    ]
    given = await fire(
        block_of("GmailCreateDraft"),
        credentials="key",
        to=["a@x"],
        subject="s",
        body="b",
    )
    assert given == {
        "result": [{"id": "d", "message_id": "m2", "status": "draft_created"}]
    }


async def test_the_calendar_is_read_and_written(fire: Any, apis: Apis) -> None:
    items = [{"id": "e", "summary": "Tea", "start": {"date": "2026-05-04"}, "end": {"date": "2026-05-05"}, "htmlLink": "u"},
             {"id": "no", "attendees": [{"self": True, "responseStatus": "declined"}]}]  # fmt: skip
    place = f"{WEB}/calendar/v3/calendars/primary/events"
    apis.planned[f"GET {place}"] = [(200, {"items": items, "nextPageToken": "n"}, {})]
    given = await fire(
        block_of("GoogleCalendarReadEvents"),
        credentials="key",
        start_time="2026-05-01T00:00:00",
        time_range_days=7,
    )
    assert [it["title"] for it in given["event"]] == ["Tea"]
    assert given["event"][0]["is_all_day"] is True
    assert given["next_page_token"] == ["n"]
    query = apis.asked[-1]["query"]
    assert (query["timeMin"], query["timeMax"]) == (
        "2026-05-01T00:00:00+00:00",
        "2026-05-08T00:00:00+00:00",
    )
    apis.planned[f"POST {place}"] = [(200, {"id": "e2", "htmlLink": "u2"}, {})]
    given = await fire(block_of("GoogleCalendarCreateEvent"), credentials="key", event_title="Tea", guest_emails=["a@x"],
        timing={"start_datetime": "2026-05-04T10:00:00", "duration_minutes": 30}, recurrence={"frequency": "weekly", "count": 3},
        reminder_minutes=[10], add_google_meet=True)  # fmt: skip
    assert given == {"event_id": ["e2"], "event_link": ["u2"]}
    body = json.loads(apis.asked[-1]["body"])
    assert body["end"] == {"dateTime": "2026-05-04T10:30:00+00:00", "timeZone": "UTC"}
    assert body["recurrence"] == ["RRULE:FREQ=WEEKLY;COUNT=3"]
    assert apis.asked[-1]["query"] == {
        "sendUpdates": "all",
        "conferenceDataVersion": "1",
    }


D = {"document": {"id": "d", "name": "Tea"}}
AT, PLACE = "/v1/documents/d", "docs.googleapis.com"
GIVEN = {"document": [D["document"]]}
HOT = {
    "paragraph": {"elements": [{"textRun": {"content": "Hot\n"}}, {"pageBreak": {}}]}
}
IN_IT = {"table": {"tableRows": [{"tableCells": [{"content": [HOT]}]}]}}
DOCUMENTS = [
    Case("GoogleDocsRead", D, {f"GET {AT}": {"title": "Tea", "body": {"content": [{"sectionBreak": {}}, HOT, IN_IT]}}},
        {**GIVEN, "text": ["Hot\nHot\n"], "title": ["Tea"]}),
    Case("GoogleDocsGetMetadata", D, {f"GET {AT}": {"title": "Tea", "revisionId": "r"}}, {**GIVEN, "title": ["Tea"],
        "document_id": ["d"], "revision_id": ["r"], "document_url": ["https://docs.google.com/document/d/d/edit"]}),
    Case("GoogleDocsAppendPlainText", {**D, "text": "more"}, {
        f'POST {AT}:batchUpdate {{"requests": [{{"insertText": {{"endOfSegmentLocation": {{}}, "text": "\\nmore"}}}}]}}': {}},
        {**GIVEN, "result": [{"success": True, "characters_added": 5}]}),
    Case("GoogleDocsInsertPlainText", {**D, "text": "more"}, {
        f'POST {AT}:batchUpdate {{"requests": [{{"insertText": {{"location": {{"index": 1}}, "text": "more"}}}}]}}': {}},
        {**GIVEN, "result": [{"success": True, "characters_inserted": 4}]}),
    Case("GoogleDocsFindReplacePlainText", {**D, "find_text": "a", "replace_text": "b"}, {
        f'POST {AT}:batchUpdate {{"requests": [{{"replaceAllText": {{"containsText": {{"matchCase": false, "text": "a"}}, "replaceText": "b"}}}}]}}':
        {"replies": [{"replaceAllText": {"occurrencesChanged": 3}}]}}, {**GIVEN, "result": [{"success": True, "replacements_made": 3}]}),
    Case("GoogleDocsCreate", {"title": "Tea", "initial_content": "Hot"}, {
        f'POST {WEB}/drive/v3/files {{"mimeType": "application/vnd.google-apps.document", "name": "Tea"}}': {"id": "d"},
        f'POST {AT}:batchUpdate {{"requests": [{{"insertText": {{"location": {{"index": 1}}, "text": "Hot"}}}}]}}': {}},
        {"document": [{"id": "d", "name": "Tea", "mimeType": "application/vnd.google-apps.document", "url": "https://docs.google.com/document/d/d/edit"}],
         "document_id": ["d"], "document_url": ["https://docs.google.com/document/d/d/edit"]}),
    Case("GoogleDocsShare", {**D, "email": "a@x", "role": "writer"}, {
        'POST /drive/v3/files/d/permissions?sendNotificationEmail=true {"emailAddress": "a@x", "role": "writer", "type": "user"}': {}},
        {**GIVEN, "result": [{"success": True, "role": "writer", "shared_with": "a@x"}], "share_link": ["https://docs.google.com/document/d/d/edit"]}, WEB),
    Case("GoogleDocsSetPublicAccess", {**D, "public": True}, {'POST /drive/v3/files/d/permissions {"role": "reader", "type": "anyone"}': {}},
        {**GIVEN, "result": [{"success": True, "is_public": True}], "share_link": ["https://docs.google.com/document/d/d/edit"]}, WEB),
]  # fmt: skip


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case.block)
async def test_documents(case: Case, fire: Any, apis: Apis) -> None:
    await case.holds(fire, apis, PLACE)


def test_every_block_of_them_has_a_case() -> None:
    others = {
        "GmailSend",
        "GmailReply",
        "GmailDraftReply",
        "GmailCreateDraft",
        "GoogleCalendarReadEvents",
        "GoogleCalendarCreateEvent",
    }
    tested = (
        {f"GoogleSheets{it.block}" for it in CASES}
        | {it.block for it in DOCUMENTS}
        | {it.block for it in MAILS}
        | others
    )
    assert {name.removesuffix("Block") for name in GOOGLE} == tested
