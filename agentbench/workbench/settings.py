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
WORKSPACE = "AGENTBENCH_WORKSPACE"
FOLDERS = "AGENTBENCH_FOLDERS"
MODEL = "AGENTBENCH_MODEL"
MODEL_SERVERS = "AGENTBENCH_MODEL_SERVERS"
MODEL_RATES = "AGENTBENCH_MODEL_RATES"
TOOLS_BY_SCHEMA = "AGENTBENCH_TOOLS_BY_SCHEMA"
BLOCKS_OFF = "AGENTBENCH_BLOCKS_OFF"
UPLOADS_KEPT = "AGENTBENCH_UPLOADS_KEPT"

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a workbench is set up.

    `redis_url` is empty for the embedded server; `lease` is in seconds, how long a run
    stays owned by a kernel that has died. `durability` is what a committed write
    outlives; `quota` is how many bytes the stored values may take, 0 for no limit.
    `replay` is what becomes of the calls of runs, `recordings` the folder in which
    their recordings are. `workspace` is the folder that blocks keep files in, the working
    directory when none is set; `folders` are more that they may read from.
    `model` is the language model of who names none; `model_servers` are URLs of servers
    that speak OpenAI's protocol, by name, `model_rates` how often a provider is asked,
    and `token_rates` how many tokens it is sent and sends. `tools_by_schema` are the
    providers whose models call no tools of themselves, and are held to a schema instead.
    `blocks_off` are blocks that run nowhere here, by id or by pattern (`web.*`).
    `uploads_kept` is how many days files that people brought stay when nothing uses them,
    0 for good.
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
    workspace: Path | None = None
    folders: tuple[Path, ...] = ()
    model: str = ""
    model_servers: Mapping[str, str] = field(default_factory=dict)
    model_rates: Mapping[str, Rate] = field(default_factory=dict)
    token_rates: Mapping[str, Rate] = field(default_factory=dict)
    tools_by_schema: tuple[str, ...] = ()
    blocks_off: tuple[str, ...] = ()
    uploads_kept: float = 0.0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Reads the `AGENTBENCH_…` variables; what is not set has its default."""
        given = os.environ if environ is None else environ
        calls, tokens = _rates(given.get(MODEL_RATES, ""))
        home = Path(given.get(HOME) or _user_home()).expanduser()
        return cls(
            home=home,
            store_url=given.get(STORE_URL) or f"sqlite:///{home / 'agentbench.db'}",
            redis_url=given.get(REDIS_URL, ""),
            offline=given.get(OFFLINE, "").lower() in ("1", "true", "yes", "on"),
            allowed_hosts=_words(given.get(ALLOWED_HOSTS, "")),
            lease=_lease(given.get(LEASE, "")),
            durability=_durability(given.get(DURABILITY, "")),
            quota=_quota(given.get(QUOTA, "")),
            replay=_replay(given.get(REPLAY, "")),
            recordings=_folder(given.get(RECORDINGS, "")),
            workspace=_folder(given.get(WORKSPACE, "")),
            folders=_folders(given.get(FOLDERS, "")),
            model=given.get(MODEL, "").strip(),
            model_servers=_servers(given.get(MODEL_SERVERS, "")),
            model_rates=calls,
            token_rates=tokens,
            tools_by_schema=_words(given.get(TOOLS_BY_SCHEMA, "")),
            blocks_off=tuple(given.get(BLOCKS_OFF, "").replace(",", " ").split()),
            uploads_kept=_days(given.get(UPLOADS_KEPT, "")),
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _lease(text: str) -> float:
    try:
        seconds = float(text or 15.0)
    except ValueError:
        seconds = 0.0
    if not 1.0 <= seconds <= 3600.0:
        message = f"{LEASE} takes seconds from 1 to 3600, not {text!r}."
        raise BackendError(message)
    return seconds


def _days(text: str) -> float:
    try:
        days = float(text or 0.0)
    except ValueError:
        days = -1.0
    if not 0 <= days < float("inf"):
        raise BackendError(f"{UPLOADS_KEPT} takes days from 0 on, not {text!r}.")
    return days


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


def _folders(text: str) -> tuple[Path, ...]:
    found = (_folder(part) for part in text.split(os.pathsep))
    return tuple(folder for folder in found if folder is not None)


def _servers(text: str) -> dict[str, str]:
    found = {}
    for entry in text.replace(",", " ").split():
        name, equals, url = entry.partition("=")
        if not (re.fullmatch(r"[a-z][a-z0-9_-]*", name) and equals and url):
            message = f"{MODEL_SERVERS} takes name=URL, such as lab=http://127.0.0.1:8000/v1, not {entry!r}."
            raise BackendError(message)
        found[name] = url
    return found


def _rates(text: str) -> tuple[dict[str, Rate], dict[str, Rate]]:
    """Rates of calls, and of tokens, by provider."""
    calls: dict[str, Rate] = {}
    tokens: dict[str, Rate] = {}
    form = r"([a-z][a-z0-9_-]*)=(\d+)(tokens)?/(\d+(?:\.\d+)?)s?"
    for entry in text.replace(",", " ").split():
        parts = re.fullmatch(form, entry)
        if not parts or not int(parts[2]) or not float(parts[4]):
            message = (
                f"{MODEL_RATES} takes provider=calls/seconds or provider=Ntokens/seconds,"
                f" such as openai=500/60 or openai=200000tokens/60, not {entry!r}."
            )
            raise BackendError(message)
        found = tokens if parts[3] else calls
        found[parts[1]] = Rate(int(parts[2]), float(parts[4]))
    return calls, tokens


def _user_home() -> str:
    import platformdirs

    return platformdirs.user_data_dir("agentbench", appauthor=False)
