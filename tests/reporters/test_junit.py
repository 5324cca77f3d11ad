"""JUnit XML as build servers read it."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from postcheck.errors import Problem
from postcheck.model import Report
from postcheck.reporters.junit import render
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


def suites(made: Report) -> list[Element]:
    root: Any = fromstring(render(made))
    assert root.tag == "testsuites"
    for counted in (root, *root):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(counted.get(name)) == len(counted.findall(f".//{tag}")), name
    return list(root)


def test_a_suite_for_each_draft_and_a_case_for_each_check() -> None:
    first, second = suites(
        report(draft("posts/a", result("ap-style/a", finding(at=place("Saturday")))), draft("posts/b"))
    )
    assert [suite.get("name") for suite in (first, second)] == ["posts/a", "posts/b"]
    assert [case.get("name") for case in first] == ["ap-style/a", "alt-text/missing", "alt-text/empty"]
    assert {case.get("classname") for case in first} == {"posts/a"}
    assert {case.get("classname") for case in second} == {"posts/b"}
    (failure,) = first[0]
    assert (failure.tag, failure.get("type"), failure.get("message")) == ("failure", "failed error", "It says it.")
    assert failure.text == 'post.md:1:15: error: It says it.\n"Saturday"\n-> Say it otherwise.'


@pytest.mark.parametrize(
    ("outcome", "severity", "tag"),
    [
        (FAILED, ERROR, "failure"), (FAILED, NOTE, "failure"),
        (UNTESTED, ERROR, "error"), (UNTESTED, NOTE, "error"),
        (ASKED, ERROR, "failure"), (ASKED, WARNING, "skipped"), (ASKED, NOTE, "skipped"),
    ],
)  # fmt: skip
def test_element_by_outcome(outcome: Any, severity: Any, tag: str) -> None:
    ((case, *_),) = suites(report(draft("posts/a", result("ap-style/a", finding(outcome, severity, message="Is it?")))))
    (element,) = case
    assert element.tag == tag
    assert "Is it?" in str(element.get("message"))


def test_the_threshold_is_the_reports() -> None:
    made = report(draft("d", result("ap-style/a", finding(ASKED, WARNING))), fail_on=WARNING)
    ((case, *_),) = suites(made)
    assert case[0].tag == "failure"


def test_waivers_questions_and_drafts_that_cannot_be_read() -> None:
    waived = result("ap-style/a", finding(), waiver=("Readers asked.", "R. Reviewer"))
    refused = result("ap-style/b", finding(), waiver=("Please.", "R. Reviewer"), refused="It is a must.")
    problem = Problem("No colon.", "posts/b/post.md", 3, 5, "Write one.")
    unread = draft("posts/b", result("ap-style/a", finding(UNTESTED)), problems=(problem,))
    first, second, third = suites(report(draft("posts/a", waived, refused), unread, policy=POLICY))
    assert first[0][0].tag == "skipped"
    assert first[0][0].get("message") == "Waived by R. Reviewer: Readers asked."
    assert "The waiver does not hold: It is a must." in str(first[1][0].text)
    (case,) = second
    assert case[0].tag == "error"
    assert case[0].text == "posts/b/post.md:3:5: No colon. Write one."
    assert third.get("name") == "questions of the policy"
    assert third[0][0].get("message") == "Is it true?"
