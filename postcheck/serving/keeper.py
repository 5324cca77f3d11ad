"""The pages of records officers and of whoever keeps the accounts."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from postcheck.messages import say
from postcheck.review.decisions import Reviewer
from postcheck.review.export import export as write_zip
from postcheck.review.verifying import verify
from postcheck.review.words import what_happened, who
from postcheck.serving.desk import Ask, Desk, signed_in
from postcheck.serving.pages import go, message, page
from postcheck.serving.shelf import NoSuchDraft

ROLE = "records"
_ON_A_PAGE = 100
_DIGITS = 15


def entries(desk: Desk, ask: Ask) -> Response:
    """The newest first, a hundred on a page."""
    total = desk.records.head().sequence if desk.records.path.is_file() else 0
    number = _number(ask.query.get("page", ""), otherwise=1)
    pages = max(1, -(-total // _ON_A_PAGE))
    number = min(max(1, number), pages)
    last = total - (number - 1) * _ON_A_PAGE
    before = max(0, last - _ON_A_PAGE)
    # Of a record of some years only what is shown is read.
    shown = list(islice(desk.records.list(after=before), last - before)) if last else []
    shown.reverse()
    return page(
        "records.html",
        ask.person,
        desk.config,
        said=ask.query.get("said", ""),
        rows=[(one, what_happened(one), who(one)) for one in shown],
        number=number,
        pages=pages,
        total=total,
        on_hold=sorted(name for name, one in desk.approving.standings.all().items() if one.is_on_hold),
    )


def _number(typed: str, *, otherwise: int) -> int:
    """As it stands in an address; one that no record reaches is none."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS else otherwise


def entry(desk: Desk, ask: Ask) -> Response:
    number = _number(ask.name, otherwise=0)
    if not desk.records.path.is_file() or not 0 < number <= desk.records.head().sequence:
        raise NoSuchDraft(ask.name)
    found = desk.records.get(number)
    told = json.dumps(json.loads(found.content), ensure_ascii=False, indent=1)
    return page(
        "entry.html", ask.person, desk.config, entry=found, what=what_happened(found), who=who(found), told=told
    )


def verified(desk: Desk, ask: Ask) -> Response:
    if not desk.records.path.is_file():
        words = say("Nothing is recorded yet.")
        return message(ask.person, desk.config, 200, say("The record"), words, link=("/records", say("Back")))
    return page("verified.html", ask.person, desk.config, verified=verify(desk.records))


def export(desk: Desk, ask: Ask) -> Response:
    """The record as a zip that opens without postcheck."""
    handle, name = tempfile.mkstemp(prefix="postcheck-record-", suffix=".zip")
    os.close(handle)
    path = Path(name)
    try:
        write_zip(desk.records, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    shown = f"record-{datetime.now(UTC):%Y-%m-%d}.zip"
    return FileResponse(
        path, media_type="application/zip", filename=shown, background=BackgroundTask(path.unlink, True)
    )


def hold(desk: Desk, ask: Ask) -> Response:
    by: Reviewer = signed_in(ask.person, ROLE)
    name, reason = ask.text("draft"), ask.text("reason").strip()
    if not desk.approving.standings.of(name).sequence:
        words = say("The record has no draft `{draft}`.", draft=name)
        return message(ask.person, desk.config, 422, say("Nothing was recorded"), words, link=("/records", say("Back")))

    if ask.text("do") == "lift":
        desk.approving.lift_hold(name, by, reason)
        return go("/records", "lifted")
    desk.approving.hold(name, by, reason)
    return go("/records", "held")


def people(desk: Desk, ask: Ask) -> Response:
    return page("accounts.html", ask.person, desk.config, people=desk.accounts.list())
