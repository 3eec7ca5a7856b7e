"""Dictionaries, lists and models: as a tree, and as text."""

import datetime
import json
from typing import Any

from tests.renderers.values import Account, BadRepr, Person, new_renderers

RENDERERS = new_renderers()


def _text(value: Any) -> str:
    return str(RENDERERS.render(value).data["text/plain"])


def _tree(value: Any) -> Any:
    return RENDERERS.render(value).data["application/json"]


def test_a_small_tree_is_one_line_of_text() -> None:
    assert (
        _text({"a": [1, 2.5, None], "b": ("x",)})
        == "{'a': [1, 2.5, None], 'b': ('x',)}"
    )


def test_a_larger_tree_is_indented_and_its_numbers_share_lines() -> None:
    text = _text({"name": "x" * 60, "numbers": list(range(40))})
    assert text.splitlines()[0] == "{"
    assert f"  'name': '{'x' * 60}'," in text.splitlines()
    assert len(text.splitlines()) < 10


def test_what_is_left_out_is_counted() -> None:
    assert "… 900 more" in _text(list(range(1_000)))
    assert _tree(list(range(1_000)))[-1] == "… 500 more"
    assert _tree({n: n for n in range(600)})["…"] == "100 more"


def test_a_list_inside_itself_ends() -> None:
    held: list[Any] = [1]
    held.append(held)
    assert _text(held) == "[1, […]]"
    assert _tree(held) == [1, "… a part of itself"]


def test_a_deep_nest_is_cut() -> None:
    held: Any = 1
    for _ in range(3_000):
        held = [held]
    assert "… 1 item not shown" in json.dumps(_tree(held), ensure_ascii=False)


def test_sets_are_in_order() -> None:
    assert _text({"c", "a", "b"}) == "{'a', 'b', 'c'}"
    assert _tree({"c", "a", "b"}) == ["a", "b", "c"]


def test_what_json_cannot_say_is_said_in_words() -> None:
    tree = _tree({"n": float("nan"), "d": datetime.date(2024, 1, 2), 3: 2**60})
    assert tree == {"n": "nan", "d": "2024-01-02", "3": str(2**60)}


def test_one_bad_item_does_not_spoil_the_rest() -> None:
    assert _text([1, BadRepr()]) == "[1, <BadRepr that cannot be shown: RuntimeError>]"


def test_text_is_a_tree_when_a_hint_calls_it_json() -> None:
    assert RENDERERS.render("[1]", {"mime": "application/json"}).data[
        "application/json"
    ] == [1]
    assert RENDERERS.render("[1]").data == {"text/plain": "[1]"}


def test_a_preview_counts_and_shows_the_first() -> None:
    preview = RENDERERS.preview({f"key {n}": "v" * 30 for n in range(9)}).data
    lines = preview["text/plain"].split("\n")
    assert lines[0] == "9 keys"
    assert lines[1].startswith("'key 0': 'vvv")
    assert lines[-1] == "… 5 more"


def test_copying_gives_the_whole_as_json() -> None:
    copied = RENDERERS.copy({"a": list(range(1_000))})
    assert json.loads(copied or "") == {"a": list(range(1_000))}


def test_a_dataclass_shows_its_type_and_what_its_repr_shows() -> None:
    assert _text(Account("ada")) == "Account(name='ada')"
    assert _tree(Account("ada")) == {"type": "Account", "fields": {"name": "ada"}}
    assert "hunter2" not in str(RENDERERS.copy(Account("ada")))


def test_a_model_shows_its_fields_and_no_secret() -> None:
    person = Person(name="Ada", born=datetime.date(1815, 12, 10))
    shown = RENDERERS.render({"who": person}).data
    assert shown["application/json"]["who"]["born"] == "1815-12-10"
    assert "1234" not in str(shown)
    assert "1234" not in str(RENDERERS.copy(person))
