"""Check digits: the examples of checks/privacy show the rest."""

from __future__ import annotations

import pytest

from postcheck.analysis.prose import Prose
from postcheck.detectors.numbers import checked_number
from postcheck.model import Options, Outcome


def found(kind: str, text: str) -> list[Outcome]:
    options = Options({"failed": [rf"(?P<{kind}>[\w -]{{9,}})"], "cant_tell": [r"[\d -]{9,}"], "parts": {}})
    return [hit.outcome for hit in checked_number(Prose(text), options, None, None)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("card", "4111 1111 1111 1111"),
        ("card", "5555-5555-5555-4444"),
        ("card", "378282246310005"),
        ("card", "6011111111111117"),
        ("card", "30569309025904"),
        ("card", "3530111333300000"),
        ("iban", "GB82 WEST 1234 5698 7654 32"),
        ("routing", "021000021"),
    ],
)
def test_right_check_digits(kind: str, number: str) -> None:
    assert found(kind, number) == [Outcome.FAILED]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("card", "4111 1111 1111 1112"),
        ("card", "9111 1111 1111 1111"),
        ("card", "411111111111"),
        ("iban", "821234569876543222"),
        ("routing", "021000022"),
        ("routing", "000000000"),
    ],
)
def test_a_number_that_fails_its_test_is_left_to_the_expressions_below(kind: str, number: str) -> None:
    assert found(kind, number) == [Outcome.CANT_TELL]
