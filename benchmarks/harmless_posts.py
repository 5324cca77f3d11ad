"""`accuracy.py harmless`: how many real posts, nearly all of them harmless, the checks of prohibited/ and privacy/ ask
about, where the classifier has learned nothing from their accounts. It trains one for this: a quarter of an hour."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks.ours import findings_in
from benchmarks.policy_language import number_of
from models import train
from postcheck.analysis import classifier

CONDUCT = train.PIPELINES["conduct"]
AREAS = ("prohibited", "privacy")
SOURCES = ("agency", "accessibility_rich_unlabelled", "governors", "agency_cdc", "brand_other", "promotion")
HELD_WHOLE = ("agency_cdc", "brand_other", "promotion")
"""One account alone, or none is told. Of the other sources two accounts in five are held back."""


def harmless(data: Path) -> int:
    """Print, by source, the posts held back and how many of them each area flags, and by which checks."""
    learned = [post for post in train.read_posts(data, CONDUCT) if not _is_held(post.source, post.account)]
    with tempfile.TemporaryDirectory() as folder:
        train.train(learned, CONDUCT, Path(folder))
        classifier.FOLDERS["conduct"] = Path(folder)
        for source in SOURCES:
            lines = (data / "posts" / f"{source}.jsonl").read_text(encoding="utf-8").splitlines()
            rows = [json.loads(line) for line in lines]
            posts = [row["text"] for row in rows if _is_held(source, row.get("account", ""))]
            flagged: dict[str, set[int]] = defaultdict(set)
            checks: Counter[str] = Counter()
            for number, check, *_ in findings_in(posts, AREAS):
                flagged[check.partition("/")[0]].add(number)
                checks[check] += 1
            shares = ", ".join(f"{area} {len(flagged[area])} ({len(flagged[area]) / len(posts):.1%})" for area in AREAS)
            print(f"{source}, {len(posts)} posts held back: {shares}; {dict(checks.most_common(6))}")
        del classifier.FOLDERS["conduct"]
    return 0


def _is_held(source: str, account: str) -> bool:
    return source in HELD_WHOLE or (bool(account) and number_of(account.lower(), 5) < 2)
