"""The pages of whoever publishes: what is approved and unchanged, the hand-off, and what became of it."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from postcheck.messages import say
from postcheck.publishing.export import told
from postcheck.review.entries import Entry
from postcheck.review.standing import Stage, Standing
from postcheck.serving.desk import Ask, Desk, signed_in
from postcheck.serving.handing import hand_over
from postcheck.serving.pages import go, message, page
from postcheck.serving.shelf import Card, NoSuchDraft

ROLE = "publisher"


@dataclass(frozen=True, slots=True)
class Approved:
    card: Card
    standing: Standing
    stage: Stage

    @property
    def approvals(self) -> tuple[Entry, ...]:
        return self.standing.approvals


def _approved(desk: Desk) -> list[Approved]:
    """What may be published or was, the soonest first. One that was changed is none of them, and its approval ends."""
    found = []
    for card, standing, stage in desk.placed():
        if stage in (Stage.APPROVED, Stage.PUBLISHED):
            found.append(Approved(card, standing, stage))
        elif standing.stage is Stage.APPROVED:
            desk.end_if_changed(card.id)
    last = max((one.card.publish_at.timestamp() for one in found if one.card.publish_at), default=0.0) + 1
    return sorted(found, key=lambda one: one.card.publish_at.timestamp() if one.card.publish_at else last)


def approved(desk: Desk, ask: Ask) -> Response:
    found = _approved(desk)
    keys = {one.card.id: secrets.token_urlsafe(16) for one in found}
    return page("publish.html", ask.person, desk.config, said=ask.query.get("said", ""), approved=found, keys=keys)


def export(desk: Desk, ask: Ask) -> Response:
    """The chosen drafts as a zip, as `postcheck export` would write them into a folder."""
    allowed = {one.card.id: one.card for one in _approved(desk)}
    chosen = [allowed[name] for name in dict.fromkeys(ask.texts("draft")) if name in allowed]
    if not chosen:
        words = say("Choose at least one draft.")
        return message(ask.person, desk.config, 422, say("Nothing was chosen"), words, link=_back())
    folder = Path(tempfile.mkdtemp(prefix="postcheck-hand-off-"))
    try:
        folders = [card.folder for card in chosen]
        exported = desk.checker.run(hand_over, desk.checker.rules, folders, folder / "hand-off", desk.records.path)
        if not exported.handed:
            shutil.rmtree(folder)
            words = " ".join(told(exported, Path("hand-off")))
            return message(ask.person, desk.config, 409, say("Nothing was handed over"), words, link=_back())
        made = shutil.make_archive(str(folder / "hand-off"), "zip", folder, "hand-off")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        made,
        media_type="application/zip",
        filename="hand-off.zip",
        background=BackgroundTask(shutil.rmtree, folder, True),
    )


def _back() -> tuple[str, str]:
    return "/publish", say("Back")


def note(desk: Desk, ask: Ask) -> Response:
    """It was published: where, and under what number."""
    card = desk.shelf.card(ask.name)
    if not desk.approving.standings.of(card.id).revision:
        raise NoSuchDraft(ask.name)
    posted = zip(ask.texts("platform"), ask.texts("id"), ask.texts("address"), strict=False)
    messages = [
        {"platform": platform, "id": number.strip(), "address": address.strip()}
        for platform, number, address in posted
        if number.strip() or address.strip()
    ]
    if not messages:
        words = say("Write the address or the number of at least one message.")
        return message(ask.person, desk.config, 422, say("Nothing was noted"), words, link=_back())
    desk.approving.published(card.id, card.digest, signed_in(ask.person, ROLE), messages, key=ask.text("key"))
    return go("/publish", "noted")
