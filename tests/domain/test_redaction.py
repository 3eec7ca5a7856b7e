"""Secrets are masked in every form that they take, and nothing else is."""

import base64
import json
import random
import urllib.parse
from typing import Any

import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.redaction import Redaction

SECRETS = [
    "sk-proj-0123456789abcdef",
    "with spaces & = / + ?",
    "quotes \" and ' and \\ back",
    "lines\nof\ta key",
    "schlüssel-ключ-鍵",
    "four kilobytes " * 280,
    "letter",
]


def _redaction(*secrets: str) -> Redaction:
    made = Redaction()
    for number, secret in enumerate(secrets):
        made.add(
            Credential(
                name=f"c{number}", kind="api_key", hosts=("*",), secret=Secret(secret)
            )
        )
    return made


def _forms(secret: str) -> dict[str, str]:
    raw = secret.encode()
    quoted = urllib.parse.quote(secret, safe="")
    return {
        "plain": secret,
        "url": quoted,
        "plus": urllib.parse.quote_plus(secret),
        "json": json.dumps({"a": [secret]}),
        "unicode json": json.dumps([secret], ensure_ascii=False),
        "repr": repr({"a": secret}),
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
        **{
            f"base64 {n}": base64.b64encode(b"x" * n + raw + b"yz").decode()
            for n in range(3)
        },
        "basic": base64.b64encode(b"me:" + raw).decode(),
        "url-safe": base64.urlsafe_b64encode(b"?>" + raw).decode(),
    }


@pytest.mark.parametrize("secret", SECRETS, ids=lambda s: s[:8])
def test_every_form_is_masked(secret: str) -> None:
    redaction = _redaction(secret)
    for form, text in _forms(secret).items():
        shown = redaction.text(f"before {text} after")
        assert "<secret:c0>" in shown, form
        assert shown.startswith("before ")
        assert shown.endswith(" after")
        assert len(shown) < 80 + 8, form


def test_what_holds_no_secret_is_left_as_it_is() -> None:
    redaction = _redaction(*SECRETS)
    value = {"a": [1, "two", b"three", (4.0, None)], "b": object()}
    assert redaction.value(value) is value
    text = "nothing in here, and 0123456789 neither"
    assert redaction.text(text) is text
    assert Redaction().text("x") == "x"


def test_secrets_in_values_are_masked_and_the_rest_stays() -> None:
    secret, other = SECRETS[0], object()
    value = {"a": [secret, (f"Bearer {secret}", secret.encode())], secret: other}
    mask = "<secret:c0>"
    assert _redaction(secret).value(value) == {
        "a": [mask, (f"Bearer {mask}", mask.encode())],
        mask: other,
    }
    assert value["a"][0] == secret  # type: ignore[index]  # the block's own is not touched


def test_a_short_secret_is_not_looked_for() -> None:
    assert _redaction("abc").text("abc abcabc") == "abc abcabc"


def test_a_secret_that_was_replaced_is_still_masked() -> None:
    redaction = _redaction(SECRETS[0])
    redaction.add(
        Credential(
            name="c0", kind="api_key", hosts=("*",), secret=Secret("another-secret")
        )
    )
    shown = redaction.text(f"{SECRETS[0]} another-secret")
    assert shown == "<secret:c0> <secret:c0>"


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_masked_wherever_they_are_cut(seed: int) -> None:
    chance = random.Random(seed)
    redaction = _redaction(*SECRETS[:2])
    pieces: list[Any] = [b"some text ", b"sk-proj", b"\n\n"]
    pieces += [secret.encode() for secret in SECRETS[:2]]
    pieces += [base64.b64encode(SECRETS[0].encode())]
    whole = b"".join(chance.choices(pieces, k=12))
    masking, given, at = redaction.parts(), [], 0
    while at < len(whole):
        size = chance.randint(1, 9)
        given.append(masking.masked(whole[at : at + size]))
        at += size
    given.append(masking.rest())
    assert b"".join(given) == redaction.data(whole)


def test_parts_that_begin_no_secret_are_not_held_back() -> None:
    masking = _redaction(SECRETS[0]).parts()
    assert masking.masked(b"data: hello\n\n") == b"data: hello\n\n"
    assert masking.masked(b"ends with sk-pro") == b"ends with "
    assert masking.masked(b"blem") == b"sk-problem"
