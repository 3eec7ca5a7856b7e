"""`agentbench credentials`: the secret comes by standard input, and is never printed."""

import json
import subprocess

from tests.cli.conftest import ended
from tests.oauth.conftest import browse
from tests.oauth.provider import CLIENT_SECRET, providing

SECRET = "canary-from-a-pipe"


def test_a_credential_is_added_listed_tested_and_deleted(command):
    assert "There are no credentials" in ended(command("credentials"))[1]
    add = ("credentials", "add", "own", "--host", "127.0.0.1:1", "--stdin")
    adding = command(*add, stdin=subprocess.PIPE)
    out, err = adding.communicate(f"{SECRET}\n", timeout=60)
    assert (adding.returncode, err) == (0, "")
    assert out == "Kept 'own' in the file, for 127.0.0.1:1.\n"
    code, listed, _ = ended(command("credentials", "--json"))
    assert (code, json.loads(listed)[0]["hosts"]) == (0, ["127.0.0.1:1"])
    code, tested, _ = ended(command("credentials", "test", "own"))
    assert code == 0
    assert tested.startswith("own: it can be read, but GET http://127.0.0.1:1/ failed")
    assert SECRET not in out + listed + tested
    assert ended(command("credentials", "delete", "own"))[0] == 0
    code, _, err = ended(command("credentials", "delete", "own"))
    assert code == 2
    assert "There is no credential 'own'" in err


def test_a_secret_on_the_line_is_refused_and_not_repeated(command):
    for words in (("add", "own", SECRET), ("add", "own", "--host", "a.b", SECRET)):
        code, out, err = ended(command("credentials", *words))
        assert code == 2
        assert "never given on the line" in err
        assert SECRET not in out + err


def test_a_provider_is_connected_its_token_tried_rotated_and_taken_back(
    command, tmp_path
):
    with providing() as provider:
        words = ("credentials", "connect", "mine", *provider.line.split(), "--stdin")
        connecting = command(*words, stdin=subprocess.PIPE)
        connecting.stdin.write(f"{CLIENT_SECRET}\n")
        connecting.stdin.flush()
        said = connecting.stdout.readline()
        while not (page := said.strip()).startswith("http"):
            said = connecting.stdout.readline()
        browse(page)
        out, err = connecting.communicate(timeout=60)
        assert (connecting.returncode, err) == (0, "")
        kept = f"Connected 'mine', for {provider.place}; kept in the file.\n"
        assert out.endswith(kept)
        code, listed, _ = ended(command("credentials", "--json"))
        assert (code, json.loads(listed)[0]["grant"]["client"]) == (0, "client-1")
        assert ended(command("credentials", "test", "mine"))[0] == 0

        key = tmp_path / "h" / "credentials.key"
        before = key.read_text()
        code, rotated, _ = ended(command("credentials", "rotate"))
        assert code == 0
        assert rotated == (
            "Sealed 1 credential in the file with a new key; the old one opens nothing"
            " any more.\n"
        )
        assert key.read_text() != before
        assert ended(command("credentials", "test", "mine"))[0] == 0

        code, gone, _ = ended(command("credentials", "delete", "mine"))
        assert "had 127.0.0.1 take its token back" in gone
        everything = out + listed + rotated + gone
        secrets = [*provider.secrets, CLIENT_SECRET]
        assert not [it for it in secrets if it in everything]


def test_what_a_connection_lacks_is_said(command):
    code, _, err = ended(command("credentials", "connect", "google"))
    assert code == 2
    assert "say the id of the client with --client" in err
    assert "https://console.cloud.google.com" in err
    code, out, err = ended(
        command("credentials", "connect", "x", "--token-url", SECRET)
    )
    assert code == 2
    assert SECRET not in out + err
