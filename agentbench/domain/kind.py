"""Kind: a type that is named and known by its class's name, without importing it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import pydantic
import pydantic_core
from pydantic_core import core_schema


@dataclass(frozen=True)
class Kind:
    """Names the type of a port by the classes it takes, without importing them.

    `Annotated[Any, Kind("table", "pandas.DataFrame")]` takes data frames and shows
    as *table*; pandas is loaded only by whoever makes one. A class matches by the
    dotted name of it or of one of its bases.
    """

    name: str
    classes: tuple[str, ...]
    quotes: ClassVar[bool] = True
    """Whether a message may quote a value that is not of this kind."""

    def __init__(self, name: str, *classes: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "classes", classes)

    def matches(self, cls: type) -> bool:
        """Whether values of `cls` are of this kind."""
        return any(_class_name(base) in self.classes for base in cls.__mro__)

    def _check(self, value: Any) -> Any:
        if self.matches(type(value)):
            return value
        message = "Input should be a {kind}"
        raise pydantic_core.PydanticCustomError("kind", message, {"kind": self.name})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: pydantic.GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "object", "kind": self.name}


TABLE = Kind(
    "table",
    "pandas.DataFrame",
    "pandas.core.frame.DataFrame",
    "polars.dataframe.frame.DataFrame",
    "pyarrow.lib.Table",
)
IMAGE = Kind("image", "PIL.Image.Image")
CHART = Kind(
    "chart",
    "altair.vegalite.v5.api.TopLevelMixin",
    "altair.vegalite.v6.api.TopLevelMixin",
    "matplotlib.figure.Figure",
    "plotly.basedatatypes.BaseFigure",
)
KINDS = (TABLE, IMAGE, CHART)


def _class_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
