"""Context: what a running block may ask for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from agentbench.domain.credential import Credential
from agentbench.domain.memory import Memory
from agentbench.domain.model import Models
from agentbench.domain.outbound import Door
from agentbench.domain.rate import Rate
from agentbench.domain.replay import Calls
from agentbench.domain.tool import LinkedTool, ToolOutcome


@runtime_checkable
class Context(Protocol):
    """What a block is handed while it runs; give a parameter this type to get it.

    A block that asks for nothing needs no context. Everything here may be called
    from a block's own thread as well as from the engine's loop.
    """

    run_id: str
    node: str
    firing: int
    outbound: Door
    """The one door for network calls; in a worker process it takes requests only."""
    calls: Calls
    """Records and replays calls of what is none of these, such as a server with a protocol
    of its own; in a worker process they are always made."""

    @property
    def models(self) -> Models:
        """The language models, by `provider:model`: their words are shown, their cost is counted."""
        ...

    @property
    def memory(self) -> Memory:
        """What this agent keeps from run to run, and what all agents share; not in a worker."""
        ...

    @property
    def workspace(self) -> Path:
        """The folder that files are read from and written to; blocks stay inside it."""
        ...

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that files may be read from.

        The workspace, that of the agent's file, those above it that hold no more than a
        project, and those that a setting names.
        """
        ...

    def progress(self, done: float, total: float = 1.0, text: str = "") -> None:
        """Shows how far the firing is: live only, never stored."""

    def log(self, text: str) -> None:
        """Keeps a line with the firing."""

    def use(
        self, *, tokens: int = 0, cost: float = 0.0, model: str = "", seconds: float = 0
    ) -> None:
        """Counts tokens, and cost in US dollars, towards the run's budgets."""

    async def once(self, step: str, make: Callable[[], Awaitable[Any]]) -> Any:
        """What `make` gives, the first time; what it gave, when this firing begins again.

        For steps that would come out differently a second time, such as what a model
        says: a firing begins again when it is tried again, when it had asked somebody,
        and when the run goes on after a crash. `step` names the step within the firing;
        what it gives must be plain values.
        """

    def tools(self) -> Sequence[LinkedTool]:
        """The nodes that this node's output `tools` is linked to."""
        ...

    async def call_tool(
        self, tool: str, arguments: Mapping[str, Any], *, wait: bool = True
    ) -> ToolOutcome:
        """Has a tool (by its node's id) fire, and gives how that ended.

        Calls are to be made in the same order when the firing begins again. With `wait`
        off it gives the values to the tool and goes on, with an outcome of nothing.
        While a tool waits for a person, and the run has nothing else to do, the firing is
        parked, as with `ask`; when it begins again, no call is made twice.

        Raises:
            RunError: there is no such tool, or an argument is missing, unknown or of
                the wrong type; nothing was called.
        """
        ...

    async def ask(
        self,
        question: str,
        *,
        choices: Sequence[str] = (),
        about: Any = None,
        schema: Mapping[str, Any] | None = None,
        comment: bool = False,
        edit: bool = False,
        timeout: float | None = None,
        default: Any = None,
    ) -> Any:
        """What a person answered, in this kernel or another, now or days later.

        Until somebody has, the firing is parked: it ends here, holds nothing, and when
        the answer is there the block is called again, from its beginning. What it does
        before it asks should therefore change nothing. `choices` are the answers that
        are taken, or `schema` is the JSON schema that one has to fit; any is taken when
        there is neither. `about` is shown with the question, and with `edit` is what
        people begin from. With `comment` the answer may be
        `{"answer": …, "comment": …}`. When nobody has answered within `timeout` seconds
        (for which this kernel keeps the run), `default` is the answer.

        Raises:
            NobodyAnswered: the time is over, and there is no default.
        """

    async def sleep(self, seconds: float) -> None:
        """Lets time pass without holding anything; also across kernels.

        For more than a moment the block is parked, and called again from its beginning.
        """

    async def take(
        self, key: str, rate: Rate, *, units: int = 1, timeout: float | None = None
    ) -> float:
        """Waits until so many units may be used of a rate that all kernels share.

        Gives the seconds that it waited. `timeout` is the most that it may take.

        Raises:
            RateExceeded: it would take longer; there was no wait, and nothing was taken.
        """
        ...

    async def run_agent(
        self,
        agent: str,
        inputs: Mapping[str, Any],
        *,
        version: int | None = None,
        part: str = "",
    ) -> dict[str, list[Any]]:
        """Runs an agent of the library (or a file) as part of this run.

        Gives the values of its outputs by name. Its run counts towards this run's
        budgets and is kept under it; when this firing is tried again, what it had done
        stands. `part` tells several calls of one firing apart.

        Raises:
            UnknownAgent: there is no such agent.
            SubAgentFailed: its run did not complete.
        """
        ...

    def find_file(self, path: str) -> Path:
        """The existing file that `path` names.

        A relative path is looked for in the working directory, then beside the
        agent's file and in the folders above it.

        Raises:
            FileNotFoundError: with every place that was looked at.
        """
        ...

    async def credential(self, name: str) -> Credential:
        """The credential of that name, for libraries that want the secret itself.

        For a request its name is enough: `outbound.request(..., credential=name)`.

        Raises:
            UnknownCredential: there is none.
        """
        ...

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a blocking function in one of the engine's worker threads."""
