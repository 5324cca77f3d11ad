"""The classifiers: what they read, when they are asked, and what becomes of a text where they are not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from postcheck.analysis import classifier
from postcheck.errors import CannotTest

POLITICIANS = ("Rivers",)
HARMLESS = (
    "Crews will flush water mains on Oak Street from 9 a.m. to noon on Tuesday. Water may look cloudy for an hour."
)


def test_names_addresses_and_links_are_put_alike() -> None:
    text = "@rivers: Dana Rivers has 12 plans for Ohio! #VoteYesOn5 https://example.org/x jo.lee@mail.example"
    assert classifier.prepared(text, POLITICIANS) == (
        "someone: Politician has 12 plans for Place! # vote yes on 5 mailaddress"
    )
    assert classifier.prepared("Write to parks@city.gov.", ()) == "Write to officeaddress."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Write XXX-XX-0000 or 000-00-0000", "Write Sample or Sample"),
        ("Type 0000 0000 0000 0000.", "Type Sample."),
        ("Plate ABC-1234, born 01/01/1900 (MM/DD/YYYY)", "Plate Sample, born Sample (Sample)"),
        ("like yourname@mail.example", "like Sample"),
        (
            "SSN 412-68-3907, XXX-XX-3907, card 4539 1488 0343 6467",
            "SSN 412-68-3907, XXX-XX-3907, card 4539 1488 0343 6467",
        ),
        ("Born May 5, 1861, in the 1860s", "Born May 5, Longago, in the Longago"),
        ("at 1861 Oak Street, room 1861-A, $1861, since 1961", "at 1861 Oak Street, room 1861-A, $1861, since 1961"),
    ],
)
def test_samples_and_years_long_ago_are_words(text: str, read: str) -> None:
    assert classifier.prepared(text, ()) == read


def test_what_is_plainly_harmless_loads_no_model(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(
        f"---\naccount: a\nauthor: a\nplatforms: [x]\n---\n{HARMLESS}\n", encoding="utf-8"
    )
    code = (
        "import sys, postcheck; report = postcheck.check(sys.argv[1], policy='');"
        "assert not list(report.findings()), list(report.findings()); print('spacy' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("pipeline", "label", "text"),
    [
        ("policy", "campaign", "We will win this election together, and we need your help to do it!"),
        ("policy", "promotion", "Order online today and get two large pizzas for only $20, delivery is free."),
        ("conduct", "threat", "Leash your dog or we will put it down in front of you."),
    ],
)
def test_scores(pipeline: str, label: str, text: str) -> None:
    assert classifier.is_worth_asking(pipeline, text, POLITICIANS)
    assert classifier.scores(pipeline, text, POLITICIANS)[label] > 0.3
    assert not classifier.is_worth_asking(pipeline, HARMLESS, POLITICIANS)
    assert classifier.scores(pipeline, HARMLESS, POLITICIANS)[label] < 0.1


@pytest.mark.parametrize("text", ["!" * 200_000, "a." * 100_000, "a" * 200_000, "1 (" * 70_000, "a@" * 100_000])
def test_a_text_of_any_length_is_read(text: str) -> None:
    """None of the expressions takes the square of its length, which would be minutes."""
    assert set(classifier.scores("conduct", text, POLITICIANS)) >= {"threat", "password"}


def test_an_empty_text_has_scores() -> None:
    assert all(0 <= score < 0.5 for score in classifier.scores("policy", "", ()).values())


def test_a_pipeline_that_is_not_there_is_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(classifier.FOLDERS, "policy", tmp_path / "gone")
    with pytest.raises(CannotTest, match="cannot be read"):
        classifier.scores("policy", "Anything.", ())
    with pytest.raises(CannotTest, match="cannot be read"):
        classifier.is_worth_asking("policy", "Anything.", ())
