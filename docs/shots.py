"""The pictures of the reviewer's pages that the documentation shows, taken in a real browser.

    python -m docs.shots

writes docs/static/report-*.png. It needs Chromium (Debian: `apt-get install chromium`).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

STATIC = Path(__file__).parent / "static"
ROOT = Path(__file__).parent.parent
Shot = tuple[int, Literal["light", "dark"], int]
SHOTS: tuple[Shot, ...] = ((1280, "light", 1150), (768, "dark", 1100), (320, "light", 900), (320, "dark", 900))
"""Width and height in pixels, and colors, of the page of one draft."""


def main() -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium is installed.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report, index = Path(folder) / "report.html", Path(folder) / "all.html"
        for drafts, output in (("fixtures/leaf-day", report), ("fixtures", index)):
            command = [sys.executable, "-m", "postcheck", "check", drafts, "--format", "html", "--output", str(output)]
            subprocess.run(command, cwd=ROOT, check=False)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        taken = [(report, "draft", *shot) for shot in SHOTS] + [(index, "index", 1280, "light", 800)]
        for file, name, width, scheme, height in taken:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(file.as_uri())
            shot = Image.open(io.BytesIO(page.screenshot()))
            small = shot.convert("RGB").quantize(96, dither=Image.Dither.NONE)
            small.save(STATIC / f"report-{name}-{width}-{scheme}.png", optimize=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
