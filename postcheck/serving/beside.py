"""Which field of the form a finding belongs to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from postcheck.draft.written import Form
from postcheck.reporters import html
from postcheck.serving.checking import Looked
from postcheck.source import Location

WHOLE = "whole"
"""Of the draft, or of what has no field."""
_ITEM = re.compile(r"(images|videos)\[(\d+)\]")
_FIELDS = ("title", "caption", "platforms", "account", "category", "publish_at")


def by_field(looked: Looked, form: Form) -> Mapping[str, list[html.Entry]]:
    """The findings by field: `caption`, `image-0`, `variant-1`, `whole`."""
    found: dict[str, list[html.Entry]] = defaultdict(list)
    files = {looked.veil.over_path(image.file): f"image-{at}" for at, image in enumerate(form.images)}
    for at, video in enumerate(form.videos):
        files |= {looked.veil.over_path(name): f"video-{at}" for name in (video.file, *video.captions)}
    own = list(dict.fromkeys([*form.variants, *form.platforms]))
    for entry in looked.entries:
        found[_field(entry.finding.location, files, own)].append(entry)
    return found


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
