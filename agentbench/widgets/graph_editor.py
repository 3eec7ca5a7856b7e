"""The graph editor, kernel half: shows one graph on a canvas, and carries out what views ask.

The kernel holds the graph. Views send edits and get numbered updates; what a view
shows can always be made again from here.
"""

import contextlib
import importlib.metadata
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import pydantic
import traitlets
from pydantic_core import to_jsonable_python

from agentbench.domain import edit as edits
from agentbench.domain.basis import Reuse
from agentbench.domain.block import Block
from agentbench.domain.errors import AgentbenchError, EditRefused
from agentbench.domain.editable import Change
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions
from agentbench.widgets import answers, messages, requests, versions
from agentbench.widgets.given import Given
from agentbench.widgets.bringing import started
from agentbench.workbench.bundle import bundled
from agentbench.widgets.exhibits import Exhibits
from agentbench.widgets.form_desk import FormDesk, GraphSubject, received
from agentbench.widgets.form_requests import FormRequest
from agentbench.widgets.inspection import inspect, last_values
from agentbench.widgets.message import asker
from agentbench.widgets.projector import Projector
from agentbench.widgets.rearranging import change
from agentbench.widgets.requests import not_understood
from agentbench.widgets.pump import PUMP
from agentbench.widgets.run_line import RunLine
from agentbench.widgets.run_watch import RunWatch, newest_waiting
from agentbench.widgets.told import Told
from agentbench.widgets.touched import Touched
from agentbench.widgets.updates import UpdateLog
from agentbench.widgets.wire import (
    wire_block,
    wire_graph,
    wire_history,
    wire_options,
)
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

BEAT = 0.05
"""Seconds between two messages about a run: twenty a second are enough for the eye."""

GLANCE = 0.5
"""Seconds between two looks at all runs that go on."""

_REQUEST: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(requests.FromView)


class GraphEditor(anywidget.AnyWidget):
    """The canvas of one graph. There is one for each graph in a kernel, with any number of views."""

    _esm = bundled("graph-editor.js")
    _css = bundled("graph-editor.css")

    own_id = traitlets.Unicode("").tag(sync=True)
    """By which the front end finds the model itself, to have little of it saved."""
    height = traitlets.Int(520).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    run_status = traitlets.Unicode("").tag(sync=True)

    def __init__(self, graph: Graph, bench: Workbench) -> None:
        self.graph, self._bench = graph, bench
        self._updates = UpdateLog()
        self._told = Told(graph, bench)
        self._touched = Touched()
        self._by = ""
        self._asking: dict[str, requests.Sync] = {}
        self._watch: RunWatch | None = None
        self._stale: dict[str, str] = {}
        subject = GraphSubject(
            graph, bench, lambda: self._watch.run if self._watch else None
        )
        self._forms = FormDesk(bench, subject)
        self._exhibits = Exhibits(bench)
        self._line = RunLine(
            Given(graph, bench),
            self._runs_changed,
            lambda error: self.notice(str(error), "error"),
        )
        self._projector = Projector(
            bench, graph, self._line, lambda: self._watch, self.show
        )
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, title=graph.name)
        _answer_where_asked(self)
        self.on_msg(self._heard)
        self._unlisten = [
            graph.listen(self._graph_changed),
            bench.blocks.listen(self._block_defined),
        ]
        bench.looking.submit(self._find_waiting)

    def close(self) -> None:
        """Takes the canvas away from every view."""
        for unlisten in self._unlisten:
            unlisten()
        if self._watch is not None:
            self._watch.close()
        super().close()

    def show(self, run: Run) -> None:
        """Shows a run on the canvas; the one before is forgotten."""
        PUMP.call(lambda: self._follow(run))

    def _find_waiting(self) -> None:
        """Shows the agent's newest run if it waits: it may be of a kernel that is gone."""
        with contextlib.suppress(AgentbenchError):
            run = newest_waiting(self._bench, self.graph)
            if run is not None:
                PUMP.call(lambda: None if self._watch else self._follow(run))

    def refresh(self) -> None:
        """Tells every view how the graph stands, also when nothing of it changed."""
        PUMP.call(lambda: self.flush(always=True))

    def notice(self, text: str, level: Any = "info") -> None:
        """Tells every view something, in a line."""
        given = messages.NoticeGiven(level=level, text=text)
        PUMP.call(lambda: self._tell([given]))

    # ---- requests ----------------------------------------------------------

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        """Called by Jupyter in any thread; only hands over."""
        request = received(content, buffers)
        PUMP.call(lambda: self._take(request))

    def _take(self, content: Any) -> None:
        client, rid = asker(content)
        try:
            request = _REQUEST.validate_python(content)
        except pydantic.ValidationError as error:
            self._refuse(client, rid, not_understood(error), "do what it sent")
            return
        try:
            self._carry_out(request)
        except Exception as error:  # noqa: BLE001 - Jupyter would drop it silently
            self._refuse(client, request.rid, error, request.op)

    def _carry_out(self, request: Any) -> None:
        match request:
            case requests.Sync():
                # A view repeats itself while the kernel is busy: the newest counts.
                self._asking[request.client] = request
                key = (id(self), "sync", request.client)
                PUMP.call_once(key, 0.0, lambda: self._sync(request.client))
            case _ if isinstance(request, requests.Changing):
                self._reply(request.client, request.rid, self._change(request))
            case requests.Run():
                run = self._start(request)
                accepted = answers.RunAccepted(run=run.id if run else "")
                self._reply(request.client, request.rid, accepted)
            case requests.Stop():
                self._look(request, lambda: self._stop(request.run))
            case requests.ShowRun():
                self._look(request, lambda: self.show(self._projector.run(request.run)))
            case _ if isinstance(request, requests.Filming):
                self._look(request, lambda: self._projector.answer(request))
            case requests.TakeOut():
                self._line.take_out(request.number)
                self._reply(request.client, request.rid)
            case requests.Answer():
                self._look(request, lambda: self._answer(request))
            case requests.Pin():
                self._look(request, lambda: self._pin(request))
            case requests.Save():
                where = versions.save(self._bench, self.graph, request)
                saved = answers.Saved(saved_as=where)
                self._reply(request.client, request.rid, saved)
                self.flush(always=True)
            case requests.ListVersions():
                self._look(request, lambda: versions.listed(self._bench, self.graph))
            case requests.LookAt():
                self._look(
                    request,
                    lambda: versions.look(self._bench, self.graph, request.key),
                )
            case requests.Inspect():
                self._look(request, lambda: inspect(self._bench, self._watch, request))
            case _ if isinstance(request, FormRequest):
                self._look(request, lambda: self._forms.answer(request))
            case _ if isinstance(request, requests.OfValue):
                self._look(request, lambda: self._exhibits.of_run(self._watch, request))

    def _sync(self, client: str) -> None:
        request = self._asking.pop(client)
        try:
            newer = self._updates.since(request.since, client)
            self._post(newer or self._snapshot(client))
        except Exception as error:  # noqa: BLE001 - the view must not wait for ever
            self._refuse(client, request.rid, error, request.op)
        else:
            self._reply(client, request.rid)

    def _change(self, request: requests.Changing) -> answers.Rearranged | None:
        self._by = request.client
        try:
            return change(self._bench, self.graph, request)
        finally:
            self.flush()
            self._by = ""

    def _look(self, request: Any, work: Callable[[], Any]) -> None:
        """Does in a worker thread what may take its time, and replies."""

        def do() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - the view must not wait for ever
                fault = error
                asked = (request.client, request.rid, fault, request.op)
                PUMP.call(lambda: self._refuse(*asked))
            else:
                PUMP.call(lambda: self._reply(request.client, request.rid, result))

        self._bench.looking.submit(do)

    def _start(self, request: requests.Run) -> Run | None:
        reuse = Reuse.asked(
            reuse=request.reuse, from_node=request.from_node, only=request.only
        )
        options = RunOptions(step=request.step)

        def start() -> Run:
            return started(self._bench, self.graph, request.inputs, options, reuse)

        return self._line.start(start, request.inputs, in_line=request.in_line)

    def _stop(self, run: str) -> None:
        if run:
            self._line.run(run).stop()
        elif self._watch is not None:
            self._watch.run.stop()

    def _answer(self, request: requests.Answer) -> answers.RunAccepted:
        shown = self._shown_run()
        run = self._bench.answer(
            shown.id, request.node, request.answer, firing=request.firing
        )
        if run is not shown:
            self.show(run)
        return answers.RunAccepted(run=run.id)

    def _pin(self, request: requests.Pin) -> None:
        values = last_values(self._shown_run(), request.node)
        option = edits.SetOption(id=request.node, option="pinned", value=values)
        self.graph.apply(option)

    def _shown_run(self) -> Run:
        if self._watch is None:
            raise EditRefused("There is no run here; run the agent first.")
        return self._watch.run

    # ---- changes -----------------------------------------------------------

    def _graph_changed(self, change: Change) -> None:
        """Called in whichever thread changed the graph; only notes what is touched."""
        self._touched.change(change)
        PUMP.call_once((id(self), "graph"), 0.0, self.flush)

    def _block_defined(self, block: Block) -> None:
        nodes = self.graph.nodes.values()
        self._touched.redefine(node.id for node in nodes if node.block == block.id)
        changed = messages.BlocksChanged(blocks=[wire_block(block)])
        PUMP.call(lambda: self._tell([changed]))
        PUMP.call_once((id(self), "graph"), 0.0, self.flush)

    def flush(self, *, always: bool = False) -> None:
        """Tells every view what changed in the graph, if anything; in the pump only."""
        touched, moved, redefined = self._touched.take()
        # Taken after the notes: what a cell changes meanwhile is noted for next time.
        graph = self.graph.snapshot()
        if not (always or touched or moved or self.title != graph.name):
            return
        self._told.forget_ports(redefined)
        more = {**wire_history(self.graph), "by": self._by}
        self._tell([self._told.change(graph, touched, moved, **more)])
        self._tell_stale(graph)
        if self.title != graph.name:
            self.title = graph.name

    def _tell_stale(self, graph: Graph) -> None:
        """Tells every view which nodes are out of date, if they are others than before."""
        stale = self._watch.stale(graph) if self._watch is not None else {}
        if stale != self._stale:
            self._stale = stale
            self._tell([messages.StaleChanged(stale=stale)])

    def _follow(self, run: Run) -> None:
        if self._watch is not None and self._watch.run is run:
            return
        if self._watch is not None:
            self._watch.close()
        self._watch = RunWatch(self._bench, run, self._run_changed)
        self._line.add(run)
        self._runs_changed()
        PUMP.call_once((id(self), "run"), 0.0, self._tell_run)

    def _run_changed(self) -> None:
        PUMP.call_once((id(self), "run"), BEAT, self._tell_run)

    def _runs_changed(self) -> None:
        PUMP.call_once((id(self), "runs"), BEAT, self._tell_runs)

    def _tell_runs(self) -> None:
        self._tell([self._listed()])
        if self._line.goes_on:
            PUMP.call_once((id(self), "runs"), GLANCE, self._tell_runs)

    def _listed(self) -> messages.RunsChanged:
        return self._line.listed(self._watch.run if self._watch is not None else None)

    def _tell_run(self) -> None:
        if self._watch is None:
            return
        changed = self._watch.changes()
        self._tell([changed])
        if changed.is_new:
            self._tell_stale(self.graph.snapshot())
        if self.run_status != changed.run.status:
            self.run_status = changed.run.status

    # ---- sending -----------------------------------------------------------

    def _snapshot(self, client: str) -> messages.Snapshot:
        graph = self.graph.snapshot()
        wired = wire_graph(graph, self._bench.check(graph), self._bench.inputs_of(graph))
        self._told.shown(graph, wired.nodes)
        run, nodes = self._watch.everything() if self._watch is not None else (None, [])
        return messages.Snapshot(
            client=client,
            seq=self._updates.last,
            graph=wired,
            blocks=[wire_block(block) for block in self._bench.blocks],
            options=wire_options(),
            run=run,
            nodes=nodes,
            stale=self._stale,
            runs=self._listed(),
            version=importlib.metadata.version("agentbench"),
        )

    def _tell(self, updates: list[messages.Update]) -> None:
        self._post(self._updates.add(updates))

    def _reply(
        self, client: str, rid: int, result: Any = None
    ) -> None:
        given = None if result is None else to_jsonable_python(result, by_alias=True)
        self._post(messages.Reply(client=client, rid=rid, ok=True, result=given))

    def _refuse(self, client: str, rid: int, error: Exception, asked: str) -> None:
        code, text = type(error).__name__, str(error)
        said = text if isinstance(error, AgentbenchError) else f"{code}: {text}"
        trouble = self._bench.troubles.note(error, asked.replace("_", " "))
        reply = messages.Reply(
            client=client, rid=rid, ok=False, error=said, code=code, trouble=trouble
        )
        self._post(reply)

    def _post(self, message: pydantic.BaseModel) -> None:
        if self.comm is not None:
            self.send(message.model_dump(mode="json", by_alias=True))

    # ---- showing -----------------------------------------------------------

    def __repr__(self) -> str:
        return f"<editor of {self.graph.name!r}>"

    def _repr_mimebundle_(self, **given: Any) -> Any:
        """The live widget, and for where there is none the drawing and the text."""
        static = self._bench.bundle(self.graph)
        live = super()._repr_mimebundle_(**given)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**(data or {}), **static}, metadata


def _answer_where_asked(widget: Any) -> None:
    # ipykernel 7.4 moves a comm's messages to the thread that last published on it; with
    # the pump publishing, requests would then wait for a blocked cell. The attribute is
    # private: without it nothing is lost but that comfort. A test holds the effect.
    with contextlib.suppress(Exception):
        if hasattr(widget.comm, "_reply_subshell_for"):
            widget.comm._reply_subshell_for = lambda _, default: default  # noqa: SLF001
