"""The pages of whoever decides: what waits, one draft, and the decision."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import FileResponse, Response

from postcheck.errors import NotAllowed, NotReady, Stale, UsageError
from postcheck.messages import mark, say
from postcheck.model import Asset, Draft
from postcheck.names import safe_name
from postcheck.reporters import html
from postcheck.review.approving import REVIEWER, is_own
from postcheck.review.changes import changes
from postcheck.review.decisions import Answer, Decision, Retention, questions, retention
from postcheck.review.entries import Entry
from postcheck.review.standing import Stage, Standing
from postcheck.serving.checking import Looked, NotChecked
from postcheck.serving.desk import PATIENCE, Ask, Desk, checked, signed_in
from postcheck.serving.pages import go, message, page, wait
from postcheck.serving.permissions import Action, may
from postcheck.serving.shelf import Card, NoSuchDraft

_DECIDED = 20
"""Drafts that were decided last, which the queue lists below those that wait."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft of the queue."""

    card: Card
    standing: Standing
    stage: Stage
    is_own: bool


def queue(desk: Desk, ask: Ask) -> Response:
    found = [
        Waiting(card, standing, stage, _is_own(standing, card, ask))
        for card, standing, stage in desk.placed()
        if standing.revision
    ]
    waiting = [one for one in found if one.stage is Stage.SUBMITTED]
    waiting.sort(key=lambda one: (not one.card.is_emergency, _handed_in(one.standing, ask.now)))
    others = sorted((one for one in found if one.stage is not Stage.SUBMITTED), key=lambda one: -one.standing.sequence)
    return page(
        "queue.html",
        ask.person,
        desk.config,
        said=ask.query.get("said", ""),
        waiting=waiting,
        others=others[:_DECIDED],
        exchange=desk.exchange,
    )


def _handed_in(standing: Standing, otherwise: datetime) -> datetime:
    return standing.submitted.time if standing.submitted else otherwise


def _is_own(standing: Standing, card: Card, ask: Ask) -> bool:
    return card.is_by(ask.person.name) or is_own(standing, None, ask.person.name)


def look(desk: Desk, ask: Ask) -> Response:
    return _look(desk, ask, said=ask.query.get("said", ""))


def _look(
    desk: Desk, ask: Ask, *, status: int = 200, fault: str = "", said: str = "", typed: Mapping[str, str] | None = None
) -> Response:
    card = desk.seen_by(ask)
    try:
        looked = desk.look(card, patience=PATIENCE)
    except NotChecked as error:
        return wait(ask.person, desk.config, card.title, str(error))
    standing = desk.approving.standings.of(card.id)
    article = html.article(looked.report, 1, looked.entries, looked.shown)
    before = [one for one in standing.history if one.body.get("texts") is not None][:-1]
    stage = standing.stage_of(looked.digest)
    return page(
        "look.html",
        ask.person,
        desk.config,
        status=status,
        fault=fault,
        said=said,
        card=card,
        looked=looked,
        article=article,
        standing=standing,
        stage=stage,
        is_own=_is_own(standing, card, ask),
        may_decide=stage is Stage.SUBMITTED and may(ask.person, Action.DECIDE),
        questions=[(at, one) for at, one in enumerate(questions(looked.report)) if not one.is_waived],
        changed=_changed(before[-1], looked) if before else (),
        looked_at_before=before[-1] if before else None,
        releases=[(at, name) for at, name, _ in _releases(looked)],
        typed=typed or {},
        key=secrets.token_urlsafe(16),
        retention=sorted(desk.config.records.items()),
    )


def _changed(before: Entry, looked: Looked) -> list[tuple[str, str, str]]:
    """What is other than it was: of what, as it was, as it is. Of a file only that it is another one."""
    if not isinstance(looked.draft, Draft):
        return []
    told = []
    for one in changes(before, checked(looked)):
        label = say(_CHANGED.get(one.what, one.what))
        was, now = one.before or "", one.after or ""
        if one.what == "file":
            was = say("there before") if was else ""
            now = say("with other content") if was and now else say("new") if now else say("no longer there")
        told.append((f"{label}: {one.name}" if one.name else label, was, now))
    return told


_CHANGED = {
    "text": mark("Text"),
    "file": mark("File"),
    "alt": mark("Alt text"),
    "captions": mark("Captions files"),
    "decorative": mark("Decorative"),
    "audio_description": mark("Audio description"),
    "source": mark("Source"),
    "credit": mark("Credit"),
    "license": mark("License"),
    "permission": mark("Permission"),
    "schedule": mark("To be published"),
    "person": mark("Person"),
    "waiver": mark("Waiver"),
    "account": mark("Account"),
    "author": mark("Author"),
    "publisher": mark("Publisher"),
    "category": mark("Category"),
    "other": mark("Something that is not shown here, such as the title"),
}


def _releases(looked: Looked) -> list[tuple[int, str, Asset]]:
    """The release forms and permissions of the draft, by number, and by a name that hides what a report hides."""
    if not isinstance(looked.draft, Draft):
        return []
    found: dict[str, Asset] = {}
    for item in looked.draft.media():
        for person in item.people or ():
            found |= {one.asset.name: one.asset for one in person.releases if one.asset}
        if item.permission:
            found[item.permission.name] = item.permission
    return [(at, looked.veil.over_path(name), asset) for at, (name, asset) in enumerate(found.items(), 1)]


def release(desk: Desk, ask: Ask) -> Response:
    """A release form, to be kept by the browser and never shown as a page."""
    card = desk.seen_by(ask)
    wanted = ask.query.get("file", "")
    for at, name, asset in _releases(desk.look(card)):
        if str(at) == wanted and asset.path.resolve().is_relative_to(card.folder.resolve()):
            headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
            shown = safe_name(name.rpartition("/")[2])
            return FileResponse(asset.path, media_type="application/octet-stream", filename=shown, headers=headers)
    raise NoSuchDraft(ask.name)


def _kept_for(desk: Desk, ask: Ask) -> Retention:
    """By the class that was chosen, or the only one that there is.

    Raises:
        UsageError: there is no such class.
    """
    classes = desk.config.records
    return retention(next(iter(classes)) if len(classes) == 1 else ask.text("retention"), classes)


def decide(desk: Desk, ask: Ask) -> Response:
    """Whatever is refused, what was typed is shown again."""
    card = desk.seen_by(ask)
    typed = {name: value for name, value in ask.form.multi_items() if isinstance(value, str)}
    try:
        decision = Decision(ask.text("decision"))
        seen = int(ask.text("seen"))
    except ValueError:
        return _look(desk, ask, status=422, fault=say("Choose what you decide."), typed=typed)
    answers = [
        Answer(about=ask.text(f"about-{at}"), question=ask.text(f"question-{at}"), answer=ask.text(f"answer-{at}"),
               comment=ask.text(f"comment-{at}").strip())
        for at in range(len(typed))
        if ask.text(f"answer-{at}")
    ]  # fmt: skip
    try:
        looked = desk.look(card)
        desk.approving.decide(
            checked(looked),
            reviewer=signed_in(ask.person, REVIEWER),
            decision=decision,
            shown=ask.text("shown"),
            seen=seen,
            comment=ask.text("comment").strip(),
            answers=answers,
            kept_for=_kept_for(desk, ask),
            key=ask.text("key"),
        )
    except Stale as error:
        return _look(desk, ask, status=409, fault=str(error), typed=typed)
    except NotAllowed as error:
        return _look(desk, ask, status=403, fault=str(error), typed=typed)
    except NotChecked as error:
        return message(ask.person, desk.config, 503, say("Not checked"), str(error))
    except (NotReady, UsageError) as error:
        return _look(desk, ask, status=422, fault=str(error), typed=typed)
    standing = desk.approving.standings.of(card.id)
    is_first = decision is Decision.APPROVE and standing.stage_of(looked.digest) is Stage.SUBMITTED
    return go("/review", "first-of-two" if is_first else decision.value)
