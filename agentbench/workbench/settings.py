"""Settings: every knob, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agentbench.domain.errors import BackendError

HOME = "AGENTBENCH_HOME"
STORE_URL = "AGENTBENCH_STORE_URL"
REDIS_URL = "AGENTBENCH_REDIS_URL"
OFFLINE = "AGENTBENCH_OFFLINE"
ALLOWED_HOSTS = "AGENTBENCH_ALLOWED_HOSTS"
LEASE = "AGENTBENCH_LEASE"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a workbench is set up.

    `redis_url` is empty for the embedded server; `lease` is in seconds, how long a run
    stays owned by a kernel that has died.
    """

    home: Path
    store_url: str
    redis_url: str = ""
    offline: bool = False
    allowed_hosts: tuple[str, ...] = ()
    lease: float = 15.0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads the `AGENTBENCH_…` variables; what is not set has its default."""
        given = os.environ if environ is None else environ
        home = Path(given.get(HOME) or _user_home()).expanduser()
        allowed = given.get(ALLOWED_HOSTS, "").replace(",", " ").split()
        return cls(
            home=home,
            store_url=given.get(STORE_URL) or f"sqlite:///{home / 'agentbench.db'}",
            redis_url=given.get(REDIS_URL, ""),
            offline=given.get(OFFLINE, "").lower() in ("1", "true", "yes", "on"),
            allowed_hosts=tuple(allowed),
            lease=_lease(given.get(LEASE, "")),
        )


def _lease(text: str) -> float:
    try:
        seconds = float(text or 15.0)
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= 3600.0:
        message = f"{LEASE} takes seconds from 1 to 3600, not {text!r}."
        raise BackendError(message)
    return seconds


def _user_home() -> str:
    import platformdirs

    return platformdirs.user_data_dir("agentbench", appauthor=False)
