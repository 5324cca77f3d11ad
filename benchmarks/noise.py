"""How many findings postcheck and its peers have on the same 300 posts, and how many of those a person calls wrong.

    python benchmarks/noise.py draw --data DIR --out FILE [--seed 2026] [--tool postcheck] [--peers FOLDER]
    python benchmarks/noise.py tally [--verdicts benchmarks/verdicts/noise.jsonl]
    python benchmarks/noise.py score --data DIR [--verdicts benchmarks/verdicts/noise.jsonl]

`draw` takes 300 posts at random from DIR/posts/agency*.jsonl (`text`; not the Spanish ones), asks postcheck (areas
ap-style, inclusive, text-access), proselint, alex, write-good and harper.js, each with its defaults, and draws 30
findings of each at random. FILE gets a line of totals and a line for each drawn finding: `tool`, `id`, `rule`,
`message`, `quote`, `context`. It holds other people's texts: keep it in a temporary place. The peers are installed in
FOLDER at one version each; all but proselint need Node.js.

A person reads FILE as the copy editor of a city's newsroom and notes in the verdicts file, which holds no texts,
{"tool", "id", "rule", "verdict": "right" or "wrong", "note"}. Right is a finding that she would act on. Wrong is one
that she would not: on a hashtag, a name, a Spanish word or a link, against AP style, or of no use in a city's post.

`tally` prints how many findings each tool has, and what share of those read is wrong. `score` runs postcheck again on
the posts of the totals' seed and tells how many of its right and wrong findings are still there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.ours import findings_in

POSTS = 300
DRAWN = 30
VERDICTS = Path(__file__).parent / "verdicts" / "noise.jsonl"
AROUND = 80


@dataclass(frozen=True)
class Found:
    """One finding. `start` and `end` are code points of the post."""

    post: int
    start: int
    end: int
    rule: str
    message: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "tally", "score"])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--tool", action="append", choices=list(tools(peers.FOLDER)), help="only this one (repeatable)")
    parser.add_argument("--peers", type=Path, default=peers.FOLDER, help="where the peers are installed")
    parser.add_argument("--verdicts", type=Path, default=VERDICTS)
    arguments = parser.parse_args()
    if arguments.what == "tally":
        tally(arguments.verdicts)
    elif arguments.data is None or (arguments.what == "draw" and arguments.out is None):
        parser.error("draw needs --data and --out; score needs --data")
    elif arguments.what == "score":
        score(arguments.data, arguments.verdicts)
    else:
        draw(arguments)
    return 0


def draw(arguments: argparse.Namespace) -> None:
    posts = some_posts(arguments.data, arguments.seed)
    totals: dict[str, int] = {}
    lines: list[dict[str, Any]] = []
    for tool, ask in tools(arguments.peers).items():
        if arguments.tool and tool not in arguments.tool:
            continue
        install(tool, arguments.peers)
        started = time.perf_counter()
        found = sorted(ask(posts), key=lambda one: (one.post, one.start, one.end, one.rule, one.message))
        seconds = time.perf_counter() - started
        totals[tool] = len(found)
        print(f"{tool:11} {len(found):6,} findings on {len(posts)} posts in {seconds:5.1f} s")
        for one in random.Random(f"{arguments.seed} {tool}").sample(found, min(DRAWN, len(found))):
            text = posts[one.post]
            quote = text[one.start : one.end]
            before, after = text[max(one.start - AROUND, 0) : one.start], text[one.end : one.end + AROUND]
            lines.append(
                {
                    "tool": tool, "id": identity(tool, one, posts), "rule": one.rule, "message": one.message,
                    "quote": quote, "context": f"{before}[[{quote}]]{after}",
                }
            )  # fmt: skip
    header = {"posts": len(posts), "seed": arguments.seed, "findings": totals}
    written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in [header, *lines])
    arguments.out.write_text(written, encoding="utf-8")


def tally(verdicts: Path) -> None:
    totals, read = read_verdicts(verdicts)
    print(f"{'':11} {'findings':>8} {'a post':>7} {'read':>5} {'wrong':>6} {'share wrong':>12}")
    for tool, findings in totals["findings"].items():
        count = Counter(line["verdict"] for line in read if line["tool"] == tool)
        share = f"{count['wrong'] / count.total():.0%}" if count else "not read"
        per_post = findings / totals["posts"]
        print(f"{tool:11} {findings:8,} {per_post:7.2f} {count.total():5} {count['wrong']:6} {share:>12}")


def score(data: Path, verdicts: Path) -> None:
    totals, read = read_verdicts(verdicts)
    posts = some_posts(data, totals["seed"])
    found = {identity("postcheck", one, posts) for one in ask_postcheck(posts)}
    print(f"{len(found):,} findings of postcheck on {len(posts)} posts")
    for verdict in ("right", "wrong"):
        ids = [line["id"] for line in read if line["tool"] == "postcheck" and line["verdict"] == verdict]
        print(f"of {len(ids)} once read as {verdict}, {sum(one in found for one in ids)} are still there")


def read_verdicts(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The line of totals, and the verdicts."""
    totals, *lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        assert line["verdict"] in ("right", "wrong"), line
    return totals, lines


def some_posts(data: Path, seed: int) -> list[str]:
    """Each post once. Those where the collector wrote "@user" for other people's names are left out."""
    files = [path for path in (data / "posts").glob("agency*.jsonl") if path.stem != "agency_spanish"]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    texts = {_as_posted(json.loads(line)["text"]) for line in lines}
    return random.Random(seed).sample(sorted(text for text in texts if not re.search(r"@user\b", text)), POSTS)


def _as_posted(text: str) -> str:
    """With single spaces: the collectors put a second one before every link and wrote two or three for a line end, and
    no tool shall be blamed or praised for what it says of those."""
    return re.sub(r" {2,}", " ", "\n".join(text.splitlines()))


def identity(tool: str, one: Found, posts: Sequence[str]) -> str:
    """Tells a finding from all others without a word of the post."""
    words = json.dumps([tool, one.rule, posts[one.post], one.start, one.end])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


# ----------------------------------------------------------------------------------------------- the tools


def install(tool: str, folder: Path) -> None:
    """So that it is not timed."""
    if tool == "proselint":
        peers.proselint(folder)
    elif tool in peers.NODE_PEERS:
        peers.node_peers(folder)


def tools(folder: Path) -> dict[str, Callable[[Sequence[str]], Iterable[Found]]]:
    return {
        "postcheck": ask_postcheck,
        "proselint": partial(ask_proselint, folder),
        **{name: partial(ask_node, folder, name) for name in peers.NODE_PEERS},
    }


def ask_postcheck(posts: Sequence[str]) -> Iterable[Found]:
    for number, check, one, start, end in findings_in(posts):
        written = f" [{one.fix.replacement}]" if one.fix else ""
        yield Found(number, start, end, check, f"{one.outcome}: {one.message} {one.advice}{written}")


def ask_proselint(folder: Path, posts: Sequence[str]) -> Iterable[Found]:
    command = peers.proselint(folder)
    with tempfile.TemporaryDirectory() as name:
        for number, post in enumerate(posts):
            (Path(name) / f"{number}.md").write_text(post, encoding="utf-8", newline="")
        said = json.loads(peers.run([command, "check", "-o", "json", name], codes=(0, 1)))["result"]
    assert len(said) == len(posts)
    for file, result in said.items():
        for one in result["diagnostics"]:
            start, end = (place - 1 for place in one["span"])  # it puts a line end before the text
            written = f" [{one['replacements']}]" if one["replacements"] else ""
            yield Found(int(Path(file).stem), start, end, one["check_path"], one["message"] + written)


def ask_node(folder: Path, name: str, posts: Sequence[str]) -> Iterable[Found]:
    for one in peers.ask_node_peer(folder, name, posts):
        yield Found(**one)


if __name__ == "__main__":
    sys.exit(main())
