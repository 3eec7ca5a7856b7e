"""T39: a secret shows itself nowhere; and what a port says of credentials."""

import contextlib
import copy
import dataclasses
import inspect
import io
import json
import pickle  # noqa: TID251
import pprint
import re
import string
import sys
import traceback
from typing import Annotated, Any

import pydantic
import pytest

from agentbench.domain.annotation import fits
from agentbench.domain.credential import Credential, CredentialName, Secret
from agentbench.domain.errors import CredentialInvalid, PortValueError
from agentbench.domain.port import Port

CANARY = "canary-42-secret"
SECRET = Secret(CANARY)
CREDENTIAL = Credential(
    name="own", kind="api_key", hosts=("a.example",), secret=SECRET, refresh=SECRET
)


class Model(pydantic.BaseModel):
    secret: Secret


def _rich(value: Any) -> str:
    import rich
    from rich.console import Console

    console = Console(file=io.StringIO(), width=200)
    rich.inspect(value, console=console, all=True, private=True)
    console.print(value)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def _verbose_traceback(value: Any) -> str:
    from IPython.core.ultratb import VerboseTB

    try:
        local, nested = value, {"x": [value]}  # noqa: F841 - the frame shows them
        raise ValueError(value)  # noqa: TRY301
    except ValueError:
        shown = re.sub(r"\x1b\[[0-9;]*m", "", VerboseTB().text(*sys.exc_info()))
        return shown + "".join(
            traceback.TracebackException(*sys.exc_info(), capture_locals=True).format()
        )


WAYS: dict[str, Any] = {
    "repr": repr,
    "str": str,
    "format": lambda v: f"{v} {v!r:>40} {v!s}" + "%s %r" % (v, v),  # noqa: UP031
    "template": lambda v: string.Template("$v").substitute(v=v),
    "pprint": pprint.pformat,
    "nested": lambda v: repr({"a": [v, (v,)]}),
    "vars": lambda v: repr(getattr(v, "__dict__", {})),
    "getstate": lambda v: repr(v.__getstate__()) if hasattr(v, "__getstate__") else "",
    "slots": lambda v: repr(
        [getattr(v, name, "") for name in getattr(v, "__slots__", ())]
    ),
    "members": lambda v: repr(inspect.getmembers(v)),
    "copy": lambda v: repr(copy.copy(v)) + repr(copy.deepcopy(v)),
    "json": lambda v: json.dumps(v, default=str),
    "asdict": lambda v: repr(dataclasses.asdict(CREDENTIAL)) + repr(
        dataclasses.replace(CREDENTIAL)
    ),
    "pydantic": lambda v: repr(Model(secret=SECRET).model_dump())
    + Model(secret=SECRET).model_dump_json()
    + repr(Model(secret=SECRET)),
    "rich": _rich,
    "traceback": _verbose_traceback,
    "hash": lambda v: str(hash(v)),
}  # fmt: skip


@pytest.mark.parametrize("value", [SECRET, CREDENTIAL], ids=["secret", "credential"])
@pytest.mark.parametrize("way", WAYS)
def test_t39_a_secret_shows_itself_nowhere(way: str, value: Any) -> None:
    assert CANARY not in WAYS[way](value)
    if way in ("repr", "str", "traceback"):
        assert "<secret>" in WAYS[way](value)


@pytest.mark.parametrize("value", [SECRET, CREDENTIAL, {"deep": [SECRET]}])
def test_t39_a_secret_is_neither_pickled_nor_written_as_json(value: Any) -> None:
    import cloudpickle  # noqa: TID251
    import msgspec

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(value, protocol)
    with pytest.raises(TypeError):
        cloudpickle.dumps(value)
    with contextlib.suppress(TypeError):
        assert CANARY.encode() not in msgspec.json.encode(value)
    with pytest.raises(TypeError):
        json.dumps(value)


def test_a_secret_can_be_compared_and_revealed_and_not_changed() -> None:
    assert Secret(CANARY) == SECRET
    assert Secret("other") != SECRET
    assert SECRET != CANARY
    assert hash(SECRET) == hash(Secret(CANARY))
    assert (SECRET.reveal(), bool(SECRET), bool(Secret(""))) == (CANARY, True, False)
    with pytest.raises(AttributeError):
        SECRET.reveal = str  # type: ignore[assignment, method-assign]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"name": "Big"}, "small letters"),
        ({"name": "x" * 41}, "small letters"),
        ({"kind": "magic"}, "its kind is one of"),
        ({"secret": Secret("")}, "the secret is empty"),
        ({"hosts": ()}, "name the hosts"),
        ({"hosts": ("https://a.example",)}, "is no host"),
        ({"hosts": ("127.*",)}, "is no host"),
        ({"kind": "header"}, "which header"),
        ({"header": "a b"}, "no name of a header"),
        ({"kind": "user_password"}, "name of a user"),
        ({"kind": "user_password", "user": "a:b"}, "no colon"),
    ],
)
def test_what_cannot_be_kept_is_said(facts: Any, reason: str) -> None:
    with pytest.raises(CredentialInvalid, match=reason) as failure:
        dataclasses.replace(CREDENTIAL, **facts)
    assert CANARY not in str(failure.value)


def test_a_port_takes_the_name_of_a_credential_and_nothing_like_a_secret() -> None:
    port = Port(
        name="key", annotation=Annotated[str, CredentialName("api_key", hosts=["a.b"])]
    )
    assert (port.check("open-ai/work", "input"), port.check("", "input")) == (
        "open-ai/work",
        "",
    )
    for wrong in ("sk-proj-ABC_def", "x" * 50, 5, None, ["own"]):
        with pytest.raises(PortValueError) as failure:
            port.check(wrong, "input")
        assert str(wrong) not in str(failure.value) or wrong is None or wrong == 5
    assert (port.type_name, port.types) == ("credential", ("credential",))
    assert port.schema() == {
        "type": "string",
        "format": "credential",
        "kinds": ["api_key"],
        "hosts": ["a.b"],
    }


def test_what_a_model_says_chooses_no_credential() -> None:
    wanted = Annotated[str, CredentialName()]
    assert not fits(str, wanted)
    assert fits(Annotated[str, CredentialName("oauth2")], wanted)
