"""AgentMail: inboxes, messages, threads, drafts, lists and pods, by its REST API.

Facts: docs.agentmail.to/api-reference (v0).
"""

import base64
from collections.abc import Mapping

from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, CallRefused, written
from agentbench.formats.base import Native

_API = Api("https://api.agentmail.to/v0")
_PAGE = "limit page_token labels"
_INBOX = "/inboxes/{inbox_id}"
_LIST = "/lists/{direction}/{list_type}"
_SENT = "message_id; thread_id; result<@"
_BOX = "inbox_id; email_address<email || inbox_id; result<@"
_THREAD = "thread_id; messages; result<@"
_DONE = "success<`true`"
_MESSAGE = "to cc bcc subject text html labels"


def _listed(path: str, items: str) -> Work:
    return _API.get(path, _PAGE, f"{items}; count; next_page_token")


def _attachment(path: str) -> Work:
    """A file that came with a message, as base64; the API says where it lies, or gives it."""

    async def fetch(given: Given, native: Native) -> Stream:
        answer = await _API.ask(
            native, given, "GET", written(path + "/attachments/{attachment_id}", given)
        )
        if isinstance(answer, Mapping) and answer.get("download_url"):
            url = str(answer["download_url"])
            native.refuse_off("web.request")
            found = await native.context.outbound.request("GET", url, timeout=120)
            if not found.is_success:
                raise CallRefused("GET", url.partition("?")[0], found.status, "")
            answer = found.content
        content = answer if isinstance(answer, bytes) else str(answer).encode()
        yield "content_base64", base64.b64encode(content).decode()
        yield "attachment_id", given["attachment_id"]

    return _API.block(fetch, "reads")


AGENT_MAIL: Mapping[str, Work] = {
    "AgentMailCreateInboxBlock": _API.post("/inboxes", "username domain display_name", _BOX),
    "AgentMailGetInboxBlock": _API.get(_INBOX, "", f"{_BOX}; display_name"),
    "AgentMailListInboxesBlock": _listed("/inboxes", "inboxes"),
    "AgentMailUpdateInboxBlock": _API.patch(_INBOX, "display_name", "inbox_id; result<@"),
    "AgentMailDeleteInboxBlock": _API.delete(_INBOX, "", _DONE),
    "AgentMailSendMessageBlock": _API.post(f"{_INBOX}/messages/send", _MESSAGE, _SENT),
    "AgentMailListMessagesBlock": _listed(f"{_INBOX}/messages", "messages"),
    "AgentMailGetMessageBlock": _API.get(f"{_INBOX}/messages/{{message_id}}", "",
        "message_id; thread_id; subject; text; extracted_text; html; result<@"),
    "AgentMailReplyToMessageBlock": _API.post(f"{_INBOX}/messages/{{message_id}}/reply", "text html", _SENT),
    "AgentMailForwardMessageBlock": _API.post(f"{_INBOX}/messages/{{message_id}}/forward",
        "to cc bcc subject text html", _SENT),
    "AgentMailUpdateMessageBlock": _API.patch(f"{_INBOX}/messages/{{message_id}}", "add_labels remove_labels",
        "message_id; result<@"),
    "AgentMailGetMessageAttachmentBlock": _attachment(f"{_INBOX}/messages/{{message_id}}"),
    "AgentMailGetThreadAttachmentBlock": _attachment(f"{_INBOX}/threads/{{thread_id}}"),
    "AgentMailListInboxThreadsBlock": _listed(f"{_INBOX}/threads", "threads"),
    "AgentMailGetInboxThreadBlock": _API.get(f"{_INBOX}/threads/{{thread_id}}", "", _THREAD),
    "AgentMailDeleteInboxThreadBlock": _API.delete(f"{_INBOX}/threads/{{thread_id}}", "", _DONE),
    "AgentMailListOrgThreadsBlock": _listed("/threads", "threads"),
    "AgentMailGetOrgThreadBlock": _API.get("/threads/{thread_id}", "", _THREAD),
    "AgentMailCreateDraftBlock": _API.post(f"{_INBOX}/drafts", "to cc bcc subject text html in_reply_to send_at",
        "draft_id; send_status; result<@"),
    "AgentMailGetDraftBlock": _API.get(f"{_INBOX}/drafts/{{draft_id}}", "",
        "draft_id; subject; send_status; send_at; result<@"),
    "AgentMailListDraftsBlock": _listed(f"{_INBOX}/drafts", "drafts"),
    "AgentMailListOrgDraftsBlock": _listed("/drafts", "drafts"),
    "AgentMailUpdateDraftBlock": _API.patch(f"{_INBOX}/drafts/{{draft_id}}", "to subject text html send_at",
        "draft_id; send_status; result<@"),
    "AgentMailSendDraftBlock": _API.post(f"{_INBOX}/drafts/{{draft_id}}/send", "", _SENT),
    "AgentMailDeleteDraftBlock": _API.delete(f"{_INBOX}/drafts/{{draft_id}}", "", _DONE),
    "AgentMailListEntriesBlock": _listed(_LIST, "entries"),
    "AgentMailCreateListEntryBlock": _API.post(_LIST, "entry reason", "entry=entry; result<@"),
    "AgentMailGetListEntryBlock": _API.get(f"{_LIST}/{{entry}}", "", "entry=entry; result<@"),
    "AgentMailDeleteListEntryBlock": _API.delete(f"{_LIST}/{{entry}}", "", _DONE),
    "AgentMailCreatePodBlock": _API.post("/pods", "client_id", "pod_id; result<@"),
    "AgentMailGetPodBlock": _API.get("/pods/{pod_id}", "", "pod_id; result<@"),
    "AgentMailListPodsBlock": _listed("/pods", "pods"),
    "AgentMailDeletePodBlock": _API.delete("/pods/{pod_id}", "", _DONE),
    "AgentMailListPodInboxesBlock": _listed("/pods/{pod_id}/inboxes", "inboxes"),
    "AgentMailListPodThreadsBlock": _listed("/pods/{pod_id}/threads", "threads"),
    "AgentMailListPodDraftsBlock": _listed("/pods/{pod_id}/drafts", "drafts"),
    "AgentMailCreatePodInboxBlock": _API.post("/pods/{pod_id}/inboxes", "username domain display_name", _BOX),
}  # fmt: skip
