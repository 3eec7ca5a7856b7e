"""T38: planted secrets are used in a real notebook, and turn up in no sink.

One notebook is executed in a real kernel: blocks send each canary to a real server that
repeats it, and say it in values, errors, logs, progress, questions and worker processes.
Then every file that there is afterwards is searched. What is no file (the messages to the
page, the lock server, the environment of child processes) is written to one while it
goes on. A control, written on purpose the same ways, has to be found in each sink.
"""

import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbclient
import nbconvert
import nbformat
import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.vaults.file import FileVault
from tests.canaries.sweep import forms, hits
from tests.oauth.provider import CLIENT_SECRET, Provider, providing

CONTROL = "control-canary-on-purpose-77"
PLANTED: dict[str, dict[str, Any]] = {
    "key": {"kind": "api_key", "secret": "sk-canary-0123456789abcdefXYZ"},
    "bearer": {"kind": "oauth2", "secret": "ya29.canary/oauth+token=="},
    "basic": {"kind": "user_password", "user": "me", "secret": "p4ss-w0rd canary & co"},
    "own": {"kind": "header", "header": "X-Own", "secret": "canary;own=header,42"},
    "database": {"kind": "api_key", "secret": "postgresql://me:canary-pw@db/x?y=z"},
    "pem": {"kind": "api_key", "secret": "-----BEGIN KEY-----\ncanaryMIIEvQ\n-----END-----"},
    "unicode": {"kind": "api_key", "secret": "schlüssel-ключ-canary-鍵"},
    "quotes": {"kind": "api_key", "secret": "canary's \"quotes\" and \\backslash\\"},
    "long": {"kind": "api_key", "secret": "canary-4k-" + "0123456789abcdef" * 250},
}  # fmt: skip
SECRETS = {name: facts["secret"] for name, facts in PLANTED.items()}
REFRESH, FROM_ENVIRONMENT = "canary-refresh-token-1//0", "canary-from-environment-9"
SENT = ("key", "bearer", "basic", "own", "env")
"""Those that a header can carry."""


class Repeats(http.server.BaseHTTPRequestHandler):
    """Says whatever it was sent: in headers, in the body, in halves, and with an error."""

    def do_GET(self) -> None:
        got = " ".join(
            self.headers.get(name, "") for name in ("authorization", "x-own")
        )
        status = 401 if "401" in self.path else 302 if "away" in self.path else 200
        self.send_response(status)
        self.send_header("X-Got", got.encode("latin-1", "replace").decode("latin-1"))
        if status == 302:
            place = f"http://localhost:{self.server.server_address[1]}/{got.strip()}"
            self.send_header("Location", place)
        self.send_header("X-Control", CONTROL)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        body = json.dumps(
            {"got": got, "again": [got[::1]], "control": CONTROL}
        ).encode()
        for at in range(0, len(body), 7):
            self.wfile.write(body[at : at + 7])
            self.wfile.flush()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: Any) -> None:
        pass


SET_UP = """
import logging, os, sys
logging.basicConfig(level=logging.DEBUG, filename=os.environ["SINKS"] + "/debug.log", force=True)
%load_ext agentbench
%xmode Verbose
import agentbench as ab
from typing import Annotated, Any
Name = Annotated[str, ab.CredentialName()]
SITE = os.environ["SITE"]
ab.allow_host(SITE); ab.allow_host(SITE.replace("127.0.0.1", "localhost"))
CONTROL = "control-canary-on-purpose-77"
"""
BLOCKS = """
async def say(name: Name, how: str, context: ab.Context) -> Any:
    secret = (await context.credential(name)).secret.reveal()
    said = f"{secret!r} {secret} {CONTROL}"
    if how == "value":
        return {"deep": [secret, {secret: said}], "large": [said] * 20}
    if how == "logs":
        if os.getpid() != KERNEL:
            print(said)
        for line in (said, "x" * 1990 + said):
            context.log(line)
            context.progress(1, 2, line)
        return "logged"
    if how == "asks":
        return await context.ask(said, choices=[secret, CONTROL], about={"x": said})
    if how == "sends":
        url = f"http://{SITE}/?q={secret}"
        return (await context.outbound.request("GET", url)).text
    raise ValueError(said, {"more": secret, "padding": "y" * 19_000, "end": secret})

quiet = ab.block(id="mine.say", effects="reads")(say)
apart = ab.block(id="mine.apart", effects="reads", isolation="process")(say)
KERNEL = os.getpid()
NAMES = os.environ["NAMES"].split(",")
"""
FETCH = """
graph = ab.Graph("fetch")
for path in ("ok", "401", "away"):
    for name in os.environ["SENT"].split(","):
        url = f"http://{SITE}/{path}"
        answer = graph.add("web.fetch", url=url, credential=name)
        graph.output(f"{path} {name}", answer.body)
run = graph.run_sync()
graph.save(f"{os.environ['SINKS']}/fetch.agent.json")
print(run.status, run.outputs, run.failures, ab.run(run.id))
"""
SAY = """
from agentbench.widgets.canvas import editor_of
from agentbench.workbench.workbench import workbench
kept = [(graph, run)]
for block, names in ((quiet, NAMES), (apart, ["key", "pem"])):
    graph = ab.Graph(block.id)
    for name in names:
        for how in ("value", "logs", "raise", "asks", "sends"):
            graph.output(f"{how} {name}", graph.add(block, name=name, how=how))
    editor = editor_of(graph, workbench())
    kept.append((graph, graph.run_sync()))
    print(kept[-1][1].status, kept[-1][1].outputs, kept[-1][1].failures)
    editor._heard(None, {"client": "c", "rid": 1, "op": "sync", "since": -1}, [])
    for node in graph.nodes:
        asked = {"op": "inspect", "node": node, "firing": 1}
        editor._heard(None, {"client": "c", "rid": 1, **asked}, [])
"""
SHOW = """
from IPython.display import display
for number, (graph, run) in enumerate(kept):
    display(graph, run, run.timeline(), run.diff(run))
    print(run.timeline().gantt(), run.diff(run))
    run.share(f"{os.environ['SINKS']}/shared-{number}.html")
    print(graph.to_python())
    for event in workbench().store.events(run.id):
        print(event)
"""
FAIL = """
graph = ab.Graph("fails")
for name in NAMES:
    graph.output(name, graph.add(quiet, name=name, how="raise"))
%agent run graph
"""
CONNECT = """
from tests.oauth.conftest import browse
from tests.oauth.provider import CLIENT, CLIENT_SECRET
from agentbench.domain.grant import Grantor
PROVIDER = os.environ["PROVIDER"]
ab.allow_host(PROVIDER)
pages = Grantor(**{it: f"http://{PROVIDER}/{it}" for it in ("asks", "revoke")},
                gives=f"http://{PROVIDER}/token")
def connect(name, **more):
    return ab.credentials.connect(name, client=CLIENT, hosts=PROVIDER, grantor=pages,
                                  ask=lambda _: CLIENT_SECRET, show=browse, **more)
print(connect("granted"))
def use(path):
    graph = ab.Graph("granted")
    answer = graph.add("web.fetch", url=f"http://{PROVIDER}/{path}", credential="granted")
    graph.output("me", answer.body)
    graph.output("own", graph.add(quiet, name="granted", how="value"))
    run = graph.run_sync()
    print(run.status, run.outputs, run.failures, repr(ab.credentials.test("granted")))
use("me")
use("renewed")
"""
WITHDRAWN = """
import urllib.request
urllib.request.urlopen(f"http://{PROVIDER}/end")
for fails in (lambda: use("withdrawn"), lambda: ab.credentials.test("granted"),
              lambda: connect("refused", scopes="tampered")):
    try:
        fails()
    except Exception:
        get_ipython().showtraceback()
print(ab.credentials.delete("granted"))
"""
LIST = "%agent credentials\nab.credentials"
SINKS = """
import json, subprocess, time
from pathlib import Path
sinks = Path(os.environ["SINKS"])
import redis
server = redis.Redis.from_url(workbench().lock_server.url)
server.set("control", CONTROL)
found = []
for key in server.scan_iter(count=1000):
    found.append((key, server.dump(key)))
    if server.type(key) == b"string":
        found.append(server.get(key))
    elif server.type(key) == b"stream":
        found.append(server.xrange(key))
    elif server.type(key) == b"hash":
        found.append(server.hgetall(key))
(sinks / "redis.txt").write_text(repr(found))
def children(pid):
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield child
            yield from children(child)
told = b""
for child in children(os.getpid()):
    for what in ("cmdline", "environ"):
        told += Path(f"/proc/{child}/{what}").read_bytes()
told += subprocess.run([sys.executable, "-c", "import sys; print(sys.argv)", CONTROL],
                       capture_output=True).stdout
(sinks / "children.bin").write_bytes(told)
assert b"agentbench.workbench.worker" in told
"""
CELLS = {
    "set up": SET_UP, "blocks": BLOCKS, "fetch": FETCH, "say": SAY, "show": SHOW,
    "connect": CONNECT, "list": LIST, "withdrawn": WITHDRAWN, "fail": FAIL, "sinks": SINKS,
}  # fmt: skip


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *args: Any) -> None:
        """A client that hangs up has read enough."""


class Client(nbclient.NotebookClient):
    """Keeps every message that the kernel sends to the page."""

    messages: list[str]

    def process_message(self, message: Any, *args: Any) -> Any:
        self.messages.append(repr(message))
        return super().process_message(message, *args)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Repeats)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as provider:
        provider.lifetime = 0.001  # so that each use renews it
        yield provider


@pytest.fixture(scope="module")
def folder(
    site: str, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Everything that is left of a notebook in which the canaries were used."""
    folder = tmp_path_factory.mktemp("canaries")
    sinks, home = folder / "sinks", folder / "home"
    sinks.mkdir()
    vault = FileVault(home)
    for name, facts in PLANTED.items():
        vault.put(
            Credential(
                **{**facts, "secret": Secret(facts["secret"])},
                name=name,
                hosts=(site,),
                refresh=Secret(REFRESH),
            )
        )
    environment = {
        "AGENTBENCH_HOME": str(home),
        "AGENTBENCH_CREDENTIAL_ENV": FROM_ENVIRONMENT,
        "AGENTBENCH_CREDENTIAL_ENV_HOSTS": site,
        "IPYTHONDIR": str(folder / "ipython"),
        "NAMES": ",".join([*PLANTED, "env"]),
        "PROVIDER": provider.place,
        "PYTHONPATH": str(Path.cwd()),
        "SENT": ",".join(SENT),
        "SINKS": str(sinks),
        "SITE": site,
    }
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    )
    client = Client(
        notebook,
        timeout=120,
        allow_errors=True,
        store_widget_state=True,
        resources={"metadata": {"path": str(folder)}},
        ipython_hist_file=str(folder / "history.sqlite"),
    )
    client.messages = []
    client.execute(env={**os.environ, **environment})
    (sinks / "messages.txt").write_text("\n".join(client.messages))
    nbformat.write(notebook, sinks / "notebook.ipynb")
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    (sinks / "notebook.html").write_text(html)
    for name, cell in zip(CELLS, notebook.cells, strict=True):
        failed = [o for o in cell.outputs if o.output_type == "error"]
        assert bool(failed) is (name in ("fail", "withdrawn")), (name, failed)
    return folder


def test_t38_no_planted_secret_is_found_in_any_sink(
    folder: Path, provider: Provider
) -> None:
    granted = {f"granted {at}": text for at, text in enumerate(provider.secrets)}
    assert len(granted) >= 10  # codes, verifiers, tokens of both kinds
    planted = SECRETS | {"refresh": REFRESH, "env": FROM_ENVIRONMENT} | granted
    planted["client"] = CLIENT_SECRET
    assert hits(folder, planted) == set()


@pytest.mark.parametrize(
    "sink",
    [
        "home/agentbench.db", "history.sqlite", "sinks/children.bin",
        "sinks/debug.log", "sinks/messages.txt", "sinks/notebook.html", "sinks/notebook.ipynb",
        "sinks/redis.txt", "sinks/shared-0.html",
    ],
)  # fmt: skip
def test_t38_the_control_is_found_in_each_sink(folder: Path, sink: str) -> None:
    found = {hit.partition(":")[0] for hit in hits(folder, {"control": CONTROL})}
    assert any(place.startswith(sink) for place in found), found


def test_the_consent_was_used_renewed_and_withdrawn_in_it(
    folder: Path, provider: Provider
) -> None:
    text = (folder / "sinks" / "notebook.ipynb").read_text()
    for said in ("<secret:granted>", "ConsentWithdrawn", "ConsentFailed", "Forgot"):
        assert said in text, said
    kinds = [it["grant_type"] for it in provider.calls("/token")]
    assert kinds.count("refresh_token") >= 3


def test_the_masks_say_whose_secret_it_was(folder: Path) -> None:
    text = (folder / "sinks" / "notebook.ipynb").read_text()
    for name in (*PLANTED, "env"):
        assert f"<secret:{name}>" in text, name


def test_the_sweep_finds_what_is_there(tmp_path: Path) -> None:
    for form, text in forms(SECRETS["quotes"]).items():
        (tmp_path / form.replace(" ", "-")).write_bytes(b"before" + text + b"after")
    assert len(hits(tmp_path, SECRETS)) >= len(forms(SECRETS["quotes"]))
