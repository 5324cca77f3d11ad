"""The pages of whoever writes: my drafts, and one draft in a form, with the findings beside its fields.

What the form holds is written into the draft's own files, and the form is filled from them: nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.responses import JSONResponse, Response

from postcheck.catalog import load_catalog
from postcheck.draft import written
from postcheck.draft.files import RELEASES_FOLDER
from postcheck.draft.form import (
    Form,
    FormImage,
    FormVideo,
    date_and_time,
)
from postcheck.draft.keys import SOURCES
from postcheck.draft.uploads import Kind, add_file, remove_file
from postcheck.draft.written import Changed, Uneditable
from postcheck.errors import NotAllowed, NotReady, PostcheckError, Stale, UsageError
from postcheck.messages import mark, say
from postcheck.reporters import html
from postcheck.review.standing import Stage
from postcheck.serving.beside import by_field
from postcheck.serving.checking import Looked, NotChecked
from postcheck.serving.desk import PATIENCE, Ask, Desk, checked, signed_in
from postcheck.serving.fields import SPARE, typed_form
from postcheck.serving.pages import go, page, part, wait
from postcheck.serving.shelf import Card

ROLE = "creator"
_SOURCES = {
    "city": mark("the city made it"),
    "contracted": mark("made for the city"),
    "third-party": mark("somebody else"),
    "public-domain": mark("public domain"),
    "ai-generated": mark("made by AI"),
}
_UPLOADS: Sequence[Kind] = ("picture", "video", "captions", "release")
"""Kinds of files that a form can bring; the field is `add-picture` and so on."""


def mine(desk: Desk, ask: Ask, *, status: int = 200, fault: str = "") -> Response:
    rows, nobodys = [], []
    for card, standing, stage in desk.placed():
        if card.is_by(ask.person.name):
            rows.append((card, stage, standing))
        elif desk.is_nobodys(card):
            nobodys.append((card, stage, standing))
    return page(
        "drafts.html",
        ask.person,
        desk.config,
        status=status,
        said=ask.query.get("said", ""),
        rows=rows,
        nobodys=nobodys,
        others=desk.shelf.others,
        platforms=_platform_names(desk),
        title=ask.text("title"),
        fault=fault,
    )


def _platform_names(desk: Desk) -> list[str]:
    """Those that the policy names, else all that postcheck knows."""
    return list(desk.platforms) or sorted({platform.title for platform in load_catalog().platforms.values()})


def new(desk: Desk, ask: Ask) -> Response:
    title = ask.text("title").strip()
    if not title:
        return mine(desk, ask, status=422, fault=say("Say in a few words what the draft is about."))
    form = Form(title=title, author=ask.person.name, platforms=ask.texts("platforms"))
    try:
        folder = written.new_draft(desk.shelf.root, title, form)
    except PostcheckError as error:
        return mine(desk, ask, status=422, fault=str(error))
    desk.shelf.forget()
    return go(f"/drafts/edit/{desk.shelf.name_of(folder)}", "begun")


# ------------------------------------------------------------------------------------------ one draft


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what was asked was not done, beside what was typed."""

    status: int
    fault: str
    on_disk: str | None = None
    """The draft's file as it is, where it was changed meanwhile."""
    is_saved: bool = False
    """What was typed is on the disk all the same."""


def edit(desk: Desk, ask: Ask) -> Response:
    card = desk.own(ask)
    try:
        form, seen = written.read_form(card.folder)
    except Uneditable as error:
        return _unwritable(desk, ask, card, str(error))
    return _form_page(desk, ask, card, form, seen, said=ask.query.get("said", ""))


def _form_page(
    desk: Desk, ask: Ask, card: Card, form: Form, seen: str, *, refused: Refusal | None = None, said: str = ""
) -> Response:
    """`form` may be what was typed, and is then checked as it stands."""
    looked, state_fault, is_late = None, "", False
    try:
        text = written.text_of(card.folder, form) if refused else None
        looked = desk.checker.look(card.id, card.folder, text, timeout=PATIENCE)
    except NotChecked as error:
        state_fault, is_late = str(error), True
    except PostcheckError as error:
        state_fault = str(error)
    day, clock = date_and_time(form.publish_at)
    standing, stage = desk.standing(card)
    last = standing.last
    asked = last.body.get("comment", "") if last and stage in (Stage.CHANGES_ASKED, Stage.REJECTED) else ""
    return page(
        "edit.html",
        ask.person,
        desk.config,
        status=refused.status if refused else 200,
        said=said,
        fault=refused.fault if refused else "",
        remark=say("The reviewer: {comment}", comment=asked) if asked else "",
        on_disk=refused.on_disk if refused else None,
        dirty=refused is not None and not refused.is_saved,
        card=card,
        stage=stage,
        standing=standing,
        form=form,
        seen=seen,
        looked=looked,
        state_fault=state_fault,
        is_late=is_late,
        found=by_field(looked, form) if looked else {},
        thumbs={one.name: one.source for one in looked.shown.pictures} if looked and looked.shown else {},
        places=_places(desk, form),
        variants=[(name, form.variants.get(name, ""), f"variant-{at}") for at, name in enumerate(_own_texts(form))],
        sources=[("", say("not said")), *((name, say(_SOURCES[name])) for name in SOURCES)],
        blank=SPARE,
        day=day or form.publish_at.partition("T")[0],
        time=clock or form.publish_at.partition("T")[2],
        timezone=desk.config.timezone,
        accounts=_accounts(desk),
        categories=desk.config.facts.get("categories", ()),
        releases=_releases(card),
        waivable=_waivable(looked, form),
    )


def _accounts(desk: Desk) -> list[str]:
    """Those of the city, and those for which something was written before."""
    known = {*desk.config.facts.get("accounts", ()), *(one.name for one in desk.config.lists.accounts or ())}
    return sorted(known | {card.account for card in desk.shelf.cards() if card.account})


def _releases(card: Card) -> list[str]:
    """The files of its folder of release forms, as a draft names them."""
    folder = card.folder / RELEASES_FOLDER
    return sorted(f"{RELEASES_FOLDER}/{one.name}" for one in folder.iterdir()) if folder.is_dir() else []


def _places(desk: Desk, form: Form) -> list[tuple[str, bool]]:
    """Platforms to choose from: those that the draft names, as it names them, first."""
    known = load_catalog().platforms

    def title(name: str) -> str:
        found = known.get(name.strip().lower())
        return found.title if found else name

    there = {title(name) for name in form.platforms}
    return [(name, True) for name in form.platforms] + [
        (n, False) for n in _platform_names(desk) if title(n) not in there
    ]


def _own_texts(form: Form) -> list[str]:
    return list(dict.fromkeys([*form.variants, *form.platforms]))


def _waivable(looked: Looked | None, form: Form) -> list[str]:
    """The checks whose findings hold the draft back and are not waived yet."""
    waived = {waiver.check for waiver in form.waivers}
    entries = looked.entries if looked else ()
    found = [one.result.check for one in entries if one.section == html.BLOCKS and ":" not in one.result.check]
    return [check for check in dict.fromkeys(found) if check not in waived]


def _unwritable(desk: Desk, ask: Ask, card: Card, why: str) -> Response:
    """A draft that the form cannot hold: what was found is shown all the same."""
    try:
        looked = desk.look(card, patience=PATIENCE)
    except NotChecked as error:
        return wait(ask.person, desk.config, card.title, str(error))
    article = html.article(looked.report, 1, looked.entries, looked.shown)
    standing, stage = desk.standing(card)
    return page(
        "on-disk.html", ask.person, desk.config, card=card, why=why, article=article, stage=stage, looked=looked,
        standing=standing,
    )  # fmt: skip


def save(desk: Desk, ask: Ask) -> Response:
    """Whatever else is asked, what was typed is saved first; and where it cannot be, it is shown again."""
    card = desk.own(ask)
    do = ask.text("do") or "save"
    try:
        there, now = written.read_form(card.folder)
    except Uneditable as error:
        if do == "submit":
            return _submitted(desk, ask, card)
        return _unwritable(desk, ask, card, str(error))
    (form, fault), seen = typed_form(desk, ask, there), ask.text("seen")
    if fault:
        return _form_page(desk, ask, card, form, seen, refused=Refusal(422, fault))
    is_saved = False
    try:
        seen = written.save(card.folder, form, seen)
        is_saved = True
        _add_uploads(desk, ask, card, form, seen)
        if do.startswith("remove:"):
            remove_file(card.folder, do.partition(":")[2])
    except Changed as changed:
        fault = say("Somebody changed this draft since you opened it. Nothing was saved.")
        return _form_page(desk, ask, card, form, now, refused=Refusal(409, fault, changed.text))
    except PostcheckError as error:
        if is_saved:  # what was typed is there, and so are the files before the one that is refused
            form, seen = written.read_form(card.folder)
        fault = f"{error} {say('What you typed is saved.')}" if is_saved else str(error)
        return _form_page(desk, ask, card, form, seen, refused=Refusal(422, fault, is_saved=is_saved))
    card = desk.end_if_changed(card.id)
    if do == "submit":
        return _submitted(desk, ask, card)
    said = "removed" if do.startswith("remove:") else "saved"
    if do == "fix":
        try:
            said = "mended" if desk.checker.fix(card.id, card.folder) else "nothing-to-mend"
        except (NotChecked, UsageError) as error:
            form, seen = written.read_form(card.folder)
            return _form_page(desk, ask, card, form, seen, refused=Refusal(422, str(error)))
    return go(f"/drafts/edit/{card.id}", said)


def _submitted(desk: Desk, ask: Ask, card: Card) -> Response:
    try:
        looked = desk.look(card)
        desk.approving.submit(checked(looked), signed_in(ask.person, ROLE), shown=looked.digest)
    except (NotReady, NotAllowed, Stale, NotChecked, UsageError) as error:
        if desk.standing(card)[1] is Stage.SUBMITTED:  # a second click: it is handed in, as it is
            return go("/drafts", "submitted")
        refusal = Refusal(409 if isinstance(error, Stale) else 422, str(error))
        try:
            form, seen = written.read_form(card.folder)
        except Uneditable as why:
            return _unwritable(desk, ask, card, f"{error} {why}")
        return _form_page(desk, ask, card, form, seen, refused=refusal)
    return go("/drafts", "submitted")


def withdraw(desk: Desk, ask: Ask) -> Response:
    card = desk.own(ask)
    desk.approving.withdraw(card.id, signed_in(ask.person, ROLE))
    return go(f"/drafts/edit/{card.id}", "withdrawn")


def check(desk: Desk, ask: Ask) -> Response:
    """What would be found if it were saved as it is typed, for the script: nothing is written."""
    card = desk.own(ask)
    try:
        there, _ = written.read_form(card.folder)
        form, fault = typed_form(desk, ask, there)
        if fault:
            raise UsageError(fault)
        looked = desk.checker.look(card.id, card.folder, written.text_of(card.folder, form), timeout=PATIENCE * 5)
    except NotChecked as error:  # the script asks again
        return JSONResponse({"state": part("beside.html", "state", None, str(error))}, 503)
    except PostcheckError as error:
        told = part("beside.html", "state", None, str(error))
        return JSONResponse({"beside": {}, "looks": "", "state": told, "held": True})
    return JSONResponse(
        {
            "beside": {key: part("beside.html", "beside", entries) for key, entries in by_field(looked, form).items()},
            "looks": part("platforms.html", "platforms", looked),
            "state": part("beside.html", "state", looked, ""),
            "held": looked.is_held_back,
        }
    )


def _add_uploads(desk: Desk, ask: Ask, card: Card, form: Form, seen: str) -> None:
    """
    Raises:
        UsageError: a file is none of its kind, or too large. Those before it are in the draft.
    """
    for kind in _UPLOADS:
        for upload in ask.files(f"add-{kind}"):
            given = upload.filename or kind
            name = add_file(card.folder, given, upload.file, kind=kind, limit=desk.upload_bytes)
            if kind == "picture":
                form = replace(form, images=(*form.images, FormImage(file=name)))
            elif kind == "video":
                form = replace(form, videos=(*form.videos, FormVideo(file=name)))
            elif kind == "captions" and len(form.videos) == 1:
                (video,) = form.videos
                form = replace(form, videos=(replace(video, captions=(*video.captions, name)),))
            seen = written.save(card.folder, form, seen)
