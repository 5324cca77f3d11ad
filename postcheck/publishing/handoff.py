"""The sheet for whoever publishes: post by post and platform by platform the text, the time, the files, and what is
left for a person to do. Data first; then as a page and as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from postcheck.display import visible, visible_line
from postcheck.messages import say, say_count
from postcheck.reporters import html


@dataclass(frozen=True, slots=True)
class HandedPicture:
    file: str
    """In the folder that is handed over."""
    alt: str | None
    alt_file: str
    """With the alt text alone, to copy it from; "" where there is none."""
    is_decorative: bool
    notes: tuple[str, ...] = ()
    """What was done to it."""


@dataclass(frozen=True, slots=True)
class HandedVideo:
    file: str
    captions: tuple[str, ...]
    """Files to be uploaded with it."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """One post on one platform."""

    platform: str
    account: str
    when: str
    text: str
    text_file: str
    links: tuple[str, ...]
    pictures: tuple[HandedPicture, ...]
    videos: tuple[HandedVideo, ...]
    table: str
    """The file for Hootsuite that holds it, or ""."""
    todo: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Is the text as it stands on the sheet, without characters that nobody sees?"""
        return visible(self.text) == self.text


@dataclass(frozen=True, slots=True)
class HandedAnswer:
    """Of somebody who approved the draft, to a question of the check or of the policy."""

    question: str
    answer: str
    """"yes" or "no"; what else a program wrote."""
    comment: str
    by: str

    @property
    def line(self) -> str:
        given = {"yes": say("yes"), "no": say("no")}.get(self.answer, self.answer)
        said = say("{question} {answer} ({who})", question=self.question, answer=given, who=self.by)
        return f"{said}: {self.comment}" if self.comment else said


@dataclass(frozen=True, slots=True)
class Handed:
    """One draft."""

    title: str
    postings: tuple[Posting, ...]
    questions: tuple[str, ...]
    """Those of the check that nobody has answered."""
    approvals: tuple[str, ...] = ()
    """A line for each, where there is a record."""
    answers: tuple[HandedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file for Hootsuite."""

    file: str
    account: str
    platform: str
    rows: int
    with_media: int
    """Of the rows, those whose pictures or videos a person must add."""
    zone: str


@dataclass(frozen=True, slots=True)
class Sheet:
    posts: tuple[Handed, ...]
    tables: tuple[Table, ...]
    held: tuple[tuple[str, str], ...]
    """Drafts that were not handed over, and why."""
    questions: tuple[str, ...]
    """Of the policy, for every post."""
    checked_by: str
    switched_off: int
    """Checks."""
    has_record: bool = False
    """Is every post approved by the record? Else nobody's approval is known."""


def not_approved() -> str:
    return say("Not approved: there is no record of approvals here. Whoever may approve these posts does so elsewhere.")


def approval(sheet: Sheet) -> str:
    """What is known of it, of all posts of the sheet."""
    return say("Approved: each post tells by whom, and when.") if sheet.has_record else not_approved()


def as_page(sheet: Sheet) -> str:
    return html.styled("hand-off.html", sheet=sheet, approval=approval(sheet), table_lines=table_lines)


def as_text(sheet: Sheet) -> str:
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield say("Hand-off")
    yield approval(sheet)
    yield sheet.checked_by
    if sheet.switched_off:
        yield say_count("{number} check is switched off.", "{number} checks are switched off.", sheet.switched_off)
    for table in sheet.tables:
        yield ""
        yield from (visible_line(line) for line in table_lines(table))
    for number, post in enumerate(sheet.posts, 1):
        yield from ("", "", f"{number}. {visible_line(post.title)}")
        yield from _block(post.approvals, "")
        for posting in post.postings:
            yield from ("", f"{number}. {visible_line(posting.platform)} · {visible_line(posting.account)}")
            yield from (f"  {line}" for line in _posting(posting))
        if post.answers:
            yield from ("", f"  {say('Questions and answers')}:")
            yield from _block([answer.line for answer in post.answers], "  - ")
        if post.questions:
            yield from ("", f"  {say('Questions that nobody has answered')}:")
            yield from _block(post.questions, "  - ")
    if sheet.held:
        yield from ("", "", say("Not handed over"))
        yield from (f"- {visible_line(path)}: {visible_line(reason)}" for path, reason in sheet.held)
    if sheet.questions:
        yield from ("", "", say("What a person must answer of every post"))
        yield from _block(sheet.questions, "- ")


def table_lines(table: Table) -> Iterator[str]:
    """What to do with a file for Hootsuite."""
    yield say_count(
        "{file}: {number} post for {account} on {platform}. Times are those of {zone}.",
        "{file}: {number} posts for {account} on {platform}. Times are those of {zone}.",
        table.rows,
        file=table.file,
        account=table.account,
        platform=table.platform,
        zone=table.zone,
    )
    yield say("Upload it in Hootsuite's Bulk Composer as it is: a spreadsheet that saves it may change it.")
    if table.with_media:
        yield say_count(
            "{number} of them has pictures or videos: add them before you schedule it, or it is posted without.",
            "{number} of them have pictures or videos: add them before you schedule them, or they are posted without.",
            table.with_media,
        )


def _posting(posting: Posting) -> Iterator[str]:
    yield f"{say('When')}: {posting.when}"
    yield f"{say('Hootsuite')}: {posting.table or say('by hand')}"
    yield f"{say('Text')} ({posting.text_file}):"
    yield from (f"    {line}" for line in visible(posting.text).split("\n"))
    if not posting.is_exact:
        yield say("It holds characters that nobody sees, written here as \\u200e and the like: copy it from the file.")
    for link in posting.links:
        yield f"{say('Link')}: {visible_line(link)}"
    for picture in posting.pictures:
        yield f"{say('Picture')}: {picture.file}"
        yield from (f"  {note}" for note in picture.notes)
        if picture.is_decorative:
            yield f"  {say('It is decorative: no alt text.')}"
        elif picture.alt is not None:
            yield f"  {say('Alt text to paste')} ({picture.alt_file}):"
            yield from (f"    {line}" for line in visible(picture.alt).split("\n"))
    for video in posting.videos:
        yield f"{say('Video')}: {video.file}"
        yield from (f"  {note}" for note in video.notes)
        yield from (f"  {say('Captions file to upload')}: {name}" for name in video.captions)
    yield f"{say('To do')}:"
    yield from _block(posting.todo, "- ")


def _block(lines: Sequence[str], mark: str) -> Iterator[str]:
    yield from (mark + visible_line(line) for line in lines)
