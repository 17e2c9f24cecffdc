"""Which IP addresses lead to the public internet, and which stay with us. Pure."""

import ipaddress

_IPV4_REFUSED = (
    ipaddress.ip_network("192.0.0.0/24"),  # IETF protocol assignments (RFC 6890)
    ipaddress.ip_network("192.88.99.0/24"),  # the retired 6to4 relays (RFC 7526)
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def is_private(address: str) -> bool:
    """Whether an IP address leads anywhere but the public internet; what cannot be read is private.

    IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4) are judged by what they carry.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return True
    if isinstance(ip, ipaddress.IPv4Address):
        return not ip.is_global or ip.is_multicast or any(ip in network for network in _IPV4_REFUSED)
    if ip in _NAT64:
        return is_private(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    carried = ip.ipv4_mapped or ip.sixtofour
    if carried is not None:
        return is_private(str(carried))
    return not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_site_local
