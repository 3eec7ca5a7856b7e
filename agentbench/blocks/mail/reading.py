"""Reading mail by IMAP."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block
from agentbench.blocks.mail.letter import facts_of
from agentbench.blocks.mail.lines import MOST_BYTES, Lines, MailRefused, connected
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.errors import CredentialRefused
from agentbench.domain.example import Example

PORTS = (993,)
_LITERAL = re.compile(rb"\{(\d{1,12})\}$")


@block(
    id="mail.read",
    title="Read e-mail",
    keywords=("imap", "inbox", "email", "messages", "unread", "gmail", "attachments"),
    effects="reads",
    outputs={
        "message": Annotated[dict[str, Any], about("Each: `subject`, `sender`, `to`, `date`, `text`, `id`, `attachments`.")],
        "messages": Annotated[list[dict[str, Any]], about("All of them, the oldest first.")],
    },
    examples=[
        Example(
            inputs={"host": "localhost", "credential": "mail"},
            outputs={"message": [{
                "subject": "Hi", "sender": "bob@example.com", "to": "ada@example.com", "date": "2024-01-31T15:30:00+00:00",
                "text": "Hello\n", "id": "<1@example.com>", "attachments": [],
            }]},
        )
    ],
)  # fmt: skip
async def read(
    host: Annotated[str, about("The mail server, such as imap.example.com.")],
    credential: Annotated[
        str, CredentialName("user_password"), about("The credential: user and password there.")
    ],
    *,
    folder: Annotated[str, about("Which mailbox.")] = "INBOX",
    unread: Annotated[bool, about("Only what is not read yet.")] = False,
    sender: Annotated[str, about("Only from this sender.")] = "",
    subject: Annotated[str, about("Only with this in the subject.")] = "",
    limit: Annotated[int, pydantic.Field(ge=1, le=200), about("The newest, so many at most.")] = 10,
    port: Annotated[int, about("993, which is encrypted.", advanced=True)] = 993,
    timeout: Annotated[float, about("Seconds of silence until it is given up.", advanced=True)] = 30,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads e-mail without marking it as read."""
    if port not in PORTS:
        raise ValueError(f"'port' is {port}; mail is read at {PORTS[0]}, encrypted.")
    known = await context.credential(credential)
    if not known.is_for(host, port):
        raise CredentialRefused(credential, f"{host}:{port}", known.hosts)
    messages = []
    async with connected(context, host, port, tls=True, timeout=timeout) as lines:
        talk = _Talk(lines)
        await lines.line()
        await talk.do("LOGIN", _quoted(known.user), _quoted(known.secret.reveal()))
        await talk.do("EXAMINE", _quoted(folder))
        wanted = ["UNSEEN" if unread else "ALL"]
        for key, text in (("FROM", sender), ("SUBJECT", subject)):
            wanted += [key, _quoted(text)] if text else []
        for number in (await talk.numbers(wanted))[-limit:]:
            raw = await talk.fetched(number)
            if raw is not None:
                facts, missing = await context.in_thread(facts_of, raw)
                messages.append(facts)
                if missing:
                    context.log(f"Not all of {facts['id']!r:.200} is read: {missing}.")
        await talk.do("LOGOUT")
    for message in messages:
        yield "message", message
    yield "messages", messages


def _quoted(text: str) -> str:
    if any(ord(sign) < 32 for sign in text):
        raise ValueError(
            "A mailbox, a user or a word to look for holds no control letters."
        )
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Talk:
    """Commands of IMAP, one after the other."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._number = lines, 0

    async def do(self, *words: str) -> list[tuple[bytes, bytes]]:
        """The lines of the answer to a command, each with the literal it announces."""
        self._number += 1
        tag = f"a{self._number}"
        await self._lines.say(" ".join((tag, *words)))
        found: list[tuple[bytes, bytes]] = []
        size = 0
        while True:
            line = await self._lines.line()
            if line.startswith(f"{tag} ".encode()):
                said = line[len(tag) + 1 :].decode("utf-8", "replace")
                if not said.upper().startswith("OK"):
                    raise MailRefused(
                        f"The mail server refused {words[0]}: {said[:200]}."
                    )
                return found
            literal = _LITERAL.search(line)
            data = await self._lines.block(int(literal[1])) if literal else b""
            found.append((line, data))
            size += len(line) + len(data)
            if len(found) > 100_000 or size > MOST_BYTES:
                raise MailRefused("The mail server talks without end.")

    async def numbers(self, wanted: list[str]) -> list[str]:
        """The numbers of the messages that fit, the oldest first."""
        utf8 = [] if all(word.isascii() for word in wanted) else ["CHARSET", "UTF-8"]
        lines = await self.do("SEARCH", *utf8, *wanted)
        said = [line.decode("ascii", "replace") for line, _ in lines]
        return [
            word
            for line in said
            if line.upper().startswith("* SEARCH")
            for word in line.split()[2:]
            if word.isdigit()
        ]

    async def fetched(self, number: str) -> bytes | None:
        """A message as it came; it stays unread."""
        lines = await self.do("FETCH", number, "(BODY.PEEK[])")
        return next((data for _, data in lines if data), None)
