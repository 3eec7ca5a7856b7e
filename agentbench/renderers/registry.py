"""Renderers: asks every renderer in turn, and always has an answer of bounded size."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from agentbench.domain.registry import Registry
from agentbench.domain.renderer import (
    Brancher,
    Download,
    Hints,
    MimeBundle,
    Pager,
    Renderer,
)
from agentbench.renderers.base import (
    Declined,
    Instead,
    JsonForm,
    PlainRenderer,
    clean,
    count,
    cut,
    first_lines,
    fit,
    plain,
    stable,
    words,
)

MAX_BYTES = 1_000_000
"""What a bundle may weigh, all its types together."""
PREVIEW_BYTES = 20_000
"""What a preview may weigh."""
PREVIEW_MIMES = ("text/plain", "text/html", "image/png", "image/jpeg", "image/svg+xml")

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Fault:
    """A renderer that did not do what it promises, and how."""

    renderer: str
    step: str
    reason: str

    def __str__(self) -> str:
        return f"The renderer {self.renderer!r} failed to {self.step}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A renderer as `%agent renderers` lists it."""

    name: str
    priority: int
    shows: str
    faults: int = 0


class Renderers:
    """The renderers of a workbench, highest priority first; of equals the newest first.

    `render` and `preview` never raise: where a renderer does, or gives what is no
    bundle, it is noted in `faults` and the next one is asked; the last answer is
    plain text.
    """

    def __init__(
        self, renderers: Iterable[Renderer] = (), *, max_bytes: int = MAX_BYTES
    ) -> None:
        self.max_bytes = max_bytes
        self.faults: list[Fault] = []
        self._last = PlainRenderer()
        self._registry: Registry[Renderer] = Registry("renderer", lambda r: r.name)
        for renderer in renderers:
            self.register(renderer)

    def register(self, renderer: Renderer, *, replace: bool = False) -> Renderer:
        """Adds a renderer and returns it.

        Raises:
            DuplicateName: the name is taken and `replace` is false.
            TypeError: it is no renderer.
        """
        for part in ("can_render", "render", "copy", "download"):
            if not callable(getattr(renderer, part, None)):
                raise TypeError(f"{renderer!r} is no renderer: it has no {part}().")
        priority: Any = renderer.priority
        if not isinstance(priority, int) or not renderer.name:
            raise TypeError(f"{renderer!r} is no renderer: it needs name and priority.")
        return self._registry.register(renderer, replace=replace)

    def __iter__(self) -> Iterator[Renderer]:
        newest_first = reversed(list(self._registry))
        yield from sorted(newest_first, key=lambda r: -r.priority)
        yield self._last

    def renderer_for(self, value: Any, hints: Hints | None = None) -> Renderer:
        """The first renderer that says it shows the value."""
        return next(self._willing(value, hints or {}))

    def render(self, value: Any, hints: Hints | None = None) -> MimeBundle:
        """The value as a MIME bundle of at most `max_bytes`, `text/plain` in it."""

        def rendered(renderer: Renderer, value: Any, hints: Hints) -> MimeBundle:
            return _checked(renderer.render(value, hints), value)

        bundle = self._ask(value, hints, "render", rendered)
        return bounded(bundle or _last_resort(value), self.max_bytes)

    def preview(self, value: Any, hints: Hints | None = None) -> MimeBundle:
        """The value small enough for a node's card: below 20 kB, and without scripts."""

        def previewed(renderer: Renderer, value: Any, hints: Hints) -> MimeBundle:
            own = getattr(renderer, "preview", None)
            if callable(own):
                return _checked(own(value, hints), value)
            return _shrunk(_checked(renderer.render(value, hints), value))

        bundle = self._ask(value, hints, "preview", previewed)
        kept = {
            mime: data
            for mime, data in (bundle or _last_resort(value)).data.items()
            if mime in PREVIEW_MIMES and "<script" not in str(data).lower()
        }
        kept.setdefault("text/plain", "")
        return bounded(MimeBundle(kept), PREVIEW_BYTES)

    def copy(self, value: Any, hints: Hints | None = None) -> str | None:
        """The value as text for the clipboard, or None."""
        text = self._ask(value, hints, "copy", lambda r, v, hints: r.copy(v, hints))
        return None if text is None else clean(text)

    def download(self, value: Any, hints: Hints | None = None) -> Download | None:
        """The value as a file, or None."""
        return self._ask(
            value, hints, "download", lambda r, v, hints: r.download(v, hints)
        )

    def pager(self, value: Any, hints: Hints | None = None) -> Pager | None:
        """The value page by page where it is a table, or None."""

        def paged(renderer: Renderer, value: Any, hints: Hints) -> Pager | None:
            own = getattr(renderer, "pager", None)
            return own(value, hints) if callable(own) else None

        return self._ask(value, hints, "page", paged)

    def brancher(self, value: Any, hints: Hints | None = None) -> Brancher | None:
        """The value branch by branch where it is a tree too large to be sent, or None."""

        def opened(renderer: Renderer, value: Any, hints: Hints) -> Brancher | None:
            own = getattr(renderer, "brancher", None)
            return own(value, hints) if callable(own) else None

        return self._ask(value, hints, "open", opened)

    def joins(self, value: Any, hints: Hints | None = None) -> bool:
        """Whether the value is a text that can stand in one with others."""
        found = self._ask(value, hints, "join", lambda r, v, h: _joins(r, v))
        return bool(found)

    def listing(self) -> list[Listed]:
        """Every renderer in the order in which they are asked."""
        return [
            Listed(
                name=renderer.name,
                priority=renderer.priority,
                shows=_summary(renderer),
                faults=sum(f.renderer == renderer.name for f in self.faults),
            )
            for renderer in self
        ]

    def _willing(self, value: Any, hints: Hints) -> Iterator[Renderer]:
        wanted = hints.get("renderer")
        asked = sorted(self, key=lambda r: r.name != wanted) if wanted else self
        for renderer in asked:
            try:
                if renderer.can_render(value, hints):
                    yield renderer
            except Exception as error:  # noqa: BLE001 - a stranger's code
                self._note(renderer, "look at a value", error)

    def _ask(
        self,
        value: Any,
        hints: Hints | None,
        step: str,
        question: Callable[[Renderer, Any, Hints], Answer],
        depth: int = 3,
    ) -> Answer | None:
        for renderer in self._willing(value, hints or {}):
            try:
                return question(renderer, value, hints or {})
            except Declined:
                continue
            except Instead as other:
                if depth and type(other.value) is not type(value):
                    return self._ask(
                        other.value, other.hints, step, question, depth - 1
                    )
            except Exception as error:  # noqa: BLE001 - a stranger's code
                self._note(renderer, f"{step} {_a(value)}", error)
        return None

    def _note(self, renderer: Renderer, step: str, error: Exception) -> None:
        said = fit(stable(plain(str(error), 400)), 300)
        fault = Fault(renderer.name, step, f"{type(error).__name__}: {said}")
        if fault not in self.faults:
            self.faults = [*self.faults[-99:], fault]


def bounded(bundle: MimeBundle, max_bytes: int) -> MimeBundle:
    """The bundle without its heaviest types, and at last its text cut, until it fits.

    The text says what is left out.
    """
    data = dict(bundle.data)
    weights = {mime: _weight(held) for mime, held in data.items()}
    notes = ""
    room = max_bytes - 80 * len(data)
    while sum(weights.values()) > room and len(data) > 1:
        heaviest = max((m for m in data if m != "text/plain"), key=weights.__getitem__)
        del data[heaviest]
        notes += f"\n({heaviest} left out: {count(weights.pop(heaviest), 'byte')})"
    text = data["text/plain"]
    if sum(weights.values()) > room:
        text = _cut_bytes(text, max(room, 0))
    data["text/plain"] = text + (notes if max_bytes > 400 else "")
    kept = {k: held for k, held in bundle.metadata.items() if k in data or "/" not in k}
    return MimeBundle(data, kept)


def _cut_bytes(text: str, room: int) -> str:
    """As much of the text as `room` bytes hold, and how much is missing."""
    start = text.encode()[:room].decode(errors="ignore")
    return f"{start}\n… {len(text) - len(start):,} more characters"


def _joins(renderer: Renderer, value: Any) -> bool:
    is_binary = isinstance(value, (bytes, bytearray))
    return bool(getattr(renderer, "joins", False)) and not is_binary


def _weight(held: Any) -> int:
    if isinstance(held, str):
        return len(held) if held.isascii() else len(held.encode("utf-8", "replace"))
    return len(json.dumps(held))


def _checked(bundle: Any, value: Any) -> MimeBundle:
    """A bundle of which every part can be sent, with its text form."""
    if not isinstance(bundle, MimeBundle) or not isinstance(bundle.data, dict):
        raise TypeError(f"it gave {_a(bundle)}, not a MimeBundle.")
    data: dict[str, Any] = {}
    given: dict[Any, Any] = bundle.data
    for mime, held in given.items():
        if not isinstance(mime, str) or "/" not in mime:
            raise TypeError(f"it gave {fit(plain(mime, 80), 40)} as a MIME type.")
        data[mime] = _sendable(mime, held)
    if not data:
        raise TypeError("it gave an empty bundle.")
    if "text/plain" not in data:
        data["text/plain"] = plain(value)
    return MimeBundle(data, JsonForm().of(bundle.metadata))


def _sendable(mime: str, held: Any) -> Any:
    if isinstance(held, (bytes, bytearray)):
        is_text = mime.startswith("text/") or mime.endswith("xml")
        encoded = held if is_text else base64.b64encode(held)
        return clean(encoded.decode("utf-8", "replace"))
    if isinstance(held, str):
        return cut(held, 20 * MAX_BYTES)
    if mime.startswith("text/"):
        raise TypeError(f"it gave {_a(held)} as {mime}.")
    try:
        json.dumps(held, allow_nan=False)
    except (TypeError, ValueError):
        return JsonForm().of(held)
    return held


def _shrunk(bundle: MimeBundle) -> MimeBundle:
    """A preview made of a whole bundle: HTML of strangers is left out."""
    data = {m: held for m, held in bundle.data.items() if m.startswith("image/")}
    return MimeBundle({**data, "text/plain": first_lines(words(bundle))})


def _last_resort(value: Any) -> MimeBundle:
    return MimeBundle({"text/plain": plain(value)})


def _a(value: Any) -> str:
    name = fit(type(value).__name__, 60)
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _summary(renderer: Renderer) -> str:
    said = getattr(renderer, "shows", None) or type(renderer).__doc__ or ""
    return str(said).strip().partition("\n")[0]
