"""The profile of an account: whether it says whose it is, how to reach them, and who keeps it.

Of an employee's own account (`kind: personal`) only one thing is looked at: whether it reads as the city's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from postcheck.detectors.governance import field_not_listed
from postcheck.detectors.patterns import expressions
from postcheck.lists import NOWHERE
from postcheck.model import PASSED, Context, Draft, Observation, Options, Outcome, Profile
from postcheck.source import Text

_LETTERS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The words of a handle: PortlandBES is Portland and BES."""
_EMPTY_WORDS = frozenset((
    "a", "and", "area", "bureau", "center", "city", "department", "dept", "division", "for", "in", "municipality", "of",
    "office", "official", "program", "service", "services", "the", "town", "village", "county",
))  # fmt: skip
_YES = ("yes", "true", "on", "y", "ok", "done")
_EMAIL = re.compile(r"[\w.+-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(r"(?:\(\d{3}\) ?|\b\d{3}[ .-])?\d{3}[ .-]\d{4}\b|\b[2-9]11\b")


def _city(draft: Draft, *kinds: str) -> Profile | None:
    """The profile, where it is of the city, or of one of these kinds."""
    return draft.profile if draft.profile and draft.profile.kind in (kinds or ("official", "elected")) else None


def _value(text: Text | None) -> str:
    return text.value.strip() if text else ""


def _words(text: str) -> list[str]:
    return [word.lower() for word in _LETTERS.findall(text)]


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _says(text: str, names: Sequence[str]) -> bool:
    """Is one of the names in the text? In a handle no space divides them."""
    return any(_plain(name) in _plain(text) for name in names if name.strip())


def _says_unit(text: str, unit: str) -> bool:
    """A word of the unit's name that not every unit has, or its initials."""
    telling = [word for word in _words(unit) if word not in _EMPTY_WORDS and len(word) > 2]
    initials = "".join(word[0] for word in re.findall(r"\w+", unit) if word.lower() not in ("of", "and", "the", "for"))
    words = _words(text)
    return any(word in _plain(text) for word in telling) or (len(initials) > 1 and initials.lower() in words)


def name_not_descriptive(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    profile = _city(draft, "official")
    if profile is None:
        return
    name, unit = _value(profile.name), _value(profile.unit)
    if profile.name is None or not name:
        yield Observation(Outcome.FAILED, draft.place, {}, "failed-silent")
    elif not unit:
        yield Observation(Outcome.CANT_TELL, profile.name.whole(), {"name": name})
    elif _says_unit(name, unit):
        yield PASSED
    else:
        yield Observation(Outcome.FAILED, profile.name.whole(), {"name": name, "unit": unit})


def name_without_city(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `names`: of the city. Without them nothing is said."""
    profile = _city(draft)
    if profile is None or not options["names"] or profile.name is None:
        return
    if _says(f"{_value(profile.name)}", options["names"]) or _says(_value(profile.handle), options["names"]):
        yield PASSED
    else:
        data = {"name": _value(profile.name), "city": " or ".join(options["names"])}
        yield Observation(Outcome.FAILED, profile.name.whole(), data)


def personal_name(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """The name of somebody who can sign in, or is on the city's list of people; else what reads as a person's name.
    Option `persons`: expressions for that."""
    profile = _city(draft, "official")
    if profile is None:
        return
    told = [text.value for text in profile.holders or ()] + [one.name for one in context.lists.people or ()]
    known = {word for name in told for word in re.findall(r"[a-z]{4,}", name.lower())} - _EMPTY_WORDS
    known |= {word[1:] for word in known if len(word) > 5 and word in told}  # jrivera
    unit = set(_words(_value(profile.unit)))
    for text in (profile.name, profile.handle):
        if text is None or not text.value.strip():
            continue
        own = [word for word in _words(text.value) if word in known and word not in unit]
        match = next((found for one in expressions(options, "persons") if (found := one.search(text.value))), None)
        if own:
            yield Observation(Outcome.FAILED, text.whole(), {"name": text.value, "part": own[0]})
        elif match:
            yield Observation(Outcome.CANT_TELL, text.whole(), {"name": text.value, "part": match[0]})
        else:
            yield PASSED


def biography_silent(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `names`: of the city."""
    profile = _city(draft)
    if profile is None:
        return
    biography, unit = _value(profile.biography), _value(profile.unit)
    if profile.biography is None or not biography:
        yield Observation(Outcome.FAILED, draft.place, {}, "failed-none")
    elif (unit and _says_unit(biography, unit)) or _says(biography, options["names"]):
        yield PASSED
    else:
        yield Observation(Outcome.FAILED, profile.biography.whole(), {"unit": unit or "unit"})


def not_called_official(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `words`: expressions by which a profile says so."""
    profile = _city(draft)
    if profile is None or profile.biography is None:
        return
    text = f"{_value(profile.name)}\n{_value(profile.biography)}"
    said = any(one.search(text) for one in expressions(options, "words"))
    yield PASSED if said else Observation(Outcome.FAILED, profile.biography.whole())


def policy_link_missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `words`, expressions for a link to the policy, or for a disclaimer in the biography; `domains`, the
    city's: a link there may lead to it."""
    profile = _city(draft)
    if profile is None:
        return
    texts = [text for text in (*profile.links, profile.biography) if text is not None]
    if any(one.search(text.value) for text in texts for one in expressions(options, "words")):
        yield PASSED
        return
    domains = [domain.lower() for domain in options["domains"]]
    at_home = next((text for text in texts if any(domain in text.value.lower() for domain in domains)), None)
    if at_home:
        yield Observation(Outcome.CANT_TELL, at_home.whole())
    else:
        yield Observation(Outcome.FAILED, draft.place)


def contact_missing(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `domains`: the city's; addresses of mail elsewhere are a question."""
    profile = _city(draft)
    if profile is None:
        return
    texts = [text for text in (*profile.contact, profile.biography) if text is not None]
    domains = [domain.lower().removeprefix("www.") for domain in options["domains"]]
    mails = [(text, match) for text in texts for match in _EMAIL.finditer(text.value)]
    official = [match for _, match in mails if not domains or match["domain"].lower().endswith(tuple(domains))]
    if official or any(_PHONE.search(text.value) for text in texts):
        yield PASSED
    elif mails:
        text, match = mails[0]
        yield Observation(Outcome.CANT_TELL, text.at(*match.span()), {"domains": " or ".join(options["domains"])})
    else:
        yield Observation(Outcome.FAILED, draft.place)


def not_archived(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    profile = _city(draft)
    if profile is None:
        return
    if profile.archive is None or not _value(profile.archive):
        yield Observation(Outcome.FAILED, draft.place, {}, "failed-silent")
    elif _value(profile.archive).lower() in NOWHERE:
        yield Observation(Outcome.FAILED, profile.archive.whole())
    elif _value(profile.archive).lower() in _YES:
        yield Observation(Outcome.FAILED, profile.archive.whole(), {}, "failed-silent")
    else:
        yield PASSED


def too_few_holders(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Option `least`: people who can sign in."""
    profile = _city(draft)
    if profile is None:
        return
    holders = {_plain(text.value) for text in profile.holders or ()}
    if len(holders) >= options["least"]:
        yield PASSED
        return
    data = {"count": len(holders), "least": options["least"]}
    place = profile.holders[0].whole() if profile.holders else draft.place
    yield Observation(Outcome.FAILED, place, data, "failed-silent" if not holders else "")


def not_approved(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    profile = _city(draft)
    if profile is None:
        return
    if _is_approved(profile):
        yield PASSED
    else:
        place = profile.approved_by.whole() if _value(profile.approved_by) and profile.approved_by else draft.place
        yield Observation(Outcome.FAILED, place)


def _is_approved(profile: Profile) -> bool:
    """By somebody: `no` and `pending` name nobody, nor does `yes`."""
    by = _value(profile.approved_by)
    return bool(by) and by.lower() not in (*NOWHERE, *_YES)


def reads_as_official(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """An employee's own account with the city's name and an office in its own. Options: `names`, of the city;
    `offices`, words for offices and titles."""
    profile = _city(draft, "personal")
    if profile is None or not options["names"]:
        return
    offices = {word.lower() for word in options["offices"]}
    # The shortest form of the city's name: Oakland of City of Oakland.
    names = [
        re.sub(r"^(?:the )?(?:city|town|village|municipality|county) of ", "", one, flags=re.I)
        for one in options["names"]
    ]
    for text in (profile.handle, profile.name):
        if text is None or not text.value.strip():
            continue
        rest = _plain(text.value)
        for name in names:
            rest = rest.replace(_plain(name), " ")
        office = next((word for word in sorted(offices, key=len, reverse=True) if word in rest), "")
        if not _says(text.value, names):
            yield PASSED
        elif office and not _is_approved(profile):
            yield Observation(Outcome.FAILED, text.whole(), {"name": text.value, "office": office})
        elif office:
            yield PASSED
        else:
            yield Observation(Outcome.CANT_TELL, text.whole(), {"name": text.value})


def platform_not_approved(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options as of `field_not_listed`."""
    return field_not_listed(draft, options, context) if _city(draft) else iter(())
