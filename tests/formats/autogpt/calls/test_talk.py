"""AutoGPT's blocks for Discord, Telegram and E2B's machines, and what begins an agent elsewhere."""

import base64
import json
import struct
from typing import Any

import pytest

from agentbench.domain.consent import carries_code
from agentbench.formats.autogpt.calls import discord
from agentbench.formats.autogpt.calls.discord import DISCORD
from agentbench.formats.autogpt.calls.machines import MACHINES
from agentbench.formats.autogpt.calls.telegram import TELEGRAM
from agentbench.formats.autogpt.calls.triggers import TRIGGERS
from agentbench.llm.checked import Checked
from agentbench.llm.scripted import Scripted
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case, block_of

HOST, BOT = "discord.com", "/botthe-secret-key"
V = "/api/v10"
GUILD = {"id": "1", "name": "Kitchen"}
ROOM = {"id": "42", "name": "tea", "type": 0, "guild_id": "1"}
SEEN = {
    f"GET {V}/users/@me/guilds": [GUILD],
    f"GET {V}/guilds/1/channels": [{"id": "2", "name": "tea", "type": 2}, ROOM],
}
SENT = {"id": "99", "channel_id": "42"}
ADA = {
    "id": "175928847299117063",
    "username": "ada",
    "global_name": "Ada",
    "discriminator": "0",
    "avatar": "a_1",
}
FACE = "https://cdn.discordapp.com/avatars/175928847299117063/a_1.gif"
MESSAGE = {"id": "7", "content": "Hi", "author": {"id": "5", "username": "grace"}}

CASES = [
    Case("SendDiscordMessage", {"channel_name": "#Tea", "server_name": "kitchen", "message_content": "Hi"},
        {**SEEN, f'POST {V}/channels/42/messages {{"content": "Hi"}}': SENT},
        {"status": ["Message sent"], "message_id": ["99"], "channel_id": ["42"]}),
    Case("SendDiscordDM", {"user_id": "5", "message_content": "Hi"},
        {f'POST {V}/users/@me/channels {{"recipient_id": "5"}}': {"id": "42"},
         f'POST {V}/channels/42/messages {{"content": "Hi"}}': SENT}, {"status": ["DM sent successfully"], "message_id": ["99"]}),
    Case("SendDiscordEmbed", {"channel_identifier": "42", "title": "T", "fields": [{"name": "n", "value": 1}]},
        {f"GET {V}/channels/42": ROOM, f"GET {V}/guilds/1": GUILD,
         f'POST {V}/channels/42/messages {{"embeds": [{{"color": 5793266, "fields": [{{"inline": true, "name": "n", "value": "1"}}], "title": "T"}}]}}': SENT},
        {"status": ["Embed sent successfully"], "message_id": ["99"]}),
    Case("SendDiscordFile", {"channel_identifier": "tea", "file": "data:text/plain,hi", "message_content": "See"},
        {**SEEN, f"POST {V}/channels/42/messages --agentbench…": SENT}, {"status": ["File sent successfully"], "message_id": ["99"]}),
    Case("ReplyToDiscordMessage", {"channel_id": "42", "message_id": "7", "reply_content": "Yes", "mention_author": False},
        {f'POST {V}/channels/42/messages {{"allowed_mentions": {{"parse": ["users", "roles", "everyone"], "replied_user": false}},'
         ' "content": "Yes", "message_reference": {"message_id": "7"}}': SENT}, {"status": ["Reply sent successfully"], "reply_id": ["99"]}),
    Case("DiscordUserInfo", {"user_id": ADA["id"]}, {f"GET {V}/users/{ADA['id']}": ADA},
        {"user_id": [ADA["id"]], "username": ["ada"], "display_name": ["Ada"], "discriminator": ["0"], "avatar_url": [FACE],
         "is_bot": [False], "created_at": ["2016-04-30T11:18:25.796+00:00"]}),
    Case("DiscordChannelInfo", {"channel_identifier": "tea"}, SEEN, {"channel_id": ["42"], "channel_name": ["tea"],
        "server_id": ["1"], "server_name": ["Kitchen"], "channel_type": ["text"]}),
    Case("CreateDiscordThread", {"channel_name": "42", "thread_name": "T", "message_content": "Hi"},
        {f"GET {V}/channels/42": ROOM, f"GET {V}/guilds/1": GUILD,
         f'POST {V}/channels/42/threads {{"auto_archive_duration": 10080, "name": "T", "type": 11}}': {"id": "8", "name": "T"},
         f'POST {V}/channels/8/messages {{"content": "Hi"}}': SENT},
        {"status": ["Thread created successfully"], "thread_id": ["8"], "thread_name": ["T"]}),
    Case("DiscordGetCurrentUser", {}, {f"GET {V}/users/@me": {**ADA, "avatar": None}}, {"user_id": [ADA["id"]], "username": ["ada"],
        "avatar_url": ["https://cdn.discordapp.com/embed/avatars/2.png"], "banner_url": [""], "accent_color": [0]}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.block)
async def test_discord_is_asked_as_it_says(case: Case, fire: Any, apis: Apis) -> None:
    await case.holds(fire, apis, HOST)


async def test_the_next_message_that_somebody_writes_is_read(
    fire: Any, apis: Apis, monkeypatch: Any
) -> None:
    monkeypatch.setattr(discord, "_EVERY", 0.0)
    plan = apis.planned
    plan[f"GET {HOST}{V}/users/@me"] = [(200, {"id": "1"}, {})]
    plan[f"GET {HOST}{V}/users/@me/guilds"] = [(200, [GUILD], {})] * 2
    rooms = [[{**ROOM, "last_message_id": it}] for it in ("6", "8")]
    plan[f"GET {HOST}{V}/guilds/1/channels"] = [(200, it, {}) for it in rooms]
    own = {"id": "8", "content": "me", "author": {"id": "1", "username": "bot"}}
    plan[f"GET {HOST}{V}/channels/42/messages"] = [(200, [own, MESSAGE], {})]
    given = await fire(block_of("ReadDiscordMessages"), credentials="key")
    assert given == {"message_content": ["Hi"], "message_id": ["7"], "channel_id": ["42"], "channel_name": ["tea"],
                     "user_id": ["5"], "username": ["grace"]}  # fmt: skip
    assert apis.asked[-1]["query"]["after"] == "6"
    assert apis.asked[-1]["headers"]["authorization"] == "Bot the-secret-key"


OK = {"ok": True, "result": {"message_id": 12}}


@pytest.mark.parametrize(
    ("name", "inputs", "call", "body", "wanted"),
    [
        ("SendTelegramPhoto", {"photo": "https://x/1.png", "caption": "c", "parse_mode": "none", "reply_to_message_id": 4},
         "sendPhoto", b'{"chat_id":7,"caption":"c","reply_parameters":{"message_id":4},"photo":"https://x/1.png"}', {"status": ["Photo sent"]}),
        ("SendTelegramVoice", {"voice": "data:audio/ogg;base64,AA==", "duration": 3}, "sendVoice", b'name="voice"; filename=', {"status": ["Voice sent"]}),
        ("SendTelegramAudio", {"audio": "https://x/1.mp3", "title": "T"}, "sendAudio", b'"title":"T"', {"status": ["Audio sent"]}),
        ("SendTelegramDocument", {"document": "data:text/plain,hi"}, "sendDocument", b'name="document"; filename=', {"status": ["Document sent"]}),
        ("SendTelegramVideo", {"video": "https://x/1.mp4"}, "sendVideo", b'"video":"https://x/1.mp4"', {"status": ["Video sent"]}),
        ("EditTelegramMessage", {"message_id": 12, "text": "x", "parse_mode": "HTML"}, "editMessageText",
         b'{"chat_id":7,"message_id":12,"text":"x","parse_mode":"HTML"}', {"status": ["Message edited"]}),
        ("DeleteTelegramMessage", {"message_id": 12}, "deleteMessage", b'{"chat_id":7,"message_id":12}', {"status": ["Message deleted"]}),
    ],
)  # fmt: skip
async def test_telegram_is_asked_as_it_says(
    fire: Any, apis: Apis, name: str, inputs: Any, call: str, body: bytes, wanted: Any
) -> None:
    apis.planned[f"POST api.telegram.org{BOT}/{call}"] = [(200, OK, {})]
    given = await fire(block_of(name), credentials="key", chat_id=7, **inputs)
    assert given == wanted | ({"message_id": [12]} if name[:6] != "Delete" else {})
    assert body in apis.asked[-1]["body"].replace(b'": ', b'":').replace(
        b", ", b","
    ).replace(b'",filename', b'", filename').replace(b'";filename', b'"; filename')


async def test_a_file_of_telegram_comes_as_it_is(fire: Any, apis: Apis) -> None:
    facts = {"ok": True, "result": {"file_path": "documents/a.txt"}}
    apis.planned[f"POST api.telegram.org{BOT}/getFile"] = [(200, facts, {})]
    kind = {"Content-Type": "application/octet-stream"}
    apis.planned[f"GET api.telegram.org/file{BOT}/documents/a.txt"] = [
        (200, b"hi", kind)
    ]
    given = await fire(block_of("GetTelegramFile"), credentials="key", file_id="f")
    assert given["file"] == ["data:text/plain;base64,aGk="]
    no = {"ok": False, "description": "chat not found"}
    apis.planned[f"POST api.telegram.org{BOT}/deleteMessage"] = [(400, no, {})]
    with pytest.raises(
        ConnectionError, match="refused deleteMessage: chat not found"
    ) as said:
        await fire(
            block_of("DeleteTelegramMessage"),
            credentials="key",
            chat_id=7,
            message_id=1,
        )
    assert "the-secret-key" not in str(said.value)


MACHINE = {"sandboxID": "m1", "envdAccessToken": "t"}
RUN = "\n".join(json.dumps(it) for it in (
    {"type": "stdout", "text": "working\n"}, {"type": "result", "is_main_result": True, "text": "42"},
    {"type": "number_of_executions", "execution_count": 1},
))  # fmt: skip


def spoken(*events: dict[str, Any]) -> bytes:
    """What a command says, as the Connect protocol has it."""
    parts = [json.dumps(it).encode() for it in events]
    return b"".join(struct.pack(">BI", 0, len(it)) + it for it in parts)


def out(text: str) -> bytes:
    data = base64.b64encode(text.encode()).decode()
    return spoken(
        {"event": {"data": {"stdout": data}}}, {"event": {"end": {"exitCode": 0}}}
    )


async def test_a_machine_lives_on_between_nodes(fire: Any, apis: Apis) -> None:
    plan = apis.planned
    plan["POST api.e2b.app/sandboxes"] = [(201, MACHINE, {})]
    plan["POST 49983-m1.e2b.app/process.Process/Start"] = [
        (200, out("ok"), {"Content-Type": "application/connect+json"})
    ]
    plan["POST 49999-m1.e2b.app/execute"] = [(200, RUN.encode(), {})] * 2
    plan["POST api.e2b.app/sandboxes/m1/connect"] = [(200, MACHINE, {})]
    plan["DELETE api.e2b.app/sandboxes/m1"] = [(204, b"", {})]
    first = await fire(
        block_of("InstantiateCodeSandbox"),
        credentials="key",
        setup_commands=["pip install x"],
        setup_code="x = 1",
    )
    assert first == {
        "sandbox_id": ["m1"],
        "response": ["42"],
        "stdout_logs": ["working\n"],
    }
    start = next(it for it in apis.asked if "Start" in it["path"])
    assert b"pip install x" in start["body"]
    assert start["headers"]["x-access-token"] == "t"
    then = await fire(
        block_of("ExecuteCodeStep"),
        credentials="key",
        sandbox_id="m1",
        step_code="6 * 7",
        language="js",
        dispose_sandbox=True,
    )
    assert then["main_result"] == [{"text": "42"}]
    assert json.loads(apis.asked[-2]["body"]) == {"code": "6 * 7", "language": "js"}
    assert apis.asked[-1]["method"] == "DELETE"
    for name in MACHINES:
        assert carries_code(block_of(name.removesuffix("Block"))), name


async def test_claude_code_works_on_a_machine(fire: Any, apis: Apis) -> None:
    plan = apis.planned
    plan["POST api.e2b.app/sandboxes"] = [(201, MACHINE, {})]
    said = json.dumps({"result": "Done.", "session_id": "s1"})
    answers = [out(said), out("/home/user/a/x.py\n"), out("x = 1")]
    kind = {"Content-Type": "application/connect+json"}
    plan["POST 49983-m1.e2b.app/process.Process/Start"] = [
        (200, it, kind) for it in answers
    ]
    plan["DELETE api.e2b.app/sandboxes/m1"] = [(204, b"", {})]
    given = await fire(
        block_of("ClaudeCode"),
        e2b_credentials="key",
        anthropic_credentials="key",
        prompt="Write x",
    )
    assert given["response"] == ["Done."]
    assert given["session_id"] == ["s1"]
    assert given["files"] == [
        [
            {
                "path": "/home/user/a/x.py",
                "relative_path": "a/x.py",
                "name": "x.py",
                "content": "x = 1",
            }
        ]
    ]
    assert given["conversation_history"] == ["User: Write x\n\nClaude: Done."]
    assert apis.asked[-1]["method"] == "DELETE"


async def test_a_session_with_autopilot_goes_on(fire: Any, context: Any) -> None:
    model = Scripted(["Hello.", "Again."])
    context.models = Checked(model, resolve=lambda name, skill: name or "a:b")
    pilot = block_of("AutoPilot")
    first = await fire(pilot, prompt="Hi", system_context="Be brief.", session_id="s")
    assert (first["response"], first["tool_calls"]) == (["Hello."], [[]])
    assert set(first["token_usage"][0]) == {
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
    }
    again = await fire(pilot, prompt="And?", session_id="s")
    assert [it.text for it in model.requests[-1].messages] == [
        "Be brief.",
        "Hi",
        "Hello.",
        "And?",
    ]
    assert len(json.loads(again["conversation_history"][0])) == 5
    with pytest.raises(NotImplementedError, match="run_block is not here"):
        await fire(pilot, prompt="x", tools=["run_block"], tools_exclude=False)


GITHUB = {
    "action": "opened",
    "sender": {"login": "ada"},
    "number": 7,
    "pull_request": {"html_url": "u"},
}
VOICE = {"edited_message": {"message_id": 3, "chat": {"id": 7}, "from": {"id": 5, "username": "ada", "first_name": "Ada"},
         "voice": {"file_id": "f"}, "caption": "c"}}  # fmt: skip
REACTION = {"message_reaction": {"chat": {"id": 7}, "message_id": 3, "user": {"id": 5, "username": "ada"},
            "old_reaction": [], "new_reaction": [{"type": "emoji"}]}}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "payload", "wanted"),
    [
        ("GithubPullRequestTrigger", GITHUB, {"triggered_by_user": {"login": "ada"}, "event": "pull_request.opened", "number": 7,
            "pull_request": {"html_url": "u"}, "pull_request_url": "u"}),
        ("TelegramMessageTrigger", VOICE, {"chat_id": 7, "message_id": 3, "user_id": 5, "username": "ada", "first_name": "Ada",
            "is_edited": True, "event": "edited_message.voice", "text": "c", "caption": "c", "voice_file_id": "f", "file_name": ""}),
        ("TelegramMessageReactionTrigger", REACTION, {"chat_id": 7, "message_id": 3, "user_id": 5, "username": "ada",
            "new_reactions": [{"type": "emoji"}], "old_reactions": []}),
        ("Slant3DOrderWebhook", {"orderId": "o", "status": "SHIPPED", "trackingNumber": "t", "carrierCode": "ups"},
            {"order_id": "o", "status": "SHIPPED", "tracking_number": "t", "carrier_code": "ups"}),
    ],
)  # fmt: skip
async def test_what_begins_an_agent_gives_what_it_was_told(
    fire: Any, name: str, payload: Any, wanted: Any
) -> None:
    block = block_of(name)
    more = {it.name: {} for it in block.inputs({}) if it.name == "events"}
    more |= {it.name: "ada/engine" for it in block.inputs({}) if it.name == "repo"}
    given = await fire(block, payload=payload, **more)
    assert given == {
        "payload": [payload],
        **{port: [it] for port, it in wanted.items()},
    }


def test_every_block_of_them_has_a_case() -> None:
    assert {name.removesuffix("Block") for name in DISCORD} == {
        case.block for case in CASES
    } | {"ReadDiscordMessages"}
    assert len(TELEGRAM) == 8
    assert all(
        block_of(name.removesuffix("Block")).effects == "pure" for name in TRIGGERS
    )
