"""Hashtags taken apart: better left alone than wrong."""

from __future__ import annotations

import pytest

from postcheck.analysis.hashtag import LONGEST, Tags
from postcheck.catalog import check_path, read_check

OPTIONS = read_check(check_path("text-access/hashtag-capitals")).options
TAGS = Tags(OPTIONS["words"], OPTIONS["short"], OPTIONS["edges"], OPTIONS["leave"])


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("leafday", "LeafDay"),
        ("Leafday", "LeafDay"),
        ("vaccineswork", "VaccinesWork"),
        ("wearamask", "WearAMask"),
        ("fluvax", "FluVax"),
        ("nationalnursesweek", "NationalNursesWeek"),
        ("covid19testing", "COVID19Testing"),
        ("happy4thofjuly", "Happy4thOfJuly"),
        ("type2diabetes", "Type2Diabetes"),
        ("swportland", "SWPortland"),
        ("lakeoswego", "LakeOswego"),
        ("multnomahcounty", "MultnomahCounty"),
        ("STOPTHESPREAD", "StopTheSpread"),
    ],
)
def test_several_words(tag: str, written: str) -> None:
    assert TAGS.written(tag) == written


@pytest.mark.parametrize(
    "tag",
    [
        "portland", "multnomah", "naloxone", "covid19", "covid", "pdx", "ucla", "trimet", "biketown", "pickleball", "tualatin",
        "clackamas", "gresham", "beaverton", "moderna", "breastfeeding", "healthcare", "firefighter", "juneteenth", "fitbit",
        "nextdoor", "bluesky", "kuleana", "lcdhd", "kfcsg", "txlege", "coronavirus", "thanksgiving2021", "enterovirus68",
        "LeafDay", "PublichealthWeek", "covid_19", "COVID19", "FEMA", "WIC", "quedateencasa", "sisepuede", "vivalavida", "#",
        "", "a", "café", "落葉の日", "leaf" * LONGEST,
    ],
)  # fmt: skip
def test_left_alone(tag: str) -> None:
    assert TAGS.written(tag) == ""


def test_what_is_written_is_left_alone() -> None:
    for tag in ("leafday", "wearamask", "covid19testing", "swportland"):
        assert TAGS.written(TAGS.written(tag)) == ""
