"""What was typed into the fields of a draft's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from postcheck.draft.form import Form, FormImage, FormPerson, FormVideo, FormWaiver, Refused, publish_time
from postcheck.review.standing import is_same_person
from postcheck.serving.desk import Ask, Desk

SPARE = FormPerson()
"""The row of a form into which nobody has written."""


def typed_form(desk: Desk, ask: Ask, there: Form) -> tuple[Form, str]:
    """The form as it was sent, and why it cannot be saved, or "". What it has no field for stays as it is `there`."""
    if "caption" not in ask.form:
        return there, ""
    publish_at, fault = _typed_time(desk, ask, there.publish_at)
    variants = dict(there.variants)
    for name in ask.form:
        if name.startswith("variant-"):
            text = ask.text(name)
            variants.pop(name.removeprefix("variant-"), None)
            if text.strip():
                variants[name.removeprefix("variant-")] = text
    typed = replace(
        there,
        title=ask.text("title").strip(),
        author=there.author if is_same_person(there.author, ask.person.name) else ask.person.name,
        account=ask.text("account").strip(),
        category=ask.text("category").strip(),
        publish_at=publish_at,
        platforms=ask.texts("platforms"),
        caption=ask.text("caption").strip("\n"),
        variants={name: variants[name] for name in [*there.variants, *variants] if name in variants},
        images=tuple(_typed_image(ask, image) for image in there.images),
        videos=tuple(_typed_video(ask, video) for video in there.videos),
        waivers=_typed_waivers(ask, there),
    )
    return typed, fault


def _typed_time(desk: Desk, ask: Ask, there: str) -> tuple[str, str]:
    """What `publish_at` is to say, and why it cannot; then it is what was typed."""
    day, clock = ask.text("publish_date").strip(), ask.text("publish_time").strip()
    try:
        return publish_time(day, clock, before=there, timezone=desk.config.timezone), ""
    except Refused as error:
        return f"{day}T{clock}", str(error)


def _numbers(ask: Ask, kind: str) -> Mapping[str, str]:
    """How the fields of each file begin: by its name, since the draft may have changed meanwhile."""
    found: dict[str, str] = {}
    at = 0
    while f"{kind}-{at}-file" in ask.form:
        found[ask.text(f"{kind}-{at}-file")] = f"{kind}-{at}"
        at += 1
    return found


def _typed_image(ask: Ask, image: FormImage) -> FormImage:
    prefix = _numbers(ask, "image").get(image.file)
    if prefix is None:
        return image
    alt = ask.text(f"{prefix}-alt")
    return replace(
        image,
        alt=alt if alt.strip() else "" if image.alt == "" else None,
        decorative=bool(ask.text(f"{prefix}-decorative")),
        source=ask.text(f"{prefix}-source"),
        credit=ask.text(f"{prefix}-credit").strip(),
        license=ask.text(f"{prefix}-license").strip(),
        permission=ask.text(f"{prefix}-permission").strip(),
        people=_typed_people(ask, prefix, image.people),
    )


def _typed_video(ask: Ask, video: FormVideo) -> FormVideo:
    prefix = _numbers(ask, "video").get(video.file)
    if prefix is None:
        return video
    return replace(
        video,
        captions=_names(ask.text(f"{prefix}-captions")),
        audio_description=ask.text(f"{prefix}-audio_description"),
        music=ask.text(f"{prefix}-music"),
        source=ask.text(f"{prefix}-source"),
        credit=ask.text(f"{prefix}-credit").strip(),
        license=ask.text(f"{prefix}-license").strip(),
        permission=ask.text(f"{prefix}-permission").strip(),
        people=_typed_people(ask, prefix, video.people),
    )


def _typed_people(ask: Ask, prefix: str, there: tuple[FormPerson, ...] | None) -> tuple[FormPerson, ...] | None:
    listed = []
    at = 0
    while f"{prefix}-person-{at}-who" in ask.form:
        row = f"{prefix}-person-{at}"
        before = there[at] if there and at < len(there) else SPARE
        person = replace(
            before,
            who=ask.text(f"{row}-who").strip(),
            minor=_YES_NO.get(ask.text(f"{row}-minor")),
            prominent=_YES_NO.get(ask.text(f"{row}-prominent")),
            police=_YES_NO.get(ask.text(f"{row}-police")),
            releases=_names(ask.text(f"{row}-release")),
            release_by=ask.text(f"{row}-release_by"),
        )
        if person != SPARE:  # a row that was emptied goes
            listed.append(person)
        at += 1
    chosen = ask.text(f"{prefix}-people")
    if chosen == "listed" or (chosen != "none" and listed):
        return tuple(listed) or None
    return () if chosen == "none" else None


_YES_NO = {"yes": True, "no": False}


def _names(typed: str) -> tuple[str, ...]:
    """With commas between them."""
    return tuple(name.strip() for name in typed.split(",") if name.strip())


def _typed_waivers(ask: Ask, there: Form) -> tuple[FormWaiver, ...]:
    kept = []
    for at, waiver in enumerate(there.waivers):
        if ask.text(f"waiver-{at}-check") == waiver.check:
            reason = ask.text(f"waiver-{at}-reason").strip()
            if reason != waiver.reason:  # nobody's name stands under words that are another's
                waiver = replace(waiver, reason=reason, by=ask.person.name)
        if waiver.reason:
            kept.append(waiver)
    if ask.text("waive-check") and ask.text("waive-reason").strip():
        kept.append(FormWaiver(ask.text("waive-check"), ask.text("waive-reason").strip(), ask.person.name))
    return tuple(kept)
