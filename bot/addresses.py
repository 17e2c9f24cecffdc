"""Which IP addresses lead to the public internet, and which stay with us. Pure.

The tables are our own (IANA's special-purpose registries), for `ipaddress` changes its mind between
versions of Python. What cannot be read as an address is private.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4_REFUSED = (
    IPv4Network("0.0.0.0/8"),  # "this network": Linux takes it for loopback (RFC 791)
    IPv4Network("10.0.0.0/8"),  # private (RFC 1918)
    IPv4Network("100.64.0.0/10"),  # shared by carrier-grade NAT (RFC 6598)
    IPv4Network("127.0.0.0/8"),  # loopback (RFC 1122)
    IPv4Network("169.254.0.0/16"),  # link-local, and the clouds' metadata (RFC 3927)
    IPv4Network("172.16.0.0/12"),  # private (RFC 1918)
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments (RFC 6890)
    IPv4Network("192.0.2.0/24"),  # documentation (RFC 5737)
    IPv4Network("192.88.99.0/24"),  # the retired 6to4 relays (RFC 7526)
    IPv4Network("192.168.0.0/16"),  # private (RFC 1918)
    IPv4Network("198.18.0.0/15"),  # benchmarks (RFC 2544)
    IPv4Network("198.51.100.0/24"),  # documentation (RFC 5737)
    IPv4Network("203.0.113.0/24"),  # documentation (RFC 5737)
    IPv4Network("224.0.0.0/4"),  # multicast (RFC 5771)
    IPv4Network("240.0.0.0/4"),  # reserved, and broadcast at its end (RFC 1112)
)
# All else is loopback, unique local, link-local, site-local, multicast, discard or unassigned.
_IPV6_PUBLIC = IPv6Network("2000::/3")
_IPV6_REFUSED = (
    IPv6Network("2001::/23"),  # IETF protocol assignments: Teredo, benchmarks, ORCHID (RFC 2928)
    IPv6Network("2001:db8::/32"),  # documentation (RFC 3849)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
_NAT64 = IPv6Network("64:ff9b::/96")  # the last 32 bits are an IPv4 address (RFC 6052)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # before an IPv4 address in the last 32 bits (RFC 5214)


def is_private(address: str) -> bool:
    """Whether an IP address leads anywhere but the public internet; what cannot be read is private.

    IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, ISATAP) are judged by it too.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return True
    if isinstance(ip, IPv4Address):
        return _is_private_4(ip)
    carried = _whole_of(ip)
    if carried is not None:
        return _is_private_4(carried)
    if ip not in _IPV6_PUBLIC or any(ip in network for network in _IPV6_REFUSED):
        return True
    return any(_is_private_4(part) for part in _parts_of(ip))


def _is_private_4(ip: IPv4Address) -> bool:
    return any(ip in network for network in _IPV4_REFUSED)


def _whole_of(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address is only another spelling of."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return _last_32_bits(ip) if ip in _NAT64 else None


def _parts_of(ip: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that packets to a public IPv6 address would be wrapped to."""
    tunnel = [] if ip.sixtofour is None else [ip.sixtofour]
    is_isatap = (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP
    return [*tunnel, _last_32_bits(ip)] if is_isatap else tunnel


def _last_32_bits(ip: IPv6Address) -> IPv4Address:
    return IPv4Address(int(ip) & 0xFFFFFFFF)


@lru_cache(maxsize=4096)
def is_near(host: str) -> bool:
    """Whether a host is this machine or a neighbour, by its looks: nothing is looked up."""
    # is_private calls what is no address private.
    return host == "localhost" or ((host.replace(".", "").isdigit() or ":" in host) and is_private(host))
