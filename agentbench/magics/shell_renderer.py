"""The shell's own display formatters as a renderer: whatever Jupyter can show, shows."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.renderer import Download, Hints, MimeBundle


class ShellRenderer:
    """Asks the formatters that the notebook's user or a library has registered.

    It stands below the renderers that know a type, and above plain text.
    """

    name = "shell"
    priority = 10

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def can_render(self, value: Any, hints: Hints) -> bool:
        """Whether a formatter says more of the value than text."""
        return any(mime != "text/plain" for mime in self._formatted(value)[0])

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        """The value as a cell would show it."""
        data, metadata = self._formatted(value)
        return MimeBundle(data, metadata)

    def copy(self, value: Any, hints: Hints) -> str | None:
        """Its text form."""
        text = self._formatted(value)[0].get("text/plain")
        return None if text is None else str(text)

    def download(self, value: Any, hints: Hints) -> Download | None:
        """Nothing: what a formatter gives is no file."""
        return None

    def _formatted(self, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        formatter = self._shell.display_formatter
        if formatter is None:
            return {}, {}
        data, metadata = formatter.format(value)
        return dict(data), dict(metadata)
