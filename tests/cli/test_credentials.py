"""`agentbench credentials`: the secret comes by standard input, and is never printed."""

import json
import subprocess

from tests.cli.conftest import ended

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
