"""What is seen in pictures: how large they are, and whether there are people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from postcheck.analysis.faces import faces
from postcheck.analysis.image import image_facts
from postcheck.detectors.scan import broken
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome
from postcheck.source import Location

Seen = TypeVar("Seen")


def each(
    draft: Draft, look: Callable[[Path], Seen], judge: Callable[[Image, Seen], Iterator[Observation]]
) -> Iterator[Observation]:
    """What `judge` says of each picture, by what `look` sees in the file. One that cannot be looked at is untested, so
    that the others do not make the check passed; what is wrong with the file is for governance/unreadable-asset."""
    for image in draft.images:
        try:
            if image_facts(image.asset.path).fault:
                raise CannotTest(f"{image.asset.name} cannot be read as a picture.")
            seen = look(image.asset.path)
        except CannotTest as reason:
            yield untested(image, reason)
        except Exception as error:  # one odd picture must not hide what is found in the others
            yield untested(
                image, CannotTest(f"Looking at {image.asset.name} broke off: {type(error).__name__}: {error}")
            )
        else:
            yield from judge(image, seen)


def untested(image: Image, reason: CannotTest) -> Observation:
    return replace(broken(reason, ""), location=image.place)


def place_in(image: Image, box: tuple[int, int, int, int]) -> Location:
    """`box`: left, top, width and height in pixels of the file, as shown upright."""
    return Location(asset=image.asset.name, field=image.field, box=box)


def people_not_declared(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Faces where the draft says that nobody is seen, or does not say who."""

    def judge(image: Image, seen: tuple[tuple[int, int, int, int], ...]) -> Iterator[Observation]:
        if image.people or not seen:
            yield PASSED
            return
        largest = max(seen, key=lambda box: (box[2] * box[3], box))
        count = "a face" if len(seen) == 1 else f"{len(seen)} faces"
        data = {"file": image.asset.name, "faces": len(seen), "what": count}
        message = "" if image.people is None else "cantTell-none"
        yield Observation(Outcome.CANT_TELL, place_in(image, largest), data, message)

    return each(draft, lambda path: faces(path).boxes, judge)


def too_small(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `width`, in pixels, of the picture as it is shown upright."""

    def judge(image: Image, size: tuple[int, int]) -> Iterator[Observation]:
        width, height = size
        if width >= options["width"]:
            yield PASSED
            return
        data = {"file": image.asset.name, "width": width, "height": height, "wanted": options["width"]}
        yield Observation(Outcome.FAILED, image.place, data)

    return each(draft, lambda path: image_facts(path).shown_size, judge)
