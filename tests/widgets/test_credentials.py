"""The credentials in a cell: what the view may ask, and that no secret comes back."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.oauth.conftest import browse
from tests.oauth.provider import CLIENT_SECRET, providing

SECRET = "canary-typed-into-the-page"


class Doorkeeper(BaseHTTPRequestHandler):
    def do_GET(self):
        is_known = self.headers.get("Authorization") == f"Bearer {SECRET}"
        self.send_response(200 if is_known else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Doorkeeper)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_secret_goes_in_once_and_never_comes_back(kernel, site):
    shown = kernel.run(f"ab.allow_host({site!r}); ab.credentials")
    assert shown.error == ""
    widget = shown.editor
    kernel.heard.clear()
    told = kernel.ask(widget, op="list")
    assert (told["entries"], told["ok"]) == ([], True)
    assert told["familiar"]["openai"] == ["api.openai.com"]

    added = kernel.ask(widget, op="add", name="mine", hosts=[site], secret=SECRET)
    assert (added["level"], added["entries"][0]["hosts"]) == ("good", [site])
    tried = kernel.ask(widget, op="test", name="mine")
    assert (tried["level"], tried["text"]) == ("good", f"mine: http://{site}/ answered 200.")
    worse = kernel.ask(widget, op="add", name="mine", hosts=[site], secret="x" * 9)
    assert worse["ok"]
    refused = kernel.ask(widget, op="test", name="mine")
    assert "refused it (401)" in refused["text"]
    again = kernel.run("ab.credentials")
    assert f"mine  api key  {site}" in again.bundles[-1]["text/plain"]
    assert kernel.ask(widget, op="delete", name="mine")["entries"] == []

    for request, said in (
        ({"op": "add", "name": "mine", "secret": SECRET}, "name the hosts"),
        ({"op": "add", "name": "Bad name", "secret": SECRET}, "small letters"),
        ({"op": "add", "name": "m", "hosts": [site], "secret": ""}, "is empty"),
        ({"op": "delete", "name": "lost"}, "no credential 'lost'"),
        ({"op": "steal", "name": "m", "secret": SECRET}, "no request"),
    ):
        told = kernel.ask(widget, **request)
        assert not told["ok"]
        assert said in told["text"]

    everything = json.dumps([kernel.heard, kernel.widgets, *again.bundles])
    assert SECRET not in everything
    assert site not in json.dumps(kernel.widgets[widget])  # nothing to be saved


def test_the_magic_asks_and_takes_no_secret(kernel, site):
    said = kernel.run(f"%agent credentials add mine --host {site} {SECRET}")
    assert "never given on the line" in said.text
    assert SECRET not in said.text
    kernel.run(f"ab.allow_host({site!r})")
    cell = kernel.begin(f"%agent credentials add mine --host {site}")
    asked = kernel.client.get_stdin_msg(timeout=60)["content"]
    assert asked == {"prompt": "Secret of 'mine': ", "password": True}
    kernel.client.input(SECRET)
    added = kernel.outcome(cell)
    assert added.text == f"Kept 'mine' in the file, for {site}.\n"
    assert kernel.run("%agent credentials test mine").text == (
        f"mine: http://{site}/ answered 200.\n"
    )
    listed = kernel.run("%agent credentials")
    assert "mine" in listed.bundles[-1]["text/plain"]
    assert SECRET not in json.dumps([added.text, *listed.bundles])
    assert kernel.run("%agent credentials delete mine").text == "Forgot 'mine'.\n"


def test_a_host_is_allowed_by_a_setting_of_the_shell(kernel, site):
    ask = (
        f"g = ab.Graph('ask'); a = g.add('web.fetch', url='http://{site}/',"
        " accept_any_status=True); g.output('status', a.status); r = g.run_sync();"
        " print(r.outputs, r.failures)"
    )
    assert "ab.allow_host" in kernel.run(ask).text
    kernel.run(f"%config AgentMagics.allowed_hosts = [{site!r}]")
    assert "{'status': [401]} []" in kernel.run(ask).text


@pytest.fixture
def provider(kernel):
    """A provider that the kernel knows, as it knows those of `domain/grantors.py`."""
    with providing() as provider:
        known = (
            "import dataclasses; from agentbench.domain import grantors;"
            "from agentbench.domain.grant import Grantor;"
            "grantors.GRANTORS['lab'] = grantors.FamiliarGrantor("
            f"grantor=Grantor(asks='{provider.url}/asks', gives='{provider.url}/token',"
            f" revoke='{provider.url}/revoke'), hosts=('{provider.place}',),"
            f" clients='{provider.url}'); ab.allow_host('{provider.place}')"
        )
        assert kernel.run(known).error == ""
        yield provider


def test_a_provider_is_connected_in_the_widget(kernel, provider):
    widget = kernel.run("ab.credentials").editor
    kernel.heard.clear()
    asked = {"op": "connect", "name": "lab", "app": "client-1", "secret": CLIENT_SECRET}
    told = kernel.ask(widget, **asked)
    assert told["url"].startswith(f"{provider.url}/asks?")
    assert told["providers"]["lab"]["hosts"] == [provider.place]
    given_up = {"op": "stop"}
    kernel.ask(widget, **given_up)
    kernel.see(lambda: "Gave up connecting lab." in [m["text"] for m in kernel.heard])

    told = kernel.ask(widget, **asked)
    browse(told["url"])
    ended = kernel.until(lambda m: m["rid"] == told["rid"] and not m["url"])
    assert (ended["level"], ended["text"]) == (
        "good",
        "Connected lab; kept in the file.",
    )
    assert ended["entries"][0]["connected"]
    assert kernel.ask(widget, op="test", name="lab")["level"] == "good"
    provider.denies = "yes"
    told = kernel.ask(widget, op="connect", name="lab")  # needs nothing more
    browse(told["url"])
    ended = kernel.until(lambda m: m["rid"] == told["rid"] and not m["url"])
    assert "said 'access_denied'" in ended["text"]
    gone = kernel.ask(widget, op="delete", name="lab")
    assert "take its token back" in gone["text"]
    everything = json.dumps([kernel.heard, kernel.widgets])
    assert not [it for it in (*provider.secrets, CLIENT_SECRET) if it in everything]


def test_the_magic_connects_and_rotates(kernel, provider):
    cell = kernel.begin("%agent credentials connect lab --client client-1")
    asked = kernel.client.get_stdin_msg(timeout=60)["content"]
    assert asked["password"]
    kernel.client.input(CLIENT_SECRET)
    seen = kernel._outcomes[cell]
    kernel.see(lambda: "/asks?" in seen.text)
    browse(next(word for word in seen.text.split() if "/asks?" in word))
    done = kernel.outcome(cell)
    assert f"Connected 'lab', for {provider.place}; kept in the file." in done.text
    assert "with a new key" in kernel.run("%agent credentials rotate").text
    assert "take its token back" in kernel.run("%agent credentials delete lab").text
