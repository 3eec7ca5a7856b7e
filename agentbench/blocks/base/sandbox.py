"""The sandbox that fills in templates: plain values only, and nothing grows large.

A template may come from anybody, so what it can reach and how much it can make is
limited here; what it costs is counted while it runs.
"""

import datetime
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, Undefined, meta, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace
from jinja2.visitor import NodeTransformer

MAX_TEXT = 1_000_000
"""Letters that a template may give."""

_MAX_MADE = 8 * MAX_TEXT
_MAX_STEPS = 300_000
_MAX_REPEAT = 10_000
_MAX_BITS = 4096


class TemplateError(ValueError):
    """The template cannot be filled in."""


def render(
    source: str,
    values: Mapping[str, Any],
    *,
    escape_html: bool = False,
    is_lenient: bool = False,
) -> str:
    """The template with the values in it.

    With `escape_html` they are made safe for HTML; with `is_lenient` one that is lacking
    is empty.

    Raises:
        TemplateError: it has a mistake, lacks a value, or makes too much.
    """
    try:
        return "".join(_parts(source, values, escape_html, is_lenient))
    except TemplateSyntaxError as error:
        raise TemplateError(
            f"'template' has a mistake in line {error.lineno}: {error.message}"
        ) from error
    except Exception as error:  # whatever an expression in it can raise
        line = _line_of(error)
        place = f" in line {line}" if line else ""
        raise TemplateError(f"'template' failed{place}: {error}") from error


@functools.lru_cache(maxsize=256)
def variables_of(source: str) -> tuple[str, ...]:
    """The names a template asks for, in order; none while it has a mistake."""
    environment = _Environment(_Meter(0))
    try:
        tree = environment.parse(source)
        asked = meta.find_undeclared_variables(tree) - set(environment.globals)
    except (TemplateSyntaxError, RecursionError):
        return ()
    names = (node.name for node in tree.find_all(nodes.Name))
    return tuple(dict.fromkeys(name for name in names if name in asked))


def _parts(
    source: str,
    values: Mapping[str, Any],
    escape_html: bool,  # noqa: FBT001
    is_lenient: bool,  # noqa: FBT001
) -> Iterator[str]:
    environment = _Environment(_Meter(len(source)))
    environment.autoescape = escape_html
    if is_lenient:
        environment.undefined = Undefined
    tree = _Counted().visit(environment.parse(source))
    tree.set_environment(environment)
    size = 0
    for part in environment.from_string(tree).generate(values):
        size += len(part)
        if size > MAX_TEXT:
            raise OverflowError(f"the text is longer than {MAX_TEXT} letters.")
        yield part


class _Counted(NodeTransformer):
    """Puts a count on every loop and on every `~`."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        size = sum(len(text.data) for text in node.find_all(nodes.TemplateData))
        node.iter = _through("_turns", node.iter, size)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802
        self.generic_visit(node)
        return _through("_joined", node)


def _through(name: str, node: Any, *arguments: int) -> nodes.Filter:
    constants = [nodes.Const(one) for one in arguments]
    return nodes.Filter(node, name, constants, [], None, None)


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, made narrower."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, meter: "_Meter") -> None:
        super().__init__(undefined=StrictUndefined, finalize=meter.written)
        self._meter = meter
        self.globals = {
            "range": _range,
            "dict": dict,
            "cycler": Cycler,
            "joiner": Joiner,
            "namespace": Namespace,
        }
        for name in ("pprint", "random", "urlize", "xmlattr"):
            del self.filters[name]
        for name in _GROWING:
            self.filters[name] = _limited(name, self.filters[name])
        self.filters.update(_turns=meter.turns, _joined=_short_enough)

    def is_safe_callable(self, obj: Any) -> bool:
        if isinstance(obj, (Macro, LoopContext, Cycler, Joiner)):
            return True
        if obj in self.globals.values():
            return True
        method = getattr(obj, "__wrapped__", obj)  # str.format comes wrapped
        owner, name = getattr(method, "__self__", None), _name_of(method)
        return any(isinstance(owner, t) and name in names for t, names in _METHODS)

    def call(self, context: Any, obj: Any, /, *given: Any, **named: Any) -> Any:
        if isinstance(obj, Undefined):
            return obj()  # fails, and says what it is that there is not
        if not self.is_safe_callable(obj):
            # Jinja's own words show the thing itself, with its place in memory.
            name = _name_of(obj) or type(obj).__name__
            raise SecurityError(f"{name!r} cannot be called here.")
        is_written = isinstance(obj, (Macro, LoopContext))
        self._meter.step(self._meter.template_size if is_written else 0)
        method = getattr(obj, "__wrapped__", obj)
        if isinstance(text := getattr(method, "__self__", None), str):
            _check_growth(_name_of(method), text, [*given, *named.values()])
        return super().call(context, obj, *given, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        _check_binop(operator, left, right)
        return super().call_binop(context, operator, left, right)


class _Meter:
    """Counts what one template does, and ends it when that is too much."""

    def __init__(self, template_size: int) -> None:
        self.template_size = template_size
        self._steps = self._made = 0

    def step(self, size: int = 0) -> None:
        """One more turn of a loop, or call, that writes so many letters."""
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise OverflowError(f"it takes more than {_MAX_STEPS} turns of its loops.")
        self.make(size)

    def make(self, size: int) -> None:
        self._made += size
        if self._made > _MAX_MADE:
            raise OverflowError(f"it makes more than {_MAX_MADE} letters on the way.")

    def written(self, value: Any) -> str:
        text = str(value)
        self.make(len(text))
        return text

    def turns(self, items: Iterable[Any], size: int) -> Iterator[Any]:
        for item in items:
            self.step(size)
            yield item


def _name_of(thing: Any) -> str:
    return str(getattr(thing, "__name__", ""))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_METHODS: tuple[tuple[Any, frozenset[str]], ...] = (
    (
        str,
        _words("""capitalize casefold center count endswith find format index isalnum
            isalpha isdigit islower isnumeric isspace isupper join ljust lower lstrip
            partition removeprefix removesuffix replace rfind rjust rpartition rsplit
            rstrip split splitlines startswith strip swapcase title upper zfill"""),
    ),
    (dict, frozenset({"get", "items", "keys", "values"})),
    ((list, tuple), frozenset({"count", "index"})),
    (float, frozenset({"is_integer"})),
    (
        (datetime.date, datetime.time, datetime.timedelta),
        _words("""date isocalendar isoformat isoweekday strftime time timestamp
            total_seconds weekday"""),
    ),
)
_GROWING = (
    *("batch", "center", "format", "indent", "join", "replace", "round", "slice"),
    *("tojson", "truncate", "wordwrap"),
)
_WIDTH = re.compile(r"\*|\d{4,}|\{[^{}]*\{")
_TAKES_CONTEXT = "jinja_pass_arg"


def _limited(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, refused where it would make something large."""
    leads = 1 if hasattr(function, _TAKES_CONTEXT) else 0

    @functools.wraps(function)
    def limited(*given: Any, **named: Any) -> Any:
        lead, value, rest = given[:leads], given[leads], given[leads + 1 :]
        if name == "join":
            value = list(value)
            _check_growth("join", str([*rest, *named.values(), ""][0]), [value])
        else:
            _check_growth(name, value, [*rest, *named.values()])
        return function(*lead, value, *rest, **named)

    return limited


def _check_growth(name: str, value: Any, given: list[Any]) -> None:
    """Refuses a call that would make a large thing of a small one."""
    longest = max((len(one) for one in given if isinstance(one, str)), default=0)
    size = 0
    match name:
        case "join" if given:
            parts = [one for one in given[0] if isinstance(one, str)]
            size = sum(map(len, parts)) + len(given[0]) * len(value)
        case "replace" if given:
            size = str(value).count(str(given[0])) * longest
        case "format":
            _check_format(str(value), given)
        case "round" | "indent" | "tojson":
            size = max(map(abs, _whole(given)), default=0) * (MAX_TEXT // 100)
        case _:
            size = max(_whole(given), default=0) * (MAX_TEXT // _MAX_REPEAT)
    if size > MAX_TEXT:
        raise OverflowError(f"{name!r} would make more than {MAX_TEXT} letters.")


def _check_format(text: str, given: list[Any]) -> None:
    longest = max((len(one) for one in given if isinstance(one, str)), default=0)
    if _WIDTH.search(text) or (text.count("%") + text.count("{")) * longest > MAX_TEXT:
        raise OverflowError(f"the format {text!r:.60} would make too much text.")


def _check_binop(operator: str, left: Any, right: Any) -> None:
    if operator == "%" and isinstance(left, str):
        _check_format(left, list(right) if isinstance(right, tuple) else [right])
    elif operator == "**" or not (
        hasattr(left, "__len__") or hasattr(right, "__len__")
    ):
        _check_number(operator, left, right)
    else:
        sizes = [len(x) if hasattr(x, "__len__") else x for x in (left, right)]
        limit = MAX_TEXT if operator == "+" else _MAX_REPEAT * 10
        if (sum(sizes) if operator == "+" else sizes[0] * sizes[1]) > limit:
            raise OverflowError(f"a {operator!r} would make more than {limit} items.")


def _check_number(operator: str, left: Any, right: Any) -> None:
    bits = [x.bit_length() if isinstance(x, int) else 0 for x in (left, right)]
    size = bits[0] * abs(right) if operator == "**" and bits[1] else sum(bits)
    if size > _MAX_BITS:
        raise OverflowError(f"a {operator!r} would make too large a number.")


def _short_enough(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise OverflowError(f"a '~' makes more than {MAX_TEXT} letters.")
    return text


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _MAX_REPEAT:
        raise OverflowError(f"a range may have {_MAX_REPEAT} items, not {len(found)}.")
    return found


def _whole(given: list[Any]) -> list[int]:
    return [one for one in given if isinstance(one, int)]


def _line_of(error: BaseException) -> int:
    """The line of the template in which it happened, 0 if that is not known."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
