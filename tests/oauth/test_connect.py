"""Connecting: the page that is shown, the way back to this machine, and what is kept."""

import http.client
import json
import threading
import urllib.parse
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import (
    ConsentFailed,
    CredentialInvalid,
    CredentialNotRenewed,
    Offline,
)
from agentbench.domain.familiar import FAMILIAR
from agentbench.domain.grant import Grant
from agentbench.domain.grantors import GRANTORS, familiar_grantor
from agentbench.oauth.consent import question
from agentbench.workbench.credentials import CredentialDesk
from agentbench.workbench.workbench import Workbench
from tests.oauth.conftest import browse, connected, settings
from tests.oauth.provider import CLIENT, CLIENT_SECRET, Provider, providing


def test_a_consent_gives_a_token_that_is_good_for_its_hosts(
    desk: CredentialDesk, provider: Provider, tmp_path: Path
) -> None:
    pages: list[str] = []
    entry = connected(desk, provider, show=lambda url: (pages.append(url), browse(url)))
    assert (entry.kind, entry.place, entry.hosts) == (
        "oauth2",
        "file",
        (provider.place,),
    )
    assert entry.grant is not None
    assert (entry.grant.client, entry.grant.lifetime) == (CLIENT, 3600)
    assert str(desk.test("mine")).endswith("answered 200.")

    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(pages[0]).query))
    assert query["v"] == "2"  # what the page's address had already
    assert query["response_type"] == "code"
    assert query["scope"] == "read write"
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].startswith("http://127.0.0.1:")
    for path in tmp_path.iterdir():
        assert not [it for it in provider.secrets if it.encode() in path.read_bytes()]


def test_the_verifier_is_checked_by_the_provider(
    desk: CredentialDesk, provider: Provider
) -> None:
    """The test of the test: with a challenge of another verifier nothing is given."""

    def tampered(url: str) -> None:
        page = urllib.parse.urlsplit(url)
        query = dict(urllib.parse.parse_qsl(page.query)) | {"code_challenge": "x" * 43}
        browse(page._replace(query=urllib.parse.urlencode(query)).geturl())

    with pytest.raises(ConsentFailed, match="'invalid_grant: PKCE'"):
        connected(desk, provider, show=tampered)
    assert desk.list() == []


@pytest.mark.parametrize(
    ("setting", "grantor"),
    [
        ("form", {}),
        ("basic", {"basic": True}),
        ("basic", {"basic": True, "json": True}),
    ],
)
def test_providers_have_their_own_ways(
    desk: CredentialDesk, provider: Provider, setting: str, grantor: Any
) -> None:
    setattr(provider, setting, True)
    connected(desk, provider, grantor=provider.grantor(**grantor))
    assert desk.test("mine").is_good
    assert provider.calls("/token")[0].get("client_secret") == (
        None if grantor else CLIENT_SECRET
    )


def test_no_is_an_answer(desk: CredentialDesk, provider: Provider) -> None:
    provider.denies = "yes"
    with pytest.raises(ConsentFailed, match=r"127\.0\.0\.1 said 'access_denied'"):
        connected(desk, provider)
    assert desk.list() == []
    assert provider.calls("/token") == []


def test_nobody_is_waited_for_without_end(
    desk: CredentialDesk, provider: Provider
) -> None:
    ports: list[str] = []

    def look_away(url: str) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        ports.append(urllib.parse.urlsplit(query["redirect_uri"]).netloc)

    with pytest.raises(ConsentFailed, match=r"nobody consented within 0\.05 s"):
        connected(desk, provider, show=look_away, patience=0.05)
    line = http.client.HTTPConnection(ports[0], timeout=60)
    with pytest.raises(ConnectionRefusedError):
        line.connect()


def test_t55_only_the_answer_that_is_awaited_is_heard(
    desk: CredentialDesk, provider: Provider
) -> None:
    """Other names for this machine, other pages, and answers to nobody change nothing."""
    said: list[tuple[int, str, str]] = []

    def knock(url: str) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        place = urllib.parse.urlsplit(query["redirect_uri"]).netloc
        port = place.partition(":")[2]
        mine = f"/callback?state={query['state']}&code=stolen"
        for method, path, host in (
            ("GET", mine, "evil.example"),
            ("GET", mine, f"evil.example:{port}"),
            ("GET", mine, f"localhost:{port}"),
            ("GET", f"http://evil.example{mine}", place),
            ("GET", "/", place),
            ("GET", "//[", place),
            ("POST", mine, place),
            ("HEAD", mine, place),
            ("GET", "/callback?state=guessed&code=theirs", place),
            ("GET", "/callback?error=access_denied", place),
            ("GET", "/callback?state=&code=<script>", place),
            ("GET", f"/callback?{'x' * 30_000}", place),
        ):
            line = http.client.HTTPConnection(place, timeout=60)
            try:
                line.request(method, path, headers={"Host": host})
                answer = line.getresponse()
                said.append((answer.status, host, answer.read().decode()))
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'")
            except (http.client.HTTPException, ConnectionError):
                said.append((0, host, ""))
            finally:
                line.close()
        browse(url)

    def show(url: str) -> None:
        threading.Thread(target=knock, args=(url,), daemon=True).start()

    connected(desk, provider, show=show)
    assert [status for status, _, _ in said] == [
        403, 403, 403, 404, 404, 404, 405, 405, 400, 400, 400, 0,
    ]  # fmt: skip
    assert not [page for _, _, page in said if "script" in page or "stolen" in page]
    assert [call["code"] for call in provider.calls("/token")] == [provider.secrets[0]]


def test_t44_a_token_endpoint_that_is_not_public_is_not_asked(
    provider: Provider, tmp_path: Path
) -> None:
    """Also when it is renewed or taken back, later: the rules hold at each use."""
    open_to = Workbench(settings(tmp_path, provider))
    provider.lifetime = 0.001
    connected(CredentialDesk(lambda: open_to), provider)
    open_to.close()
    shut = Workbench(replace(settings(tmp_path, provider), allowed_hosts=()))
    desk, before = CredentialDesk(lambda: shut), len(provider.asked)
    with pytest.raises(CredentialNotRenewed, match="this machine"):
        shut.credentials.get("mine")
    with pytest.raises(ConsentFailed, match="this machine"):
        connected(desk, provider, client="other")
    assert [path for path, _ in provider.asked[before:]] == ["/asks"]  # the browser
    assert "it is this machine" in desk.delete("mine")
    assert len(provider.asked) == before + 1
    shut.close()


@pytest.mark.parametrize("status", [302, 307])
def test_t43_what_is_sent_to_a_token_endpoint_is_taken_nowhere_else(
    bench: Workbench, desk: CredentialDesk, provider: Provider, status: int
) -> None:
    with providing() as other:
        place = f"localhost:{other.server_port}"
        bench.allow_host(place)
        provider.moved = status, f"http://{place}/token"
        with pytest.raises(ConsentFailed):
            connected(desk, provider)
        assert not any(other.calls("/token"))


def test_t39_a_question_shows_neither_its_state_nor_its_verifier() -> None:
    grant = Grant(grantor=GRANTORS["google"].grantor, client="x")
    asked = question("mine", grant, "http://127.0.0.1/callback")
    for shown in (repr(asked), str(vars(asked))):
        assert asked.verifier.reveal() not in shown
        assert asked.state.reveal() not in shown
    assert asked.verifier.reveal() not in asked.url


def test_a_port_that_is_taken_is_said(desk: CredentialDesk, provider: Provider) -> None:
    with pytest.raises(ConsentFailed, match=f"port {provider.server_port} cannot be"):
        connected(desk, provider, port=provider.server_port)


def test_the_address_can_be_pasted_from_another_machine(
    desk: CredentialDesk, provider: Provider
) -> None:
    shown: list[str] = []

    def ask(words: str) -> str:
        if words.startswith("Secret"):
            return CLIENT_SECRET
        line = http.client.HTTPConnection(provider.place, timeout=60)
        line.request("GET", shown[0].removeprefix(provider.url))
        answer = line.getresponse()
        line.close()
        return f"  {answer.headers['Location']}\n"

    def other(words: str) -> str:
        return "https://x/?state=a&code=b"

    where = "https://me.example/back"
    connected(desk, provider, ask=ask, show=shown.append, redirect=where)
    assert desk.test("mine").is_good
    assert provider.calls("/token")[0]["redirect_uri"] == where
    with pytest.raises(ConsentFailed, match="to another question"):
        connected(desk, provider, paste=True, ask=other, show=shown.append)


def test_connecting_again_asks_for_no_secret_and_keeps_it_from_others(
    desk: CredentialDesk, provider: Provider
) -> None:
    connected(desk, provider, scopes="read")

    def never(words: str) -> str:
        raise AssertionError(words)

    again = desk.connect("mine", ask=never, show=browse, patience=20)
    assert again.grant is not None
    assert again.grant.scopes == ("read",)
    asked: list[str] = []
    with pytest.raises(ConsentFailed):
        connected(
            desk,
            provider,
            grantor=provider.grantor(revoke=""),
            ask=lambda words: asked.append(words) or "other secret",  # type: ignore[func-returns-value]
        )
    assert asked == [f"Secret of the client {CLIENT} (empty: it has none): "]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"grantor": None}, "begin the name with discord, dropbox"),
        ({"client": ""}, "say the id of the client"),
        ({"hosts": ()}, "name the hosts"),
        ({"name": "Bad"}, "small letters"),
        ({"grantor": "http"}, "https:// addresses: secrets go there"),
    ],
)
def test_what_is_missing_is_said_before_anybody_is_asked(
    desk: CredentialDesk, provider: Provider, facts: dict[str, Any], said: str
) -> None:
    if facts.get("grantor") == "http":
        facts = {"grantor": provider.grantor(revoke="http://oauth.example/revoke")}
    given: dict[str, Any] = {
        "name": "mine",
        "client": CLIENT,
        "grantor": provider.grantor(),
        "hosts": provider.place,
        "ask": pytest.fail,
        "show": pytest.fail,
    }
    given |= facts
    with pytest.raises(CredentialInvalid, match=said):
        desk.connect(given.pop("name"), **given)


def test_what_the_environment_has_is_not_asked_for(
    bench: Workbench, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_MINE", "set-42")
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_MINE_HOSTS", provider.place)
    with pytest.raises(CredentialInvalid, match="comes from the environment"):
        connected(CredentialDesk(lambda: bench), provider, show=pytest.fail)


def test_offline_nobody_is_asked_for_a_consent(
    provider: Provider, tmp_path: Path
) -> None:
    bench = Workbench(replace(settings(tmp_path, provider), offline=True))
    with pytest.raises(Offline, match="AGENTBENCH_OFFLINE"):
        connected(
            CredentialDesk(lambda: bench), provider, ask=pytest.fail, show=pytest.fail
        )
    bench.close()


def test_familiar_providers_can_be_asked() -> None:
    assert {"google", "github", "notion", "slack", "discord"} <= set(GRANTORS)
    for name, known in GRANTORS.items():
        grant = Grant(grantor=known.grantor, client="x", scopes=known.grantor.scopes)
        assert grant.why_not() == "", name
        assert Grant.read(json.loads(json.dumps(grant.plain()))) == grant
        assert "{" not in grant.revoke
        host = urllib.parse.urlsplit(known.test).hostname
        assert host is None or any(
            host == it or it == "*" + host[host.index(".") :] for it in known.hosts
        ), name
    assert familiar_grantor("google/drive") is GRANTORS["google"]
    assert familiar_grantor("strange") is None
    assert "google" in FAMILIAR  # its keys and its grants are of one name
