"""What every check of what is seen in pictures shares; and how large they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from postcheck.analysis.image import image_facts
from postcheck.detectors.scan import broken
from postcheck.errors import CannotTest
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome, Video
from postcheck.source import Location

Seen = TypeVar("Seen")


def each(
    draft: Draft,
    look: Callable[[Path], Seen],
    judge: Callable[[Image, Seen], Iterator[Observation]],
    images: Sequence[Image] | None = None,
) -> Iterator[Observation]:
    """What `judge` says of each picture, or of `images`, by what `look` sees in the file. One that cannot be looked at
    is untested, so that the others do not make the check passed; what is wrong with the file is for
    governance/unreadable-asset."""
    for image in draft.images if images is None else images:
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


def untested(item: Image | Video, reason: CannotTest) -> Observation:
    return replace(broken(reason, ""), location=item.place)


def place_in(item: Image | Video, box: tuple[int, int, int, int]) -> Location:
    """`box`: left, top, width and height in pixels of the file, as shown upright."""
    return Location(asset=item.asset.name, field=item.field, box=box)


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
