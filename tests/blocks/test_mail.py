"""Mail goes out and comes in over connections that the door has checked, encrypted."""

import base64
from typing import Any

import pytest

from agentbench.blocks.mail import reading, sending
from agentbench.blocks.mail.lines import MailRefused
from agentbench.domain.errors import CredentialRefused, OutboundRefused
from agentbench.network.outbound import HttpxOutbound
from tests.blocks.mail_servers import MESSAGE, Mail, certificate, serving

LETTER = {
    "to": "bob@example.com",
    "subject": "Hi\nthere",
    "body": ".dot\nend",
    "credential": "mail",
}


@pytest.fixture(scope="module")
def pem(tmp_path_factory: Any) -> Any:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def mail(pem: Any, context: Any, monkeypatch: Any) -> Mail:
    """A mail server whose certificate is trusted; the well-known ports lead to it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return Mail(pem)


class Rerouted:
    """A door at which the ports of mail lead to the server of the test."""

    def __init__(self, door: Any, ports: dict[int, int]) -> None:
        self._door, self._ports = door, ports

    async def connect(self, host: str, port: int, **more: Any) -> Any:
        return await self._door.connect(host, self._ports[port], **more)


def _to(context: Any, ports: tuple[int, int]) -> None:
    door = HttpxOutbound(["localhost", "127.0.0.1"])
    context.outbound = Rerouted(door, {587: ports[0], 993: ports[1]})


@pytest.fixture(autouse=True)
def checked() -> Any:
    """Here the test's own servers are dialled as well; the door is tested elsewhere."""
    return set()


async def test_mail_is_sent_encrypted_to_everybody(
    fire: Any, context: Any, mail: Mail
) -> None:
    async with serving(mail) as ports:
        _to(context, ports)
        given = await fire(
            sending.send, host="localhost", bcc="eve@example.com", **LETTER
        )
    assert given == {"status": ["Email sent successfully"]}
    login = base64.b64encode(b"\0ada@example.com\0the-secret-key").decode()
    assert f"tls AUTH PLAIN {login}" in mail.said
    assert [one for one in mail.said if "RCPT" in one] == [
        "tls RCPT TO:<bob@example.com>",
        "tls RCPT TO:<eve@example.com>",
    ]
    [letter] = [one for one in mail.said if "Subject" in one]
    assert "Subject: Hi there\r\n" in letter
    assert "eve" not in letter
    assert "\r\n..dot\r\n" in letter


async def test_no_password_goes_out_in_the_open(
    fire: Any, context: Any, pem: Any
) -> None:
    mail = Mail(pem, offers_tls=False)
    async with serving(mail) as ports:
        _to(context, ports)
        with pytest.raises(MailRefused, match="offers no TLS"):
            await fire(sending.send, host="localhost", **LETTER)
    assert not any("AUTH" in one for one in mail.said)


async def test_a_certificate_that_nobody_signed_is_not_trusted(
    fire: Any, context: Any, pem: Any
) -> None:
    mail = Mail(pem)
    async with serving(mail) as ports:
        _to(context, ports)
        with pytest.raises(MailRefused, match="cannot be trusted"):
            await fire(sending.send, host="localhost", **LETTER)
    assert not any("AUTH" in one for one in mail.said)


async def test_nobody_on_the_way_answers_for_the_server(
    fire: Any, context: Any, mail: Mail
) -> None:
    """Else the server refuses the letter, and we say that it was sent."""
    mail.injected = b"250 hello\r\n235 in\r\n250 a\r\n250 b\r\n354 go\r\n250 taken\r\n"
    mail.answers["AUTH"] = "535 no"
    async with serving(mail) as ports:
        _to(context, ports)
        with pytest.raises(MailRefused, match="spoke in the open"):
            await fire(sending.send, host="localhost", **LETTER)


async def test_a_refusal_is_told_in_words(fire: Any, context: Any, mail: Mail) -> None:
    mail.answers["AUTH"] = "535 no"
    async with serving(mail) as ports:
        _to(context, ports)
        with pytest.raises(
            MailRefused, match="refused the login: the user or the password is wrong"
        ) as said:
            await fire(sending.send, host="localhost", **LETTER)
    assert "secret" not in str(said.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"port": 6379}, "handed in at"),
        ({"to": "bob@example.com>\r\nRCPT TO:<eve"}, "no e-mail address"),
        ({"to": ""}, "names nobody"),
    ],
)
async def test_what_is_no_mail_is_not_sent(fire: Any, change: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        await fire(sending.send, host="localhost", **(LETTER | change))


async def test_the_password_goes_to_its_own_host_only(fire: Any) -> None:
    with pytest.raises(CredentialRefused):
        await fire(sending.send, host="evil.example", **LETTER)
    with pytest.raises(CredentialRefused):
        await fire(reading.read, host="evil.example", credential="mail")


async def test_t44_mail_reaches_no_server_inside(fire: Any, context: Any) -> None:
    context.outbound = HttpxOutbound()
    for block, more in ((sending.send, LETTER), (reading.read, {"credential": "mail"})):
        with pytest.raises(OutboundRefused):
            await fire(block, host="localhost", **more)


async def test_mail_is_read_and_stays_unread(
    fire: Any, context: Any, mail: Mail
) -> None:
    async with serving(mail) as ports:
        _to(context, ports)
        given = await fire(
            reading.read,
            host="localhost",
            credential="mail",
            unread=True,
            subject='a"b',
        )
    [message] = given["message"]
    assert (message["subject"], message["text"]) == ("Hi", "Hello\n")
    assert any("EXAMINE" in one for one in mail.said)
    assert any(one.endswith('SEARCH UNSEEN SUBJECT "a\\"b"') for one in mail.said)
    assert any("BODY.PEEK[]" in one for one in mail.said)


async def test_the_examples_hold(fire: Any, context: Any, mail: Mail) -> None:
    async with serving(mail) as ports:
        _to(context, ports)
        for block in (sending.send, reading.read):
            for example in block.examples:
                given = await fire(block, **example.inputs)
                assert {
                    name: given[name] for name in example.outputs
                } == example.outputs


async def test_a_folder_is_no_place_for_commands(
    fire: Any, context: Any, mail: Mail
) -> None:
    async with serving(mail) as ports:
        _to(context, ports)
        with pytest.raises(ValueError, match="control letters"):
            await fire(
                reading.read,
                host="localhost",
                credential="mail",
                folder='x"\r\na9 DELETE INBOX',
            )
    assert not any("DELETE" in one for one in mail.said)


HEAD = b"Subject: Bad\r\n"
PART = b"--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + PART
HOSTILE = {
    "an id that is none": HEAD + b"Message-ID: <\r\n\r\nhi",
    "a sender that is none": HEAD + b"From: <\r\n\r\nhi",
    "a domain that is none": HEAD + b"To: a@[\r\n\r\nhi",
    "remarks in remarks": HEAD + b"From: " + b"(" * 5000 + b"\r\n\r\nhi",
    "an encoding that is none": HEAD + b"Content-Type: text/plain; charset=\0\r\n\r\nhi",
    "a file that is none": MIXED
    + b"--b\r\nContent-Disposition: attachment; filename*=undefined''%ff\r\n\r\nx\r\n--b--",
    "letters in letters": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 400 + b"x",
    "parts in parts": HEAD
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at)
        for at in range(3000)
    ),
    "many signs": HEAD + b"Content-Type: text/plain; " + b"a=b;" * 500_000 + b"\r\n\r\nhi",
    "many quotes": HEAD + b"To: " + b'"' * 1_000_000 + b"\r\n\r\nhi",
}  # fmt: skip


async def test_a_hostile_letter_does_not_hide_the_others(
    fire: Any, context: Any, mail: Mail
) -> None:
    """Anybody can send one; some would fail the reading of all, some take hours."""
    mail.letters = [*HOSTILE.values(), MESSAGE]
    async with serving(mail) as ports:
        _to(context, ports)
        given = await fire(reading.read, host="localhost", credential="mail", limit=200)
    subjects = [it["subject"] for it in given["message"]]
    assert subjects == [*["Bad"] * len(HOSTILE), "Hi"]
    texts = [it["text"].strip() for it in given["message"]]
    assert dict(zip([*HOSTILE, "ours"], texts, strict=True)) == {
        **dict.fromkeys(HOSTILE, "hi"),
        "letters in letters": "",
        "parts in parts": "",
        "ours": "Hello",
    }
    assert any("more than 500 parts" in line for line in context.lines)


async def test_a_mail_server_does_not_fill_the_memory(
    fire: Any, context: Any, mail: Mail, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100_000)
    mail.letters = [b"x" * 90_000, b"y" * 110_000]
    async with serving(mail) as ports:
        _to(context, ports)
        with pytest.raises(MailRefused, match="without end"):
            await fire(reading.read, host="localhost", credential="mail")
