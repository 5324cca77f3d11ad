"""The pages for a reviewer: what is marked where, what is hidden, and that words of a draft stay words."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from postcheck.cli import main
from postcheck.display import visible
from postcheck.model import Report
from postcheck.reporters import html
from tests.drafts import write_draft
from tests.reporters.made import ASKED, NOTE, POLICY, WARNING, draft, finding, report, result
from tests.reporters.test_hostile import WORDS, hostile

CSS = (Path(html.__file__).parent / "report.css").read_text(encoding="utf-8")
VOID = {"meta", "img", "input", "br", "rect", "circle", "link"}
KNOWN = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "h4", "ul", "ol", "li",
    "strong", "main", "section", "div", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "fieldset",
    "legend", "label", "input", "article", "span", "dl", "dt", "dd", "figure", "figcaption", "img", "svg", "rect",
    "circle", "text", "blockquote", "code", "em", "footer",
}  # fmt: skip


class Reader(HTMLParser):
    """What a browser makes of a page: its elements, all closed in order, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def text(self) -> str:
        return "".join(self.words)


def page_of(made: Report) -> str:
    """Without what is shown of the drafts."""
    articles = []
    for number, one in enumerate(made.drafts, 1):
        alone = report(one, policy=made.policy, checks=made.checks)
        articles.append(html.article(alone, number, html.entries(alone, one), None))
    return html.page(made, articles)


def written(folder: Path, *options: str) -> str:
    result = run(folder, folder.parent / "report.html", *options)
    assert result.exit_code in (0, 1), result.output
    return (folder.parent / "report.html").read_text(encoding="utf-8")


def run(folder: Path, output: Path, *options: str) -> Result:
    arguments = ["check", str(folder), "--format", "html", "--output", str(output), *options]
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("words", WORDS)
def test_words_of_a_draft_are_words_on_the_page(words: str) -> None:
    page = page_of(hostile(words))
    read = Reader(page)
    assert {tag for tag, _ in read.elements} <= KNOWN
    for tag, attributes in read.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("href", "src"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:image/", "https://example.org/")), value
    told = " ".join(visible(words).split())
    assert told.replace("`", "") in " ".join(read.text().split()).replace("`", "")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", page)


def test_the_same_in_a_real_draft(tmp_path: Path) -> None:
    words = "<script>alert(1)</script> \u202e\x07 \"'> <img src=x onerror=alert(1)>"
    values = {
        "account": words, "author": words, "title": words, "caption": f"{words} at 9 A.M.!!", "category": words,
        "platforms": [words], "tools": [words], "variants": {"x": words}, "language": '"><script>',
        "images": [{"file": "a.png", "alt": f"Image of {words}", "credit": words, "people": [{"who": words}]}],
    }  # fmt: skip
    page = written(write_draft(tmp_path / "draft", values), "--policy", "none")
    read = Reader(page)
    assert {tag for tag, _ in read.elements} <= KNOWN
    assert "onerror" not in {name for _, attributes in read.elements for name in attributes}
    assert read.text().count("<script>alert(1)</script>") > 8


def test_nothing_but_its_own_style_is_allowed() -> None:
    page = page_of(report(draft("a", result("ap-style/a", finding()))))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(Reader(page).elements[3][1])["content"]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script" not in policy
    assert not [name for _, attributes in Reader(page).elements for name in attributes if name == "style"]


def test_what_blocks_comes_first_then_questions_then_advice() -> None:
    told = [
        result("ap-style/a", finding(severity=NOTE, message="Advice.")),
        result("ap-style/b", finding(ASKED, WARNING, message="A question?")),
        result("ap-style/c", finding(message="It blocks.")),
        result("ap-style/d", finding(message="It was waived."), waiver=("A long reason that is good.", "R. Reviewer")),
    ]
    made = report(draft("a", *told), policy=POLICY)
    (one,) = made.drafts
    assert [(entry.number, entry.section) for entry in html.entries(made, one)] == [
        (1, html.BLOCKS), (2, html.QUESTION), (3, html.ADVICE), (4, html.WAIVED),
    ]  # fmt: skip
    text = Reader(page_of(made)).text()
    order = [text.index(words) for words in ("It blocks.", "A question?", "Advice.", "It was waived.")]
    assert order == sorted(order)
    assert "Is it true?" in text


DRAFT: dict[str, Any] = {
    "account": "example-parks",
    "caption": "Leaf Day 🍁 is Saturday at 9 A.M. sharp.",
    "images": [
        {
            "file": "a.png",
            "alt": "Image of leaves.",
            "render": {"words": "Leaf Day is Saturday", "px": 30, "fg": "#FFFFFF", "bg": "#0099CB"},
            "people": [{"who": "volunteer", "minor": False}],
        }
    ],
}


def test_places_are_marked_in_texts_and_pictures(tmp_path: Path) -> None:
    page = written(write_draft(tmp_path / "draft", DRAFT), "--policy", "none")
    marked = re.findall(r'<span class="marked">([^<]+)</span><a class="mark" href="#d1-f(\d+)">', page)
    numbers = dict(marked)
    assert {"9 A.M.", "Image of"} <= numbers.keys() or {"A.M.", "Image of"} <= numbers.keys(), marked
    for number in numbers.values():
        assert f'id="d1-f{number}"' in page
    assert re.search(r'<rect class="line" x="[\d.]+" y="[\d.]+" width="[\d.]+" height="[\d.]+"', page)
    for color in ("#FFFFFF", "#0099CB"):
        assert f'fill="{color}"' in page
    assert "volunteer" in Reader(page).text()


def test_names_that_the_report_hides_are_on_no_page(tmp_path: Path) -> None:
    values = {
        "caption": "Third-grader Zelda Quimby, 9, won at 9 A.M.!! Thanks to zelda quimby #ZeldaQuimby",
        "images": [
            {
                "file": "zelda-quimby.png",
                "alt": "Image of Zelda Quimby.",
                "people": [{"who": "Zelda Quimby", "minor": True}],
            }
        ],
    }
    page = written(write_draft(tmp_path / "draft", values))
    assert not re.search("zelda|quimby", page, re.IGNORECASE)
    assert "Z…" in page
    assert '<span class="marked">' in page


def test_what_cannot_be_shown_does_not_keep_the_findings_from_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from postcheck import exhibits

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(exhibits, "frames", breaks)
    monkeypatch.setattr(exhibits, "stills", breaks)
    values = {**DRAFT, "videos": [{"file": "v.mp4", "render": {"seconds": 1}}]}
    text = Reader(written(write_draft(tmp_path / "draft", values), "--select", "alt-text")).text()
    assert text.count("It cannot be shown.") == 2
    assert "The alt text begins with “Image of”" in text


def test_a_large_run_is_an_index_and_pages(tmp_path: Path) -> None:
    for number in range(21):
        write_draft(tmp_path / "drafts" / f"Día {number}", {"caption": f"Number {number} at 9 A.M."})
    output = tmp_path / "my report.html"
    assert run(tmp_path / "drafts", output, "--select", "ap-style").exit_code == 0
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', output.read_text(encoding="utf-8"))
    pages = sorted(path.name for path in (tmp_path / "my report-pages").iterdir())
    assert len(links) == len(pages) == 21
    assert all(re.fullmatch(r"d\d+-d-a-\d+\.html", name) for name in pages)
    assert {link.replace("my%20report-pages/", "") for link in links} == set(pages)
    first = (tmp_path / "my report-pages" / pages[0]).read_text(encoding="utf-8")
    assert 'href="../my%20report.html"' in first


def test_an_unreadable_draft_says_why(tmp_path: Path) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "post.yaml").write_text("caption: a\nbogus: <b>\n", encoding="utf-8")
    assert run(tmp_path / "draft", tmp_path / "r.html").exit_code == 2
    text = Reader((tmp_path / "r.html").read_text(encoding="utf-8")).text()
    assert "It cannot be read, so nothing was checked" in text
    assert "bogus" in text


def test_pages_need_a_file(tmp_path: Path) -> None:
    folder = write_draft(tmp_path / "draft", {"caption": "a"})
    told = CliRunner().invoke(main, ["check", str(folder), "--format", "html"])
    assert (told.exit_code, "--output report.html" in told.output) == (2, True)
    (tmp_path / "a file").write_text("")
    assert run(folder, tmp_path / "a file" / "r.html").exit_code == 2


def test_a_video_has_its_timeline(tmp_path: Path) -> None:
    captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nLeaf Day.\n"
    values = {
        "caption": "a",
        "videos": [{"file": "v.mp4", "captions": "v.en.vtt", "render": {"seconds": 2}}],
        "files": {"v.en.vtt": {"text": captions}},
    }
    page = written(write_draft(tmp_path / "draft", values), "--select", "captions")
    assert page.count('src="data:image/jpeg;base64,') >= 1
    assert re.search(r'class="row cues">.*?<rect x="0.00"', page, re.DOTALL)
    assert "0:00.0–0:01.0" in page


def _colors(scheme: str) -> dict[str, str]:
    (block,) = re.findall(r":root \{([^}]*)\}", CSS if scheme == "light" else CSS[CSS.index("dark)") :])[:1]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_own_colors_pass_our_rule(scheme: str) -> None:
    """4.5:1 for words, 3:1 for lines that mean something (WCAG 2.2, 1.4.3 and 1.4.11)."""
    import numpy as np

    from postcheck.analysis.contrast import luminance, ratios

    colors = _colors(scheme)

    def ratio(one: str, other: str) -> float:
        pair = [np.array([[int(colors[name][at : at + 2], 16) for at in (1, 3, 5)]], float) for name in (one, other)]
        return float(ratios(*map(luminance, pair))[0])

    for ground in ("ground", "card"):
        for ink in ("ink", "quiet", "link", "error", "warning", "note", "good"):
            assert ratio(ink, ground) >= 4.5, (ink, ground)
        assert ratio("line", ground) >= 3.0
    for name in ("error", "warning", "note"):
        assert ratio(name, f"{name}-ground") >= 4.5
    assert ratio("mark-ink", "mark") >= 4.5
