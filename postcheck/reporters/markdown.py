"""The report as Markdown, for a comment on a pull request: what holds the drafts back, then questions, then advice.

Words of a draft are told literally: they make no link, picture, mention, HTML or list, and ping nobody. GitHub takes
65,536 characters; what is more is left out, drafts that are held back last, and the comment says how much that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from postcheck.display import visible_line
from postcheck.errors import Problem
from postcheck.messages import say, say_count
from postcheck.model import DraftReport, Finding, Outcome, Report, Result
from postcheck.reporters.counts import of_drafts
from postcheck.reporters.words import (
    fixable,
    folded,
    found,
    held_back,
    joined,
    kind_word,
    left_to_people,
    outcome_word,
    place_of,
    severity_word,
    totals,
    unwaived,
)

LIMIT = 65_536
"""Characters of a comment on GitHub. Counted here as bytes of UTF-8, of which a text never has fewer."""
_RESERVE = 600
"""Kept for the note on what is left out."""
_OPEN = 3
"""So many drafts are told unfolded."""
_QUOTE_LENGTH = 120
_TEXT_LENGTH = 1000


@dataclass(slots=True)
class _Block:
    """A draft: `items` can be left out from the end, the rest stands or falls together."""

    head: str
    tail: str
    items: list[str] = field(default_factory=list)
    blocking: list[bool] = field(default_factory=list)
    """Whether each item holds the draft back; a heading is no item of its own."""


def render(report: Report) -> str:
    head = f"### postcheck: {plain(held_back(report))}\n\n{plain(totals(report))}\n\n"
    foot = _foot(report)
    told = [draft for draft in report.drafts if draft.problems or draft.results]
    blocks = [_block(report, draft, is_folded=len(told) > _OPEN) for draft in _gravest_first(report, told)]
    room = LIMIT - _RESERVE - _size(head) - _size(foot)
    body, rest = _fitting(blocks, room)
    return head + body + rest + foot


def _gravest_first(report: Report, drafts: Sequence[DraftReport]) -> list[DraftReport]:
    return sorted(drafts, key=lambda draft: not report.holds_back(draft))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))


def _fitting(blocks: Sequence[_Block], room: int) -> tuple[str, str]:
    """As much as there is room for, and a note on what is left out."""
    parts: list[str] = []
    left = [0, 0, 0]
    """Drafts of which something is left out, their findings, and those of them that block."""
    for block in blocks:
        room -= _size(block.head) + _size(block.tail)
        taken = 0
        while room >= 0 and taken < len(block.items) and _size(block.items[taken]) <= room:
            room -= _size(block.items[taken])
            taken += 1
        if room >= 0 and (taken or not block.items):
            parts += [block.head, *block.items[:taken], block.tail]
        if taken < len(block.items):
            room = -1  # what follows is less grave: nothing of it stands where graver things are left out
            left[0] += 1
            left[1] += len(block.items) - taken
            left[2] += sum(block.blocking[taken:])
    return "".join(parts), _left_out(*left)


def _left_out(drafts: int, findings: int, blocking: int) -> str:
    if not findings:
        return ""
    lines = [
        say_count("{number} finding is left out here, for a comment can hold no more",
                  "{number} findings are left out here, for a comment can hold no more", findings),
        say_count("in {number} draft", "in {number} drafts", drafts),
        say_count("{number} of them holds a draft back", "{number} of them hold a draft back", blocking),
    ]  # fmt: skip
    return f"**{plain('; '.join(lines))}.** {plain(say('`postcheck check` tells them all.'))}\n\n"


def _foot(report: Report) -> str:
    lines = [line for line in (fixable(report), *left_to_people(report)) if line]
    questions = [f"{plain(ask)} {code(clause)}" for clause, ask in (report.policy.questions if report.policy else ())]
    text = "".join(f"- {plain(line)}\n" for line in lines)
    if questions:
        asked = "".join(f"- {question}\n" for question in questions)
        title = _html(say("What a person must answer for every post"))
        text += f"\n<details><summary>{title}</summary>\n\n{asked}\n</details>\n"
    return text


def _block(report: Report, draft: DraftReport, *, is_folded: bool) -> _Block:
    counts = of_drafts([draft])
    word = f"{outcome_word(draft)}" + ("" if draft.problems else f": {found(counts)}")
    if is_folded:
        name = f"<code>{_html(visible_line(draft.path))}</code>"
        block = _Block(f"<details><summary>{name} {_html(word)}</summary>\n\n", "\n</details>\n\n")
    else:
        block = _Block(f"#### {code(draft.path)} {plain(word)}\n\n", "\n")
    for problem in draft.problems:
        _add(block, _problem(problem), blocks=True)
    if draft.problems:
        return block
    told = folded(unwaived(draft))
    blocking = [together for together in told if report.is_blocking(draft, together[1])]
    others = [together for together in told if not report.is_blocking(draft, together[1])]
    by_outcome = {outcome: [one for one in others if one[1].outcome is outcome] for outcome in Outcome}
    for title, group, blocks in (
        (say("Holds it back"), blocking, True),
        (say("Questions"), by_outcome[Outcome.CANT_TELL], False),
        (say("Not checked"), by_outcome[Outcome.UNTESTED], False),
        (say("Advice"), by_outcome[Outcome.FAILED], False),
    ):
        for number, together in enumerate(group):
            heading = "" if number else f"{'' if not block.items else chr(10)}**{plain(title)}**\n\n"
            _add(block, heading + _finding(*together), blocks=blocks)
    for result in draft.results:
        if result.waived and result.waiver:
            waived = say("Waived by {by}: {reason}", by=result.waiver.by, reason=result.waiver.reason)
            _add(block, f"\n{code(result.check)} {plain(waived)}\n", blocks=False)
    return block


def _add(block: _Block, item: str, *, blocks: bool) -> None:
    block.items.append(item)
    block.blocking.append(blocks)


def _problem(problem: Problem) -> str:
    return f"- {code(problem.place)} {plain(f'{problem.message} {problem.advice}'.strip())}\n"


def _finding(result: Result, finding: Finding, checks: Sequence[str]) -> str:
    return "".join(_lines(result, finding, checks))


def _lines(result: Result, finding: Finding, checks: Sequence[str]) -> Iterator[str]:
    kind = kind_word(finding.outcome)
    named = ", ".join(part for part in (severity_word(finding.severity), kind, joined(checks)) if part)
    yield f"- {code(place_of(finding.location))} {plain(finding.message)} <sub>{plain(named)}</sub>\n"
    quote = finding.location.quote if finding.location else None
    if quote:
        line = " ".join(quote.split())
        yield f"  {code(line if len(line) <= _QUOTE_LENGTH else f'{line[:_QUOTE_LENGTH]}...')}\n"
    if finding.advice:
        yield f"  → {plain(finding.advice)}\n"
    if result.waiver_refused:
        yield f"  {plain(say('The waiver does not hold: {reason}', reason=result.waiver_refused))}\n"


# ------------------------------------------------------------------------------------------ literal words

_CODE = re.compile(r"`([^`]+)`")
_ACTIVE = re.compile(r"://|www\.|GH-(?=\d)|:(?=[\w+-]+:)|[\\`*_{}\[\]<>#~|&$!@]", re.IGNORECASE)
_BREAK = "&#8203;"
"""A space without width: GitHub looks for mentions, references and addresses in the text that a reader sees."""
_SAFE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "<span>$</span>", "@": f"@{_BREAK}", "#": f"#{_BREAK}"}


def plain(text: str) -> str:
    """`text` as it stands, on one line, but for what stands between two backticks, which is code."""
    parts: list[str] = []
    line = visible_line(text)
    if len(line) > _TEXT_LENGTH:
        line = f"{line[:_TEXT_LENGTH]}..."
    for number, part in enumerate(_CODE.split(line)):
        parts.append(code(part) if number % 2 else _ACTIVE.sub(_inert, part))
    return "".join(parts)


def _inert(match: re.Match[str]) -> str:
    found = match.group()
    if len(found) > 1 or found == ":":  # an address, a reference, or the name of an emoji
        return f"{found[0]}{_BREAK}{found[1:]}"
    return _SAFE.get(found, f"\\{found}")


def code(text: str) -> str:
    """`text` as code: nothing in it means anything."""
    line = visible_line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) or not line else ""
    return f"{fence}{space}{line}{space}{fence}"


def _html(text: str) -> str:
    """In a line of HTML, where Markdown means nothing."""
    line = visible_line(text)
    for char, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", f"@{_BREAK}"), ("#", f"#{_BREAK}")):
        line = line.replace(char, safe)
    return line
