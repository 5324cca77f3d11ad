"""What the checks of consent/ ask, by words alone, of real alt texts and posts; see benchmarks/accuracy.py."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

import postcheck

VERDICTS = Path(__file__).parent / "verdicts" / "consent.jsonl"
DRAWN = 150
_ALTS = ("alts/labelled.jsonl", "alts/with_image.jsonl")
_POSTS = tuple(
    f"posts/{name}.jsonl"
    for name in (
        "agency",
        "governors",
        "agency_california",
        "agency_cdc",
        "accessibility_rich_unlabelled",
        "campaign_unlabelled",
    )
)


@dataclass(frozen=True)
class Asked:
    check: str
    text: str
    said: str

    @property
    def id(self) -> str:
        """Tells it from all others without a word of the text."""
        return hashlib.sha256(json.dumps([self.check, self.text]).encode()).hexdigest()[:16]


def consent(data: Path, unread: Path | None) -> int:
    alts, posts = _texts(data, _ALTS, "alt"), _texts(data, _POSTS, "text")
    without = list(_asked(posts, lambda text: {"caption": text}))
    print(f"{len(posts):,} posts without a picture: {len(without)} findings")
    found = [
        *_asked(alts, lambda text: {"caption": "A post.", "images": [{"file": "picture.png", "alt": text}]}),
        *_asked(posts, lambda text: {"caption": text, "images": [{"file": "picture.png"}]}),
    ]
    for check, times in sorted(Counter(one.check for one in found).items()):
        print(f"  {check}: {times}")
    print(f"{len(found)} findings on {len(alts)} alt texts and on {len(posts):,} posts with a picture")
    drawn = sorted(found, key=lambda one: one.id)[:DRAWN]
    verdicts = {line["id"]: line["verdict"] for line in _lines(VERDICTS)} if VERDICTS.exists() else {}
    read_as = Counter(verdicts.get(one.id, "unread") for one in drawn)
    read = read_as["right"] + read_as["wrong"]
    share = read_as["right"] / read if read else 0.0
    print(f"{len(drawn)} drawn: {read} read, {read_as['wrong']} wrong ({share:.1%} right), {read_as['unread']} unread")
    if unread:
        rows = [{"id": one.id, "check": one.check, "said": one.said, "text": one.text} for one in drawn]
        lines = (json.dumps(row, ensure_ascii=False) for row in rows if row["id"] not in verdicts)
        unread.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return int(share < 0.9 or read_as["unread"] > 0 or bool(without))


def _texts(data: Path, names: Sequence[str], key: str) -> list[str]:
    return list(dict.fromkeys(row[key] for name in names for row in _lines(data / name) if row[key].strip()))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _asked(texts: Sequence[str], made: Callable[[str], Mapping[str, Any]]) -> Iterator[Asked]:
    with tempfile.TemporaryDirectory() as name:
        for number, text in enumerate(texts):
            folder = Path(name) / f"{number:06}"
            folder.mkdir()
            draft = made(text)
            if "images" in draft:
                Image.new("RGB", (8, 8)).save(folder / "picture.png")
            (folder / "post.yaml").write_text(yaml.safe_dump(dict(draft), allow_unicode=True), encoding="utf-8")
        report = postcheck.check([name], policy="", select=["consent"])
    for text, draft_report in zip(texts, report.drafts, strict=True):
        assert not draft_report.problems
        for result in draft_report.results:
            for finding in result.findings:
                yield Asked(result.check, text, finding.message)
