"""Markdown from plain texts: nothing in a text of the project is taken for markup but `code`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\*_<>\[\]|#~$])")
_CODE = re.compile(r"(`[^`]+`)")


def plain(text: str) -> str:
    """`text` as it stands, on one line, but with its `code` as code."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(part if part.startswith("`") and len(part) > 1 else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text).replace("`", "\\`")
    return re.sub(r"^([-+=]|\d+[.)])(?=\s|$)", r"\\\1", escaped)


def code(text: str) -> str:
    """`text` as code, whatever marks it holds."""
    text = " ".join(text.split(" ")).replace("\n", " ")
    marks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def block(text: str, language: str = "text", caption: str = "") -> str:
    """A block of code, fenced by more marks than it holds. Sphinx gives it its `caption`."""
    marks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    head = f"{{code-block}} {language}\n:caption: {caption}\n" if caption else language
    return f"{marks}{head}\n{text.rstrip()}\n{marks}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def _cell(cell: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", cell.replace("\n", " "))


def counted(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"
