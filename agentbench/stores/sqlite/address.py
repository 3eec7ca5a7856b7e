"""Address: where a SQLite store is, read from a URL or a path."""

import dataclasses
import os
from pathlib import Path
from urllib.parse import parse_qs

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Durability


@dataclasses.dataclass(frozen=True)
class Address:
    """The file of a store, and what a commit outlives."""

    path: Path
    durability: Durability = Durability.FAST

    @property
    def url(self) -> str:
        """The address as a URL."""
        return f"sqlite:///{self.path}"

    @property
    def blobs(self) -> Path:
        """The folder of the stored values."""
        return self.path.parent / "blobs"

    @classmethod
    def read(
        cls,
        where: "str | os.PathLike[str]",
        durability: Durability = Durability.FAST,
    ) -> "Address":
        """The address named by a path, or by `sqlite:////absolute/path.db`.

        The URL may end in `?durability=full`, which goes before `durability`.

        Raises:
            StoreError: it names no file.
        """
        text = os.fspath(where)
        path, wanted = text, str(durability)
        if text.startswith("sqlite:"):
            rest, _, query = text.removeprefix("sqlite:").partition("?")
            options = {key: values[-1] for key, values in parse_qs(query).items()}
            wanted = options.pop("durability", wanted).lower()
            if options or not rest.startswith("///"):
                raise _not_an_address(text)
            path = rest.removeprefix("///")
        if path in {"", ":memory:"} or wanted not in list(Durability):
            raise _not_an_address(text)
        return cls(Path(path).expanduser().absolute(), Durability(wanted))


def _not_an_address(text: str) -> StoreError:
    return StoreError(
        f"{text!r} is no address of a SQLite store. Write sqlite:////folder/name.db"
        " (with ?durability=full to outlive a power cut), or memory: to keep nothing."
    )
