"""docs/words.yaml: what each key means, held against the keys that the code knows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _words() -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent.parent / "words.yaml").read_text("utf-8"))
    return words


def words_for(what: str, known: Iterable[str], *, more: bool = False) -> dict[str, Any]:
    """What each of the `known` keys means, in their order. With `more` there may be words for others too.

    Raises:
        ValueError: a key has no words, or words have no key.
    """
    words, wanted = _words()[what], list(known)
    missing = [key for key in wanted if key not in words]
    left = [key for key in words if key not in wanted and not more]
    if missing or left:
        raise ValueError(f"docs/words.yaml, {what}: say what {missing} means, and take out {left}.")
    return {key: words[key] for key in wanted}
