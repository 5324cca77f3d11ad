"""`accuracy.py policy`: the checks of political/ and commercial/ on real posts, each judged by a classifier that was
trained without the posts of its account."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.ours import findings_in
from models import train
from models.train import Post
from postcheck import Outcome
from postcheck.analysis import classifier

POLICY = train.PIPELINES["policy"]
FOLDS = 5
AREAS = ("political", "commercial")
AGENCIES = ("agency", "agency_cdc", "agency_california")

# Two accounts of one office and its holder write alike: they are held back together.
SAME = {"cagovernor": "gavinnewsom"}
# Posts of brands come without an account; these words tell whose most of them are.
BRANDS = (
    "neiman|nmbeauty|nmshoe|nmhand", "grab", "kfc|oishi", "burger ?king", r"pizza hut|po\.st|crustcrush|1-for-1",
    "domino", "pezzo", "uber", "comfort|cdgtaxis|taxi fare|nitecab|gam sia", "kleenex|thelma",
    "chevy|suburban|equinox|cruze|tahoe", r"amzn\.to|alexa|amazon", r"spr\.ly|barnes|nook", r"ihg\.cm|joyoftravel",
    "doritos", "priceless|masterpass", "mcdeliver", "red ?sox", "caterpillar|cat dealer",
)  # fmt: skip


@dataclass
class Seen:
    """What the checks of one area said of the posts of one kind."""

    posts: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> str:
        cells = [f"{self.flagged[area]:4} {self._share(self.flagged[area])}  {self.failed[area]:4} {self._share(self.failed[area])}" for area in AREAS]  # fmt: skip  # noqa: E501
        return f"{name[:46]:46} {self.posts:5}   {'   '.join(cells)}"

    def _share(self, count: int) -> str:
        return f"{count / self.posts:6.1%}" if self.posts else "     -"

    def share(self, what: str, area: str) -> float:
        return getattr(self, what)[area] / self.posts if self.posts else 0.0


def policy(data: Path, verbose: str = "", model: Path | None = None) -> int:
    """Print the table; 1 where a bar is not reached. With `model` nothing is trained, and the pipeline in that folder,
    which has seen these posts, judges them all."""
    known = train.read_posts(data, POLICY)
    hard = [
        Post(row["text"], row["label"], row["account"], "agency_hard_cases")
        for row in map(
            json.loads, (data / "posts" / "agency_hard_cases.jsonl").read_text(encoding="utf-8").splitlines()
        )
    ]
    posts = known + hard  # a few hard cases are among the agencies' posts too
    by_label: dict[str, Seen] = defaultdict(Seen)
    by_account: dict[str, Seen] = defaultdict(Seen)
    if model is not None:
        _judge(posts, model, by_label, by_account, verbose)
    else:
        hidden = {post.text for post in hard}
        with tempfile.TemporaryDirectory() as folder:
            for number in range(FOLDS):
                held = [post for post in posts if fold_of(post) == number]
                others = [post for post in known if fold_of(post) != number and post.text not in hidden]
                print(f"fold {number + 1} of {FOLDS}: {len(others):,} posts to learn from, {len(held):,} held back", file=sys.stderr)  # fmt: skip  # noqa: E501
                out = Path(folder) / str(number)
                with contextlib.redirect_stdout(io.StringIO()):
                    train.train(others, POLICY, out)
                _judge(held, out, by_label, by_account, verbose)
    _print(by_label, by_account)
    return _bars(by_label)


def fold_of(post: Post) -> int:
    """Every account, and every brand, lies whole in one fold; three candidates in one each."""
    group = account_of(post)
    fixed = {"joebiden": 0, "kevin_faulconer": 1, "gavinnewsom": 2}
    return fixed.get(group, int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS)


def account_of(post: Post) -> str:
    account = post.account.lower()
    if post.source == "agency_cdc":  # one account alone: its posts are spread, or no fold would know the kind
        return f"{account} {number_of(post.text, 8)}"
    if account:
        return SAME.get(account, account)
    if post.source in ("promotion", "brand_other"):
        for brand in BRANDS:
            if re.search(brand, post.text.lower()):
                return brand
    return f"{post.source} {number_of(post.text, 20)}"


def number_of(text: str, most: int) -> int:
    """The same number below `most` for the same text, and any for another."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % most


def _judge(
    posts: Sequence[Post], model: Path, by_label: dict[str, Seen], by_account: dict[str, Seen], verbose: str
) -> None:
    classifier.FOLDERS["policy"] = model
    outcomes: dict[int, dict[str, set[Outcome]]] = defaultdict(lambda: defaultdict(set))
    said: dict[int, list[str]] = defaultdict(list)
    for number, check, finding, start, end in findings_in([post.text for post in posts], AREAS):
        outcomes[number][check.partition("/")[0]].add(finding.outcome)
        said[number].append(f"{check} {finding.outcome} {posts[number].text[start:end]!r}")
    del classifier.FOLDERS["policy"]
    for number, post in enumerate(posts):
        own = post.source in ("flagged", "harmless")
        label = f"our own: {post.label}" if own else post.label
        kind = post.source if post.source in (*AGENCIES, "governors") else label
        kinds = [by_label[kind]]
        if post.source == "agency_hard_cases":
            kinds.append(by_label["agency_hard_cases"])
        if post.source == "promotion":
            kinds.append(by_label["promotion"])
        if post.source in AGENCIES:
            kinds.append(by_label["all agencies"])
        if post.account:
            kinds.append(by_account[f"{post.source}: {post.account}"])
        for seen in kinds:
            seen.posts += 1
            for area in AREAS:
                seen.flagged[area] += bool(outcomes[number][area])
                seen.failed[area] += Outcome.FAILED in outcomes[number][area]
        if verbose and verbose in (kind, post.source):
            print(f"{'; '.join(said[number]) or 'nothing'}: {post.text!r}")


def _print(by_label: Mapping[str, Seen], by_account: Mapping[str, Seen]) -> None:
    print(f"{'':46} {'posts':>5}   {'political: flagged, failed':24}   {'commercial: flagged, failed'}")
    for label, seen in sorted(by_label.items()):
        print(seen.row(label))
    few = Seen()
    print("by account (those with 20 posts or more; the others together)")
    for account, seen in sorted(by_account.items()):
        if seen.posts >= 20:
            print(seen.row(account))
        else:
            few.posts += seen.posts
            few.flagged += seen.flagged
            few.failed += seen.failed
    print(few.row("others"))


BARS = (
    ("campaign_explicit", "flagged", "political", "at least", 0.95),
    ("campaign_explicit", "failed", "political", "at least", 0.70),
    ("campaign_hashtag_only", "flagged", "political", "at least", 0.90),
    ("political_attack_or_advocacy", "flagged", "political", "at least", 0.75),
    ("promotion", "flagged", "commercial", "at least", 0.90),
    ("all agencies", "failed", "political", "at most", 0.003),
    ("all agencies", "flagged", "political", "at most", 0.02),
    ("all agencies", "failed", "commercial", "at most", 0.003),
    ("all agencies", "flagged", "commercial", "at most", 0.02),
    ("agency_hard_cases", "failed", "political", "at most", 0.05),
    ("agency_hard_cases", "failed", "commercial", "at most", 0.05),
)


def _bars(by_label: Mapping[str, Seen]) -> int:
    missed = 0
    for label, what, area, side, bar in BARS:
        share = by_label[label].share(what, area)
        reached = share >= bar if side == "at least" else share <= bar
        missed += not reached
        print(f"{label}, {area}: {what} {share:.1%}, bar {side} {bar:.1%}: {'reached' if reached else 'NOT REACHED'}")
    return int(missed > 0)
