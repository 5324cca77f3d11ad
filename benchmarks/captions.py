"""How often the checks of captions files are right: see accuracy.py."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

import postcheck
from postcheck import Outcome, Severity
from postcheck.analysis.captions import FORMATS, captions
from postcheck.errors import CannotTest
from postcheck.model import Asset, DraftReport, Finding

VERDICTS = Path(__file__).parent / "verdicts" / "captions.jsonl"
_VALIDATION = ["captions/invalid", "captions/forgiven-fault"]
_OF_THE_VIDEO = [
    "captions/description-missing", "captions/gap-with-speech", "captions/missing", "captions/out-of-sync",
    "captions/past-the-end",
]  # fmt: skip
"""They watch the video, which is none here: benchmarks/video.py is for these."""


def judge_captions(data: Path, *, verbose: bool) -> int:
    labels = data / "webvtt" / "labels.tsv"
    real = sorted(path for path in (data / "captions").rglob("*") if path.suffix.lower() in FORMATS)
    if not labels.exists() or not real:
        print(f"skipped: {labels} or {data / 'captions'} is not there")
        return 0
    return max(_validation(labels), _findings(real, data / "captions", verbose=verbose))


def _checked(files: Sequence[Path], select: Sequence[str]) -> list[DraftReport]:
    """A draft of each file, as captions of a video."""
    with tempfile.TemporaryDirectory() as name:
        for number, path in enumerate(files):
            folder = Path(name) / f"{number:06}"
            folder.mkdir()
            (folder / path.name).write_bytes(path.read_bytes())
            (folder / "video.mp4").write_bytes(b"\0")
            draft = {
                "account": "a", "author": "a", "platforms": ["vimeo"], "caption": "A post.",
                "videos": [{"file": "video.mp4", "captions": path.name}],
            }  # fmt: skip
            (folder / "post.yaml").write_text(yaml.safe_dump(draft, allow_unicode=True), encoding="utf-8")
        reports = postcheck.check([name], policy="", select=select, ignore=_OF_THE_VIDEO).drafts
    assert len(reports) == len(files)
    assert not any(report.problems for report in reports)
    return list(reports)


def _of(report: DraftReport) -> Iterator[tuple[str, Finding]]:
    for result in report.results:
        for finding in result.findings:
            yield result.check, finding


def _validation(labels: Path) -> int:
    """Every `invalid` and `fatal` flagged at warning or above, no `valid`; and the cues counted right."""
    with labels.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if len(row) >= 5 and row[3].isdigit()]
    files = [labels.parent / row[0] for row in rows]
    counts: Counter[tuple[str, str]] = Counter()
    exceptions = []
    for row, path, report in zip(rows, files, _checked(files, _VALIDATION), strict=True):
        said = [finding for _, finding in _of(report) if finding.severity.reaches(Severity.WARNING)]
        flagged = bool(said)
        try:
            cues = len(captions(Asset(path.name, path), {}).cues)
        except CannotTest:
            cues = 0
        counts[row[2], "flagged" if flagged else "not flagged"] += 1
        counts["cues", "right" if cues == int(row[3]) else "wrong"] += 1
        if flagged != (row[2] != "valid") or cues != int(row[3]):
            told = "; ".join(finding.message for finding in said) or "nothing"
            exceptions.append(f"{row[0]}: {row[2]} ({row[4]}), {row[3]} cues; said: {told}, {cues} cues")
    for (label, what), count in sorted(counts.items()):
        print(f"{label}: {count} {what}")
    print("\n".join(exceptions) or "no exceptions")
    return int(bool(exceptions))


def _findings(files: Sequence[Path], home: Path, *, verbose: bool) -> int:
    """Bar: at least 95 % of what is found in real files is right."""
    verdicts = {}
    if VERDICTS.exists():
        lines = [json.loads(line) for line in VERDICTS.read_text(encoding="utf-8").splitlines()]
        verdicts = {line["id"]: line["verdict"] for line in lines}
    count: Counter[str] = Counter()
    by_check: Counter[str] = Counter()
    for path, report in zip(files, _checked(files, ["captions"]), strict=True):
        for check, finding in _of(report):
            words = json.dumps([hashlib.sha256(path.read_bytes()).hexdigest(), check, finding.message])
            name = hashlib.sha256(words.encode()).hexdigest()[:16]
            verdict = verdicts.get(name, "unread")
            count[verdict] += 1
            count["untested"] += finding.outcome is Outcome.UNTESTED
            by_check[f"{check}, {finding.outcome}, {finding.severity}"] += 1
            if verbose or verdict != "right":
                print(f"{name} {verdict}: {path.relative_to(home)}: {check}: {finding.message}")
    for check, number in sorted(by_check.items()):
        print(f"{number:4} {check}")
    read = count["right"] + count["wrong"]
    share = count["right"] / read if read else 0.0
    print(
        f"{len(files)} files, {read} findings read, {count['wrong']} wrong ({share:.1%} right), "
        f"{count['unread']} unread"
    )
    return int(bool(count["unread"] or count["untested"]) or share < 0.95)
