"""A draft written by a page: what its form holds, into the draft's file and out of it.

What is written is a normal draft. Only what was changed in the form is written anew (`rewriting.py`), and the new text
is read again before it takes the place of the old one: every field must then say what the form says.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from postcheck.config import Config
from postcheck.disk import alone, new_file, sync_folder
from postcheck.draft.files import MAX_DRAFT_BYTES, draft_files, folded, is_inside, read_text
from postcheck.draft.find import Found
from postcheck.draft.folder import FRONT_MATTER, split
from postcheck.draft.form import (
    ORDER,
    Form,
    FormImage,
    FormPerson,
    FormVideo,
    FormWaiver,
    Refused,
    changes_of,
    form_of,
    tidied,
)
from postcheck.draft.keys import parse_time
from postcheck.draft.read import read_drafts
from postcheck.draft.rewriting import GONE, Keys, Rewriter, Unable
from postcheck.errors import DraftError, Problem, UsageError
from postcheck.messages import say
from postcheck.model import Draft, UnreadableDraft
from postcheck.names import safe_name, slug
from postcheck.source import BOM, Source
from postcheck.tree import Broken, Node

__all__ = [
    "Changed", "Form", "FormImage", "FormPerson", "FormVideo", "FormWaiver", "Refused", "Uneditable", "new_draft",
    "read_form", "save", "text_of",
]  # fmt: skip

LEFT_OVER = ".postcheck-"
"""What a temporary file begins with. A draft's hidden files are never looked at."""
_SAVING = f"{LEFT_OVER}save-"
_NEW_FILE = "post.md"
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAY_BE_FRONT_MATTER = ("-", "–", "—", "+", BOM)


class Uneditable(UsageError):
    """The draft is not one that a form can change: why, and what to do."""


class Changed(UsageError):
    """The file is not what the form was made from. `text` and `sha256` are what is there now."""

    def __init__(self, shown: str, text: str, sha256: str) -> None:
        super().__init__(
            say("{file} was changed by somebody else meanwhile, and nothing was saved. See what changed.", file=shown)
        )
        self.text = text
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class Written:
    """A draft's file as it was read."""

    path: Path
    text: str
    draft: Draft
    root: Node
    form: Form


def read_form(folder: Path) -> tuple[Form, str]:
    """What the form of the draft in `folder` holds, and the SHA-256 of the draft file's bytes, for the next save.

    Raises:
        Uneditable: it is no draft that a form can change, or it cannot be read.
    """
    written = read_written(folder)
    return written.form, sha256_of(written.text)


def text_of(folder: Path, form: Form) -> str:
    """What the file would be, for checking while somebody types. Nothing is written. What cannot be read as a draft is
    given all the same: checking it says why.

    Raises:
        Uneditable: it is no draft that a form can change, or it cannot be read.
        Refused: a text of the form cannot be in any file.
    """
    written, form = read_written(folder), tidied(form)
    text = changed_text(written, form)
    with suppress(UnreadableForm):
        read_back(written.path, text, form)
    return text


def save(folder: Path, form: Form, seen: str) -> str:
    """Write what is changed in the form, in one step, and give the SHA-256 of the file as it is then.

    An editor that writes at the very same moment is not noticed, as it never is.

    Args:
        seen: What `read_form` gave when the form was made.

    Raises:
        Changed: the file is another than the one that was seen.
        Uneditable: it is no draft that a form can change, or it cannot be read.
        Refused: what would be written is no draft that can be read; each reason is one of its problems.
        UsageError: the file cannot be written.
    """
    try:
        with alone(folder):
            return save_alone(folder, form, seen)
    except OSError as error:
        raise UsageError(
            say("{file} cannot be written: {reason}.", file=folder.name, reason=error.strerror or "")
        ) from None


def save_alone(folder: Path, form: Form, seen: str) -> str:
    """As `save`, where nobody else saves meanwhile."""
    path = _own_file(folder)
    text = _text_in(path)
    if sha256_of(text) != seen:
        raise Changed(path.name, text, sha256_of(text))
    written, form = read_written(folder), tidied(form)
    after = changed_text(written, form)
    read_back(path, after, form)
    if after != written.text:
        _put(path.resolve(), after)
    return sha256_of(after)


def new_draft(root: Path, name: str, form: Form) -> Path:
    """A folder in `root` with a new draft. It is named `name`, or where that is empty by the day on which it is to be
    published, else by today, and by its title or first words; with a number behind it where that name is taken.

    Raises:
        Refused: what would be written is no draft that can be read. Nothing is left behind.
        UsageError: it cannot be written.
    """
    form = tidied(form)
    name = slug(name, "post") if name.strip() else _name_for(form)
    try:
        folder = _hidden_folder(root)
        try:
            path = folder / _NEW_FILE
            path.write_text("---\n---\n", encoding="utf-8", newline="\n")
            text = changed_text(read_written(folder), form)
            read_back(path, text, form)
            _put(path, text)
            target = _claimed(root, name)
            path.replace(target / _NEW_FILE)
            sync_folder(target)
            sync_folder(root)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            say("A new draft cannot be written in {folder}: {reason}.", folder=root.name, reason=error.strerror or "")
        ) from None
    return target


def _name_for(form: Form) -> str:
    when = parse_time(form.publish_at, "") or datetime.now(UTC).astimezone()
    words = form.title or " ".join(form.caption.split()[:6])
    return f"{when:%Y-%m-%d}-{slug(words, 'post')}"


def _hidden_folder(root: Path) -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix=f"{LEFT_OVER}new-", dir=root))


def _claimed(root: Path, name: str) -> Path:
    """A new folder that nobody else has: `mkdir` makes it for one alone. Names that some system takes for the same are
    not used twice either."""
    number = 1
    while True:
        tried = safe_name(name if number == 1 else f"{name}-{number}", "post")
        number += 1
        if folded(tried) in {folded(path.name) for path in root.iterdir()}:
            continue
        with suppress(FileExistsError):
            (root / tried).mkdir()
            return root / tried


# ---------------------------------------------------------------------------------------------- reading


def sha256_of(text: str) -> str:
    """Of the file's bytes: a draft's file is UTF-8, line ends and byte order mark are in the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _own_file(folder: Path) -> Path:
    """
    Raises:
        Uneditable: there is none, or none that a form can change.
    """
    names = draft_files(folder)
    if not names:
        raise Uneditable(say("{folder} holds no draft.", folder=folder.name))
    if len(names) > 1:
        raise Uneditable(say("{folder} holds several draft files: keep one of them.", folder=folder.name))
    name = names[0]
    if name.lower() == "index.md":
        raise Uneditable(say("{file} is a page of Hugo's, which other programs read too: edit it there.", file=name))
    if name.lower() == "post.json":
        raise Uneditable(say("{file} was made by another program: change it there, or on the disk.", file=name))
    if not is_inside(folder / name, folder.resolve()):
        raise Uneditable(say("{file} is a link that leaves the draft's folder.", file=name))
    return folder / name


def _text_in(path: Path) -> str:
    try:
        return read_text(path, path.name)
    except DraftError as error:
        raise _unreadable(path, error.problems) from None


def read_written(folder: Path) -> Written:
    """
    Raises:
        Uneditable: it is no draft that a form can change, or it cannot be read.
    """
    path = _own_file(folder)
    text = _text_in(path)
    draft = _read(path, text)
    if isinstance(draft, UnreadableDraft):
        raise _unreadable(path, draft.problems)
    root, _ = split(Source(path.name, text))
    return Written(path, text, draft, root, form_of(draft, root))


def _unreadable(path: Path, problems: Sequence[Problem]) -> Uneditable:
    error = Uneditable(
        say("{file} cannot be read, so no form can be made of it: mend it on the disk.", file=path.name)
        + "".join(f"\n{problem}" for problem in problems)
    )
    error.problems = tuple(problems)
    return error


def _read(path: Path, text: str) -> Draft | UnreadableDraft:
    """By postcheck's own reader, as if the file held `text`."""
    found = Found("folder", path.parent, path.parent.name or ".")
    (draft,) = read_drafts([found], Config(), texts={path.resolve(): text})
    assert isinstance(draft, Draft | UnreadableDraft)
    return draft


class UnreadableForm(Refused):
    """What would be written is no draft that can be read."""


def read_back(path: Path, text: str, form: Form) -> None:
    """
    Raises:
        UnreadableForm: what would be written is no draft that can be read.
        Refused: it would say something else than the form.
    """
    size = len(text.encode())
    if size > MAX_DRAFT_BYTES:
        raise UnreadableForm(
            say("The draft would have {size:,} bytes; at most {most:,} are read.", size=size, most=MAX_DRAFT_BYTES)
        )
    draft = _read(path, text)
    if isinstance(draft, UnreadableDraft):
        said = "\n".join(f"{problem.message} {problem.advice}".strip() for problem in draft.problems)
        error = UnreadableForm(say("Nothing was saved.") + f"\n{said}")
        error.problems = draft.problems
        raise error
    if form_of(draft, split(Source(path.name, text))[0]) != form:
        raise Refused(
            say("Nothing was saved: what would be written does not say what the form says. Edit the draft on the disk.")
        )


# ---------------------------------------------------------------------------------------------- writing


def changed_text(written: Written, form: Form) -> str:
    """The file with the changes that make it say what the form says, its line ends and byte order mark as they are.

    Raises:
        Refused: a change would lose something that a person wrote.
    """
    mark = BOM if written.text.startswith(BOM) else ""
    text = written.text.removeprefix(BOM)
    found = _LINE_END.search(text)
    newline = found[0] if found else "\n"
    if form == written.form:
        return written.text
    try:
        if written.path.suffix.lower() == ".md":
            text = _changed_markdown(text, newline, written, form)
        else:
            text = _changed_yaml(text, newline, written, form)
    except Unable as error:
        raise Refused(say("Nothing was saved.") + f" {error} " + say("Edit the draft on the disk.")) from None
    except Broken as error:
        raise Refused(error.message) from None
    return mark + text


def _changed_yaml(text: str, newline: str, written: Written, form: Form) -> str:
    root, _ = split(Source(written.path.name, text))
    changes = dict(changes_of(written.form, form, root).changes)
    if form.caption != written.form.caption:
        changes["caption"] = form.caption or GONE
    after = Rewriter(text, newline, root).root(root, Keys(changes, ORDER), len(text))
    return after if after.strip() else f'caption: ""{newline}'


def _changed_markdown(text: str, newline: str, written: Written, form: Form) -> str:
    root, caption = split(Source(written.path.name, text))
    assert caption is not None
    changes = changes_of(written.form, form, root)
    front = FRONT_MATTER.match(text)
    if form.caption != written.form.caption:
        before, after = text[: caption.start], text[caption.end :]
        if before and before[-1] not in "\r\n" and not caption.value:  # the file ends with its front matter
            before += newline
        body = form.caption.replace("\n", newline)
        text = before + body + (newline if body and not after else "") + after
    if front is None:
        if not changes.changes and form.caption and not form.caption.startswith(_MAY_BE_FRONT_MATTER):
            return text
        text = f"---{newline}---{newline}{text}"
    front = FRONT_MATTER.match(text)
    if front is None or not changes.changes:
        return text
    start, end = front.span("yaml")
    root, _ = split(Source("post.yaml", text[start:end]))
    return text[:start] + Rewriter(text[start:end], newline, root).root(root, changes, end - start) + text[end:]


def _put(path: Path, text: str) -> None:
    """In the place of the file, in one step; what a save that broke off has left is taken away.

    Raises:
        OSError: it cannot be written.
    """

    for left in path.parent.glob(f"{_SAVING}*"):
        left.unlink(missing_ok=True)
    new, file = new_file(path.parent, _SAVING)
    try:
        with file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, new)
        new.replace(path)
        sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)
