"""What postcheck's checks of writing find in posts, each alone as the caption of a draft."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import postcheck
from postcheck import Finding, Outcome

AREAS = ["ap-style", "inclusive", "text-access"]
HEADER = "---\naccount: city\nplatforms: [facebook]\nauthor: writer\n---\n"


def findings_in(posts: Sequence[str], areas: Sequence[str] = AREAS) -> Iterator[tuple[int, str, Finding, int, int]]:
    """The number of the post, the check, the finding, and its place in code points of the post."""
    with tempfile.TemporaryDirectory() as name:
        for number, post in enumerate(posts):
            folder = Path(name) / f"{number:06}"
            folder.mkdir()
            (folder / "post.md").write_text(HEADER + post, encoding="utf-8", newline="")
        report = postcheck.check([name], policy="", select=areas)
    assert len(report.drafts) == len(posts)
    for number, draft in enumerate(report.drafts):
        assert not draft.problems, draft.problems
        for result in draft.results:
            for one in result.findings:
                assert one.outcome is not Outcome.UNTESTED, one.message
                span = one.location.span if one.location else None
                start, end = (place - len(HEADER) for place in span) if span else (0, len(posts[number]))
                yield number, result.check, one, start, end
