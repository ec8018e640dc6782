"""Configuration, from the environment only. Everything an office sets in pages lives in ``tracker.settings``."""

import os
from pathlib import Path

from tracker.core.environment import (
    CODE,
    DATABASE,
    FOLDER,
    NETWORKS,
    SECONDS,
    SECRET,
    STORE,
    SWITCH,
    TEXT,
    WORKERS,
    ZONE,
    Environment,
    WrongSettings,
    one_of,
    up_to,
)

LEVELS = one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _secret_key(folder: Path) -> str:
    """The key that signs sessions when the environment tells none: made once and kept beside the data."""
    path = folder / "secret.key"
    if not path.exists():
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(os.urandom(32).hex())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass  # another process was first; its key counts
        finally:
            temporary.unlink()
    try:
        return path.read_text()
    except OSError as error:
        raise WrongSettings([f"{path}: 读不到 / cannot be read ({error.strerror})"]) from error


def from_environment() -> dict[str, object]:
    """The configuration of this process. Raises WrongSettings."""
    told = Environment(os.environ)
    folder = told.get("TRACKER_DATA_DIR", FOLDER, "instance")
    # Whole even when the folder was wrong, which is then told alone.
    file = os.path.abspath(f"{folder}/tracker.db")
    store, region = told.get("TRACKER_OBJECT_STORE", STORE), told.get("TRACKER_OBJECT_STORE_REGION", TEXT, "us-east-1")
    # Without them the library would look for some elsewhere on this machine.
    key, secret = (
        told.need(f"TRACKER_OBJECT_STORE_{name}", "使用对象存储时必须设置 / must be set with an object store")
        if store
        else ""
        for name in ("KEY", "SECRET")
    )
    secret_key = told.get("TRACKER_SECRET_KEY", SECRET)
    values: dict[str, object] = {
        "TRACKER_DATA_DIR": str(folder),
        "TRACKER_BACKUP_DIR": os.path.join(f"{folder}", told.get("TRACKER_BACKUP_DIR", TEXT, "backups")),
        # How many proxies stand in front and are believed about where a request came from.
        "TRACKER_PROXIES": told.get("TRACKER_PROXIES", up_to(10), "0"),
        # Who may read the metrics of the program at work: addresses and networks.
        "TRACKER_METRICS_ALLOW": told.get("TRACKER_METRICS_ALLOW", NETWORKS, "127.0.0.1,::1"),
        # How many processes serve pages; gunicorn reads it by itself.
        "TRACKER_WORKERS": told.get("TRACKER_WORKERS", WORKERS, "2"),
        "TRACKER_SETUP_CODE": told.get("TRACKER_SETUP_CODE", CODE),
        "TRACKER_IS_DEMO": told.get("TRACKER_DEMO", SWITCH) == "1",
        "TRACKER_ZONE": told.get("TRACKER_ZONE", ZONE, "Asia/Shanghai"),
        # Where files lie when machines share no folder: https://HOST:PORT/BUCKET/PREFIX, by the S3 protocol.
        "TRACKER_OBJECT_STORE": store,
        "TRACKER_OBJECT_STORE_KEY": key,
        "TRACKER_OBJECT_STORE_SECRET": secret,
        "TRACKER_OBJECT_STORE_REGION": region,
        "TRACKER_LOG": told.get("TRACKER_LOG", one_of("", "json", "text")),
        "TRACKER_LOG_LEVEL": told.get("TRACKER_LOG_LEVEL", LEVELS, "INFO"),
        # For trials only: every job this often, instead of each at its own pace.
        "TRACKER_SWEEP_SECONDS": told.get("TRACKER_SWEEP_SECONDS", SECONDS, "0"),
        "SQLALCHEMY_DATABASE_URI": told.get("TRACKER_DATABASE_URL", DATABASE, f"sqlite:///{file}"),
        "MAX_CONTENT_LENGTH": 512 << 20,
        "MAX_FORM_MEMORY_SIZE": 12 << 20,
        "MAX_FORM_PARTS": 20_000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": told.get("TRACKER_HTTPS", SWITCH) == "1",
        "WTF_CSRF_TIME_LIMIT": None,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh",
        "ARGON2_COST": told.get("TRACKER_ARGON2_COST", one_of("normal", "cheap"), "normal"),
    }
    told.close()
    return values | {"SECRET_KEY": secret_key or _secret_key(folder)}
