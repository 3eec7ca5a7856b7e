"""Several values as one text, and as one file."""

import io
import zipfile

from agentbench.workbench.gathering import Named, gathered, joined
from tests.renderers.values import new_renderers

RENDERERS = new_renderers()
MIXED = [
    Named("note", "Rain"),
    Named("pixels", b"\x89PNG\r\n\x1a\n" + bytes(30)),
    Named("pixels", b"\x89PNG\r\n\x1a\n" + bytes(31)),
    Named("../../etc/passwd", b"\x00"),
    Named("thing", {"a": 1}),
]


def test_only_texts_are_joined() -> None:
    assert joined(RENDERERS, MIXED) == 'Rain\n\n{\n  "a": 1\n}'


def test_one_value_is_a_file_as_it_is() -> None:
    file = gathered(RENDERERS, MIXED[:1])
    assert file is not None
    assert (file.filename, file.content) == ("output.txt", b"Rain")


def test_an_archive_has_safe_names_of_which_none_is_twice() -> None:
    file = gathered(RENDERERS, MIXED)
    assert file is not None
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        names = archive.namelist()
    assert len(set(names)) == len(names)
    assert set(names) == {
        "pixels.png",
        "pixels (2).png",
        "_.._etc_passwd.bin",
        "texts.txt",
    }
    assert gathered(RENDERERS, MIXED) == file


def test_what_is_no_file_is_named() -> None:
    class Odd:
        pass

    class Renderer:
        name, priority = "odd", 99

        def can_render(self, value, hints):
            return isinstance(value, Odd)

        def render(self, value, hints):
            raise RuntimeError

        def copy(self, value, hints):
            return None

        def download(self, value, hints):
            return None

    renderers = new_renderers()
    renderers.register(Renderer())
    file = gathered(renderers, [Named("odd", Odd()), Named("note", "Rain")])
    assert file is not None
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.read("left-out.txt") == b"odd: it is no file"
