"""What is refused in YAML and JSON, and that nothing hostile costs time."""

from __future__ import annotations

import pytest

from postcheck.tree import MAX_DEPTH, Broken, read_json, read_yaml


@pytest.mark.parametrize(
    ("written", "said", "offset"),
    [
        ("a: &x 1\nb: *x\n", "Anchors and aliases", 3),
        ("a: *x\n", "Anchors and aliases", 3),
        ("a: 1\nb: 2\na: 3\n", "The key `a` is here a second time", 10),
        ("a: !!python/object:os.system x\n", "The tag", 3),
        ("a: Leaf Day: Saturday\n", "A colon followed by a space", 11),
        ("a: 'open\n", "A quotation mark is opened", 3),
        ("a: [1, 2\n", "A list that begins with [", 3),
        ("a: 1\n\tb: 2\n", "This is not valid YAML", None),
        ("a: #LeafDay is here\n", "YAML drops `#LeafDay`", 3),
        ("a: Rake leaves #LeafDay\n", "YAML drops `#LeafDay`", 15),
        ("a: 1\n---\nb: 2\n", "A second document", 5),
        ("? [a]\n: b\n", "A list or a map cannot be a key", 2),
        ("a: 🍁\x07\n", "U+0007 cannot stand", 4),
        ("a: words\n     #LeafDay\n", "YAML drops `#LeafDay`", 14),
        ('a: "words" #LeafDay\n', "YAML drops `#LeafDay`", 11),
        ("a: x #🍂leaf\n", "YAML drops `#🍂leaf`", 5),
        ('a: "\\q"\n', "a backslash must be written twice", None),
        ("[" * (MAX_DEPTH + 1), "nested more than", MAX_DEPTH),
        ("[" * 200_000, "nested more than", MAX_DEPTH),
        ("a: " + "x" * 1_000_001, "longer than", 0),
    ],
)
def test_yaml_that_is_refused(written: str, said: str, offset: int | None) -> None:
    with pytest.raises(Broken) as broken:
        read_yaml(written)
    assert said in broken.value.message
    assert offset is None or broken.value.offset == offset


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('{"a": 1, "a": 2}', "The key `a` is here a second time"),
        ('{"a": "\\ud83c"}', "Half of a surrogate pair"),
        ('{"a": NaN}', "NaN is not a value"),
        ('{"a": 1,}', "not valid JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested more than"),
        ("", "not valid JSON"),
    ],
)
def test_json_that_is_refused(written: str, said: str) -> None:
    with pytest.raises(Broken) as broken:
        read_json(written)
    assert said in broken.value.message


def test_comments_and_empty_values() -> None:
    assert read_yaml("a: b # a comment\nc:   # nothing yet\n").plain() == {"a": "b", "c": None}
    assert read_yaml("").plain() == {}
    commented_out = "a:\n  b: c\n  #d: e\n#f: g\n"
    assert read_yaml(commented_out).plain() == {"a": {"b": "c"}}


def test_words_that_yaml_would_change_stay_what_was_typed() -> None:
    tree = read_yaml("a: no\nb: 2026-11-14\nc: 12:30\nd: 'no'\ne: 1_000\n")
    kinds = {key: (entry.value.kind, entry.value.value) for key, entry in tree.value.items()}
    assert kinds == {
        "a": ("true or false", "no"),
        "b": ("date", "2026-11-14"),
        "c": ("number", "12:30"),
        "d": ("text", "no"),
        "e": ("number", "1_000"),
    }
