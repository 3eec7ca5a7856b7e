"""The credentials in a cell: what the view may ask, and that no secret comes back."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

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
    asked = kernel.client.get_stdin_msg(timeout=20)["content"]
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
