"""The command line, as click knows it: every command, argument, option and exit code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from docs.made.markdown import block, code, plain, table
from postcheck.cli import main
from postcheck.cli.common import EXIT_FAULT, EXIT_FINDINGS, EXIT_USAGE

EXIT_CODES = (0, EXIT_FINDINGS, EXIT_USAGE, EXIT_FAULT)
_MAIN = click.Context(main, info_name="postcheck", **main.context_settings)
_EXIT_CODE = re.compile(r"(?<!\d)(\d): (.+?)(?= \d: |$)", re.DOTALL)


def exit_codes() -> dict[int, str]:
    """What each means, as `postcheck check --help` says it.

    Raises:
        ValueError: the help leaves one out.
    """
    said = " ".join((main.commands["check"].help or "").split()).partition("Exit code ")[2]
    found = {int(match[1]): match[2] for match in _EXIT_CODE.finditer(said)}
    if set(found) != set(EXIT_CODES):
        raise ValueError(f"postcheck check --help tells the exit codes {sorted(found)}, and there are {EXIT_CODES}.")
    return found


def all_commands(group: click.Group = main, within: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each with the words that call it, such as `records verify`; a group before what is in it."""
    for name, command in group.commands.items():
        yield f"{within}{name}", command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{within}{name} ")


def options(command: click.Command) -> list[click.Option]:
    """Those of a command, `--help` included."""
    context = _context(command)
    return [option for option in command.get_params(context) if isinstance(option, click.Option)]


def _context(command: click.Command, name: str = "") -> click.Context:
    return click.Context(command, info_name=name or command.name, parent=_MAIN)


def usage(command: click.Command, name: str = "") -> str:
    """`name`: the words that call it, where they are more than its own name."""
    context = _context(command, name)
    return " ".join(command.get_usage(context).removeprefix("Usage: ").split())


def _commands() -> str:
    return "\n".join(_sections())


def _sections() -> Iterator[str]:
    for name, command in all_commands():
        yield f"## postcheck {name}\n"
        yield block(usage(command, name))
        for paragraph in (command.help or "").split("\n\n"):
            yield f"{plain(paragraph)}\n"
        yield table(["Option", "What it does"], [[_names(option), _told(option)] for option in options(command)])


def _names(option: click.Option) -> str:
    """With what it takes; the words of a choice are told beside it."""
    without = option.is_flag or option.count or isinstance(option.type, click.Choice)
    value = "" if without else f" {option.make_metavar(_MAIN)}"
    return ", ".join(code(name + (value if name.startswith("--") else "")) for name in option.opts)


def _told(option: click.Option) -> str:
    said = plain(option.help or "")
    if isinstance(option.type, click.Choice):
        said += f" One of {', '.join(code(str(choice)) for choice in option.type.choices)}."
    if option.show_default and option.default is not None:
        said += f" {code(str(option.default))} where it is not given."
    return said.strip()


def _exit_codes() -> str:
    return table(["Exit code", "It means"], [[str(number), plain(said)] for number, said in exit_codes().items()])


def _help() -> str:
    return block(main.get_help(_MAIN))


PARTS = {"commands": _commands, "exit codes": _exit_codes, "help": _help}
