"""The promises of a recording, through the calls of a firing."""

import asyncio
import base64
import contextlib
import json
from urllib.parse import quote

import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import (
    RecordingDamaged,
    ReplayMiss,
    SecretInRecording,
)
from agentbench.domain.redaction import Redaction
from agentbench.replay.secrets import Secrets
from tests.replay.conftest import asked, files

SECRET = "s3cr3t/with+signs=and ä"


@pytest.fixture
def known():
    known = Redaction()
    key = Credential(name="shop", kind="api_key", hosts=("*",), secret=Secret(SECRET))
    known.add(key)
    return known


VALUES = [
    None,
    True,
    3,
    1.5,
    "one line",
    "two\nlines\r\nand \u2028 more\n",
    b"",
    b"plain text",
    b"two\nlines\n",
    b"\x00\x01 no text \xff",
    b'{"a":1,"b":[1,2]}',
    b'{"a": 1, "b": [1, 2]}',
    b'{\n  "a": 1\n}\n',
    b'{"a" :1}',
    b'{"big": 12345678901234567890, "f": 1.0e5}',
    "\u00e9 \U0001f600",
    b'"\\u00e9"',
    {"nested": [{"deep": (1, 2)}]},
    {"$lines": ["means", "itself"]},
    {"$file": "x", "layout": "y"},
    {"$ref": "#/definitions/a"},
    float("inf"),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
async def test_what_is_recorded_is_replayed_exactly(recorder, far, value):
    made = (
        await recorder("record")
        .calls("run-1", "n", 1)
        .answered(asked(x=1), far.gives(value))
    )
    replayed = (
        await recorder("replay")
        .calls("run-2", "n", 1)
        .answered(asked(x=1), far.gives("never"))
    )
    wanted = (
        {"nested": [{"deep": [1, 2]}]}
        if isinstance(value, dict) and "nested" in value
        else value
    )
    assert (made, replayed, far.count) == (value, wanted, 1)
    assert type(replayed) is type(wanted)


async def test_a_file_is_small_readable_and_named_after_who_asks_what(recorder, far):
    book = recorder("record")
    calls = book.calls("run-1.call.2.part~3", "fetch", 4)
    await calls.answered(
        asked("GET example.com/Prices?", url="https://example.com/Prices"),
        far.gives({"text": "one\ntwo", "image": b"\x89PNG\r\n\x1a\n\xff"}),
    )
    (image, name) = sorted(files(book), key=lambda name: name.endswith("json"))
    assert name.startswith("call.2.part.fetch.4-tool-get-example.com-prices-")
    assert image.endswith(".png")
    document = json.loads(files(book)[name])
    assert list(document) == [
        "format", "kind", "label", "caller", "turn", "asked", "answer",
    ]  # fmt: skip
    assert document["answer"] == {
        "text": {"$lines": ["one", "two"]},
        "image": {"$file": image},
    }


async def test_recording_again_leaves_the_same_bytes_and_does_not_touch_the_files(
    recorder, far
):
    async def record():
        book = recorder("record")
        for number in (1, 2):
            calls = book.calls("run", "n", number)
            await calls.answered(asked(x=1), far.gives({"n": number, "b": b"\xff"}))
            await calls.answered(asked(x=1), far.gives({"n": number * 10}))
        return book

    first = await record()
    stamps = {f: f.stat().st_mtime_ns for f in first.folder.path.iterdir()}
    before = files(first)
    assert files(await record()) == before
    assert {f: f.stat().st_mtime_ns for f in first.folder.path.iterdir()} == stamps


async def test_identical_calls_replay_alike_in_any_order_of_arrival(recorder, far):
    async def ask(book, firing, answer):
        calls = book.calls("run", "n", firing)
        first = await calls.answered(asked(x=1), far.gives(f"{answer}a"))
        return [first, await calls.answered(asked(x=1), far.gives(f"{answer}b"))]

    book = recorder("record")
    made = await asyncio.gather(*(ask(book, n, n) for n in (3, 1, 2)))
    book = recorder("replay")
    replayed = await asyncio.gather(*(ask(book, n, "no") for n in (1, 2, 3)))
    assert (
        sorted(made) == sorted(replayed) == [["1a", "1b"], ["2a", "2b"], ["3a", "3b"]]
    )
    assert len(files(book)) == 6


async def test_a_node_that_is_renamed_finds_its_calls_again(recorder, far):
    book = recorder("record")
    for firing in (1, 2):
        await book.calls("r", "old", firing).answered(asked(x=1), far.gives(firing))
    found = [
        await recorder("replay").calls("r", "new", n).answered(asked(x=1), far.gives(0))
        for n in (2, 1)
    ]
    assert found == [2, 1]


async def test_a_miss_says_what_changed_and_how_to_record(recorder, far):
    book = recorder("record")
    await book.calls("r", "ask", 1).answered(
        asked("chat m", model="m", messages=[{"text": "Hello there"}], gone=1),
        far.gives(1),
    )
    await book.calls("r", "other", 1).answered(asked("chat z", model="z"), far.gives(1))
    book = recorder("replay")
    with pytest.raises(ReplayMiss) as caught:
        await book.calls("r", "ask", 1).answered(
            asked("chat m", model="m", messages=[{"text": "Hello you"}, 2], new=True),
            far.gives(1),
        )
    said = str(caught.value)
    assert caught.value.changes == [
        'messages[0].text: "Hello there" → "Hello you"',
        "messages[1]: 2 is new",
        "gone: 1 is gone",
        "new: true is new",
    ]
    assert "'ask.1'" in said
    assert caught.value.nearest.startswith("ask.1-tool-chat-m-")
    assert "replay='record'" in said
    assert book.missed == said
    assert far.count == 2


async def test_auto_makes_only_what_is_missing(recorder, far):
    await recorder("record").calls("r", "n", 1).answered(asked(x=1), far.gives(1))
    book = recorder("auto")
    calls = book.calls("r", "n", 1)
    assert await calls.answered(asked(x=1), far.gives(-1)) == 1
    assert await calls.answered(asked(x=2), far.gives(2)) == 2
    assert far.count == 2
    calls = recorder("replay").calls("r", "n", 1)
    assert await calls.answered(asked(x=2), far.gives(-1)) == 2


class TestStreams:
    async def parts(self, book, far, *parts, most=99):
        got = []
        stream = book.calls("r", "n", 1).streamed(asked(x=1), far.streams(*parts))
        async with contextlib.aclosing(stream):
            async for part in stream:
                got.append(part)
                if len(got) == most:
                    break
        return got

    async def test_parts_are_replayed_as_they_came(self, recorder, far):
        sent = ["He", "llo", b"\xff", {"end": True}]
        assert await self.parts(recorder("record"), far, *sent) == sent
        assert await self.parts(recorder("replay"), far) == sent
        assert far.count == 1

    async def test_an_error_in_the_middle_comes_again(self, recorder, far):
        sent = ("He", ConnectionResetError("it broke"))
        with pytest.raises(ConnectionResetError):
            await self.parts(recorder("record"), far, *sent)
        stream = (
            recorder("replay").calls("r", "n", 1).streamed(asked(x=1), far.streams())
        )
        assert await anext(stream) == "He"
        with pytest.raises(ConnectionError, match="it broke"):
            await anext(stream)

    async def test_who_reads_less_may_read_as_much_again_and_no_more(
        self, recorder, far
    ):
        assert await self.parts(recorder("record"), far, 1, 2, 3, most=2) == [1, 2]
        assert await self.parts(recorder("replay"), far, most=2) == [1, 2]
        with pytest.raises(ReplayMiss, match="no more of it was read"):
            await self.parts(recorder("replay"), far)

    async def test_what_is_cancelled_is_not_recorded(self, recorder, far):
        began = asyncio.Event()

        async def live():
            yield 1
            began.set()
            await asyncio.Event().wait()

        async def read():
            stream = recorder("record").calls("r", "n", 1).streamed(asked(x=1), live)
            async with contextlib.aclosing(stream):
                async for _ in stream:
                    pass

        task = asyncio.ensure_future(read())
        await began.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with pytest.raises(ReplayMiss):
            await self.parts(recorder("replay"), far)


class TestErrors:
    @pytest.mark.parametrize(
        "error", [ConnectionError("no route"), TimeoutError("too slow")]
    )
    async def test_those_of_the_other_side_come_again(self, recorder, far, error):
        error.retry_after = 1.5
        for mode in ("record", "replay"):
            with pytest.raises(type(error), match=str(error)) as caught:
                await (
                    recorder(mode)
                    .calls("r", "n", 1)
                    .answered(asked(x=1), far.gives(error))
                )
        assert caught.value is not error
        assert caught.value.retry_after == 1.5
        assert far.count == 1

    @pytest.mark.parametrize("error", [ConnectionRefusedError("us"), KeyError("bug")])
    async def test_our_own_are_not_recorded(self, recorder, far, error):
        with pytest.raises(type(error)):
            await (
                recorder("record")
                .calls("r", "n", 1)
                .answered(asked(x=1), far.gives(error))
            )
        with pytest.raises(ReplayMiss):
            await (
                recorder("replay").calls("r", "n", 1).answered(asked(x=1), far.gives(1))
            )


class TestSecrets:
    async def test_a_known_one_is_in_no_file_in_no_spelling(self, recorder, far, known):
        book = recorder("record", known)
        spelled = [
            SECRET,
            quote(SECRET, safe=""),
            base64.b64encode(f"user:{SECRET}".encode()).decode(),
            json.dumps(SECRET),
        ]
        await book.calls("r", "n", 1).answered(
            asked(SECRET, text=spelled, body=json.dumps({"k": SECRET}).encode()),
            far.gives({"said": spelled, "raw": SECRET.encode(), SECRET: 1}),
        )
        for text in files(book).values():
            assert not [one for one in [*spelled, SECRET] if one.encode() in text]
            assert b"<secret:shop>" in text

    async def test_the_same_call_with_another_secret_is_the_same_call(
        self, recorder, far, known
    ):
        await (
            recorder("record", known)
            .calls("r", "n", 1)
            .answered(asked(url=f"https://a.b/?q=1&api_key={SECRET}"), far.gives(1))
        )
        # Elsewhere nobody knows the secret: there is another one, or a mere stand-in.
        found = (
            await recorder("replay")
            .calls("r", "n", 1)
            .answered(asked(url="https://a.b/?q=1&api_key=whatever"), far.gives(2))
        )
        assert found == 1

    async def test_what_goes_by_the_name_of_a_secret_is_hidden_wherever_it_comes_up(
        self, recorder, far
    ):
        book = recorder("record")
        token = "tok-1234567890abcdef"
        calls = book.calls("r", "n", 1)
        body = json.dumps({"access_token": token, "n": 1}).encode()
        given = await calls.answered(asked(x=1), far.gives({"content": body}))
        assert given == {"content": body}  # who runs it needs the real one
        await calls.answered(asked(text=f"bearer {token}"), far.gives("fine"))
        assert not [text for text in files(book).values() if token.encode() in text]

    async def test_one_that_cannot_be_taken_out_is_refused(self, recorder, far, known):
        book = recorder("record", known)
        with pytest.raises(SecretInRecording, match="'shop'"):
            await book.calls("r", "n", 1).answered(
                asked(x=1), far.gives({"k": SecretText(SECRET)})
            )
        assert not book.folder.path.exists()


class SecretText(str):  # noqa: SLOT000
    """Text of a class of its own, which nobody looks into for secrets."""


async def test_a_damaged_file_is_named(recorder, far):
    book = recorder("record")
    await book.calls("r", "n", 1).answered(asked(x=1), far.gives(b"\xff\x00"))
    for name in files(book):
        file = book.folder.path / name
        before = file.read_bytes()
        file.write_bytes(before[:-2])
        with pytest.raises(RecordingDamaged, match=name):
            await (
                recorder("replay").calls("r", "n", 1).answered(asked(x=1), far.gives(1))
            )
        file.write_bytes(before)


async def test_a_file_elsewhere_is_not_read(recorder, far, tmp_path):
    book = recorder("record")
    await book.calls("r", "n", 1).answered(asked(x=1), far.gives(b"\xff\x00"))
    (tmp_path / "0123456789abcdef.bin").write_bytes(b"secret")
    file = next(book.folder.path.glob("*.json"))
    document = json.loads(file.read_text())
    document["answer"]["$file"] = "../0123456789abcdef.bin"
    file.write_text(json.dumps(document))
    with pytest.raises(RecordingDamaged, match="is no file beside it"):
        await recorder("replay").calls("r", "n", 1).answered(asked(x=1), far.gives(1))


def test_however_many_secrets_an_answer_names_none_stays_and_the_latest_are_known() -> (
    None
):
    secrets = Secrets(Redaction())
    given = [{"access_token": f"secret-number-{n:05d}"} for n in range(1_000)]
    hidden = secrets.scrubbed({"body": json.dumps(given).encode()})["body"]
    assert json.loads(hidden) == [{"access_token": "<secret:access-token>"}] * 1_000
    assert secrets.scrubbed("it was secret-number-00999") == (
        "it was <secret:access-token>"
    )
    assert secrets.found(b"plain", b"secret-number-00999") == "access-token"
    assert secrets.found(b"secret-number-00000") == ""  # 999 came after it
