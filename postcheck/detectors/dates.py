"""Dates in texts: whether they are figures only, agree with their day of the week, and still say what they mean on the
day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from postcheck.analysis.prose import Prose
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options, Outcome

MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
"""As AP writes them with a day."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MONTH = {name.strip(".").lower()[:3]: number for number, name in enumerate(MONTHS, 1)}
_WEEKDAY = {name.lower()[:3]: number for number, name in enumerate(WEEKDAYS)}
_MONTH_NAMES = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY_NAMES = r"(?P<weekday>Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_WRITTEN_DATE = (
    rf"(?P<date>{_MONTH_NAMES}\b\.? (?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?)\b"
    r"(?:,? (?P<year>(?:19|20)\d\d)\b)?"
)
_DATE = re.compile(rf"\b{_WRITTEN_DATE}", re.IGNORECASE)
_DAY_AND_DATE = re.compile(rf"\b{_WEEKDAY_NAMES}\b[.,]{{0,2}} {_WRITTEN_DATE}", re.IGNORECASE)
_NUMERIC_YEAR = re.compile(r"(?<![\w/.$-])(1[0-2]|0?[1-9])([/-])([12]\d|3[01]|0?[1-9])\2((?:19|20)?\d\d)(?![\w/-])")
_NUMERIC = re.compile(r"(?<![\w/.$%])(?<!\D-)(?<!\d )(1[0-2]|0?[1-9])/([12]\d|3[01]|0?[1-9])(?![\w/%°\"'′]|[.,]\d)")
_DATE_BEFORE = re.compile(
    r"(?:\b(?:on|by|from|until|till|through|thru|since|before|after|beginning|starting|starts|ends|ending|between"
    r"|dated?|deadline:?|updated?|updates|as of|closed|open"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?)"
    r"[,:]? ?\(?|\d{1,2}/\d{1,2} ?(?:-|–|to|and|&|thru|through) ?)$",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(
    r"\)?,? ?(?:(?:-|–|to|and|&|thru|through) ?\d{1,2}/\d{1,2}|(?:at|from|@) ?\d|\d{1,2}(?::\d\d)? ?[ap]\.?m)",
    re.IGNORECASE,
)
_NEVER_DATES = frozenset({(24, 7), (9, 11), (1, 2), (1, 3), (2, 3), (1, 4), (3, 4)})
"""24/7 is no date anyway; 9/11 is the day, and the fractions are met everywhere."""


def numeric_date(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """A date in figures only. With a year it is one; without, where a day, a preposition or a time says so; else a
    question, since it may be a fraction, a score or a share."""
    text = prose.masked
    for match in _NUMERIC_YEAR.finditer(text):
        year = int(match[4]) + (0 if len(match[4]) == 4 else 2000)
        if _valid(year, int(match[1]), int(match[3])):
            yield Hit(*match.span(), f"{MONTHS[int(match[1]) - 1]} {int(match[3])}, {year}")
    for match in _NUMERIC.finditer(text):
        month, day = int(match[1]), int(match[2])
        if not _valid(2024, month, day):
            continue
        sure = bool(_DATE_BEFORE.search(text, max(match.start() - 30, 0), match.start()))
        sure = sure or bool(_DATE_AFTER.match(text, match.end()))
        if sure:
            yield Hit(*match.span(), f"{MONTHS[month - 1]} {day}")
        elif (month, day) not in _NEVER_DATES and not options["only_sure"]:
            yield Hit(*match.span(), f"{MONTHS[month - 1]} {day}", Outcome.CANT_TELL)


def _valid(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def current_year(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """A full date of the year in which the draft is published, where that is known."""
    if draft.publish_at is None:
        return
    published = draft.publish_at.when.date()
    for match in _DATE.finditer(prose.masked):
        if match["year"] and int(match["year"]) == published.year:
            yield Hit(match.end("date"), match.end("year"), "", Outcome.CANT_TELL, data={"year": match["year"]})


def weekday_disagrees(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """A day of the week that its date does not fall on. Without a year the date is the one nearest to the day of
    publication; where that is not known either, nobody can tell and nothing is said."""
    published = draft.publish_at.when.date() if draft.publish_at else None
    for match in _DAY_AND_DATE.finditer(prose.masked):
        day = _resolved(match, published)
        if day is None:
            continue
        named = _WEEKDAY[match["weekday"].lower()[:3]]
        if day.weekday() != named:
            offset = (named - day.weekday() + 3) % 7 - 3
            near = day + timedelta(days=offset)
            yield Hit(
                *match.span(),
                data={"is": WEEKDAYS[day.weekday()], "date": _said(day), "named": WEEKDAYS[named], "near": _said(near)},
            )


def _resolved(match: re.Match[str], published: date | None) -> date | None:
    month, day = _MONTH[match["month"].lower()[:3]], int(match["day"])
    if match["year"]:
        return date(int(match["year"]), month, day) if _valid(int(match["year"]), month, day) else None
    if published is None:
        return None
    years = (published.year - 1, published.year, published.year + 1)
    near = [date(year, month, day) for year in years if _valid(year, month, day)]
    return min(near, key=lambda one: abs(one - published), default=None)


def _said(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}"


_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_RELATIVE_WORD = re.compile(
    r"\b(yesterday|tonight|tomorrow|today(?=,? (?:at|from|between|until|by|through|, ) ?\d))\b", re.I
)
_DAY_IS_TOLD = re.compile(rf"\W{{1,3}}(?:{_WEEKDAY_NAMES}\b|(?:{_MONTH_NAMES})\b\.? \d)", re.IGNORECASE)


def relative_day(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Tomorrow, tonight, yesterday, and today with a time, in a scheduled post: when it is read, another day may be
    meant. Not where the day itself follows."""
    if draft.publish_at is None:
        return
    published = draft.publish_at.when.date()
    for match in _RELATIVE_WORD.finditer(prose.masked):
        if _DAY_IS_TOLD.match(prose.masked, match.end()):
            continue
        day = published + timedelta(days=_RELATIVE[match[1].lower()])
        meant = f"{WEEKDAYS[day.weekday()]}, {_said(day)}"
        yield Hit(*match.span(), outcome=Outcome.CANT_TELL, data={"day": meant, "published": _said(published)})


_ZONE = re.compile(r"(?<=[\dmMnN.] )(?P<zone>[ECMP])(?P<season>[SD])T\b")
_NO_CHANGE = "M"
"""Most of Arizona keeps MST all year."""


def time_zone_season(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Standard time in a date of summer, daylight time in one of winter, by the rule of the United States since 2007
    (Energy Policy Act of 2005, section 110): from the second Sunday of March to the first Sunday of November."""
    published = draft.publish_at.when.date() if draft.publish_at else None
    for match in _ZONE.finditer(prose.masked):
        start, end = prose.sentence(match.start())
        written = list(_DATE.finditer(prose.masked, start, end))
        if len(written) > 1:
            continue
        day = _resolved(written[0], published or date(context.now.year, 7, 1)) if written else published
        if day is None or (match["zone"] == _NO_CHANGE and match["season"] == "S"):
            continue
        season = "D" if _second_sunday_of_march(day.year) <= day < _first_sunday_of_november(day.year) else "S"
        if season != match["season"]:
            yield Hit(*match.span(), f"{match['zone']}{season}T", data={"date": _said(day)})


def _second_sunday_of_march(year: int) -> date:
    return date(year, 3, 14) - timedelta(days=(date(year, 3, 14).weekday() + 1) % 7)


def _first_sunday_of_november(year: int) -> date:
    return date(year, 11, 7) - timedelta(days=(date(year, 11, 7).weekday() + 1) % 7)


_INVITES = re.compile(
    r"\b(?:join (?:us|your|the)|register|sign up|rsvp|don[’']t miss|come (?:to|out|join|celebrate|meet|learn|by|see)"
    r"|save the date|mark your calendars?|will (?:be|take|begin|start|open|close|host|hold|meet|offer)|takes? place"
    r"|deadline|apply by|due (?:by|on)|(?:is|are) (?:on |this )?(?=(?:mon|tues|wednes|thurs|fri|satur|sun)day)|upcoming"
    r"|coming up|kicks off|get your tickets|tickets|see you|attend|stop by|drop by|we[’']ll|you[’']re invited|tune in"
    r"|submit)\b",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"(?:since|as of|updated|effective|dated|issued|from|after|was|were|began|started|held|published|posted|voted"
    r"|adopted|passed|recap|last|previous)[,:]?(?: on)? $",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r" ?(?:-|–|—|to\b|through\b|thru\b|until\b|till\b|and\b|&|,? ?\d{1,2}\b(?! ?[ap]\.?m|:))", re.IGNORECASE
)
_RECENT = timedelta(days=60)
"""Without its year, a date further back may well be next year's."""


def past_event(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """The date of what a sentence invites to, where it lies before the day of publication; where that is not set, one
    with its year, before today. Of several dates in a sentence none may be to come."""
    published = draft.publish_at.when.date() if draft.publish_at else None
    day = published or context.now.date()
    for start, end in prose.sentences:
        if not _INVITES.search(prose.masked, start, end):
            continue
        written = list(_DATE.finditer(prose.masked, start, end))
        days = [_resolved(match, published) for match in written]
        if not written or any(one is None or one >= day for one in days):
            continue
        first, when = written[0], days[0]
        before = prose.masked[max(start, first.start() - 24) : first.start()]
        if when is None or _LOOKS_BACK.search(before) or _GOES_ON.match(prose.masked, first.end()):
            continue
        sure = first["year"] is not None or day - when <= _RECENT
        data = {"date": f"{_said(when)}, {when.year}", "day": f"{_said(day)}, {day.year}"}
        yield Hit(*first.span(), outcome=Outcome.FAILED if sure else Outcome.CANT_TELL, data=data)


_TIME = r"(?P<{0}_hour>1[0-2]|0?[1-9])(?::(?P<{0}_minute>[0-5]\d))?"
_HALF = r"(?P<{0}_half>[ap])\.?[ ]?m\b\.?"
_FROM_TO = re.compile(
    rf"(?<![\d:.$/-]){_TIME.format('from')} ?{_HALF.format('from')} ?(?:-|–|—|to|until|till) ?"
    rf"{_TIME.format('to')} ?{_HALF.format('to')}",
    re.IGNORECASE,
)
_NEXT_DAY = re.compile(
    r"\b(?:next|following|overnight|nightly|24[ -]hours?|around the clock|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d",
    re.IGNORECASE,
)
_DAYS = re.compile(
    rf"\b(?P<month>{'|'.join(name.strip('.') for name in MONTHS)})[a-z]*\.? (?P<first>3[01]|[12]\d|0?[1-9])"
    r" ?(?:-|–|—|to|through|until) ?(?P<last>3[01]|[12]\d|0?[1-9])\b(?! ?[ap]\.?m|:\d|[,.]\d)",
)


def ends_before_it_begins(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """Times in one half of the day, such as 3 p.m. to 1 p.m., and days in one month, such as Nov. 14-12. From p.m. to
    a.m. is a night, and where another day is told after the time nothing is said."""
    for match in _FROM_TO.finditer(prose.masked):
        if match["from_half"].lower() != match["to_half"].lower():
            continue
        begins, ends = _minutes(match, "from"), _minutes(match, "to")
        rest = prose.masked[match.end() : match.end() + 24].split(".")[0]
        if ends < begins and not _NEXT_DAY.search(rest) and not _NEXT_DAY.search(match[0]):
            yield Hit(*match.span())
    for match in _DAYS.finditer(prose.masked):
        if int(match["last"]) < int(match["first"]):
            yield Hit(*match.span())


def _minutes(match: re.Match[str], which: str) -> int:
    """Since the half of the day began."""
    return int(match[f"{which}_hour"]) % 12 * 60 + int(match[f"{which}_minute"] or 0)
