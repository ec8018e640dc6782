"""Who may read the figures, and when a disk is filling up."""

import pytest

from tracker.monitoring.rules import is_allowed, is_scarce

GB = 1 << 30


@pytest.mark.parametrize(
    ("address", "allowed", "may"),
    [
        ("127.0.0.1", "127.0.0.1,::1", True),
        ("::1", "127.0.0.1,::1", True),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("10.1.2.3", "127.0.0.1", False),
        ("10.1.2.3", " 10.1.0.0/16 , 192.168.1.7", True),
        ("192.168.1.8", "10.1.0.0/16,192.168.1.7", False),
        ("10.1.2.3", "", False),
        (None, "127.0.0.1", False),
        ("unix:", "127.0.0.1", False),
    ],
)
def test_only_the_networks_of_the_list_may_read(address: str | None, allowed: str, may: bool) -> None:
    assert is_allowed(address, allowed) is may


def test_a_network_that_is_none_is_found_at_once() -> None:
    with pytest.raises(ValueError, match="everybody"):
        is_allowed("127.0.0.1", "everybody")


@pytest.mark.parametrize(
    ("free", "total", "scarce"), [(11 * GB, 100 * GB, False), (9 * GB, 100 * GB, True), (GB // 2, GB, True)]
)
def test_a_disk_fills_up_below_a_tenth_or_one_gibibyte(free: int, total: int, scarce: bool) -> None:
    assert is_scarce(free, total) is scarce
