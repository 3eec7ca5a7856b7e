"""Charts: objects of the plotting libraries, and charts given as plain data."""

from agentbench.renderers.chart.live import (
    AltairRenderer,
    MatplotlibRenderer,
    PlotlyRenderer,
)
from agentbench.renderers.chart.spec import PlotlySpecRenderer, VegaSpecRenderer

__all__ = [
    "AltairRenderer",
    "MatplotlibRenderer",
    "PlotlyRenderer",
    "PlotlySpecRenderer",
    "VegaSpecRenderer",
]
