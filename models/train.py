"""Train the text classifiers in models/ on texts whose kind is known.

    python models/train.py --data DIR [--out FOLDER] [--only policy|conduct]

DIR holds posts/*.jsonl as models/README.md describes them; models/posts/ and models/sentences/ are our own. It
takes 20 minutes.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
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

WEIGHTS = {
    "slips": 2, "small-talk": 2, "ordinary": 2,
    "agency": 3, "agency_cdc": 3, "agency_california": 3, "accessibility_rich_unlabelled": 3,
}  # fmt: skip
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
    files: tuple[str, ...]
    """Of DIR/posts, without their ending."""
    ours: str
    """The folder of our own texts."""
    fewest: int
    """Texts that a feature, or more than which a word of the table, must be in to be learned from."""
    shared: bool = False
    """Does a text of one kind teach what is common to all?"""


HARMLESS = (
    "agency_county_health", "agency_federal_cdc", "agency_state_california", "official_governor_account",
    "brand_page_other", "promo_offer", "promo_product",
)  # fmt: skip
"""What these accounts post threatens nobody and tells nothing that is private; a brand may of course advertise."""


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
    return Pipeline("policy", kinds, meaning, FILES, "posts", fewest=4)


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
        {**{kind: {kind: 1.0} for kind in kinds}, **dict.fromkeys((*HARMLESS, "other"), none)},
        (*FILES, "accessibility_rich_unlabelled"),
        "sentences",
        fewest=8,
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
    paths = [
        *(data / "posts" / f"{name}.jsonl" for name in pipeline.files),
        *sorted((HERE / pipeline.ours).glob("*.jsonl")),
    ]
    posts: dict[str, Post] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            post = Post(row["text"], row["label"], row.get("account", ""), path.stem)
            posts.setdefault(post.text, post)
            if pipeline.shared and post.label in HARMLESS:
                for sentence in filter(None, map(str.strip, re.split(r"(?<=[.!?])\s+|\n+", post.text))):
                    posts.setdefault(sentence, replace(post, text=sentence))
    return [post for post in posts.values() if post.label in pipeline.meaning]


JOINED = 0.15
"""The share of our own texts that are learned from once more, hidden in a longer post."""


def joined(posts: Sequence[Post], pipeline: Pipeline) -> list[Post]:
    """Some of `posts` among one or two harmless texts of ours, in any order: of a long post, one sentence is enough."""
    ours = [post for post in posts if post.source not in pipeline.files]
    harmless = [post.text for post in ours if post.label == "other"]
    chance = random.Random(0)
    longer = []
    for post in ours:
        if chance.random() < JOINED:
            texts = [post.text, *chance.sample(harmless, chance.choice((1, 2)))]
            chance.shuffle(texts)
            longer.append(replace(post, text=" ".join(texts), source="joined"))
    return longer


TRUST = 20.0
"""scikit-learn's C: how far the texts are trusted against weights near 0."""
ANY = 0.4
"""The share of "is it of any kind?" in the answer to "is it of this kind?"."""


def train(posts: Iterable[Post], pipeline: Pipeline, out: Path) -> None:
    """Train on `posts`, and write the pipeline and the table of its commonest words to `out`."""
    import numpy
    import spacy

    from postcheck.analysis.scorer import FACTORY, features, weighed

    posts = list(posts)
    once = len(posts)
    if pipeline.shared:
        posts += joined(posts, pipeline)
    names = politicians()
    nlp = spacy.blank("en")
    texts = [prepared(post.text, names) for post in posts]
    groups = [features(nlp.make_doc(text)) for text in texts]
    each_once = [numpy.unique(numpy.concatenate(its)) for its in groups[:once]]
    all_keys, in_texts = numpy.unique(numpy.concatenate(each_once), return_counts=True)
    common = in_texts >= pipeline.fewest
    component: Any = nlp.add_pipe(FACTORY)
    component.labels, component.keys = list(pipeline.kinds), all_keys[common]
    rarity = numpy.log((1 + once) / (1 + in_texts[common])) + 1  # as scikit-learn's TfidfTransformer
    component.rarity = rarity.astype("float16")
    found = []
    for its in groups:
        rows, values = zip(*(weighed(group, component.keys, component.rarity) for group in its), strict=True)
        found.append((numpy.concatenate(rows), numpy.concatenate(values)))
    if pipeline.shared:
        _learn_together(nlp, component, found, posts, pipeline, texts)
    else:
        component.learned(*_layer(found, len(component.keys), posts, pipeline))
    nlp.meta.update(name=pipeline.name, license="see models/README.md")
    out.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out, exclude=["vocab"])  # a list of words; their numbers are enough
    scored = [doc.cats for doc in nlp.pipe(texts[:once], batch_size=256)]
    gate = gates(texts[:once], {kind: [cats[kind] for cats in scored] for kind in pipeline.kinds}, pipeline.fewest)
    (out / GATE).write_text(json.dumps(gate, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def _layer(found: Sequence[Any], known: int, posts: Sequence[Post], pipeline: Pipeline) -> tuple[list[Any], list[Any]]:
    """A logistic regression for each kind, over the posts that say something of it."""
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    columns, values = (numpy.concatenate(one) for one in zip(*found, strict=True))
    ends = numpy.cumsum([0, *(len(its) for its, _ in found)])
    table = csr_matrix((values, columns, ends), shape=(len(posts), known), dtype="float32")
    weights, biases = [], []
    for kind in pipeline.kinds:
        told = [row for row, post in enumerate(posts) if kind in pipeline.meaning[post.label]]
        answers = [pipeline.meaning[posts[row].label][kind] for row in told]
        fitted = LogisticRegression(C=TRUST, solver="liblinear").fit(table[told], answers)
        weights.append(fitted.coef_[0])
        biases.append(fitted.intercept_[0])
    return [numpy.array(weights).T], [numpy.array(biases)]


def _learn_together(
    nlp: Any, scorer: Any, found: Sequence[Any], posts: Sequence[Post], pipeline: Pipeline, texts: Sequence[str]
) -> None:
    """Two networks, each for all kinds and for "any of them": what is common to what a city must not post is learned
    from all of it. A kind that is not known of a text counts as absent."""
    import numpy

    from models.networks import learn_features, learn_words
    from postcheck.analysis.convolution import FACTORY

    answers = numpy.array([[pipeline.meaning[post.label].get(kind, 0) for kind in pipeline.kinds] for post in posts])
    answers = numpy.column_stack([answers, answers.any(axis=1)]).astype("float32")
    times = numpy.array([WEIGHTS.get(post.source, 1) for post in posts], dtype="float32")
    of_features = learn_features(found, len(scorer.keys), answers, times)
    scorer.learned(
        [of_features["first"], _mixed(of_features["second"])],
        [of_features["first_bias"], _mixed(of_features["second_bias"])],
    )
    of_words = learn_words([nlp.make_doc(text) for text in texts], answers, times)
    for name in ("labels", "labels_bias"):
        of_words[name] = _mixed(of_words[name])
    nlp.add_pipe(FACTORY).learned(of_words)


def _mixed(table: Any) -> Any:
    """Each kind's column with its share of the last, "any of them": both answers are sums over the units, and so is the
    mixture of them."""
    return (1 - ANY) * table[..., :-1] + ANY * table[..., -1:]


WORDS = 1500
"""Of each kind in the table."""
LOST = 0.02
"""The share of those that score GATED or more, which the table may take for harmless."""


def gates(texts: Sequence[str], scores: Mapping[str, Sequence[float]], fewest: int) -> dict[str, Any]:
    """For `is_worth_asking`: how rare each word is, the weights of those that say most about each kind, and the least
    that a text must weigh. They are fitted to `scores`, the pipeline's own by kind, one for each text."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import Ridge

    found = [words_of(text) for text in texts]
    counts = Counter(word for words in found for word in words)
    rarity = {
        word: round(math.log((1 + len(texts)) / (1 + count)) + 1, 1)
        for word, count in sorted(counts.items())
        if count > fewest
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
