"""AutoGPT's blocks for X (Twitter) and AgentMail, against answers as their APIs give them."""

import base64
from typing import Any

import pytest

from agentbench.formats.autogpt.calls.agent_mail import AGENT_MAIL
from agentbench.formats.autogpt.calls.twitter import TWITTER
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case, block_of

X, MAIL = "api.x.com", "api.agentmail.to"
ME = {"GET /2/users/me": {"data": {"id": "me"}}}
POST = {"id": "1", "text": "Tea", "author_id": "u"}
ADA = {"id": "u", "username": "ada", "name": "Ada"}
PAGE = {"data": [POST], "includes": {"users": [ADA]}, "meta": {"next_token": "n"}}
REST = {
    "data": [[POST]],
    "included": [{"users": [ADA]}],
    "meta": [{"next_token": "n"}],
    "next_token": ["n"],
}
IDS = {"ids": [["1"]], "texts": [["Tea"]], **REST}
BY = {"userIds": [["u"]], "userNames": [["ada"]]}
USERS = {"data": [ADA], "meta": {"result_count": 1}}
OF_USERS = {
    "ids": [["u"]],
    "usernames": [["ada"]],
    "data": [[ADA]],
    "meta": [{"result_count": 1}],
}
LISTS = {"data": [{"id": "l", "name": "L"}]}
DONE = {"success": [True]}
M = "max_results=10"


def mine(line: str, answer: Any = None) -> dict[str, Any]:
    return {**ME, line: answer or {"data": {}}}


CASES = [
    Case("PostTweet", {"tweet_text": "Tea", "in_reply_to_tweet_id": "9", "attachment": {"discriminator": "poll", "poll_options": ["a", "b"]},
        "reply_settings": {"People_You_Follow": True}}, {'POST /2/tweets {"poll": {"duration_minutes": 60, "options": ["a", "b"]},'
        ' "reply": {"in_reply_to_tweet_id": "9"}, "reply_settings": "following", "text": "Tea"}': {"data": {"id": "1"}}},
        {"tweet_id": ["1"], "tweet_url": ["https://x.com/i/status/1"]}),
    Case("DeleteTweet", {"tweet_id": "1"}, {"DELETE /2/tweets/1": {}}, DONE),
    Case("SearchRecentTweets", {"query": "tea", "expansions": {"Author_User_ID": True, "Poll_IDs": False}, "tweet_fields": {"created_at": True}},
        {f"GET /2/tweets/search/recent?expansions=author_id&{M}&query=tea&tweet.fields=created_at": PAGE},
        {"tweet_ids": [["1"]], "tweet_texts": [["Tea"]], **REST}),
    Case("GetTweet", {"tweet_id": "1"}, {"GET /2/tweets/1": {"data": POST, "includes": {"users": [ADA]}}}, {"id": ["1"], "text": ["Tea"],
        "userId": ["u"], "userName": ["ada"], "data": [POST], "included": [{"users": [ADA]}]}),
    Case("GetTweets", {"tweet_ids": ["1", "2"]}, {"GET /2/tweets?ids=1,2": {"data": [POST]}},
        {"ids": [["1"]], "texts": [["Tea"]], "userIds": [["u"]], "data": [[POST]]}),
    Case("GetQuoteTweets", {"tweet_id": "1"}, {f"GET /2/tweets/1/quote_tweets?{M}": PAGE}, IDS),
    Case("GetRetweeters", {"tweet_id": "1"}, {f"GET /2/tweets/1/retweeted_by?{M}": USERS}, {**OF_USERS, "names": [["Ada"]]}),
    Case("Retweet", {"tweet_id": "1"}, mine('POST /2/users/me/retweets {"tweet_id": "1"}'), DONE),
    Case("RemoveRetweet", {"tweet_id": "1"}, mine("DELETE /2/users/me/retweets/1"), DONE),
    Case("LikeTweet", {"tweet_id": "1"}, mine('POST /2/users/me/likes {"tweet_id": "1"}'), DONE),
    Case("UnlikeTweet", {"tweet_id": "1"}, mine("DELETE /2/users/me/likes/1"), DONE),
    Case("GetLikingUsers", {"tweet_id": "1"}, {f"GET /2/tweets/1/liking_users?{M}": USERS},
        {"id": [["u"]], "username": [["ada"]], "data": [[ADA]], "meta": [{"result_count": 1}]}),
    Case("GetLikedTweets", {"user_id": "u"}, {f"GET /2/users/u/liked_tweets?{M}": PAGE}, {**IDS, **BY}),
    Case("BookmarkTweet", {"tweet_id": "1"}, mine('POST /2/users/me/bookmarks {"tweet_id": "1"}'), DONE),
    Case("RemoveBookmarkTweet", {"tweet_id": "1"}, mine("DELETE /2/users/me/bookmarks/1"), DONE),
    Case("GetBookmarkedTweets", {}, mine(f"GET /2/users/me/bookmarks?{M}", PAGE),
        {"id": [["1"]], "text": [["Tea"]], "userId": [["u"]], "userName": [["ada"]], **REST}),
    Case("HideReply", {"tweet_id": "1"}, {'PUT /2/tweets/1/hidden {"hidden": true}': {}}, DONE),
    Case("UnhideReply", {"tweet_id": "1"}, {'PUT /2/tweets/1/hidden {"hidden": false}': {}}, DONE),
    Case("GetHomeTimeline", {}, mine(f"GET /2/users/me/timelines/reverse_chronological?{M}", PAGE), {**IDS, **BY}),
    Case("GetUserMentions", {"user_id": "u"}, {f"GET /2/users/u/mentions?{M}": PAGE}, {**IDS, **BY}),
    Case("GetUserTweets", {"user_id": "u", "since_id": "5"}, {f"GET /2/users/u/tweets?{M}&since_id=5": PAGE}, {**IDS, **BY}),
    Case("GetUser", {"identifier": {"discriminator": "username", "username": "ada"}}, {"GET /2/users/by/username/ada": {"data": ADA}},
        {"id": ["u"], "username_": ["ada"], "name_": ["Ada"], "data": [ADA]}),
    Case("GetUsers", {"identifier": {"user_ids": ["u", "v"]}}, {"GET /2/users?ids=u,v": {"data": [ADA]}},
        {"ids": [["u"]], "usernames_": [["ada"]], "names_": [["Ada"]], "data": [[ADA]]}),
    Case("GetFollowers", {"target_user_id": "u"}, {f"GET /2/users/u/followers?{M}": USERS}, OF_USERS),
    Case("GetFollowing", {"target_user_id": "u"}, {f"GET /2/users/u/following?{M}": USERS}, OF_USERS),
    Case("FollowUser", {"target_user_id": "u"}, mine('POST /2/users/me/following {"target_user_id": "u"}'), DONE),
    Case("UnfollowUser", {"target_user_id": "u"}, mine("DELETE /2/users/me/following/u"), DONE),
    Case("GetMutedUsers", {}, mine(f"GET /2/users/me/muting?{M}", USERS), OF_USERS),
    Case("MuteUser", {"target_user_id": "u"}, mine('POST /2/users/me/muting {"target_user_id": "u"}'), DONE),
    Case("UnmuteUser", {"target_user_id": "u"}, mine("DELETE /2/users/me/muting/u"), DONE),
    Case("GetBlockedUsers", {}, mine(f"GET /2/users/me/blocking?{M}", USERS), {"user_ids": [["u"]], "usernames_": [["ada"]], "meta": [{"result_count": 1}]}),
    Case("CreateList", {"name": "L", "private": True}, {'POST /2/lists {"name": "L", "private": true}': {"data": {"id": "l"}}},
        {"list_id": ["l"], "url": ["https://x.com/i/lists/l"]}),
    Case("UpdateList", {"list_id": "l", "name": "N"}, {'PUT /2/lists/l {"name": "N"}': {}}, DONE),
    Case("DeleteList", {"list_id": "l"}, {"DELETE /2/lists/l": {}}, DONE),
    Case("GetList", {"list_id": "l"}, {"GET /2/lists/l": {"data": {"id": "l", "name": "L", "owner_id": "u"}, "includes": {"users": [ADA]}}},
        {"id": ["l"], "name": ["L"], "owner_id": ["u"], "owner_username": ["ada"], "included": [{"users": [ADA]}],
         "data": [{"id": "l", "name": "L", "owner_id": "u"}]}),
    Case("GetOwnedLists", {"user_id": "u"}, {f"GET /2/users/u/owned_lists?{M}": LISTS}, {"list_ids": [["l"]], "list_names": [["L"]], "data": [LISTS["data"]]}),
    Case("AddListMember", {"list_id": "l", "user_id": "u"}, {'POST /2/lists/l/members {"user_id": "u"}': {}}, DONE),
    Case("RemoveListMember", {"list_id": "l", "user_id": "u"}, {"DELETE /2/lists/l/members/u": {}}, DONE),
    Case("GetListMembers", {"list_id": "l"}, {f"GET /2/lists/l/members?{M}": USERS}, OF_USERS),
    Case("GetListMemberships", {"user_id": "u"}, {f"GET /2/users/u/list_memberships?{M}": LISTS}, {"list_ids": [["l"]], "data": [LISTS["data"]]}),
    Case("GetListTweets", {"list_id": "l"}, {f"GET /2/lists/l/tweets?{M}": PAGE}, {"tweet_ids": [["1"]], "texts": [["Tea"]], **REST}),
    Case("FollowList", {"list_id": "l"}, mine('POST /2/users/me/followed_lists {"list_id": "l"}'), DONE),
    Case("UnfollowList", {"list_id": "l"}, mine("DELETE /2/users/me/followed_lists/l"), DONE),
    Case("PinList", {"list_id": "l"}, mine('POST /2/users/me/pinned_lists {"list_id": "l"}'), DONE),
    Case("UnpinList", {"list_id": "l"}, mine("DELETE /2/users/me/pinned_lists/l"), DONE),
    Case("GetPinnedLists", {}, mine("GET /2/users/me/pinned_lists", LISTS), {"list_ids": [["l"]], "list_names": [["L"]], "data": [LISTS["data"]]}),
    Case("SearchSpaces", {"query": "tea", "state": "live"}, {f"GET /2/spaces/search?{M}&query=tea&state=live": {"data": [{"id": "s", "title": "T", "host_ids": ["u"]}]}},
        {"ids": [["s"]], "titles": [["T"]], "host_ids": [["u"]], "data": [[{"id": "s", "title": "T", "host_ids": ["u"]}]]}),
    Case("GetSpaces", {"identifier": {"space_ids": ["s"]}}, {"GET /2/spaces?ids=s": {"data": [{"id": "s", "title": "T"}]}},
        {"ids": [["s"]], "titles": [["T"]], "data": [[{"id": "s", "title": "T"}]]}),
    Case("GetSpaceById", {"space_id": "s"}, {"GET /2/spaces/s": {"data": {"id": "s", "title": "T", "host_ids": ["u"]}}},
        {"id": ["s"], "title": ["T"], "host_ids": [["u"]], "data": [{"id": "s", "title": "T", "host_ids": ["u"]}]}),
    Case("GetSpaceBuyers", {"space_id": "s"}, {"GET /2/spaces/s/buyers": USERS}, {"buyer_ids": [["u"]], "usernames": [["ada"]], "data": [[ADA]]}),
    Case("GetSpaceTweets", {"space_id": "s"}, {"GET /2/spaces/s/tweets": {"data": [POST]}}, {"tweet_ids": [["1"]], "texts": [["Tea"]], "data": [[POST]]}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.block)
async def test_x_is_asked_as_it_says(case: Case, fire: Any, apis: Apis) -> None:
    name = f"Twitter{case.block}"
    await Case(name, case.inputs, case.asked, case.wanted).holds(fire, apis, X)


BOX = {"inbox_id": "b"}
WHOLE = {"inbox_id": "b", "email": "b@agentmail.to"}
GIVEN = {"inbox_id": ["b"], "email_address": ["b@agentmail.to"], "result": [WHOLE]}
SENT = {"message_id": "m", "thread_id": "t"}
OUT = {"message_id": ["m"], "thread_id": ["t"], "result": [SENT]}
THREAD = {"thread_id": "t", "messages": [SENT]}
OF_THREAD = {"thread_id": ["t"], "messages": [[SENT]], "result": [THREAD]}
DRAFT = {"draft_id": "d", "send_status": "scheduled"}
OF_DRAFT = {"draft_id": ["d"], "send_status": ["scheduled"], "result": [DRAFT]}
ENTRY = {"direction": "receive", "list_type": "block", "entry": "a@x"}
INBOX, LIMIT = "/v0/inboxes/b", "limit=20"


def listing(block: str, place: str, items: str, **inputs: Any) -> Case:
    answer = {items: [{"id": 1}], "count": 1, "next_page_token": "n"}
    return Case(
        block,
        inputs,
        {f"GET {place}?{LIMIT}": answer},
        {items: [[{"id": 1}]], "count": [1], "next_page_token": ["n"]},
    )


LETTERS = [
    Case("CreateInbox", {"username": "b"}, {'POST /v0/inboxes {"username": "b"}': WHOLE}, GIVEN),
    Case("GetInbox", BOX, {f"GET {INBOX}": WHOLE}, GIVEN),
    listing("ListInboxes", "/v0/inboxes", "inboxes"),
    Case("UpdateInbox", {**BOX, "display_name": "B"}, {f'PATCH {INBOX} {{"display_name": "B"}}': WHOLE}, {"inbox_id": ["b"], "result": [WHOLE]}),
    Case("DeleteInbox", BOX, {f"DELETE {INBOX}": 204}, DONE),
    Case("SendMessage", {**BOX, "to": ["a@x"], "subject": "s", "text": "x"},
        {f'POST {INBOX}/messages/send {{"subject": "s", "text": "x", "to": ["a@x"]}}': SENT}, OUT),
    listing("ListMessages", f"{INBOX}/messages", "messages", **BOX),
    Case("GetMessage", {**BOX, "message_id": "m"}, {f"GET {INBOX}/messages/m": {**SENT, "subject": "s", "text": "x"}},
        {"message_id": ["m"], "thread_id": ["t"], "subject": ["s"], "text": ["x"], "result": [{**SENT, "subject": "s", "text": "x"}]}),
    Case("ReplyToMessage", {**BOX, "message_id": "m", "text": "x"}, {f'POST {INBOX}/messages/m/reply {{"text": "x"}}': SENT}, OUT),
    Case("ForwardMessage", {**BOX, "message_id": "m", "to": ["a@x"]}, {f'POST {INBOX}/messages/m/forward {{"to": ["a@x"]}}': SENT}, OUT),
    Case("UpdateMessage", {**BOX, "message_id": "m", "add_labels": ["l"]}, {f'PATCH {INBOX}/messages/m {{"add_labels": ["l"]}}': SENT},
        {"message_id": ["m"], "result": [SENT]}),
    listing("ListInboxThreads", f"{INBOX}/threads", "threads", **BOX),
    Case("GetInboxThread", {**BOX, "thread_id": "t"}, {f"GET {INBOX}/threads/t": THREAD}, OF_THREAD),
    Case("DeleteInboxThread", {**BOX, "thread_id": "t"}, {f"DELETE {INBOX}/threads/t": 204}, DONE),
    listing("ListOrgThreads", "/v0/threads", "threads"),
    Case("GetOrgThread", {"thread_id": "t"}, {"GET /v0/threads/t": THREAD}, OF_THREAD),
    Case("CreateDraft", {**BOX, "to": ["a@x"], "send_at": "d"}, {f'POST {INBOX}/drafts {{"send_at": "d", "to": ["a@x"]}}': DRAFT}, OF_DRAFT),
    Case("GetDraft", {**BOX, "draft_id": "d"}, {f"GET {INBOX}/drafts/d": DRAFT}, OF_DRAFT),
    listing("ListDrafts", f"{INBOX}/drafts", "drafts", **BOX),
    listing("ListOrgDrafts", "/v0/drafts", "drafts"),
    Case("UpdateDraft", {**BOX, "draft_id": "d", "text": "x"}, {f'PATCH {INBOX}/drafts/d {{"text": "x"}}': DRAFT}, OF_DRAFT),
    Case("SendDraft", {**BOX, "draft_id": "d"}, {f"POST {INBOX}/drafts/d/send {{}}": SENT}, OUT),
    Case("DeleteDraft", {**BOX, "draft_id": "d"}, {f"DELETE {INBOX}/drafts/d": 204}, DONE),
    listing("ListEntries", "/v0/lists/receive/block", "entries", direction="receive", list_type="block"),
    Case("CreateListEntry", ENTRY, {'POST /v0/lists/receive/block {"entry": "a@x"}': {"entry": "a@x"}}, {"entry": ["a@x"], "result": [{"entry": "a@x"}]}),
    Case("GetListEntry", ENTRY, {"GET /v0/lists/receive/block/a%40x": {"entry": "a@x"}}, {"entry": ["a@x"], "result": [{"entry": "a@x"}]}),
    Case("DeleteListEntry", ENTRY, {"DELETE /v0/lists/receive/block/a%40x": 204}, DONE),
    Case("CreatePod", {"client_id": "c"}, {'POST /v0/pods {"client_id": "c"}': {"pod_id": "p"}}, {"pod_id": ["p"], "result": [{"pod_id": "p"}]}),
    Case("GetPod", {"pod_id": "p"}, {"GET /v0/pods/p": {"pod_id": "p"}}, {"pod_id": ["p"], "result": [{"pod_id": "p"}]}),
    listing("ListPods", "/v0/pods", "pods"),
    Case("DeletePod", {"pod_id": "p"}, {"DELETE /v0/pods/p": 204}, DONE),
    listing("ListPodInboxes", "/v0/pods/p/inboxes", "inboxes", pod_id="p"),
    listing("ListPodThreads", "/v0/pods/p/threads", "threads", pod_id="p"),
    listing("ListPodDrafts", "/v0/pods/p/drafts", "drafts", pod_id="p"),
    Case("CreatePodInbox", {"pod_id": "p"}, {"POST /v0/pods/p/inboxes {}": WHOLE}, GIVEN),
]  # fmt: skip


@pytest.mark.parametrize("case", LETTERS, ids=lambda case: case.block)
async def test_agent_mail_is_asked_as_it_says(
    case: Case, fire: Any, apis: Apis
) -> None:
    await Case(f"AgentMail{case.block}", case.inputs, case.asked, case.wanted).holds(
        fire, apis, MAIL
    )


async def test_what_came_with_a_message_is_fetched_where_it_lies(
    fire: Any, apis: Apis
) -> None:
    apis.planned[f"GET {MAIL}{INBOX}/threads/t/attachments/f"] = [
        (200, {"download_url": "https://cdn.example.com/f?k=1"}, {})
    ]
    apis.planned["GET cdn.example.com/f"] = [
        (200, b"\x00tea", {"Content-Type": "application/pdf"})
    ]
    given = await fire(
        block_of("AgentMailGetThreadAttachment"),
        credentials="key",
        attachment_id="f",
        thread_id="t",
        **BOX,
    )
    assert base64.b64decode(given["content_base64"][0]) == b"\x00tea"
    assert "the-secret-key" not in str(apis.asked[-1]["headers"])


def test_every_block_of_them_has_a_case() -> None:
    assert {name.removesuffix("Block") for name in TWITTER} == {
        f"Twitter{it.block}" for it in CASES
    }
    files = {"AgentMailGetMessageAttachment", "AgentMailGetThreadAttachment"}
    assert {name.removesuffix("Block") for name in AGENT_MAIL} == {
        f"AgentMail{it.block}" for it in LETTERS
    } | files
