"""Which field of the form a finding belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from postcheck.draft.written import Form
from postcheck.messages import mark, say
from postcheck.model import Outcome
from postcheck.reporters import html
from postcheck.serving.checking import Looked
from postcheck.source import Location

WHOLE = "whole"
"""Of the draft, or of what has no field."""
_ITEM = re.compile(r"(images|videos)\[(\d+)\]")
_FIELDS = ("title", "caption", "platforms", "account", "category", "publish_at")
_MISSING = {
    "governance/account-missing": "account",
    "governance/nothing-to-post": "caption",
    "governance/platforms-missing": "platforms",
}
"""Where what a finding misses is to be written."""
_ADVICE = {
    "governance/account-missing": mark("Write which account will post it."),
    "rights/ai-made": mark("Choose “made by AI” under “Where it comes from”, or use another picture."),
    "alt-text/credit-line": mark("Move the credit to the caption or to the field “Credit”, and describe the picture."),
    "rights/credit-missing": mark(
        "Write under “Credit” the name that the owner asks for, and put it into the caption."
    ),
    "alt-text/decorative-with-alt": mark("Take the tick from “Decorative”, or take out the alt text."),
    "captions/missing": mark(
        "Write a captions file with all that is said and the sounds that matter, and add it under “Add a captions "
        "file”. What a platform makes by itself is a start that must be read and mended."
    ),
    "captions/description-missing": mark(
        "Listen to the video with your eyes shut. If nothing is lost, choose “not needed” under “Audio description”; "
        "if a description is spoken, “included”. Otherwise have what is shown said, in the video or in the post."
    ),
    "alt-text/empty": mark("Write the alt text, or tick “Decorative” if the picture tells nothing."),
    "privacy/image-location": mark(
        "Take it out: “Mend what is safe to mend” does, and leaves the picture itself, its alt text and its rights."
    ),
    "consent/minor-without-consent": mark(
        "Have a parent or legal guardian sign a release, add it, and choose it for the person, signed by the parent "
        "or guardian. Where no minor can be seen, say so under “Who can be seen or heard?”."
    ),
    "alt-text/missing": mark(
        "Write under “Alt text” what a person who cannot see the picture needs to know, in a sentence or two. If it "
        "tells nothing, tick “Decorative”."
    ),
    "consent/name-of-a-minor": mark(
        "Write a role, such as “student volunteer”, and take the name out. The release has it."
    ),
    "governance/nothing-to-post": mark("Write the caption, or add a picture or a video."),
    "consent/people-not-declared": mark(
        "Say under “Who can be seen or heard?” who each person is, and choose the release. Where nobody can be "
        "recognized, choose “Nobody”."
    ),
    "captions/platform-format": mark(
        "“Mend what is safe to mend” writes a file of the right name, with the same times and words."
    ),
    "governance/platforms-missing": mark("Tick where it is to be posted."),
    "consent/police-without-permission": mark(
        "Have the permission in writing, add it, and choose it for the officer. Where no officer can be recognized, "
        "say so under “Police officer?”."
    ),
    "consent/prominent-person-without-release": mark("Have them sign a release, add it, and choose it for the person."),
    "consent/release-by": mark("Have a parent or legal guardian sign, and choose that under “Signed by”."),
    "consent/release-missing": mark(
        "Add the signed form under “Add a signed release or permission”, or correct its name."
    ),
    "rights/music-in-video": mark("Say under “Music” whose it is."),
    "rights/stock-license": mark("Write under “License” the license, or its number."),
    "rights/third-party-without-permission": mark(
        "Have the owner’s permission in writing, add it under “Add a signed release or permission”, and choose it "
        "under “The owner’s permission”."
    ),
    "rights/source-undeclared": mark("Choose under “Where it comes from”."),
}
"""How a finding is mended in the form, where a check tells how it is mended in the file."""


def by_field(looked: Looked, form: Form) -> Mapping[str, list[html.Entry]]:
    """The findings by field: `caption`, `image-0`, `variant-1`, `whole`."""
    found: dict[str, list[html.Entry]] = defaultdict(list)
    files = {looked.veil.over_path(image.file): f"image-{at}" for at, image in enumerate(form.images)}
    for at, video in enumerate(form.videos):
        files |= {looked.veil.over_path(name): f"video-{at}" for name in (video.file, *video.captions)}
    own = list(dict.fromkeys([*form.variants, *form.platforms]))
    for entry in looked.entries:
        missing = _MISSING.get(entry.result.check)
        found[missing or _field(entry.finding.location, files, own)].append(entry)
    return found


def advice(entry: html.Entry) -> str:
    """In the words of the form."""
    known = _ADVICE.get(entry.result.check) if entry.finding.outcome is not Outcome.UNTESTED else None
    return say(known) if known else entry.finding.advice or ""


def quoted(entry: html.Entry) -> str:
    """The words that a finding is about; not the name of a file, under which it stands anyway."""
    place = entry.finding.location
    return place.quote if place and place.quote and place.quote != place.asset else ""


def _field(location: Location | None, files: Mapping[str, str], own: list[str]) -> str:
    if location is None:
        return WHOLE
    if location.asset in files:
        return files[location.asset]
    field = location.field or ""
    item = _ITEM.match(field)
    if item:
        return f"{'image' if item[1] == 'images' else 'video'}-{item[2]}"
    if field.startswith("variants."):
        name = field.removeprefix("variants.")
        return f"variant-{own.index(name)}" if name in own else WHOLE
    if field.startswith("waive"):
        return "waivers"
    name = re.split(r"[.\[]", field)[0]
    return name if name in _FIELDS else WHOLE
