"""The version of a function: a hash that changes when what it does may have changed."""

import hashlib
import re
import types
from collections.abc import Callable, Iterator
from typing import Any

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_PLAIN = (str, bytes, int, float, complex, bool, type(None))


def code_version(function: Callable[..., Any]) -> str:
    """A hash over a function's code and over what of its module it names.

    Of what it names, plain values count by their value, and functions that are defined
    in the same module by their code; of everything else the name. Where a line stands
    and how it is laid out does not count.
    """
    hashed = hashlib.sha256()
    for part in _parts(function, set()):
        hashed.update(part.encode("utf-8", "backslashreplace"))
        hashed.update(b"\0")
    return hashed.hexdigest()[:16]


def _parts(function: Any, seen: set[int]) -> Iterator[str]:
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType):
        yield f"{type(function).__module__}.{type(function).__qualname__}"
        return
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _code_parts(code)
    yield _said((function.__defaults__, function.__kwdefaults__))
    for name, annotation in getattr(function, "__annotations__", {}).items():
        yield f"{name}: {_ADDRESS.sub('', repr(annotation))}"
    cells = zip(code.co_freevars, function.__closure__ or (), strict=False)
    named = {name: _content(cell) for name, cell in cells}
    for name in sorted(_names(code)):
        if name in function.__globals__:
            named.setdefault(name, function.__globals__[name])
    for name, value in sorted(named.items()):
        yield name
        is_neighbour = getattr(value, "__module__", None) == function.__module__
        if isinstance(value, types.FunctionType) and is_neighbour:
            yield from _parts(value, seen)
        else:
            yield _said(value)


def _code_parts(code: types.CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr((code.co_names, code.co_varnames, code.co_flags))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code_parts(constant)
        else:
            yield _said(constant)


def _names(code: types.CodeType) -> set[str]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*(_names(c) for c in inner))


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _said(value: Any) -> str:
    """A value as text that is the same in every process."""
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, (tuple, list)):
        return f"({','.join(map(_said, value))})"
    if isinstance(value, (set, frozenset)):
        return f"{{{','.join(sorted(map(_said, value)))}}}"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_said(k)}:{_said(v)}' for k, v in value.items())}}}"
    if isinstance(value, types.ModuleType):
        return value.__name__
    return f"{type(value).__module__}.{type(value).__qualname__}"
