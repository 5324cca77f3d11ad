"""What a picture's own metadata give away, and where they disagree with the draft."""

from __future__ import annotations

from collections.abc import Iterator

from postcheck.analysis import traces
from postcheck.analysis.image import image_facts
from postcheck.detectors.pictures import each, untested
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Applicability, Context, Draft, Fix, Image, Observation, Options, Outcome
from postcheck.source import Cleaning

TOLD = {
    traces.CAMERA: "the camera's serial number",
    traces.LENS: "the lens's serial number",
    traces.OWNER: "the name of the camera's owner",
    traces.PICTURE_ID: "a number that is this picture's alone",
    traces.FOLDER: "a folder on somebody's computer",
}

_BROKEN = "The metadata of {} are broken, so nobody knows what they give away: export the picture again."


def image_location(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    def judge(image: Image, place: traces.Place) -> Iterator[Observation]:
        data = {"file": image.asset.name, "block": " and ".join(place.blocks or place.unread)}
        if place.blocks and place.removable:
            cleaning = Cleaning(image.asset.name, "location", image.asset.path)
            fix = Fix(Applicability.SAFE, "", None, cleaning)
            yield Observation(Outcome.FAILED, image.place, data, fix=fix)
        elif place.blocks:
            yield Observation(Outcome.FAILED, image.place, data, "failed-by-hand")
        elif place.unread:
            yield untested(image, CannotTest(_BROKEN.format(image.asset.name)))
        else:
            yield PASSED

    return each(draft, traces.stored_place, judge)


def image_device_data(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    def judge(image: Image, device: traces.Device) -> Iterator[Observation]:
        data = {"file": image.asset.name, "found": "; ".join(TOLD[one] for one in device.found)}
        if device.found:
            yield Observation(Outcome.FAILED, image.place, data)
        elif device.unread:
            yield untested(image, CannotTest(_BROKEN.format(image.asset.name)))
        else:
            yield PASSED

    return each(draft, traces.device_data, judge)


def ai_made(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `kinds`, the words of the IPTC digital source type that mean AI; `source`, what the draft says then."""

    def judge(image: Image, told: str) -> Iterator[Observation]:
        kind = told.rstrip("/").rpartition("/")[2]
        if not kind:
            return  # most pictures do not say how they were made
        data = {"file": image.asset.name, "kind": kind, "source": image.source.value if image.source else ""}
        if kind not in options["kinds"] or data["source"] == options["source"]:
            yield PASSED
        elif image.source:
            yield Observation(Outcome.FAILED, image.source.whole(), data)
        else:
            yield Observation(Outcome.FAILED, image.place, data, "failed-silent")

    return each(draft, lambda path: image_facts(path).metadata.get("digital_source", ""), judge)
