"""Train the text classifier in models/policy on posts whose kind is known.

    python models/train.py --data DIR [--out FOLDER]

DIR holds posts/*.jsonl as models/README.md describes them; models/posts/*.jsonl are our own. It takes about a minute.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from postcheck.analysis.classifier import prepared

HERE = Path(__file__).parent
LABELS = ("campaign", "advocacy", "promotion")

# What each label of the sources says of each kind: a kind that is not named is not known, and nothing is learned of it.
NONE = dict.fromkeys(LABELS, 0.0)
CAMPAIGN = {"campaign": 1.0, "promotion": 0.0}
ADVOCACY = {"advocacy": 1.0, "promotion": 0.0}
PROMOTION = {**NONE, "promotion": 1.0}
MEANING: Mapping[str, Mapping[str, float]] = {
    "campaign_explicit": CAMPAIGN,
    "campaign_hashtag_only": CAMPAIGN,
    "political_attack_or_advocacy": ADVOCACY,
    "advocacy_explicit_call_or_endorsement": ADVOCACY,
    "candidate_account_neutral_text": {"promotion": 0.0},
    "political_page_neutral_text": {"promotion": 0.0},
    "promo_offer": PROMOTION,
    "promo_product": PROMOTION,
    "promo_sponsored_ad_raw_dom_text": PROMOTION,
    "brand_page_other": {"campaign": 0.0, "advocacy": 0.0},
    "agency_county_health": NONE,
    "agency_federal_cdc": NONE,
    "agency_state_california": NONE,
    "official_governor_account": NONE,
    # our own
    "campaign": CAMPAIGN,
    "advocacy": ADVOCACY,
    "promotion": PROMOTION,
    "other": NONE,
}
FILES = (
    "agency", "agency_california", "agency_cdc", "brand_other", "campaign", "governors", "political_pages", "promotion",
)  # fmt: skip


@dataclass(frozen=True)
class Post:
    text: str
    label: str
    account: str
    """Who posted it; "" where that is not known."""
    source: str
    """The file, without its ending."""


def read_posts(data: Path) -> list[Post]:
    """Every post with a label, each text once."""
    paths = [*(data / "posts" / f"{name}.jsonl" for name in FILES), *sorted((HERE / "posts").glob("*.jsonl"))]
    posts: dict[str, Post] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            posts.setdefault(row["text"], Post(row["text"], row["label"], row.get("account", ""), path.stem))
    return [post for post in posts.values() if post.label in MEANING]


def train(posts: Iterable[Post], out: Path) -> None:
    """Train on `posts` and write the pipeline to `out`."""
    import spacy
    from spacy.cli.train import train as spacy_train
    from spacy.tokens import Doc, DocBin

    import postcheck.analysis.bag_of_words  # noqa: F401

    names = politicians()
    blank = spacy.blank("en")

    def docs() -> Iterator[Doc]:
        for post in posts:
            doc = blank.make_doc(prepared(post.text, names))
            doc.cats = dict(MEANING[post.label])
            yield doc

    drawn = list(docs())
    random.Random(0).shuffle(drawn)
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name) / "train.spacy"
        DocBin(docs=drawn).to_disk(corpus)
        few = Path(name) / "dev.spacy"  # the last epoch is kept, whatever its score: nothing is held back here
        DocBin(docs=drawn[:200]).to_disk(few)
        spacy_train(
            HERE / "policy.cfg", Path(name) / "out", overrides={"paths.train": str(corpus), "paths.dev": str(few)}
        )
        pipeline = spacy.load(Path(name) / "out" / "model-last")
    pipeline.meta.update(
        name="policy",
        description="What a post reads like: campaigning, advocacy, commercial promotion",
        license="see models/README.md",
    )
    pipeline.to_disk(out)


def politicians() -> list[str]:
    """The names that the checks know."""
    parts = yaml.safe_load((HERE.parent / "checks" / "parts.yaml").read_text(encoding="utf-8"))
    return list(parts["politician"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HERE / "policy")
    arguments = parser.parse_args()
    posts = read_posts(arguments.data)
    print(f"{len(posts):,} posts")
    train(posts, arguments.out)
    size = sum(path.stat().st_size for path in arguments.out.rglob("*") if path.is_file())
    print(f"{arguments.out}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
