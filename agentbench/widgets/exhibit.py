"""Exhibit: one value on show, and all that a view may ask of it.

A value of any size stays here. What travels is bounded: a bundle, a page of a table, a
stretch of a text, a part of a file.
"""

import base64
import json
import itertools
import keyword
import re
import threading
from collections.abc import Mapping
from typing import Any, Literal

from agentbench.domain.errors import ValueRefused
from agentbench.domain.annotation import type_name
from agentbench.domain.renderer import Download, PageAsked
from agentbench.workbench.gathering import MOST_OF_ALL, MOST_TEXT
from agentbench.widgets import answers, requests
from agentbench.widgets.web_image import loaded_image, names_image
from agentbench.workbench.workbench import Workbench

SHOWN_BYTES = 2_000_000
"""A bundle larger than this is not sent; its text form is."""
SHOWN_TEXT = 40_000
"""Of a longer text the start is sent; the view asks for more."""
PART = 64_000
"""Bytes of a file in one message."""
HEX_PAGE, HEX_ROW = 256, 16
"""Bytes in one page, and in a row of it."""


class Exhibit:
    """A value with what it is called, and the hints that it is shown by."""

    def __init__(
        self,
        bench: Workbench,
        name: str,
        value: Any,
        hints: Mapping[str, Any] | None = None,
    ) -> None:
        self._bench, self.name, self.value = bench, name, value
        self.hints = dict(hints or {})
        self._reading = threading.Lock()
        self._pager: Any = None
        self._brancher: Any = None
        self._file: Download | None = None

    def bundle(self) -> answers.WireBundle:
        """The value as Jupyter would show it, within bounds."""
        shown = self._bench.render(self.value, self.hints)
        data, metadata = dict(shown.data), dict(shown.metadata)
        if len(json.dumps(data, default=str)) > SHOWN_BYTES:
            data = {"text/plain": str(data.get("text/plain", ""))[:20_000]}
            metadata = {}
        if self._length(data):
            data = {"text/plain": str(data["text/plain"])[:SHOWN_TEXT]}
        return answers.WireBundle(data=data, metadata=metadata)

    def wired(
        self,
        *,
        at: int,
        side: Literal["input", "output"] = "output",
        type_name: str = "",
        from_node: str = "",
        note: str = "",
    ) -> answers.InspectedValue:
        """The value as a view gets it: its bundle, and the first page of a table."""
        bundle = self.bundle()
        branch = None if note else self._root(bundle)
        if branch is not None:
            text = str(bundle.data.get("text/plain", ""))[:SHOWN_TEXT]
            bundle = answers.WireBundle(data={"text/plain": text}, metadata={})
        return answers.InspectedValue(
            port=self.name,
            side=side,
            type_name=type_name or _type_of(self.value),
            bundle=bundle,
            from_node=from_node,
            note=note,
            at=at,
            page=None if note else self._first_page(),
            length=self._length(bundle.data),
            branch=branch,
            raw=None if note else self._first_bytes(bundle.data),
            loads_image=not note and names_image(self.value, bundle.data),
        )

    def answered(self, request: Any) -> Any:
        """What a view asks of the value.

        Raises:
            ValueRefused: it is not to be had like that.
        """
        match request:
            case requests.TurnPage():
                return self._page(request)
            case requests.CopyValue():
                return answers.Copied(text=self._text())
            case requests.FetchValue():
                return self._part(request.part)
            case requests.AssignValue():
                given = assigned(request.name or free_name(self.name), self.value)
                return given.model_copy(update={"code": self._as_code(given.name)})
            case requests.ReadOn():
                is_bytes = isinstance(self.value, (bytes, bytearray))
                return (self._bytes if is_bytes else self._read_on)(request.start)
            case requests.OpenBranch():
                return self._branch(request.path, request.start)
            case requests.LoadImage():
                return loaded_image(self._bench, self.value)
        raise ValueRefused(f"A value knows nothing of {request.op!r}.")

    def _as_code(self, name: str) -> str:
        """What a cell holds that opens the value: Python as it is, else its name."""
        renderers = self._bench.renderers
        is_code = type(self.value) is str and len(self.value) <= SHOWN_TEXT
        if is_code and renderers.renderer_for(self.value, self.hints).name == "code":
            file = renderers.download(self.value, self.hints)
            if file is not None and file.filename.endswith(".py"):
                return str(self.value).rstrip("\n")
        return name

    # ---- tables ------------------------------------------------------------

    def _first_page(self) -> answers.WirePage | None:
        try:
            pager = self._paged()
            return None if pager is None else _wire_page(pager.page(PageAsked(rows=20)))
        except Exception:  # noqa: BLE001 - the bundle shows the table without pages
            return None

    def _page(self, request: requests.TurnPage) -> answers.WirePage:
        pager = self._paged()
        if pager is None:
            raise ValueRefused(f"{self.name} is no table.")
        asked = {name: getattr(request, name) for name in PageAsked.__dataclass_fields__}
        try:
            with self._reading:
                return _wire_page(pager.page(PageAsked(**asked)))
        except ValueRefused:
            raise
        except Exception as error:
            raise ValueRefused(f"The table cannot be shown like that: {error}") from error

    def _paged(self) -> Any:
        if self._pager is None:
            self._pager = self._bench.renderers.pager(self.value, self.hints)
        return self._pager

    # ---- trees -------------------------------------------------------------

    def _root(self, bundle: answers.WireBundle) -> answers.WireBranch | None:
        """The root of a tree of which the bundle holds only a part."""
        if "application/json" not in bundle.data:
            return None
        try:
            self._brancher = self._bench.renderers.brancher(self.value, self.hints)
            return None if self._brancher is None else _wire_branch(self._brancher.branch(()))
        except Exception:  # noqa: BLE001 - the bundle shows what it has
            return None

    def _branch(self, path: list[int], start: int) -> answers.WireBranch:
        if self._brancher is None:
            self._brancher = self._bench.renderers.brancher(self.value, self.hints)
        if self._brancher is None:
            raise ValueRefused(f"{self.name} is no tree that is opened branch by branch.")
        try:
            with self._reading:
                return _wire_branch(self._brancher.branch(path, start))
        except Exception as error:
            raise ValueRefused(
                f"This branch of {self.name} is not there any more: the value has changed."
                " Run the cell again."
            ) from error

    # ---- bytes -------------------------------------------------------------

    def _first_bytes(self, data: Mapping[str, Any]) -> answers.BytesPart | None:
        """The first bytes of what is shown as nothing else."""
        is_bare = set(data) == {"text/plain"} and len(_raw(self.value)) > 0
        return self._bytes(0) if is_bare else None

    def _bytes(self, start: int) -> answers.BytesPart:
        held = _raw(self.value)
        if not held:
            raise ValueRefused(f"{self.name} has no bytes to be read.")
        first = max(0, min(start, len(held) - 1)) // HEX_ROW * HEX_ROW
        data = base64.b64encode(held[first : first + HEX_PAGE]).decode("ascii")
        return answers.BytesPart(data=data, start=first, total=len(held))

    # ---- texts -------------------------------------------------------------

    def _length(self, data: Mapping[str, Any]) -> int:
        """How long a text is of which only the start is sent; else 0."""
        is_text = type(self.value) is str and len(self.value) > SHOWN_TEXT
        return len(self.value) if is_text and set(data) == {"text/plain"} else 0

    def _read_on(self, start: int) -> answers.TextPart:
        if type(self.value) is not str:
            raise ValueRefused(f"{self.name} is no text.")
        text = self.value[max(start, 0) : max(start, 0) + SHOWN_TEXT]
        safe = text.encode("utf-8", "replace").decode()
        return answers.TextPart(text=safe, start=start, total=len(self.value))

    def _text(self) -> str:
        size = len(self.value) if isinstance(self.value, (str, bytes, bytearray)) else 0
        text = None if size > MOST_TEXT else self._bench.renderers.copy(self.value, self.hints)
        if text is None or len(text) > MOST_TEXT:
            message = f"{self.name} is too much for the clipboard, or no text. Download it instead."
            raise ValueRefused(message)
        return str(text)

    # ---- files -------------------------------------------------------------

    def _part(self, part: int) -> answers.FilePart:
        with self._reading:
            if part == 0 or self._file is None:
                self._file = self._bench.renderers.download(self.value, self.hints)
            found = part_of(self._file, part, self.name)
            if part + 1 >= found.parts:
                self._file = None
            return found


def part_of(file: Download | None, part: int, name: str) -> answers.FilePart:
    """One part of a file, in base64.

    Raises:
        ValueRefused: the value is no file, or too large a one.
    """
    if file is None:
        raise ValueRefused(f"{name} cannot be made a file. Give it a name, and write it.")
    size = len(file.content)
    if size > MOST_OF_ALL:
        message = (
            f"{name} has {size:,} bytes, too many to go through the page. Give it a name"
            " instead, and write it to a file in a cell."
        )
        raise ValueRefused(message)
    content = file.content[part * PART : (part + 1) * PART]
    return answers.FilePart(
        filename=file.filename,
        mime=file.mime,
        parts=max(1, -(-size // PART)),
        data=base64.b64encode(content).decode("ascii"),
    )


def assigned(name: str, value: Any) -> answers.Assigned:
    """Gives a value a name in the notebook.

    Raises:
        ValueRefused: it is no name, or there is no notebook.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueRefused(f"{name!r} is no name of a variable; try one like `result`.")
    if shell is None:
        raise ValueRefused("There is no notebook here whose variable it could be.")
    shell.user_ns[name] = value
    return answers.Assigned(name=name, code=name)


def free_name(words: str) -> str:
    """A name made of these words that no variable has yet."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    taken = shell.user_ns if shell is not None else {}
    base = re.sub(r"\W+", "_", words.lower()).strip("_") or "value"
    base = f"_{base}" if base[0].isdigit() or keyword.iskeyword(base) else base
    names = (f"{base}_{number}" if number > 1 else base for number in itertools.count(1))
    return next(name for name in names if name not in taken)


def _raw(value: Any) -> bytes | bytearray:
    return value if isinstance(value, (bytes, bytearray)) else b""


def _wire_branch(branch: Any) -> answers.WireBranch:
    members = [answers.WireMember(**vars(member)) for member in branch.members]
    return answers.WireBranch(**{**vars(branch), "members": members})


def _wire_page(page: Any) -> answers.WirePage:
    return answers.WirePage(**{name: getattr(page, name) for name in page.__dataclass_fields__})


def _type_of(value: Any) -> str:
    try:
        return type_name(type(value))
    except Exception:  # noqa: BLE001 - a class may be anything
        return "value"
