"""The magics: `%agent`, which is a verb and what the verb needs, and `%%block`."""

import re
import shlex
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from traitlets import List, Unicode, observe


@magics_class
class AgentMagics(Magics):
    """`%agent` and `%%block`; what they do is loaded when it is first used."""

    allowed_hosts = List(
        Unicode(),
        help="Hosts, or host:port, that blocks may reach though they are not public:"
        ' `%config AgentMagics.allowed_hosts = ["localhost:11434"]`.',
    ).tag(config=True)

    @observe("allowed_hosts")
    def _allow(self, change: Any) -> None:
        from agentbench.workbench.workbench import workbench

        for host in change["new"]:
            workbench().outbound.allow(host)

    @line_magic
    def agent(self, line: str) -> Any:
        """Builds and runs agents, as in `%agent run NAME input=value`.

        `%agent --help` lists the verbs, `%agent VERB --help` explains one.
        """
        from agentbench.domain.errors import AgentbenchError
        from agentbench.magics.verb import HelpShown
        from agentbench.magics.verbs import make_parser

        words = _words(line)
        try:
            given = make_parser().parse_args(words or ["--help"])
            return given.do(self.shell, given)
        except HelpShown:
            return None
        except AgentbenchError as error:
            # People need the message; the way through our code tells them nothing.
            said = f"{type(error).__name__}: {error}"
            error._render_traceback_ = lambda: said.split("\n")  # type: ignore[attr-defined]
            raise

    @cell_magic
    def block(self, line: str, cell: str) -> None:
        """Makes the last function of the cell a block, as `@ab.block` does.

        `%%block --help` says what can be said of it.
        """
        from agentbench.magics.block_cell import define

        if self.shell is not None:
            define(self.shell, line, cell)


def _words(line: str) -> list[str]:
    """The words of the line, a comment left out, flags before what they may stand after."""
    try:
        words = shlex.split(re.sub(r"\s#\s[^'\"]*$", "", line))
    except ValueError as error:
        message = f"%agent cannot read its line: {error}."
        raise UsageError(message) from None
    if words[:1] == ["run"]:
        flags, others = _sorted_out(words[1:])
        words = ["run", *flags, *others]
    return words


def _sorted_out(words: list[str]) -> tuple[list[str], list[str]]:
    """Flags, each with its value if it takes one, and the other words."""
    from agentbench.workbench.arguments import VALUED

    flags: list[str] = []
    others: list[str] = []
    for word in words:
        is_value = bool(flags) and flags[-1] in VALUED
        (flags if is_value or word.startswith("--") else others).append(word)
    return flags, others
