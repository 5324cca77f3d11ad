"""The figures at the end of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from postcheck.model import DraftReport, Report


def summary(report: Report) -> dict[str, int]:
    """Findings that no waiver covers, by outcome and by severity; those that --fix mends; drafts; waivers that hold;
    unreadable drafts.

    failed + cantTell + untested == error + warning + note == all such findings. An unreadable draft counts once, as
    unreadable, and not once for each check it leaves untested.
    """
    return of_drafts(report.drafts)


def of_drafts(drafts: Sequence[DraftReport]) -> dict[str, int]:
    """As `summary`, of some drafts."""
    findings = [finding for draft in drafts for finding in draft.findings()]
    outcomes = Counter(finding.outcome.value for finding in findings)
    severities = Counter(finding.severity.value for finding in findings)
    return {
        "drafts": len(drafts),
        "unreadable": sum(bool(draft.problems) for draft in drafts),
        **{name: outcomes[name] for name in ("failed", "cantTell", "untested")},
        **{name: severities[name] for name in ("error", "warning", "note")},
        "fixable": sum(finding.safe_fix is not None for finding in findings),
        "waived": sum(result.waived for draft in drafts for result in draft.results),
    }
