"""One module for each format: Report -> text. No input or output, no policy."""

from __future__ import annotations

from collections.abc import Callable

from postcheck.model import Report
from postcheck.reporters import json, text

REPORTERS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
}
"""By the word of --format."""
