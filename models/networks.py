"""Trains the two networks of a pipeline, with jax: that of `postcheck/analysis/scorer.py`, over the features of a text,
and that of `postcheck/analysis/convolution.py`, over its words in their order. Called by train.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy
import optax

from postcheck.analysis.convolution import BUCKETS, KINDS, PIECES, read

Tables = dict[str, Any]
"""What is learned, by name; of float32."""
Lot = tuple[Any, list[Any]]
"""The numbers of texts of about one length, and what is seen of them in tables of one width, filled up with 0."""
Forward = Callable[[Tables, Sequence[Any], Any], Any]
"""The log odds of each label for what is seen of many texts, with some of it left out by chance: so a network learns to
trust no single word."""


def _learned(
    tables: Tables,
    lots: Sequence[Lot],
    forward: Forward,
    answers: Any,
    weights: Any,
    *,
    rounds: int,
    batch: int,
    decay: float,
) -> Tables:
    """What becomes of `tables` when all texts were seen `rounds` times.

    Args:
        answers: A row for each text, a column for each label; 0 or 1.
        weights: How often each text counts.
        batch: Texts that are learned from at once.
        decay: The share of each table that goes at every step, times its rate.
    """
    steps = rounds * sum(-(-len(rows) // batch) for rows, _ in lots)
    rate = optax.warmup_cosine_decay_schedule(0, 2e-3, steps // 18, steps, 1e-4)
    optimizer = optax.adamw(rate, weight_decay=decay)
    state = optimizer.init(tables)

    def loss(tables: Tables, seen: Any, answers: Any, weights: Any, key: Any) -> Any:
        # No answer is quite sure: some of ours are wrong.
        wrong = optax.sigmoid_binary_cross_entropy(forward(tables, seen, key), answers * 0.98 + 0.002)
        return (wrong.sum(-1) * weights).mean()

    def step(tables: Tables, state: Any, *batch: Any) -> Any:
        changes, state = optimizer.update(jax.grad(loss)(tables, *batch), state, tables)
        return optax.apply_updates(tables, changes), state

    step = jax.jit(step, donate_argnums=(0, 1))
    chance, key = numpy.random.default_rng(0), jax.random.PRNGKey(1)
    for _ in range(rounds):
        order = []
        for number, (rows, _) in enumerate(lots):
            shuffled = chance.permutation(len(rows))
            order += [(number, numpy.resize(shuffled[at : at + batch], batch)) for at in range(0, len(rows), batch)]
        for at in chance.permutation(len(order)):
            number, chosen = order[at]
            rows, seen = lots[number]
            key, now = jax.random.split(key)
            its = rows[chosen]
            tables, state = step(tables, state, [one[chosen] for one in seen], answers[its], weights[its], now)
    return {name: numpy.array(table) for name, table in tables.items()}


def _kept(key: Any, left_out: float, shape: Any) -> Any:
    """By chance 0 or 1, and 1 as seldom as `left_out` says not."""
    return jax.random.uniform(key, shape) > left_out


# ----------------------------------------------------------------------- over the features of a text

UNITS = 36
FEATURES_LEFT_OUT, UNITS_LEFT_OUT = 0.3, 0.2
FEATURES = (96, 192, 320, 512, 1024)
"""Of a text. Those of about one length are learned from together; of longer ones only the first are seen."""


def learn_features(found: Sequence[tuple[Any, Any]], known: int, answers: Any, weights: Any) -> Tables:
    """`first` and `second`, the layers, and `first_bias` and `second_bias`.

    Args:
        found: Of each text: the rows of its features in a table of `known`, and how much each counts.
    """
    keys = jax.random.split(jax.random.PRNGKey(0), 2)
    labels = answers.shape[1]
    tables = {
        "first": jax.nn.initializers.glorot_uniform()(keys[0], (known, UNITS)),
        "first_bias": jnp.zeros(UNITS),
        "second": jax.nn.initializers.glorot_uniform()(keys[1], (UNITS, labels)),
        "second_bias": jnp.full(labels, -2.0),
    }
    lots = []
    for rows, longest in _by_length([len(rows) for rows, _ in found], FEATURES):
        places = numpy.zeros((len(rows), longest), dtype="int32")
        values = numpy.zeros((len(rows), longest), dtype="float32")
        for at, row in enumerate(rows):
            its, counts = (one[:longest] for one in found[row])
            places[at, : len(its)], values[at, : len(its)] = its, counts
        lots.append((rows, [places, values]))
    return _learned(tables, lots, _forward_features, answers, weights, rounds=8, batch=512, decay=0.0)


def _forward_features(tables: Tables, seen: Sequence[Any], key: Any) -> Any:
    places, values = seen
    keys = jax.random.split(key, 2)
    values = values * _kept(keys[0], FEATURES_LEFT_OUT, values.shape) / (1 - FEATURES_LEFT_OUT)
    units = jax.nn.relu(jnp.einsum("tf,tfu->tu", values, tables["first"][places]) + tables["first_bias"])
    units = units * _kept(keys[1], UNITS_LEFT_OUT, units.shape) / (1 - UNITS_LEFT_OUT)
    return units @ tables["second"] + tables["second_bias"]


def _by_length(lengths: Sequence[int], longest: Sequence[int]) -> Iterator[tuple[Any, int]]:
    """The numbers of the texts that are at most so long, and longer than those before; a text of nothing is in none."""
    cut = numpy.clip(lengths, 0, longest[-1])
    shortest = 0
    for most in longest:
        rows = numpy.flatnonzero((cut > shortest) & (cut <= most))
        shortest = most
        if len(rows):
            yield rows, most


# ----------------------------------------------------------------------- over its words in their order

WIDTH = 64
"""Numbers in the vector of a word."""
NEAR, LAST = 96, 128
"""Units of the two convolutions, and of the layer above them."""
HEEDS = 4
"""Ways to weigh the words of a text against each other."""
FEWEST = 3
"""Texts that a word must be in to have a vector of its own."""
VECTORS_LEFT_OUT, WORDS_LEFT_OUT, NUMBERS_LEFT_OUT, LAST_LEFT_OUT = 0.2, 0.08, 0.2, 0.4
"""The vector of a word, but not those of its pieces; all of a word; single numbers of it; numbers of the whole text."""
LENGTHS = (12, 20, 32, 64)
"""Words of a text, as FEATURES."""


def learn_words(docs: Sequence[Any], answers: Any, weights: Any) -> Tables:
    """The tables that `postcheck.analysis.convolution` names, and `words`, those that are known.

    Args:
        docs: spaCy's, of the prepared texts.
    """
    found = [read(doc) for doc in docs]
    words, counts = numpy.unique(numpy.concatenate([numpy.unique(its) for its, _, _ in found]), return_counts=True)
    words = words[counts >= FEWEST]
    tables = _begun(len(words) + 1, answers.shape[1])
    lots = list(_lots(found, words))
    learned = _learned(tables, lots, _forward_words, answers, weights, rounds=9, batch=256, decay=0.05)
    return {"words": words, **learned}


def _lots(found: Sequence[Any], known: Any) -> Iterator[Lot]:
    """What is known begins with 2, and 1 is any other word; pieces and kinds begin with 1."""
    for rows, longest in _by_length([len(words) for words, _, _ in found], LENGTHS):
        places = numpy.zeros((len(rows), longest), dtype="int32")
        pieces = numpy.zeros((len(rows), longest, PIECES), dtype="int32")
        kinds = numpy.zeros((len(rows), longest), dtype="int32")
        for at, row in enumerate(rows):
            its, its_pieces, its_kinds = (one[:longest] for one in found[row])
            near = numpy.searchsorted(known, its).clip(max=len(known) - 1)
            places[at, : len(its)] = numpy.where(known[near] == its, near + 2, 1)
            kinds[at, : len(its)] = its_kinds + 1
            for word, one in enumerate(its_pieces):
                pieces[at, word, : len(one)] = one + 1
        yield rows, [places, pieces, kinds]


def _begun(words: int, labels: int) -> Tables:
    """Tables of chance."""
    keys = iter(jax.random.split(jax.random.PRNGKey(0), 8))

    def vectors(count: int) -> Any:
        return jax.random.normal(next(keys), (count, WIDTH)) * 0.1

    def layer(before: int, after: int) -> Any:
        return jax.random.normal(next(keys), (before, after)) / numpy.sqrt(before)

    return {
        "of_words": vectors(words),
        "of_pieces": vectors(BUCKETS),
        "of_kinds": vectors(KINDS),
        "near": layer(3 * WIDTH, NEAR),
        "near_bias": jnp.zeros(NEAR),
        "far": layer(3 * NEAR, NEAR),
        "far_bias": jnp.zeros(NEAR),
        "heed": layer(NEAR, HEEDS),
        "whole": layer((HEEDS + 2) * NEAR, LAST),
        "whole_bias": jnp.zeros(LAST),
        "labels": layer(LAST, labels),
        "labels_bias": jnp.full(labels, -3.0),
    }


def _forward_words(tables: Tables, seen: Sequence[Any], key: Any) -> Any:
    """As `forward` in postcheck/analysis/convolution.py, for many texts at once."""
    words, pieces, kinds = seen
    there = (words > 0)[..., None].astype("float32")
    keys = jax.random.split(key, 4)
    words = jnp.where(_kept(keys[0], VECTORS_LEFT_OUT, words.shape), words, 1)
    some = (pieces > 0)[..., None].astype("float32")
    of_pieces = (tables["of_pieces"][pieces - 1] * some).sum(2) / jnp.sqrt(some.sum(2) + 1e-6)
    found = tables["of_words"][words - 1] + of_pieces + tables["of_kinds"][kinds - 1]
    found = found * _kept(keys[1], WORDS_LEFT_OUT, (*words.shape, 1))
    found = found * _kept(keys[2], NUMBERS_LEFT_OUT, found.shape) / (1 - NUMBERS_LEFT_OUT)
    found = _even(found) * there
    found = _even(jax.nn.relu(_beside(found) @ tables["near"] + tables["near_bias"])) * there
    found = (found + _even(jax.nn.relu(_beside(found) @ tables["far"] + tables["far_bias"]))) * there
    nowhere = 1e4 * (1 - there)
    heed = jax.nn.softmax(found @ tables["heed"] - nowhere, 1)
    heeded = jnp.einsum("bwu,bwh->bhu", found, heed).reshape(len(found), -1)
    whole = jnp.concatenate([heeded, (found - nowhere).max(1), found.sum(1) / there.sum(1)], -1)
    whole = whole * _kept(keys[3], LAST_LEFT_OUT, whole.shape) / (1 - LAST_LEFT_OUT)
    return jax.nn.relu(whole @ tables["whole"] + tables["whole_bias"]) @ tables["labels"] + tables["labels_bias"]


def _even(found: Any) -> Any:
    return (found - found.mean(-1, keepdims=True)) / jnp.sqrt(found.var(-1, keepdims=True) + 1e-5)


def _beside(found: Any) -> Any:
    padded = jnp.pad(found, ((0, 0), (1, 1), (0, 0)))
    return jnp.concatenate([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], -1)
