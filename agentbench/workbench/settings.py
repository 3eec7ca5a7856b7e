"""Settings: every knob, from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentbench.domain.errors import BackendError
from agentbench.domain.rate import Rate
from agentbench.domain.replay import ReplayMode
from agentbench.domain.store import Durability

HOME = "AGENTBENCH_HOME"
STORE_URL = "AGENTBENCH_STORE_URL"
REDIS_URL = "AGENTBENCH_REDIS_URL"
OFFLINE = "AGENTBENCH_OFFLINE"
ALLOWED_HOSTS = "AGENTBENCH_ALLOWED_HOSTS"
LEASE = "AGENTBENCH_LEASE"
DURABILITY = "AGENTBENCH_DURABILITY"
QUOTA = "AGENTBENCH_QUOTA"
REPLAY = "AGENTBENCH_REPLAY"
RECORDINGS = "AGENTBENCH_RECORDINGS"
MODEL = "AGENTBENCH_MODEL"
MODEL_SERVERS = "AGENTBENCH_MODEL_SERVERS"
MODEL_RATES = "AGENTBENCH_MODEL_RATES"

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a workbench is set up.

    `redis_url` is empty for the embedded server; `lease` is in seconds, how long a run
    stays owned by a kernel that has died. `durability` is what a committed write
    outlives; `quota` is how many bytes the stored values may take, 0 for no limit.
    `replay` is what becomes of the calls of runs, `recordings` the folder in which
    their recordings are.
    `model` is the language model of who names none; `model_servers` are URLs of servers
    that speak OpenAI's protocol, by name, and `model_rates` how often a provider is asked.
    """

    home: Path
    store_url: str = field(repr=False)  # there may be a password in it
    redis_url: str = field(default="", repr=False)
    offline: bool = False
    allowed_hosts: tuple[str, ...] = ()
    lease: float = 15.0
    durability: Durability = Durability.FAST
    quota: int = 0
    replay: ReplayMode | None = None
    recordings: Path | None = None
    model: str = ""
    model_servers: Mapping[str, str] = field(default_factory=dict)
    model_rates: Mapping[str, Rate] = field(default_factory=dict)

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
            durability=_durability(given.get(DURABILITY, "")),
            quota=_quota(given.get(QUOTA, "")),
            replay=_replay(given.get(REPLAY, "")),
            recordings=_folder(given.get(RECORDINGS, "")),
            model=given.get(MODEL, "").strip(),
            model_servers=_servers(given.get(MODEL_SERVERS, "")),
            model_rates=_rates(given.get(MODEL_RATES, "")),
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


def _durability(text: str) -> Durability:
    try:
        return Durability(text.strip().lower() or Durability.FAST)
    except ValueError:
        known = " or ".join(Durability)
        raise BackendError(f"{DURABILITY} takes {known}, not {text!r}.") from None


def _quota(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]B)?", text.strip().upper() or "0")
    if not found:
        message = f"{QUOTA} takes bytes, such as 20GB or 500MB, not {text!r}."
        raise BackendError(message)
    number, unit = found.groups(default="")
    return int(float(number) * _UNITS[unit])


def _replay(text: str) -> ReplayMode | None:
    try:
        return ReplayMode.named(text) if text.strip() else None
    except ValueError as error:
        raise BackendError(f"{REPLAY}: {error}") from None


def _folder(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text.strip() else None


def _servers(text: str) -> dict[str, str]:
    found = {}
    for entry in text.replace(",", " ").split():
        name, equals, url = entry.partition("=")
        if not (re.fullmatch(r"[a-z][a-z0-9_-]*", name) and equals and url):
            message = f"{MODEL_SERVERS} takes name=URL, such as lab=http://127.0.0.1:8000/v1, not {entry!r}."
            raise BackendError(message)
        found[name] = url
    return found


def _rates(text: str) -> dict[str, Rate]:
    found = {}
    for entry in text.replace(",", " ").split():
        parts = re.fullmatch(r"([a-z][a-z0-9_-]*)=(\d+)/(\d+(?:\.\d+)?)s?", entry)
        if not parts or not int(parts[2]) or not float(parts[3]):
            message = f"{MODEL_RATES} takes provider=calls/seconds, such as openai=500/60, not {entry!r}."
            raise BackendError(message)
        found[parts[1]] = Rate(int(parts[2]), float(parts[3]))
    return found


def _user_home() -> str:
    import platformdirs

    return platformdirs.user_data_dir("agentbench", appauthor=False)
