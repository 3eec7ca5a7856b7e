"""Google's documents: read, made, added to and shared, as plain text.

Facts: developers.google.com/workspace/docs/api/reference/rest/v1 (documents, requests).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent
from agentbench.formats.autogpt.calls.google.files import (
    DRIVE,
    HOSTS,
    borne,
    file_id,
    opened,
    shared,
)
from agentbench.formats.base import Native

API = Api("https://docs.googleapis.com/v1/documents")
PAGE = "https://docs.google.com/document/d/{id}/edit"
_TYPE = "application/vnd.google-apps.document"


async def _found(given: Given, native: Native) -> Any:
    id = file_id(given["document"])
    return await API.ask(native, borne(given), "GET", f"/{id}")


async def _changed(given: Given, native: Native, id: str, *requests: Any) -> Any:
    """What the document answers to changes, all of them or none."""
    body = {"requests": list(requests)}
    place = f"/{id}:batchUpdate"
    answer = await API.ask(native, borne(given), "POST", place, Sent(body=body))
    return (answer or {}).get("replies") or []


def _texts(content: list[Any]) -> Iterator[str]:
    """The text of a body, that of its tables too, in order."""
    for one in content:
        for element in one.get("paragraph", {}).get("elements", []):
            yield element.get("textRun", {}).get("content", "")
        for row in one.get("table", {}).get("tableRows", []):
            for cell in row.get("tableCells", []):
                yield from _texts(cell.get("content", []))


async def read(given: Given, native: Native) -> Stream:
    """The text of a document."""
    found = await _found(given, native)
    yield "text", "".join(_texts(found.get("body", {}).get("content", [])))
    yield "title", found.get("title", "")
    yield "document", given["document"]


async def about(given: Given, native: Native) -> Stream:
    """What a document is called, and its revision."""
    found = await _found(given, native)
    id = file_id(given["document"])
    yield "title", found.get("title", "")
    yield "document_id", id
    yield "revision_id", found.get("revisionId", "")
    yield "document_url", PAGE.format(id=id)
    yield "document", given["document"]


async def create(given: Given, native: Native) -> Stream:
    """Makes a document, with a text where one is given."""
    body = {"name": given["title"], "mimeType": _TYPE}
    made = await DRIVE.ask(
        native, borne(given), "POST", "/files", Sent(body=body), once="make"
    )
    id = made["id"]
    url = PAGE.format(id=id)
    if given["initial_content"]:
        text = {"location": {"index": 1}, "text": given["initial_content"]}
        await _changed(given, native, id, {"insertText": text})
    yield "document", {"id": id, "name": given["title"], "mimeType": _TYPE, "url": url}
    yield "document_id", id
    yield "document_url", url


async def append(given: Given, native: Native) -> Stream:
    """Adds a text at the end, on a line of its own if wanted."""
    text = ("\n" if given["add_newline"] else "") + str(given["text"])
    request = {"insertText": {"endOfSegmentLocation": {}, "text": text}}
    await _changed(given, native, file_id(given["document"]), request)
    yield "result", {"success": True, "characters_added": len(text)}
    yield "document", given["document"]


async def insert(given: Given, native: Native) -> Stream:
    """Puts a text at a place; 1 is the beginning."""
    text = str(given["text"])
    place = {"index": max(1, int(given["index"]))}
    request = {"insertText": {"location": place, "text": text}}
    await _changed(given, native, file_id(given["document"]), request)
    yield "result", {"success": True, "characters_inserted": len(text)}
    yield "document", given["document"]


async def replace(given: Given, native: Native) -> Stream:
    """Replaces a text wherever it stands."""
    wanted = {"text": given["find_text"], "matchCase": bool(given["match_case"])}
    request = {
        "replaceAllText": {"containsText": wanted, "replaceText": given["replace_text"]}
    }
    replies = await _changed(given, native, file_id(given["document"]), request)
    reply = (replies or [{}])[0].get("replaceAllText") or {}
    count = reply.get("occurrencesChanged", 0)  # left out where nothing was found
    yield "result", {"success": True, "replacements_made": count}
    yield "document", given["document"]


def _does(function: Any, effects: Any = "sends") -> Does:
    return Does(function=function, effects=effects, hosts=HOSTS)


DOCS: Mapping[str, Work] = {
    "GoogleDocsReadBlock": _does(read, "reads"),
    "GoogleDocsGetMetadataBlock": _does(about, "reads"),
    "GoogleDocsCreateBlock": _does(create),
    "GoogleDocsAppendPlainTextBlock": _does(append),
    "GoogleDocsInsertPlainTextBlock": _does(insert),
    "GoogleDocsFindReplacePlainTextBlock": _does(replace),
    "GoogleDocsShareBlock": _does(shared("document", PAGE)),
    "GoogleDocsSetPublicAccessBlock": _does(opened("document", PAGE)),
}
