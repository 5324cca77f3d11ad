"""The whole run from paths to a report, for the command line, the tests and other programs alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from postcheck import messages
from postcheck.analysis import measured
from postcheck.catalog import load_catalog
from postcheck.config import Config, find_config, load_config
from postcheck.draft import find_drafts, read_drafts
from postcheck.draft.find import Found
from postcheck.engine import Plan, look_at, make_plan, make_report
from postcheck.model import Draft, DraftReport, Report, UnreadableDraft
from postcheck.policy import load_policy

if TYPE_CHECKING:
    from postcheck.detectors.veil import Veil
    from postcheck.fixing import Fixing


def settle(
    config: Config,
    *,
    policy: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    now: datetime | None = None,
    cache: bool = True,
) -> tuple[Config, Plan]:
    """The plan of a run; and the config, its time zone the policy's where it has none of its own. From now on postcheck
    speaks the config's language.

    `policy` is a name, the path of a YAML file, or "" for none; None leaves it to the config.
    """
    messages.choose(config.language)
    measured.keep(cache)
    catalog = load_catalog() if cache else load_catalog(cache=False)  # as others ask for it: it is read once
    name = config.policy if policy is None else policy
    chosen = load_policy(name, catalog) if name else None
    plan = make_plan(catalog, config, chosen, select=select, ignore=ignore, now=now)
    return replace(config, timezone=config.timezone or str(plan.facts.get("timezone", ""))), plan


def check(
    paths: str | Path | Sequence[str | Path],
    *,
    config: Config | str | Path | None = None,
    policy: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    now: datetime | None = None,
    changed: bool = False,
    cache: bool = True,
    progress: Callable[[DraftReport], object] | None = None,
    note: Callable[[str], object] | None = None,
    looked: Callable[[Draft | UnreadableDraft, Veil, Report], object] | None = None,
) -> Report:
    """Check every draft that `paths` stand for.

    Args:
        paths: Folders, drafts, files inside drafts, calendars, zips.
        config: The settings, or their file; by default the nearest one above the paths.
        policy: The city's rule book, by name or path; by default the config's.
        select: Only these checks: ids, areas or shell patterns.
        ignore: Not these.
        now: The moment to judge by, with a zone; by default this one.
        changed: Pass over paths that belong to no draft, as a commit hook must.
        cache: Use what the last run kept of the checks that come with postcheck, and of what it measured in files,
            while they are unchanged.
        progress: Called with each draft's report as soon as it is there.
        note: Called with a line on each file that was passed over.
        looked: Called with each draft while its files are there (those of a zip go away), the veil over names that may
            not be shown, and a report of this draft alone.

    Raises:
        PostcheckError: the paths, the settings or a name in them are wrong. An unreadable draft raises nothing: its
            report says why, and leaves every check untested.
    """
    found, settings, plan = _prepared(paths, config, policy, select, ignore, now, changed, cache, note)
    reports = []
    for draft in read_drafts(found, settings):
        report, veil = look_at(draft, plan)
        reports.append(report)
        if looked:
            looked(draft, veil, make_report((report,), plan, settings.fail_on))
        if progress:
            progress(report)
    return make_report(reports, plan, settings.fail_on)


def fix(
    paths: str | Path | Sequence[str | Path],
    *,
    write: bool = True,
    config: Config | str | Path | None = None,
    policy: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    now: datetime | None = None,
    changed: bool = False,
    cache: bool = True,
    progress: Callable[[DraftReport], object] | None = None,
    note: Callable[[str], object] | None = None,
) -> tuple[Report, list[Fixing]]:
    """Mend what can be mended safely, and check every draft as it is after that.

    Args as for `check`; and `write`: False leaves the files as they are, and the report tells what they would be like.

    Raises:
        PostcheckError: as for `check`; or a file cannot be written.
    """
    from postcheck.fixing import fix_drafts

    found, settings, plan = _prepared(paths, config, policy, select, ignore, now, changed, cache, note)
    fixings = []
    for fixing in fix_drafts(found, settings, plan):
        fixings.append(fixing)
        for report in fixing.reports:
            if progress:
                progress(report)
    if write:
        for fixing in fixings:
            fixing.write()
    reports = [report for fixing in fixings for report in fixing.reports]
    return make_report(reports, plan, settings.fail_on), fixings


def _prepared(
    paths: str | Path | Sequence[str | Path],
    config: Config | str | Path | None,
    policy: str | None,
    select: Sequence[str],
    ignore: Sequence[str],
    now: datetime | None,
    changed: bool,
    cache: bool,
    note: Callable[[str], object] | None,
) -> tuple[list[Found], Config, Plan]:
    """What to read, by which settings, and the checks to run."""
    places = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if not isinstance(config, Config):
        config = load_config(Path(config) if config else find_config(places))
    settings, plan = settle(config, policy=policy, select=select, ignore=ignore, now=now, cache=cache)
    found, passed_over = find_drafts(places, settings, changed=changed)
    for line in passed_over:
        if note:
            note(line)
    return found, settings, plan
