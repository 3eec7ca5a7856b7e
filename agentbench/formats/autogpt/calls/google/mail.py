"""AutoGPT's blocks for Gmail and for Google's calendar.

Facts: developers.google.com/workspace/gmail/api/reference/rest/v1 (a message goes and comes
as base64url of RFC 5322) and developers.google.com/workspace/calendar/api/v3/reference.
"""

import base64
import datetime
import email.message
import email.utils
import re
from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent
from agentbench.formats.base import Native

_API = Api("https://gmail.googleapis.com/gmail/v1/users/me")
_CALENDAR = Api("https://www.googleapis.com/calendar/v3")

# ---- a message as it goes --------------------------------------------------


async def _written(
    given: Given,
    native: Native,
    *,
    to: list[str],
    subject: str,
    body: str,
    more: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A message as Gmail takes it."""
    message = email.message.EmailMessage()
    message["To"], message["Subject"] = ", ".join(to), subject
    for name in ("cc", "bcc"):
        if given.get(name):
            message[name.capitalize()] = ", ".join(given[name])
    for name, value in (more or {}).items():
        if value:
            message[name] = value
    kind = given.get("content_type") or "auto"
    is_html = kind == "html" or (
        kind == "auto"
        and re.search(r"<(p|div|br|html|body|table|a|b|h\d)\b", body, re.IGNORECASE)
    )
    message.set_content(body, subtype="html" if is_html else "plain")
    for file in given.get("attachments") or given.get("additionalAttachments") or []:
        found = await native.all("files.read", file=file)
        main, _, sub = found["kind"].partition("/")
        message.add_attachment(
            found["bytes"], maintype=main, subtype=sub, filename=found["name"] or "file"
        )
    return {"raw": base64.urlsafe_b64encode(message.as_bytes()).decode()}


async def send(given: Given, native: Native) -> Stream:
    """Sends a message."""
    made = await _written(
        given, native, to=given["to"], subject=given["subject"], body=given["body"]
    )
    sent = await _API.ask(native, given, "POST", "/messages/send", Sent(body=made))
    yield "result", {"id": sent["id"], "status": "sent"}


async def draft(given: Given, native: Native) -> Stream:
    """Keeps a message without sending it."""
    made = await _written(
        given, native, to=given["to"], subject=given["subject"], body=given["body"]
    )
    kept = await _API.ask(
        native, given, "POST", "/drafts", Sent(body={"message": made})
    )
    yield (
        "result",
        {
            "id": kept["id"],
            "message_id": kept["message"]["id"],
            "status": "draft_created",
        },
    )


async def _answering(given: Given, native: Native) -> dict[str, Any]:
    """An answer to a message, to whom it came from, or to all."""
    params = {
        "format": "metadata",
        "metadataHeaders": [
            "Subject",
            "From",
            "To",
            "Cc",
            "Reply-To",
            "Message-ID",
            "References",
        ],
    }
    place = f"/messages/{given['parentMessageId']}"
    parent = await _API.ask(native, given, "GET", place, Sent(params=params))
    heads = _headers(parent)
    to = list(given["to"]) or [heads.get("reply-to") or heads.get("from", "")]
    known = dict(given)
    if given["replyAll"] and not given["to"]:
        both = email.utils.getaddresses([heads.get("to", ""), heads.get("cc", "")])
        to += [address for _, address in both if address]
        to = list(dict.fromkeys(to))
    subject = given["subject"] or "Re: " + heads.get("subject", "").removeprefix("Re: ")
    chain = f"{heads.get('references', '')} {heads.get('message-id', '')}".strip()
    more = {"In-Reply-To": heads.get("message-id", ""), "References": chain}
    made = await _written(
        known, native, to=to, subject=subject, body=given["body"], more=more
    )
    return {**made, "threadId": given["threadId"]}


async def reply(given: Given, native: Native) -> Stream:
    """Answers a message, in its thread."""
    made = await _answering(given, native)
    sent = await _API.ask(native, given, "POST", "/messages/send", Sent(body=made))
    whole = await _API.ask(
        native, given, "GET", f"/messages/{sent['id']}", Sent(params={"format": "full"})
    )
    yield "messageId", sent["id"]
    yield "threadId", sent.get("threadId") or given["threadId"]
    yield "message", whole
    yield "email", _email(whole)


async def draft_reply(given: Given, native: Native) -> Stream:
    """Keeps an answer without sending it."""
    made = await _answering(given, native)
    kept = await _API.ask(
        native, given, "POST", "/drafts", Sent(body={"message": made})
    )
    yield "draftId", kept["id"]
    yield "messageId", kept["message"]["id"]
    yield "threadId", kept["message"].get("threadId") or given["threadId"]
    yield "status", "draft_created"


# ---- a message as it comes -------------------------------------------------


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    rows = (message.get("payload") or {}).get("headers") or []
    return {str(it["name"]).lower(): str(it["value"]) for it in rows}


def _decoded(data: str) -> str:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode(
        "utf-8", "replace"
    )


def _body(part: Mapping[str, Any], kind: str) -> str:
    """The text of a message of one kind, however deep it lies."""
    data = (part.get("body") or {}).get("data")
    if part.get("mimeType") == kind and data:
        return _decoded(data)
    for inner in part.get("parts") or []:
        if found := _body(inner, kind):
            return found
    return ""


def _attached(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    body = part.get("body") or {}
    if part.get("filename") and body.get("attachmentId"):
        found.append({"filename": part["filename"], "content_type": part.get("mimeType", ""),
                      "size": body.get("size", 0), "attachment_id": body["attachmentId"]})  # fmt: skip
    for inner in part.get("parts") or []:
        found += _attached(inner)
    return found


def _email(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as AutoGPT shows one."""
    heads, part = _headers(message), message.get("payload") or {}
    named = {
        name: [it for _, it in email.utils.getaddresses([heads.get(name, "")])]
        for name in ("to", "cc", "bcc")
    }
    return {
        "threadId": message.get("threadId", ""),
        "labelIds": message.get("labelIds") or [],
        "id": message["id"],
        "subject": heads.get("subject", "No Subject"),
        "snippet": message.get("snippet", ""),
        "from_": email.utils.parseaddr(heads.get("from", ""))[1],
        **named,
        "date": heads.get("date", ""),
        "body": _body(part, "text/plain") or _body(part, "text/html"),
        "sizeEstimate": message.get("sizeEstimate", 0),
        "attachments": _attached(part),
    }


async def read(given: Given, native: Native) -> Stream:
    """The messages that a search finds."""
    params = {"q": given["query"], "maxResults": given["max_results"]}
    listed = await _API.ask(native, given, "GET", "/messages", Sent(params=params))
    found = []
    for one in listed.get("messages") or []:
        whole = await _API.ask(
            native,
            given,
            "GET",
            f"/messages/{one['id']}",
            Sent(params={"format": "full"}),
        )
        found.append(_email(whole))
    for message in found:
        yield "email", message
    yield "emails", found


async def thread(given: Given, native: Native) -> Stream:
    """A thread with all its messages."""
    whole = await _API.ask(
        native,
        given,
        "GET",
        f"/threads/{given['threadId']}",
        Sent(params={"format": "full"}),
    )
    messages = [_email(it) for it in whole.get("messages") or []]
    yield (
        "thread",
        {
            "id": whole["id"],
            "historyId": whole.get("historyId", ""),
            "messages": messages,
        },
    )


def _labels(verb: str, status: str) -> Work:
    """Puts a label on a message, or takes it off; one that is not there yet is made."""

    async def change(given: Given, native: Native) -> Stream:
        name = str(given["label_name"])
        listed = await _API.ask(native, given, "GET", "/labels")
        label = next(
            (
                it["id"]
                for it in listed.get("labels") or []
                if name in (it["name"], it["id"])
            ),
            None,
        )
        if label is None and verb == "addLabelIds":
            label = (
                await _API.ask(
                    native, given, "POST", "/labels", Sent(body={"name": name})
                )
            )["id"]
        if label is None:
            yield "result", {"status": "Label not found", "label_id": None}
            return
        place = f"/messages/{given['message_id']}/modify"
        await _API.ask(native, given, "POST", place, Sent(body={verb: [label]}))
        yield "result", {"status": status, "label_id": label}

    return _API.block(change)


# ---- the calendar ----------------------------------------------------------


def _moment(said: Any) -> datetime.datetime:
    found = (
        datetime.datetime.fromisoformat(str(said))
        if said
        else datetime.datetime.now(datetime.UTC)
    )
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


async def events(given: Given, native: Native) -> Stream:
    """The events of a calendar in a time."""
    start = _moment(given["start_time"])
    last = start + datetime.timedelta(days=given["time_range_days"])
    params: dict[str, Any] = {
        "timeMin": start.isoformat(), "timeMax": last.isoformat(), "maxResults": given["max_events"],
        "singleEvents": "true", "orderBy": "startTime",
    }  # fmt: skip
    if given["search_term"]:
        params["q"] = given["search_term"]
    if given["page_token"]:
        params["pageToken"] = given["page_token"]
    answer = await _CALENDAR.ask(
        native,
        given,
        "GET",
        f"/calendars/{given['calendar_id']}/events",
        Sent(params=params),
    )
    found = [
        _event(it)
        for it in answer.get("items") or []
        if given["include_declined_events"] or not _declined(it)
    ]
    yield "events", found
    for one in found:
        yield "event", one
    if answer.get("nextPageToken"):
        yield "next_page_token", answer["nextPageToken"]


def _declined(event: Mapping[str, Any]) -> bool:
    return any(
        it.get("self") and it.get("responseStatus") == "declined"
        for it in event.get("attendees") or []
    )


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    start, end = event.get("start") or {}, event.get("end") or {}
    return {
        "id": event["id"], "title": event.get("summary", "Untitled Event"),
        "start_time": start.get("dateTime") or start.get("date", ""), "end_time": end.get("dateTime") or end.get("date", ""),
        "is_all_day": "date" in start, "location": event.get("location"), "description": event.get("description"),
        "organizer": (event.get("organizer") or {}).get("email"),
        "attendees": [it.get("email", "") for it in event.get("attendees") or []],
        "has_video_call": "hangoutLink" in event or "conferenceData" in event,
        "video_link": event.get("hangoutLink"), "calendar_link": event.get("htmlLink", ""), "is_recurring": "recurringEventId" in event,
    }  # fmt: skip


async def create_event(given: Given, native: Native) -> Stream:
    """Puts an event into a calendar."""
    timing = given["timing"] if isinstance(given["timing"], Mapping) else {}
    start = _moment(timing.get("start_datetime"))
    minutes = int(timing.get("duration_minutes") or 60)
    end = (
        _moment(timing["end_datetime"])
        if timing.get("end_datetime")
        else start + datetime.timedelta(minutes=minutes)
    )
    body: dict[str, Any] = {
        "summary": given["event_title"], "start": {"dateTime": start.isoformat()}, "end": {"dateTime": end.isoformat()},
    }  # fmt: skip
    body |= {name: given[name] for name in ("location", "description") if given[name]}
    if given["guest_emails"]:
        body["attendees"] = [{"email": it} for it in given["guest_emails"]]
    params = {"sendUpdates": "all" if given["send_notifications"] else "none"}
    again = given["recurrence"] if isinstance(given["recurrence"], Mapping) else {}
    if again.get("frequency"):
        rule = f"RRULE:FREQ={str(again['frequency']).upper()};COUNT={int(again.get('count') or 10)}"
        body["recurrence"] = [rule]
        body["start"]["timeZone"] = body["end"]["timeZone"] = (
            "UTC"  # a rule goes by a time zone
        )
    if given["reminder_minutes"]:
        minutes_before = [
            {"method": "popup", "minutes": int(it)} for it in given["reminder_minutes"]
        ]
        body["reminders"] = {"useDefault": False, "overrides": minutes_before}
    if given["add_google_meet"]:
        key = {"type": "hangoutsMeet"}
        body["conferenceData"] = {
            "createRequest": {
                "requestId": native.context.run_id,
                "conferenceSolutionKey": key,
            }
        }
        params["conferenceDataVersion"] = "1"
    place = f"/calendars/{given['calendar_id']}/events"
    made = await _CALENDAR.ask(
        native, given, "POST", place, Sent(params=params, body=body)
    )
    yield "event_id", made["id"]
    yield "event_link", made["htmlLink"]


MAIL: Mapping[str, Work] = {
    "GmailReadBlock": _API.block(read, "reads"),
    "GmailGetThreadBlock": _API.block(thread, "reads"),
    "GmailSendBlock": _API.block(send),
    "GmailCreateDraftBlock": _API.block(draft),
    "GmailReplyBlock": _API.block(reply),
    "GmailDraftReplyBlock": _API.block(draft_reply),
    "GmailListLabelsBlock": _API.get("/labels", "", "result<labels[].{id: id, name: name}"),
    "GmailAddLabelBlock": _labels("addLabelIds", "Label added successfully"),
    "GmailRemoveLabelBlock": _labels("removeLabelIds", "Label removed successfully"),
    "GmailGetProfileBlock": _API.get("/profile", "", "profile<{emailAddress: emailAddress, messagesTotal: messagesTotal,"
        " threadsTotal: threadsTotal, historyId: historyId}"),
    "GoogleCalendarReadEventsBlock": _CALENDAR.block(events, "reads"),
    "GoogleCalendarCreateEventBlock": _CALENDAR.block(create_event),
}  # fmt: skip
