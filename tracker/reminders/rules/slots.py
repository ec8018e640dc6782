"""How digests are named, and how many at once are usual."""

from datetime import date

# So many digests at once surprise nobody, however small the office.
USUAL_DIGESTS = 30


def digest_slot(day: date, number: int) -> str:
    """The slot of a person's nth digest of a day: ``2026-06-10``, then ``2026-06-10#2``."""
    return day.isoformat() if number == 1 else f"{day.isoformat()}#{number}"


def digests_at_once(people: int, percent: int) -> int:
    """How many digests one sweep may queue without asking; grows with the number of people who can sign in."""
    return USUAL_DIGESTS + people * percent // 100
