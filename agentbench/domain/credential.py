"""Credential: a named secret, the hosts it is for, and how a block says it needs one.

Graphs hold the *name* of a credential, never the secret. A block declares a port

    token: Annotated[str, CredentialName("api_key", hosts=("api.github.com",))] = ""

and hands the name on: `context.outbound.request("GET", url, credential=token)` puts the
secret into the request at the last moment. A block whose library wants the secret itself
asks for it: `(await context.credential(token)).secret.reveal()`.
"""

import fnmatch
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, NoReturn, Protocol, get_args
from urllib.parse import urlsplit

import pydantic
import pydantic_core
from pydantic_core import core_schema

from agentbench.domain.errors.credential import CredentialInvalid
from agentbench.domain.grant import Grant
from agentbench.domain.kind import Kind

CredentialKind = Literal["api_key", "user_password", "oauth2", "header"]
"""A key sent as a bearer, a user with a password, an OAuth2 access token, a header of its own."""

KINDS: tuple[CredentialKind, ...] = get_args(CredentialKind)
MASK = "<secret>"
"""What is shown instead of a secret."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._/-]{0,39}")
_HOST = re.compile(r"(\*|(\*\.)?[a-z0-9_.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class Secret:
    """Text that shows itself nowhere: only `reveal` gives it.

    `repr`, `str` and formatting mask it, copying gives the same object, and it can be
    neither pickled nor turned into JSON. It has no attribute that holds the text, so
    that neither a debugger's frame dump nor `vars` shows it.
    """

    __slots__ = ("reveal",)
    reveal: Callable[[], str]
    """Gives the text itself. Keep it in no variable that lives longer than the call."""

    def __init__(self, text: str) -> None:
        def reveal() -> str:
            return text

        object.__setattr__(self, "reveal", reveal)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError("A secret cannot be changed.")

    def __repr__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        ours, theirs = self.reveal().encode(), other.reveal().encode()
        return hmac.compare_digest(ours, theirs)

    def __hash__(self) -> int:
        return hash((Secret, self.reveal()))

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: Any) -> "Secret":
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A secret cannot be pickled: hand on its credential's name.")

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        shown = core_schema.plain_serializer_function_ser_schema(repr)
        return core_schema.is_instance_schema(cls, serialization=shown)


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A named secret.

    `hosts` are those that the secret may be sent to: `api.example.com`,
    `*.example.com`, with a port where only that one is meant (`127.0.0.1:8000`), or `*`
    for anywhere. `user` goes with a password; `header` names the header that carries the
    secret, where it is not `Authorization`. An OAuth2 token may come with what renews
    it (`refresh`, by the `grant` it came from and the secret of its client), and with
    the time (seconds since 1970) when it ends.
    """

    name: str
    kind: CredentialKind
    hosts: tuple[str, ...]
    secret: Secret
    user: str = ""
    header: str = ""
    refresh: Secret | None = None
    expires: float | None = None
    grant: Grant | None = None
    client_secret: Secret | None = None

    def __post_init__(self) -> None:
        """Checks what was given.

        Raises:
            CredentialInvalid: it cannot be kept like that.
        """
        reason = why_no_name(self.name) or self._why_not()
        if reason:
            raise CredentialInvalid(self.name, reason)

    @property
    def placeholder(self) -> str:
        """Stands for the secret in the headers of a request that names this credential."""
        return placeholder(self.name)

    def is_for(self, host: str, port: int | None = None) -> bool:
        """Whether the secret may be sent to a host (without brackets, where it is numeric)."""
        return any(
            _covers(entry, host.lower().rstrip("."), port) for entry in self.hosts
        )

    def is_due(self, now: float) -> bool:
        """Whether its token is to be renewed: it can be, and has ended or is about to."""
        if self.grant is None or self.refresh is None or self.expires is None:
            return False
        return now > self.expires - self.grant.early

    @property
    def keeping(self) -> "Credential | None":
        """What renews it, as a credential that is for nobody but the provider; or None.

        It guards the refresh token and the client's secret: they go to no other host.
        """
        if self.grant is None:
            return None
        urls = (self.grant.grantor.gives, self.grant.revoke)
        hosts = tuple(urlsplit(url).hostname or "" for url in urls if url)
        return replace(self, hosts=hosts, grant=None)

    def _why_not(self) -> str:
        if self.kind not in KINDS:
            return f"its kind is one of {', '.join(KINDS)}, not {self.kind!r}."
        if not self.secret:
            return "the secret is empty."
        if not self.hosts:
            return "name the hosts it may be sent to, such as `api.example.com`."
        for host in self.hosts:
            if not _HOST.fullmatch(host):
                return f"{host!r} is no host; give `api.example.com`, `*.example.com` or `*`."
        if self.kind == "header" and not self.header:
            return "say which header carries it."
        if self.header and not _HEADER.fullmatch(self.header):
            return f"{self.header!r} is no name of a header."
        if self.kind == "user_password" and (not self.user or ":" in self.user):
            return "a password goes with the name of a user (which has no colon in it)."
        if self.grant is not None and self.kind != "oauth2":
            return "only an OAuth2 token comes from a consent."
        return self.grant.why_not() if self.grant else ""


@dataclass(frozen=True, kw_only=True)
class CredentialEntry:
    """What may be shown of a credential: everything but the secret.

    `place` says where it is kept: `environment`, `keyring` or `file`.
    """

    name: str
    kind: CredentialKind
    hosts: tuple[str, ...]
    place: str
    user: str = ""
    header: str = ""
    expires: float | None = None
    grant: Grant | None = None


class Credentials(Protocol):
    """The credentials of this user, wherever they are kept.

    Every method may block, and may be called from any thread.
    """

    def get(self, name: str) -> Credential:
        """The credential of that name, secret included.

        Raises:
            UnknownCredential: there is none.
            CredentialsUnreadable: where it is kept cannot be read.
        """
        ...

    def entries(self) -> Sequence[CredentialEntry]:
        """What there is, by name; no secret is read for it."""
        ...

    def add(self, credential: Credential) -> CredentialEntry:
        """Keeps a credential; one of the same name is replaced."""
        ...

    def delete(self, name: str) -> None:
        """Forgets a credential.

        Raises:
            UnknownCredential: there is none.
            CredentialInvalid: it comes from the environment, which is not ours to change.
        """
        ...


@dataclass(frozen=True)
class CredentialName(Kind):
    """Marks a port whose value is the name of a credential.

    `Annotated[str, CredentialName("api_key", "oauth2", hosts=("api.github.com",))]`: the
    kinds that fit (any when none is given), and the hosts that the block will send it to,
    which are offered when the credential is added. Text from another node does not fit
    such a port: what a model says chooses no credential. Empty text means none.
    """

    kinds: tuple[CredentialKind, ...] = ()
    hosts: tuple[str, ...] = ()
    quotes: ClassVar[bool] = False  # it may be a secret that was put in the wrong place

    def __init__(self, *kinds: CredentialKind, hosts: Iterable[str] = ()) -> None:
        super().__init__("credential")
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "hosts", tuple(hosts))

    def _check(self, value: Any) -> str:
        reason = "Input should be text" if not isinstance(value, str) else ""
        reason = reason or (why_no_name(value) if value else "")
        if (
            reason
        ):  # without the value: it may be a secret that was put in the wrong place
            raise pydantic_core.PydanticCustomError(
                "credential", "{reason}", {"reason": reason}
            )
        return str(value)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: pydantic.GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "format": "credential",
            "kinds": list(self.kinds),
            "hosts": list(self.hosts),
        }


def why_no_name(name: str) -> str:
    """Why a credential cannot have that name, in words; empty when it can."""
    if _NAME.fullmatch(name):
        return ""
    return (
        "the name of a credential has up to 40 small letters, digits, `-`, `_`, `.`"
        " and `/`; the secret itself goes into no graph."
    )


def placeholder(name: str) -> str:
    """What stands for a secret in the headers of a request that names its credential.

    A library that insists on a key is given this; the door puts the secret in its place.
    """
    return f"credential:{name}"


def _covers(entry: str, host: str, port: int | None) -> bool:
    wanted, separator, number = entry.rpartition(":")
    if not separator or not number.isdigit() or entry.endswith("]"):
        wanted, number = entry, ""
    wanted = wanted.strip("[]") if wanted != "*" else wanted
    return fnmatch.fnmatchcase(host, wanted) and number in ("", str(port))
