"""The pages in a real browser: nothing is run or fetched, axe-core finds nothing, and they can be read and used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from postcheck.cli import main
from tests.browser import chromium
from tests.drafts import write_draft

pytestmark = pytest.mark.slow
FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
HOSTILE = (
    "<script>document.title='run'</script><img src=https://evil.example/a.png onerror=\"document.title='run'\">"
    "<style>@import 'https://evil.example/a.css'</style><link rel=stylesheet href=//evil.example><base href=//evil.example>"
    "<iframe srcdoc='<script>parent.document.title=1</script>'></iframe><svg onload=\"document.title='run'\">"
    "\"' onfocus=alert(1) autofocus x='javascript:alert(1)' </script></style></title>\u202e\x1b[2J ]]>"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Of all fixtures, and the index to them; and one page with several drafts."""
    folder = tmp_path_factory.mktemp("pages")
    several = [str(FIXTURES / name) for name in ("leaf-day", "alt-faults", "consent-faults", "unreadable", "waived")]
    for name, paths in (("all", [str(FIXTURES)]), ("several", several)):
        CliRunner().invoke(main, ["check", *paths, "--format", "html", "--output", str(folder / f"{name}.html")])
    return sorted(folder.rglob("*.html"))


def test_axe_finds_nothing_on_any_page(browser: Any, pages: list[Path]) -> None:
    """Of any level, light and wide and dark and narrow, with everything unfolded."""
    assert len(pages) > 20
    axe = Axe()
    found = []
    for width, scheme in ((1280, "light"), (320, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        for path in pages:
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            for fault in axe.run(page).response["violations"]:
                found.append((path.name, width, fault["id"], fault["nodes"][0]["html"][:120]))
        context.close()
    assert not found


def test_it_fits_at_320_pixels_and_with_words_twice_as_large(browser: Any, pages: list[Path]) -> None:
    """WCAG 2.2, 1.4.10 and 1.4.4: tables may scroll in themselves, the page may not."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, bypass_csp=True)
    page = context.new_page()
    wide = []
    for path in pages:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        for size in ("100%", "200%"):
            page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append((path.name, size))
    context.close()
    assert not wide


def test_no_script_runs_and_no_request_leaves(browser: Any, tmp_path: Path) -> None:
    values = {
        "account": HOSTILE, "author": HOSTILE, "title": HOSTILE, "caption": f"{HOSTILE} at 9 A.M.!!", "language": HOSTILE,
        "platforms": [HOSTILE], "tools": [HOSTILE], "category": HOSTILE, "campaign": HOSTILE, "variants": {"x": HOSTILE},
        "images": [
            {
                "file": "<img src=x onerror=document.title=1>.png",
                "alt": f"Image of {HOSTILE}",
                "credit": HOSTILE,
                "source": HOSTILE,
                "people": [{"who": HOSTILE, "release": HOSTILE}],
            }
        ],
        "waive": [{"check": "alt-text/image-of", "reason": HOSTILE, "by": HOSTILE}],
    }  # fmt: skip
    output = tmp_path / "report.html"
    folder = write_draft(tmp_path / "draft", values)
    told = CliRunner().invoke(main, ["check", str(folder), "--format", "html", "--output", str(output)])
    assert told.exit_code in (1, 2), told.output
    page = browser.new_page()
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url))
    page.on("dialog", lambda dialog: left.append(dialog.message))
    page.goto(output.as_uri())
    page.wait_for_load_state("networkidle")
    assert [url for url in left if not url.startswith(("data:image/jpeg;", output.as_uri()))] == []
    assert page.title().endswith("postcheck")
    assert page.evaluate("document.scripts.length + document.querySelectorAll('iframe, base, link').length") == 0
    page.close()


def test_the_keyboard_reaches_all_and_findings_can_be_hidden(browser: Any, pages: list[Path]) -> None:
    page = browser.new_page(java_script_enabled=True)
    page.goto(next(path for path in pages if path.name.endswith("leaf-day.html")).as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    seen = page.locator(".finding:visible").count()
    assert seen == page.locator(".finding").count() > 5
    page.locator(".filters summary").focus()
    page.keyboard.press("Enter")
    page.locator("#show-note").focus()
    page.keyboard.press("Space")
    notes = page.locator('.finding[data-severity="note"]').count()
    assert page.locator(".finding:visible").count() == seen - notes < seen
    page.locator("#show-area-captions").focus()
    page.keyboard.press("Space")
    assert page.locator('.finding[data-area="captions"]:visible').count() == 0
    mark = page.locator("a.mark").first
    mark.focus()
    page.keyboard.press("Enter")
    assert page.locator(page.evaluate("location.hash")).count() == 1
    page.close()


def test_it_prints_whole(browser: Any, pages: list[Path]) -> None:
    """The filters stay out, and what was hidden on the screen by them is a choice of the reader."""
    page = browser.new_page()
    page.goto(next(path for path in pages if path.name.endswith("leaf-day.html")).as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".filters").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 10_000
    page.close()
