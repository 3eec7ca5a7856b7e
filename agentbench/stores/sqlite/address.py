"""Address: where a SQLite store is, read from a URL or a path."""

import dataclasses
import os
from pathlib import Path
from urllib.parse import parse_qs

from agentbench.domain.errors import StoreError


@dataclasses.dataclass(frozen=True)
class Address:
    """The file of a store, and how safe a commit is made.

    With `FULL` a commit outlives a power cut, with `NORMAL` only a crash of the kernel.
    """

    path: Path
    synchronous: str = "NORMAL"

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"sqlite:///{self.path}"

    @property
    def blobs(self) -> Path:
        """The folder of the stored values."""
        return self.path.parent / "blobs"

    @classmethod
    def read(cls, where: "str | os.PathLike[str]") -> "Address":
        """The address named by a path, or by `sqlite:////absolute/path.db`.

        The URL may end in `?synchronous=full`.

        Raises:
            StoreError: it names no file.
        """
        text = os.fspath(where)
        path, synchronous = text, "NORMAL"
        if text.startswith("sqlite:"):
            rest, _, query = text.removeprefix("sqlite:").partition("?")
            options = {
                key: values[-1].upper() for key, values in parse_qs(query).items()
            }
            synchronous = options.pop("synchronous", synchronous)
            if options or not rest.startswith("///"):
                raise _not_an_address(text)
            path = rest.removeprefix("///")
        if path in {"", ":memory:"} or synchronous not in {"NORMAL", "FULL"}:
            raise _not_an_address(text)
        return cls(Path(path).expanduser().absolute(), synchronous)


def _not_an_address(text: str) -> StoreError:
    return StoreError(
        f"{text!r} is no address of a SQLite store. Write sqlite:////folder/name.db"
        " (with ?synchronous=full to outlive a power cut), or memory: to keep nothing."
    )
