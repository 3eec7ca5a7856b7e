"""What forms ask of the kernel, in whichever widget they are."""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.domain.errors import EditRefused
from agentbench.widgets.constants import from_wire
from agentbench.widgets.late import FetchCode
from agentbench.widgets.message import Message


class _Request(Message):
    client: str
    rid: int


class Check(_Request):
    """Asks what is wrong with values: of the agent's inputs, of a node, or of an answer.

    `node` names whose constants they are, empty for the inputs of a run; with `firing`
    they are the answer to what that firing asks.
    """

    op: Literal["check"] = "check"
    values: Annotated[dict[str, Any], pydantic.AfterValidator(from_wire)]
    node: str = ""
    firing: int | None = None


class AskCredentials(_Request):
    """Asks which credentials there are, by name."""

    op: Literal["credentials"] = "credentials"


class AskModels(_Request):
    """Asks which models there are; servers of models may take their time to say."""

    op: Literal["models"] = "models"


class AskLastInputs(_Request):
    """Asks what the newest run of the agent was given."""

    op: Literal["last_inputs"] = "last_inputs"


class AddCredential(_Request):
    """Keeps a credential.

    The secret is taken out of the message before it is read, and stands in no log.
    """

    op: Literal["add_credential"] = "add_credential"
    name: str
    kind: str
    hosts: list[str]
    user: str = ""
    header: str = ""
    secret: Any = None


class BeginUpload(_Request):
    """Announces a file of `size` bytes."""

    op: Literal["begin_upload"] = "begin_upload"
    name: str
    size: int


class Upload(_Request):
    """Brings the next part of a file, which comes as a buffer beside the message."""

    op: Literal["upload"] = "upload"
    upload: str
    at: int
    data: Any = None


class AskVariables(_Request):
    """Asks which variables of the notebook are tables, or images."""

    op: Literal["variables"] = "variables"
    kind: str


class AskFolders(_Request):
    """Asks which folders the workspace has, or which files that may hold such a kind."""

    op: Literal["folders"] = "folders"
    kind: str = ""


FormRequest = (
    Check
    | AskCredentials
    | AskModels
    | AskLastInputs
    | AddCredential
    | BeginUpload
    | Upload
    | AskVariables
    | AskFolders
    | FetchCode
)


class LookAtForm(_Request):
    """Asks how the form of a cell stands."""

    op: Literal["look_at_form"] = "look_at_form"


class SetForm(_Request):
    """Tells what is typed into the form of a cell."""

    op: Literal["set_form"] = "set_form"
    values: Annotated[dict[str, Any], pydantic.AfterValidator(from_wire)]


class RunForm(_Request):
    """Runs the agent with what the form of a cell holds."""

    op: Literal["run_form"] = "run_form"
    values: Annotated[dict[str, Any], pydantic.AfterValidator(from_wire)]


class StopForm(_Request):
    """Stops the run that the form began."""

    op: Literal["stop_form"] = "stop_form"


FromForm = Annotated[
    LookAtForm
    | SetForm
    | RunForm
    | StopForm
    | Check
    | AskCredentials
    | AskModels
    | AskLastInputs
    | AddCredential
    | BeginUpload
    | Upload
    | AskVariables
    | AskFolders
    | FetchCode,
    pydantic.Field(discriminator="op"),
]
"""What the form of a cell asks."""


def not_understood(error: pydantic.ValidationError) -> EditRefused:
    """The error for a request that is none."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    reason = f"The kernel did not understand the editor ({place}: {first['msg']})."
    return EditRefused(reason)
