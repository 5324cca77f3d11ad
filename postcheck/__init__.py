"""postcheck: what a city's communicators run on a draft social-media post before anyone sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from postcheck.version import __version__

if TYPE_CHECKING:
    from postcheck.api import check
    from postcheck.errors import CatalogError, ConfigError, DraftError, PostcheckError, Problem, UsageError
    from postcheck.model import DraftReport, Finding, Outcome, Report, Result, Severity
    from postcheck.source import Location

__all__ = [
    "CatalogError",
    "ConfigError",
    "DraftError",
    "DraftReport",
    "Finding",
    "Location",
    "Outcome",
    "PostcheckError",
    "Problem",
    "Report",
    "Result",
    "Severity",
    "UsageError",
    "__version__",
    "check",
    "fix",
]

_HOMES = {
    "check": "api",
    "fix": "api",
    **dict.fromkeys(("CatalogError", "ConfigError", "DraftError", "PostcheckError", "Problem", "UsageError"), "errors"),
    **dict.fromkeys(("DraftReport", "Finding", "Outcome", "Report", "Result", "Severity"), "model"),
    "Location": "source",
}


def __getattr__(name: str) -> Any:
    """The public names are fetched when first used: `postcheck --version` must not wait for the engine."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"postcheck.{_HOMES[name]}"), name)
