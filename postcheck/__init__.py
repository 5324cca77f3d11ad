"""postcheck: what a city's communicators run on a draft social-media post before anyone sees it."""

from postcheck.api import check
from postcheck.errors import CatalogError, ConfigError, DraftError, PostcheckError, Problem, UsageError
from postcheck.model import DraftReport, Finding, Outcome, Report, Result, Severity
from postcheck.source import Location
from postcheck.version import __version__

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
]
