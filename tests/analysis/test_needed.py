"""What an expression needs must never keep it from a match."""

from __future__ import annotations

import re

import pytest

from postcheck.analysis.needed import holds, least, needed
from postcheck.detectors.patterns import Expression, expressions
from postcheck.model import Options
from tests.test_examples import CHECKS, defaults

PARTS = {"month": ["May", "June"], "word": [r"\w"]}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"\bvote for\b", [["vote for"]]),
        (r"\b(?:sale|deal)s?\b", [["deal", "sale"]]),
        (r"(?:new )?menu", [["menu"]]),
        (r"(?:<month>|<word>)", []),
        (r"<month> sale", [[" sale"], ["june", "may"]]),
        (r"<month> \d{1,2}", [[" 0"], ["june", "may"]]),
        (r"\d{3}-\d{4}", [["000-0000"]]),
        (r"tel[.:]{2}no\*{3}", [["no***"], ["tel"]]),
        (r"[A-Z]{2}[0-9]{5,}", [["00000"]]),
        (r"\w+", []),
        (r"\$\d+", [["$0"]]),
        (r"(?!menu)\w", []),
        (r"STRASSE", [["strasse"]]),
    ],
)
def test_needed(expression: str, expected: list[list[str]]) -> None:
    assert sorted(needed(expression, PARTS), key=repr) == expected


def test_an_alternative_of_common_words_needs_them_all() -> None:
    needs = needed(r"(?:tip line|in (?:the )?car)\b", {})
    assert holds("a tip line", needs)
    assert holds("in a car", needs)
    assert not holds("a car", needs)
    assert set(least(needs)) == {"tip line", "car"}


def test_a_choice_between_parts_needs_what_either_needs() -> None:
    """The parser makes a set of such a choice, as of one between single characters."""
    assert needed("(?:<month>|<day>)", {"month": ["May"], "day": ["Friday"]}) == [["friday", "may"]]


def test_no_match_is_lost() -> None:
    """Every expression of every check on the captions of all examples."""
    captions = [
        str(example.draft.get("caption", "")) for check in list(CHECKS.values())[::4] for example in check.examples[:2]
    ]
    text = "\n".join(captions)
    for planned in defaults()[1].by_id.values():
        for key in ("failed", "cant_tell", "suspected", "unless"):
            for one in _expressions(planned.options, key):
                if one.may_match(text):
                    continue
                assert not one.compiled.search(text), (planned.check.id, one.compiled.pattern[:200])


def _expressions(options: Options, key: str) -> list[Expression]:
    try:
        return list(expressions(options, key))
    except re.error:
        return []
