"""Pictures and sound, with a model that says what it is told to say."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from agentbench.blocks.audio import info, note
from agentbench.blocks.image.describing import describe
from agentbench.blocks.image.shaping import convert, crop, resize
from agentbench.blocks.table.ends import write
from agentbench.domain.model import Media, TranscribeAnswer
from agentbench.llm.scripted import Scripted


def _png(width: int = 4, height: int = 2, mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), "red").save(out, "PNG")
    return out.getvalue()


async def test_a_model_is_shown_the_picture_made_smaller(
    fire: Any, context: Any
) -> None:
    context.models = Scripted(["A red square."])
    given = await fire(describe, image=_png(400, 200), model="a:b", largest=100)
    assert given["text"] == ["A red square."]
    [message] = context.models.requests[0].messages
    [shown] = [part for part in message.parts if isinstance(part, Media)]
    assert Image.open(io.BytesIO(shown.data)).size == (100, 50)


async def test_what_is_said_is_written_down(fire: Any, context: Any) -> None:
    class Hears:
        async def transcribe(self, request: Any) -> TranscribeAnswer:
            assert request.sound.type.startswith("audio/")
            return TranscribeAnswer(model="a:b", text="Buy tea.")

    context.models = Hears()
    (context.folder / "memo.wav").write_bytes(b"RIFF0000WAVEfmt ")
    given = await fire(note, sound="memo.wav")
    assert given["note"] == [{"text": "Buy tea.", "name": "memo.wav", "bytes": 16}]


async def test_what_is_no_sound_says_so(fire: Any) -> None:
    with pytest.raises(ValueError, match="no WAV"):
        await fire(info, sound=b"hello")


async def test_a_picture_becomes_another_kind_of_file(fire: Any) -> None:
    given = await fire(convert, image=_png(), to="JPEG", grey=True)
    made = Image.open(io.BytesIO(given["bytes"][0]))
    assert (made.format, made.mode, made.size) == ("JPEG", "L", (4, 2))
    data = given["data_uri"][0].partition(",")[2]
    assert base64.b64decode(data) == given["bytes"][0]


async def test_parts_and_sizes(fire: Any) -> None:
    given = await fire(crop, image=_png(), left=1, width=2, turn=90)
    assert given["image"][0].size == (2, 2)
    with pytest.raises(ValueError, match="outside the picture of 4 by 2"):
        await fire(crop, image=_png(), left=9)
    with pytest.raises(ValueError, match="Say 'width' or 'height'"):
        await fire(resize, image=_png())
    with pytest.raises(ValueError, match="points are more than"):
        await fire(resize, image=_png(), width=20_000, height=20_000, how="stretch")


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n=", " =", "\0=", "\uff1d", "\uff0b"]
)
async def test_t49_no_cell_of_a_sheet_or_a_file_begins_as_a_formula(
    fire: Any, context: Any, start: str
) -> None:
    import csv

    import pandas

    from agentbench.blocks.files.office import write_spreadsheet
    from agentbench.blocks.formats.separated import write_csv

    value = f"{start}cmd|' /C calc'!A0"
    table = pandas.DataFrame({value: [value]})
    await fire(write, table=table, path="a.csv")
    written = (context.folder / "a.csv").read_bytes().decode()
    for text in (written, (await fire(write_csv, rows=[{value: value}]))["result"][0]):
        for row in csv.reader(io.StringIO(text, newline="")):
            assert (
                not row[0].strip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b"))
            )
    rows = [{"a": value}]
    await fire(write_spreadsheet, rows=rows, path="a.xlsx")
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(context.folder / "a.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


async def test_t49_a_written_table_holds_no_formula(fire: Any, context: Any) -> None:
    import pandas

    table = pandas.DataFrame({"=a": ["=1+1", "-5", "@x"], "n": [-1, 2, 3]})
    assert await fire(write, table=table, path="a.csv") == {"result": ["a.csv"]}
    text = (context.folder / "a.csv").read_text()
    assert text == "'=a,n\n'=1+1,-1\n-5,2\n'@x,3\n"
    assert await fire(write, table=table, path="a.jsonl") == {"result": ["a.jsonl"]}
    assert pandas.read_json(context.folder / "a.jsonl", lines=True).shape == (3, 2)
