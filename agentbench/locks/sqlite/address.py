"""Address: which file a URL names."""

from pathlib import Path

from agentbench.domain.errors import BackendError


def file_of(url: str) -> Path:
    """The file named by `sqlite:////absolute/path.db`.

    Raises:
        BackendError: it names none.
    """
    path = url.removeprefix("sqlite:///")
    if path in {"", url}:
        message = f"{url!r} is no address of locks. Write sqlite:////folder/locks.db"
        raise BackendError(f"{message}, or local: for locks within this kernel only.")
    return Path(path).expanduser().absolute()
