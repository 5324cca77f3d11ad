"""What the record says of a draft that is to be handed over: who approved it, when, and what they answered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path

from postcheck.config import Config
from postcheck.errors import UsageError
from postcheck.messages import mark, moment, say
from postcheck.publishing.handoff import HandedAnswer
from postcheck.review.entries import Kind
from postcheck.review.records import Records
from postcheck.review.standing import Stage, Standing
from postcheck.review.words import who

_WHY_NOT: Mapping[Stage, str] = {
    Stage.WRITING: mark("It is approved no longer, or was taken back: it must be handed in again."),
    Stage.SUBMITTED: mark("It waits for approval."),
    Stage.CHANGES_ASKED: mark("Changes were asked for."),
    Stage.REJECTED: mark("It was rejected."),
}


def find_records(paths: Sequence[Path], config: Config, given: Path | None = None) -> Records | None:
    """The record that is in force: the one that is named; else that of the settings' folder; else the nearest from the
    folder that holds all of `paths` upward. None where there is none: then nobody's approval is known.

    Raises:
        UsageError: the one that is named is not there.
    """
    if given is not None:
        named = Records(given)
        if not named.path.is_file():
            raise UsageError(
                f"{named.path}: there is no record. Name its file, or the folder it belongs to: --records."
            )
        return named
    folders = [config.path.absolute().parent] if config.path else []
    try:
        start = Path(os.path.commonpath([path.resolve() for path in paths])) if paths else Path.cwd()
    except ValueError:  # Windows: on different drives
        start = Path.cwd()
    for folder in (*folders, start, *start.parents):
        if folder.is_dir() and (records := Records(folder)).path.is_file():
            return records
    return None


def why_not(standing: Standing, digest: str) -> str:
    """Why the record forbids that the draft with this digest is published; "" where it is approved."""
    if not standing.revision:
        return say("Nobody has approved it: it was never handed in.")
    if standing.digest != digest:
        if standing.stage in (Stage.APPROVED, Stage.PUBLISHED):
            return say("It was changed after it was approved: it must be handed in again.")
        return say("It was changed after it was handed in: it must be handed in again.")
    if standing.stage is Stage.SUBMITTED and standing.approvals:
        return say("It waits for the approval of one more person.")
    return say(_WHY_NOT[standing.stage]) if standing.stage in _WHY_NOT else ""


def approvals(standing: Standing, zone: tzinfo) -> tuple[str, ...]:
    """A line for each approval; and one where it is published already, so that it is not posted twice."""
    lines = [
        say("Approved by {who}, {when} ({zone}).", who=who(entry), when=moment(there), zone=there.tzname())
        for entry in standing.approvals
        for there in (entry.time.astimezone(zone),)
    ]
    if standing.stage is Stage.PUBLISHED:
        out = [entry for entry in standing.history if entry.kind is Kind.PUBLISHED][-1]
        there = out.time.astimezone(zone)
        lines.append(
            say(
                "Published already, as {who} noted on {when} ({zone}): do not post it twice.",
                who=who(out),
                when=moment(there),
                zone=there.tzname(),
            )
        )
    return tuple(lines)


def answers(standing: Standing) -> dict[tuple[str, str], list[HandedAnswer]]:
    """What was answered by those who approved it, by who asked (a clause or a check) and the question."""
    found: dict[tuple[str, str], list[HandedAnswer]] = {}
    for entry in standing.approvals:
        for told in entry.body["questions"]:
            if told.get("answer"):
                question = str(told.get("question", ""))
                answer = HandedAnswer(question, str(told["answer"]), str(told.get("comment") or ""), who(entry))
                found.setdefault((str(told.get("about", "")), question), []).append(answer)
    return found
