"""Codecs: how values become bytes and come back; a file is a family, a class is a codec.

To add one, write a class that keeps the promises of `agentbench.domain.codec`, import
heavy libraries inside its methods, and list it here; `tests/conformance/test_codec.py`
then holds it to them. A codec's name is its address: `arrow.frame` is in `arrow.py`.
"""

from agentbench.codecs.arrow import FrameCodec, PolarsCodec, SeriesCodec, TableCodec
from agentbench.codecs.base import Codecs
from agentbench.codecs.bytes import BytesCodec
from agentbench.codecs.chart import AltairCodec, PlotlyCodec
from agentbench.codecs.image import PngCodec
from agentbench.codecs.json import JsonCodec
from agentbench.codecs.npy import ArrayCodec, ScalarCodec
from agentbench.codecs.text import TextCodec
from agentbench.domain.codec import Codec

CODECS: tuple[Codec, ...] = (
    TextCodec(),
    BytesCodec(),
    JsonCodec(),
    FrameCodec(),
    SeriesCodec(),
    TableCodec(),
    PolarsCodec(),
    ArrayCodec(),
    ScalarCodec(),
    PngCodec(),
    AltairCodec(),
    PlotlyCodec(),
)
"""The built-in codecs, in the order in which they are asked."""

__all__ = ["CODECS", "Codecs"]
