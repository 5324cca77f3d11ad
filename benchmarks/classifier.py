"""What the text classifiers weigh and how long they take.

    python benchmarks/classifier.py --data DIR

Prints the size of each pipeline in models/; the median time to import spaCy and load it, in a fresh process; the median
time of one post; and, over the posts of agencies in DIR/posts, how many hold so little that no pipeline is asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from postcheck.analysis import classifier
from postcheck.api import settle
from postcheck.config import Config
from postcheck.engine import Plan
from postcheck.model import Draft
from postcheck.resources import data_folder
from postcheck.source import Source, Text

RUNS = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    arguments = parser.parse_args()
    posts = []
    for name in ("agency", "agency_cdc", "agency_california"):
        lines = (arguments.data / "posts" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        posts += [json.loads(line)["text"] for line in lines]
    _, plan = settle(Config(), policy="")
    names = plan.catalog.parts["politician"]
    for folder in sorted(path for path in data_folder("models").iterdir() if (path / classifier.GATE).is_file()):
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{folder.name}: {size / 1e6:.1f} MB, import and load {_load_time(folder):.2f} s", end=", ")
        classifier.load(folder)
        times = []
        for post in posts:
            start = time.perf_counter()
            classifier.scores(folder.name, post, names)
            times.append(time.perf_counter() - start)
        print(f"a post {median(times) * 1000:.2f} ms")
    asked = sum(_asks(post, plan) for post in posts)
    print(f"{asked} of {len(posts):,} posts of agencies ask a pipeline ({asked / len(posts):.1%})")
    return 0


def _load_time(folder: Path) -> float:
    code = (
        f"from pathlib import Path; from postcheck.analysis import classifier; classifier.load(Path({str(folder)!r}))"
    )
    empty = "from postcheck.analysis import classifier"
    return _median_of(code) - _median_of(empty)


def _median_of(code: str) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return median(times)


def _asks(post: str, plan: Plan) -> bool:
    """Is a pipeline asked when this post is checked?"""
    classifier._scores.cache_clear()
    source = Source("post.md", post)
    draft = Draft("post", source, Text(post, source, "caption", 0, len(post)), source.location(0, 0, None))
    plan.scan.forget()
    plan.scan.see(draft, plan.context)
    return classifier._scores.cache_info().misses > 0


if __name__ == "__main__":
    sys.exit(main())
