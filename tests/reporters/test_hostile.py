"""Words of a draft mean nothing to whoever reads the report: no link, no mention, no command, no mark-up.

Each format is read back by the rules of its own reader. What is told must be all of the words, and nothing else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from defusedxml.ElementTree import fromstring
from markdown_it import MarkdownIt
from markdown_it.token import Token

import postcheck
from postcheck.display import visible, visible_line
from postcheck.errors import Problem
from postcheck.model import Applicability, Fix, PolicyInForce, Report
from postcheck.reporters import github, junit, markdown, reporter, sarif, text
from postcheck.source import Edit, Location
from tests.drafts import write_draft
from tests.reporters.made import ASKED, DIGEST, UNTESTED, draft, finding, report, result
from tests.reporters.test_github import unescaped
from tests.reporters.test_sarif import validator

WORDS = (
    "<script>alert(1)</script>",
    "</summary></details></code></testcase></testsuites><img src=x onerror=alert(1)>",
    "<!-- --> -->",
    "]]>",
    "[click](https://evil.example) ![see](https://evil.example/a.png) [1](1)",
    "<https://evil.example> https://evil.example www.evil.example jo@evil.example",
    "@everyone and @octo-org/team, octo-org/repo#12, #12, GH-12",
    "::error file=a.py,line=1::forged",
    "x\n::stop-commands::abc",
    "%0A::error::forged %25",
    "`code` ``more`` ```fence",
    "\n```\nfence\n```\n",
    "a | b | c\n--- | --- | ---\n1 | 2 | 3",
    "\n# heading\n> quote\n- item\n1. item\n---\n    code",
    "**bold** _slant_ ~~gone~~ $x$ $`x`$ \\[x\\] :tada: [^1] [x]",
    "{0} {{1}} {found} %s",
    "\x1b[2J\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "nul \x00 bell \x07 back \x08 del \x7f next \x85 \ufffe \uffff",
    "\u202egnp.exe \u2066hidden\u2069 \u200b\u2060\ufeff",
    "line\u2028next\u2029next\r\nnext\rnext",
    "half \ud83c and \udce9",
    "&lt;b&gt; &#64;jo &amp;",
    "a,b:c=d",
    '" onload="alert(1)" x=\'y\'',
)


def hostile(words: str) -> Report:
    """Every text that a draft, a policy or a file name can bring into a report holds the words."""
    name = words.replace("/", "∕")
    path = f"posts/{name}"
    here = Location(f"{name}.png", words, (0, len(words)), 1, 1, words)
    fix = Fix(Applicability.SAFE, words, Edit(f"{name}.png", (0, len(words)), words, None))
    told = finding(message=f"It says “{words}”.", advice=f"Write “{words}”.", at=here, fix=fix, found=words)
    results = (
        result("ap-style/a", told),
        result("ap-style/b", replace(told, outcome=ASKED)),
        result("ap-style/c", replace(told, outcome=UNTESTED)),
        result("ap-style/d", told, waiver=(words, words)),
        result("ap-style/e", told, waiver=(words, words), refused=words),
    )
    problem = Problem(f"It says `{words}`.", f"{path}/post.md", 1, 1, words)
    policy = PolicyInForce("rome", words, DIGEST, (("rome:ask-1", words),), (("ap-style/z", "left out", words),))
    return report(
        draft(path, *results),
        draft(path, result("ap-style/a", finding(UNTESTED)), problems=(problem,)),
        draft(f"plan.csv#row=1 {name}", results[0]),
        draft(f"{path}.zip/{name}", results[0]),
        policy=policy,
    )


@pytest.fixture(params=WORDS, ids=lambda words: ascii(words)[:30])
def words(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def assert_no_controls(told: str) -> None:
    bad = {
        char
        for char in told
        if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\u200c\u200d"
    }
    assert not bad


# ---------------------------------------------------------------------------------------------- Markdown

_OURS = re.compile(
    r"<details><summary>(?:<code>[^<>]*</code>)? ?[^<>]*</summary>\n|</details>\n?|</?sub>|<span>|</span>"
)
_MENTION = re.compile(r"(?<![\w`])@\w|(?<!&)#\d|GH-\d|://|www\.|:\w+:|\$", re.IGNORECASE)
_ALLOWED = {
    "paragraph", "heading", "bullet_list", "list_item", "strong", "inline", "text", "code_inline", "softbreak",
    "html_block", "html_inline",
}  # fmt: skip


def tokens(rendered: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(rendered):
        yield token
        yield from token.children or ()


@pytest.mark.parametrize("drafts", [1, 4], ids=["open", "folded"])
def test_markdown(words: str, drafts: int) -> None:
    made = hostile(words)
    made = replace(made, drafts=made.drafts[:drafts])
    rendered = markdown.render(made)
    assert_no_controls(rendered.replace("\u200b", ""))
    read = list(tokens(rendered))
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in read} <= _ALLOWED
    headings = [token for token in read if token.type == "heading_open"]
    assert len(headings) == (2 if drafts == 1 else 1)
    for token in read:
        if token.type in ("html_block", "html_inline"):
            assert not _OURS.sub("", token.content).strip(), token.content
            assert not re.search(r"(?<!<code>)@\w", token.content)
        elif token.type == "text":
            shown = token.content
            assert not _MENTION.search(shown.replace("<span>$</span>", "")) or shown == "$", shown
    quoted = [token.content for token in read if token.type == "code_inline"]
    line = " ".join(words.split())
    assert visible_line(line if len(line) <= 120 else f"{line[:120]}...") in quoted
    assert len([token for token in read if token.type == "list_item_open"]) == (8 if drafts == 1 else 11)


# ------------------------------------------------------------------------------------------------ GitHub


def test_github(words: str) -> None:
    rendered = github.render(hostile(words))
    assert_no_controls(rendered)
    lines = rendered.split("\n")
    assert lines.pop() == ""
    *commands, last = lines
    assert len(commands) == 9
    assert re.match(r"4 drafts checked by the policy of ", last)
    for line in commands:
        found = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:]*,?)+)::(.*)", line)
        assert found, line
        names = [pair.partition("=")[0] for pair in found[2].split(",")]
        assert names == [name for name in ("file", "line", "endLine", "col", "endColumn", "title") if name in names]
    message = commands[0].split("::", 2)[2]
    assert unescaped(message) == visible(f"It says “{words}”.\nWrite “{words}”.")
    for line, asset in ((commands[0], ".png"), (commands[4], "/post.md")):
        told = dict(pair.split("=", 1) for pair in line.split("::")[1].partition(" ")[2].split(","))
        assert unescaped(told["file"]).startswith("posts/")
        assert unescaped(told["file"]).endswith(asset)


# ----------------------------------------------------------------------------------------- JUnit and SARIF


def test_junit(words: str) -> None:
    rendered = junit.render(hostile(words))
    assert_no_controls(rendered)
    root: Any = fromstring(rendered.encode())
    assert len(root) == 5
    assert [len(suite) for suite in root] == [7, 1, 3, 3, 1]
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped",
    }  # fmt: skip
    failure = root[0][0][0]
    told = str(failure.get("message"))
    assert told == re.sub("[\ufffe\uffff]", "\ufffd", visible(f"It says “{words}”."))


def test_sarif(words: str) -> None:
    rendered = sarif.render(hostile(words))
    rendered.encode("utf-8", "surrogatepass")
    log = json.loads(rendered)
    validator().validate(log)
    run = log["runs"][0]
    assert len(run["results"]) == 7
    notified = run["invocations"][0]["toolExecutionNotifications"]
    messages = [one["message"]["text"] for one in (*run["results"], *notified)]
    for message in messages:
        assert_no_controls(message)
        assert not re.search(r"\]\(", message), "an embedded link"
        assert not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", message), "a place to be filled"
    for one in run["results"]:
        physical = one["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", physical["artifactLocation"]["uri"])
    for one in run["results"][3:5]:
        assert_no_controls(one["suppressions"][0]["justification"])


# --------------------------------------------------------------------------------------------- the terminal


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("form", [{}, {"summary": True}, {"quiet": True}], ids=["all", "summary", "quiet"])
def test_terminal(words: str, form: dict[str, bool], colour: bool) -> None:
    rendered = text.render(hostile(words), colour=colour, **form)
    if colour:
        rendered = re.sub(r"\x1b\[[0-9;]*m", "", rendered)
    assert_no_controls(rendered)
    for line in rendered.split("\n"):
        assert not line.startswith(("::", "#", "```", "x\n"))
    plain = text.render(hostile("Leaf Day"), **form)
    if form.get("summary"):
        assert rendered.count("\n") - plain.count("\n") in range(-1, 3)


# ---------------------------------------------------------------------------------------- a draft, all the way


NASTY = "".join(words.replace("\x00", "").replace("\ud83c", "").replace("\udce9", "") for words in WORDS)


def test_a_draft_all_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is read and checked: captions, alt texts, names of files and folders, people, waivers."""
    monkeypatch.chdir(tmp_path)
    line = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\x85\ufffe\uffff]", "", NASTY)
    name = re.sub(r"[/\\:\n\r]", " ", line)[:60].strip()
    waive = [{"check": "alt-text/missing", "reason": line, "by": line}, {"check": line, "reason": "x", "by": "y"}]
    given = {
        "account": line, "author": line, "title": line, "platforms": [line, "x"], "category": line, "caption": line * 2,
        "variants": {"x": line}, "waive": waive[:1],
        "images": [{"file": f"{name}.png", "alt": line, "source": line[:20], "people": [{"who": line}]}, {}],
    }  # fmt: skip
    write_draft(tmp_path / "posts" / name / "a", given)
    write_draft(tmp_path / "posts" / name / "b", {**given, "waive": waive})
    write_draft(tmp_path / "posts" / "c\x1b[2J\u202e", given)
    made = postcheck.check(Path("posts"), policy="portland")
    assert len(made.drafts) == 3
    assert sum(len(one.results) for one in made.drafts) > 30
    log = json.loads(sarif.render(made))
    jsonschema.Draft202012Validator(validator().schema).validate(log)
    fromstring(junit.render(made).encode())
    for token in tokens(markdown.render(made)):
        assert token.type not in ("link_open", "image", "fence", "table_open", "code_block")
        if token.type in ("html_block", "html_inline"):
            assert not _OURS.sub("", token.content).strip(), token.content
    for form in ("text", "github", "junit", "markdown"):
        assert_no_controls(unescape(reporter(form)(made)).replace("\u200b", ""))
    *commands, _ = github.render(made).splitlines()
    assert all(re.match(r"::(error|warning|notice) ", command) for command in commands)
