"""Addresses that came with a request and may lead elsewhere."""

from urllib.parse import urlsplit

from tracker.core.forms import CONTROL


def is_own(address: str) -> bool:
    """Whether an address stays on this site whatever a browser makes of it."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or CONTROL.search(address):
        return False
    if any(sign in address for sign in "\t\r\n"):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
