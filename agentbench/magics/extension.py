"""What `%load_ext agentbench` does to the shell, and `%unload_ext` undoes.

It is light: the workbench, and all that hangs on it, is loaded by the first use.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.arrival import on_arrival
from agentbench.magics.agent import AgentMagics

if TYPE_CHECKING:
    from agentbench.domain.graph import Graph
    from agentbench.workbench.credentials import CredentialDesk
    from agentbench.workbench.run import Run
    from agentbench.workbench.workbench import Workbench

_forget: list[Callable[[], None]] = []
_furnished: "list[Workbench]" = []


def load(shell: InteractiveShell) -> None:
    """Gives the shell `%agent`, its completion, and the canvas as the look of a graph."""
    shell.register_magics(AgentMagics)
    shell.set_hook("complete_command", _complete, str_key="%agent")
    if shell.display_formatter is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type_by_name("agentbench.domain.graph", "Graph", _show_graph)
        formatter.for_type_by_name("agentbench.workbench.run", "Run", _show_run)
        formatter.for_type_by_name(
            "agentbench.workbench.credentials", "CredentialDesk", _show_credentials
        )
    _stop_waiting()
    _forget.append(on_arrival(lambda bench: _furnish(bench, shell)))


def unload(shell: InteractiveShell) -> None:
    """Takes back what `load` gave."""
    shell.magics_manager.magics["line"].pop("agent", None)
    _stop_waiting()
    if shell.display_formatter is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        for show in (_show_graph, _show_run, _show_credentials):
            for shown in (formatter.type_printers, formatter.deferred_printers):
                for key in [key for key, given in shown.items() if given is show]:
                    del shown[key]
    for bench in _furnished:
        bench.on_start.remove(_follow)
    _furnished.clear()


def _stop_waiting() -> None:
    """Furnishes no workbench that comes from now on."""
    while _forget:
        _forget.pop()()


def _furnish(bench: "Workbench", shell: InteractiveShell) -> None:
    """Shows what the shell can show, and runs on the canvas of their graph."""
    from agentbench.magics.shell_renderer import ShellRenderer

    bench.renderers.register(ShellRenderer(shell), replace=True)
    if bench not in _furnished:
        _furnished.append(bench)
        bench.on_start.append(_follow)


def _complete(shell: InteractiveShell, event: Any) -> list[str]:
    from agentbench.magics.complete import complete_agent

    return complete_agent(shell, event)


def _show_graph(graph: "Graph", **given: Any) -> Any:
    from agentbench.widgets.graph_editor import editor_of
    from agentbench.workbench.workbench import workbench

    return editor_of(graph, workbench())._repr_mimebundle_(**given)


def _show_run(run: "Run", **given: Any) -> Any:
    from agentbench.widgets.run_card import card_of
    from agentbench.workbench.workbench import workbench

    return card_of(run, workbench())._repr_mimebundle_(**given)


def _show_credentials(desk: "CredentialDesk", **given: Any) -> Any:
    from agentbench.widgets.credentials import CredentialsWidget
    from agentbench.workbench.workbench import workbench

    shown = CredentialsWidget(desk, workbench())._repr_mimebundle_(**given)
    data, metadata = shown if isinstance(shown, tuple) else (shown, {})
    return {**(data or {}), "text/plain": repr(desk)}, metadata


def _follow(graph: "Graph", run: "Run") -> None:
    """Shows a run on the canvas of its graph, if that has one."""
    editor = getattr(graph, "_editor", None)
    if editor is not None:
        editor.show(run)
