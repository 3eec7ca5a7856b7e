"""What begins an agent when something happens elsewhere: here its payload is given by the run.

Nothing listens by itself; whatever receives a webhook starts a run with what it received.
Facts: docs.github.com/en/webhooks/webhook-events-and-payloads, core.telegram.org/bots/api#update,
airtable.com/developers/web/api/webhooks-overview, docs.exa.ai/websets/api/webhooks.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Pairs, Work
from agentbench.formats.autogpt.calls.call import given_of


def _heard(gives: str) -> Work:
    """What of a payload is given, by the words that say it."""

    def hear(given: Given) -> Pairs:
        yield from given_of(f"payload=payload; {gives}", given["payload"] or {}, given)

    return hear


def _on_github(subject: str, gives: str) -> Work:
    return _heard(
        f"triggered_by_user<sender; event<join('.', ['{subject}', action]); {gives}"
    )


_MEDIA = ("voice", "audio", "photo", "document", "video")


def telegram_message(given: Given) -> Pairs:
    """A message that a bot has got, and what is in it."""
    payload = given["payload"] or {}
    is_edited = "edited_message" in payload
    message = payload.get("message") or payload.get("edited_message") or {}
    yield "payload", payload
    gives = "chat_id<chat.id; message_id; user_id<from.id; username<from.username; first_name<from.first_name"
    yield from given_of(gives, message, given)
    yield "is_edited", is_edited
    kind = next((it for it in _MEDIA if it in message), "text")
    yield "event", f"edited_message.{kind}" if is_edited else f"message.{kind}"
    yield "text", message.get("text") or message.get("caption") or ""
    yield "caption", message.get("caption", "")
    content: Any = message.get(kind)
    if kind == "photo" and content:
        yield "photo_file_id", content[-1]["file_id"]
    elif isinstance(content, Mapping):
        name = f"{kind}_file_id" if kind in ("voice", "audio") else "file_id"
        yield name, content.get("file_id", "")
        yield "file_name", content.get("file_name", "")


TRIGGERS: Mapping[str, Work] = {
    "GithubPullRequestTriggerBlock": _on_github("pull_request",
        "number; pull_request; pull_request_url<pull_request.html_url"),
    "GithubStarTriggerBlock": _on_github("star", "starred_at; stargazers_count<repository.stargazers_count;"
        " repository_name<repository.full_name; repository_url<repository.html_url"),
    "GithubReleaseTriggerBlock": _on_github("release", "release; release_url<release.html_url;"
        " tag_name<release.tag_name; release_name<release.name; body<release.body;"
        " prerelease<release.prerelease; draft<release.draft; assets<release.assets"),
    "GithubIssuesTriggerBlock": _on_github("issues", "number<issue.number; issue; issue_url<issue.html_url;"
        " issue_title<issue.title; issue_body<issue.body; labels<issue.labels; assignees<issue.assignees;"
        " state<issue.state"),
    "GithubDiscussionTriggerBlock": _on_github("discussion", "number<discussion.number; discussion;"
        " discussion_url<discussion.html_url; title<discussion.title; body<discussion.body;"
        " category<discussion.category; category_name<discussion.category.name; state<discussion.state"),
    "TelegramMessageTriggerBlock": telegram_message,
    "TelegramMessageReactionTriggerBlock": _heard("chat_id<message_reaction.chat.id;"
        " message_id<message_reaction.message_id; user_id<message_reaction.user.id;"
        " username<message_reaction.user.username; new_reactions<message_reaction.new_reaction;"
        " old_reactions<message_reaction.old_reaction"),
    "AirtableWebhookTriggerBlock": _heard(""),
    "ExaWebsetWebhookBlock": _heard("event_type<type; event_id<id; webset_id<data.websetId || data.id; data;"
        " timestamp<createdAt; metadata<data.metadata"),
    "Slant3DOrderWebhookBlock": _heard("order_id<orderId; status; tracking_number<trackingNumber;"
        " carrier_code<carrierCode"),
    "CompassAITriggerBlock": _heard("transcription"),
}  # fmt: skip
