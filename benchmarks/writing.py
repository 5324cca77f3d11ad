"""How many posts a second the writing checks read, beside proselint, all in one run.

    python benchmarks/writing.py --data DIR [--posts 10000] [--rounds 3] [--peers FOLDER]

The posts of DIR/posts/agency.jsonl (`text`), repeated, make one calendar (CSV). Timed is the whole command
`postcheck check CALENDAR --policy none --select ap-style --select inclusive --select text-access --format json
--output FILE`: start, reading, checks and report; nothing is taken off. A second line has one check that reads no
prose, to show how much of that is start, reading and reporting.

proselint (installed in FOLDER at one version) reads the first of the same posts with `proselint check --output-format
json`, both as one file and as a file a post; the faster way counts. Its `max_errors` is raised, because it stops
reading once it has found 1,000 things. Its start, measured on one short post, is taken off.

The commands take turns; printed are medians of the rounds. The bar: postcheck reads at least 20 times as many posts a
second as proselint. Exit code 1 where it is not reached.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import peers

AREAS = ["ap-style", "inclusive", "text-access"]
NO_PROSE = "governance/account-missing"
BAR = 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--peer-posts", type=int, default=2_000, help="how many of them proselint reads")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=peers.FOLDER, help="where proselint is installed")
    parser.add_argument("--select", action="append", metavar="CHECK", help="other checks than those of writing")
    arguments = parser.parse_args()
    lines = (arguments.data / "posts" / "agency.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    with tempfile.TemporaryDirectory() as name:
        return compare(Path(name), texts, arguments)


def compare(folder: Path, texts: list[str], arguments: argparse.Namespace) -> int:
    posts = list(itertools.islice(itertools.cycle(texts), arguments.posts))
    read_by_peer = posts[: arguments.peer_posts]
    calendar = folder / "calendar.csv"
    with calendar.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["caption", "platforms", "account", "author"])
        writer.writerows([post, "facebook", "city", "writer"] for post in posts)
    reports = {"ours": folder / "report.json", "no prose": folder / "no-prose.json"}
    check = [sys.executable, "-m", "postcheck", "check", str(calendar), "--policy", "none", "--format", "json"]
    selected = [part for area in arguments.select or AREAS for part in ("--select", area)]

    (folder / "config.json").write_text(json.dumps({"max_errors": 10**9}), encoding="utf-8")
    (folder / "short.md").write_text("Leaf Day is Saturday.", encoding="utf-8")
    (folder / "one.md").write_text("\n\n".join(read_by_peer), encoding="utf-8")
    (folder / "many").mkdir()
    for number, post in enumerate(read_by_peer):
        (folder / "many" / f"{number:06}.md").write_text(post, encoding="utf-8")
    peer = [peers.proselint(arguments.peers), "check", "--config", str(folder / "config.json"), "-o", "json"]
    commands = {
        "ours": [*check, *selected, "--output", str(reports["ours"])],
        "no prose": [*check, "--select", NO_PROSE, "--output", str(reports["no prose"])],
        "short": [*peer, str(folder / "short.md")],
        "one": [*peer, str(folder / "one.md")],
        "many": [*peer, str(folder / "many")],
    }
    times: dict[str, list[float]] = {what: [] for what in commands}
    said: dict[str, str] = {}
    for round_ in range(arguments.rounds + 1):
        for what, command in commands.items():
            started = time.perf_counter()
            said[what] = peers.run(command, cwd=folder, codes=(0, 1))
            if round_:  # the first round warms the caches of the file system
                times[what].append(time.perf_counter() - started)
    seconds = {what: statistics.median(values) for what, values in times.items()}

    findings = {what: _ours(report, len(posts)) for what, report in reports.items()}
    findings |= {what: _theirs(said[what]) for what in ("one", "many")}
    speed = {what: len(posts) / seconds[what] for what in reports}
    speed |= {what: len(read_by_peer) / (seconds[what] - seconds["short"]) for what in ("one", "many")}
    labels = {
        "ours": f"postcheck, {', '.join(arguments.select or AREAS)}",
        "no prose": f"postcheck, {NO_PROSE}",
        "one": f"proselint {peers.PROSELINT}, one file",
        "many": f"proselint {peers.PROSELINT}, a file a post",
    }
    for what, label in labels.items():
        count = len(posts) if what in reports else len(read_by_peer)
        print(
            f"{label:45} {count:7,} posts {seconds[what]:7.2f} s {speed[what]:8,.0f} posts a second"
            f" {findings[what]:8,} findings"
        )
    print(f"taken off proselint's seconds for its start: {seconds['short']:.2f} s; median of {arguments.rounds} rounds")
    ratios = {what: speed["ours"] / speed[what] for what in ("one", "many")}
    ratio = min(ratios.values())
    print(f"{ratios['one']:.1f} times proselint with one file, {ratios['many']:.1f} times with a file a post")
    print(f"{ratio:.1f} times proselint's faster way  bar {BAR:.0f}: {'reached' if ratio >= BAR else 'NOT REACHED'}")
    return int(ratio < BAR)


def _ours(report: Path, posts: int) -> int:
    drafts = json.loads(report.read_text(encoding="utf-8"))["drafts"]
    assert len(drafts) == posts, f"{len(drafts)} drafts in the report"
    assert not any(draft.get("problems") for draft in drafts)
    return sum(len(result["findings"]) for draft in drafts for result in draft["results"])


def _theirs(said: str) -> int:
    return sum(len(file["diagnostics"]) for file in json.loads(said)["result"].values())


if __name__ == "__main__":
    sys.exit(main())
