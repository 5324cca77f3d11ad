"""What a picture's own metadata give away, and where they disagree with the draft."""

from __future__ import annotations

from collections.abc import Iterator

from postcheck.analysis import traces
from postcheck.analysis.image import image_facts
from postcheck.model import PASSED, Applicability, Context, Draft, Fix, Image, Observation, Options, Outcome
from postcheck.source import Cleaning

TOLD = {
    traces.CAMERA: "the camera's serial number",
    traces.LENS: "the lens's serial number",
    traces.OWNER: "the name of the camera's owner",
    traces.PICTURE_ID: "a number that is this picture's alone",
    traces.FOLDER: "a folder on somebody's computer",
}


def _readable(draft: Draft) -> Iterator[tuple[Image, Observation | None]]:
    """Every image, with what is to be said of one whose metadata cannot be read."""
    for image in draft.images:
        fault = image_facts(image.asset.path).fault
        yield image, Observation(Outcome.UNTESTED, image.place, {"file": image.asset.name}) if fault else None


def image_location(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for image, untested in _readable(draft):
        if untested:
            yield untested
            continue
        place = traces.stored_place(image.asset.path)
        data = {"file": image.asset.name, "block": " and ".join(place.blocks or place.unread)}
        if place.blocks and place.removable:
            cleaning = Cleaning(image.asset.name, "location", image.asset.path)
            fix = Fix(Applicability.SAFE, "", None, cleaning)
            yield Observation(Outcome.FAILED, image.place, data, fix=fix)
        elif place.blocks:
            yield Observation(Outcome.FAILED, image.place, data, "failed-by-hand")
        elif place.unread:
            yield Observation(Outcome.UNTESTED, image.place, data, "untested-block")
        else:
            yield PASSED


def image_device_data(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    for image, untested in _readable(draft):
        if untested:
            yield untested
            continue
        device = traces.device_data(image.asset.path)
        data = {"file": image.asset.name, "found": "; ".join(TOLD[one] for one in device.found)}
        if device.found:
            yield Observation(Outcome.FAILED, image.place, data)
        elif device.unread:
            yield Observation(Outcome.UNTESTED, image.place, data)
        else:
            yield PASSED


def ai_made(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `kinds`, the words of the IPTC digital source type that mean AI; `source`, what the draft says then."""
    for image, untested in _readable(draft):
        if untested:
            yield untested
            continue
        kind = image_facts(image.asset.path).metadata.get("digital_source", "").rstrip("/").rpartition("/")[2]
        if not kind:
            continue  # most pictures do not say how they were made
        data = {"file": image.asset.name, "kind": kind, "source": image.source.value if image.source else ""}
        if kind not in options["kinds"] or data["source"] == options["source"]:
            yield PASSED
        elif image.source:
            yield Observation(Outcome.FAILED, image.source.whole(), data)
        else:
            yield Observation(Outcome.FAILED, image.place, data, "failed-silent")
