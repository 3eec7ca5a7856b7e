"""Objects that show themselves."""

from typing import Any

from tests.renderers.values import AnswersAll, BadHtml, new_renderers


class Rich:
    def __repr__(self) -> str:
        return "rich"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return {"text/html": "<b>1</b>"}, {"text/html": {"isolated": True}}

    def _repr_html_(self) -> str:
        return "<i>never asked</i>"

    def _repr_latex_(self) -> str:
        return "$x$"

    def _repr_png_(self) -> None:
        return None


def test_every_form_an_object_has_is_in_the_bundle() -> None:
    bundle = new_renderers().render(Rich())
    assert bundle.data == {
        "text/html": "<b>1</b>",
        "text/latex": "$x$",
        "text/plain": "rich",
    }
    assert bundle.metadata == {"text/html": {"isolated": True}}


def test_an_object_that_answers_to_every_name_shows_nothing_of_itself() -> None:
    renderers = new_renderers()
    assert renderers.renderer_for(AnswersAll()).name == "plain"


def test_a_class_is_not_asked_for_what_its_objects_show() -> None:
    assert new_renderers().renderer_for(Rich).name == "plain"


def test_a_method_that_raises_is_a_fault_and_the_text_remains() -> None:
    renderers = new_renderers()
    shown = renderers.render(BadHtml()).data
    assert set(shown) == {"text/plain"}
    assert "no html" in str(renderers.faults[0])
