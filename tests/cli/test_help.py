"""What commands say of themselves, and of a slip of the pen, in the language of the terminal."""

import argparse
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from conftest import ROOT
from flask import Flask
from flask_migrate.cli import db

CATALOGUE = ROOT / "translations" / "zh" / "LC_MESSAGES" / "commands.po"
FLASK = ("-m", "flask", "--app", "wsgi")


def texts_of(command: click.Command) -> Iterator[str]:
    """The help of a command, of its options and of all below it."""
    yield inspect.cleandoc(command.help or "")
    yield from (option.help or "" for option in command.params if isinstance(option, click.Option))
    for below in getattr(command, "commands", {}).values():
        yield from texts_of(below)


def said(language: str, *arguments: str) -> str:
    environment = os.environ | {"LANG": language, "LC_ALL": language, "LANGUAGE": ""}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=60
    )
    return done.stdout + done.stderr


def test_all_help_stands_in_the_catalogue_and_nothing_that_nobody_says(app: Flask) -> None:
    with CATALOGUE.open("rb") as stream:
        entries = [message for message in read_po(stream) if message.id]
    ids = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in entries}
    ours = {text for command in (app.cli, db) for text in texts_of(command) if text}
    # On a Chinese terminal it is Chinese by now.
    assert ours <= ids | {entry.string for entry in entries if isinstance(entry.string, str)}
    libraries = inspect.getsource(argparse) + "".join(
        path.read_text(encoding="utf-8") for path in Path(inspect.getfile(click)).parent.glob("*.py")
    )
    unsaid = {text for text in ids - ours if repr(text.partition("\n")[0])[1:-1] not in libraries}
    assert unsaid == set() or ours.isdisjoint(ids)


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        ((*FLASK, "users", "add"), "错误：缺少选项 '--name'", "Error: Missing option '--name'"),
        ((*FLASK, "users", "--help"), "为一个人开通账号", "Open an account for a person"),
        ((*FLASK, "figures", "--help"), "哪一天的数字", "the day whose figures are asked for"),
        ((*FLASK, "db", "--help"), "建立或升级表结构", "Upgrade to a later version"),
        (("-m", "tracker.cli.serve", "--port"), "多余的参数：--port", "unrecognized arguments: --port"),
    ],
)
def test_help_and_slips_of_the_pen_are_told_in_the_language_of_the_terminal(
    arguments: tuple[str, ...], chinese: str, english: str
) -> None:
    assert chinese in said("zh_CN.UTF-8", *arguments)
    assert english in said("C.UTF-8", *arguments)
