"""The site as a newcomer builds it: by one command, from what git would give, with every link leading somewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from postcheck.catalog import AREAS, load_catalog
from postcheck.policy import policy_names

ROOT = Path(__file__).parent.parent.parent
MADE_BY_SPHINX = ("genindex.html", "search.html")
"""Their headings and ids are Sphinx's own business; their links are not."""


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.without_alt: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        elif tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(given["href"])
        if tag in ("img", "script", "iframe", "source", "video") and given.get("src"):
            self.loaded.append(given["src"])
        if tag == "img" and not given.get("alt"):
            self.without_alt.append(given["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo", reason="pip install -e '.[docs]'")
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no checkout of git")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs", "docs/_build"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    return folder / "docs" / "_build"


@pytest.mark.slow
def test_the_site(site: Path) -> None:
    """In one test: building it takes a minute or two."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    names = {path.relative_to(site).as_posix() for path in pages}
    wanted = {f"checks/{name}.html" for name in (*AREAS, *load_catalog().checks)}
    wanted |= {f"policies/{name}.html" for name in policy_names()}
    assert wanted <= names
    faults = [fault for path, page in pages.items() for fault in _faults(path, page, pages, site)]
    assert not faults, "\n".join(faults[:40])


def _faults(path: Path, page: Page, pages: dict[Path, Page], site: Path) -> Iterator[str]:
    name = path.relative_to(site).as_posix()
    if page.language != "en":
        yield f"{name}: no language"
    for picture in page.without_alt:
        yield f"{name}: {picture} has no alt text"
    for loaded in page.loaded:
        if urlsplit(loaded).scheme or urlsplit(loaded).netloc:
            yield f"{name}: loads {loaded}"
        elif not (path.parent / unquote(urlsplit(loaded).path)).is_file():
            yield f"{name}: {loaded} is not there"
    if name not in MADE_BY_SPHINX:
        if page.headings.count(1) != 1:
            yield f"{name}: {page.headings.count(1)} first headings"
        for before, after in zip(page.headings, page.headings[1:], strict=False):
            if after > before + 1:
                yield f"{name}: a heading of level {after} after one of level {before}"
    for link in page.links:
        fault = _broken(path, link, pages)
        if fault:
            yield f"{name}: {link}: {fault}"


def _broken(path: Path, link: str, pages: dict[Path, Page]) -> str:
    """Why a link within the site leads nowhere. Others are not fetched."""
    told = urlsplit(link)
    if told.scheme in ("http", "https", "mailto"):
        return ""
    if told.scheme or told.netloc:
        return "an address of an unknown kind"
    target = Path(os.path.normpath(path.parent / unquote(told.path))) if told.path else path
    if target not in pages:
        return "" if target.is_file() else "no such page"
    return "" if not told.fragment or unquote(told.fragment) in pages[target].ids else "no such place on the page"


def test_the_walk_finds_what_is_broken(tmp_path: Path) -> None:
    """The walk itself: a page with one of each fault."""
    here, other = tmp_path / "a.html", tmp_path / "b.html"
    text = (
        '<html lang="de"><body id="top"><h1>One</h1><h3>Three</h3><img src="no.png"><script src="https://cdn.example/x.js">'
        '</script><a href="b.html#gone">1</a><a href="c.html">2</a><a href="#top">3</a><a href="https://example.gov/">4</a>'
    )
    pages = {here: Page(text), other: Page('<html lang="en"><h1 id="there">B</h1>')}
    faults = list(_faults(here, pages[here], pages, tmp_path))
    assert [fault.removeprefix("a.html: ") for fault in faults] == [
        "no language",
        "no.png has no alt text",
        "no.png is not there",
        "loads https://cdn.example/x.js",
        "a heading of level 3 after one of level 1",
        "b.html#gone: no such place on the page",
        "c.html: no such page",
    ]
