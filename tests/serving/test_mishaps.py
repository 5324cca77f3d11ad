"""What goes otherwise than planned, in a real browser: others write at the same time, the session ends, the server is
away. Nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.serving.server import SETTINGS, Serving, running
from tests.serving.walking import Pointing, looked_at, open_page, person, post, sign_in, uploads

pytestmark = pytest.mark.slow
DRAFTS = (
    "session", "disk", "reload", "away", "late", "tabs", "long", "wrong-file", "script-off", "refused", "asked", "seen",
    "second-click",
)  # fmt: skip
TYPED = "The Main Street library is open on Saturday and on Sunday."


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One for all tests; each has a draft of its own, by its name."""
    drafts: dict[str, str] = {name: post(f"Draft {name}") for name in DRAFTS}
    drafts["flood"] = post("Flood", category="emergency")
    with running(tmp_path_factory.mktemp("mishaps"), drafts) as one:
        yield one


@pytest.fixture
def casey(browser: Any, server: Serving) -> Iterator[Any]:
    page = person(browser, server, "casey")
    yield page
    page.context.close()


@pytest.fixture
def robin(browser: Any, server: Serving) -> Iterator[Any]:
    page = person(browser, server, "robin")
    yield page
    page.context.close()


def _edit(page: Any, server: Serving, name: str) -> Any:
    page.goto(f"{server.address}/drafts/edit/posts/{name}")
    looked_at(page)
    return page.get_by_label("Caption", exact=True)


def _press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _hand_in(page: Any, server: Serving, name: str) -> None:
    _edit(page, server, name)
    _press(page, "Hand in")
    page.get_by_text("A reviewer will decide on it").wait_for()


def _look(page: Any, server: Serving, name: str) -> None:
    page.goto(f"{server.address}/review/look/posts/{name}")
    page.get_by_role("heading", name="Your decision").wait_for()


def _on_disk(server: Serving, name: str) -> Path:
    return server.drafts / name / "post.md"


# ------------------------------------------------------------------------------------------- writing


def test_a_session_that_ends_while_somebody_types_costs_nothing(casey: Any, server: Serving) -> None:
    caption = _edit(casey, server, "session")
    caption.fill(f"{TYPED}\n\n“Second” paragraph & <b>.")
    casey.context.clear_cookies()
    casey.locator("#state", has_text="signed out").wait_for()
    _press(casey, "Save and check")
    assert "You were signed out meanwhile" in casey.locator(".fault").inner_text()
    casey.get_by_label("Name").fill("casey")
    casey.get_by_label("Password").fill("wrong")
    _press(casey, "Sign in")
    casey.get_by_text("password is wrong").wait_for()
    casey.get_by_label("Password").fill(server.passwords["casey"])
    _press(casey, "Sign in")
    _press(casey, "Send it")
    casey.get_by_text("Saved.").wait_for()
    assert (
        _on_disk(server, "session").read_text(encoding="utf-8").endswith(f"---\n{TYPED}\n\n“Second” paragraph & <b>.\n")
    )


def test_without_script_as_well(browser: Any, server: Serving) -> None:
    page = person(browser, server, "casey", script=False)
    caption = _edit(page, server, "script-off")
    caption.fill(TYPED)
    page.context.clear_cookies()
    _press(page, "Save and check")
    page.get_by_label("Name").fill("casey")
    page.get_by_label("Password").fill(server.passwords["casey"])
    _press(page, "Sign in")
    _press(page, "Send it")
    page.get_by_text("Saved.").wait_for()
    assert TYPED in _on_disk(server, "script-off").read_text(encoding="utf-8")
    page.context.close()


def test_another_wrote_meanwhile_on_the_disk(casey: Any, server: Serving) -> None:
    caption = _edit(casey, server, "disk")
    other = post("Draft disk", "Another wrote this at the same time.")
    _on_disk(server, "disk").write_text(other, encoding="utf-8")
    caption.fill(TYPED)
    with casey.expect_response(lambda one: "/drafts/edit/" in one.url) as answer:
        _press(casey, "Save and check")
    assert answer.value.status == 409
    assert "Another wrote this" in casey.get_by_role("region", name="What is there now").inner_text()
    assert caption.input_value() == TYPED
    assert _on_disk(server, "disk").read_text(encoding="utf-8") == other
    _press(casey, "Save and check")
    casey.get_by_text("Saved.").wait_for()
    assert TYPED in _on_disk(server, "disk").read_text(encoding="utf-8")


def test_what_was_typed_survives_a_reload(casey: Any, server: Serving) -> None:
    caption = _edit(casey, server, "reload")
    casey.on("dialog", lambda dialog: dialog.accept())
    caption.fill(TYPED)
    casey.get_by_label("X", exact=True).check()
    casey.get_by_label("Facebook", exact=True).uncheck()
    looked_at(casey)
    casey.reload()
    casey.get_by_text("did not save is here again").wait_for()
    assert caption.input_value() == TYPED
    assert casey.get_by_label("X", exact=True).is_checked()
    assert not casey.get_by_label("Facebook", exact=True).is_checked()
    assert TYPED not in _on_disk(server, "reload").read_text(encoding="utf-8")
    _press(casey, "Save and check")
    casey.get_by_text("Saved.").wait_for()
    assert casey.locator("#restored").is_hidden()
    assert "platforms: [X]" in _on_disk(server, "reload").read_text(encoding="utf-8")


def test_what_was_typed_survives_a_server_that_is_away(casey: Any, server: Serving) -> None:
    caption = _edit(casey, server, "away")
    server.stop()
    try:
        caption.fill(TYPED)
        casey.locator("#state", has_text="does not answer").wait_for()
        assert caption.input_value() == TYPED
    finally:
        server.start()
    caption.press("End")
    caption.press_sequentially(" It is warm.")
    assert "holds it back" in looked_at(casey).lower() or "Nothing" in looked_at(casey)
    _press(casey, "Save and check")
    casey.get_by_text("Saved.").wait_for()
    assert f"{TYPED} It is warm." in _on_disk(server, "away").read_text(encoding="utf-8")


def test_what_is_saved_while_the_server_is_away_is_there_when_it_is_back(casey: Any, server: Serving) -> None:
    caption = _edit(casey, server, "away")
    caption.fill("Typed before the server went away.")
    server.stop()
    try:
        _press(casey, "Save and check")
        casey.wait_for_timeout(1000)
    finally:
        server.start()
    casey.goto(f"{server.address}/drafts/edit/posts/away")
    casey.get_by_text("did not save is here again").wait_for()
    assert caption.input_value() == "Typed before the server went away."
    casey.on("dialog", lambda dialog: dialog.accept())


def test_the_check_never_writes_over_what_is_being_typed(casey: Any, server: Serving) -> None:
    caption = _edit(casey, server, "late")
    answers: list[Any] = []
    casey.route("**/drafts/check/**", lambda route: answers.append(route))
    caption.fill("Open at 10AM.")
    for _ in range(100):
        if answers:
            break
        casey.wait_for_timeout(50)
    caption.press("End")
    caption.press_sequentially(" And at 11AM.", delay=5)
    answers[0].continue_()
    casey.wait_for_timeout(500)
    assert caption.input_value() == "Open at 10AM. And at 11AM."
    assert caption.evaluate("one => one === document.activeElement && one.selectionStart === one.value.length")
    for _ in range(100):
        if len(answers) > 1:
            break
        casey.wait_for_timeout(50)
    answers[-1].continue_()
    casey.locator("#beside-caption", has_text="11 a.m.").wait_for()
    assert caption.input_value() == "Open at 10AM. And at 11AM."
    assert caption.evaluate("one => one === document.activeElement && one.selectionStart === one.value.length")
    casey.unroute_all(behavior="ignoreErrors")
    casey.on("dialog", lambda dialog: dialog.accept())


def test_two_tabs_of_one_draft(casey: Any, server: Serving) -> None:
    first = _edit(casey, server, "tabs")
    tab = casey.context.new_page()
    second = _edit(tab, server, "tabs")
    first.fill("From the first tab, on Saturday.")
    second.fill("From the second tab, on Sunday.")
    _press(casey, "Save and check")
    casey.get_by_text("Saved.").wait_for()
    _press(tab, "Save and check")
    tab.get_by_text("Nothing was saved").wait_for()
    assert "From the first tab" in tab.get_by_role("region", name="What is there now").inner_text()
    assert second.input_value() == "From the second tab, on Sunday."
    assert "From the first tab" in _on_disk(server, "tabs").read_text(encoding="utf-8")


def test_long_and_foreign_texts_come_through_as_they_are(casey: Any, server: Serving) -> None:
    text = f"👩🏽‍🚒🏳️‍🌈 {'مكتبة المدينة مفتوحة. ' * 100}\n\nעברית 🍁 {'The library is open. ' * 400}"
    text = text.ljust(10_000, "x")[:10_000]
    caption = _edit(casey, server, "long")
    caption.fill(text)
    looked_at(casey)
    _press(casey, "Save and check")
    casey.get_by_text("Saved.").wait_for()
    looked_at(casey)
    assert caption.input_value() == text
    assert _on_disk(server, "long").read_text(encoding="utf-8").endswith(f"---\n{text}\n")
    shown = casey.locator("#looks-now .post").first
    assert shown.get_attribute("dir") == "auto"
    assert casey.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_file_that_is_not_what_its_name_says(casey: Any, server: Serving, tmp_path: Path) -> None:
    files = uploads(tmp_path)
    caption = _edit(casey, server, "wrong-file")
    caption.fill(TYPED)
    casey.get_by_label("Add pictures").set_input_files([str(files["picture"]), str(files["page"])])
    _press(casey, "Save and check")
    told = casey.locator(".fault[role=alert]").inner_text()
    assert "picture.png is no picture" in told
    assert "What you typed is saved" in told
    assert caption.input_value() == TYPED
    assert casey.get_by_role("group", name="Leaf-crew.jpg").count() == 1
    assert sorted(path.name for path in (server.drafts / "wrong-file").iterdir()) == ["Leaf-crew.jpg", "post.md"]
    caption.fill(f"{TYPED} Come in.")
    _press(casey, "Save and check")
    casey.get_by_text("Saved.").wait_for()


def test_a_second_click_does_not_hand_in_twice(casey: Any, server: Serving) -> None:
    _edit(casey, server, "second-click")
    casey.get_by_role("button", name="Hand in").dblclick()
    casey.get_by_role("heading", name="My drafts").wait_for()
    history = server.run("records", "list", "posts/second-click").stdout
    assert len(re.findall("handed in", history)) == 1, history


# ------------------------------------------------------------------------------------------ deciding


def test_an_emergency_stands_on_top(casey: Any, robin: Any, server: Serving) -> None:
    _hand_in(casey, server, "seen")
    _hand_in(casey, server, "flood")
    robin.goto(f"{server.address}/review")
    first = robin.locator("tbody tr").first
    assert "Flood" in first.inner_text()
    assert "emergency" in first.inner_text()


def test_the_draft_changed_while_the_reviewer_looked(casey: Any, robin: Any, server: Serving) -> None:
    if "Draft seen" not in robin.locator("main").inner_text():
        _hand_in(casey, server, "seen")
    _look(robin, server, "seen")
    robin.get_by_label("Comment to the author").fill("Fine with me.")
    for one in robin.locator("fieldset.question").all():
        one.get_by_label("Yes").check()
    _on_disk(server, "seen").write_text(post("Draft seen", "Something else altogether."), encoding="utf-8")
    with robin.expect_response(lambda one: "/review/decide/" in one.url) as answer:
        _press(robin, "Approve")
    assert answer.value.status == 409
    assert robin.locator(".fault[role=alert]").count() == 1
    assert robin.get_by_text("Fine with me.").count() + robin.locator("textarea").count() > 0
    assert "Fine with me." in robin.locator("main").inner_html()
    assert "approved" not in server.run("records", "list", "posts/seen").stdout


def test_rejected_with_a_reason_that_the_creator_sees(casey: Any, robin: Any, server: Serving) -> None:
    _hand_in(casey, server, "refused")
    _look(robin, server, "refused")
    _press(robin, "Reject")
    assert "reason" in robin.locator(".fault[role=alert]").inner_text().lower()
    robin.get_by_label("Comment to the author").fill("The library is closed on that day.")
    _press(robin, "Reject")
    robin.get_by_text("Rejected, and recorded.").wait_for()
    casey.goto(f"{server.address}/drafts")
    row = casey.get_by_role("row", name="Draft refused")
    assert "rejected: “The library is closed on that day.”" in row.inner_text()
    _edit(casey, server, "refused")
    assert "The library is closed on that day." in casey.locator("main").inner_text()


def test_changes_asked_for_made_handed_in_again_and_shown(casey: Any, robin: Any, server: Serving) -> None:
    _hand_in(casey, server, "asked")
    _look(robin, server, "asked")
    robin.get_by_label("Comment to the author").fill("Say until when.")
    _press(robin, "Ask for changes")
    robin.get_by_text("Sent back with what is to be changed").wait_for()
    caption = _edit(casey, server, "asked")
    assert "Say until when." in casey.locator("main").inner_text()
    caption.fill("The Main Street library is open on Saturday until 5 p.m.")
    _press(casey, "Hand in")
    casey.get_by_text("A reviewer will decide on it").wait_for()
    _look(robin, server, "asked")
    changed = robin.locator(".changes")
    assert "open on Saturday until 5 p.m." in changed.locator("ins").inner_text()
    assert "open on Saturday." in changed.locator("del").inner_text()


def test_two_reviewers(browser: Any, tmp_path: Path) -> None:
    with running(tmp_path, {"two": post("Draft two")}, settings=f"{SETTINGS}\n[review]\nreviewers = 2\n") as server:
        page = person(browser, server, "casey")
        _hand_in(page, server, "two")
        for name, told in (("robin", "Another reviewer must approve it too"), ("rowan", "Approved, and recorded.")):
            publisher = person(browser, server, "parker")
            assert "Draft two" not in publisher.locator("main").inner_text()
            publisher.context.close()
            reviewer = person(browser, server, name)
            reviewer.get_by_role("link", name="Draft two").click()
            for one in reviewer.locator("fieldset.question").all():
                one.get_by_label("Yes").check()
            _press(reviewer, "Approve")
            reviewer.get_by_text(told).wait_for()
            if name == "robin":
                reviewer.goto(f"{server.address}/review/look/posts/two")
                assert "approved by robin" in reviewer.locator("main").inner_text()
            reviewer.context.close()
        publisher = person(browser, server, "parker")
        assert "Draft two" in publisher.locator("main").inner_text()


def test_somebody_who_may_not_is_told_so(browser: Any, server: Serving) -> None:
    page = open_page(browser)
    page.goto(f"{server.address}/review")
    sign_in(page, server, "casey", Pointing())
    assert page.goto(f"{server.address}/review").status == 403
    assert page.goto(f"{server.address}/drafts/edit/posts/none").status == 404
    page.context.close()
    page = person(browser, server, "kim")
    assert page.goto(f"{server.address}/drafts/edit/posts/session").status == 404
    page.context.close()
