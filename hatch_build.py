"""Puts the built front end into what is packaged, and builds it when it is missing."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
BUNDLE = ROOT / "agentbench" / "widgets" / "static" / "graph-editor.js"
sys.path.insert(0, str(ROOT / "scripts"))

import npm  # noqa: E402 - it lies beside this file, not on the path


class FrontEnd(BuildHookInterface[Any]):
    """Builds the front end once; a source distribution already carries it."""

    def dependencies(self) -> list[str]:
        """Node in a wheel, for a machine that has to build and has none."""
        return [npm.NODE_WHEEL] if not BUNDLE.exists() and npm.needs_wheel() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds, unless the bundle is there or the install is editable."""
        if version == "editable" or BUNDLE.exists():
            return
        for command in (["ci"], ["run", "build"]):
            if npm.npm(*command):
                message = (
                    f"The front end was not built: `npm {' '.join(command)}` failed."
                )
                raise RuntimeError(message)
