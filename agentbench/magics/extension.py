"""What `%load_ext agentbench` does to the shell, and `%unload_ext` undoes.

It is light: the workbench, and all that hangs on it, is loaded by the first use.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain import cell
from agentbench.domain.arrival import on_arrival
from agentbench.magics.agent import AgentMagics

if TYPE_CHECKING:
    from agentbench.domain.graph import Graph
    from agentbench.workbench.credentials import CredentialDesk
    from agentbench.workbench.film.timeline import Timeline
    from agentbench.workbench.run import Run
    from agentbench.workbench.workbench import Workbench

_forget: list[Callable[[], None]] = []


def load(shell: InteractiveShell) -> None:
    """Gives the shell `%agent` with its completion, `%%block`, and the canvas as the look of a graph."""
    magics = AgentMagics(shell=shell)
    shell.register_magics(magics)
    _forget_configurable(shell)
    # By these `%config` knows it; they are declared as shells, and are not.
    shell.configurables.append(magics)  # type: ignore[arg-type]
    shell.set_hook("complete_command", _complete, str_key="%agent")
    if shell.display_formatter is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type_by_name("agentbench.domain.graph", "Graph", _show_graph)
        formatter.for_type_by_name("agentbench.workbench.run", "Run", _show_run)
        formatter.for_type_by_name(
            "agentbench.workbench.film.timeline", "Timeline", _show_timeline
        )
        formatter.for_type_by_name(
            "agentbench.workbench.credentials", "CredentialDesk", _show_credentials
        )
    _stop_waiting()
    _forget.append(on_arrival(lambda bench: _furnish(bench, shell)))
    _follow_cells(shell)


def _follow_cells(shell: InteractiveShell) -> None:
    """Tells which cell runs, from the one on that loads the extension."""

    def began(info: Any) -> None:
        cell.begin(getattr(info, "cell_id", None) or "")

    def ended(result: Any) -> None:
        cell.end(is_well=bool(getattr(result, "success", True)))

    parent: dict[str, Any] = getattr(shell, "get_parent", dict)() or {}
    cell.begin(str(parent.get("metadata", {}).get("cellId") or ""))
    for event, call in (("pre_run_cell", began), ("post_run_cell", ended)):
        shell.events.register(event, call)
        _forget.append(functools.partial(shell.events.unregister, event, call))


def unload(shell: InteractiveShell) -> None:
    """Takes back what `load` gave."""
    shell.magics_manager.magics["line"].pop("agent", None)
    shell.magics_manager.magics["cell"].pop("block", None)
    _stop_waiting()
    _forget_configurable(shell)
    if shell.display_formatter is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        for show in (_show_graph, _show_run, _show_timeline, _show_credentials):
            for shown in (formatter.type_printers, formatter.deferred_printers):
                for key in [key for key, given in shown.items() if given is show]:
                    del shown[key]


def _forget_configurable(shell: InteractiveShell) -> None:
    kept = [one for one in shell.configurables if not isinstance(one, AgentMagics)]
    shell.configurables[:] = kept


def _stop_waiting() -> None:
    """Furnishes no workbench that comes from now on, and follows no cells."""
    while _forget:
        _forget.pop()()


def _furnish(bench: "Workbench", shell: InteractiveShell) -> None:
    """Has the bench show whatever the shell can show."""
    from agentbench.magics.shell_renderer import ShellRenderer

    bench.renderers.register(ShellRenderer(shell), replace=True)


def _complete(shell: InteractiveShell, event: Any) -> list[str]:
    from agentbench.magics.complete import complete_agent

    return complete_agent(shell, event)


def _show_graph(graph: "Graph", **given: Any) -> Any:
    from agentbench.widgets.canvas import editor_of
    from agentbench.workbench.workbench import workbench

    return editor_of(graph, workbench())._repr_mimebundle_(**given)


def _show_run(run: "Run", **given: Any) -> Any:
    from agentbench.widgets.run_card import card_of
    from agentbench.workbench.workbench import workbench

    return card_of(run, workbench())._repr_mimebundle_(**given)


def _show_timeline(timeline: "Timeline", **given: Any) -> Any:
    from agentbench.widgets.run_timeline import timeline_of
    from agentbench.workbench.workbench import workbench

    return timeline_of(timeline, workbench())._repr_mimebundle_(**given)


def _show_credentials(desk: "CredentialDesk", **given: Any) -> Any:
    from agentbench.widgets.credentials import CredentialsWidget
    from agentbench.workbench.workbench import workbench

    shown = CredentialsWidget(desk, workbench())._repr_mimebundle_(**given)
    data, metadata = shown if isinstance(shown, tuple) else (shown, {})
    return {**(data or {}), "text/plain": repr(desk)}, metadata
