"""Who may read the metrics of the program, and from where on something needs looking after."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

# Below this share, or this much, of a disk left free, an administrator is warned.
SHARE_LEFT = 0.1
BYTES_LEFT = 1 << 30


def is_allowed(address: str | None, allowed: str) -> bool:
    """Whether an address lies in one of the networks, written with commas between them; an empty list allows nobody.

    Raises ValueError for a network that is none, so that a slip of the pen is found at once.
    """
    networks = [ip_network(each.strip(), strict=False) for each in allowed.split(",") if each.strip()]
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)


def is_scarce(free_bytes: int, total_bytes: int) -> bool:
    """Whether a disk is filling up."""
    return free_bytes < BYTES_LEFT or free_bytes < total_bytes * SHARE_LEFT


def is_late(since: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Whether something happened too long ago, or never."""
    return since is None or now - since > limit
