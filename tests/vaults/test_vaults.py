"""All vaults as one: the environment, the system's keyring and the file."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import CredentialInvalid, UnknownCredential
from agentbench.domain.familiar import FAMILIAR
from agentbench.vaults.base import Vaults
from agentbench.vaults.environment import EnvironmentVault
from agentbench.vaults.file import FileVault
from agentbench.vaults.keyring import KeyringVault


class OwnKeyring(keyring.backend.KeyringBackend):
    """A keyring that keeps what it is given, as those of systems do."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        found = self.items.get((service, username))
        time.sleep(0.001)  # the answer comes from another process
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.is_locked:
            raise keyring.errors.PasswordDeleteError("it is locked")
        del self.items[service, username]


@pytest.fixture
def own_keyring() -> Any:
    before = keyring.get_keyring()
    made = OwnKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Any:
    from keyring.backends import null

    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    yield
    keyring.set_keyring(before)


def _vaults(home: Path, environ: dict[str, str] | None = None) -> Vaults:
    told: list[Credential] = []
    places = [
        EnvironmentVault(home, environ or {}),
        KeyringVault(home),
        FileVault(home),
    ]
    made = Vaults(places, told.append)
    made.told = told  # type: ignore[attr-defined]
    return made


def _credential(**facts: Any) -> Credential:
    given = {"name": "own", "kind": "api_key", "hosts": ("a.example",)} | facts
    return Credential(secret=Secret("canary-42"), **given)


def test_a_real_keyring_is_used_where_there_is_one(
    own_keyring: OwnKeyring, tmp_path: Path
) -> None:
    vaults = _vaults(tmp_path)
    entry = vaults.add(_credential(refresh=Secret("again")))
    assert entry.place == "keyring"
    assert [it.name for it in tmp_path.iterdir()] == ["keyring.lock"]
    assert _vaults(tmp_path).get("own") == _credential(refresh=Secret("again"))
    assert [it.place for it in vaults.entries()] == ["keyring"]
    vaults.delete("own")
    assert vaults.entries() == []
    assert "canary" not in repr(own_keyring.items)


def test_kernels_that_add_at_once_forget_none_of_a_keyring(
    own_keyring: OwnKeyring, tmp_path: Path
) -> None:
    """Two kernels, each with a vault of its own over the same keyring."""
    kernels = [KeyringVault(tmp_path) for _ in range(2)]
    names = [f"c{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        adding = [
            pool.submit(kernels[at % 2].put, _credential(name=name))
            for at, name in enumerate(names)
        ]
        for it in adding:
            it.result()
    assert sorted(it.name for it in kernels[0].entries()) == sorted(names)


def test_a_keyring_that_keeps_what_it_has_is_said(
    own_keyring: OwnKeyring, tmp_path: Path
) -> None:
    vault = KeyringVault(tmp_path)
    vault.put(_credential())
    own_keyring.is_locked = True
    with pytest.raises(CredentialInvalid, match="does not let go of it"):
        vault.delete("own")
    assert vault.get("own") == _credential()


def test_without_one_the_file_is_used(no_keyring: None, tmp_path: Path) -> None:
    vaults = _vaults(tmp_path)
    assert vaults.add(_credential()).place == "file"
    assert vaults.get("own") == _credential()
    assert [it.name for it in vaults.told] == ["own", "own"]  # type: ignore[attr-defined]


def test_a_credential_is_kept_in_one_place_only(
    own_keyring: OwnKeyring, tmp_path: Path
) -> None:
    FileVault(tmp_path).put(_credential())
    vaults = _vaults(tmp_path)
    vaults.add(_credential(hosts=("b.example",)))
    assert FileVault(tmp_path).entries() == []
    assert vaults.get("own").hosts == ("b.example",)


def test_the_environment_goes_first_and_is_not_ours_to_change(
    no_keyring: None, tmp_path: Path
) -> None:
    FileVault(tmp_path).put(_credential(name="my-site/x"))
    environ = {
        "AGENTBENCH_CREDENTIAL_MY_SITE_X": "other-42",
        "AGENTBENCH_CREDENTIAL_MY_SITE_X_HOSTS": "a.example, B.example:8443",
        "AGENTBENCH_CREDENTIAL_MY_SITE_X_KIND": "user_password",
        "AGENTBENCH_CREDENTIAL_MY_SITE_X_USER": "me",
        "AGENTBENCH_CREDENTIAL_ANTHROPIC": "known-42",
        "AGENTBENCH_CREDENTIAL_STRANGE": "lost-42",
        "UNRELATED": "x",
    }
    vaults = _vaults(tmp_path, environ)
    found = vaults.get("my-site/x")
    assert (found.secret.reveal(), found.user) == ("other-42", "me")
    assert found.hosts == ("a.example", "b.example:8443")
    assert vaults.get("anthropic").header == "x-api-key"
    assert {it.name for it in vaults.entries()} == {
        "anthropic", "my-site-x", "my-site/x",
    }  # fmt: skip
    with pytest.raises(CredentialInvalid, match="_STRANGE_HOSTS=api"):
        vaults.get("strange")
    for call in (lambda: vaults.add(_credential(name="anthropic")),
                 lambda: vaults.delete("anthropic")):  # fmt: skip
        with pytest.raises(CredentialInvalid, match="comes from the environment"):
            call()


def test_what_is_not_there_is_said_with_what_is_like_it(
    no_keyring: None, tmp_path: Path
) -> None:
    vaults = _vaults(tmp_path)
    vaults.add(_credential(name="openai"))
    for call in (vaults.get, vaults.delete):
        with pytest.raises(UnknownCredential, match="Did you mean 'openai'"):
            call("openia")


def test_familiar_names_have_hosts_and_can_be_tried() -> None:
    for name, known in FAMILIAR.items():
        made = _credential(
            name=name, hosts=known.hosts, kind=known.kind, header=known.header
        )
        host = known.test.partition("//")[2].partition("/")[0]
        assert not known.test or made.is_for(host, 443), name


def test_no_test_takes_the_keyring_of_whoever_runs_it(tmp_path: Path) -> None:
    assert not KeyringVault(tmp_path).takes_more, "nor the one of this file"
