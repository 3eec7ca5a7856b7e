"""X (Twitter), by version 2 of its API, for the user whose OAuth2 token the credential is.

Facts: docs.x.com/x-api (posts, users, lists, spaces). What a node wants to know besides, its
expansions and fields, are dictionaries of names in capitals, or of true and false.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent, given_of, sent_of, written
from agentbench.formats.autogpt.catalogue import entries
from agentbench.formats.base import Native

_API = Api("https://api.x.com/2", fault="detail || errors[0].message || title")
_FIELDS = {
    "tweet_fields": "tweet.fields", "user_fields": "user.fields", "media_fields": "media.fields",
    "place_fields": "place.fields", "poll_fields": "poll.fields", "list_fields": "list.fields", "space_fields": "space.fields",
}  # fmt: skip


def _wanted(given: Given) -> dict[str, str]:
    """What is asked for besides, as the API names it."""
    found = {}
    for ours, theirs in {"expansions": "expansions", **_FIELDS}.items():
        said = given.get(ours)
        names = (
            [it for it, on in said.items() if on is True]
            if isinstance(said, Mapping)
            else said
        )
        if isinstance(names, list) and names:
            found[theirs] = ",".join(_name(str(it), ours) for it in names)
    return found


_EXPANSIONS = {
    "poll_ids": "attachments.poll_ids", "media_keys": "attachments.media_keys", "author_user_id": "author_id",
    "edit_history_tweet_ids": "edit_history_tweet_ids", "mentioned_usernames": "entities.mentions.username",
    "place_id": "geo.place_id", "in_reply_to_user_id": "in_reply_to_user_id", "referenced_tweet_id": "referenced_tweets.id",
    "referenced_tweet_author": "referenced_tweets.id.author_id", "list_owner_id": "owner_id", "pinned_tweet_id": "pinned_tweet_id",
    "invited_users": "invited_user_ids", "speakers": "speaker_ids", "creator": "creator_id", "hosts": "host_ids", "topics": "topic_ids",
}  # fmt: skip


def _name(said: str, kind: str) -> str:
    name = re.sub(r"\W+", "_", said).strip("_").lower()
    if kind == "expansions":
        return _EXPANSIONS.get(name, name)
    return {
        "tweet_id": "id",
        "user_id": "id",
        "list_id": "id",
        "space_id": "id",
        "list_name": "name",
    }.get(name, name)


_SENDS = "max_results pagination_token next_token<pagination start_time end_time since_id until_id sort_order query"
_REST = "data; included<includes; includes<includes; meta; next_token<meta.next_token"


def _read(path: str, gives: str, sends: str = _SENDS) -> Does:
    """What the API gives at a place; `{me}` in it is the user whose credential it is."""

    async def call(given: Given, native: Native) -> Stream:
        known = await _known(given, native, path)
        sent = sent_of(sends, known, _wanted(given), "query")
        answer = await _API.ask(native, given, "GET", written(path, known), sent)
        for pair in given_of(f"{gives}; {_REST}", answer, given):
            yield pair

    return _API.block(call, "reads")


async def _known(given: Given, native: Native, path: str) -> Given:
    if "{me}" not in path:
        return given
    me = await _API.ask(native, given, "GET", "/users/me")
    return {**given, "me": me["data"]["id"]}


def _does(
    method: str, path: str, sends: str = "", gives: str = "success<`true`"
) -> Does:
    """Changes something of the user whose credential it is."""

    async def call(given: Given, native: Native) -> Stream:
        known = await _known(given, native, path)
        sent = sent_of(sends, known, where="query" if method == "DELETE" else "body")
        answer = await _API.ask(native, given, method, written(path, known), sent)
        for pair in given_of(gives, answer, given):
            yield pair

    return _API.block(call)


async def post(given: Given, native: Native) -> Stream:
    """Posts, with what the node attaches."""
    body: dict[str, Any] = {"text": given["tweet_text"]} if given["tweet_text"] else {}
    if given["for_super_followers_only"]:
        body["for_super_followers_only"] = True
    reply: dict[str, Any] = {}
    if given["in_reply_to_tweet_id"]:
        reply["in_reply_to_tweet_id"] = given["in_reply_to_tweet_id"]
    if given["exclude_reply_user_ids"]:
        reply["exclude_reply_user_ids"] = given["exclude_reply_user_ids"]
    if reply:
        body["reply"] = reply
    said = given["reply_settings"]
    said = (
        next((it for it, on in said.items() if on is True), "")
        if isinstance(said, Mapping)
        else str(said or "")
    )
    who = {
        "people_you_follow": "following",
        "mentioned_users_only": "mentionedUsers",
    }.get(said.lower().replace(" ", "_"))
    if who:
        body["reply_settings"] = who
    body |= _attached(
        given["attachment"] if isinstance(given["attachment"], Mapping) else {}
    )
    made = (await _API.ask(native, given, "POST", "/tweets", Sent(body=body)))["data"]
    yield "tweet_id", made["id"]
    yield "tweet_url", f"https://x.com/i/status/{made['id']}"


def _attached(said: Mapping[str, Any]) -> dict[str, Any]:
    if said.get("media_ids"):
        media = {"media_ids": said["media_ids"]}
        if said.get("media_tagged_user_ids"):
            media["tagged_user_ids"] = said["media_tagged_user_ids"]
        return {"media": media}
    if said.get("direct_message_deep_link"):
        return {"direct_message_deep_link": said["direct_message_deep_link"]}
    if said.get("poll_options"):
        minutes = said.get("poll_duration_minutes") or 60
        return {"poll": {"options": said["poll_options"], "duration_minutes": minutes}}
    if said.get("place_id"):
        return {"geo": {"place_id": said["place_id"]}}
    return (
        {"quote_tweet_id": said["quote_tweet_id"]} if said.get("quote_tweet_id") else {}
    )


def _who(*, many: bool) -> Does:
    """Users by their ids or names, whichever the node says."""

    async def call(given: Given, native: Native) -> Stream:
        said = given["identifier"] if isinstance(given["identifier"], Mapping) else {}
        sent = Sent(params=_wanted(given))
        if many:
            kind, names = (
                ("ids", said.get("user_ids"))
                if said.get("user_ids")
                else ("usernames", said.get("usernames"))
            )
            place = "/users" if kind == "ids" else "/users/by"
            sent = Sent(params={**sent.params, kind: ",".join(map(str, names or []))})
            gives = "ids<data[].id; usernames_<data[].username; names_<data[].name; data; included<includes"
        else:
            place = (
                f"/users/{said['user_id']}"
                if said.get("user_id")
                else f"/users/by/username/{said.get('username')}"
            )
            gives = "id<data.id; username_<data.username; name_<data.name; data; included<includes"
        answer = await _API.ask(native, given, "GET", place, sent)
        for pair in given_of(gives, answer, given):
            yield pair

    return _API.block(call, "reads")


async def spaces(given: Given, native: Native) -> Stream:
    """Spaces by their ids, or by who made them."""
    said = given["identifier"] if isinstance(given["identifier"], Mapping) else {}
    kind, place = (
        ("ids", "/spaces")
        if said.get("space_ids")
        else ("user_ids", "/spaces/by/creator_ids")
    )
    params = {
        **_wanted(given),
        kind: ",".join(map(str, said.get("space_ids") or said.get("user_ids") or [])),
    }
    answer = await _API.ask(native, given, "GET", place, Sent(params=params))
    for pair in given_of(
        "ids<data[].id; titles<data[].title; data; includes", answer, given
    ):
        yield pair


_POSTS = "ids<data[].id; texts<data[].text"
_BY = "userIds<data[].author_id; userNames<includes.users[].username"
_USERS = "ids<data[].id; usernames<data[].username; names<data[].name"
_IN_LIST = "tweet_ids<data[].id; texts<data[].text"
_ME = "/users/{me}"

_WORK: Mapping[str, Does] = {
    "TwitterPostTweetBlock": _API.block(post),
    "TwitterDeleteTweetBlock": _does("DELETE", "/tweets/{tweet_id}"),
    "TwitterSearchRecentTweetsBlock": _read("/tweets/search/recent", "tweet_ids<data[].id; tweet_texts<data[].text"),
    "TwitterGetTweetBlock": _read("/tweets/{tweet_id}",
        "id<data.id; text<data.text; userId<data.author_id; userName<includes.users[0].username", ""),
    "TwitterGetTweetsBlock": _read("/tweets", f"{_POSTS}; {_BY}", "ids<tweet_ids"),
    "TwitterGetQuoteTweetsBlock": _read("/tweets/{tweet_id}/quote_tweets", _POSTS),
    "TwitterGetRetweetersBlock": _read("/tweets/{tweet_id}/retweeted_by", _USERS),
    "TwitterRetweetBlock": _does("POST", f"{_ME}/retweets", "tweet_id"),
    "TwitterRemoveRetweetBlock": _does("DELETE", f"{_ME}/retweets/{{tweet_id}}"),
    "TwitterLikeTweetBlock": _does("POST", f"{_ME}/likes", "tweet_id"),
    "TwitterUnlikeTweetBlock": _does("DELETE", f"{_ME}/likes/{{tweet_id}}"),
    "TwitterGetLikingUsersBlock": _read("/tweets/{tweet_id}/liking_users", "id<data[].id; username<data[].username"),
    "TwitterGetLikedTweetsBlock": _read("/users/{user_id}/liked_tweets", f"{_POSTS}; {_BY}"),
    "TwitterBookmarkTweetBlock": _does("POST", f"{_ME}/bookmarks", "tweet_id"),
    "TwitterRemoveBookmarkTweetBlock": _does("DELETE", f"{_ME}/bookmarks/{{tweet_id}}"),
    "TwitterGetBookmarkedTweetsBlock": _read(f"{_ME}/bookmarks",
        "id<data[].id; text<data[].text; userId<data[].author_id; userName<includes.users[].username"),
    "TwitterHideReplyBlock": _API.put("/tweets/{tweet_id}/hidden", "", "success<`true`", also={"hidden": True}),
    "TwitterUnhideReplyBlock": _API.put("/tweets/{tweet_id}/hidden", "", "success<`true`", also={"hidden": False}),
    "TwitterGetHomeTimelineBlock": _read(f"{_ME}/timelines/reverse_chronological", f"{_POSTS}; {_BY}"),
    "TwitterGetUserMentionsBlock": _read("/users/{user_id}/mentions", f"{_POSTS}; {_BY}"),
    "TwitterGetUserTweetsBlock": _read("/users/{user_id}/tweets", f"{_POSTS}; {_BY}"),
    "TwitterGetUserBlock": _who(many=False),
    "TwitterGetUsersBlock": _who(many=True),
    "TwitterGetFollowersBlock": _read("/users/{target_user_id}/followers", _USERS),
    "TwitterGetFollowingBlock": _read("/users/{target_user_id}/following", _USERS),
    "TwitterFollowUserBlock": _does("POST", f"{_ME}/following", "target_user_id"),
    "TwitterUnfollowUserBlock": _does("DELETE", f"{_ME}/following/{{target_user_id}}"),
    "TwitterGetMutedUsersBlock": _read(f"{_ME}/muting", _USERS),
    "TwitterMuteUserBlock": _does("POST", f"{_ME}/muting", "target_user_id"),
    "TwitterUnmuteUserBlock": _does("DELETE", f"{_ME}/muting/{{target_user_id}}"),
    "TwitterGetBlockedUsersBlock": _read(f"{_ME}/blocking", "user_ids<data[].id; usernames_<data[].username"),
    "TwitterCreateListBlock": _does("POST", "/lists", "name description private",
        "list_id<data.id; url<join('', ['https://x.com/i/lists/', data.id])"),
    "TwitterUpdateListBlock": _does("PUT", "/lists/{list_id}", "name description"),
    "TwitterDeleteListBlock": _does("DELETE", "/lists/{list_id}"),
    "TwitterGetListBlock": _read("/lists/{list_id}", "id<data.id; name<data.name; owner_id<data.owner_id;"
        " owner_username<includes.users[0].username", ""),
    "TwitterGetOwnedListsBlock": _read("/users/{user_id}/owned_lists", "list_ids<data[].id; list_names<data[].name"),
    "TwitterAddListMemberBlock": _does("POST", "/lists/{list_id}/members", "user_id"),
    "TwitterRemoveListMemberBlock": _does("DELETE", "/lists/{list_id}/members/{user_id}"),
    "TwitterGetListMembersBlock": _read("/lists/{list_id}/members", "ids<data[].id; usernames<data[].username"),
    "TwitterGetListMembershipsBlock": _read("/users/{user_id}/list_memberships", "list_ids<data[].id"),
    "TwitterGetListTweetsBlock": _read("/lists/{list_id}/tweets", _IN_LIST),
    "TwitterFollowListBlock": _does("POST", f"{_ME}/followed_lists", "list_id"),
    "TwitterUnfollowListBlock": _does("DELETE", f"{_ME}/followed_lists/{{list_id}}"),
    "TwitterPinListBlock": _does("POST", f"{_ME}/pinned_lists", "list_id"),
    "TwitterUnpinListBlock": _does("DELETE", f"{_ME}/pinned_lists/{{list_id}}"),
    "TwitterGetPinnedListsBlock": _read(f"{_ME}/pinned_lists", "list_ids<data[].id; list_names<data[].name", ""),
    "TwitterSearchSpacesBlock": _read("/spaces/search", "ids<data[].id; titles<data[].title; host_ids<data[].host_ids[]",
        "query max_results state"),
    "TwitterGetSpacesBlock": _API.block(spaces, "reads"),
    "TwitterGetSpaceByIdBlock": _read("/spaces/{space_id}", "id<data.id; title<data.title; host_ids<data.host_ids", ""),
    "TwitterGetSpaceBuyersBlock": _read("/spaces/{space_id}/buyers", "buyer_ids<data[].id; usernames<data[].username", ""),
    "TwitterGetSpaceTweetsBlock": _read("/spaces/{space_id}/tweets", _IN_LIST, ""),
}  # fmt: skip


def _fitted(name: str, does: Does) -> Does:
    """The block with those outputs alone that AutoGPT's has: the API says more of some."""
    has = {
        pin.name
        for pin in next(it for it in entries().values() if it.name == name).outputs
    }

    async def call(given: Given, native: Native) -> Stream:
        async for port, value in does.function(given, native):
            if port in has:
                yield port, value

    return replace(does, function=call)


TWITTER: Mapping[str, Work] = {
    name: _fitted(name, does) for name, does in _WORK.items()
}
