"""The program knows its own version and its migrations."""

from pathlib import Path

import pytest

from tracker.core import releases


def test_an_installed_release_names_itself_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "VERSION").write_text("0.1.0-443f93e32\nlinux-x86_64\n3.11 3.13\n")
    monkeypatch.setattr(releases, "ROOT", tmp_path)
    releases.version.cache_clear()
    try:
        assert releases.version() == "0.1.0-443f93e32"
    finally:
        releases.version.cache_clear()
