"""The report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code scanning and
editors.

- What failed has kind `fail` and its severity as level. What was left untested has the same, and says so: it holds a
  draft back as a failure does, and `open` would have level `none`, which a viewer may leave out. It is a notification
  of the run too.
- A question has kind `review`; its level is `none`, as the standard demands, and `properties.severity` keeps ours.
- What passed is left out: viewers list every result, and a calendar would have millions.
- Rules are those that results name. A finding in a zip lies in the zip, the only file there is to be opened.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any

from postcheck.display import visible
from postcheck.messages import chosen, say
from postcheck.model import Applicability, Check, DraftReport, Finding, Fix, Outcome, PolicyInForce, Report, Result
from postcheck.reporters.places import File, after, end_of, file_of, on_disk, uri
from postcheck.reporters.words import folded, unwaived
from postcheck.source import Edit, Location

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"  # the name that GitHub knows
_FINGERPRINT = "postcheck/v1"
_PROBLEM_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}  # as GitHub sorts alerts

_line = json.JSONEncoder(ensure_ascii=False).encode


def render(report: Report) -> str:
    """A result to each line."""
    ranks = {check_id: rank for rank, check_id in enumerate(_named(report))}
    run = {
        "tool": {"driver": _driver(report, ranks)},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": say("The folder in which postcheck was started.")}}},
        "columnKind": "unicodeCodePoints",
        "language": chosen(),
        "properties": {"policy": _policy(report.policy) if report.policy else None, "disabled": list(report.disabled)},
    }
    parts = [f'{{\n "$schema": {_line(_SCHEMA)},\n "version": "2.1.0",\n "runs": [{{\n']
    parts += [f'  "{key}": {_line(value)},\n' for key, value in run.items()]
    results = ",\n   ".join(map(_line, _results(report, ranks)))
    parts.append(f'  "results": [{results and f"{chr(10)}   {results}{chr(10)}  "}]\n }}]\n}}\n')
    return "".join(parts)


def _message(text: str) -> dict[str, str]:
    """Braces would be places to be filled, and brackets before parentheses a link."""
    return {"text": _literal(text)}


def _literal(text: str) -> str:
    return visible(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")


# ----------------------------------------------------------------------------------------------- the run


def _driver(report: Report, ranks: Iterable[str]) -> dict[str, Any]:
    first: dict[str, Result] = {}
    for draft in report.drafts:
        for result in draft.results:
            first.setdefault(result.check, result)
    return {
        "name": "postcheck",
        "version": report.version,
        "rules": [_rule(first[check_id], report.checks.get(check_id)) for check_id in ranks],
        "properties": {"catalog": report.catalog},
    }


def _named(report: Report) -> list[str]:
    """The checks and questions that have results, in the order of the catalog; those of a draft that cannot be read
    have none."""
    named = {result.check for draft in report.drafts if not draft.problems for result in draft.results}
    return [*(check_id for check_id in report.checks if check_id in named), *sorted(named - report.checks.keys())]


def _rule(result: Result, check: Check | None) -> dict[str, Any]:
    area = result.check.partition("/")[0]
    tags = [*([area] if check else []), *result.clauses]
    rule: dict[str, Any] = {
        "id": result.check,
        "name": "".join(word.capitalize() for word in result.check.replace(":", "-").replace("/", "-").split("-")),
        "defaultConfiguration": {"level": result.severity.value},
        "properties": {"tags": tags, "problem.severity": _PROBLEM_SEVERITY[result.severity.value]},
    }
    if check is None:  # a question of the policy
        asked = result.findings[0]
        rule["shortDescription"] = _message(asked.message)
        rule["fullDescription"] = _message(str(asked.data.get("requires", asked.message)))
        return rule
    title, rationale, advice = say(check.title), say(check.rationale), say(check.advice)
    sources = [", ".join(part for part in (one.title, one.clause) if part) for one in check.citations]
    links = [f"[{text}]({one.url})" if one.url else text for text, one in zip(sources, check.citations, strict=True)]
    rule["shortDescription"] = _message(title)
    rule["fullDescription"] = _message(rationale)
    rule["help"] = {
        "text": _literal("\n\n".join([rationale, _as_it_stands(advice), *sources])),
        "markdown": "\n\n".join(
            [rationale, _as_it_stands(advice), *(f"- {link}" for link in links), f"`postcheck explain {result.check}`"]
        ).replace("{", "{{").replace("}", "}}"),
    }  # fmt: skip
    url = next((one.url for one in check.citations if one.url), "")
    if url:
        rule["helpUri"] = url
    return rule


def _as_it_stands(advice: str) -> str:
    """An advice with places, of which a rule can fill none, says `...` there."""
    return re.sub(r"\{\w+[^{}]*\}", "...", advice)


def _policy(policy: PolicyInForce) -> dict[str, Any]:
    questions = [{"clause": clause, "ask": question} for clause, question in policy.questions]
    changes = [{"check": check_id, "change": kind, "because": because} for check_id, kind, because in policy.changes]
    head = {"id": policy.id, "title": policy.title, "digest": policy.digest}
    return {**head, "questions": questions, "changes": changes}


def _invocation(report: Report) -> dict[str, Any]:
    told = [*_unreadable(report), *_untested(report), *_to_answer(report.policy)]
    return {
        "executionSuccessful": not any(draft.problems for draft in report.drafts),
        "exitCode": report.exit_code,
        "toolExecutionNotifications": told,
    }


def _unreadable(report: Report) -> Iterator[dict[str, Any]]:
    for draft in report.drafts:
        for problem in draft.problems:
            place = _physical(on_disk(problem.path))
            if problem.line:
                region = {"startLine": problem.line, **({"startColumn": problem.column} if problem.column else {})}
                place["region"] = region
            said = say("{draft} cannot be read, so nothing in it was checked: {problem}", draft=draft.path,
                       problem=f"{problem.message} {problem.advice}".strip())  # fmt: skip
            yield {"level": "error", "message": _message(said), "locations": [{"physicalLocation": place}]}


def _untested(report: Report) -> Iterator[dict[str, Any]]:
    """Each reason once for a place, however many checks it leaves untested."""
    for draft in report.drafts:
        if draft.problems:
            continue
        found = (pair for pair in unwaived(draft) if pair[1].outcome is Outcome.UNTESTED)
        for _, finding, checks in folded(found):
            file = file_of(draft.path, finding.location.asset if finding.location else None)
            yield {
                "level": finding.severity.value,
                "message": _message(_not_checked(finding)),
                "locations": [{"physicalLocation": _physical(file)}],
                "properties": {"draft": draft.path, "checks": list(checks)},
            }


def _to_answer(policy: PolicyInForce | None) -> Iterator[dict[str, Any]]:
    """The policy's questions that every post raises."""
    for clause, question in policy.questions if policy else ():
        said = say("A person must answer for every post: {question} ({clause})", question=question, clause=clause)
        yield {"level": "note", "message": _message(said)}


# -------------------------------------------------------------------------------------------- the results


def _results(report: Report, ranks: dict[str, int]) -> Iterator[dict[str, Any]]:
    seen: Counter[tuple[str, ...]] = Counter()
    for draft in report.drafts:
        if draft.problems:
            continue
        for result in draft.results:
            shared = _shared(result)
            for finding in result.findings:
                yield _result(report, draft, result, finding, seen, {"ruleIndex": ranks[result.check], **shared})


def _shared(result: Result) -> dict[str, Any]:
    """What every finding of a result says."""
    if result.waiver is None:
        return {}
    suppression: dict[str, Any] = {
        "kind": "inSource",
        "status": "rejected" if result.waiver_refused else "accepted",
        "justification": visible(f"{result.waiver.reason} ({result.waiver.by})"),
    }
    if result.waiver_refused:
        suppression["properties"] = {"refused": result.waiver_refused}
    return {"suppressions": [suppression]}


def _result(
    report: Report, draft: DraftReport, result: Result, finding: Finding, seen: Counter[tuple[str, ...]],
    shared: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    place = finding.location
    file = file_of(draft.path, place.asset if place else None)
    is_question = finding.outcome is Outcome.CANT_TELL
    said = _not_checked(finding) if finding.outcome is Outcome.UNTESTED else finding.message
    told: dict[str, Any] = {
        "ruleId": result.check,
        "kind": "review" if is_question else "fail",
        "level": "none" if is_question else finding.severity.value,
        "message": _message(f"{said}\n{finding.advice}" if finding.advice else said),
        "locations": [{"physicalLocation": _physical(file, place)}],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(result.check, file, place, seen)},
        "properties": _properties(report, draft, result, finding, file),
        **shared,
    }
    fixes = [] if file.inside or finding.fix is None else list(_fixes(draft, finding.fix, place))
    if fixes:
        told["fixes"] = fixes
    return told


def _not_checked(finding: Finding) -> str:
    return say("Not checked: {reason}", reason=finding.message)


def _properties(report: Report, draft: DraftReport, result: Result, finding: Finding, file: File) -> dict[str, Any]:
    place = finding.location
    told: dict[str, Any] = {
        "draft": draft.path,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "blocks": not result.waived and report.is_blocking(draft, finding),
    }
    if result.clauses:
        told["clauses"] = list(result.clauses)
    if file.inside:
        told["inside"] = file.inside
    if place is None:
        return told
    if place.field is not None:
        told["field"] = place.field
    if place.box is not None:
        told["box"] = list(place.box)
    if place.interval is not None:
        told["interval"] = list(place.interval)
    return told


@lru_cache(maxsize=4096)
def _artifact(path: str) -> dict[str, str]:
    found = uri(path)
    return {"uri": found} if found.startswith("file:") else {"uri": found, "uriBaseId": _ROOT}


def _physical(file: File, place: Location | None = None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(file.path)}
    if place is not None and place.line is not None and not file.inside:
        end_line, end_column = end_of(place)
        region: dict[str, Any] = {
            "startLine": place.line, "startColumn": place.column or 1, "endLine": end_line, "endColumn": end_column,
        }  # fmt: skip
        if place.span is not None:
            region |= _offsets(place.span, place)
        if place.quote:
            region["snippet"] = {"text": place.quote}
        physical["region"] = region
    return physical


def _offsets(span: tuple[int, int], place: Location) -> dict[str, int]:
    """Without the byte order mark, on which no region may depend."""
    return {"charOffset": max(span[0] - place.marked, 0), "charLength": span[1] - span[0]}


def _fingerprint(check_id: str, file: File, place: Location | None, seen: Counter[tuple[str, ...]]) -> str:
    """The same for the same words in the same part of a draft, wherever they move; equal ones are numbered."""
    part = (place.field or place.asset, place.quote or "") if place else ("", "")
    key = (check_id, file.path, file.inside, *part)
    seen[key] += 1
    return sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _fixes(draft: DraftReport, fix: Fix, place: Location | None) -> Iterator[dict[str, Any]]:
    """What can be written as a change of text. Taking something out of a picture cannot."""
    if fix.edit and place:
        region, asset, text = _edited(fix.edit, place), fix.edit.asset, fix.edit.text
    elif fix.new_file:
        region, asset, text = {"charOffset": 0, "charLength": 0}, fix.new_file.asset, fix.new_file.text
    else:
        return
    replacement = {"deletedRegion": region, "insertedContent": {"text": text}}
    change = {"artifactLocation": _artifact(file_of(draft.path, asset).path), "replacements": [replacement]}
    yield {
        "description": _message(_trust(fix.applicability)),
        "artifactChanges": [change],
        "properties": {"applicability": fix.applicability.value},
    }


def _edited(edit: Edit, place: Location) -> dict[str, int]:
    """By offset; and by line too where it lies inside the place of the finding, whose words are known."""
    if edit.asset != place.asset:
        return _offsets(edit.span, Location(edit.asset))
    region = _offsets(edit.span, place)
    if place.span is None or place.quote is None or len(place.quote) != place.span[1] - place.span[0]:
        return region
    start, end = (offset - place.span[0] for offset in edit.span)
    if not 0 <= start <= end <= len(place.quote):
        return region
    begins = place.line or 1, place.column or 1
    line, column = after(*begins, place.quote[:start])
    end_line, end_column = after(*begins, place.quote[:end])
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column, **region}


def _trust(applicability: Applicability) -> str:
    if applicability is Applicability.SAFE:
        return say("The meaning stays: `postcheck check --fix` writes it.")
    if applicability is Applicability.UNSAFE:
        return say("Read the sentence again before you take it.")
    return say("A suggestion, perhaps one of several.")
