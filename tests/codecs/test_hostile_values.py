"""T25: values that mean harm come back equal, or are refused where they were made.

Nothing of theirs is called: no `__reduce__`, no `__repr__`, no `__eq__`.
"""

import collections
import math
import pathlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import CodecError
from agentbench.domain.store import Store
from agentbench.stores import BACKENDS
from tests.codecs.samples import same_plain
from tests.stores.places import make_store, place

ALL = Codecs(CODECS)


class Mine:
    """Goes off when it is touched."""

    def _go_off(self, *args: object) -> Any:
        raise AssertionError("a method of the value was called")

    __repr__ = __str__ = __eq__ = __hash__ = __reduce__ = __reduce_ex__ = _go_off  # type: ignore[assignment]
    __len__ = __iter__ = __bool__ = __bytes__ = __getstate__ = __array__ = _go_off  # type: ignore[assignment]
    _repr_html_ = _repr_mimebundle_ = __arrow_c_stream__ = __dataframe__ = _go_off


class LoudText(str):
    __slots__ = ()
    __repr__ = __str__ = __eq__ = __hash__ = Mine._go_off  # type: ignore[assignment]


class LoudDict(dict[str, int]):
    __getitem__ = __iter__ = keys = items = Mine._go_off  # type: ignore[assignment]


class LoudBytes(bytes):
    __len__ = __eq__ = __reduce__ = __hash__ = Mine._go_off  # type: ignore[assignment]


def cycle() -> Any:
    value: list[Any] = [1]
    value.append({"again": value})
    return value


def deep() -> Any:
    value: Any = 0
    for _ in range(10_000):
        value = {"k": [value]}
    return value


def a_frame_of(item: object) -> pd.DataFrame:
    column = np.empty(2, dtype=object)
    column[0] = item
    return pd.DataFrame({"fine": [1, 2], "odd": column})


def an_array_of(item: object) -> Any:
    array = np.empty(1, dtype=object)
    array[0] = item
    return array


REFUSED: dict[str, Callable[[], Any]] = {
    "a cycle": cycle,
    "10,000 deep": deep,
    "half a character": lambda: ["fine", {"k": "\ud800"}],
    "half a character as key": lambda: {"a": {"\udfff": 1}},
    "an object": lambda: [Mine()],
    "an object as value": lambda: {"k": (1, {"l": Mine()})},
    "a lock": lambda: [threading.Lock()],
    "a socket": lambda: [socket.socket],
    "an open file": lambda: {"f": open},
    "a class": lambda: [Mine],
    "a module": lambda: [math],
    "a function": lambda: [cycle],
    "a generator": lambda: [(n for n in range(3))],
    "an exception": lambda: [ValueError("x")],
    "a path": lambda: [pathlib.PurePosixPath("/etc/passwd")],
    "a text of its own kind": lambda: [LoudText("x")],
    "a dict of its own kind": lambda: [LoudDict(a=1)],
    "bytes of their own kind": lambda: [LoudBytes(b"x")],
    "a deque": lambda: [collections.deque([1])],
    "a mapping proxy": lambda: [type.__dict__["__dict__"]],
    "an array of objects": lambda: [an_array_of(Mine())],
    "a frame of objects": lambda: [a_frame_of(Mine())],
    "a long double": lambda: [np.longdouble(1)],
}
"""Each stands inside of something plain, so that there is a path to tell."""

KEPT: dict[str, Any] = {
    "not a number": [math.nan, math.inf, -math.inf, -0.0],
    "a very large number": [10**5000, -(10**5000)],
    "a number above 64 bits": {"n": 2**64, "m": -(2**63) - 1},
    "sets": [{1, "a"}, frozenset({(1, 2)})],
    "NumPy numbers": [np.float32(0.1), np.uint64(2**64 - 1), np.str_("é")],
    "a zero character": ["a\0b", {"\0": 1}],
    "odd keys": {1: "a", None: "b", (1, 2): "c"},
    "a reference": {"$ref": "#/definitions/secret"},
    "our own tags": [{"$bytes": "AA=="}, {"$value": ["bytes", "AA=="]}, {"$x": 1}],
    "our own stored value": {"form": "stored", "codec": "bytes", "blob": "0" * 64},
    "our own live value": {"form": "live", "type": "socket"},
    "pickle as bytes": b"cos\nsystem\n(S'exit 1'\ntR.",
    "pickle by name": {"py/object": "os.system", "__reduce__": ["os.system", "ls"]},
    "a LangChain object": {"lc": 1, "type": "constructor", "id": ["os", "system"]},
    "bidi and escapes": "\u202e\x1b[31m\u2066</script>",
    "a template": "{{ config.__class__ }} ${jndi:ldap://x} %(x)s {0.__class__}",
    "a hundred thousand": list(range(100_000)),
    "200 deep": [[[[[[[[[[1]]]]]]]]]],
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_t25_what_cannot_be_kept_is_refused_with_its_path(name: str) -> None:
    with pytest.raises(CodecError) as caught:
        ALL.encode(REFUSED[name]())
    assert "[" in str(caught.value) or "frame" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("make", [Mine, threading.Lock, lambda: Mine, lambda: math])
def test_t25_what_no_codec_knows_is_left_alone(make: Callable[[], Any]) -> None:
    assert ALL.encode(make()) is None


@pytest.fixture(params=sorted(BACKENDS))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    store = make_store(place(request, request.param))
    yield store
    store.close()


def test_t25_what_can_be_kept_comes_back_equal_from_every_store(store: Store) -> None:
    for name, value in KEPT.items():
        codec, data = ALL.encode(value) or ("", b"")
        again = ALL.decode(codec, store.get_blob(store.put_blob(data)))
        assert same_plain(value, again), name


def test_t25_an_event_that_holds_such_a_value_comes_back_as_data(store: Store) -> None:
    """What looks like a reference inside of a value is never followed."""
    from agentbench.domain.event import ValueEmitted
    from agentbench.domain.value import InlineValue
    from tests.stores.samples import record

    names = [
        "our own stored value",
        "our own live value",
        "a reference",
        "our own tags",
    ]
    store.create_run(record()).result()
    events = [
        ValueEmitted(
            seq=seq, at=1, node="n", firing=1, port="p", value=InlineValue(KEPT[name])
        )
        for seq, name in enumerate(names, 1)
    ]
    store.append("run-1", events, fence=0).result()
    assert store.events("run-1") == events
