"""Which addresses are public, and why the others are not."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED_4 = {
    "0.0.0.0/8": "this very network",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "a provider's inner network",
    "127.0.0.0/8": "this machine",
    "169.254.0.0/16": "link-local, where clouds keep their secrets",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "reserved for protocols",
    "192.0.2.0/24": "for documentation only",
    "192.88.99.0/24": "a 6to4 relay",
    "192.168.0.0/16": "a private network",
    "198.18.0.0/15": "for benchmarks only",
    "198.51.100.0/24": "for documentation only",
    "203.0.113.0/24": "for documentation only",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_CLOSED_6 = {
    "::/128": "no address at all",
    "::1/128": "this machine",
    "::/96": "an IPv4 address in an old disguise",
    "64:ff9b:1::/48": "a local NAT64 network",
    "100::/64": "a black hole",
    "2001::/32": "a Teredo tunnel",
    "2001::/23": "reserved for protocols",
    "2001:db8::/32": "for documentation only",
    "2002::/16": "a 6to4 tunnel",
    "3fff::/20": "for documentation only",
    "fc00::/7": "a private network",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_NETWORKS = [
    (ipaddress.ip_network(network), words)
    for network, words in (_CLOSED_4 | _CLOSED_6).items()
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")


def why_not_public(text: str) -> str:
    """What a numeric address is, when it is not public; empty when it is."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _inner(address)
    if inner is not None:
        reason = why_not_public(str(inner))
        return reason and f"{inner} in disguise, {reason}"
    for network, words in _NETWORKS:
        if address in network:
            return words
    is_public = address.is_global and (address.version == 4 or address in _PUBLIC_6)
    return "" if is_public else "not a public address"


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a packet to this IPv6 address would reach, if any."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
