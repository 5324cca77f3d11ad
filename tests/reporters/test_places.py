"""Where a finding lies on disk, and as a URI."""

from __future__ import annotations

import pytest

from postcheck.reporters.places import File, end_of, file_of, on_disk, uri
from postcheck.source import Source


@pytest.mark.parametrize(
    ("draft", "asset", "file"),
    [
        ("posts/leaf-day", "post.md", File("posts/leaf-day/post.md")),
        ("posts/leaf-day", "releases/1.pdf", File("posts/leaf-day/releases/1.pdf")),
        ("posts/leaf-day", None, File("posts/leaf-day")),
        ("posts/plan.csv#row=12", "plan.csv", File("posts/plan.csv")),
        ("posts/plan.csv#row=12", "pictures/a.png", File("posts/pictures/a.png")),
        ("plan.csv#row=12", None, File("plan.csv")),
        ("accounts/parks.account.yaml", "parks.account.yaml", File("accounts/parks.account.yaml")),
        ("account.yaml", "account.yaml", File("account.yaml")),
        ("posts/day.zip/leaf-day", "post.md", File("posts/day.zip", "leaf-day/post.md")),
        ("posts/day.ZIP", "post.md", File("posts/day.ZIP", "post.md")),
        ("day.zip/plan.csv#row=2", "plan.csv", File("day.zip", "plan.csv")),
    ],
)
def test_the_file_that_is_there(draft: str, asset: str | None, file: File) -> None:
    assert file_of(draft, asset) == file


def test_a_problem_of_a_row_lies_in_the_calendar() -> None:
    assert on_disk("posts/plan.csv#row=3/plan.csv") == File("posts/plan.csv")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("posts/leaf day/post.md", "posts/leaf%20day/post.md"),
        ("posts/🍁/50%#1?.md", "posts/%F0%9F%8D%81/50%25%231%3F.md"),
        ("a:b/post.md", "a%3Ab/post.md"),  # not a scheme
        ("/srv/posts/post.md", "file:///srv/posts/post.md"),
        ("C:/Users/jo/My posts/post.md", "file:///C:/Users/jo/My%20posts/post.md"),
        ("//server/share/post.md", "file://server/share/post.md"),
        ("a\udce9.md", "a%5Cudce9.md"),
    ],
)
def test_uri(path: str, written: str) -> None:
    assert uri(path) == written


def test_the_end_is_counted_over_lines_of_every_kind() -> None:
    text = "\ufeffone\r\ntwo\rthree\nfour"
    source = Source("post.md", text)
    for start, end, expected in ((1, 4, (1, 4)), (3, 8, (2, 3)), (3, 12, (3, 3)), (1, len(text), (4, 5))):
        assert end_of(source.location(start, end, None)) == expected
        assert source.line_and_column(end) == expected
