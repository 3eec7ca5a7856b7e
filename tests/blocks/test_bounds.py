"""What comes from elsewhere stays in its bounds: T46 to T48, T50 to T52, at the blocks."""

import base64
import gzip
import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from agentbench.blocks.base.pictures import PictureRefused
from agentbench.blocks.base.sandbox import TemplateError
from agentbench.blocks.base.xml import XmlRefused
from agentbench.blocks.dictionaries import find
from agentbench.blocks.files import office
from agentbench.blocks.files.archives import ArchiveRefused, members, unzip
from agentbench.blocks.files.keeping import read
from agentbench.blocks.files.office import read_spreadsheet
from agentbench.blocks.formats.data import check, parse_yaml
from agentbench.blocks.formats.markup import parse_xml
from agentbench.blocks.formats.separated import parse_csv
from agentbench.blocks.image.shaping import open_
from agentbench.blocks.text.finding import extract, extract_code, match, regex
from agentbench.blocks.text.writing import combine, fill, replace
from agentbench.blocks.web.reading import html_to_text
from tests.blocks.hostile import CATASTROPHES

BOMBS = [
    "{{ 'a' * 10**9 }}", "{{ 9**(9**9) }}", "{{ 'a'|center(300000000) }}", "{% for a in range(10**9) %}x{% endfor %}",
    "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
    "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}", "{{ 'x'.ljust(10**9) }}", "{{ ('a' * 9999)|replace('a', 'b' * 9999) }}",
    "{% set ns = namespace(t='a') %}{% for a in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
    "{{ '%0999999999d' % 1 }}", "{{ '{:999999999}'.format(1) }}", "{{ [0] * 10**9 }}",
    "{{ range(9999)|list|batch(1)|list * 9999 }}", "{{ ('x' * 9999)|wordwrap(1) * 999 }}",
]  # fmt: skip


@pytest.mark.parametrize("template", BOMBS)
def test_t46_a_template_does_not_grow(template: str) -> None:
    with pytest.raises(TemplateError):
        fill(template, {})


async def test_t48_small_texts_make_no_huge_one(fire: Any) -> None:
    """Forty kilobytes would make four hundred megabytes, and a few more all there is."""
    many, long = "a" * 20_000, "b" * 20_000
    for made in (
        fire(replace, text=many, old="a", new=long),
        fire(combine, texts=list(many), delimiter=long),
    ):
        with pytest.raises(ValueError, match="100,000,000 is the most"):
            await made
    assert await fire(replace, text=long, old="b", new="") == {"result": [""]}


async def test_t47_patterns_take_time_in_proportion(fire: Any) -> None:
    text = "a" * 50_000 + "!"
    for pattern in CATASTROPHES:
        await fire(match, text=text, pattern=pattern)
        await fire(extract, text=text, pattern=pattern, find_all=False)
        await fire(regex, text=text[:5000], pattern=pattern)
    for wrong in (r"(?=a)b", r"(a)\1", "a{1001,99999}", "("):
        with pytest.raises(ValueError, match="is no pattern"):
            await fire(match, text="a", pattern=wrong)


@pytest.mark.parametrize(
    "text",
    [
        "`" * 300_000,
        "```" * 100_000,
        "```\n" * 50_000,
        "~~~\n```\n" * 30_000,
        "<" * 200_000,
    ],
)
def test_t47_our_own_reading_is_linear(text: str) -> None:
    extract_code(text)
    html_to_text(text)
    html_to_text("<a href='x'>" * 20_000 + text[:1000])


def _zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def _with(name: str, *, mode: int = 0o100600) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, "x")
    return out.getvalue()


def _many() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), "")
    return out.getvalue()


def _claims() -> bytes:
    """A million members, none of them there."""
    one = _with("a")
    entry = one[one.index(b"PK\x01\x02") : one.index(b"PK\x05\x06")]
    entries = entry * 1_000_000
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0
    )
    start = len(one) - 22 - len(entry)
    sizes = (44, 45, 45, 0, 0, 1_000_000, 1_000_000, len(entries), start)
    zip64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", *sizes)
    place = struct.pack("<4sLQL", b"PK\6\7", 0, start + len(entries), 1)
    return one[:start] + entries + zip64 + place + end


def _overlapping() -> bytes:
    """Many members that are all the same bytes, which its directory names again and again."""
    one = _zipped(a=random.Random(1).randbytes(50_000))
    at = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[at:end]
    entries = b"".join(entry[:46] + bytes([65 + n]) + entry[47:] for n in range(26))
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 26, 26, len(entries), at, 0)
    return one[:at] + entries + tail


def _liar() -> bytes:
    data = bytearray(_zipped(a=bytes(50_000)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + at
        data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


ARCHIVES = {
    "grows": _zipped(a=bytes(50_000_000)),
    "up": _with("../out"),
    "absolute": _with("/tmp/out"),
    "backslash": _with("..\\out"),
    "link": _with("link", mode=0o120777),
    "device": _with("dev", mode=0o020600),
    "many": _many(),
    "overlaps": _overlapping(),
    "lies": _liar(),
    "gzip": gzip.compress(bytes(200_000_000), 9),
    "damaged": _zipped(a=b"x" * 100)[:-30],
    "none": b"hello",
}


@pytest.mark.parametrize("kind", ARCHIVES)
async def test_t48_an_archive_that_would_do_harm_leaves_nothing(
    fire: Any, context: Any, kind: str
) -> None:
    with pytest.raises(ArchiveRefused, match="'archive'"):
        await fire(unzip, archive=ARCHIVES[kind], folder="out")
    assert list(context.folder.iterdir()) == []


def test_t48_overlap_is_the_reason() -> None:
    with pytest.raises(ArchiveRefused, match="overlap"):
        members(_overlapping())


def test_t48_a_million_members_cost_little() -> None:
    child = """
import re, sys
from agentbench.blocks.files.archives import ArchiveRefused, members

def peak():  # ru_maxrss would begin with what the parent had
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])

data = sys.stdin.buffer.read()
before = peak()
try:
    members(data)
except ArchiveRefused as error:
    print(error)
print((peak() - before) >> 10)
"""
    done = subprocess.run(
        [sys.executable, "-c", child], input=_claims(), capture_output=True, check=True
    )
    said, megabytes = done.stdout.decode().splitlines()
    assert "holds 1000000 files; 10000 is the most" in said
    assert int(megabytes) < 200


async def test_an_archive_in_an_archive_stays_one(fire: Any) -> None:
    given = await fire(unzip, archive=_zipped(a__b=_zipped(c=b"x")), folder="out")
    assert given["files"] == [["out/a/b"]]


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{10 * f"&{a};"}">'
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><l>&i;</l>"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS, "entities"),
        (
            '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
            "entities",
        ),
        (
            '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:1/x"> %e;]><x/>',
            "entities|syntax",
        ),
        ("<a>" * 300 + "</a>" * 300, "deeper than 200"),
        ("<a><b></a>", "Error in input xml syntax"),
        ("<a/><b/>", "Error in input xml syntax"),
        ("", "Error in input xml syntax"),
        ("<a>" + "<b/>" * 500_001 + "</a>", "more than 500000 elements"),
    ],
)
def test_t48_xml_in_bounds(text: str, reason: str) -> None:
    with pytest.raises(XmlRefused, match=reason):
        parse_xml(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)),
        "[" * 5000,
        "a: &a\n  b: *a",
        "!!python/object/apply:os.system ['touch canary']",
        "!!python/name:os.system",
        "!<tag:yaml.org,2002:python/object/new:os.system> [x]",
        "a: [",
    ],
)  # fmt: skip
def test_t48_t50_yaml_in_bounds(text: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="'text'"):
        parse_yaml(text)
    assert list(tmp_path.iterdir()) == []


async def test_t48_csv_and_sheets_in_bounds(fire: Any, monkeypatch: Any) -> None:
    with pytest.raises(ValueError, match="field larger"):
        parse_csv("a" * 1_000_002)
    with pytest.raises(ValueError, match="more than 20000"):
        parse_csv("," * 20_001)
    with pytest.raises(ValueError, match="no Excel file"):
        await fire(read_spreadsheet, file=_zipped(a=b"x"))
    with pytest.raises(ValueError, match="it holds 1000000 files"):
        await fire(read_spreadsheet, file=_claims())
    monkeypatch.setattr(office, "MOST_UNPACKED", 1_000_000)
    bomb = _zipped(**{"xl__workbook.xml": bytes(2_000_000)})
    with pytest.raises(ValueError, match="unpacks to"):
        await fire(read_spreadsheet, file=bomb)
    monkeypatch.undo()
    monkeypatch.setattr(office, "MOST_CELLS", 1_000_000)
    wide, book = io.BytesIO(), openpyxl.Workbook()
    for row in range(1, 100):
        book.active.cell(row, 16_384, 1)
    book.save(wide)
    with pytest.raises(ValueError, match="more than 1000000 cells"):
        await fire(read_spreadsheet, file=wide.getvalue())


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_png(100_000, 100_000), "can be read|claims"),
        (_png(9000, 9000), "claims 9000 by 9000"),
        (_png(2, 2), "no picture that can be read"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>",
            "no picture",
        ),
        (b"%!PS\n(x) run", "no picture"),
        (b"", "no picture"),
    ],
)
async def test_t48_a_picture_in_bounds(fire: Any, data: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused, match=reason):
        await fire(open_, image=data)


def test_t50_no_attribute_is_looked_up() -> None:
    class Thing:
        secret = "canary"

    for key in ("secret", "__class__", "__dict__"):
        thing = Thing()
        assert find(thing, key) == {"missing": thing}
        assert find([thing], key) == {"missing": [thing]}


@pytest.mark.parametrize(
    "key",
    ["$blob", "$secret", "$type", "cred:x", "lc", "__reduce__", "workspace://x#y"],
)
async def test_t51_t52_what_looks_like_ours_is_data(fire: Any, key: str) -> None:
    value = {key: {key: [key]}, "id": key}
    assert find(value, key) == {"output": {key: [key]}}
    with pytest.raises((ValueError, OSError)):
        await fire(read, file=f"{key}:none/such")


def test_a_schema_reaches_nothing() -> None:
    for place in ("http://127.0.0.1:1/x.json", "file:///etc/passwd"):
        with pytest.raises(ValueError, match="refers to what is not in it"):
            check(1, {"$ref": place})


def test_a_data_uri_that_is_none_says_so() -> None:
    from agentbench.blocks.base.sources import _of_uri

    for uri in ("data:text/plain", "data:;base64,%%%"):
        with pytest.raises(ValueError, match="data: URI"):
            _of_uri(uri, "file")
    assert (
        _of_uri(f"data:;base64,{base64.b64encode(b'x').decode()}", "file").data == b"x"
    )
