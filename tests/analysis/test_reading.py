"""The reading level asks the library only for what needs no dictionary, and loads it only where it may matter."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from postcheck.analysis.reading import grade_of, may_reach, words_of
from tests.test_public import imported_by

HARD = ["Implementation of infrastructure rehabilitation necessitates comprehensive transportation restrictions."] * 4
EASY = ["We pick up leaves next week.", "Rake them to the curb by noon.", "Thank you all for your help with this."]


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    nltk = pytest.importorskip("nltk")

    def refuse(*arguments: Any, **options: Any) -> None:
        raise AssertionError("the network is asked")

    monkeypatch.setattr(nltk, "download", refuse)
    monkeypatch.setattr(socket, "socket", refuse)
    assert grade_of(HARD) > 20
    assert grade_of(EASY) < 5


def test_the_estimate_is_on_the_safe_side() -> None:
    for sentences in (HARD, EASY, [*HARD, *EASY], ["Residents should separate leaves and garbage before Tuesday."]):
        assert may_reach(sentences, grade_of(sentences))
    assert not may_reach(EASY, 12)
    assert not may_reach([], 0)


def test_words() -> None:
    assert words_of("Don't park at 10:30 a.m. on the well-known 1,000-foot street, U.S. 26.") == [
        "Don't", "park", "at", "10", "30", "a.m", "on", "the", "well-known", "1,000-foot", "street", "U.S", "26",
    ]  # fmt: skip


def test_a_clean_caption_loads_no_library(tmp_path: Path) -> None:
    caption = "Leaf pickup begins Monday. " * 20 + "We’ll see you at the park — bring a rake. #LeafDay #PDX"
    (tmp_path / "post.md").write_text(
        f"---\naccount: parks\nauthor: jo\nplatforms: [facebook]\n---\n{caption}\n", encoding="utf-8"
    )
    loaded = imported_by("check", str(tmp_path), "--select", "text-access")
    assert not loaded & {"wordsegment", "textstat", "nltk", "regex", "eld"}
