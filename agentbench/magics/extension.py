"""What `%load_ext agentbench` does to the shell, and `%unload_ext` undoes."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.graph import Graph
from agentbench.magics.agent import AgentMagics
from agentbench.magics.complete import complete_agent
from agentbench.magics.shell_renderer import ShellRenderer
from agentbench.workbench.credentials import CredentialDesk
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import workbench


def load(shell: InteractiveShell) -> None:
    """Gives the shell `%agent`, its completion, and the canvas as the look of a graph."""
    bench = workbench()
    shell.register_magics(AgentMagics)
    shell.set_hook("complete_command", complete_agent, str_key="%agent")
    if shell.display_formatter is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type(Graph, _show_graph)
        formatter.for_type(Run, _show_run)
        formatter.for_type(CredentialDesk, _show_credentials)
    bench.renderers.register(ShellRenderer(shell), replace=True)
    if _follow not in bench.on_start:
        bench.on_start.append(_follow)


def unload(shell: InteractiveShell) -> None:
    """Takes back what `load` gave."""
    shell.magics_manager.magics["line"].pop("agent", None)
    if shell.display_formatter is not None:
        shown = shell.display_formatter.mimebundle_formatter.type_printers
        shown.pop(Graph, None)
        shown.pop(Run, None)
        shown.pop(CredentialDesk, None)
    bench = workbench()
    if _follow in bench.on_start:
        bench.on_start.remove(_follow)


def _show_graph(graph: Graph, **given: Any) -> Any:
    from agentbench.widgets.graph_editor import editor_of

    return editor_of(graph, workbench())._repr_mimebundle_(**given)


def _show_run(run: Run, **given: Any) -> Any:
    from agentbench.widgets.run_card import card_of

    return card_of(run, workbench())._repr_mimebundle_(**given)


def _show_credentials(desk: CredentialDesk, **given: Any) -> Any:
    from agentbench.widgets.credentials import CredentialsWidget

    shown = CredentialsWidget(desk, workbench())._repr_mimebundle_(**given)
    data, metadata = shown if isinstance(shown, tuple) else (shown, {})
    return {**(data or {}), "text/plain": repr(desk)}, metadata


def _follow(graph: Graph, run: Run) -> None:
    """Shows a run on the canvas of its graph, if that has one."""
    editor = getattr(graph, "_editor", None)
    if editor is not None:
        editor.show(run)
