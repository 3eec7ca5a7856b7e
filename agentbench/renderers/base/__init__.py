"""Base: what every renderer may use."""

from agentbench.renderers.base.json_form import JsonForm, as_json
from agentbench.renderers.base.literal import (
    fields_of,
    in_order,
    is_a,
    plain,
    short,
)
from agentbench.renderers.base.renderer import (
    BaseRenderer,
    Declined,
    Instead,
    PlainRenderer,
)
from agentbench.renderers.base.text import (
    TIMES,
    clean,
    count,
    cut,
    escape,
    filename,
    first_lines,
    fit,
    is_hinted,
    picture,
    stable,
)
from agentbench.renderers.base.wording import words

__all__ = [
    "TIMES",
    "BaseRenderer",
    "Declined",
    "Instead",
    "JsonForm",
    "PlainRenderer",
    "as_json",
    "clean",
    "count",
    "cut",
    "escape",
    "fields_of",
    "filename",
    "first_lines",
    "fit",
    "in_order",
    "is_a",
    "is_hinted",
    "picture",
    "plain",
    "short",
    "stable",
    "words",
]
