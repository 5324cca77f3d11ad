"""What postcheck itself says to people, in the reader's language.

English stands where it is said: in the code, as `say("...")`, and in checks/. A translator takes both from one
catalogue (`locales/postcheck.pot`, made by `python -m locales.make`) and gives back `locales/LANGUAGE/postcheck.po`.
What has no translation, or one whose places do not fit, is said in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postcheck.errors import UsageError
from postcheck.resources import data_folder

if TYPE_CHECKING:
    from gettext import NullTranslations
    from string import Formatter

    from babel import Locale

ENGLISH = "en"
_CATALOGUE = "postcheck.po"


@dataclass(frozen=True)
class Translation:
    """A language other than English: its catalogue, and how it writes numbers and dates."""

    tag: str
    catalogue: NullTranslations
    locale: Locale
    formatter: Formatter

    def filled(self, translated: str, english: str, values: Mapping[str, Any]) -> str:
        """`translated` with `values` in its places; `english` where they do not fit there."""
        try:
            return self.formatter.vformat(translated, (), values)
        except Exception:  # whatever a translator may have written: the finding must be heard
            return self.formatter.vformat(english, (), values)


_chosen: Translation | None = None


def choose(language: str) -> None:
    """From now on speak `language`, a tag such as `es` or `es-MX`.

    Raises:
        UsageError: there is no translation into it.
    """
    global _chosen
    _chosen = translation(language)


def chosen() -> str:
    """The language in force, as a tag of BCP 47."""
    return _chosen.tag if _chosen else ENGLISH


def mark(message: str) -> str:
    """`message` itself: it is put into the catalogue here, and said elsewhere."""
    return message


def say(message: str, /, **values: Any) -> str:
    """`message` in the reader's language, with `values` in its places; without values it has none."""
    if _chosen is None:
        return message.format_map(values) if values else message
    text = _chosen.catalogue.gettext(message) if message else ""  # of "" it would tell the head of the file
    return _chosen.filled(text, message, values) if values else text


def say_count(one: str, several: str, number: int, /, **values: Any) -> str:
    """As `say`, by the language's own rule for `number`, which stands in the place {number}."""
    values = {"number": figure(number), **values}
    english = one if number == 1 else several
    if _chosen is None:
        return english.format_map(values)
    return _chosen.filled(_chosen.catalogue.ngettext(one, several, number), english, values)


def fill(message: str, values: Mapping[str, Any]) -> str:
    """As `say`, for the messages of checks; in other languages numbers and dates among the values are written as they
    are there.

    Raises:
        KeyError, ValueError, TypeError, IndexError, AttributeError: the English message does not fit the values.
    """
    if _chosen is None:
        return message.format_map(values)
    return _chosen.filled(_chosen.catalogue.gettext(message), message, values) if message else ""


def figure(value: float, places: int = 0) -> str:
    """A number for a reader, with `places` decimals: 1,234.5."""
    text = f"{value:,.{places}f}"
    return _localized(text, _chosen.locale) if _chosen else text


def day(value: date) -> str:
    """As AP style writes it: Nov. 14, 2026."""
    if _chosen:
        from babel.dates import format_date

        return format_date(value, "medium", _chosen.locale)
    return f"{_MONTHS[value.month - 1]} {value.day}, {value.year}"


def moment(value: datetime) -> str:
    """As AP style writes it: Nov. 14, 2026, 9:30 a.m."""
    if _chosen:
        from babel.dates import format_time, get_datetime_format

        time = format_time(value.timetz(), "short", locale=_chosen.locale)
        joined = str(get_datetime_format("medium", _chosen.locale))
        return joined.replace("{0}", time).replace("{1}", day(value))
    hour, half = value.hour % 12 or 12, "a.m." if value.hour < 12 else "p.m."
    minutes = f":{value.minute:02d}" if value.minute else ""
    return f"{day(value)}, {hour}{minutes} {half}"


_MONTHS = (
    "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
)  # fmt: skip


def translation(language: str) -> Translation | None:
    """Into `language`, or into the wider one it belongs to (`es` for `es-MX`); None for English.

    Raises:
        UsageError: there is none, or `language` is no tag.
    """
    tag = language.replace("_", "-").casefold()
    if tag in ("", ENGLISH) or tag.startswith(f"{ENGLISH}-"):
        return None
    return _load(tag, data_folder("locales"))


@lru_cache(maxsize=8)
def _load(tag: str, folder: Path) -> Translation:
    import gettext
    from io import BytesIO

    from babel import Locale, UnknownLocaleError
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        raise UsageError(f"`{tag}` is no language that is known. Write a tag such as es or es-MX.") from None
    parts = str(locale).split("_")
    for length in range(len(parts), 0, -1):
        path = folder / "_".join(parts[:length]) / _CATALOGUE
        if not path.is_file():
            continue
        try:
            with path.open("rb") as file:
                read = read_po(file, locale=str(locale), abort_invalid=True)
        except (OSError, UnicodeDecodeError, PoFileError) as error:
            raise UsageError(f"{path}: the translation cannot be read: {error}") from None
        compiled = BytesIO()
        write_mo(compiled, read)  # leaves out what is fuzzy: nobody has confirmed it
        compiled.seek(0)
        return Translation(str(locale).replace("_", "-"), gettext.GNUTranslations(compiled), locale, _formatter(locale))
    there = sorted(path.parent.name.replace("_", "-") for path in folder.glob(f"*/{_CATALOGUE}"))
    raise UsageError(f"There is no translation into `{tag}`. There is: {', '.join([ENGLISH, *there])}.")


def _formatter(locale: Locale) -> Formatter:
    """`str.format`, with numbers and dates as they are written in `locale`."""
    from string import Formatter

    class Localizing(Formatter):
        def format_field(self, value: Any, format_spec: str) -> str:
            if isinstance(value, datetime):
                return moment(value)
            if isinstance(value, date):
                return day(value)
            text = str(super().format_field(value, format_spec))
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return _localized(text, locale) if is_number else text

    return Localizing()


def _localized(text: str, locale: Locale) -> str:
    """A number as Python writes it (`1,234.50`), with the marks of `locale` and as many digits; as it is where it is
    written with an exponent."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    if not text.strip("-").replace(",", "").replace(".", "").rstrip("%").isdigit():
        return text
    marks = {",": get_group_symbol(locale), ".": get_decimal_symbol(locale)}
    return "".join(marks.get(char, char) for char in text)
