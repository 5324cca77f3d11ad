"""How often the checks are right, on real material that is not part of this project.

    python benchmarks/accuracy.py alts --data DIR

`alts` reads DIR/alts/labelled.jsonl (`alt`, `quality_label`: ok, weak or bad), makes a draft of each alt text, and
prints for each label how many got a finding, by outcome and severity. Bars: of `bad` at least 80 % failed or cantTell;
of `ok` at most 5 % failed at error level. Exit code 1 where a bar is not reached.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import yaml
from PIL import Image

import postcheck
from postcheck import Outcome, Severity


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["alts"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--verbose", action="store_true", help="print each alt text with its findings")
    arguments = parser.parse_args()
    return alts(arguments.data / "alts" / "labelled.jsonl", verbose=arguments.verbose)


def alts(path: Path, *, verbose: bool) -> int:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as name:
        for number, row in enumerate(rows):
            folder = Path(name) / f"{number:06}"
            folder.mkdir()
            Image.new("RGB", (8, 8)).save(folder / "picture.png")
            draft = {
                "account": "a", "author": "a", "platforms": ["facebook", "x"], "caption": "A post.",
                "images": [{"file": "picture.png", "alt": row["alt"]}],
            }  # fmt: skip
            (folder / "post.yaml").write_text(yaml.safe_dump(draft, allow_unicode=True), encoding="utf-8")
        report = postcheck.check([name], policy="", select=["alt-text"])
    assert len(report.drafts) == len(rows)
    for row, checked in zip(rows, report.drafts, strict=True):
        count = counts[row["quality_label"]]
        findings = [(result.check, finding) for result in checked.results for finding in result.findings]
        outcomes = {finding.outcome for _, finding in findings}
        count["all"] += 1
        count["unreadable"] += bool(checked.problems)
        count["failed or cantTell"] += bool(outcomes & {Outcome.FAILED, Outcome.CANT_TELL})
        for severity in Severity:
            failed = any(one.outcome is Outcome.FAILED and one.severity is severity for _, one in findings)
            count[f"failed, {severity}"] += failed
        if verbose:
            said = ", ".join(f"{check} {finding.outcome} {finding.severity}" for check, finding in findings)
            print(f"{row['quality_label']}: {row['alt'][:80]!r}: {said or '-'}")
    for label, count in sorted(counts.items()):
        shares = ", ".join(f"{what} {n} ({n / count['all']:.1%})" for what, n in count.items() if what != "all")
        print(f"{label}: {count['all']} alt texts; {shares}")
    found = counts["bad"]["failed or cantTell"] / counts["bad"]["all"]
    false_alarms = counts["ok"]["failed, error"] / counts["ok"]["all"]
    return int(found < 0.8 or false_alarms > 0.05)


if __name__ == "__main__":
    sys.exit(main())
