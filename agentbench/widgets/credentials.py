"""The credentials in a cell, kernel half: to add, try and delete what is secret.

A secret comes from the view once, in the request that adds it. It is in no trait, goes
back in no message, and the view forgets it as it sends it.
"""

import uuid
from concurrent.futures import Future
from typing import Annotated, Any, Literal

import anywidget
import pydantic
import traitlets

from agentbench.domain.credential import KINDS, CredentialEntry, Secret
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.familiar import FAMILIAR
from agentbench.domain.grantors import GRANTORS, FamiliarGrantor
from agentbench.workbench.bundle import bundled
from agentbench.widgets.message import Message, asker
from agentbench.widgets.pump import PUMP
from agentbench.workbench.granting import Wish
from agentbench.workbench.credentials import CredentialDesk
from agentbench.workbench.workbench import Workbench


class _Request(Message):
    client: str
    rid: int


class ListThem(_Request):
    """Asks for what there is."""

    op: Literal["list"] = "list"


class AddOne(_Request):
    """Keeps a credential; its secret is taken out of the message before it is read."""

    op: Literal["add"] = "add"
    name: str
    kind: str = ""
    hosts: list[str] = []
    user: str = ""
    header: str = ""


class ConnectOne(_Request):
    """Asks an OAuth2 provider for a token; the client's secret is taken out like another."""

    op: Literal["connect"] = "connect"
    name: str
    app: str = ""
    scopes: list[str] = []
    hosts: list[str] = []


class StopWaiting(_Request):
    """Gives up the consent that is being waited for."""

    op: Literal["stop"] = "stop"


class TryOne(_Request):
    """Sends a credential to a host of its own, and says what came of it."""

    op: Literal["test"] = "test"
    name: str


class DeleteOne(_Request):
    """Forgets a credential."""

    op: Literal["delete"] = "delete"
    name: str


_REQUEST: Any = pydantic.TypeAdapter(
    Annotated[
        ListThem | AddOne | ConnectOne | StopWaiting | TryOne | DeleteOne,
        pydantic.Field(discriminator="op")
    ]
)


class CredentialsWidget(anywidget.AnyWidget):
    """Lists credentials by name, and takes new ones."""

    _esm = bundled("credentials.js")
    _css = bundled("credentials.css")

    own_id = traitlets.Unicode("").tag(sync=True)
    """By which the front end finds the model itself, to have little of it saved."""

    def __init__(self, desk: CredentialDesk, bench: Workbench) -> None:
        self._desk, self._bench = desk, bench
        self._waiting: Future[CredentialEntry] | None = None
        own_id = uuid.uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id)
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        return "<credentials>"

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        """Called by Jupyter in any thread; a keyring and a server may take their time."""
        raw = dict(content) if isinstance(content, dict) else {}
        secret = Secret(str(raw.pop("secret", "")))
        if isinstance(content, dict):
            content.pop("secret", None)  # whoever else holds the message holds it no more
        self._bench.looking.submit(self._answer, raw, secret)

    def _answer(self, raw: dict[str, Any], secret: Secret) -> None:
        try:
            request = _REQUEST.validate_python(raw)
            told = self._carried_out(request, secret)
        except pydantic.ValidationError:
            told = {"text": "That is no request of this widget.", "level": "error"}
        except Exception as error:  # noqa: BLE001 - Jupyter would drop it silently
            told = self._failed(error)
        if told is not None:
            self._reply(raw, told)

    def _failed(self, error: BaseException) -> dict[str, Any]:
        return {"text": self._bench.redaction.text(str(error)), "level": "error"}

    def _reply(self, asked: dict[str, Any], told: dict[str, Any]) -> None:
        client, rid = asker(asked)
        reply = {
            "kind": "reply",
            "client": client,
            "rid": rid,
            "ok": told["level"] != "error",
            "url": "",
            **told,
            "entries": self._entries(),
            "kinds": list(KINDS),
            "familiar": {name: list(it.hosts) for name, it in FAMILIAR.items()},
            "providers": {name: _told(it) for name, it in GRANTORS.items()},
        }
        PUMP.call(lambda: self.send(reply))

    def _connect(self, request: ConnectOne, secret: Secret) -> None:
        """Tells the page to open, and later what came of it, both as replies."""
        self._stop()
        asked = {"client": request.client, "rid": request.rid}
        looking = self._bench.looking

        def show(url: str) -> None:
            told = {"text": "", "level": "info", "url": url}
            looking.submit(self._reply, asked, told)

        def end(waiting: "Future[CredentialEntry]") -> None:
            if waiting.cancelled():
                told = {"text": f"Gave up connecting {request.name}.", "level": "info"}
            elif error := waiting.exception():
                told = self._failed(error)
            else:
                place = waiting.result().place
                text = f"Connected {request.name}; kept in the {place}."
                told = {"text": text, "level": "good"}
            looking.submit(self._reply, asked, told)

        wish = Wish(
            name=request.name,
            client=request.app,
            scopes=tuple(request.scopes),
            hosts=tuple(request.hosts),
        )
        self._waiting = self._desk.begin(wish, ask=lambda _: secret.reveal(), show=show)
        self._waiting.add_done_callback(end)

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()

    def _carried_out(self, request: Any, secret: Secret) -> dict[str, Any] | None:
        """What is to be told; None where that is told later."""
        match request:
            case ConnectOne():
                self._connect(request, secret)
                return None
            case StopWaiting():
                self._stop()
            case AddOne():
                entry = self._desk.add(
                    request.name,
                    kind=request.kind,
                    hosts=request.hosts,
                    user=request.user,
                    header=request.header,
                    ask=lambda _: secret.reveal(),
                )
                return {"text": f"Kept {entry.name} in the {entry.place}.", "level": "good"}
            case TryOne():
                trial = self._desk.test(request.name)
                level = {True: "good", False: "error", None: "info"}[trial.is_good]
                return {"text": str(trial), "level": level}
            case DeleteOne():
                return {"text": self._desk.delete(request.name), "level": "good"}
        return {"text": "", "level": "info"}

    def _entries(self) -> list[dict[str, Any]]:
        try:
            return [_wired(entry) for entry in self._desk.list()]
        except AgentbenchError:
            return []


def _wired(entry: CredentialEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "hosts": list(entry.hosts),
        "place": entry.place,
        "user": entry.user,
        "header": entry.header,
        "scopes": list(entry.grant.scopes) if entry.grant else [],
        "connected": entry.grant is not None,
    }


def _told(known: FamiliarGrantor) -> dict[str, Any]:
    return {
        "hosts": list(known.hosts),
        "scopes": list(known.grantor.scopes),
        "clients": known.clients,
    }
