"""Markdown for a comment: its order, and its limit."""

from __future__ import annotations

import re

from postcheck.errors import Problem
from postcheck.model import Report
from postcheck.reporters.markdown import LIMIT, code, plain, render
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


def test_what_holds_back_comes_first() -> None:
    made = report(
        draft(
            "posts/a",
            result("ap-style/a", finding(FAILED, NOTE, message="An advice.")),
            result("ap-style/b", finding(ASKED, WARNING, message="A question?")),
            result("ap-style/c", finding(UNTESTED, WARNING, message="Too wet.")),
            result("ap-style/d", finding(FAILED, ERROR, message="A fault.", at=place("Saturday"))),
            result("ap-style/e", finding(), waiver=("Readers asked.", "R. Reviewer")),
        ),
        policy=POLICY,
    )
    text = render(made)
    told = ("held back", "Holds it back", "A fault", "`Saturday`", "Questions", "A question", "Not checked", "Too wet",
            "Advice", "An advice", "Waived by R. Reviewer: Readers asked.", "1 clause", "Is it true?")  # fmt: skip
    positions = [text.index(words) for words in told]
    assert positions == sorted(positions)
    assert "- `post.md:1:15` A fault. <sub>error, ap-style/d</sub>\n  `Saturday`\n  → Say it otherwise.\n" in text


def test_many_drafts_are_folded_the_gravest_first() -> None:
    drafts = [draft(f"posts/{name}", result("ap-style/a", finding(FAILED, NOTE))) for name in "abcd"]
    problem = Problem("No colon.", "posts/z/post.md", 3, 5)
    unread = draft("posts/z", result("ap-style/a", finding(UNTESTED)), problems=(problem,))
    text = render(report(*drafts, unread, draft("posts/fine")))
    assert text.count("<details>") == text.count("</details>") == 5
    assert text.index("posts/z") < text.index("posts/a")
    assert "`posts/z/post.md:3:5` No colon." in text
    assert "posts/fine" not in text
    assert "1 of 6 drafts is held back" in text


def many(drafts: int, findings: int, words: str = "Leaf Day is Saturday, and this is said of it.") -> Report:
    return report(
        *(
            draft(
                f"posts/{number}",
                result("ap-style/a", *(finding(FAILED, NOTE, message=words) for _ in range(findings))),
                *([result("ap-style/b", finding(FAILED, ERROR))] if number % 10 == 9 else []),
            )
            for number in range(drafts)
        )
    )


def test_what_is_left_out_is_counted() -> None:
    text = render(many(300, 5))
    assert len(text.encode()) <= LIMIT
    assert text.count("<details>") == text.count("</details>")
    told = text.count("\n- `")
    found = re.search(
        r"\*\*(\d[\d,]*) findings are left out here.*?; in (\d+) drafts; 0 of them hold a draft back", text
    )
    assert found
    assert told + int(found[1].replace(",", "")) == 300 * 5 + 30
    assert text.index("posts/299") < text.index("posts/0")  # none that blocks is left out before one that does not


def test_blocking_findings_that_are_left_out_are_named() -> None:
    made = report(*(draft(f"posts/{number}", result("ap-style/a", finding())) for number in range(2000)))
    text = render(made)
    assert len(text.encode()) <= LIMIT
    found = re.search(r"\*\*([\d,]+) findings are left out here[^;]*; in ([\d,]+) drafts; ([\d,]+) of them hold", text)
    assert found
    assert found[1] == found[2] == found[3]


def test_nothing_is_left_out_without_need() -> None:
    assert "left out" not in render(many(10, 5))
    wide = render(many(20, 10, "🍁" * 900))
    assert len(wide.encode()) <= LIMIT
    assert "left out" in wide


def test_words_stay_as_they_are() -> None:
    assert plain("A crew, 8 a.m. to noon (yes).") == "A crew, 8 a.m. to noon (yes)."
    assert plain("Write `people: none`.") == "Write `people: none`."
    assert plain("$5 for @jo #LeafDay") == "<span>$</span>5 for @&#8203;jo #&#8203;LeafDay"
    assert plain("https://evil.example www.evil.example GH-12 :tada:") == (
        "https:&#8203;//evil.example w&#8203;ww.evil.example G&#8203;H-12 :&#8203;tada:"
    )
    assert code("a`b``c") == "```a`b``c```"
    assert code("`a") == "`` `a ``"
