"""Outputs: what a run gave, by output, as a dictionary and as a DataFrame."""

from typing import TYPE_CHECKING, Any

from agentbench.domain.records import frame_of

if TYPE_CHECKING:
    import pandas


class Outputs(dict[str, list[Any]]):
    """Each output's values, in the order in which they came."""

    def to_frame(self) -> "pandas.DataFrame":
        """One value a row: its output, its number there (from 1), the value itself.

        Raises:
            MissingLibrary: pandas is not installed.
        """
        rows = (
            {"output": name, "number": number, "value": value}
            for name, values in self.items()
            for number, value in enumerate(values, 1)
        )
        return frame_of(rows, ("output", "number", "value"))
