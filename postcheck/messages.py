"""What postcheck itself says to people, in the reader's language.

English stands where it is said: in the code, as `say("...")`, and in checks/. A translator takes both from one
catalogue (`locales/postcheck.pot`, made by `python -m locales.make`) and gives back `locales/LANGUAGE/postcheck.po`.
Where a message has no translation it is said in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from postcheck.resources import data_folder

if TYPE_CHECKING:
    from gettext import NullTranslations

ENGLISH = "en"
_chosen = ENGLISH


def choose(language: str) -> None:
    """From now on speak `language`, a tag such as `es` or `es-MX`."""
    global _chosen
    _chosen = language or ENGLISH


def chosen() -> str:
    """The language in force, as a tag of BCP 47."""
    return _chosen


def say(message: str, /, **values: Any) -> str:
    """`message` in the reader's language, with `values` in its places."""
    text = _catalogue(_chosen).gettext(message)
    return text.format_map(values) if values else text


def say_count(one: str, several: str, number: int, /, **values: Any) -> str:
    """As `say`, by the language's own rule for `number`, which stands in the place {number}."""
    return _catalogue(_chosen).ngettext(one, several, number).format_map({"number": figure(number), **values})


def fill(message: str, values: Mapping[str, Any]) -> str:
    """As `say`, for the messages of checks."""
    return _catalogue(_chosen).gettext(message).format_map(values)


def figure(value: float, places: int = 0) -> str:
    """A number for a reader, with `places` decimals: 1,234.5."""
    return f"{value:,.{places}f}"


def day(value: date) -> str:
    """As AP style writes it: Nov. 14, 2026."""
    return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"


def moment(value: datetime) -> str:
    """As AP style writes it: Nov. 14, 2026, 9:30 a.m."""
    hour, half = value.hour % 12 or 12, "a.m." if value.hour < 12 else "p.m."
    minutes = f":{value.minute:02d}" if value.minute else ""
    return f"{day(value)}, {hour}{minutes} {half}"


_MONTHS = (
    "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip


@lru_cache(maxsize=8)
def _catalogue(language: str) -> NullTranslations:
    import gettext

    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation("postcheck", str(data_folder("locales")), [language.replace("-", "_")], fallback=True)
