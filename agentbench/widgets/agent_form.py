"""The form in a cell, kernel half: fields for an agent's inputs, Run, and what comes out.

It takes a JSON schema or a pydantic model as well: then it only asks, and `value` is what
was said.
"""

import contextlib
import html
import inspect
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import anywidget
import pydantic
import traitlets

from agentbench.domain.errors import AgentbenchError, InputError
from agentbench.domain.fault import Fault, faults_of
from agentbench.domain.graph import Graph
from agentbench.domain.annotation import type_name
from agentbench.domain.port import Port
from agentbench.domain.run import RunStatus
from agentbench.domain.schema import why_no_schema
from agentbench.widgets import form_answers as answers
from agentbench.widgets import form_requests as requests
from agentbench.widgets.bringing import as_brought, faults_as_brought, started
from agentbench.workbench.bundle import bundled
from agentbench.widgets.constants import to_wire
from agentbench.widgets.form_desk import FormDesk, GraphSubject, received
from agentbench.widgets.exhibit import Exhibit
from agentbench.widgets.message import asker
from agentbench.widgets.messages import Reply
from agentbench.widgets.pump import PUMP
from agentbench.widgets.questions import WHOLE, form_of, has_parts
from agentbench.widgets.wire import wire_inputs
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench, workbench

BEAT = 0.2
"""Seconds between two looks at a run that goes on."""
SHOWN = 120
"""So many letters of a value are shown where there is no live form."""
MOST_RESULTS = 20
"""So many values of one output are shown."""

_REQUEST: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(requests.FromForm)

Asked = Graph | Mapping[str, Any] | type[pydantic.BaseModel]
"""What a form can be of."""


def form(asked: Asked) -> "AgentForm":
    """A form in a cell: of an agent's inputs, of a JSON schema, or of a pydantic model.

    Raises:
        InputError: the schema is none.
    """
    bench = workbench()
    if isinstance(asked, Graph):
        return AgentForm(_OfAgent(asked, bench), bench)
    return AgentForm(_OfSchema(asked), bench)


class _OfAgent:
    """The inputs of an agent, as it stands when it is asked."""

    def __init__(self, graph: Graph, bench: Workbench) -> None:
        self.graph, self._bench = graph, bench
        self.title, self.help = graph.name, graph.description
        self.run: Run | None = None
        self._subject = GraphSubject(graph, bench, lambda: self.run)
        self.ports, self.schema_of = self._subject.ports, self._subject.schema_of
        self.last_inputs = self._subject.last_inputs

    def fields(self) -> list[Any]:
        return wire_inputs(self._bench.inputs_of(self.graph))

    def usual(self) -> dict[str, Any]:
        found = self._bench.inputs_of(self.graph).items()
        given = {name: node.constants.get("default") for name, (node, _) in found}
        return {name: value for name, value in given.items() if value is not None}

    def faults(self, values: Mapping[str, Any]) -> Iterable[Fault]:
        for name, port in self.ports("").items():
            if name in values:
                for fault in faults_as_brought(self._bench, port, values[name]):
                    yield fault.under(name)
            else:
                yield Fault(path=(name,), text="This is needed.", is_missing=True)

    def whole(self, values: dict[str, Any]) -> Any:
        with contextlib.suppress(AgentbenchError):  # `problems` says why
            return as_brought(self._bench, self.graph, values)
        return values

    def parts(self, value: Any) -> dict[str, Any]:
        return dict(value)


class _OfSchema:
    """The fields of a JSON schema, and the value that they make together."""

    def __init__(self, asked: Mapping[str, Any] | type[pydantic.BaseModel]) -> None:
        is_model = inspect.isclass(asked) and issubclass(asked, pydantic.BaseModel)
        self._model: Any = asked if is_model else None
        self.schema = asked.model_json_schema() if is_model else dict(asked)  # type: ignore[arg-type, union-attr]
        if reason := why_no_schema(self.schema):
            raise InputError("schema", reason)
        self.title = str(self.schema.get("title") or "")
        self.help = str(self.schema.get("description") or "")

    def ports(self, node: str) -> Mapping[str, Port]:
        del node
        return {}

    def schema_of(self, node: str, firing: int) -> Mapping[str, Any]:
        del node, firing
        return self.schema

    def last_inputs(self) -> Mapping[str, Any]:
        return {}

    def fields(self) -> list[Any]:
        return list(form_of(self.schema))

    def usual(self) -> dict[str, Any]:
        return {it.name: it.default for it in self.fields() if it.has_default}

    def faults(self, values: Mapping[str, Any]) -> Iterable[Fault]:
        if has_parts(self.schema) or WHOLE in values:
            return faults_of(self.whole(dict(values)), self.schema)
        return [Fault(path=(), text="This is needed.", is_missing=True)]

    def whole(self, values: dict[str, Any]) -> Any:
        value = values if has_parts(self.schema) else values.get(WHOLE)
        if self._model is None:
            return value
        # A model once it is one; until then, what there is of it.
        with contextlib.suppress(pydantic.ValidationError):
            return self._model.model_validate(value)
        return value

    def parts(self, value: Any) -> dict[str, Any]:
        plain = value.model_dump(mode="json") if hasattr(value, "model_dump") else value
        return dict(plain) if has_parts(self.schema) else {WHOLE: plain}


class AgentForm(anywidget.AnyWidget):
    """A form in a cell; `value` is what its fields hold, and can be set."""

    _esm = bundled("agent-form.js")
    _css = bundled("agent-form.css")

    own_id = traitlets.Unicode("").tag(sync=True)
    """By which the front end finds the model itself, to have little of it saved."""
    turn = traitlets.Int(0).tag(sync=True)
    """Grows with every change, so that views ask how the form stands."""

    def __init__(self, subject: Any, bench: Workbench) -> None:
        self._subject, self._bench = subject, bench
        self._values: dict[str, Any] = {}
        self._run: Run | None = None
        self._desk = FormDesk(bench, subject)
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id)
        self.on_msg(self._heard)
        graph = getattr(subject, "graph", None)
        self._unlisten = graph.listen(self._soon) if graph is not None else None

    def close(self) -> None:
        """Takes the form away from every view."""
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None
        super().close()

    # ---- for people --------------------------------------------------------

    @property
    def value(self) -> Any:
        """What the fields hold, with the defaults of those that nobody filled in.

        A dictionary by name; the value itself where a schema names no fields; and where a
        pydantic model was asked for, one of it as soon as all is there.
        """
        return self._subject.whole({**self._subject.usual(), **self._values})

    @value.setter
    def value(self, value: Any) -> None:
        self._values = self._subject.parts(value)
        PUMP.call(self._changed)

    @property
    def problems(self) -> list[Fault]:
        """Everything that is wrong with what the fields hold, or lacking; empty when nothing is."""
        return list(self._subject.faults({**self._subject.usual(), **self._values}))

    @property
    def run(self) -> Run | None:
        """The run that was begun here last."""
        return self._run

    @property
    def outputs(self) -> Mapping[str, Any]:
        """What that run gave, by output."""
        return self._run.outputs if self._run is not None else {}

    def __repr__(self) -> str:
        title = f" of {self._subject.title!r}" if self._subject.title else ""
        return f"<form{title}: {', '.join(port.name for port in self._subject.fields())}>"

    def _repr_mimebundle_(self, **given: Any) -> Any:
        """The live widget, and for where there is none its fields as a table and as text."""
        live = super()._repr_mimebundle_(**given)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        static = {"text/html": self._table(), "text/plain": repr(self)}
        return {**(data or {}), **static}, metadata

    def _table(self) -> str:
        fields = self._subject.fields()
        rows = "".join(_row(port, self._values) for port in fields)
        title = f"<p><b>{html.escape(self._subject.title or 'Form')}</b></p>"
        return f"{title}<table>{rows}</table>"

    # ---- for views ---------------------------------------------------------

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        """Called by Jupyter in any thread; what it asks may take its time."""
        request = received(content, buffers)
        if isinstance(request, dict) and request.get("op") in ("set_form", "upload"):
            PUMP.call(lambda: self._take(request))  # in the order in which they came
        else:
            self._bench.looking.submit(self._take, request)

    def _take(self, content: Any) -> None:
        reply: Any = dict(zip(("client", "rid"), asker(content), strict=True))
        try:
            request = _REQUEST.validate_python(content)
            result = self._carried_out(request)
            told = result.model_dump(mode="json", by_alias=True) if result else None
            message = Reply(**reply, ok=True, result=told)
        except pydantic.ValidationError as error:
            said = str(requests.not_understood(error))
            message = Reply(**reply, ok=False, error=said)
        except Exception as error:  # noqa: BLE001 - Jupyter would drop it silently
            said = str(error)
            if not isinstance(error, AgentbenchError):
                said = f"{type(error).__name__}: {said}"
            said = self._bench.redaction.text(said)
            message = Reply(**reply, ok=False, error=said, code=type(error).__name__)
        PUMP.call(lambda: self._post(message))

    def _carried_out(self, request: Any) -> pydantic.BaseModel | None:
        match request:
            case requests.LookAtForm():
                return self._state()
            case requests.SetForm():
                self._values = dict(request.values)
                return None
            case requests.RunForm():
                self._values = dict(request.values)
                self._start()
                return self._state()
            case requests.StopForm():
                if self._run is not None:
                    self._run.stop()
                return None
        return self._desk.answer(request)

    def _post(self, message: pydantic.BaseModel) -> None:
        if self.comm is not None:
            self.send(message.model_dump(mode="json", by_alias=True))

    # ---- the run -----------------------------------------------------------

    def _start(self) -> None:
        graph = self._subject.graph
        run = started(self._bench, graph, self._values)
        self._run = self._subject.run = run

        unlisten = self._bench.feed.listen(self._soon, run=run.id)

        def over(_: Any) -> None:
            unlisten()
            PUMP.call(self._changed)

        if run.done is not None:
            run.done.add_done_callback(over)

    def _soon(self, *_: Any) -> None:
        """Called in whichever thread something happened: in its graph, or its run."""
        PUMP.call_once((id(self), "form"), BEAT, self._changed)

    def _changed(self) -> None:
        self.turn += 1

    def _state(self) -> answers.FormState:
        run, subject = self._run, self._subject
        more: dict[str, Any] = {}
        if run is not None:
            status = run.status
            more = {"status": status.value, "line": _line(run, status)}
            more["failures"] = [str(failure) for failure in run.failures]
            if status.is_final or status is RunStatus.WAITING:
                more["results"] = list(self._results(run))
        return answers.FormState(
            turn=self.turn,
            title=subject.title,
            help=subject.help,
            ports=subject.fields(),
            values={name: to_wire(value) for name, value in self._values.items()},
            runs=hasattr(subject, "graph"),
            **more,
        )

    def _results(self, run: Run) -> Iterable[answers.FormResult]:
        for name, values in run.outputs.items():
            for value in values[:MOST_RESULTS]:
                yield answers.FormResult(
                    output=name,
                    type_name=type_name(type(value)),
                    bundle=Exhibit(self._bench, name, value).bundle(),
                )


def _row(port: Any, values: Mapping[str, Any]) -> str:
    """A field in a table that needs no script: its label, what it takes, what it holds."""
    value = values.get(port.name, port.default if port.has_default else None)
    held = "" if value is None else _short(value)
    needed = " *" if port.required else ""
    cells = (port.title + needed, port.type_name, held)
    left = 'style="text-align: left;"'  # notebooks put each cell to the right
    shown = "".join(f"<td {left}>{html.escape(cell)}</td>" for cell in cells)
    return f"<tr>{shown}</tr>"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _line(run: Run, status: RunStatus) -> str:
    if status is RunStatus.WAITING:
        return "It waits for an answer: on its canvas, or by `ab.answer`."
    fired, nodes = len(run.node_statuses), run.node_count
    return f"{fired} of {nodes} nodes in {run.seconds:.1f} s"


