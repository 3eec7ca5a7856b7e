"""The parcel: a block and its inputs on their way from the kernel to its own child.

A function written in a cell is found by no import, so code travels with cloudpickle,
and the inputs with it: they arrive as exactly what they are. That is safe in this one
direction, since the child is the kernel's own and has no rights the kernel has not;
nothing ever comes back in this way. A block that an installed package holds goes by
its address.
"""

import importlib
import inspect
import linecache
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from agentbench.domain.block import Block
from agentbench.domain.errors import WorkerValueError

_INSTALLED = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}
)
_NAMELESS = "<dynamic-code>"
_OURS = __name__.partition(".")[0]


def pack(block: Block, inputs: Mapping[str, Any]) -> bytes:
    """The block and its inputs as bytes.

    Raises:
        WorkerValueError: one of them cannot be sent; the error names it.
    """
    import cloudpickle

    thing = address_of(block) or block
    try:
        return bytes(cloudpickle.dumps((thing, dict(inputs))))
    except Exception:
        _name_the_culprit(block, {"The code": thing}, "code")
        named = {f"The input {name!r}": value for name, value in inputs.items()}
        _name_the_culprit(block, named)
        raise


def unpack(parcel: bytes) -> tuple[Block, dict[str, Any]]:
    """The block and its inputs; in the child only."""
    import cloudpickle

    thing, inputs = cloudpickle.loads(parcel)
    if isinstance(thing, str):
        module, _, name = thing.partition(":")
        thing = getattr(importlib.import_module(module), name)
    return thing, inputs


def address_of(block: Block) -> str:
    """`module:name` where an installed package holds this very block, else empty."""
    function = getattr(block, "function", None)
    module, name = (
        getattr(function, "__module__", ""),
        getattr(function, "__name__", ""),
    )
    held = sys.modules.get(module or "")
    is_held = held is not None and getattr(held, name, None) is block
    return f"{module}:{name}" if is_held and is_installed(held) else ""


def is_installed(module: Any) -> bool:
    """Whether a module is ours, Python's or an installed package's: its code stands still."""
    name = getattr(module, "__name__", "")
    if name.partition(".")[0] == _OURS:
        return True
    file = getattr(module, "__file__", None)
    if file is None:  # built in, or made by hand in a notebook
        return name in sys.builtin_module_names
    return any(Path(file).is_relative_to(place) for place in _INSTALLED)


def cell_of(block: Block) -> tuple[str, str]:
    """The name and the text of the cell that holds the block's function, for tracebacks."""
    code = _code_of(block)
    if code is None:
        return "", ""
    return code.co_filename, "".join(linecache.getlines(code.co_filename))


def name_cell(block: Block, file: str) -> None:
    """Gives the code back the name of its file, which cloudpickle takes away."""
    code = _code_of(block)
    if code is not None and code.co_filename == _NAMELESS:
        _function_of(block).__code__ = _named(code, file)


def _named(code: CodeType, file: str) -> CodeType:
    inner = (
        _named(one, file) if isinstance(one, CodeType) else one
        for one in code.co_consts
    )
    return code.replace(co_filename=file, co_consts=tuple(inner))


def _code_of(block: Block) -> CodeType | None:
    code = getattr(_function_of(block), "__code__", None)
    return code if isinstance(code, CodeType) else None


def _function_of(block: Block) -> Any:
    return inspect.unwrap(getattr(block, "function", None) or (lambda: None))


def _name_the_culprit(block: Block, parts: Mapping[str, Any], kind: str = "") -> None:
    import cloudpickle

    for what, part in parts.items():
        try:
            cloudpickle.dumps(part)
        except Exception as error:
            got = kind or f"a {type(part).__qualname__}"
            reason = str(error).rstrip(".") or type(error).__name__
            raise WorkerValueError(block.id, what, got, f"{reason}.") from error
