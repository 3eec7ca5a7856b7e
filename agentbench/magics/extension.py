"""What `%load_ext agentbench` does to the shell, and `%unload_ext` undoes."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.graph import Graph
from agentbench.magics.agent import AgentMagics
from agentbench.magics.complete import complete_agent
from agentbench.magics.shell_renderer import ShellRenderer
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
    bench.renderers.register(ShellRenderer(shell), replace=True)


def unload(shell: InteractiveShell) -> None:
    """Takes back what `load` gave."""
    shell.magics_manager.magics["line"].pop("agent", None)
    if shell.display_formatter is not None:
        shown = shell.display_formatter.mimebundle_formatter.type_printers
        shown.pop(Graph, None)
        shown.pop(Run, None)


def _show_graph(graph: Graph, **given: Any) -> Any:
    from agentbench.widgets.canvas import editor_of

    return editor_of(graph, workbench())._repr_mimebundle_(**given)


def _show_run(run: Run, **given: Any) -> Any:
    from agentbench.widgets.run_card import card_of

    return card_of(run, workbench())._repr_mimebundle_(**given)
