"""Credentials in an encrypted file of ours, where the system has no keyring.

What it protects against, and what not: the file alone is of no use to anybody, so that a
backup, a synchronised folder or a mistaken `git add` gives nothing away. The key lies
beside it, readable by this user only: whoever can read this user's files can read both.
Where the system has a keyring, `pip install 'agentbench[keyring]'` is better.
"""

import base64
import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agentbench.domain.credential import Credential, CredentialEntry
from agentbench.domain.errors import CredentialsUnreadable
from agentbench.vaults.base import alone, entry_from, hidden, rebuilt, shown

FORMAT = 1
_NONCE = 12
_AGAIN = "Delete the credential and add it again."


class FileVault:
    """Keeps credentials in `credentials.json`, each sealed with a key of `credentials.key`.

    AES-GCM seals the secret together with everything that is shown of it: hosts that
    somebody changed in the file are found out. Writing is write-then-rename, under a
    lock that other kernels heed.
    """

    place = "file"
    takes_more = True

    def __init__(self, home: Path) -> None:
        self.path = home / "credentials.json"
        self.key_path = home / "credentials.key"

    def entries(self) -> list[CredentialEntry]:
        """What is kept here; no secret is read for it."""
        written = self._read()["credentials"]
        try:
            return [
                entry_from({**facts["shown"], "name": name}, self.place)
                for name, facts in written.items()
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(f"an entry is not of ours ({error})") from error

    def get(self, name: str) -> Credential | None:
        """The credential of that name, or None.

        Raises:
            CredentialsUnreadable: the key is another one, or the entry was changed.
        """
        written = self._read()["credentials"].get(name)
        if written is None:
            return None
        try:
            opened = self._opened(name, written)
        except CredentialsUnreadable:
            # Another kernel may have sealed it anew between the reading of the two files.
            before, written = written, self._read()["credentials"].get(name)
            if written == before:
                raise
            return self.get(name)
        try:
            return rebuilt({**written["shown"], "name": name}, opened)
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(f"{name!r} is not of ours ({error})") from error

    def put(self, credential: Credential) -> None:
        """Seals and keeps a credential."""
        with self._changing() as written:
            keys = self._keys()
            if not keys:
                keys = {secrets.token_hex(4): secrets.token_bytes(32)}
                self._write_keys(keys)
            written["credentials"][credential.name] = _sealed(credential, keys)

    def delete(self, name: str) -> bool:
        """Forgets a credential: the file that is written holds nothing of it."""
        if name not in self._read()["credentials"]:
            return False
        with self._changing() as written:
            return written["credentials"].pop(name, None) is not None

    def rotate(self) -> int:
        """Seals everything with a new key, and forgets the old one; says how many that were.

        Cut off at any point, every credential can still be read: the new key is written
        beside the old one first, and the old one goes last. The lock is held until it
        has gone: another rotation in between would seal with a key that we then drop.
        """
        with self._locked():
            written = self._read()
            keys = self._keys()
            opened = [
                credential
                for name in written["credentials"]
                if (credential := self.get(name)) is not None
            ]
            new = {secrets.token_hex(4): secrets.token_bytes(32)}
            self._write_keys({**new, **keys})
            for credential in opened:
                written["credentials"][credential.name] = _sealed(credential, new)
            self._write(written)
            self._write_keys(new)
            return len(opened)

    def trouble(self) -> str:
        """What is wrong with the files, in words; empty when nothing is."""
        for path in (self.path, self.key_path):
            if os.name == "posix" and path.exists() and path.stat().st_mode & 0o077:
                return f"others can read {path}; run: chmod 600 {path}"
        return ""

    # ---- the files -----------------------------------------------------------

    def _read(self) -> dict[str, Any]:
        try:
            written = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {"format": FORMAT, "credentials": {}}
        except (OSError, ValueError) as error:
            raise self._damaged(str(error)) from error
        is_ours = isinstance(written, dict) and isinstance(
            written.get("credentials"), dict
        )
        if not is_ours or written.get("format") != FORMAT:
            raise self._damaged("it is of another format, or a newer one")
        return dict(written)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """What is written, to be changed; it replaces the file unless something is raised."""
        with self._locked():
            written = self._read()
            yield written
            self._write(written)

    def _write(self, written: dict[str, Any]) -> None:
        text = json.dumps(written, indent=2, sort_keys=True, ensure_ascii=False)
        _replace(self.path, text.encode() + b"\n")

    def _locked(self) -> contextlib.AbstractContextManager[None]:
        return alone(self.path.with_suffix(".lock"))

    def _keys(self) -> dict[str, bytes]:
        """The keys by their id; the first seals, all of them open."""
        try:
            lines = self.key_path.read_text().split("\n")
            pairs = [line.split() for line in lines if line.strip()]
            return {id: base64.b64decode(key, validate=True) for id, key in pairs}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            reason = f"its key {self.key_path} is damaged. {_AGAIN}"
            raise CredentialsUnreadable(str(self.path), reason) from None

    def _write_keys(self, keys: dict[str, bytes]) -> None:
        lines = [f"{id} {base64.b64encode(key).decode()}\n" for id, key in keys.items()]
        _replace(self.key_path, "".join(lines).encode())

    def _opened(self, name: str, written: dict[str, Any]) -> dict[str, Any]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        keys = self._keys()
        try:
            key = keys.get(written["key"])
            sealed = base64.b64decode(written["sealed"], validate=True)
            facts = _told(name, written["shown"])
        except (KeyError, TypeError, ValueError):
            raise self._damaged(f"{name!r} is not of ours") from None
        if key is None:
            reason = f"its key is not in {self.key_path}. {_AGAIN}"
            raise CredentialsUnreadable(f"{self.path} ({name})", reason)
        try:
            opened = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], facts)
        except (InvalidTag, ValueError):
            reason = f"the entry was changed, or the key is another one. {_AGAIN}"
            raise CredentialsUnreadable(f"{self.path} ({name})", reason) from None
        return dict(json.loads(opened))

    def _damaged(self, reason: str) -> CredentialsUnreadable:
        return CredentialsUnreadable(
            str(self.path),
            f"{reason}. Move the file away to begin anew; nothing of it was changed.",
        )


def _sealed(credential: Credential, keys: dict[str, bytes]) -> dict[str, Any]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    id, key = next(iter(keys.items()))
    kept = {name: given for name, given in shown(credential).items() if name != "name"}
    nonce = secrets.token_bytes(_NONCE)
    told = _told(credential.name, kept)
    inner = json.dumps(hidden(credential)).encode()
    sealed = nonce + AESGCM(key).encrypt(nonce, inner, told)
    return {"key": id, "sealed": base64.b64encode(sealed).decode(), "shown": kept}


def _told(name: str, facts: dict[str, Any]) -> bytes:
    """Everything that is shown, in one form: it is sealed along with the secret."""
    plain = {**facts, "hosts": list(facts["hosts"]), "name": name}
    return json.dumps(plain, sort_keys=True).encode()


def _replace(path: Path, data: bytes) -> None:
    """Write, then rename: nobody ever sees half of it; only this user may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
