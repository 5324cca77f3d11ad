"""From an empty form to a record that is verified, by each who has a part in it, in a real browser."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.serving.server import Serving, running
from tests.serving.walking import Pointing, Typing, Walking, looked_at, open_page, sign_in, uploads

pytestmark = pytest.mark.slow
ALT = "A city worker in an orange vest rakes maple leaves away from a storm drain."
WAYS = ("with script", "without script", "by the keyboard alone")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as one:
        yield one


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with running(tmp_path) as one:
        yield one


def _begin(browser: Any, server: Serving, name: str, way: str) -> tuple[Any, Walking]:
    page = open_page(browser, script=way != "without script", accept_downloads=True)
    walking: Walking = Typing(page) if way == "by the keyboard alone" else Pointing()
    return sign_in(page, server, name, walking), walking


def _button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name)


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_way(browser: Any, server: Serving, tmp_path: Path, way: str) -> None:
    files = uploads(tmp_path / "uploads")
    page, do = _begin(browser, server, "casey", way)
    _write(page, do, files, do if way == "without script" else None)
    page.context.close()

    page, do = _begin(browser, server, "robin", way)
    _decide(page, do, server)
    page.context.close()

    page, do = _begin(browser, server, "parker", way)
    _publish(page, do, tmp_path)
    page.context.close()

    page, do = _begin(browser, server, "riley", way)
    _verify(page, do, server)
    page.context.close()


def _write(page: Any, do: Walking, files: dict[str, Path], again: Walking | None) -> None:
    """Begun with a title alone; the form says what is missing, and beside what."""
    do.fill(page.get_by_label("What is it about?"), "Leaf Day")
    do.check(page.get_by_label("Facebook"))
    do.press(_button(page, "Begin"))
    page.get_by_role("heading", name="Leaf Day", level=1).wait_for()
    assert "account" in page.locator("#beside-account").inner_text()
    assert "no caption" in page.locator("#beside-caption").inner_text()

    do.fill(
        page.get_by_label("Caption", exact=True), "Leaf Day is Saturday. Move your car by 10AM so that crews can pass."
    )
    do.fill(page.get_by_label("Account"), "example-bes")
    do.fill(page.get_by_label("Category"), "announcement")
    do.fill(page.locator("#publish_date"), f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}")
    do.fill(page.locator("#publish_time"), "09:30")
    do.upload(page.get_by_label("Add pictures"), files["picture"])
    do.upload(page.get_by_label("Add a video"), files["video"])
    do.upload(page.get_by_label("Add a captions file"), files["captions"])
    do.upload(page.get_by_label("Add a signed release"), files["release"])
    do.press(_button(page, "Save and check"))
    page.get_by_text("Saved.").wait_for()
    assert "hold" in looked_at(page, again)
    assert "10 a.m." in page.locator("#beside-caption").inner_text()
    assert "alt text" in page.locator("#beside-image-0").inner_text()
    assert "leaves.vtt" in page.locator("#beside-video-0").inner_text()

    picture = page.get_by_role("group", name="Leaf-crew.jpg")
    do.fill(page.locator("#image-0-alt"), ALT)
    do.select(picture.get_by_label("Where it comes from"), "the city made it")
    do.check(picture.get_by_label("These people:"))
    do.press(picture.get_by_text("Add a person"))
    do.fill(picture.get_by_label("Role, never a minor"), "city worker")
    do.select(picture.get_by_label("Under 18?"), "no")
    do.fill(picture.get_by_label("Release"), "releases/Release-12.pdf")
    do.select(picture.get_by_label("Signed by"), "themselves")
    film = page.get_by_role("group", name="leaves.mp4")
    do.select(film.get_by_label("Audio description"), "not needed: all that matters is said")
    do.select(film.get_by_label("Where it comes from"), "the city made it")
    do.check(film.get_by_label("Nobody"))
    do.press(_button(page, "Mend what is safe to mend"))
    page.get_by_text("mended what can be mended without asking").wait_for()
    assert "10 a.m." in page.get_by_label("Caption", exact=True).input_value()
    assert picture.get_by_label("Release").first.input_value() == "releases/Release-12.pdf"
    assert "Nothing holds it back" in looked_at(page, again)

    do.press(_button(page, "Hand in"))
    page.get_by_text("A reviewer will decide on it").wait_for()
    assert page.get_by_role("row", name="Leaf Day").get_by_text("waits for a reviewer").count() == 1


def _decide(page: Any, do: Walking, server: Serving) -> None:
    do.press(page.get_by_role("link", name="Leaf Day"))
    page.get_by_role("heading", name="Your decision").wait_for()
    assert page.get_by_text(ALT).count() > 0
    do.press(_button(page, "Approve"))
    page.locator(".fault").wait_for()
    assert server.run("records", "list", "posts/leaf-day").stdout.count("approved") == 0
    for question in page.locator("fieldset.question").all():
        do.check(question.get_by_label("Yes"))
    do.fill(page.get_by_label("Comment to the author"), "Thank you.")
    do.press(_button(page, "Approve"))
    page.get_by_text("Approved, and recorded.").wait_for()


def _publish(page: Any, do: Walking, folder: Path) -> None:
    with page.expect_download() as download:
        do.press(_button(page, "Hand-off of those chosen"))
    path = folder / "hand-off.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as zipped:
        names = zipped.namelist()
        page_of_it = zipped.read("hand-off/hand-off.html").decode()
        tables = [zipped.read(name).decode() for name in names if name.endswith(".csv")]
        texts = [zipped.read(name).decode() for name in names if name.endswith(".txt")]
    assert "Leaf Day is Saturday" in page_of_it
    assert ALT in page_of_it
    assert any("Leaf Day is Saturday" in table for table in tables), names
    assert any(ALT in text for text in texts) or ALT in page_of_it, names
    assert any(name.endswith("Leaf-crew.jpg") for name in names), names
    assert not any("Release-12" in name for name in names), names

    do.press(page.locator("summary", has_text="Leaf Day"))
    do.fill(page.get_by_label("Address of the post"), "https://www.facebook.com/example/posts/1")
    do.press(_button(page, "Note it"))
    page.get_by_text("Noted in the record.").wait_for()
    page.get_by_role("heading", name="Published", exact=True).wait_for()


def _verify(page: Any, do: Walking, server: Serving) -> None:
    rows = page.locator("tbody tr")
    assert rows.count() >= 4
    do.press(page.get_by_role("link", name="Verify it"))
    page.get_by_text("all in order").wait_for()
    told = server.run("records", "verify")
    assert told.returncode == 0, told.stderr
