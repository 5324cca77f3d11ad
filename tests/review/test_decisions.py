"""The entry of a decision, from a draft that was checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import postcheck
from postcheck.config import Config
from postcheck.detectors.veil import Veil
from postcheck.errors import UsageError
from postcheck.model import Draft, Report, UnreadableDraft
from postcheck.review.decisions import Answer, Decision, Reviewer, entry_for, retention
from postcheck.review.entries import NewEntry
from postcheck.review.records import Records
from tests.drafts import write_draft
from tests.review.made import faults

REVIEWER = Reviewer("r.reviewer@example.gov", "https://sign-in.example.gov", "communications")
GOOD: dict[str, Any] = {
    "account": "parks",
    "author": "jo",
    "platforms": ["facebook", "twitter"],
    "publish_at": "2027-11-12T09:00:00-08:00",
    "caption": "Leaf Day is Saturday.",
    "variants": {"x": "Leaf Day!"},
    "images": [{"file": "a.png", "alt": "A crew rakes leaves.", "source": "city", "people": "none"}],
}
CHILD: dict[str, Any] = {
    **GOOD,
    "caption": "Thanks to Ava Lee, who raked.",
    "variants": {},
    "images": [
        {
            "file": "ava-lee.png",
            "alt": "Ava Lee rakes leaves.",
            "source": "city",
            "people": [{"who": "Ava Lee", "minor": True, "release": "releases/ava-lee.pdf", "release_by": "guardian"}],
        }
    ],
    "videos": [{"file": "clip.mp4", "captions": "clip.en.vtt", "people": "none"}],
    "files": {
        "releases/ava-lee.pdf": {"text": "Ava Lee"},
        "clip.en.vtt": {"text": "WEBVTT\n\n00:01.000 --> 00:03.000\nAva Lee rakes.\n"},
    },
}
ONLY = ("alt-text/missing", "privacy", "governance/author-missing")


def decided(
    folder: Path, draft: dict[str, Any], *, meanwhile: Any = None, record: Records | None = None, **more: Any
) -> NewEntry:
    """What is recorded of a decision on the draft; `meanwhile` is done after the check and before it."""
    made: list[NewEntry] = []

    def looked(read: Draft | UnreadableDraft, veil: Veil, report: Report) -> None:
        assert isinstance(read, Draft), read.problems
        if meanwhile:
            meanwhile()
        arguments = {"decision": Decision.REJECT, "reviewer": REVIEWER, "revision": 1, **more}
        made.append(entry_for(read, report, veil, **arguments))
        if record:
            record.append(made[0])

    postcheck.check(
        write_draft(folder, draft), config=Config(), policy=more.pop("policy", ""), select=ONLY, looked=looked
    )
    return made[0]


def test_what_a_decision_tells(tmp_path: Path) -> None:
    kept_for = retention("approval", {"approval": 2}, legal_hold=True)
    records = Records(tmp_path / "city.sqlite")
    made = decided(
        tmp_path / "draft", GOOD, record=records, decision=Decision.APPROVE, comment="Fine.", kept_for=kept_for,
        draft_id="leaf-day", revision=3, key="k",
    )  # fmt: skip
    body = records.get(1).body
    assert body == json.loads(json.dumps(made.body))
    assert (body["draft"]["id"], body["draft"]["revision"]) == ("leaf-day", 3)
    assert body["draft"]["digest"] == body["report"]["digest"]
    assert (body["decision"], body["comment"], body["author"]) == ("approve", "Fine.", "jo")
    assert body["reviewer"] == {
        "identity": "r.reviewer@example.gov", "issuer": "https://sign-in.example.gov", "role": "communications",
    }  # fmt: skip
    assert body["texts"] == [
        {"platform": "facebook", "text": "Leaf Day is Saturday.", "veiled": False},
        {"platform": "twitter", "text": "Leaf Day!", "veiled": False},
    ]
    assert body["media"][0]["alt"] == "A crew rakes leaves."
    picture = (tmp_path / "draft" / "a.png").read_bytes()
    assert body["assets"] == [
        {"name": "a.png", "sha256": hashlib.sha256(picture).hexdigest(), "bytes": len(picture), "kept": True}
    ]
    assert body["schedule"] == {"at": "2027-11-12T09:00:00-08:00", "zone": "UTC-08:00"}
    assert body["retention"] == {"class": "approval", "years": 2, "legal_hold": True}
    assert body["tool"]["catalog"].startswith("sha256:")
    assert "alt-text/missing" in body["report"]["passed"]
    assert faults(records) == []


def test_names_of_minors_are_in_no_entry(tmp_path: Path) -> None:
    records = Records(tmp_path / "city.sqlite")
    decided(tmp_path / "draft", CHILD, record=records, comment="Ask Ava Lee's mother.", draft_id="posts/Ava Lee")
    content = records.get(1).content.decode()
    assert "ava" not in content.lower().replace("available", "")
    assert "lee" not in content.lower().replace("fleet", "").replace("sleep", "")
    body = records.get(1).body
    assert body["texts"][0] == {"platform": "facebook", "text": "Thanks to A… L…, who raked.", "veiled": True}
    left_out = {asset["name"]: asset.get("left_out", "") for asset in body["assets"]}
    assert left_out == {
        "a…-l….png": "",
        "releases/a…-l….pdf": "a release form names people: it is kept where the city keeps its forms",
        "clip.mp4": "",
        "clip.en.vtt": "it holds a name that is hidden",
    }
    assert body["people"][0]["releases"] == ["releases/a…-l….pdf"]
    assert len([path for path in records.assets.folder.rglob("*") if path.is_file()]) == 2
    assert faults(records) == []


@pytest.mark.parametrize("name", ["identity", "issuer", "role"])
def test_the_reviewer_is_fully_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"the reviewer's {name} is not told"):
        decided(tmp_path / "draft", GOOD, reviewer=replace(REVIEWER, **{name: " "}))


def test_what_is_held_back_is_not_approved(tmp_path: Path) -> None:
    bad = {**GOOD, "images": [{"file": "a.png", "source": "city"}]}
    with pytest.raises(UsageError, match="cannot be approved: a finding holds it back"):
        decided(tmp_path / "draft", bad, decision=Decision.APPROVE)
    (result,) = decided(tmp_path / "other", bad).body["report"]["results"]
    assert result["check"] == "alt-text/missing"
    waived = {
        **bad,
        "waive": [{"check": "alt-text/missing", "reason": "It is said in the caption, " * 3, "by": "R. R."}],
    }
    body = decided(tmp_path / "waived", waived, decision=Decision.APPROVE).body
    assert body["waivers"][0]["check"] == "alt-text/missing"
    assert body["report"]["results"][0]["waiver"]["holds"]


def test_a_draft_that_changed_since_it_was_checked_is_refused(tmp_path: Path) -> None:
    picture = tmp_path / "draft" / "a.png"
    with pytest.raises(UsageError, match="has changed since it was checked"):
        decided(tmp_path / "draft", GOOD, meanwhile=lambda: picture.write_bytes(b"another"))
    with pytest.raises(UsageError, match="an asset cannot be read any more"):
        decided(tmp_path / "draft", GOOD, meanwhile=picture.unlink)


def test_questions_stand_with_their_answers(tmp_path: Path) -> None:
    made = decided(tmp_path / "draft", GOOD, policy="portland")
    asked = made.body["questions"]
    assert asked
    assert all(one["answer"] is None for one in asked)
    answer = Answer(asked[0]["about"], "yes", comment="Asked by phone.")
    (first, *others) = decided(tmp_path / "draft", GOOD, policy="portland", answers=[answer]).body["questions"]
    assert (first["answer"], first["comment"]) == ("yes", "Asked by phone.")
    assert all(one["answer"] is None for one in others)
    with pytest.raises(UsageError, match="an answer is about `portland:moon-1`, which asked no such question"):
        decided(tmp_path / "draft", GOOD, policy="portland", answers=[Answer("portland:moon-1", "yes")])


def test_retention_classes_are_those_of_the_settings() -> None:
    assert retention("", {}).years is None
    with pytest.raises(UsageError, match="Did you mean `approval`"):
        retention("aproval", {"approval": 2})
    with pytest.raises(UsageError, match=r"under \[records\]"):
        retention("approval", {})


def test_the_profile_of_an_account_is_no_post(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is the profile of an account"):
        decided(tmp_path / "draft", {"profile": {"platform": "x", "handle": "@ExampleParks"}})


def test_a_row_of_a_calendar(tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.csv"
    calendar.write_text("caption,author\nLeaf Day is Saturday.,jo\nIt rains.,jo\n", encoding="utf-8")
    made: list[NewEntry] = []

    def looked(read: Draft | UnreadableDraft, veil: Veil, report: Report) -> None:
        assert isinstance(read, Draft), read.problems
        made.append(entry_for(read, report, veil, decision=Decision.APPROVE, reviewer=REVIEWER, revision=1))

    config = Config(calendar={"caption": "caption", "author": "author"})
    postcheck.check(calendar, config=config, policy="", select=ONLY, looked=looked)
    assert [one.body["texts"][0]["text"] for one in made] == ["Leaf Day is Saturday.", "It rains."]
