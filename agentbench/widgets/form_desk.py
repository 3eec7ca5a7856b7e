"""What is answered to forms, for every widget that has one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import pydantic

from agentbench.domain.credential import KINDS, Secret
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.familiar import FAMILIAR
from agentbench.domain.fault import Fault, faults_of
from agentbench.domain.graph import Graph
from agentbench.domain.model import ModelInfo
from agentbench.domain.port import Port
from agentbench.widgets import form_answers as answers
from agentbench.widgets import form_requests as requests
from agentbench.widgets.bringing import faults_as_brought, names_of
from agentbench.widgets import late
from agentbench.widgets.constants import to_wire
from agentbench.widgets.given import Given
from agentbench.widgets.questions import WHOLE, has_parts
from agentbench.workbench.bringing import files, folders
from agentbench.workbench.credentials import CredentialDesk
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench


def received(content: Any, buffers: Sequence[Any]) -> Any:
    """A request as it is read: its secret sealed, the bytes that came beside it in it."""
    if not isinstance(content, dict):
        return content
    request = dict(content)
    if "secret" in content:
        # Whoever else holds the message holds the secret no more.
        request["secret"] = Secret(str(content.pop("secret")))
    if request.get("op") == "upload":
        request["data"] = bytes(buffers[0]) if buffers else b""
    return request


class Subject(Protocol):
    """What a form is about."""

    def ports(self, node: str) -> Mapping[str, Port]:
        """The inputs that a node takes, or with no node named those of a run."""
        ...

    def schema_of(self, node: str, firing: int) -> Mapping[str, Any]:
        """The JSON schema of the answer that a firing waits for; empty for any."""
        ...

    def last_inputs(self) -> Mapping[str, Any]:
        """What the newest run was given."""
        ...


class GraphSubject:
    """A graph, its nodes, and the run of it that is shown."""

    def __init__(
        self, graph: Graph, bench: Workbench, shown: Callable[[], Run | None]
    ) -> None:
        self._graph, self._bench, self._shown = graph, bench, shown

    def ports(self, node: str) -> Mapping[str, Port]:
        """The inputs that a node takes, or with no node named those of a run."""
        if node:
            return {port.name: port for port in self._graph.inputs_of(node)}
        inputs = self._bench.inputs_of(self._graph)
        return {name: port for name, (_, port) in inputs.items()}

    def schema_of(self, node: str, firing: int) -> Mapping[str, Any]:
        """The JSON schema of the answer that a firing waits for; empty for any."""
        run = self._shown()
        known = run.nodes.get(node) if run is not None else None
        asked = known.firings[firing].asks if known and firing in known.firings else None
        return asked.terms.schema if asked is not None else {}

    def last_inputs(self) -> Mapping[str, Any]:
        """What the newest run was given, as far as it is small and JSON, and no secret.

        For a table or an image it is what a form said in its place.
        """
        given = Given(self._graph, self._bench)
        for newest in self._bench.store.runs(agent=self._graph.name, limit=1):
            return given.to(newest.id) or {}
        return {}


class FormDesk:
    """Answers the requests of forms; what takes its time is done in the caller's thread."""

    def __init__(self, bench: Workbench, subject: Subject) -> None:
        self._bench, self._subject = bench, subject

    def answer(self, request: requests.FormRequest) -> pydantic.BaseModel:
        """The answer to a request.

        Raises:
            AgentbenchError: it cannot be carried out; the error says why.
        """
        match request:
            case requests.Check():
                return self._check(request)
            case requests.AskCredentials():
                return self._credentials()
            case requests.AskModels():
                return self._models()
            case requests.AskLastInputs():
                return answers.LastInputs(inputs=self._last_inputs())
            case requests.AddCredential():
                return self._added(request)
            case requests.BeginUpload():
                begun = self._bench.uploads.begin(request.name, request.size)
                return answers.UploadBegun(upload=begun)
            case requests.Upload():
                path = self._bench.uploads.add(request.upload, request.at, request.data)
                return answers.Uploaded(path=path)
            case requests.AskVariables():
                return answers.Variables(names=names_of(request.kind))
            case requests.AskFolders():
                kind = request.kind
                found = files(self._bench, kind) if kind else folders(self._bench)
                return answers.Folders(paths=found)
            case late.FetchCode():
                return late.code(request)

    def _check(self, request: requests.Check) -> answers.Checked:
        values = request.values
        self._bench.uploads.touch(values)
        if request.firing is not None:
            schema = self._subject.schema_of(request.node, request.firing)
            found = faults_of_answer(values, schema)
        else:
            ports = self._subject.ports(request.node)
            found = [
                fault.under(name)
                for name, value in values.items()
                if name in ports and not _is_live(value)
                for fault in faults_as_brought(
                    self._bench, ports[name], value, at_run=not request.node
                )
            ]
        return answers.Checked(faults=list(_wired(found)))

    def _models(self) -> answers.ModelOffers:
        bench = self._bench
        models = bench.loop.submit(bench.models.listing()).result()
        ranked = sorted((one for one in models if one.skill == "chat"), key=_rank)
        return answers.ModelOffers(models=[_model(info) for info in ranked])

    def _credentials(self) -> answers.CredentialOffers:
        return answers.CredentialOffers(
            credentials=[
                answers.CredentialOffer(
                    name=entry.name, kind=entry.kind, hosts=list(entry.hosts)
                )
                for entry in self._entries()
            ],
            kinds=list(KINDS),
            familiar={name: list(known.hosts) for name, known in FAMILIAR.items()},
        )

    def _entries(self) -> Sequence[Any]:
        try:
            return self._bench.credentials.entries()
        except AgentbenchError:
            return ()  # a vault that cannot be read: names are typed

    def _last_inputs(self) -> dict[str, Any]:
        try:
            given = self._subject.last_inputs()
        except AgentbenchError:
            return {}  # of a run whose log is damaged, or whose values are gone
        # What is no JSON would come back as something else.
        told = {name: to_wire(value) for name, value in given.items()}
        return {name: it for name, it in told.items() if not _is_live(it)}

    def _added(self, request: requests.AddCredential) -> answers.CredentialOffers:
        secret = request.secret if isinstance(request.secret, Secret) else Secret("")
        CredentialDesk(lambda: self._bench).add(
            request.name,
            kind=request.kind,
            hosts=request.hosts,
            user=request.user,
            header=request.header,
            ask=lambda _: secret.reveal(),
        )
        return self._credentials()


def faults_of_answer(
    values: Mapping[str, Any], schema: Mapping[str, Any]
) -> list[Fault]:
    """What is wrong with the fields of a form whose values are an answer together."""
    if not schema:
        return []
    if has_parts(schema):
        return faults_of(dict(values), schema)
    return [fault.under(WHOLE) for fault in faults_of(values.get(WHOLE), schema)]


def _wired(faults: Iterable[Fault]) -> Iterable[answers.WireFault]:
    """Without what is not there yet: the form marks that when somebody wants to go on."""
    for fault in faults:
        if not (fault.is_missing and len(fault.path) == 1):
            yield answers.WireFault(path=list(fault.path), text=fault.text)


def _is_live(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["$live"]


def _rank(info: ModelInfo) -> tuple[bool, bool]:
    return not info.is_ready, not info.is_default


def _model(info: ModelInfo) -> answers.ModelOffer:
    return answers.ModelOffer(
        name=info.name,
        is_ready=info.is_ready,
        is_default=info.is_default,
        note=info.note,
    )
