import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import is_private

PRIVATE = {
    "this-network": ("0.0.0.0", "0.255.255.255"),
    "private-10": ("10.0.0.0", "10.255.255.255"),
    "private-172": ("172.16.0.0", "172.31.255.255"),
    "private-192": ("192.168.0.0", "192.168.255.255"),
    "cgnat": ("100.64.0.0", "100.127.255.255"),
    "loopback": ("127.0.0.1", "127.255.255.255"),
    "link-local": ("169.254.0.0", "169.254.169.254", "169.254.255.255"),
    "protocols": ("192.0.0.0", "192.0.0.8", "192.0.0.255"),
    "documentation-1": ("192.0.2.0", "192.0.2.255"),
    "documentation-2": ("198.51.100.0", "198.51.100.255"),
    "documentation-3": ("203.0.113.0", "203.0.113.255"),
    "6to4-relays": ("192.88.99.1",),
    "benchmarks": ("198.18.0.0", "198.19.255.255"),
    "multicast": ("224.0.0.1", "239.255.255.250"),
    "broadcast": ("240.0.0.1", "255.255.255.255"),
    "ipv6-loopback": ("::1", "::"),
    "ipv6-unique-local": ("fc00::1", "fdff:ffff::1"),
    "ipv6-link-local": ("fe80::1", "febf::1", "fe80::1%eth0"),
    "ipv6-site-local": ("fec0::1",),
    "ipv6-multicast": ("ff02::1", "ff0e::1"),
    "ipv6-discard": ("100::", "100::1"),
    "ipv6-unassigned": ("4000::1", "1000::1", "5f00::1"),
    "ipv6-documentation": ("2001:db8::1", "2001:db8:ffff::1"),
    "ipv6-documentation-2": ("3fff::1", "3fff:fff::1"),
    "ipv6-protocols": ("2001:2::1", "2001:10::1", "2001:1ff::1"),
    "teredo": ("2001:0:4136:e378:8000:63bf:80ff:fffe", "2001::1"),
    "mapped": ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe"),
    "compatible": ("::127.0.0.1", "::10.0.0.1"),
    "translated": ("::ffff:0:127.0.0.1",),
    "nat64": ("64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b::100.64.0.1"),
    "nat64-local": ("64:ff9b:1::1", "64:ff9b:1:ffff::7f00:1", "64:ff9b:1::808:808"),
    "6to4": ("2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1"),
    "isatap": ("2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1", "2002:808:808::5efe:7f00:1"),
    "no-address": (
        "",
        "1",
        "localhost",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "127.0.0.1 ",
        "[::1]",
    ),
}
PUBLIC = (
    *("1.1.1.1", "93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1"),
    *("128.0.0.1", "169.253.0.1", "169.255.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "192.167.0.1"),
    *(
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2001:200::1",
    ),
    *("::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::5efe:8.8.8.8"),
)


@pytest.mark.parametrize("kind", PRIVATE)
def test_an_address_that_stays_with_us_is_private(kind):
    assert [address for address in PRIVATE[kind] if not is_private(address)] == []


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_public(address):
    assert not is_private(address)


@given(st.ip_addresses(v=4))
def test_no_address_is_public_that_python_calls_private(ip):
    assert is_private(str(ip)) or (ip.is_global and not ip.is_multicast)


@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_ipv4_address_is_judged_alike(ip):
    number = int(ip)
    for base in ("::ffff:0:0", "64:ff9b::"):
        spelt = str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(base)) | number))
        assert is_private(spelt) is is_private(str(ip))


@given(st.text())
def test_no_text_breaks_it(text):
    assert is_private(text) in {True, False}
