"""The report for a reviewer, written: one file for a few drafts; for many an index, and a page for each in a folder."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from postcheck.detectors.veil import Veil
from postcheck.errors import UsageError
from postcheck.exhibits import exhibit
from postcheck.model import Draft, Report, UnreadableDraft
from postcheck.reporters import html

MOST_ON_A_PAGE = 20
"""Drafts. With their pictures more would make a page that no telephone and no e-mail takes."""
_NAME = 60
"""Characters of a draft's name in the name of its page."""


class Pages:
    """Feed it each draft as soon as it is checked, as `api.check(looked=...)` does; then `finish`."""

    def __init__(self, output: Path) -> None:
        """`output`: the file to be written. The pages of a large run go into a folder of the same name beside it."""
        self._output = output
        self._folder = output.with_name(f"{output.stem}-pages")
        self._listed: list[html.Article] = []
        """All of them; without their text once it is written."""
        self._waiting: list[tuple[Report, html.Article]] = []
        self._links: dict[str, str] = {}

    def add(self, draft: Draft | UnreadableDraft, veil: Veil, report: Report) -> None:
        """`report`: of this draft alone.

        Raises:
            UsageError: a page cannot be written.
        """
        found = html.entries(report, report.drafts[0])
        shown = None
        if isinstance(draft, Draft) and not report.drafts[0].problems:
            places = [(entry.number, entry.finding.location) for entry in found]
            shown = exhibit(draft, veil, [(number, place) for number, place in places if place])
        article = html.article(report, len(self._listed) + 1, found, shown)
        self._listed.append(article)
        self._waiting.append((report, article))
        if len(self._listed) > MOST_ON_A_PAGE:
            self._write_waiting()

    def _write_waiting(self) -> None:
        first = len(self._listed) - len(self._waiting)
        for place, (report, article) in enumerate(self._waiting, first):
            name = page_name(article)
            self._links[article.anchor] = f"{quote(self._folder.name)}/{quote(name)}"
            _write(self._folder / name, html.page(report, [article], back=f"../{quote(self._output.name)}"))
            self._listed[place] = replace(article, html="")
        self._waiting.clear()

    def finish(self, report: Report) -> None:
        """Write the page, or the index. `report`: of the whole run.

        Raises:
            UsageError: it cannot be written.
        """
        if self._links:
            _write(self._output, html.index(report, self._listed, self._links))
        else:
            _write(self._output, html.page(report, self._listed))


def page_name(article: html.Article) -> str:
    """Such as `d12-leaf-day.html`: letters, figures and hyphens alone, which every system takes."""
    last = article.title.replace("\\", "/").rstrip("/").rpartition("/")[2]
    words = re.sub(r"[^a-z0-9]+", "-", last.casefold()).strip("-")[:_NAME]
    return f"{article.anchor}-{words}.html" if words else f"{article.anchor}.html"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "backslashreplace"))  # a name of a file may hold what is no UTF-8
    except OSError as error:
        raise UsageError(f"{path}: the report cannot be written: {error.strerror}.") from None
