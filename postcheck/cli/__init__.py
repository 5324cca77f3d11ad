"""The command line: options in, engine and reporter called, exit code out."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from postcheck.cli.accounts import accounts
from postcheck.cli.common import EXIT_FAULT, EXIT_FINDINGS, EXIT_USAGE, counted
from postcheck.cli.hootsuite import hootsuite
from postcheck.cli.records import records
from postcheck.cli.serve import serve
from postcheck.version import __version__

if TYPE_CHECKING:
    from rich.progress import Progress

    from postcheck.fixing import Fixing
    from postcheck.model import Report

_SEVERITIES = ("error", "warning", "note")
_FORMATS = ("text", "json", "sarif", "github", "junit", "markdown", "html")
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Group(click.Group):
    """Says what a person can mend as `path:line: what is wrong`, and owns up to faults of postcheck itself."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:  # the reader of our output went away
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - lives until the interpreter ends
            ctx.exit(EXIT_FINDINGS)
        except Exception as error:
            from postcheck.errors import PostcheckError

            if isinstance(error, PostcheckError):
                from postcheck.display import visible

                click.echo(f"postcheck: {visible(str(error))}", err=True)
                ctx.exit(EXIT_USAGE)
            import traceback

            frames = "".join(traceback.format_tb(error.__traceback__))
            click.echo(
                f"postcheck {__version__} broke. This is a fault of postcheck, not of the draft; nothing was checked.\n"
                f"{frames}{type(error).__name__} (its words are left out: they may quote the draft)",
                err=True,
            )
            ctx.exit(EXIT_FAULT)


@click.group(cls=_Group, context_settings=_HELP)
@click.version_option(__version__, prog_name="postcheck")
def main() -> None:
    """Check draft social-media posts against a city's policy before anyone sees them."""
    if not sys.stdout.isatty() and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # in a pipe Windows would write cp1252, which holds no emoji


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--policy", metavar="NAME", help="The city's rule book: a name, or a YAML file. `none` for none.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="For a person; programs; code scanning; GitHub's log; a build server; a comment; a reviewer (pages).",
)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write the report here.")
@click.option("--summary", is_flag=True, help="A line for each draft, and the totals.")
@click.option("--quiet", "-q", is_flag=True, help="Only what holds a draft back: nothing where all is in order.")
@click.option("--language", metavar="TAG", help="Speak this language, such as es; English where it has no words.")
@click.option("--fail-on", type=click.Choice(_SEVERITIES), help="The mildest severity that gives exit code 1.")
@click.option("--select", multiple=True, metavar="CHECK", help="Only these: ids, areas, or patterns (repeatable).")
@click.option("--ignore", multiple=True, metavar="CHECK", help="Not these: ids, areas, or patterns (repeatable).")
@click.option("--config", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="The settings file.")
@click.option("--at", metavar="TIME", help="Judge as of this moment, such as 2026-11-12T09:00-08:00.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, and check what is left.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--no-cache", is_flag=True, help="Read every check anew, and keep nothing for the next run.")
@click.option("--changed", is_flag=True, help="For commit hooks: pass over paths that belong to no draft.")
def check(
    paths: tuple[str, ...],
    policy: str | None,
    format_: str,
    output: str | None,
    summary: bool,
    quiet: bool,
    language: str | None,
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    config: str | None,
    at: str | None,
    fix: bool,
    diff: bool,
    no_cache: bool,
    changed: bool,
) -> None:
    """Check drafts: folders, files inside them, zips, content calendars (CSV).

    Exit code 0: nothing at or above --fail-on. 1: findings, or an error-level check left untested. 2: wrong usage or
    settings, or a draft that cannot be read. 3: a fault of postcheck.
    """
    from dataclasses import replace
    from pathlib import Path

    import postcheck.api
    from postcheck.config import find_config, load_config
    from postcheck.display import visible_line
    from postcheck.errors import UsageError
    from postcheck.model import Severity

    if diff and (fix or output or format_ != "text"):
        raise click.UsageError("--diff shows changes instead of a report: leave out --fix, --format and --output.")
    if (summary or quiet) and (diff or format_ != "text"):
        raise click.UsageError("--summary and --quiet shorten the text report: leave out --format and --diff.")
    if format_ == "html" and (not output or fix):
        raise click.UsageError("--format html writes pages: add --output report.html, and leave out --fix.")
    settings = load_config(Path(config) if config else find_config([Path(path) for path in paths]))
    if fail_on:
        settings = replace(settings, fail_on=Severity(fail_on))
    if language is not None:
        settings = replace(settings, language=language)
    with _progress() as advance:
        arguments: dict[str, Any] = {
            "config": settings,
            "policy": "" if policy == "none" else policy,
            "select": select,
            "ignore": ignore,
            "now": _moment(at),
            "changed": changed,
            "cache": not no_cache,
            "progress": advance,
            "note": lambda line: click.echo(f"postcheck: note: {visible_line(line)}", err=True),
        }
        fixings: list[Fixing] = []
        pages = None
        if fix or diff:
            report, fixings = postcheck.api.fix(paths, write=False, **arguments)
        elif format_ == "html" and output:
            from postcheck.pages import Pages

            pages = Pages(Path(output))
            report = postcheck.api.check(paths, looked=pages.add, **arguments)
        else:
            report = postcheck.api.check(paths, **arguments)
    if not report.drafts and not changed:
        raise UsageError("No draft was found, so nothing was checked.")
    changes = [change for fixing in fixings for change in fixing.changes]
    if pages:
        pages.finish(report)
    elif diff:
        diffs = [fixing.diff() for fixing in fixings]
        click.echo("".join(shown for shown, _ in diffs), nl=False)
        if any(hidden for _, hidden in diffs):
            click.echo("postcheck: names of minors are hidden in this diff; --fix writes them as they are.", err=True)
    else:
        _write(_rendered(report, format_, to_file=output is not None, summary=summary, quiet=quiet), output)
    for fixing in fixings if fix else ():
        fixing.write()
    if fixings and not (quiet and not changes):
        click.echo(f"postcheck: {_fixed(fixings, written=fix)}", err=True)
    if diff and report.exit_code != EXIT_USAGE:
        raise click.exceptions.Exit(EXIT_FINDINGS if changes else 0)
    raise click.exceptions.Exit(report.exit_code)


def _fixed(fixings: Sequence[Fixing], *, written: bool) -> str:
    """What came of the fixes, in a line."""
    made, files = sum(one.made for one in fixings), sum(len(one.changes) for one in fixings)
    parts = [
        f"{counted(made, 'fix', 'fixes')} {'written to' if written else 'to be written to'} {counted(files, 'file')}"
    ]
    overlapping, refused, in_zips = (
        sum(getattr(one, name) for one in fixings) for name in ("overlapping", "refused", "in_zips")
    )
    if overlapping:
        parts.append(f"{counted(overlapping, 'fix', 'fixes')} overlapped another and waited for it")
    if refused:
        parts.append(f"{counted(refused, 'fix', 'fixes')} left out, for a new finding would have come of it")
    if in_zips:
        parts.append(f"{counted(in_zips, 'draft')} in zips left alone: unpack them to fix them")
    return "; ".join(parts) + "."


def _moment(at: str | None) -> Any:
    if at is None:
        return None
    from postcheck.draft.keys import parse_time

    moment = parse_time(at, "")
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter("write a date, a time and a zone, such as 2026-11-12T09:00-08:00", param_hint="--at")
    return moment


def _colour(stream: Any) -> bool:
    """On a terminal that can, unless NO_COLOR is set to anything (https://no-color.org)."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _rendered(report: Report, format_: str, *, to_file: bool, summary: bool, quiet: bool) -> str:
    import shutil

    from postcheck.reporters import reporter

    if format_ != "text":
        return reporter(format_)(report)
    from postcheck.reporters import text

    width = min(shutil.get_terminal_size().columns, 110) if sys.stdout.isatty() and not to_file else 100
    colour = _colour(sys.stdout) and not to_file
    return text.render(report, colour=colour, width=width, summary=summary, quiet=quiet)


def _write(rendered: str, output: str | None) -> None:
    if output is None:
        click.echo(rendered, nl=False, color=True)  # already without colour where none is wanted
        return
    from postcheck.errors import UsageError

    try:
        with open(output, "wb") as file:  # as bytes at once: a calendar's report has a hundred million
            file.write(rendered.encode())
    except OSError as error:
        raise UsageError(f"{output}: the report cannot be written: {error.strerror}.") from None


@contextmanager
def _progress() -> Iterator[Callable[[object], None]]:
    """A count on the terminal once the work takes more than a moment; nothing in a pipe."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    import time

    started, done = time.monotonic(), 0
    bar: Progress | None = None

    def advance(_: object) -> None:
        nonlocal bar, done
        done += 1
        if bar is None and time.monotonic() - started > 1.0:
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn

            columns = (SpinnerColumn(), TextColumn("{task.completed:,} drafts checked"))
            bar = Progress(*columns, console=Console(stderr=True), transient=True)
            bar.start()
            bar.add_task("")
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--account", help="The account that will post.")
@click.option("--author", help="Who drafts.")
@click.option("--platform", "platforms", multiple=True, help="Where it will be posted (repeatable).")
def init(folder: str, account: str | None, author: str | None, platforms: tuple[str, ...]) -> None:
    """Begin a draft in a FOLDER of pictures, videos and captions files.

    What their metadata says is filled in; TODO stands where a person must write. An alt text is never invented.
    """
    import shlex
    from pathlib import Path

    from postcheck.draft.start import start_draft

    path, left = start_draft(Path(folder), account=account or "", author=author or "", platforms=platforms)
    click.echo(f"{path} begun. {left} TODO to write; then: postcheck check {shlex.quote(folder)}")


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--to", "folder", required=True, metavar="DIR", type=click.Path(), help="The folder: a new or empty one.")
@click.option(
    "--records",
    metavar="PATH",
    type=click.Path(),
    help="The record of approvals, or the folder it belongs to; by default that of the settings, or the nearest above.",
)
@click.option("--approved-only", is_flag=True, help="Hand nothing over where there is no record of approvals.")
@click.option("--policy", metavar="NAME", help="The city's rule book, as for check.")
@click.option("--language", metavar="TAG", help="Speak this language, such as es; English where it has no words.")
@click.option("--config", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="The settings file.")
@click.option("--at", metavar="TIME", help="Judge as of this moment, such as 2026-11-12T09:00-08:00.")
@click.option("--no-cache", is_flag=True, help="Read every check anew, and keep nothing for the next run.")
def export(
    paths: tuple[str, ...],
    folder: str,
    records: str | None,
    approved_only: bool,
    policy: str | None,
    language: str | None,
    config: str | None,
    at: str | None,
    no_cache: bool,
) -> None:
    """Hand drafts that are approved, and that the check does not hold back, to whoever publishes them.

    Where there is no record of approvals, drafts are handed over that nobody has approved, and the sheet says so.

    Into the folder come a hand-off sheet, the files for Hootsuite, and texts, pictures, videos and captions files as
    each platform takes them. Nothing is written over. Exit code 1 where a draft was left out.
    """
    from dataclasses import replace
    from pathlib import Path

    from postcheck.config import find_config, load_config
    from postcheck.display import visible_line
    from postcheck.errors import UsageError
    from postcheck.publishing.approved import find_records
    from postcheck.publishing.export import export as hand_over
    from postcheck.publishing.export import told
    from postcheck.publishing.handoff import not_approved

    settings = load_config(Path(config) if config else find_config([Path(path) for path in paths]))
    if language is not None:
        settings = replace(settings, language=language)
    with _progress() as advance:
        exported = hand_over(
            [Path(path) for path in paths],
            Path(folder),
            config=settings,
            policy="" if policy == "none" else policy,
            now=_moment(at),
            cache=not no_cache,
            records=find_records([Path(path) for path in paths], settings, Path(records)) if records else None,
            approved_only=approved_only,
            note=lambda line: click.echo(f"postcheck: note: {visible_line(line)}", err=True),
            progress=advance,
        )
    if not exported.handed and not exported.held:
        raise UsageError("No draft was found, so nothing was handed over.")
    for line in told(exported, Path(folder)):
        click.echo(visible_line(line))
    if exported.handed and not exported.has_record:
        click.echo(not_approved())
    code = EXIT_USAGE if exported.has_unreadable else EXIT_FINDINGS if exported.held else 0
    raise click.exceptions.Exit(code)


@main.command()
@click.argument("check_id", metavar="CHECK")
def explain(check_id: str) -> None:
    """What CHECK wants, why, by which rule, and how it is mended, with its examples."""
    from postcheck.reporters import explain as explaining

    click.echo(explaining.render(_named_check(check_id)), nl=False)


def _named_check(check_id: str) -> Any:
    from postcheck.catalog import check_path, load_catalog, read_check
    from postcheck.errors import UsageError, did_you_mean

    known = load_catalog().checks
    if check_id not in known:
        raise UsageError(f"There is no check `{check_id}`. {did_you_mean(check_id, list(known))}".strip())
    return read_check(check_path(check_id))


@main.command()
@click.argument("patterns", nargs=-1, metavar="[CHECK]...")
def checks(patterns: tuple[str, ...]) -> None:
    """Every check by area, or those that the ids, areas or patterns name."""
    from postcheck.catalog import load_catalog, matching
    from postcheck.errors import UsageError, did_you_mean

    known = load_catalog().checks
    for pattern in patterns:
        if not matching(pattern, known):
            raise UsageError(f"`{pattern}` matches no check. {did_you_mean(pattern, list(known))}".strip())
    wanted = {check_id for pattern in patterns for check_id in matching(pattern, known)} or set(known)
    width = max(len(check_id) for check_id in wanted)
    for check_id, definition in known.items():
        if check_id in wanted:
            click.echo(f"{check_id:<{width}}  {definition.severity.value:<7}  {definition.title}")


@main.command()
@click.argument("name", required=False)
@click.option("--compare", is_flag=True, help="All documents side by side, topic by topic.")
@click.option("--format", "format_", type=click.Choice(("text", "markdown")), default="text", show_default=True)
def policies(name: str | None, compare: bool, format_: str) -> None:
    """The cities whose policies are known; with NAME, how each of its clauses is answered.

    --format markdown writes the table of NAME, or the page of all documents.
    """
    from postcheck.catalog import load_catalog
    from postcheck.policy import STRICTEST, load_policy, policy_names, shown
    from postcheck.reporters import coverage

    if compare and (name or format_ != "text"):
        raise click.UsageError("--compare lays all side by side as text: leave out NAME and --format.")
    catalog = load_catalog()
    names = [name] if name else policy_names()
    chosen = {known: load_policy(known, catalog) for known in names}
    documents = [policy for known, policy in chosen.items() if name or known != STRICTEST]
    if compare:
        click.echo(coverage.compare(documents), nl=False)
    elif format_ == "markdown":
        click.echo(coverage.markdown(documents, shown), nl=False)
    elif name:
        click.echo(coverage.render(chosen[name]), nl=False)
    else:
        for known, policy in chosen.items():
            click.echo(f"{known}  {policy.title}")


@main.command()
def schema() -> None:
    """The JSON Schema of the JSON report."""
    from postcheck.reporters.json import schema_text

    click.echo(schema_text(), nl=False)


main.add_command(accounts)
main.add_command(records)
main.add_command(serve)
main.add_command(hootsuite)
