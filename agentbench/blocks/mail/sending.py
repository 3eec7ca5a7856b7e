"""Sending mail by SMTP."""

import base64
import email.utils
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block
from agentbench.blocks.base.sources import source_of
from agentbench.blocks.mail.lines import Lines, MailRefused, Security, connected
from agentbench.domain.context import Context
from agentbench.domain.credential import Credential, CredentialName
from agentbench.domain.errors import CredentialRefused
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

PORTS = (25, 465, 587, 2525)
"""The ports at which mail is handed in; no other is asked."""
_ADDRESS = re.compile(r"[^\s@<>\"(),;:\\\[\]]{1,64}@[A-Za-z0-9.-]{1,253}")
_MEANINGS = {
    421: "the server is closing",
    450: "the mailbox is busy; try again later",
    454: "TLS or the login is not to be had just now",
    530: "it wants a login first",
    534: "it wants another way to log in, such as an app password",
    535: "the user or the password is wrong",
    550: "there is no such mailbox, or it takes nothing from you",
    552: "the message is too large, or the mailbox is full",
    553: "the address is not allowed",
    554: "the message was refused",
}


def _several(given: Any) -> Any:
    if isinstance(given, str):
        return [part.strip() for part in re.split(r"[,;]", given) if part.strip()]
    return given


_To = Annotated[
    list[str], pydantic.BeforeValidator(_several), about("One address or several.")
]


@block(
    id="mail.send",
    title="Send e-mail",
    keywords=("smtp", "email", "message", "notify", "newsletter", "gmail", "outlook"),
    effects="sends",
    outputs={"status": Annotated[str, about("Says that it was sent.")]},
    examples=[
        Example(
            inputs={"to": "bob@example.com", "subject": "Hi", "body": "Hello", "host": "localhost",
                    "port": 587, "credential": "mail"},
            outputs={"status": ["Email sent successfully"]},
        )
    ],
)  # fmt: skip
async def send(
    to: _To,
    subject: Annotated[str, about("What stands above it.")],
    body: Annotated[LongText, about("What it says.")],
    host: Annotated[str, about("The mail server, such as smtp.example.com.")],
    credential: Annotated[
        str, CredentialName("user_password"), about("The credential: user and password there.")
    ],
    *,
    port: Annotated[int, about("587 as a rule, 465 for TLS from the start.")] = 587,
    html: Annotated[LongText, about("The same as HTML, for those who show it.")] = "",
    sender: Annotated[str, about("Who it is from; the credential's user when empty.")] = "",
    cc: Annotated[_To, about("Who gets a copy.", advanced=True)] = [],  # noqa: B006
    bcc: Annotated[_To, about("Who gets one unseen.", advanced=True)] = [],  # noqa: B006
    attachments: Annotated[list[Any], about("Files: paths, data: URIs, addresses.")] = [],  # noqa: B006
    security: Annotated[Security, about("How it is encrypted; `auto` goes by the port.", advanced=True)] = "auto",
    timeout: Annotated[float, about("Seconds of silence until it is given up.", advanced=True)] = 30,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Sends an e-mail. The password goes out encrypted, or not at all."""
    if port not in PORTS:
        raise ValueError(
            f"'port' is {port}; mail is handed in at {', '.join(map(str, PORTS))}."
        )
    known = await context.credential(credential)
    if not known.is_for(host, port):
        raise CredentialRefused(credential, f"{host}:{port}", known.hosts)
    people = [_checked(one) for one in (*to, *cc, *bcc)]
    if not people:
        raise ValueError("'to' names nobody.")
    own = _checked(sender or known.user)
    message = _message(own, to, cc, subject=subject, body=body, html=html)
    for number, file in enumerate(attachments, 1):
        found = await source_of(file, context, port="attachments")
        main, _, sub = found.kind.partition("/")
        message.add_attachment(
            found.data, maintype=main, subtype=sub or "octet-stream",
            filename=found.name or f"file-{number}",
        )  # fmt: skip
    with_tls = security == "tls" or (security == "auto" and port == 465)
    async with connected(context, host, port, tls=with_tls, timeout=timeout) as lines:
        await _handed_in(
            lines,
            host,
            known,
            own=own,
            people=people,
            message=message,
            with_tls=with_tls,
        )
    return {"status": "Email sent successfully"}


def _checked(address: str) -> str:
    plain = email.utils.parseaddr(address)[1]
    is_one_line = not any(ord(sign) < 32 for sign in address)
    if not is_one_line or not _ADDRESS.fullmatch(plain):
        raise ValueError(f"{address!r:.80} is no e-mail address.")
    return plain


def _message(
    own: str,
    to: Sequence[str],
    cc: Sequence[str],
    *,
    subject: str,
    body: str,
    html: str,
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = own
    message["To"] = ", ".join(to)
    if cc:
        message["Cc"] = ", ".join(cc)
    message["Subject"] = " ".join(subject.splitlines())
    message["Date"] = email.utils.formatdate(localtime=False)
    message["Message-ID"] = email.utils.make_msgid(domain=own.rpartition("@")[2])
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    return message


async def _handed_in(
    lines: Lines, host: str, known: Credential, *, own: str, people: list[str],
    message: EmailMessage, with_tls: bool,
) -> None:  # fmt: skip
    await _answer(lines, "its greeting")
    offers = await _asked(lines, "EHLO agentbench.local", "EHLO")
    if not with_tls:
        if "STARTTLS" not in offers.upper():
            raise MailRefused(f"{host} offers no TLS; nothing was sent to it.")
        await _asked(lines, "STARTTLS", "STARTTLS")
        await lines.secure(host)
        await _asked(lines, "EHLO agentbench.local", "EHLO")
    pair = f"\0{known.user}\0{known.secret.reveal()}".encode()
    await _asked(lines, f"AUTH PLAIN {base64.b64encode(pair).decode()}", "the login")
    await _asked(lines, f"MAIL FROM:<{own}>", "the sender")
    for one in people:
        await _asked(lines, f"RCPT TO:<{one}>", one)
    await _asked(lines, "DATA", "DATA")
    data = message.as_bytes()
    stuffed = re.sub(rb"(?m)^\.", b"..", data)
    await lines.send(stuffed.rstrip(b"\r\n") + b"\r\n.\r\n")
    await _answer(lines, "the message")
    await lines.say("QUIT")


async def _asked(lines: Lines, command: str, what: str) -> str:
    await lines.say(command)
    return await _answer(lines, what)


async def _answer(lines: Lines, what: str) -> str:
    said = []
    while True:
        line = (await lines.line()).decode("utf-8", "replace")
        said.append(line[4:])
        if line[3:4] != "-":
            break
        if len(said) > 100:
            raise MailRefused("The mail server talks without end.")
    code = int(line[:3]) if line[:3].isdigit() else 0
    if not 200 <= code < 400:
        meaning = _MEANINGS.get(code, "it was refused")
        raise MailRefused(f"The mail server refused {what}: {meaning} ({line[:200]}).")
    return "\n".join(said)
