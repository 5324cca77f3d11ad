"""Numbers that carry a check digit: payment cards and bank accounts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from postcheck.analysis.prose import Prose
from postcheck.detectors.wording import told
from postcheck.detectors.writing import Hit
from postcheck.model import Context, Draft, Options


def checked_number(prose: Prose, options: Options, draft: Draft, context: Context) -> Iterator[Hit]:
    """As `pattern`; a group named after a kind of number must hold one with the right check digits, or nothing is
    there:

    - `card`: the prefix and length of a payment card, and ISO/IEC 7812-1's (Luhn's) check digit;
    - `iban`: ISO 13616, remainder 1 after division by 97;
    - `routing`: the ABA's check digit, with the weights 3, 7 and 1.
    """
    return told(prose, prose.masked, options, _holds)


def _holds(match: re.Match[str]) -> bool:
    """Have the numbers in the match their check digits?"""
    return all(is_one(match[kind]) for kind, is_one in _KINDS.items() if match.groupdict().get(kind))


_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|65\d\d|64[4-9]\d)\d{12}"  # Discover
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
)


def _is_card(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    if not _CARD.fullmatch(digits):
        return False
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_iban(written: str) -> bool:
    code = re.sub(r"[^0-9A-Z]", "", written.upper())
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def _is_routing(written: str) -> bool:
    digits = [int(char) for char in written if char.isdigit()]
    if len(digits) != 9 or not any(digits):
        return False
    return sum(weight * digit for weight, digit in zip((3, 7, 1) * 3, digits, strict=True)) % 10 == 0


_KINDS: Mapping[str, Callable[[str], bool]] = {"card": _is_card, "iban": _is_iban, "routing": _is_routing}
