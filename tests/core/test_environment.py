"""Each setting is read by its kind or told of by its name, and no secret with it."""

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from config import from_environment
from tracker.core import environment
from tracker.core.environment import ADDRESS, DATABASE, Environment, Kind, WrongSettings, one_of, up_to

SECRET = "Geheim-77"
WRONG_DATABASES = (
    f"postgres//rectify:{SECRET}@127.0.0.1/rectify",
    f"postgresql://rectify:{SECRET}@127.0.0.1:abc/rectify",
    f"postgresql://rectify:{SECRET}@127.0.0.1:99999/rectify",
    f"postgresql://rectify:p@{SECRET}@127.0.0.1/rectify",
    f"mysql://rectify:{SECRET}@127.0.0.1/rectify",
    "sqlite://",
    "sqlite:///tracker.db",
    "sqlite:///data/tracker.db",
    "sqlite:///:memory:",
)


@pytest.fixture
def told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """What the program says of some settings."""
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))

    def say(**settings: str) -> str:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(WrongSettings) as refused:
            from_environment()
        assert list(tmp_path.iterdir()) == []
        return str(refused.value)

    return say


@pytest.mark.parametrize("url", WRONG_DATABASES)
def test_an_address_of_a_database_that_is_none_is_told_without_its_password(url: str, told_of: Any) -> None:
    told = told_of(TRACKER_DATABASE_URL=url)
    assert "TRACKER_DATABASE_URL: " in told
    assert SECRET not in told


@pytest.mark.parametrize(
    ("paths", "url", "is_right"),
    [
        (PurePosixPath, "sqlite:////srv/rectify/tracker.db", True),
        (PurePosixPath, "sqlite:///C:/rectify/tracker.db", False),
        (PureWindowsPath, "sqlite:///C:/rectify/tracker.db", True),
        (PureWindowsPath, "sqlite:///C:\\rectify/tracker.db", True),
        (PureWindowsPath, "sqlite:///rectify/tracker.db", False),
        (PureWindowsPath, "sqlite:///C:tracker.db", False),
    ],
)
def test_a_file_of_sqlite_is_named_by_its_whole_path(
    paths: type, url: str, is_right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "PurePath", paths)
    assert Environment({"URL": url}).get("URL", DATABASE) == (url if is_right else None)


@pytest.mark.parametrize(
    "url", ["oss", "ftp://host/bucket", "https://host", "https://host:99999/b", f"https://key:{SECRET}@host/bucket"]
)
def test_what_can_be_no_object_store_is_told(url: str, told_of: Any) -> None:
    told = told_of(TRACKER_OBJECT_STORE=url, TRACKER_OBJECT_STORE_KEY="k", TRACKER_OBJECT_STORE_SECRET="s")
    assert "TRACKER_OBJECT_STORE: " in told
    assert SECRET not in told


def test_an_object_store_needs_a_key_and_its_secret(told_of: Any) -> None:
    told = told_of(TRACKER_OBJECT_STORE="https://127.0.0.1:9000/rectify", TRACKER_OBJECT_STORE_KEY="k")
    assert "TRACKER_OBJECT_STORE_SECRET" in told
    assert "TRACKER_OBJECT_STORE_KEY" not in told


def test_a_relative_folder_of_backups_counts_from_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    told = {"": tmp_path / "backups", "kept": tmp_path / "kept", "/mnt/kept": Path("/mnt/kept")}
    for text, folder in told.items():
        monkeypatch.setenv("TRACKER_BACKUP_DIR", text)
        assert from_environment()["TRACKER_BACKUP_DIR"] == str(folder)


def test_an_empty_list_of_those_who_may_read_the_metrics_allows_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TRACKER_METRICS_ALLOW", raising=False)
    assert from_environment()["TRACKER_METRICS_ALLOW"] == "127.0.0.1,::1"
    monkeypatch.setenv("TRACKER_METRICS_ALLOW", " ")
    assert from_environment()["TRACKER_METRICS_ALLOW"] == ""
    # What is left empty among others says as little as it ever did.
    monkeypatch.setenv("TRACKER_ZONE", "")
    assert from_environment()["TRACKER_ZONE"] == "Asia/Shanghai"


@pytest.mark.parametrize("folder", ["file", "file/below", "/proc/nowhere"])
def test_a_data_folder_that_cannot_be_is_told(folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / folder))
    with pytest.raises(WrongSettings, match=f"TRACKER_DATA_DIR={tmp_path / folder}: ") as refused:
        from_environment()
    assert "TRACKER_DATABASE_URL" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (ADDRESS, "0.0.0.0:8000", ("0.0.0.0", 8000)),
        (ADDRESS, "[::1]:8000", ("::1", 8000)),
        (ADDRESS, ":65535", ("", 65_535)),
        (ADDRESS, "127.0.0.1:99999", None),
        (ADDRESS, "127.0.0.1:0", None),
        (ADDRESS, "127.0.0.1:http", None),
        (ADDRESS, "18431", None),
        (up_to(10), "10", 10),
        (up_to(10), "11", None),
        (up_to(10), "-1", None),
        (one_of("", "json"), "", ""),
        (one_of("", "json"), "JSON", None),
    ],
)
def test_a_value_is_read_by_its_kind_or_refused(kind: Kind[Any], text: str, value: object) -> None:
    settings = Environment({"NAME": text})
    assert settings.get("NAME", kind) == value
    if value is None:
        with pytest.raises(WrongSettings, match=f"NAME={text}: "):
            settings.close()
    else:
        settings.close()
