"""What the kernel answers to forms."""

from typing import Any

from agentbench.widgets.answers import WireBundle
from agentbench.widgets.message import Message
from agentbench.widgets.wire_port import WirePort


class WireFault(Message):
    """One thing that is wrong; `path` leads to it, its first step is the field's name."""

    path: list[str | int]
    text: str


class Checked(Message):
    """Everything that is wrong with the values of a form."""

    faults: list[WireFault]


class CredentialOffer(Message):
    """A credential, by name; never its secret."""

    name: str
    kind: str
    hosts: list[str]


class ModelOffer(Message):
    """A model that may be named; `note` says what it lacks while it is not ready."""

    name: str
    is_ready: bool
    is_default: bool
    note: str


class CredentialOffers(Message):
    """The credentials that there are, and of which kinds others may be."""

    credentials: list[CredentialOffer]
    kinds: list[str]
    familiar: dict[str, list[str]]
    """The hosts that go with a familiar name, such as `openai`."""


class ModelOffers(Message):
    """Those that can be asked now come first, the default one before all."""

    models: list[ModelOffer]


class LastInputs(Message):
    """What the agent's newest run was given, as far as it is small and JSON."""

    inputs: dict[str, Any]


class UploadBegun(Message):
    """The id by which the parts of a file come."""

    upload: str


class Uploaded(Message):
    """The path of a file, once all of it is here; else empty."""

    path: str


class Variables(Message):
    """Names of the notebook's variables that are of a kind."""

    names: list[str]


class Folders(Message):
    """Folders of the workspace, as paths in it."""

    paths: list[str]


class FormResult(Message):
    """One value that an output of the run gave."""

    output: str
    type_name: str
    bundle: WireBundle


class FormState(Message):
    """The form of a cell: its fields, what they hold, and what came of its run.

    `turn` grows with every change that the kernel makes; `status` is empty before the
    first run.
    """

    turn: int
    title: str
    help: str
    ports: list[WirePort]
    values: dict[str, Any]
    runs: bool
    """Whether there is something to be run."""
    status: str = ""
    line: str = ""
    failures: list[str] = []
    results: list[FormResult] = []
