"""Hashing passwords and one-time codes. Slow by intent: never call it inside a transaction."""

import base64
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from tracker.org.rules import CODE_ALPHABET


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher(current_app.config["ARGON2_COST"]).hash(password)


def matches(password: str, stored_hash: str) -> bool:
    """Whether a password belongs to a stored hash; an empty hash never matches and takes just as long."""
    hasher = _hasher(current_app.config["ARGON2_COST"])
    try:
        return hasher.verify(stored_hash or _nobody(hasher), password) and bool(stored_hash)
    except (VerificationError, InvalidHashError):
        return False


def new_code() -> str:
    """A one-time code of ten signs, about 49 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(10))


def new_session_key() -> str:
    """A key that no running session carries yet."""
    return secrets.token_hex(16)


@cache
def _hasher(cost: str) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cost == "cheap" else PasswordHasher()


def _nobody(hasher: PasswordHasher) -> str:
    """A hash at the present cost that no password has."""
    salt, digest = (base64.b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
