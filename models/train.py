"""Train the text classifiers in models/ on texts whose kind is known.

    python models/train.py --data DIR [--out FOLDER] [--only policy|conduct]

DIR holds posts/*.jsonl as models/README.md describes them; models/posts/ and models/sentences/ are our own. It
takes five minutes.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from postcheck.analysis.classifier import GATE, GATED, log_odds, prepared, weigh, words_of

HERE = Path(__file__).parent
FILES = (
    "agency", "agency_california", "agency_cdc", "brand_other", "campaign", "governors", "political_pages", "promotion",
)  # fmt: skip

WEIGHTS = {"slips": 2, "small-talk": 2, "agency": 3, "agency_cdc": 3, "agency_california": 3}
"""How often a text of a file counts: slips are as near to harmless posts as they come, and the posts of agencies are
real."""

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
    shared: bool = False
    """Does a text of one kind teach what is common to all?"""


AGENCIES = ("agency_county_health", "agency_federal_cdc", "agency_state_california", "official_governor_account")


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
        "accusation", "discrimination", "harassment", "health-detail", "identity", "illegal", "internal",
        "investigation", "minor-name", "password", "personal-use", "private-contact", "retaliation",
        "security-arrangement", "sexual", "threat", "victim-or-witness",
    )  # fmt: skip
    none = dict.fromkeys(kinds, 0.0)
    return Pipeline(
        "conduct",
        kinds,
        # A sentence of one kind may be of another too: a threat harasses.
        {**{kind: {kind: 1.0} for kind in kinds}, **dict.fromkeys((*AGENCIES, "other"), none)},
        "sentences",
        shared=True,
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
    """Every text with a label that says something to the pipeline, each once. Where one network learns all kinds, the
    sentences of harmless posts too: it must know what is short and harmless."""
    paths = [*(data / "posts" / f"{name}.jsonl" for name in FILES), *sorted((HERE / pipeline.ours).glob("*.jsonl"))]
    posts: dict[str, Post] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            post = Post(row["text"], row["label"], row.get("account", ""), path.stem)
            posts.setdefault(post.text, post)
            if pipeline.shared and post.label in AGENCIES:
                for sentence in filter(None, map(str.strip, re.split(r"(?<=[.!?])\s+|\n+", post.text))):
                    posts.setdefault(sentence, replace(post, text=sentence))
    return [post for post in posts.values() if post.label in pipeline.meaning]


FEWEST = 4
"""Texts that a feature must be in to be learned from."""
TRUST = 20.0
"""scikit-learn's C: how far the texts are trusted against weights near 0."""
UNITS = 48
ROUNDS = 4
"""How often the network sees all texts."""
ANY = 0.4
"""The share of "is it of any kind?" in the answer to "is it of this kind?"."""


def train(posts: Iterable[Post], pipeline: Pipeline, out: Path) -> None:
    """Train on `posts`, and write the pipeline and the table of its commonest words to `out`."""
    import numpy
    import spacy
    from scipy.sparse import csr_matrix

    from postcheck.analysis.scorer import FACTORY, features, weighed

    posts = list(posts)
    names = politicians()
    nlp = spacy.blank("en")
    texts = [prepared(post.text, names) for post in posts]
    found = [features(nlp.make_doc(text)) for text in texts]
    each_once = [numpy.unique(numpy.concatenate(groups)) for groups in found]
    all_keys, in_texts = numpy.unique(numpy.concatenate(each_once), return_counts=True)
    common = in_texts >= FEWEST
    keys = all_keys[common]
    rarity = numpy.log((1 + len(texts)) / (1 + in_texts[common])) + 1  # as scikit-learn's TfidfTransformer
    rarity = rarity.astype("float16")
    rows, columns, values = [], [], []
    for row, groups in enumerate(found):
        for group in groups:
            places, counts = weighed(group, keys, rarity)
            rows.append(numpy.full(len(places), row))
            columns.append(places)
            values.append(counts)
    table = csr_matrix(
        (numpy.concatenate(values), (numpy.concatenate(rows), numpy.concatenate(columns))),
        shape=(len(texts), len(keys)),
        dtype="float32",
    )
    component: Any = nlp.add_pipe(FACTORY)
    component.labels = list(pipeline.kinds)
    component.keys, component.rarity = keys, rarity
    component.learned(*(_network if pipeline.shared else _layer)(table, posts, pipeline))
    nlp.meta.update(name=pipeline.name, license="see models/README.md")
    out.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out, exclude=["vocab"])  # a list of words; their numbers are enough
    scored = [doc.cats for doc in nlp.pipe(texts, batch_size=256)]
    gate = gates(texts, {kind: [cats[kind] for cats in scored] for kind in pipeline.kinds})
    (out / GATE).write_text(json.dumps(gate, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _layer(table: Any, posts: Sequence[Post], pipeline: Pipeline) -> tuple[list[Any], list[Any]]:
    """A logistic regression for each kind, over the posts that say something of it."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    weights, biases = [], []
    for kind in pipeline.kinds:
        told = [row for row, post in enumerate(posts) if kind in pipeline.meaning[post.label]]
        answers = [pipeline.meaning[posts[row].label][kind] for row in told]
        fitted = LogisticRegression(C=TRUST, solver="liblinear").fit(table[told], answers)
        weights.append(fitted.coef_[0])
        biases.append(fitted.intercept_[0])
    return [numpy.array(weights).T], [numpy.array(biases)]


def _network(table: Any, posts: Sequence[Post], pipeline: Pipeline) -> tuple[list[Any], list[Any]]:
    """One network for all kinds and for "any of them": what is common to what a city must not post is learned from all
    of it. A kind that is not known of a text counts as absent."""
    import numpy
    from sklearn.neural_network import MLPClassifier

    answers = numpy.array([[pipeline.meaning[post.label].get(kind, 0) for kind in pipeline.kinds] for post in posts])
    answers = numpy.column_stack([answers, answers.any(axis=1)]).astype(int)
    seen = numpy.repeat(numpy.arange(len(posts)), [WEIGHTS.get(post.source, 1) for post in posts])
    network = MLPClassifier(
        (UNITS,), alpha=1e-4, learning_rate_init=2e-3, batch_size=512, max_iter=ROUNDS, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it could learn them better still: then it would know them by heart
        network.fit(table[seen], answers[seen])
    of_units, of_labels = network.coefs_
    bias_of_units, bias_of_labels = network.intercepts_
    # Both answers are sums over the units, and so is the mixture of them.
    mixed = (1 - ANY) * of_labels[:, :-1] + ANY * of_labels[:, -1:]
    return [of_units, mixed], [bias_of_units, (1 - ANY) * bias_of_labels[:-1] + ANY * bias_of_labels[-1]]


WORDS = 1500
"""Of each kind in the table."""
LOST = 0.02
"""The share of those that score GATED or more, which the table may take for harmless."""


def gates(texts: Sequence[str], scores: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """For `may_read_as`: how rare each word is, the weights of those that say most about each kind, and the least that
    a text must weigh. They are fitted to `scores`, the pipeline's own by kind, one for each text."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import Ridge

    found = [words_of(text) for text in texts]
    counts = Counter(word for words in found for word in words)
    rarity = {
        word: round(math.log((1 + len(texts)) / (1 + count)) + 1, 1)
        for word, count in sorted(counts.items())
        if count > FEWEST
    }
    places = {word: place for place, word in enumerate(rarity)}
    rows, columns, values = [], [], []
    for row, words in enumerate(found):
        known = [word for word in words if word in places]
        length = math.sqrt(sum(rarity[word] ** 2 for word in known)) or 1.0
        rows += [row] * len(known)
        columns += [places[word] for word in known]
        values += [1 / length] * len(known)
    table = csr_matrix((values, (rows, columns)), shape=(len(texts), len(places)))
    weights: dict[str, dict[str, float]] = {}
    least = {}
    for kind, its in scores.items():
        fitted = Ridge(alpha=1.0, solver="sparse_cg").fit(table, [log_odds(score) for score in its])
        of_all = {word: round(float(fitted.coef_[place]), 1) for word, place in places.items()}
        weights[kind] = dict(sorted(of_all.items(), key=lambda item: (-abs(item[1]), item[0]))[:WORDS])
        reached = sorted(
            weigh(words, rarity, weights[kind]) for words, score in zip(found, its, strict=True) if score >= GATED
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
