"""One module for each format: Report -> text. No input or output, no policy."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from postcheck.model import Report

REPORTERS = {
    "text": "postcheck.reporters.text",
    "json": "postcheck.reporters.json",
    "sarif": "postcheck.reporters.sarif",
    "github": "postcheck.reporters.github",
    "junit": "postcheck.reporters.junit",
    "markdown": "postcheck.reporters.markdown",
}
"""By the word of --format, the module whose `render` writes it; imported when it is asked for."""


def reporter(name: str) -> Callable[[Report], str]:
    """The `render` of the format."""
    render: Callable[[Report], str] = import_module(REPORTERS[name]).render
    return render
