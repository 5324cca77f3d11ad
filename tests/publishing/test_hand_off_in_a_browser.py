"""The hand-off sheet in a real browser: axe-core finds nothing, and it fits a telephone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from postcheck.publishing.handoff import Handed, HandedPicture, HandedVideo, Posting, Sheet, Table, as_page
from tests.browser import chromium

pytestmark = pytest.mark.slow
LONG = "Leaf Day is Saturday, Nov. 14. " * 20 + "https://www.example.gov/" + "leaf-" * 40


def sheet() -> Sheet:
    picture = HandedPicture(
        "posts/001-leaf/x/a.jpg", "A crew rakes leaves.", "posts/001-leaf/x/a.alt.txt", False, ("Made smaller.",)
    )
    line = HandedPicture("posts/001-leaf/x/b.png", None, "", True)
    video = HandedVideo("posts/001-leaf/x/clip.mp4", ("posts/001-leaf/x/clip.en_US.srt",), ("Watch it first.",))
    posting = Posting(
        "X",
        "parks",
        "Nov. 14, 2026, 9 a.m.",
        LONG,
        "posts/001-leaf/x/text.txt",
        ("https://example.gov",),
        (picture, line),
        (video,),
        "hootsuite/parks-x.csv",
        ("Post it.",),
    )
    posts = (
        Handed("posts/leaf", (posting, replace(posting, platform="Facebook")), ("Is it so?",)),
        Handed("posts/rain", (posting,), ()),
    )
    table = Table("hootsuite/parks-x.csv", "parks", "X", 2, 1, "America/Los_Angeles")
    return Sheet(posts, (table,), (("posts/bad", "The check holds it back."),), ("Is it kind?",), "Checked.", 2)


def test_axe_finds_nothing_and_it_fits(tmp_path: Path) -> None:
    path = tmp_path / "hand-off.html"
    path.write_text(as_page(sheet()), encoding="utf-8")
    with chromium() as browser:
        for width, scheme in ((1280, "light"), (320, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
            )
            page = context.new_page()
            page.goto(path.as_uri())
            assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width

            context.close()
