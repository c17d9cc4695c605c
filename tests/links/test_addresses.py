"""A link is no way into the company's own network."""

import ipaddress

import pytest

from intranet.config import BadSetting, Settings, load
from intranet.links.addresses import Forbidden, Resolve, Rules, Unresolved, target_of

RULES = Rules()


def to(*addresses: str) -> Resolve:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254",
        "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1", "2001:2::1", "2001:10::1", "3fff::1", "100::1", "5f00::1",
    ],
)  # fmt: skip
def test_nothing_is_fetched_from_inside(address: str) -> None:
    with pytest.raises(Forbidden):
        target_of("http://innocent.example/", RULES, to(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::8a"])
def test_the_internet_is_open_and_the_checked_address_is_the_one_that_is_used(address: str) -> None:
    target = target_of("https://innocent.example/a?b=c", RULES, to(address))
    assert (target.address, target.port, target.path) == (address, 443, "/a?b=c")


def test_one_bad_address_among_good_ones_closes_the_name() -> None:
    with pytest.raises(Forbidden):
        target_of("http://innocent.example/", RULES, to("93.184.215.14", "127.0.0.1"))


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]", "localhost"]
)
def test_odd_ways_to_write_this_machine_lead_nowhere(host: str) -> None:
    with pytest.raises((Forbidden, Unresolved)):
        target_of(f"http://{host}/", RULES)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://innocent.example/", "ftp://innocent.example/", "data:text/html,x",
        "//innocent.example",
        "http://", "http:///path", "http://user:secret@innocent.example/", "http://user@innocent.example/",
        "http://innocent.example:0/", "http://innocent.example:99999/", "http://innocent.example:22/",
        "https://innocent.example:6379/",
        "http://innocent.example/\r\nX-Evil: 1", "http://innocent.example/a b", "http://" + "a" * 300 + ".example/",
        "http://innocent.example/" + "a" * 3000, "http://[::1", "http://exa\x00mple/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        target_of(url, RULES, to("93.184.215.14"))


def test_nothing_of_an_address_can_break_out_of_its_line() -> None:
    target = target_of("http://bücher.example/ä?ö=\u202e\u2028", RULES, to("93.184.215.14"))
    assert target.host == "xn--bcher-kva.example"
    assert target.path.isascii()
    assert not set(target.path) & set(" \r\n")


def test_a_private_network_and_a_port_can_be_opened_by_the_administrator() -> None:
    rules = Rules.of(Settings(link_networks="10.20.0.0/16, fd00:20::/32", link_ports="80,8080"))
    assert target_of("http://wiki:8080/", rules, to("10.20.3.4")).address == "10.20.3.4"
    assert target_of("http://wiki/", rules, to("fd00:20::9")).host_header == "wiki"
    for closed in ("10.21.0.1", "127.0.0.1", "::ffff:10.20.3.4"):
        with pytest.raises(Forbidden):
            target_of("http://wiki/", rules, to(closed))
    with pytest.raises(Forbidden):
        target_of("https://wiki/", rules, to("10.20.3.4"))
    assert rules.allow(ipaddress.ip_address("10.20.255.255"))


@pytest.mark.parametrize(
    ("name", "value"), [("LINK_PORTS", "http"), ("LINK_NETWORKS", "10.20.0.1/16"), ("LINK_CARDS", "perhaps")]
)
def test_a_wrong_setting_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        load({f"COUTH_{name}": value})


def test_cards_are_switched_off_by_one_word() -> None:
    assert load({}).link_cards
    assert not load({"COUTH_LINK_CARDS": "off"}).link_cards


def test_a_name_without_an_address_may_have_one_later() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(Unresolved):
        target_of("http://innocent.example/", RULES, unknown)
