"""SARIF: the official schema, and what the standard says beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import postcheck
from postcheck.errors import Problem
from postcheck.model import Applicability, Fix, Report
from postcheck.reporters.sarif import render
from postcheck.source import Edit, Location, NewFile, Source
from tests.reporters.made import (
    ASKED,
    ERROR,
    FAILED,
    NOTE,
    POLICY,
    UNTESTED,
    WARNING,
    draft,
    finding,
    place,
    report,
    result,
)  # fmt: skip

SCHEMA = Path(__file__).parent.parent / "data" / "sarif-2.1.0.schema.json"
FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


@lru_cache(maxsize=1)
def validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def run_of(made: Report) -> dict[str, Any]:
    log = json.loads(render(made))
    validator().validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_the_schema_is_the_whole_one() -> None:
    assert validator().schema["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    with pytest.raises(jsonschema.ValidationError):
        validator().validate({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{}]}]})


def test_fixtures() -> None:
    """Real drafts: text of every kind, a zip, a calendar; each region quotes the file, without its byte order mark."""
    names = ("calendar", "zipped", "yaml-windows", "json-emoji", "unreadable", "not-approved")
    run = run_of(postcheck.check([FIXTURES / name for name in names]))
    quoted = 0
    for one in run["results"]:
        physical = one["locations"][0]["physicalLocation"]
        region = physical.get("region")
        if not region:
            continue
        path = Path(physical["artifactLocation"]["uri"].removeprefix("file://"))
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        start, end = region["charOffset"], region["charOffset"] + region["charLength"]
        assert text[start:end] == region.get("snippet", {"text": ""})["text"]
        source = Source("", text)
        assert source.line_and_column(start) == (region["startLine"], region["startColumn"])
        assert source.line_and_column(end) == (region["endLine"], region["endColumn"])
        quoted += 1
    assert quoted > 20
    assert run["columnKind"] == "unicodeCodePoints"
    inside = [one["properties"]["inside"] for one in run["results"] if "inside" in one["properties"]]
    assert inside == ["leaf-day/post.md"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["exitCode"] == 2


def test_kind_and_level_by_outcome() -> None:
    made = report(
        draft(
            "posts/a",
            result("ap-style/a", finding(FAILED, WARNING)),
            result("ap-style/b", finding(ASKED, ERROR)),
            result("ap-style/c", finding(UNTESTED, ERROR, message="It is too wet.")),
        )
    )
    run = run_of(made)
    told = [(one["ruleId"], one["kind"], one["level"], one["properties"]["blocks"]) for one in run["results"]]
    assert told == [
        ("ap-style/a", "fail", "warning", False),
        ("ap-style/b", "review", "none", True),
        ("ap-style/c", "fail", "error", True),
    ]
    assert run["results"][2]["message"]["text"].startswith("Not checked: It is too wet.")
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]["text"]) == ("error", "Not checked: It is too wet.")
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["invocations"][0]["exitCode"] == 1


def test_a_reason_for_many_untested_checks_is_one_notification() -> None:
    here = Location("a.png")
    results = [result(f"image/{name}", finding(UNTESTED, NOTE, message="Wet.", at=here)) for name in "abc"]
    (notification,) = run_of(report(draft("d", *results)))["invocations"][0]["toolExecutionNotifications"]
    assert notification["properties"]["checks"] == ["image/a", "image/b", "image/c"]


def test_a_draft_that_cannot_be_read() -> None:
    problem = Problem("No colon.", "posts/a/post.md", 3, 5, "Write one.")
    made = report(draft("posts/a", result("ap-style/a", finding(UNTESTED)), problems=(problem,)))
    run = run_of(made)
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert notification["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "posts/a/post.md", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5},
    }


def test_rules_are_those_that_results_name() -> None:
    asked = finding(ASKED, WARNING, message="Did the mayor agree?", requires="The mayor agrees.")
    run = run_of(
        report(draft("d", result("ap-style/late-night", finding()), result("rome:mayor-1", asked)), policy=POLICY)
    )
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ap-style/late-night", "rome:mayor-1"]
    assert [one["ruleIndex"] for one in run["results"]] == [0, 1]
    first, second = rules
    assert first["name"] == "ApStyleLateNight"
    assert first["shortDescription"]["text"] == "A title"
    assert first["help"]["text"] == "A reason.\n\nWrite “...”.\n\nA book, page 2\n\nAnother"
    assert "[A book, page 2](https://example.org/book)" in first["help"]["markdown"]
    assert first["helpUri"] == "https://example.org/book"
    assert first["properties"]["tags"] == ["ap-style", "rome:words-1"]
    assert first["defaultConfiguration"] == {"level": "error"}
    assert second["shortDescription"]["text"] == "Did the mayor agree?"
    assert second["fullDescription"]["text"] == "The mayor agrees."
    assert run["properties"]["policy"]["questions"] == [{"clause": "rome:ask-1", "ask": "Is it true?"}]
    assert "Is it true?" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_waivers() -> None:
    held = result("ap-style/a", finding(), waiver=("Readers asked.", "R. Reviewer"))
    refused = result(
        "ap-style/b", finding(), waiver=("Please.", "R. Reviewer"), refused="rome:words-1 may not be waived."
    )
    results = run_of(report(draft("d", held, refused)))["results"]
    assert results[0]["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "Readers asked. (R. Reviewer)"}
    ]
    assert results[1]["suppressions"][0]["status"] == "rejected"
    assert [one["properties"]["blocks"] for one in results] == [False, True]


def fingerprints(text: str, words: str, path: str = "posts/a") -> list[str]:
    starts = [start for start in range(len(text)) if text.startswith(words, start)]
    places = [Source("post.md", text).location(start, start + len(words), "caption") for start in starts]
    made = report(draft(path, result("ap-style/a", *(finding(at=where) for where in places))))
    return [one["partialFingerprints"]["postcheck/v1"] for one in run_of(made)["results"]]


def test_fingerprints_stay_when_lines_move() -> None:
    (first,) = fingerprints("Leaf Day at 10AM.", "10AM")
    assert fingerprints("\n\nMore words.\n\nLeaf Day, 10AM.", "10AM") == [first]
    assert fingerprints("Leaf Day at 10AM.", "10AM", "posts/b") != [first]
    twice = fingerprints("10AM and 10AM", "10AM")
    assert twice[0] == first != twice[1]
    rows = [fingerprints("10AM", "10AM", f"plan.csv#row={row}") for row in (2, 9)]
    assert rows[0] == rows[1]  # a row that moves stays the same


def test_fixes_say_how_far_they_can_be_trusted() -> None:
    text = "Come at 10AM or later."
    at = place("10AM or", text)
    start = at.span[0] if at.span else 0
    safe = Fix(Applicability.SAFE, "10 a.m.", Edit("post.md", (start, start + 4), "10 a.m.", None))
    shown = replace(safe, applicability=Applicability.DISPLAY)
    new = Fix(Applicability.SAFE, "", None, new_file=NewFile("clip.srt", Path("clip.srt"), "1\n"))
    by_hand = Fix(Applicability.DISPLAY, "10 a.m.", None)
    one = result("ap-style/a", *(finding(at=at, fix=fix) for fix in (safe, shown, new, by_hand)))
    results = run_of(report(draft("posts/a", one)))["results"]
    (first,), (second,), (third,) = (told["fixes"] for told in results[:3])
    (replacement,) = first["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {
            "startLine": 1, "startColumn": 9, "endLine": 1, "endColumn": 13, "charOffset": 8, "charLength": 4,
        },
        "insertedContent": {"text": "10 a.m."},
    }  # fmt: skip
    assert "--fix" in first["description"]["text"]
    assert "suggestion" in second["description"]["text"]
    assert third["artifactChanges"][0]["artifactLocation"]["uri"] == "posts/a/clip.srt"
    assert "fixes" not in results[3]
    (zipped,) = run_of(report(draft("a.zip", result("ap-style/a", finding(at=at, fix=safe)))))["results"]
    assert "fixes" not in zipped  # in a zip nothing can be written
    assert "region" not in zipped["locations"][0]["physicalLocation"]


def test_a_byte_order_mark_counts_in_no_region() -> None:
    text = "\ufeffCome at 10AM."
    at = place("10AM", text)
    start = at.span[0] if at.span else 0
    fix = Fix(Applicability.SAFE, "10 a.m.", Edit("post.md", (start, start + 4), "10 a.m.", None))
    (one,) = run_of(report(draft("posts/a", result("ap-style/a", finding(at=at, fix=fix)))))["results"]
    region = one["locations"][0]["physicalLocation"]["region"]
    assert (region["charOffset"], region["startColumn"]) == (8, 9)
    deleted = one["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    assert (deleted["charOffset"], deleted["startColumn"]) == (8, 9)


def test_boxes_and_times() -> None:
    at = Location("a.mp4", "videos[0]", box=(1, 2, 3, 4), interval=(0.5, 1.0))
    (one,) = run_of(report(draft("posts/a", result("video/flashing", finding(at=at)))))["results"]
    assert one["properties"]["box"] == [1, 2, 3, 4]
    assert one["properties"]["interval"] == [0.5, 1.0]
    assert "region" not in one["locations"][0]["physicalLocation"]
