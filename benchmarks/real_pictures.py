"""What the checks of words in pictures say of real pictures; see benchmarks/accuracy.py."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from PIL import Image

import postcheck
from postcheck import Finding, Outcome

VERDICTS = Path(__file__).parent / "verdicts" / "pictures.jsonl"
CHECKS = ("image/text-contrast", "image/text-size", "image/text-heavy", "image/too-small")
MADE = ("slide", "flyer", "social", "poster")
"""Parts of the names of kinds of pictures that somebody made of words."""
PHOTOGRAPHS = "photo_no"
_AROUND = 0.4
"""Of a box's height that is shown around it."""


@dataclass(frozen=True)
class Told:
    file: str
    kind: str
    check: str
    finding: Finding

    @property
    def id(self) -> str:
        """Tells it from all others without its words. The measured figures may change a little: they are no part."""
        place = self.finding.location.box if self.finding.location else None
        told = [self.file, self.check, self.finding.outcome.value, [side // 16 for side in place or ()]]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def real_pictures(data: Path, unread: Path | None) -> int:
    """`unread`: a folder for crops of the findings that nobody has read, named after them."""
    rows = [json.loads(line) for line in (data / "images" / "images.jsonl").read_text("utf-8").splitlines()]
    found = list(_told(data / "images", {row["file"]: row["kind"] for row in rows}))
    verdicts = {line["id"]: line["verdict"] for line in map(json.loads, VERDICTS.read_text("utf-8").splitlines())}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        counts[one.kind][f"{one.check} {one.finding.outcome}"] += 1
    for kind, count in sorted(counts.items()):
        print(f"{kind}: {', '.join(f'{what} {times}' for what, times in sorted(count.items()))}")
    failed = [one for one in found if one.finding.outcome is Outcome.FAILED]
    on_photographs = [one for one in failed if one.kind.startswith(PHOTOGRAPHS)]
    judged = [one for one in failed if any(part in one.kind for part in MADE)]
    read_as = Counter(verdicts.get(one.id, "unread") for one in judged)
    read = read_as["right"] + read_as["wrong"]
    share = read_as["wrong"] / read if read else 1.0
    print(f"{len(rows)} pictures; {len(failed)} findings that failed, {len(found) - len(failed)} questions")
    print(f"on slides, flyers and social graphics: {read} read, {read_as['wrong']} wrong ({share:.1%})", end="; ")
    print(f"{read_as['unread']} unread. Photographs without text that fail: {len(on_photographs)}")
    if unread:
        unread.mkdir(parents=True, exist_ok=True)
        for one in judged:
            if one.id not in verdicts:
                _show(data / "images" / one.file, one, unread)
    return int(share > 0.05 or read_as["unread"] > 0 or bool(on_photographs))


def _told(folder: Path, kinds: dict[str, str]) -> Iterator[Told]:
    with tempfile.TemporaryDirectory() as name:
        for number, file in enumerate(sorted(kinds)):
            place = Path(name) / f"{number:03}"
            place.mkdir()
            picture = f"picture{Path(file).suffix.lower()}"
            shutil.copyfile(folder / file, place / picture)
            draft = {"caption": "A post.", "images": [{"file": picture, "alt": "A picture."}]}
            (place / "post.yaml").write_text(yaml.safe_dump(draft), encoding="utf-8")
        report = postcheck.check([name], policy="", select=CHECKS)
    for file, draft_report in zip(sorted(kinds), report.drafts, strict=True):
        assert not draft_report.problems
        for result in draft_report.results:
            for finding in result.findings:
                yield Told(file, kinds[file], result.check, finding)


def _show(path: Path, one: Told, folder: Path) -> None:
    image = Image.open(path).convert("RGB")
    place = one.finding.location.box if one.finding.location else None
    left, top, width, height = place or (0, 0, *image.size)
    around = round(height * _AROUND)
    box = (left - around, top - around, left + width + around, top + height + around)
    image.crop(box).save(folder / f"{one.id}.png")
    with (folder / "list.jsonl").open("a", encoding="utf-8") as file:
        row = {"id": one.id, "file": one.file, "check": one.check, "said": one.finding.message}
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
