"""Annotations of GitHub Actions, read back as the runner reads them."""

from __future__ import annotations

import re

import pytest

from postcheck.errors import Problem
from postcheck.model import Report
from postcheck.reporters.github import render
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

COMMAND = re.compile(r"::(\w+) (.*?)::(.*)")


def commands(made: Report) -> list[tuple[str, dict[str, str], str]]:
    """Command, properties and message of each line but the last, unescaped in the runner's order."""
    *lines, last = render(made).splitlines()
    assert not last.startswith("::")
    told = []
    for line in lines:
        found = COMMAND.fullmatch(line)
        assert found, line
        pairs = dict(pair.split("=", 1) for pair in found[2].split(","))
        told.append((found[1], {name: unescaped(value) for name, value in pairs.items()}, unescaped(found[3])))
    return told


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_a_finding_stands_at_its_words() -> None:
    made = report(draft("posts/a", result("ap-style/a", finding(at=place("Saturday"), message="50%: yes, a\nb"))))
    assert commands(made) == [
        (
            "error",
            {
                "file": "posts/a/post.md",
                "line": "1",
                "endLine": "1",
                "col": "15",
                "endColumn": "23",
                "title": "ap-style/a",
            },
            "50%: yes, a\nb\nSay it otherwise.",
        )
    ]


def test_columns_of_several_lines_are_refused_by_github() -> None:
    made = report(draft("posts/a", result("ap-style/a", finding(at=place("Saturday.\nMove")))))
    ((_, properties, _),) = commands(made)
    assert properties == {"file": "posts/a/post.md", "line": "1", "endLine": "2", "title": "ap-style/a"}


@pytest.mark.parametrize(
    ("outcome", "severity", "command"),
    [
        (FAILED, ERROR, "error"), (FAILED, WARNING, "warning"), (FAILED, NOTE, "notice"),
        (ASKED, ERROR, "error"), (ASKED, WARNING, "warning"), (ASKED, NOTE, "notice"),
        (UNTESTED, ERROR, "error"), (UNTESTED, WARNING, "warning"), (UNTESTED, NOTE, "warning"),
    ],
)  # fmt: skip
def test_command_by_outcome_and_severity(outcome: str, severity: str, command: str) -> None:
    made = report(draft("posts/a", result("ap-style/a", finding(outcome, severity))))  # type: ignore[arg-type]
    ((found, properties, _),) = commands(made)
    assert found == command
    assert ("(a question)" in properties["title"]) == (outcome is ASKED)
    assert ("(not checked)" in properties["title"]) == (outcome is UNTESTED)


def test_what_belongs_to_no_line() -> None:
    problem = Problem("No colon.", "posts/b/post.md", 3, 5, "Write one.")
    waived = result("ap-style/a", finding(), waiver=("Readers asked.", "R. Reviewer"))
    refused = result("ap-style/b", finding(), waiver=("Please.", "R. Reviewer"), refused="It is a must.")
    made = report(
        draft("posts/a.zip/a", waived, refused),
        draft("posts/b", result("ap-style/a", finding(UNTESTED)), problems=(problem,)),
        draft("plan.csv#row=2", result("ap-style/a", finding(at=place("Leaf Day", asset="plan.csv")))),
        policy=POLICY,
    )
    first, second, third, last = commands(made)
    assert first[1]["file"] == "posts/a.zip"
    assert "The waiver does not hold: It is a must.\nDraft: posts/a.zip/a" in first[2]
    expected = {"file": "posts/b/post.md", "line": "3", "col": "5", "title": "The draft cannot be read"}
    assert second == ("error", expected, "No colon.\nWrite one.")
    assert third[1]["file"] == "plan.csv"
    assert third[2].endswith("Draft: plan.csv#row=2")
    assert last[:2] == ("notice", {"title": "postcheck"})
    assert "1 clause of the policy" in last[2]
