"""Renewal: tokens that end are renewed once, by one, and what cannot be renewed is said."""

import json
import os
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.credential import Secret
from agentbench.domain.errors import (
    ConsentWithdrawn,
    CredentialNotRenewed,
    CredentialRefused,
    UnknownCredential,
)
from agentbench.workbench.credentials import CredentialDesk
from agentbench.workbench.workbench import Workbench
from tests.oauth.conftest import connected
from tests.oauth.provider import CLIENT_SECRET, Provider


@pytest.fixture
def ended(desk: CredentialDesk, provider: Provider) -> Provider:
    """A provider whose token `mine` ends with the moment, the next one in an hour."""
    provider.lifetime = "0.001"  # a number as text, as some have it
    connected(desk, provider)
    provider.lifetime = 3600
    return provider


def _renewals(provider: Provider) -> list[str]:
    calls = provider.calls("/token")
    return [it["refresh_token"] for it in calls if it["grant_type"] == "refresh_token"]


def test_a_token_that_ended_is_renewed_when_it_is_needed(
    bench: Workbench, desk: CredentialDesk, ended: Provider
) -> None:
    before = bench.credentials.as_kept("mine")
    assert before is not None
    assert desk.test("mine").is_good
    after = bench.credentials.get("mine")
    assert after.secret != before.secret
    assert after.refresh != before.refresh  # it was rotated, and the new one is kept
    assert bench.vaults.get("mine") == after
    assert len(_renewals(ended)) == 1


def test_a_token_is_renewed_before_it_ends_and_not_at_every_turn(
    bench: Workbench, desk: CredentialDesk, provider: Provider
) -> None:
    for lifetime, renewals in ((40, 0), (3600, 0), (None, 0)):
        provider.lifetime = lifetime
        connected(desk, provider)
        bench.credentials.get("mine")
        assert len(_renewals(provider)) == renewals
    provider.lifetime = 3600
    connected(desk, provider)
    kept = bench.credentials.get("mine")
    assert kept.expires is not None
    assert not kept.is_due(kept.expires - 301)
    assert kept.is_due(kept.expires - 299)


@pytest.mark.parametrize("lifetime", ["soon", -5, float("nan"), 1e400, True, "", None])
def test_a_lifetime_that_is_none_is_for_ever(
    bench: Workbench, desk: CredentialDesk, provider: Provider, lifetime: Any
) -> None:
    provider.lifetime = lifetime
    assert connected(desk, provider).expires is None


def test_a_refresh_token_that_does_not_rotate_stays(
    bench: Workbench, desk: CredentialDesk, ended: Provider
) -> None:
    ended.rotates = False
    before = bench.credentials.as_kept("mine")
    assert before is not None
    assert bench.credentials.get("mine").refresh == before.refresh


def test_one_of_many_threads_renews(bench: Workbench, ended: Provider) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(bench.credentials.get, ["mine"] * 24))
    assert len({it.secret for it in found}) == 1
    assert len(_renewals(ended)) == 1


def test_firings_that_wait_for_one_renewal_do_not_wait_for_each_other(
    bench: Workbench, ended: Provider
) -> None:
    """More requests than the loop has threads, at once, while the provider takes its time."""
    ended.slow.clear()
    ended.waiting.clear()
    many = 2 * min(32, (os.cpu_count() or 1) + 4)
    url = f"{ended.url}/me"
    asked = [
        bench.loop.submit(bench.outbound.request("GET", url, credential="mine"))
        for _ in range(many)
    ]
    assert ended.waiting.wait(60)
    ended.slow.set()
    assert [it.result(60).status for it in asked] == [200] * many
    assert len(_renewals(ended)) == 1


KERNEL = """
import json, sys
from pathlib import Path
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
home, place, locks = sys.argv[1:]
bench = Workbench(Settings(home=Path(home), store_url="memory:", redis_url=locks,
                           allowed_hosts=(place,)))
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps(bench.credentials.get("mine").expires), flush=True)
bench.close()
"""


def test_one_of_many_kernels_renews(ended: Provider, tmp_path: Path) -> None:
    locks = f"sqlite:///{tmp_path}/locks.db"
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", KERNEL, str(tmp_path), ended.place, locks],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for kernel in kernels:
        assert kernel.stdout is not None
        assert kernel.stdout.readline() == "ready\n"
    for kernel in kernels:
        assert kernel.stdin is not None
        kernel.stdin.write("\n")
        kernel.stdin.flush()
    told = {json.loads(kernel.communicate(timeout=60)[0]) for kernel in kernels}
    assert len(told) == 1
    assert len(_renewals(ended)) == 1


def test_who_was_outrun_takes_what_the_other_got(
    bench: Workbench, ended: Provider
) -> None:
    """A kernel with other locks has used the refresh token while we were using it."""
    before = bench.credentials.as_kept("mine")
    assert before is not None
    ended.slow.clear()
    ended.waiting.clear()
    with ThreadPoolExecutor(1) as pool:
        ours = pool.submit(bench.credentials.get, "mine")
        assert ended.waiting.wait(60)
        theirs = replace(
            before, refresh=Secret("of-the-other"), expires=time.time() + 3600
        )
        bench.vaults.add(theirs)
        ended.end()
        ended.slow.set()
        assert ours.result(60) == theirs


def test_a_consent_that_was_withdrawn_is_said_and_not_asked_for_again(
    bench: Workbench, desk: CredentialDesk, ended: Provider
) -> None:
    ended.end()
    with pytest.raises(ConsentWithdrawn) as raised:
        desk.test("mine")
    said = str(raised.value)
    assert "127.0.0.1 said 'invalid_grant: the token <secret:mine> is not" in said
    assert "`%agent credentials connect mine`" in said
    with pytest.raises(ConsentWithdrawn):
        bench.credentials.get("mine")
    assert len(_renewals(ended)) == 1  # the provider is not asked at every firing
    connected(desk, ended)
    assert desk.test("mine").is_good


def test_a_consent_withdrawn_while_its_token_lives_is_hinted_at(
    desk: CredentialDesk, provider: Provider
) -> None:
    connected(desk, provider)
    provider.end()
    trial = desk.test("mine")
    assert trial.is_good is False
    assert "connect it again" in trial.text


def test_a_provider_that_is_down_is_waited_out(
    bench: Workbench, desk: CredentialDesk, provider: Provider
) -> None:
    provider.lifetime = 0.001
    connected(desk, provider)
    provider.down = True
    with pytest.raises(
        CredentialNotRenewed, match="'temporarily_unavailable'"
    ) as raised:
        bench.credentials.get("mine")
    assert isinstance(raised.value, ConnectionError)  # worth trying again
    provider.down = False
    provider.lifetime = 3600
    kept = bench.credentials.get("mine")
    # Down again shortly before it ends: what there is, is good for a little longer.
    soon = bench.credentials.__class__(
        bench.vaults,
        lambda: bench.token_endpoint,
        lambda: bench.lock_server.locks,
        owner="test",
        clock=lambda: (kept.expires or 0) - 100,
    )
    provider.down = True
    assert soon.get("mine") == kept


def test_what_renews_a_token_goes_to_no_other_host(
    bench: Workbench, desk: CredentialDesk, provider: Provider
) -> None:
    api = "localhost:" + provider.place.partition(":")[2]
    bench.allow_host(api)
    connected(desk, provider, hosts=api)
    kept = bench.credentials.get("mine")
    assert kept.refresh is not None

    def send(body: str) -> Any:
        asking = bench.outbound.request("POST", f"http://{api}/token", body=body)
        return bench.loop.submit(asking).result(60)

    for secret in (kept.refresh.reveal(), CLIENT_SECRET):
        with pytest.raises(CredentialRefused, match=r"it is for 127\.0\.0\.1"):
            send(f"x={secret}")


@pytest.mark.parametrize("by", ["token", "bearer", "delete"])
def test_a_deleted_credential_is_taken_back_at_its_provider(
    desk: CredentialDesk, provider: Provider, by: str
) -> None:
    path = {"token": "revoke", "bearer": "revoke-bearer", "delete": "apps/{client}"}[by]
    grantor = provider.grantor(revoke=f"{provider.url}/{path}", revokes_by=by)
    connected(desk, provider, grantor=grantor)
    assert (
        desk.delete("mine") == "Forgot 'mine', and had 127.0.0.1 take its token back."
    )
    assert desk.list() == []
    assert not any(map(provider.is_good, provider.secrets))
    with pytest.raises(UnknownCredential):
        desk.delete("mine")


def test_what_cannot_be_taken_back_is_forgotten_and_said(
    desk: CredentialDesk, provider: Provider
) -> None:
    connected(desk, provider, grantor=provider.grantor(revoke=""))
    assert "Its token was not taken back: withdraw the consent in" in desk.delete(
        "mine"
    )
    connected(desk, provider)
    provider.down = True
    said = desk.delete("mine")
    assert "not taken back (127.0.0.1 said temporarily_unavailable): withdraw" in said
    assert desk.list() == []


def test_what_was_deleted_meanwhile_does_not_come_back(
    bench: Workbench, desk: CredentialDesk, ended: Provider
) -> None:
    ended.slow.clear()
    ended.waiting.clear()
    with ThreadPoolExecutor(2) as pool:
        renewing = pool.submit(bench.credentials.get, "mine")
        assert ended.waiting.wait(60)
        deleting = pool.submit(desk.delete, "mine")
        ended.slow.set()
        renewing.result(60)
        deleting.result(60)
    assert desk.list() == []


def test_nothing_secret_is_in_what_is_raised(
    bench: Workbench, desk: CredentialDesk, ended: Provider
) -> None:
    """Not in the message, and not in the variables of any frame that it came through."""
    ended.end()
    with pytest.raises(ConsentWithdrawn) as raised:
        bench.credentials.get("mine")
    shown = [str(raised.value)]
    error: BaseException | None = raised.value
    while error is not None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            shown.append(
                repr(frame.f_locals) if "oauth/" in frame.f_code.co_filename else ""
            )
        error = error.__cause__
    secrets = [*ended.secrets, CLIENT_SECRET]
    assert not [it for it in secrets if it in "".join(shown)]
