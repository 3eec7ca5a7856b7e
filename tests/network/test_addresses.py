"""Which addresses are public, and what is said of the others."""

import pytest

from agentbench.network.addresses import why_not_public


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1", "this machine"),
        ("127.255.255.254", "this machine"),
        ("0.0.0.0", "this very network"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "provider"),
        ("100.127.255.255", "provider"),
        ("169.254.169.254", "clouds keep their secrets"),
        ("192.0.0.192", "protocols"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4"),
        ("198.18.0.1", "benchmarks"),
        ("203.0.113.9", "documentation"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "no address at all"),
        ("::1", "this machine"),
        ("::127.0.0.1", "old disguise"),
        ("::ffff:127.0.0.1", "127.0.0.1 in disguise, this machine"),
        ("::ffff:0:127.0.0.1", "not a public"),
        ("64:ff9b::7f00:1", "127.0.0.1 in disguise, this machine"),
        ("64:ff9b::a9fe:a9fe", "169.254.169.254 in disguise"),
        ("64:ff9b:1::7f00:1", "NAT64"),
        ("100::1", "black hole"),
        ("2001::1", "Teredo"),
        ("2001:10::1", "protocols"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4"),
        ("3fff::1", "documentation"),
        ("4000::1", "not a public"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
    ],
)
def test_closed_addresses_say_what_they_are(address: str, reason: str) -> None:
    assert reason in why_not_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "172.32.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_public_addresses_are_open(address: str) -> None:
    assert why_not_public(address) == ""
