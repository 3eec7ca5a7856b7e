"""The book of codecs: who is asked, in what order, and what happens when one breaks."""

import logging
from typing import Any

import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import CodecError, DuplicateName


class Shout:
    """A codec somebody added: keeps text in capitals."""

    name = "shout"

    def can_encode(self, value: Any) -> bool:
        return value == "shout"

    def encode(self, value: Any) -> bytes:
        return b"SHOUT"

    def decode(self, data: bytes) -> Any:
        return data.decode().lower()


class Broken(Shout):
    """One that raises wherever it is asked."""

    name = "broken"

    def can_encode(self, value: Any) -> bool:
        return bool(1 / (len(value) - 4))

    def encode(self, value: Any) -> bytes:
        raise KeyError("encode")

    def decode(self, data: bytes) -> Any:
        raise KeyError("decode")


@pytest.fixture
def codecs() -> Codecs:
    return Codecs(CODECS)


def test_a_value_that_no_codec_takes_is_none(codecs: Codecs) -> None:
    assert codecs.encode(object()) is None
    assert codecs.encode(lambda: 1) is None


def test_a_codec_of_yours_is_asked_first(codecs: Codecs) -> None:
    codecs.register(Shout())
    assert codecs.names()[:2] == ["shout", "text"]
    assert codecs.encode("shout") == ("shout", b"SHOUT")
    assert codecs.encode("said") == ("text", b"said")
    assert codecs.decode("shout", b"SHOUT") == "shout"


def test_a_codec_of_yours_is_used_inside_too(codecs: Codecs) -> None:
    class Thing:
        pass

    class ThingCodec(Shout):
        def can_encode(self, value: Any) -> bool:
            return type(value) is Thing

    codecs.register(ThingCodec())
    name, data = codecs.encode([Thing()]) or ("", b"")
    assert codecs.decode(name, data) == ["shout"]


def test_a_name_is_given_once(codecs: Codecs) -> None:
    codecs.register(Shout())
    with pytest.raises(DuplicateName, match="codec named 'shout'"):
        codecs.register(Shout())
    codecs.register(Shout(), replace=True)
    assert codecs.names().count("shout") == 1


def test_an_unknown_name_is_told_with_those_there_are(codecs: Codecs) -> None:
    with pytest.raises(CodecError, match=r"no codec 'pickle' here; there are arrow\."):
        codecs.decode("pickle", b"")


def test_a_codec_that_breaks_is_reported_and_passed_over(
    codecs: Codecs, caplog: pytest.LogCaptureFixture
) -> None:
    codecs.register(Broken())
    with caplog.at_level(logging.ERROR):
        assert codecs.encode("four") == ("text", b"four")
    assert "'broken' broke" in caplog.text


def test_whatever_a_codec_raises_is_a_codec_error(codecs: Codecs) -> None:
    codecs.register(Broken())
    with pytest.raises(CodecError, match="'broken' cannot do it: 'encode'"):
        codecs.encode("a value")
    with pytest.raises(CodecError, match="'broken' cannot do it: 'decode'"):
        codecs.decode("broken", b"")


def test_half_a_character_is_refused(codecs: Codecs) -> None:
    with pytest.raises(CodecError, match="half a character"):
        codecs.encode("\ud800")
    with pytest.raises(CodecError, match="no UTF-8"):
        codecs.decode("text", b"\xff")
