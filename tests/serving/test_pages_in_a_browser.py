"""Every page in every state, in a real browser: axe-core finds nothing, and it can be read narrow, large, dark and in
the colors that somebody forces."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from postcheck.config import Config
from postcheck.serving.accounts import LOCAL, Person, Role
from postcheck.serving.pages import wait
from tests.browser import chromium
from tests.serving.server import Serving, running
from tests.serving.walking import looked_at, open_page, person, post, uploads

pytestmark = pytest.mark.slow
LOOKS = ((1280, "light"), (1280, "dark"), (320, "light"), (320, "dark"))
LONG = "https://www.example.gov/" + "a-very-long-address-without-any-space/" * 4
DRAFTS: dict[str, Any] = {
    "plain": post("Plain"),
    "asked": {
        "title": "With all that can be found", "account": "example-bes", "platforms": ["Facebook", "X"], "author": "casey",
        "category": "announcement", "caption": f"Click here at 10AM!!! {LONG}\n\nمكتبة المدينة",
        "variants": {"X": "Too long " * 60},
        "images": [{"people": [{"who": "child", "minor": True}]}, {"alt": "image of leaves", "source": "third-party"}],
        "videos": [{"render": {"seconds": 1}}],
        "waive": [{"check": "alt-text/image-of", "reason": "The picture shows what a painter made of leaves, so it says so.",
                   "by": "casey"}],
    },
    "unreadable": "---\ntitle: [\n---\nNo.\n",
    "later": post("Later", "The library on Main Street is open."),
    "own": post("Own", author="morgan"),
    "emergency": post("Flood", "Stay away from the river.", category="emergency"),
    "calendar": post("To publish", "The pool is open on Saturday.", publish_at="2031-05-03T09:00"),
}  # fmt: skip
_UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"
_BARE = """[...document.querySelectorAll('button:not(.sr), main input:not([type=hidden]):not([type=file]), main textarea')]
  .filter((one) => one.offsetWidth && !['checkbox', 'radio'].includes(one.type))
  .filter((one) => parseFloat(getComputedStyle(one).borderTopWidth) < 1).map((one) => one.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with running(tmp_path, DRAFTS) as one:
        yield one


def test_every_page_in_every_state(browser: Any, server: Serving, tmp_path: Path) -> None:
    """One way through all of them, since each state comes from the one before."""
    found: list[tuple[Any, ...]] = []
    seen = []
    for name, page in _states(browser, server, uploads(tmp_path / "uploads")):
        seen.append(name)
        found += [(name, *fault) for fault in _faults(page)]
    assert len(seen) > 25
    assert not found, "\n".join(map(str, found))


def _faults(page: Any) -> Iterator[tuple[Any, ...]]:
    page.evaluate(_UNFOLD)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for fault in Axe().run(page).response["violations"]:
            yield width, scheme, fault["id"], fault["nodes"][0]["html"][:160]
    page.set_viewport_size({"width": 320, "height": 900})
    for size in ("100%", "200%"):
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            yield "scrolls sideways", size
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(forced_colors="active", color_scheme="light")
    for bare in page.evaluate(_BARE):
        yield "no border in forced colors", bare
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 1280, "height": 900})


def _states(browser: Any, server: Serving, files: dict[str, Path]) -> Iterator[tuple[str, Any]]:
    yield from _nobody(browser, server)
    yield from _kim(browser, server)
    yield from _casey(browser, server, files)
    yield from _robin(browser, server)
    yield from _others(browser, server)


def _nobody(browser: Any, server: Serving) -> Iterator[tuple[str, Any]]:
    page = open_page(browser, bypass_csp=True)
    page.goto(f"{server.address}/sign-in")
    yield "sign-in", page
    page.get_by_label("Name").fill("casey")
    page.get_by_label("Password").fill("not this")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".fault").wait_for()
    yield "sign-in with a fault", page
    page.goto(f"{server.address}/sign-in?said=signed-out")
    yield "signed out", page
    page.goto(f"{server.address}/nowhere")
    yield "404", page
    answer = wait(Person("casey", frozenset({Role.CREATOR}), LOCAL), Config(), "Leaf Day", "It is still being checked.")
    page.route("**/waiting", lambda route: route.fulfill(body=bytes(answer.body), content_type="text/html"))
    page.goto(f"{server.address}/waiting")
    yield "waiting", page
    page.context.close()


def _kim(browser: Any, server: Serving) -> Iterator[tuple[str, Any]]:
    page = person(browser, server, "kim", bypass_csp=True)
    yield "no drafts", page
    page.get_by_label("What is it about?").fill("   ")
    page.get_by_role("button", name="Begin").click()
    page.locator(".fault").wait_for()
    yield "begun without a title", page
    page.goto(f"{server.address}/review")
    yield "403", page
    page.goto(f"{server.address}/drafts/edit/posts/plain")
    yield "a draft of another", page
    page.context.close()
    for name, path in (("robin", "review"), ("parker", "publish"), ("riley", "records"), ("riley", "records/verify")):
        page = person(browser, server, name, bypass_csp=True)
        page.goto(f"{server.address}/{path}")
        yield f"{path}, empty", page
        page.context.close()


def _edit(page: Any, server: Serving, name: str) -> None:
    page.goto(f"{server.address}/drafts/edit/posts/{name}")
    if page.locator("#state").count():
        looked_at(page)


def _hand_in(page: Any, server: Serving, name: str) -> None:
    _edit(page, server, name)
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("A reviewer will decide on it").wait_for()


def _casey(browser: Any, server: Serving, files: dict[str, Path]) -> Iterator[tuple[str, Any]]:
    page = person(browser, server, "casey", bypass_csp=True)
    page.on("dialog", lambda dialog: dialog.accept())
    yield "drafts", page
    page.get_by_label("What is it about?").fill("New")
    page.get_by_role("button", name="Begin").click()
    looked_at(page)
    yield "begun", page
    _edit(page, server, "asked")
    yield "with findings", page
    _edit(page, server, "unreadable")
    yield "unreadable", page
    _edit(page, server, "plain")
    page.get_by_label("Caption", exact=True).fill("The library is open at 10AM on Saturday.")
    page.locator("#beside-caption", has_text="10 a.m.").wait_for()
    yield "typed", page
    page.get_by_label("Add pictures").set_input_files(str(files["page"]))
    page.get_by_role("button", name="Save and check").click()
    page.locator(".fault[role=alert]").wait_for()
    yield "a wrong file", page
    _edit(page, server, "plain")
    (server.drafts / "plain" / "post.md").write_text(post("Plain", "Another's."), encoding="utf-8")
    page.get_by_label("Caption", exact=True).fill("Mine.")
    page.get_by_role("button", name="Save and check").click()
    page.get_by_text("Nothing was saved").wait_for()
    yield "changed on the disk", page
    _edit(page, server, "asked")
    page.get_by_role("button", name="Hand in").click()
    page.locator(".fault[role=alert]").wait_for()
    yield "not handed in", page
    for name in ("plain", "later", "emergency", "calendar"):
        _hand_in(page, server, name)
    yield "handed in", page
    _edit(page, server, "plain")
    yield "waits for a reviewer", page
    page.context.clear_cookies()
    page.get_by_role("button", name="Save and check").click()
    yield "signed out meanwhile", page
    page.get_by_label("Name").fill("casey")
    page.get_by_label("Password").fill(server.passwords["casey"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send it").wait_for()
    yield "what was typed is sent", page
    page.context.close()


def _look(page: Any, server: Serving, name: str) -> None:
    page.goto(f"{server.address}/review/look/posts/{name}")
    end = time.monotonic() + 30
    while page.get_by_text("still being checked").count() and time.monotonic() < end:
        page.wait_for_timeout(500)


def _approve(page: Any) -> None:
    for question in page.locator("fieldset.question").all():
        question.get_by_label("Yes").check()
    page.get_by_role("button", name="Approve").click()


def _robin(browser: Any, server: Serving) -> Iterator[tuple[str, Any]]:
    page = person(browser, server, "robin", bypass_csp=True)
    page.on("dialog", lambda dialog: dialog.accept())
    yield "queue", page
    _look(page, server, "calendar")
    yield "to decide", page
    page.get_by_role("button", name="Reject").click()
    page.locator(".fault[role=alert]").wait_for()
    yield "rejected without a reason", page
    _approve(page)
    page.get_by_text("Approved, and recorded.").wait_for()
    yield "queue, with one decided", page
    _look(page, server, "later")
    page.get_by_label("Comment to the author").fill("Say until when.")
    page.get_by_role("button", name="Ask for changes").click()
    page.get_by_text("Sent back").wait_for()
    casey = person(browser, server, "casey", bypass_csp=True)
    _edit(casey, server, "later")
    yield "changes are asked for", casey
    casey.get_by_label("Caption", exact=True).fill("The library on Main Street is open until 5 p.m.")
    casey.get_by_role("button", name="Hand in").click()
    casey.get_by_text("A reviewer will decide on it").wait_for()
    casey.context.close()
    _look(page, server, "later")
    yield "what changed", page
    page.get_by_label("Comment to the author").fill("Fine.")
    (server.drafts / "later" / "post.md").write_text(post("Later", "Other words."), encoding="utf-8")
    _approve(page)
    page.locator(".fault[role=alert]").wait_for()
    yield "changed while it was looked at", page
    page.context.close()


def _others(browser: Any, server: Serving) -> Iterator[tuple[str, Any]]:
    page = person(browser, server, "morgan", bypass_csp=True)
    _hand_in(page, server, "own")
    _look(page, server, "own")
    yield "one's own", page
    page.goto(f"{server.address}/publish")
    yield "to publish", page
    page.get_by_role("row", name="To publish").get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Hand-off of those chosen").click()
    yield "nothing was chosen", page
    page.goto(f"{server.address}/publish")
    page.locator("summary", has_text="To publish").click()
    page.get_by_label("Address of the post").fill("https://www.example.org/1")
    page.get_by_role("button", name="Note it").click()
    page.get_by_text("Noted in the record.").wait_for()
    yield "published", page
    for path in ("records", "records/entry/1", "records/verify", "accounts"):
        page.goto(f"{server.address}/{path}")
        yield path, page
    page.context.close()
