"""The inspector in a cell, kernel half: values as they should look, instead of printed.

What a view needs to begin with is in one trait, so that it can be drawn while the cell
that shows it still runs. The code of the view is sent once to each page that asks.
"""

import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import anywidget
import pydantic
import traitlets

from agentbench.domain.errors import AgentbenchError, ValueRefused
from agentbench.workbench.gathering import Named
from agentbench.workbench.standing import standing
from agentbench.workbench.ways import hints_of
from agentbench.widgets import late, messages, requests
from agentbench.workbench.bundle import bundled
from agentbench.widgets.exhibit import Exhibit
from agentbench.widgets.exhibits import ALL, Exhibits
from agentbench.widgets.message import asker
from agentbench.widgets.pump import PUMP
from agentbench.widgets.requests import not_understood
from agentbench.workbench.workbench import Workbench, workbench

MOST_SHOWN = 50
"""So many values one inspector shows."""
MOST_HELD = 50
"""So many inspectors hold on to their values; older ones keep what they have drawn."""

_REQUEST: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(requests.OfInspector)
_holding: "deque[Inspector]" = deque()


class Inspector(anywidget.AnyWidget):
    """Shows values: tables in pages, texts in stretches, each to copy, keep and download."""

    _esm = bundled("inspector.js")

    own_id = traitlets.Unicode("").tag(sync=True)
    """By which the front end finds the model itself, to have little of it saved."""
    code_hash = traitlets.Unicode("").tag(sync=True)
    """Names the code of the view: a page that has it does not ask for it."""
    shown: Any = traitlets.List().tag(sync=True)
    """Each value as an `InspectedValue`."""

    def __init__(self, values: Sequence[Named], bench: Workbench) -> None:
        self._bench = bench
        self._names = [it.name for it in values]
        self._values: list[Named] = list(values[:MOST_SHOWN])
        self._exhibits = [Exhibit(bench, it.name, it.value, it.hints) for it in self._values]
        self._all = Exhibits(bench)
        self._static = standing(bench.renderers, self._values)
        shown = [it.wired(at=at) for at, it in enumerate(self._exhibits)]
        own_id = uuid.uuid4().hex
        super().__init__(
            model_id=own_id,
            own_id=own_id,
            code_hash=late.hash_of("inspector"),
            shown=[it.model_dump(mode="json") for it in shown],
        )
        self.on_msg(self._heard)
        _holding.append(self)
        while len(_holding) > MOST_HELD:
            _holding.popleft().let_go()

    def let_go(self) -> None:
        """Forgets the values; what is drawn stays."""
        self._values, self._exhibits = [], []

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        """Called by Jupyter in any thread; only hands over."""
        self._bench.looking.submit(self._answer, content)

    def _answer(self, content: Any) -> None:
        client, rid = asker(content)
        reply: dict[str, Any] = {"client": client, "rid": rid}
        try:
            request = _REQUEST.validate_python(content)
            result = self._answered(request)
            given = result if isinstance(result, dict) else result.model_dump(mode="json")
            message = messages.Reply(ok=True, result=given, **reply)
        except pydantic.ValidationError as error:
            said = str(not_understood(error)).replace("the editor", "the view")
            message = messages.Reply(ok=False, error=said, **reply)
        except Exception as error:  # noqa: BLE001 - Jupyter would drop it silently
            said = str(error) if isinstance(error, AgentbenchError) else repr(error)
            message = messages.Reply(
                ok=False, error=said, code=type(error).__name__, **reply
            )
        PUMP.call(lambda: self.send(message.model_dump(mode="json")))

    def _answered(self, request: Any) -> Any:
        if isinstance(request, late.FetchCode):
            return late.code(request)
        at = request.of.at
        if at == ALL and self._values:
            return self._all.of_all(self.own_id, self._values, request)
        if not 0 <= at < len(self._exhibits):
            raise ValueRefused("This value is not at hand any more; run the cell again.")
        return self._exhibits[at].answered(request)

    def __repr__(self) -> str:
        return f"<inspector of {', '.join(self._names) or 'nothing'}>"

    def _repr_mimebundle_(self, **given: Any) -> Any:
        """The live widget, and for where there is none the values as they stand."""
        live = super()._repr_mimebundle_(**given)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**(data or {}), **self._static}, metadata


def inspector(*values: Any, as_: str = "", **named: Any) -> Inspector:
    """The inspector of values as a widget: `mo.ui.anywidget(ab.inspector(table))` in marimo.

    Arguments as for `ab.show`.

    Raises:
        UnknownWay: there is no way to show a value that is called as `as_` says.
    """
    return Inspector(_named(values, named, as_), workbench())


def show(*values: Any, as_: str = "", **named: Any) -> None:
    """Shows values as they should look, in place of `print`: at once, also amid a cell.

    Tables are sorted, filtered and paged where they lie; pictures, sounds, charts,
    diagrams, conversations, files are shown as what they are. Each can be copied,
    downloaded, opened in a new cell, or given a name. `ab.show(before=a, after=b)`
    writes a name above each. Outside a notebook, their text is printed.

    Args:
        values: what to show; a path is opened.
        as_: how to show it, where it is not plain to see: `markdown`, `json`, `table`,
            `csv`, `code` or a language, `diff`, `latex`, `mermaid`, `html`, `image`,
            `text`, or the name of a renderer (`%agent renderers` lists them).
        named: more values, under their names.

    Raises:
        UnknownWay: there is no way to show a value that is called so.
    """
    from IPython.core.getipython import get_ipython

    bench, given = workbench(), _named(values, named, as_)
    if get_ipython() is None:
        print(standing(bench.renderers, given)["text/plain"])  # noqa: T201
        return
    from IPython.display import display

    display(Inspector(given, bench))


def _named(values: Sequence[Any], named: Mapping[str, Any], way: str) -> list[Named]:
    names = [renderer.name for renderer in workbench().renderers] if way else []
    hints = {"is_opened": True, **(hints_of(way, names) if way else {})}
    alone = len(values) == 1 and not named
    unnamed = [
        Named("value" if alone else f"value {number}", value, hints)
        for number, value in enumerate(values, 1)
    ]
    return [*unnamed, *(Named(name, value, hints) for name, value in named.items())]
