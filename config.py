"""Configuration, from the environment only. Everything an office sets in pages lives in ``tracker.settings``."""

import os
from pathlib import Path


def _secret_key(folder: Path) -> str:
    """The key that signs sessions: from the environment, else made once and kept beside the data."""
    if key := os.environ.get("TRACKER_SECRET_KEY"):
        return key
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        temporary.write_text(os.urandom(32).hex())
        temporary.chmod(0o600)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass  # another process was first; its key counts
        finally:
            temporary.unlink()
    return path.read_text()


def from_environment() -> dict[str, object]:
    """The configuration of this process."""
    folder = Path(os.environ.get("TRACKER_DATA_DIR", "instance")).resolve()
    url = os.environ.get("TRACKER_DATABASE_URL") or f"sqlite:///{folder / 'tracker.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    return {
        "TRACKER_DATA_DIR": str(folder),
        "TRACKER_BACKUP_DIR": os.environ.get("TRACKER_BACKUP_DIR") or str(folder / "backups"),
        # How many proxies stand in front and are believed about where a request came from.
        "TRACKER_PROXIES": int(os.environ.get("TRACKER_PROXIES", "0")),
        # Who may read the metrics of the program at work: addresses and networks.
        "TRACKER_METRICS_ALLOW": os.environ.get("TRACKER_METRICS_ALLOW", "127.0.0.1,::1"),
        "TRACKER_IS_DEMO": os.environ.get("TRACKER_DEMO") == "1",
        "TRACKER_ZONE": os.environ.get("TRACKER_ZONE", "Asia/Shanghai"),
        # Where files lie when machines share no folder: https://HOST:PORT/BUCKET/PREFIX, by the S3 protocol.
        "TRACKER_OBJECT_STORE": os.environ.get("TRACKER_OBJECT_STORE", ""),
        "TRACKER_OBJECT_STORE_KEY": os.environ.get("TRACKER_OBJECT_STORE_KEY", ""),
        "TRACKER_OBJECT_STORE_SECRET": os.environ.get("TRACKER_OBJECT_STORE_SECRET", ""),
        "TRACKER_OBJECT_STORE_REGION": os.environ.get("TRACKER_OBJECT_STORE_REGION", "us-east-1"),
        # For trials only: every job this often, instead of each at its own pace.
        "TRACKER_SWEEP_SECONDS": float(os.environ.get("TRACKER_SWEEP_SECONDS", "0")),
        "SQLALCHEMY_DATABASE_URI": url,
        "SECRET_KEY": _secret_key(folder),
        "MAX_CONTENT_LENGTH": 512 << 20,
        "MAX_FORM_MEMORY_SIZE": 12 << 20,
        "MAX_FORM_PARTS": 20_000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": os.environ.get("TRACKER_HTTPS") == "1",
        "WTF_CSRF_TIME_LIMIT": None,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh",
        "ARGON2_COST": os.environ.get("TRACKER_ARGON2_COST", "normal"),
    }
