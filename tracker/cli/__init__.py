"""Commands: each an entry point with one transaction, JSON on standard output, messages on standard error."""

import gettext
import inspect
from pathlib import Path

import click

# What click and argparse say of their own, and the help, in the language of the terminal (LANG).
gettext.bindtextdomain("commands", Path(__file__).parents[2] / "translations")
gettext.textdomain("commands")


def translate_help(command: click.Command) -> None:
    """Say what a command and all below it are for in the language of the terminal."""
    command.help = command.help and gettext.gettext(inspect.cleandoc(command.help))
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = parameter.help and gettext.gettext(parameter.help)
    for below in getattr(command, "commands", {}).values():
        translate_help(below)
