"""An example of a check as a person reads it: the files of the draft, the pictures in it, and what postcheck says.

The draft is written by the code that the tests use, and goes through the engine: what a page shows is what happens.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from docs.made.markdown import block, code, plain
from postcheck.api import settle
from postcheck.config import CheckSetting, Config
from postcheck.draft import find_drafts, read_drafts
from postcheck.engine import check_drafts
from postcheck.lists import make_lists
from postcheck.model import Applicability, Check, DraftReport, Example, Finding, Outcome, Severity
from postcheck.reporters.words import place_of
from tests.drafts import CONTENT_KEYS, write_draft

OUTCOME_WORDS = {
    Outcome.FAILED: "It fails",
    Outcome.CANT_TELL: "postcheck asks",
    Outcome.UNTESTED: "It cannot be checked",
    Outcome.PASSED: "It passes",
    Outcome.INAPPLICABLE: "There is nothing to check",
}
_MOST_LINES = 40
_DRAWN = ("words", "qr", "face")
"""What a picture is drawn for where it is worth seeing."""
_MOVING = ("flashing", "stripes")
"""What must never be shown: it could bring on a seizure."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An example on a page: its Markdown, and the pictures that it shows, by name."""

    markdown: str
    pictures: Mapping[str, bytes]


def shown(check: Check, example: Example, prefix: str) -> Shown:
    """`prefix` begins the names of its pictures.

    Raises:
        ValueError: the check does not say of the example what the example says that it does.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_draft(Path(temporary) / "draft", example.draft)
        pictures = {
            f"{prefix}-{name}": (folder / name).read_bytes() for name, render in _renders(example) if _is_seen(render)
        }
        parts = [*_files(folder), *_pictures(example, prefix), *_given(example)]
        if example.outcome not in (Outcome.PASSED, Outcome.INAPPLICABLE):
            parts += _findings(check, run(check, example, folder))
    return Shown("\n".join(parts), pictures)


def run(check: Check, example: Example, folder: Path) -> tuple[Finding, ...]:
    """What the check finds in the example, which lies in `folder`.

    Raises:
        ValueError: the outcome is another than the example says.
    """
    config = Config(
        facts=example.facts,
        lists=make_lists(example.lists),
        checks={check.id: CheckSetting(options=example.options)} if example.options else {},
    )
    now = datetime.fromisoformat(example.at) if example.at else None
    settings, plan = settle(config, policy="", now=now, select=[check.id, *check.yields_to])
    found, _ = find_drafts([folder], settings)
    (report,) = check_drafts(read_drafts(found, settings), plan)
    outcome, findings = _of(report, check.id)
    if outcome is not example.outcome:
        raise ValueError(f"{check.id}: {example.name}: {outcome.value}, not {example.outcome.value}")
    return findings


def _of(report: DraftReport, check_id: str) -> tuple[Outcome, tuple[Finding, ...]]:
    for result in report.results:
        if result.check == check_id:
            return result.outcome, result.findings
    return (Outcome.PASSED if check_id in report.passed else Outcome.INAPPLICABLE), ()


# ------------------------------------------------------------------------------------------------ the draft


def _files(folder: Path) -> Iterator[str]:
    """The draft's own file and the texts beside it, as they were written."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name == "post.yaml":
            yield _post(yaml.safe_load(path.read_text(encoding="utf-8")))
        elif path.name == "account.yaml":
            yield block(path.read_text(encoding="utf-8"), "yaml", name)
        elif path.suffix in (".vtt", ".srt", ".sbv", ".ttml", ".dfxp"):
            yield block(_shortened(path.read_text(encoding="utf-8", errors="replace")), "text", name)


def _post(data: dict[str, Any]) -> str:
    """As post.md: the keys as front matter, and the caption below."""
    caption = str(data.pop("caption", ""))
    for kind in ("images", "videos"):
        if data.get(kind):
            data[kind] = [{"file": item["file"], **item} for item in data[kind]]
    head = f"---\n{yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=90)}---\n" if data else ""
    return block(visible(_shortened(head + caption)) or "(a post without a word)", "text", "post.md")


def _shortened(text: str) -> str:
    lines = text.replace("\x00", "\u2400").splitlines()
    if len(lines) <= _MOST_LINES:
        return "\n".join(lines)
    return "\n".join([*lines[:_MOST_LINES], f"... and {len(lines) - _MOST_LINES} lines more"])


def visible(text: str) -> str:
    """Without control characters, which no page may hold."""
    return "".join(
        sign if sign == "\n" or sign.isprintable() or ord(sign) > 127 else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def _renders(example: Example) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each file that is made for the example, and how."""
    for kind, ending in (("images", ".png"), ("videos", ".mp4")):
        items = example.draft.get(kind) or []
        for position, item in enumerate(items, 1):
            made = {key: item[key] for key in CONTENT_KEYS if key in item and key != "text"}
            if made:
                yield item.get("file", f"{kind[:-1]}-{position}{ending}"), made
    for name, spec in (example.draft.get("files") or {}).items():
        made = {key: value for key, value in (spec or {}).items() if key in CONTENT_KEYS and key != "text"}
        if made:
            yield name, made


def _is_seen(made: Mapping[str, Any]) -> bool:
    render = made.get("render") or {}
    return "keep" not in made and any(key in render for key in _DRAWN) and not any(key in render for key in _MOVING)


def _pictures(example: Example, prefix: str) -> Iterator[str]:
    for name, made in _renders(example):
        said = described(made)
        if _is_seen(made):
            alt = json.dumps(f"The picture {name}: {said}.", ensure_ascii=False)
            yield f"```{{image}} {prefix}-{name}\n:alt: {alt}\n:class: example-picture\n```\n"
        warned = (
            " It is not shown here: it flashes." if any(key in (made.get("render") or {}) for key in _MOVING) else ""
        )
        yield f"{code(name)}: {plain(said)}.{warned}\n"


_TOLD = {
    "words": "the words “{}”",
    "px": "letters {} pixels high",
    "fg": "drawn in {}",
    "bg": "on {}",
    "to": "which runs to {}",
    "outline": "with an outline in {}",
    "grain": "on a rough ground",
    "size": "{} pixels",
    "turned": "to be shown turned",
    "qr": "a QR code that holds “{}”",
    "smudged": "which cannot be read",
    "face": "a drawn face {} pixels wide",
    "embedded_alt": "with the alt text “{}” in its metadata",
    "exif": "with this in its Exif metadata: {}",
    "xmp": "with this in its XMP metadata: {}",
    "xmp_encoding": "written in {}",
    "header_only": "a header that promises {} pixels, and nothing behind it",
    "flashing": "two pictures in turn ({})",
    "stripes": "stripes that move past {} times a second",
    "seconds": "{} seconds long",
    "speech": "a voice is heard at {} seconds",
    "tone": "a tone of strength {}",
    "silent": "a sound track without a sound",
    "captions": "captions in a stream of the file",
    "metadata": "with this in its metadata: {}",
    "codec": "coded as {}",
    "pictures": "with sound alone",
    "damaged": "damaged in the middle",
    "as": "what is in it is of the kind {}",
    "bytes": "{} bytes long",
    "keep": "cut off after {} of its length",
    "encoding": "written in {}",
}
"""How a key of `render:` and of a file's content (see tests/drafts.py) is told."""


def described(made: Mapping[str, Any]) -> str:
    """How a file of an example was made, in words."""
    told = []
    for key, value in {**(made.get("render") or {}), **{key: made[key] for key in made if key != "render"}}.items():
        told.append(_TOLD[key].format(_value(value)) if key in _TOLD else f"{key} {_value(value)}")
    return ", ".join(told) or "drawn for this example"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        if all(isinstance(one, list | tuple) for one in value):
            return ", ".join(" to ".join(str(part) for part in one) for one in value)
        return (" by " if len(value) == 2 and all(isinstance(one, int) for one in value) else ", ").join(
            map(str, value)
        )
    return str(value)


def _given(example: Example) -> Iterator[str]:
    """What else the example supposes."""
    if example.at:
        yield f"Judged as of {plain(example.at)}.\n"
    for what, value in (("facts", example.facts), *example.lists.items(), ("options", example.options)):
        if value:
            told = yaml.safe_dump(
                dict(value) if isinstance(value, Mapping) else value, allow_unicode=True, sort_keys=False
            )
            yield block(told, "yaml", _GIVEN[what])


_GIVEN = {
    "facts": "What is known of the city",
    "people": "The city’s list of people",
    "accounts": "The city’s list of accounts",
    "releases": "The city’s register of releases",
    "options": "With these options",
}


# ----------------------------------------------------------------------------------------- what postcheck says


_BOXES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_OWN = ("post.yaml", "account.yaml")
"""Files whose places mean nothing here: a draft is shown as post.md."""
_FIXES = {
    Applicability.SAFE: "`--fix` writes this for you",
    Applicability.UNSAFE: "It suggests this; read the sentence again",
    Applicability.DISPLAY: "It suggests this",
}


def _findings(check: Check, findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        place = (
            f", {code(place_of(finding.location))}" if finding.location and finding.location.asset not in _OWN else ""
        )
        said = [f"**{OUTCOME_WORDS[finding.outcome]}** ({finding.severity.value}{place}). {plain(finding.message)}"]
        quote = finding.location.quote if finding.location else None
        if quote:
            said.append(f"The words: {code(_short(quote))}")
        if finding.advice:
            said.append(f"What to do: {plain(finding.advice)}")
        if finding.fix and finding.fix.edit:
            said.append(f"{_FIXES[finding.fix.applicability]}: {code(_short(finding.fix.replacement) or '(nothing)')}")
        elif finding.fix and finding.fix.applicability is Applicability.SAFE:
            said.append("`--fix` does this for you.")
        body = "\n\n".join(said)
        yield f"```````{{admonition}} What postcheck says\n:class: {_BOXES[finding.severity]}\n\n{body}\n```````\n"


def _short(text: str) -> str:
    text = " ".join(visible(text).split())
    return text if len(text) <= 120 else f"{text[:119]}…"
