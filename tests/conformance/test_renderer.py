"""The promises of a renderer, and of all of them together, over values of every kind."""

import json
from typing import Any, NamedTuple

import pytest

from agentbench.domain.renderer import Download, MimeBundle
from agentbench.renderers import BUILTIN_RENDERERS
from agentbench.renderers.base import Declined
from agentbench.renderers.registry import MAX_BYTES, PREVIEW_BYTES, PREVIEW_MIMES
from tests.renderers.values import VALUES, new_renderers

RENDERERS = new_renderers()
FRIENDLY = sorted(name for name in VALUES if "bad" not in name and "raises" not in name)


class Shown(NamedTuple):
    """A value with its bundle and its preview, made once for all promises."""

    value: Any
    bundle: MimeBundle
    preview: MimeBundle


@pytest.fixture(scope="module", params=VALUES)
def shown(request: pytest.FixtureRequest) -> Shown:
    value = VALUES[request.param]()
    return Shown(value, RENDERERS.render(value), RENDERERS.preview(value))


def _sent(bundle: MimeBundle) -> int:
    """How much goes over the wire; fails for what cannot."""
    return len(json.dumps(bundle.data, allow_nan=False, ensure_ascii=False).encode())


def _weight(bundle: MimeBundle) -> int:
    parts = (d if isinstance(d, str) else json.dumps(d) for d in bundle.data.values())
    return sum(len(part.encode()) for part in parts)


def test_every_value_has_a_text_form(shown: Shown) -> None:
    text = shown.bundle.data["text/plain"]
    assert isinstance(text, str)
    assert " at 0x" not in text


def test_every_bundle_can_be_sent_and_is_bounded(shown: Shown) -> None:
    assert _sent(shown.bundle) > 0
    assert _weight(shown.bundle) <= MAX_BYTES


def test_every_value_renders_the_same_twice(shown: Shown) -> None:
    assert RENDERERS.render(shown.value) == shown.bundle


def test_every_preview_is_small_and_without_scripts(shown: Shown) -> None:
    preview = shown.preview
    assert _sent(preview) > 0
    assert _weight(preview) <= PREVIEW_BYTES
    assert set(preview.data) <= set(PREVIEW_MIMES)
    assert "<script" not in str(preview.data.get("text/html"))


def test_every_preview_is_the_same_twice(shown: Shown) -> None:
    assert RENDERERS.preview(shown.value) == shown.preview


def test_copying_and_downloading_never_raise(shown: Shown) -> None:
    assert isinstance(RENDERERS.copy(shown.value), str | None)
    download = RENDERERS.download(shown.value)
    assert download is None or isinstance(download, Download)
    assert download is None or (download.filename and download.mime)


@pytest.mark.parametrize("name", FRIENDLY)
def test_whoever_claims_a_friendly_value_shows_it_or_declines(name: str) -> None:
    value = VALUES[name]()
    for renderer in (make() for make in BUILTIN_RENDERERS):
        if renderer.can_render(value, {}):
            try:
                bundle = renderer.render(value, {})
            except Declined:
                continue
            assert isinstance(bundle.data["text/plain"], str), renderer.name


@pytest.mark.parametrize("make", BUILTIN_RENDERERS)
def test_a_renderer_says_who_it_is(make: Any) -> None:
    renderer = make()
    assert renderer.name
    assert isinstance(renderer.priority, int)
    assert (make.__doc__ or "").startswith("Shows ")


def test_the_list_is_in_the_order_in_which_they_are_asked() -> None:
    asked = [type(renderer) for renderer in RENDERERS]
    assert asked[:-1] == list(BUILTIN_RENDERERS)


def test_nothing_friendly_leaves_a_fault() -> None:
    renderers = new_renderers()
    for name in ("text", "list", "frame", "graph", "run", "model", "exception"):
        renderers.render(VALUES[name]())
        renderers.preview(VALUES[name]())
    assert renderers.faults == []
