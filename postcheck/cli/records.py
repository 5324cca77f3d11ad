"""`postcheck records`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from postcheck.cli.common import EXIT_FINDINGS, counted

if TYPE_CHECKING:
    from postcheck.review.records import Records
    from postcheck.review.verifying import Verified


@click.group()
def records() -> None:
    """The record of approvals: verify it, list it, show an entry, export it.

    Entries are only ever added. Nothing here changes or deletes one.
    """


_RECORDS = click.option(
    "--records",
    "path",
    metavar="PATH",
    type=click.Path(),
    help="The record's file, or the folder whose .postcheck/records.sqlite it is; by default that of the settings.",
)
_HEAD = click.option(
    "--head",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="A head that was kept elsewhere: entries cut off at the end are seen by it.",
)


def _opened_records(path: str | None) -> Records:
    from pathlib import Path

    from postcheck.config import find_config
    from postcheck.review.records import Records

    if path:
        return Records(Path(path))
    config = find_config([Path.cwd()])
    return Records(config.parent if config else Path.cwd())


def _told_faults(verified: Verified) -> None:
    """
    Raises:
        Exit: with 1 where there are faults.
    """
    from postcheck.display import visible_line

    for fault in verified.faults:
        click.echo(visible_line(str(fault)))
    if verified.faults:
        click.echo(
            f"postcheck: {counted(len(verified.faults), 'fault')}. Change nothing, keep the file as it is, and "
            "compare it with a copy.",
            err=True,
        )
        raise click.exceptions.Exit(EXIT_FINDINGS)
    if not verified.is_held_against_a_head:
        click.echo("postcheck: note: without --head nobody can tell whether entries were cut off at the end.", err=True)


@records.command()
@_RECORDS
@_HEAD
@click.option("--write-head", metavar="FILE", type=click.Path(dir_okay=False), help="Where all is in order, write it.")
def verify(path: str | None, head: str | None, write_head: str | None) -> None:
    """Find every entry that was changed, removed, moved or put in, and every asset that is changed or missing.

    Keep what --write-head writes somewhere else: it is the number and the hash of the last entry. Exit code 1:
    something is wrong.
    """
    from pathlib import Path

    from postcheck.display import visible_line
    from postcheck.review.records import Head
    from postcheck.review.verifying import verify as verified_by

    opened = _opened_records(path)
    verified = verified_by(opened, Head.load(Path(head)) if head else None)
    _told_faults(verified)
    entries = counted(verified.head.sequence, "entry", "entries")
    click.echo(f"{visible_line(str(opened.path))}: {entries} and {counted(verified.assets, 'asset')}, all in order.")
    click.echo(f"head: {verified.head.sequence} {verified.head.hash}")
    if write_head:
        verified.head.write(Path(write_head))


@records.command(name="list")
@_RECORDS
def list_(path: str | None) -> None:
    """A line for each entry: number, time (UTC), what happened, draft and revision, who."""
    from postcheck.display import visible_line
    from postcheck.review.words import what_happened, who

    for entry in _opened_records(path).list():
        draft = entry.body["draft"]
        told = f"{what_happened(entry):<25}  {draft['id']}, revision {draft['revision']}  {who(entry)}"
        click.echo(visible_line(f"{entry.sequence:>6}  {entry.time:%Y-%m-%d %H:%M:%S}  {told}".rstrip()))


@records.command()
@click.argument("number", type=click.IntRange(min=1))
@_RECORDS
def show(number: int, path: str | None) -> None:
    """Entry NUMBER as JSON, with its hash."""
    import json

    from postcheck.display import visible

    entry = _opened_records(path).get(number)
    text = json.dumps({"hash": entry.hash, **json.loads(entry.content)}, ensure_ascii=False, indent=1)
    click.echo("".join(char if visible(char) == char else json.dumps(char)[1:-1] for char in text))


@records.command("export")
@_RECORDS
@_HEAD
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), required=True, help="The zip to write.")
def export_records(path: str | None, head: str | None, output: str) -> None:
    """Write the record as a zip that opens without postcheck: a page, the entries as JSON, the assets.

    It is verified first. What is wrong is told here and on the page, and all that is there is written. Exit code 1:
    something is wrong.
    """
    from pathlib import Path

    from postcheck.display import visible_line
    from postcheck.review.export import export as exported
    from postcheck.review.records import Head

    verified = exported(_opened_records(path), Path(output), Head.load(Path(head)) if head else None)
    click.echo(f"{visible_line(output)}: {counted(verified.head.sequence, 'entry', 'entries')} written.")
    _told_faults(verified)
