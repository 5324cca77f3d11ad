"""Train the text classifiers in models/ on texts whose kind is known.

    python models/train.py --data DIR [--out FOLDER] [--only policy|conduct]

DIR holds posts/*.jsonl as models/README.md describes them; models/posts/ and models/sentences/ are our own. It
takes half a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from postcheck.analysis.classifier import GATE, GATED, prepared, weigh, words_of

HERE = Path(__file__).parent
FILES = (
    "agency", "agency_california", "agency_cdc", "brand_other", "campaign", "governors", "political_pages", "promotion",
)  # fmt: skip

Meaning = Mapping[str, Mapping[str, float]]
"""What each label of the sources says of each kind. A kind that is not named is not known, and nothing is learned of it
from these posts."""


@dataclass(frozen=True)
class Pipeline:
    name: str
    kinds: tuple[str, ...]
    meaning: Meaning
    ours: str
    """The folder of our own texts."""


def _policy() -> Pipeline:
    kinds = ("campaign", "advocacy", "promotion")
    none = dict.fromkeys(kinds, 0.0)
    campaign = {"campaign": 1.0, "promotion": 0.0}  # much of it is advocacy too, and much advocacy campaigns
    advocacy = {"advocacy": 1.0, "promotion": 0.0}
    promotion = {**none, "promotion": 1.0}
    meaning = {
        "campaign_explicit": campaign,
        "campaign_hashtag_only": campaign,
        "political_attack_or_advocacy": advocacy,
        "advocacy_explicit_call_or_endorsement": advocacy,
        "candidate_account_neutral_text": {"promotion": 0.0},
        "political_page_neutral_text": {"promotion": 0.0},
        "promo_offer": promotion,
        "promo_product": promotion,
        "promo_sponsored_ad_raw_dom_text": promotion,
        "brand_page_other": {"campaign": 0.0, "advocacy": 0.0},
        "agency_county_health": none,
        "agency_federal_cdc": none,
        "agency_state_california": none,
        "official_governor_account": none,
        # our own
        "campaign": campaign,
        "advocacy": advocacy,
        "promotion": promotion,
        "other": none,
    }
    return Pipeline("policy", kinds, meaning, "posts")


def _conduct() -> Pipeline:
    kinds = (
        "accusation", "discrimination", "harassment", "health-detail", "illegal", "investigation", "minor-name",
        "personal-use", "private-contact", "retaliation", "security-arrangement", "sexual", "threat",
        "victim-or-witness",
    )  # fmt: skip
    none = dict.fromkeys(kinds, 0.0)
    agencies = ("agency_county_health", "agency_federal_cdc", "agency_state_california", "official_governor_account")
    return Pipeline(
        "conduct",
        kinds,
        # A sentence of one kind may be of another too: a threat harasses.
        {**{kind: {kind: 1.0} for kind in kinds}, **dict.fromkeys((*agencies, "other"), none)},
        "sentences",
    )


PIPELINES = {pipeline.name: pipeline for pipeline in (_policy(), _conduct())}


@dataclass(frozen=True)
class Post:
    text: str
    label: str
    account: str
    """Who posted it; "" where that is not known."""
    source: str
    """The file, without its ending."""


def read_posts(data: Path, pipeline: Pipeline) -> list[Post]:
    """Every text with a label that says something to the pipeline, each once."""
    paths = [*(data / "posts" / f"{name}.jsonl" for name in FILES), *sorted((HERE / pipeline.ours).glob("*.jsonl"))]
    posts: dict[str, Post] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            posts.setdefault(row["text"], Post(row["text"], row["label"], row.get("account", ""), path.stem))
    return [post for post in posts.values() if post.label in pipeline.meaning]


FEWEST = 2
"""Texts that a word or pair must be in to be learned from."""
TRUST = 20.0
"""scikit-learn's C: how far the texts are trusted against weights near 0."""


def train(posts: Iterable[Post], pipeline: Pipeline, out: Path) -> None:
    """Train on `posts`, and write the pipeline and the table of its commonest words to `out`."""
    import numpy
    import spacy
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    from postcheck.analysis.linear import FACTORY, keys_of

    posts = list(posts)
    names = politicians()
    nlp = spacy.blank("en")
    texts = [prepared(post.text, names) for post in posts]
    found = [numpy.unique(keys_of(nlp.make_doc(text)), return_counts=True) for text in texts]
    all_keys, in_texts = numpy.unique(numpy.concatenate([keys for keys, _ in found]), return_counts=True)
    common = in_texts >= FEWEST
    keys = all_keys[common]
    rarity = numpy.log((1 + len(texts)) / (1 + in_texts[common])) + 1  # as scikit-learn's TfidfTransformer
    rows, columns, values = [], [], []
    for row, (its_keys, counts) in enumerate(found):
        places = numpy.searchsorted(keys, its_keys)
        known = keys[places.clip(max=len(keys) - 1)] == its_keys
        places = places[known]
        weights = (1 + numpy.log(counts[known])) * rarity[places]
        rows.append(numpy.full(len(places), row))
        columns.append(places)
        values.append(weights / (numpy.sqrt((weights**2).sum()) or 1))
    table = csr_matrix(
        (numpy.concatenate(values), (numpy.concatenate(rows), numpy.concatenate(columns))),
        shape=(len(texts), len(keys)),
    )
    component: Any = nlp.add_pipe(FACTORY)
    component.labels = list(pipeline.kinds)
    component.keys, component.rarity = keys, rarity.astype("float32")
    component.weights = numpy.zeros((len(keys), len(pipeline.kinds)), dtype="float32")
    component.bias = numpy.zeros(len(pipeline.kinds), dtype="float32")
    for column, kind in enumerate(pipeline.kinds):
        told = [row for row, post in enumerate(posts) if kind in pipeline.meaning[post.label]]
        answers = [pipeline.meaning[posts[row].label][kind] for row in told]
        fitted = LogisticRegression(C=TRUST, max_iter=3000).fit(table[told], answers)
        component.weights[:, column] = fitted.coef_[0] * rarity
        component.bias[column] = fitted.intercept_[0]
    nlp.meta.update(name=pipeline.name, license="see models/README.md")
    out.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out, exclude=["vocab"])  # a list of words; their numbers are enough
    gate = gates(nlp, texts, pipeline.kinds)
    (out / GATE).write_text(json.dumps(gate, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


WORDS = 1500
"""Of each kind in the table."""
LOST = 0.02
"""The share of those that score GATED or more, which the table may take for harmless."""


def gates(trained: Any, texts: Sequence[str], kinds: Sequence[str]) -> dict[str, Any]:
    """For `may_read_as`: how rare each word is, the weights of those that say most about each kind, and the least that
    a text must weigh."""
    import numpy

    from postcheck.analysis.linear import FACTORY

    linear = trained.get_pipe(FACTORY)
    found = [words_of(text) for text in texts]
    counts = Counter(word for words in found for word in words)
    rows = {}
    for word in sorted(word for word, count in counts.items() if count > FEWEST):
        doc = trained.make_doc(word)
        row = int(numpy.searchsorted(linear.keys, numpy.uint64(doc[0].orth)))
        if len(doc) == 1 and row < len(linear.keys) and int(linear.keys[row]) == doc[0].orth:
            rows[word] = row
    rarity = {word: round(float(linear.rarity[row]), 1) for word, row in rows.items()}
    scored = [doc.cats for doc in trained.pipe(texts, batch_size=256)]
    weights: dict[str, dict[str, float]] = {}
    least = {}
    for column, kind in enumerate(kinds):
        of_all = {word: round(float(linear.weights[row, column]), 1) for word, row in rows.items()}
        weights[kind] = dict(sorted(of_all.items(), key=lambda item: (-abs(item[1]), item[0]))[:WORDS])
        reached = sorted(
            weigh(words, rarity, weights[kind])
            for words, cats in zip(found, scored, strict=True)
            if cats[kind] >= GATED
        )
        least[kind] = round(reached[int(len(reached) * LOST)] - 0.005, 2)
    return {"least": least, "rarity": rarity, "weights": weights}


def politicians() -> list[str]:
    """The names that the checks know."""
    parts = yaml.safe_load((HERE.parent / "checks" / "parts.yaml").read_text(encoding="utf-8"))
    return list(parts["politician"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", choices=sorted(PIPELINES))
    arguments = parser.parse_args()
    for pipeline in PIPELINES.values():
        if arguments.only in (None, pipeline.name):
            posts = read_posts(arguments.data, pipeline)
            print(f"{pipeline.name}: {len(posts):,} texts")
            out = arguments.out / pipeline.name
            train(posts, pipeline, out)
            size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
            print(f"{out}: {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
