"""The workbench: one object that joins the parts, and the face that the doors talk to."""

import atexit
import importlib
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from agentbench.domain.basis import Reuse
from agentbench.domain.bench import set_bench
from agentbench.domain.errors import (
    AnswerRefused,
    BackendError,
    CodecError,
)
from agentbench.domain.graph import Graph
from agentbench.domain.problem import Problem
from agentbench.domain.renderer import MimeBundle
from agentbench.domain.run import Decision, RunOptions, RunStatus
from agentbench.domain.store import RunRecord
from agentbench.engine.validate import inputs_of_agent, problems
from agentbench.workbench.agents import Agents
from agentbench.workbench.bringing import problems_of_places, refuse_missing
from agentbench.workbench.carrier import Carrier
from agentbench.workbench.mcp import Mcp
from agentbench.workbench.parts import Parts
from agentbench.workbench.run import Run
from agentbench.workbench.runs import Runs, Since, find_runs
from agentbench.workbench.settings import Settings
from agentbench.workbench.waits import Wait, Waiting, waits_of

ABOUT_LINES = 8
"""So many lines are shown of what a question is about."""

_MAY_WAIT = (RunStatus.WAITING, RunStatus.NEEDS_DECISION, RunStatus.RUNNING)


class Workbench(Parts):
    """Everything one kernel needs to build and run agents."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings or Settings.from_environment())
        self.agents = Agents(lambda: self.store, self.blocks, consents=self.consents)
        self.on_start: list[Callable[[Graph, Run], None]] = []
        """Called with the graph and the run whenever a run starts here."""
        self.carrier = Carrier(self, bundle=self.bundle, find_agent=self.find_agent)
        self.mcp = Mcp(lambda: self)
        self._decisions: dict[str, dict[str, Decision]] = {}
        atexit.register(self.close)

    # ---- graphs ------------------------------------------------------------

    def check(self, graph: Graph) -> list[Problem]:
        """What is wrong or doubtful with a graph."""
        return [
            *problems(graph),
            *self.consents.problems(graph),
            *problems_of_places(self, graph),
        ]

    def inputs_of(self, graph: Graph) -> dict[str, Any]:
        """The agent's own inputs: by name, the node and its port."""
        return inputs_of_agent(graph)

    def find_agent(self, name: str, version: int | None = None) -> Graph:
        """The agent that a node runs: open here, of the library, or a file.

        Raises:
            UnknownAgent: there is none of that name.
            DocumentError: the file is no agent file.
        """
        return self.agents.look(name, version)

    def model_names(self) -> list[str]:
        """Names of chat models to choose from, those that can be asked first."""
        return self.models.suggestions()

    def save(
        self, graph: Graph, file: str | Path | None = None, *, force: bool = False
    ) -> str:
        """Saves a graph and says in words where."""
        return self.agents.save(graph, file, force=force)

    def form(self, graph: Graph) -> Any:
        """The form of an agent, for a cell."""
        # Widgets are a floor above: they are named here and not imported, so that a
        # workbench without a notebook loads none.
        return importlib.import_module("agentbench.widgets.agent_form").form(graph)

    def bundle(self, thing: Any) -> dict[str, Any]:
        """The MIME bundle of anything, by the renderers."""
        return dict(self.render(thing).data)

    def render(self, thing: Any, hints: Mapping[str, Any] | None = None) -> MimeBundle:
        """A value as a MIME bundle."""
        bundle: MimeBundle = self.renderers.render(thing, hints or {})
        return bundle

    # ---- runs --------------------------------------------------------------

    def start(
        self,
        graph: Graph,
        inputs: Mapping[str, Any],
        options: RunOptions | None = None,
        reuse: Reuse | None = None,
        *,
        named: Mapping[str, Any] | None = None,
    ) -> Run:
        """Starts a run in the background and returns it at once.

        The run works on a copy: later edits do not touch it. With `reuse`, what would
        come out the same is taken from an earlier run. `named` is what a form said in
        the place of inputs that it cannot hold: it is offered again the next time.

        Raises:
            GraphInvalid: the graph cannot run as it is.
            InputError: an input is missing, unknown or of the wrong type.
        """
        refuse_missing(self, graph)
        run = self.carrier.start(
            graph, inputs, options or RunOptions(), reuse, named=named
        )
        self._tell(graph, run)
        return run

    def run(self, id: str) -> Run:
        """The run of that id, ours or another kernel's.

        Raises:
            UnknownRun: there is none.
        """
        return self.carrier.run(id)

    def runs(
        self,
        *,
        agent: str | None = None,
        status: str | Iterable[str] = (),
        since: Since | None = None,
        text: str = "",
        limit: int = 100,
    ) -> Runs:
        """The newest runs first; one whose kernel died stands as `interrupted`.

        With `text`, only those in whose id, agent or inputs all its words are.

        Raises:
            ValueError: there is no such status, or `since` is no time.
        """
        return find_runs(
            self.store,
            lambda record: self.run(record.id).status,
            agent=agent,
            status=status,
            since=since,
            text=text,
            limit=limit,
        )

    def import_run(self, path: str | Path, *, most_bytes: int | None = None) -> Run:
        """Takes a run file in and returns its run; nothing of it is carried out.

        `most_bytes` is how much the file may hold, unpacked; by default 4 GiB.

        Raises:
            RunFileError: the file is no run file, or a damaged or hostile one.
            RunClash: there is another run of that id.
        """
        from agentbench.workbench.run_file import MOST_BYTES, load_run

        most = MOST_BYTES if most_bytes is None else most_bytes
        place = Path(path).expanduser()
        id = load_run(self.store, place, self.blocks, most_bytes=most)
        return self.run(id)

    def waits(self, record: RunRecord) -> list[Wait]:
        """What a run waits to be told; nothing for one that goes on or has ended."""
        if record.status in (RunStatus.WAITING, RunStatus.NEEDS_DECISION):
            return waits_of(self.run(record.id))
        return []

    def resume(
        self, id: str, *, decisions: Mapping[str, Decision] | None = None
    ) -> Run:
        """Goes on with a run whose kernel has died; what is recorded stands.

        `decisions` says, by node, what became of a firing that was sending something
        when it was cut off: `again` sends it again, `done` takes it as sent, `failed`
        as failed.

        Raises:
            UnknownRun: there is no such run.
            RunTaken: a living kernel has it.
            GraphInvalid: a block of it is unknown here, or a live constant is gone.
            NeedsDecision: a block was cut off while sending, and nobody decided.
            StoreError: it has ended.
        """
        run = self.carrier.resume(id, decisions or {})
        self._tell(self.agents.open_here(run.agent), run)
        return run

    def answer(
        self, id: str, node: str, answer: Any, *, firing: int | None = None
    ) -> Run:
        """Answers what a run asks; it goes on here, or in the kernel that has it.

        A run that needs a decision takes `again`, `done` or `failed`; it goes on once
        all its nodes that were cut off have been decided.

        Raises:
            UnknownRun: there is no such run.
            AnswerRefused: nothing waits there, or not for that answer.
            GraphInvalid: a block of it is unknown here.
        """
        asked = self.run(id)
        if asked.status is RunStatus.NEEDS_DECISION:
            return self._decide(asked, node, answer)
        run, is_resumed = self.carrier.answer(id, node, answer, firing=firing)
        if is_resumed:
            self._tell(self.agents.open_here(run.agent), run)
        return run

    def waiting(self, *, agent: str | None = None, limit: int = 500) -> list[Waiting]:
        """What the newest runs wait for people to say, the newest first."""
        found: list[Waiting] = []
        for record in self.store.runs(agent=agent, limit=limit):
            if record.status not in _MAY_WAIT:
                continue
            run = self.run(record.id)
            found.extend(
                Waiting(
                    run=run.id,
                    agent=run.agent,
                    started=record.started,
                    wait=wait,
                    about=self._about(run, wait),
                )
                for wait in waits_of(run)
            )
        return found

    def _about(self, run: Run, wait: Wait) -> str:
        """The first lines of what a question is about."""
        asks = run.nodes[wait.node].firings[wait.firing].asks
        if asks is None or asks.about is None:
            return ""
        try:
            text = str(self.render(self.keeper.read(asks.about)).data["text/plain"])
        except (CodecError, BackendError) as error:
            return str(error)
        lines = text.splitlines()
        more = ["…"] if len(lines) > ABOUT_LINES else []
        return "\n".join([*lines[:ABOUT_LINES], *more])

    def _decide(self, run: Run, node: str, decision: Any) -> Run:
        undecided = run.undecided
        if node not in undecided:
            there = ", ".join(sorted(undecided))
            reason = f"nothing is to be decided about {node!r}, but about: {there}."
            raise AnswerRefused(run.id, reason)
        if decision not in get_args(Decision):
            there = ", ".join(map(repr, get_args(Decision)))
            raise AnswerRefused(run.id, f"{node!r} takes {there}, not {decision!r}.")
        known = self._decisions.setdefault(run.id, {})
        known[node] = decision
        if set(undecided) - set(known):
            return run
        return self.resume(run.id, decisions=self._decisions.pop(run.id))

    def close(self) -> None:
        """Cuts off what still runs and lets go of everything. Closing twice is no error."""
        atexit.unregister(self.close)
        self.carrier.close()
        self.let_go()

    def _tell(self, graph: Graph | None, run: Run) -> None:
        if graph is not None:
            for listener in self.on_start:
                listener(graph, run)


_bench: list[Workbench] = []
_making = threading.Lock()


def workbench() -> Workbench:
    """The workbench of this process, made when first asked for."""
    with _making:
        if not _bench:
            _bench.append(Workbench())
            set_bench(_bench[0])
        return _bench[0]


def use_workbench(bench: Workbench) -> None:
    """Makes `bench` the workbench of this process."""
    _bench[:] = [bench]
    set_bench(bench)
