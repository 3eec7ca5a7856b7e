"""Charts as the JSON of their specification."""

import json
import threading
from typing import Any

from agentbench.codecs.base import is_exactly, is_from, refusing
from agentbench.domain.errors import CodecError

_transformer = threading.Lock()


class AltairCodec:
    """Keeps an Altair chart of any kind as Vega-Lite, its data inside."""

    name = "chart.altair"

    def can_encode(self, value: Any) -> bool:
        return is_from(value, "altair", "TopLevelMixin")

    def encode(self, value: Any) -> bytes:
        import altair as alt

        # Whatever the user set (files beside the notebook, a row limit) is for showing.
        with refusing("The chart"), _transformer:
            with alt.data_transformers.enable("default", max_rows=None):
                spec = value.to_dict(validate=False)
            if type(_chart(spec)) is not type(value):
                raise CodecError("The chart would come back as another kind of chart.")
            return _compact(spec)

    def decode(self, data: bytes) -> Any:
        with refusing("The stored chart"):
            return _chart(json.loads(data))


def _chart(spec: dict[str, Any]) -> Any:
    """The chart of a specification, checked; all but its rows, which takes seconds."""
    import altair as alt

    rows = spec.get("datasets")
    chart: Any = alt.Chart.from_dict(
        {key: part for key, part in spec.items() if key != "datasets"}
    )
    if rows:
        chart.datasets = rows
    return chart


class PlotlyCodec:
    """Keeps a Plotly figure."""

    name = "chart.plotly"

    def can_encode(self, value: Any) -> bool:
        return is_exactly(value, "plotly", "Figure")

    def encode(self, value: Any) -> bytes:
        with refusing("The figure"):
            return _compact(json.loads(value.to_json(engine="json")))

    def decode(self, data: bytes) -> Any:
        with refusing("The stored figure"):
            import plotly.io  # type: ignore[import-untyped]

            return plotly.io.from_json(data.decode(), engine="json")


def _compact(spec: Any) -> bytes:
    return json.dumps(spec, sort_keys=True, separators=(",", ":")).encode()
