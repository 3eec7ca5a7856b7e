"""The registry: who is asked, what happens when one fails, and how much comes out."""

import base64
from typing import Any

import pytest

from agentbench.domain.errors import DuplicateName
from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, Declined
from agentbench.renderers.function import FunctionRenderer
from agentbench.renderers.registry import Renderers
from tests.renderers.values import Html, new_renderers


class Thing:
    def __repr__(self) -> str:
        return "<thing>"


class Answering(BaseRenderer):
    """Shows a `Thing` as it was told to."""

    def __init__(self, name: str, priority: int, answer: Any) -> None:
        self.name, self.priority, self.answer = name, priority, answer

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, Thing)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]


def _text(text: str) -> MimeBundle:
    return MimeBundle({"text/plain": text})


def test_the_highest_priority_is_asked_first() -> None:
    low, high = Answering("low", 1, _text("low")), Answering("high", 2, _text("high"))
    renderers = Renderers([low, high])
    assert renderers.renderer_for(Thing()) is high
    assert renderers.render(Thing()).data == {"text/plain": "high"}


def test_of_equals_the_newest_is_asked_first() -> None:
    renderers = Renderers([Answering("old", 1, _text("old"))])
    renderers.register(Answering("new", 1, _text("new")))
    assert renderers.render(Thing()).data["text/plain"] == "new"


def test_a_taken_name_is_refused_unless_it_is_to_be_replaced() -> None:
    renderers = Renderers([Answering("mine", 1, _text("first"))])
    with pytest.raises(DuplicateName):
        renderers.register(Answering("mine", 1, _text("second")))
    renderers.register(Answering("mine", 1, _text("second")), replace=True)
    assert renderers.render(Thing()).data["text/plain"] == "second"


def test_what_is_no_renderer_is_refused() -> None:
    with pytest.raises(TypeError, match="is no renderer"):
        Renderers().register(object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        RuntimeError("broken"),
        None,
        "text",
        MimeBundle({}),
        MimeBundle({"no type": "x"}),
        MimeBundle({"text/plain": 3}),
        MimeBundle({3: "x"}),  # type: ignore[dict-item]
    ],
)
def test_nonsense_falls_through_and_is_noted(answer: Any) -> None:
    good = Answering("good", 1, _text("shown"))
    renderers = Renderers([good, Answering("bad", 2, answer)])
    assert renderers.render(Thing()).data == {"text/plain": "shown"}
    assert [fault.renderer for fault in renderers.faults] == ["bad"]
    assert "bad" in str(renderers.faults[0])


def test_a_renderer_that_declines_is_passed_over_without_a_fault() -> None:
    renderers = Renderers([Answering("shy", 2, Declined())])
    assert renderers.render(Thing()).data == {"text/plain": "<thing>"}
    assert renderers.faults == []


def test_the_same_fault_is_noted_once_and_listed() -> None:
    renderers = Renderers([Answering("bad", 2, RuntimeError("broken"))])
    for _ in range(3):
        renderers.render(Thing())
    assert [(row.name, row.faults) for row in renderers.listing()] == [
        ("bad", 1),
        ("plain", 0),
    ]


def test_a_bundle_without_text_gets_one() -> None:
    renderers = Renderers([Answering("html", 1, MimeBundle({"text/html": "<b>"}))])
    assert renderers.render(Thing()).data["text/plain"] == "<thing>"


def test_what_is_too_heavy_is_left_out_and_said() -> None:
    data = {"text/plain": "thing", "text/html": "h" * 5_000, "image/png": b"p" * 20}
    renderers = Renderers([Answering("fat", 1, MimeBundle(data))], max_bytes=2_000)
    shown = renderers.render(Thing()).data
    assert set(shown) == {"text/plain", "image/png"}
    assert shown["text/plain"] == "thing\n(text/html left out: 5,000 bytes)"


def test_text_that_is_too_long_says_how_much_is_cut() -> None:
    renderers = Renderers([Answering("a", 1, _text("é" * 3_000))], max_bytes=1_000)
    text = renderers.render(Thing()).data["text/plain"]
    assert len(text.encode()) <= 1_000
    shown = text.count("é")
    assert text.endswith(f"… {3_000 - shown:,} more characters")


def test_bytes_travel_as_base64_and_nan_as_text() -> None:
    data = {"text/plain": "t", "image/png": b"\x89", "application/json": [float("nan")]}
    renderers = Renderers([Answering("a", 1, MimeBundle(data))])
    shown = renderers.render(Thing()).data
    assert shown["image/png"] == base64.b64encode(b"\x89").decode()
    assert shown["application/json"] == ["nan"]


def test_a_preview_of_a_stranger_keeps_no_html() -> None:
    preview = new_renderers().preview(Html()).data
    assert set(preview) == {"text/plain"}


def test_hints_reach_the_renderer() -> None:
    shown = new_renderers().render("x = 1", {"language": "python"}).data
    assert shown["text/markdown"] == "```python\nx = 1\n```"


# ---- renderers made of functions -------------------------------------------------


def _shown(function: Any, value: Any = None, *types: Any) -> dict[str, Any]:
    renderers = new_renderers()
    renderers.register(FunctionRenderer(function, types or (Thing,)))
    return renderers.render(Thing() if value is None else value).data


def test_a_function_may_return_html() -> None:
    assert _shown(lambda thing: "<b>thing</b>") == {
        "text/html": "<b>thing</b>",
        "text/plain": "<thing>",
    }


def test_a_function_may_return_text() -> None:
    assert _shown(lambda thing: "a < b") == {"text/plain": "a < b"}


def test_a_function_may_return_a_dictionary_by_mime_type() -> None:
    shown = _shown(lambda thing: {"application/json": {"a": 1}})
    assert shown == {"application/json": {"a": 1}, "text/plain": "<thing>"}


def test_a_function_may_return_another_object_to_show() -> None:
    assert _shown(lambda thing: [1, 2])["application/json"] == [1, 2]


def test_a_function_that_returns_none_leaves_it_to_the_next() -> None:
    assert _shown(lambda thing: None) == {"text/plain": "<thing>"}


def test_a_function_that_returns_its_own_kind_does_not_turn_in_circles() -> None:
    assert _shown(lambda thing: Thing()) == {"text/plain": "<thing>"}


def test_a_class_may_be_given_by_its_dotted_name() -> None:
    shown = _shown(
        lambda d: "a fraction",
        __import__("fractions").Fraction(1, 2),
        "fractions.Fraction",
    )
    assert shown == {"text/plain": "a fraction"}


def test_a_function_names_and_describes_its_renderer() -> None:
    def show_thing(thing: Thing) -> str:
        """Shows a thing."""
        return ""

    row = Renderers([FunctionRenderer(show_thing, [Thing])]).listing()[0]
    assert (row.name, row.priority, row.shows) == ("show_thing", 100, "Shows a thing.")


def test_a_preview_says_what_a_display_object_says_and_not_its_class():
    from IPython.display import HTML, Markdown

    from agentbench.renderers import BUILTIN_RENDERERS
    from agentbench.renderers.registry import Renderers

    renderers = Renderers(renderer() for renderer in BUILTIN_RENDERERS)
    shown = renderers.preview(
        HTML("<h1>Hello</h1><script>bad()</script><p>you &amp; me")
    )
    assert shown.data["text/plain"] == "Hello you & me"
    assert renderers.preview(Markdown("**bold**")).data["text/plain"] == "**bold**"
