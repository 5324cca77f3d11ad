"""The pictures of the pages that the documentation shows, taken in a real browser.

    python -m docs.shots            # docs/static/report-*.png: the reviewer's page of `check --format html`
    python -m docs.shots serve      # docs/static/serve-*.png: the pages of `postcheck serve --sample`

It needs Chromium (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

STATIC = Path(__file__).parent / "static"
ROOT = Path(__file__).parent.parent
Shot = tuple[int, Literal["light", "dark"], int]
SHOTS: tuple[Shot, ...] = ((1280, "light", 1150), (768, "dark", 1100), (320, "light", 900), (320, "dark", 900))
"""Width and height in pixels, and colors, of the page of one draft."""
WIDTHS: tuple[tuple[int, int], ...] = ((1280, 1000), (320, 900))
"""Width and height in pixels, of the pages of `serve`."""


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium is installed.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if sys.argv[1:] == ["serve"]:
            _of_serve(browser, Path(folder))
        else:
            _of_reports(browser, Path(folder))
        browser.close()


def _of_reports(browser: Any, folder: Path) -> None:
    report, index = folder / "report.html", folder / "all.html"
    for drafts, output in (("fixtures/leaf-day", report), ("fixtures", index)):
        command = [sys.executable, "-m", "postcheck", "check", drafts, "--format", "html", "--output", str(output)]
        subprocess.run(command, cwd=ROOT, check=False)
    taken = [(report, "draft", *shot) for shot in SHOTS] + [(index, "index", 1280, "light", 800)]
    for file, name, width, scheme, height in taken:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.goto(file.as_uri())
        _take(page, f"report-{name}-{width}-{scheme}")
        page.close()


def _take(page: Any, name: str) -> None:
    from PIL import Image

    small = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    small.save(STATIC / f"{name}.png", optimize=True)


def _of_serve(browser: Any, folder: Path) -> None:
    """A draft of the sample on its whole way, with the page of each who has a part in it."""
    with _sample(folder) as (address, passwords):
        page = _signed_in(browser, address, "casey", passwords)
        page.get_by_role("link", name="Leaf Day").click()
        _checked(page)
        _take_both(page, "form")
        alt = "A city worker in an orange vest rakes maple leaves away from a storm drain."
        page.get_by_label("Alt text").first.fill(alt)
        page.get_by_role("button", name="Mend what is safe").click()
        _checked(page)
        page.get_by_role("button", name="Hand in").click()
        page.get_by_text("A reviewer will decide on it").wait_for()
        page = _signed_in(browser, address, "robin", passwords)
        _take_both(page, "queue")
        page.get_by_role("link", name="Leaf Day").click()
        page.get_by_role("heading", name="Your decision").wait_for()
        _take_both(page, "review")
        for question in page.locator("fieldset.question").all():
            is_doubt = question.locator("legend").inner_text().startswith("Could")
            question.get_by_label("No" if is_doubt else "Yes").check()
            if is_doubt:
                question.get_by_label("Comment").fill("It names no vendor.")
        page.get_by_role("heading", name="Your decision").scroll_into_view_if_needed()
        _take_both(page, "decision", above="#decide")
        page.get_by_role("button", name="Approve").click()
        page.get_by_text("Approved, and recorded.").wait_for()
        _take_both(_signed_in(browser, address, "parker", passwords), "publish")
        _take_both(_signed_in(browser, address, "riley", passwords), "record")


def _take_both(page: Any, name: str, *, above: str = "") -> None:
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        if above:
            page.locator(above).evaluate("one => one.scrollIntoView()")
        _take(page, f"serve-{name}-{width}")
    page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})


def _checked(page: Any) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#state")).to_contain_text(re.compile("hold"), timeout=60_000)


def _signed_in(browser: Any, address: str, name: str, passwords: dict[str, str]) -> Any:
    width, height = WIDTHS[0]
    page = browser.new_context(viewport={"width": width, "height": height}, locale="en-US").new_page()
    page.goto(address)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(passwords[name])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page


@contextmanager
def _sample(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The sample's server: its address, and the passwords that it makes up at its start."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "postcheck", "serve", "--sample", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=_paths(), stdout=subprocess.PIPE, text=True) as server:
        passwords = {}
        for line in server.stdout or ():
            if found := re.match(r"  (\w+) +(\S+)", line):
                passwords[found[1]] = found[2]
            if line.startswith("postcheck serves"):
                break
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/", passwords
        finally:
            server.terminate()


def _paths() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("The server does not answer.")


if __name__ == "__main__":
    main()
