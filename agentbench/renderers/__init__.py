"""The renderers room: how values look; a file is a family of values.

To add a renderer, write a class in a file of its own (start from `link.py`), put it in
the list, and its values into `tests/conformance/test_renderer.py`: that test holds every
renderer to the promises of `agentbench.domain.renderer`. The first one that says
`can_render` shows the value, asked in the order of their priority.
"""

from agentbench.renderers.audio import AudioRenderer
from agentbench.renderers.chart import (
    AltairRenderer,
    MatplotlibRenderer,
    PlotlyRenderer,
    PlotlySpecRenderer,
    VegaSpecRenderer,
)
from agentbench.renderers.chat import ChatRenderer
from agentbench.renderers.code import CodeRenderer
from agentbench.renderers.diff import DiffRenderer
from agentbench.renderers.display import DisplayProtocolRenderer
from agentbench.renderers.exception import ExceptionRenderer
from agentbench.renderers.file import FileRenderer
from agentbench.renderers.geojson import GeoJsonRenderer
from agentbench.renderers.graph import GraphRenderer, RunRenderer
from agentbench.renderers.html import HtmlRenderer
from agentbench.renderers.image import ImageRenderer
from agentbench.renderers.json_tree import JsonTreeRenderer
from agentbench.renderers.latex import LatexRenderer
from agentbench.renderers.link import LinkRenderer
from agentbench.renderers.markdown import MarkdownRenderer
from agentbench.renderers.mermaid import GraphvizRenderer, MermaidRenderer
from agentbench.renderers.model import ModelRenderer
from agentbench.renderers.notebook import NotebookRenderer
from agentbench.renderers.pdf import PdfRenderer
from agentbench.renderers.table import TableRenderer
from agentbench.renderers.text import TextRenderer
from agentbench.renderers.video import VideoRenderer

BUILTIN_RENDERERS = (
    GraphRenderer,  # 90
    RunRenderer,  # 85
    ExceptionRenderer,  # 80
    AltairRenderer,  # 74
    MatplotlibRenderer,  # 73
    PlotlyRenderer,  # 72
    AudioRenderer,  # 71
    ImageRenderer,  # 70
    VideoRenderer,  # 69
    PdfRenderer,  # 68
    TableRenderer,  # 65
    FileRenderer,  # 60
    VegaSpecRenderer,  # 58
    PlotlySpecRenderer,  # 57
    NotebookRenderer,  # 56
    HtmlRenderer,  # 55
    DisplayProtocolRenderer,  # 50
    CodeRenderer,  # 47
    DiffRenderer,  # 46
    LinkRenderer,  # 45
    MermaidRenderer,  # 39
    LatexRenderer,  # 38
    GraphvizRenderer,  # 37
    MarkdownRenderer,  # 35
    GeoJsonRenderer,  # 34
    ChatRenderer,  # 33
    ModelRenderer,  # 32
    JsonTreeRenderer,  # 30
    TextRenderer,  # 20
)
"""Every built-in renderer with its priority, in the order in which they are asked."""
