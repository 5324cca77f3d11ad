"""Everything that postcheck says, for translators.

    python -m locales.make

writes locales/postcheck.pot: what the code says by `say`, `say_count` and `mark`, the titles, reasons, advice and
messages of checks/, and the questions and reasons of the policies. A translation is a copy of it, filled in, as
locales/LANGUAGE/postcheck.po (`es`, `pt_BR`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from postcheck.catalog import load_catalog
from postcheck.policy import load_policy, policy_names

ROOT = Path(__file__).parent.parent
TEMPLATE = Path(__file__).parent / "postcheck.pot"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "mark": None, "say_count": (1, 2)}
HEADER = """\
# What postcheck says. A place such as {file} is filled in; write it as it stands, where your language wants it.
#"""

Said = tuple[str | tuple[str, ...], str]
"""A message, or one and several, and the file that says it."""


def in_code() -> Iterator[Said]:
    for kind, ending in (("python", "*.py"), ("jinja2", "*.html")):
        for path in sorted((ROOT / "postcheck").rglob(ending)):
            name = path.relative_to(ROOT).as_posix()
            for _, message, _, _ in extract(kind, io.BytesIO(path.read_bytes()), keywords=KEYWORDS):
                yield message, name


def in_checks() -> Iterator[Said]:
    for check_id, check in load_catalog(ROOT / "checks").checks.items():
        said = [check.title, check.rationale, check.advice]
        for message in check.messages.values():
            said += [message.text, message.advice]
        yield from ((text, f"checks/{check_id}.yaml") for text in said if text)


def in_policies() -> Iterator[Said]:
    catalog = load_catalog(ROOT / "checks")
    for name in policy_names():
        policy = load_policy(name, catalog)
        said = [text for clause in policy.clauses for text in (clause.requires, clause.ask, clause.outside) if text]
        said += [change.because for change in policy.changes.values()]
        yield from ((text, f"checks/policies/{name}.yaml") for text in said)


def template() -> str:
    """The catalogue without line numbers and dates: it changes only where something is said otherwise."""
    catalog = Catalog(project="postcheck", header_comment=HEADER, fuzzy=False)
    for message, name in (*in_code(), *in_checks(), *in_policies()):
        catalog.add(message, locations=[(name, 0)])
    for entry in catalog:
        entry.locations = sorted(set(entry.locations))
    written = io.BytesIO()
    write_po(written, catalog, width=120, include_lineno=False)
    dated = ('"POT-Creation-Date:', '"Generated-By:', '"PO-Revision-Date:', '"Last-Translator:', '"Language-Team:')
    return "".join(line for line in written.getvalue().decode().splitlines(keepends=True) if not line.startswith(dated))


if __name__ == "__main__":
    text = template()
    TEMPLATE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{TEMPLATE}: {text.count(chr(10) + 'msgid ') - 1:,} messages")
