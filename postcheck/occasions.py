"""When a policy's question is asked: the words that a clause may give under `when`, and where a draft gives occasion.

A question without `when` is one for every post, and stands once in the report and not under each draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from postcheck.model import Draft, Person
from postcheck.source import Location


def _people(draft: Draft) -> Iterable[Person]:
    return (person for item in draft.media() for person in item.people or ())


def _first(places: Iterable[Location]) -> Location | None:
    return next(iter(places), None)


def _profile(draft: Draft, *kinds: str) -> Location | None:
    return draft.place if draft.profile and draft.profile.kind in kinds else None


OCCASIONS: Mapping[str, Callable[[Draft], Location | None]] = {
    # an image or a video at all
    "media": lambda draft: _first(item.place for item in draft.media()),
    "video": lambda draft: _first(video.place for video in draft.videos),
    # somebody declared in an image or a video; consent/people-not-declared asks where nobody is
    "people": lambda draft: _first(person.place for person in _people(draft)),
    # the main subject, prominent or easily identified: all but those of whom the draft says that they are not
    "prominent": lambda draft: _first(one.place for one in _people(draft) if one.prominent is not False),
    # `category: emergency`
    "emergency": lambda draft: draft.category.whole() if draft.is_emergency and draft.category else None,
    # an account.yaml: the city's own; an elected official's; an employee's own
    "account": lambda draft: _profile(draft, "official", "elected"),
    "elected": lambda draft: _profile(draft, "elected"),
    "personal-account": lambda draft: _profile(draft, "personal"),
}  # fmt: skip
"""By the word of a policy: the place in the draft that gives occasion, or None."""


def occasion(draft: Draft, when: Sequence[str]) -> Location | None:
    """The first of these occasions that the draft gives; None where it gives none."""
    return _first(place for word in when if (place := OCCASIONS[word](draft)))
