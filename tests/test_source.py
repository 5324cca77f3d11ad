"""Every character of a text is found again in its file, however the file writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from postcheck.source import BOM, Source, Style, Text
from postcheck.tree import read_json, read_yaml

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff\x85"), min_size=1)


def words_of(text: Text) -> list[str]:
    """What the file holds where each word of the value stands."""
    return [text.at(*match.span()).quote or "" for match in re.finditer(r"\S+", text.value)]


def from_yaml(source: str) -> Text:
    node = read_yaml(source).value["key"].value
    return Text(node.value, Source("post.yaml", source), "key", node.start, node.end, node.style)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("key: plain 🍁 words\n", ["plain", "🍁", "words"]),
        ("key: over\n  two 🍁\n  lines\n", ["over", "two", "🍁", "lines"]),
        ("key: 'it''s 🍁'\n", ["it''s", "🍁"]),
        ('key: "a\\u00e9 \\U0001F341b \\\n   tab\\tq\\""\n', ["a\\u00e9", "\\U0001F341b", "tab", 'q\\"']),
        ("key: |\n  first 🍁\n\n    second\n  third\n", ["first", "🍁", "second", "third"]),
        ("key: >-  # folded\n  one 🍁\n  two\n\n  three\n", ["one", "🍁", "two", "three"]),
        (BOM + "key: |\r\n  crlf 🍁\r\n  lines\r\n", ["crlf", "🍁", "lines"]),
        ("key: cafe\u0301 nai\u0308ve\n", ["cafe\u0301", "nai\u0308ve"]),
    ],
)
def test_yaml_styles(written: str, words: list[str]) -> None:
    assert words_of(from_yaml(written)) == words


def test_json_escapes_and_surrogate_pairs() -> None:
    source = BOM + '{"key": "x\\ud83c\\udf41y \\"q\\" caf\\u00e9\\n\\/end"}'
    node = read_json(source).value["key"].value
    text = Text(node.value, Source("post.json", source), "key", node.start, node.end, node.style)
    assert text.value == 'x🍁y "q" café\n/end'
    assert words_of(text) == ["x\\ud83c\\udf41y", '\\"q\\"', "caf\\u00e9", "\\/end"]


def test_csv_cell() -> None:
    raw = 'Say ""leaf""\r\nnow 🍁'
    text = Text('Say "leaf"\nnow 🍁', Source("a.csv", raw), "caption", 0, len(raw), Style.CSV)
    assert words_of(text) == ["Say", '""leaf""', "now", "🍁"]


def found_again(text: Text, decode: Callable[[str], str]) -> None:
    """Each word of the value stands where the place says, in the file's own way of writing."""
    whole = text.whole()
    assert whole.span is not None
    assert text.start <= whole.span[0] < whole.span[1] <= text.end
    for match in re.finditer(r"\S+", text.value):
        assert decode(text.at(*match.span()).quote or "") == match.group()


@given(words=st.lists(WORDS, min_size=1, max_size=8))
def test_any_text_is_found_again_in_json(words: list[str]) -> None:
    source = json.dumps({"key": " ".join(words)})
    node = read_json(source).value["key"].value
    assert node.value == " ".join(words)
    text = Text(node.value, Source("post.json", source), "key", node.start, node.end, node.style)
    found_again(text, lambda quote: str(json.loads(f'"{quote}"')))


_DECODE: dict[Style, Callable[[str], str]] = {
    Style.SINGLE: lambda quote: quote.replace("''", "'"),
    Style.DOUBLE: lambda quote: str(yaml.safe_load(f'"{quote}"')),
}


@given(words=st.lists(WORDS, min_size=1, max_size=8), style=st.sampled_from([None, "'", '"', "|", ">"]))
@example(words=["a", "b:"], style="|")
def test_any_text_is_found_again_in_yaml(words: list[str], style: str | None) -> None:
    value = " ".join(words)
    source = yaml.safe_dump({"key": value}, allow_unicode=True, width=20, default_style=style)
    node = read_yaml(source).value["key"].value
    assert node.value == value
    text = Text(node.value, Source("post.yaml", source), "key", node.start, node.end, node.style)
    found_again(text, _DECODE.get(node.style, lambda quote: quote))


def test_lines_and_columns_are_those_of_an_editor() -> None:
    source = Source("post.md", BOM + "a🍁b\r\nc\u2028d\re\n")
    assert source.line_and_column(1) == (1, 1)
    assert source.line_and_column(source.text.index("b")) == (1, 3)
    assert source.line_and_column(source.text.index("d")) == (2, 3)
    assert source.line_and_column(source.text.index("e")) == (3, 1)
