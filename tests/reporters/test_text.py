"""The terminal: a line a draft, and only what holds back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from postcheck.errors import Problem
from postcheck.model import Report
from postcheck.reporters import REPORTERS
from postcheck.reporters.text import render
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


def made(**values: object) -> Report:
    unread = draft(
        "posts/c", result("ap-style/a", finding(UNTESTED)), problems=(Problem("No colon.", "posts/c/post.md", 3),)
    )
    return report(
        draft(
            "posts/a",
            result("ap-style/a", finding(FAILED, NOTE, message="A note.")),
            result("ap-style/b", finding(ASKED, ERROR, message="A question?", at=place("Saturday"))),
            result("ap-style/c", finding(UNTESTED, WARNING, message="Too wet.")),
            result("ap-style/d", finding(message="Waived."), waiver=("Readers asked.", "R. Reviewer")),
        ),
        draft("posts/b", result("ap-style/a", finding(FAILED, WARNING, message="A warning."))),
        unread,
        draft("posts/d"),
        policy=POLICY,
        **values,
    )


def test_a_line_for_each_draft() -> None:
    assert render(made(), summary=True).splitlines() == [
        "posts/a: failed: 1 error, 1 warning, 1 note (1 question among them); 1 waived",
        "posts/b: failed: 1 warning",
        "posts/c: cannot be read",
        "posts/d: passed",
        "",
        "4 drafts checked by the policy of City of Rome: 1 cannot be read, 1 error, 2 warnings, 1 note (1 question among them); 1 waived",
        "A person must answer for 1 clause of the policy: postcheck policies rome",
    ]


def test_only_what_holds_back() -> None:
    told = render(made(), quiet=True)
    assert told == (
        "posts/a: failed\n"
        "  post.md:1:15  error (a question)  ap-style/b\n"
        "    A question?\n"
        '    "Saturday"\n'
        "    -> Say it otherwise.\n"
        "\n"
        "posts/c: cannot be read\n"
        "  posts/c/post.md:3  error\n"
        "    No colon.\n"
        "\n"
        "2 of 4 drafts are held back.\n"
    )
    assert "A warning." in render(made(fail_on=WARNING), quiet=True)
    both = render(made(), quiet=True, summary=True).splitlines()
    assert [line.partition(":")[0] for line in both] == ["posts/a", "posts/c", "2 of 4 drafts are held back."]


def test_nothing_where_all_is_in_order() -> None:
    fine = report(draft("posts/b", result("ap-style/a", finding(FAILED, WARNING))), draft("posts/d"), policy=POLICY)
    assert render(fine, quiet=True) == render(fine, quiet=True, summary=True) == ""


def test_of_an_emergency_only_errors() -> None:
    urgent = draft("posts/a", result("ap-style/a", finding(FAILED, WARNING)), emergency=True)
    assert render(report(urgent, fail_on=NOTE), quiet=True) == ""


@pytest.mark.parametrize("arguments", [("--version",), ("check", "."), ("check", ".", "--summary")])
def test_other_formats_and_languages_are_not_loaded(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "post.md").write_text("Leaf Day is Saturday.", encoding="utf-8")
    code = (
        "import sys\nfrom postcheck.cli import main\n"
        f"try:\n    main({list(arguments)!r})\nexcept SystemExit:\n    pass\nprint('MODULES', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {*REPORTERS.values(), "babel"} - {"postcheck.reporters.text"}
    assert ("postcheck.reporters.text" in loaded) == (arguments[0] == "check")
