"""The Sphinx extension: pages are written before Sphinx looks for them, parts are put into pages as it reads them, and
the name of a check becomes a link to its page.

A page says where a part belongs by a comment of its own line, `% made: NAME`, with a NAME of `PARTS`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref

from docs.made import accuracy, checks, commands, keys, platforms, policies, reports
from postcheck.catalog import AREAS, load_catalog

PARTS = {
    **accuracy.PARTS,
    **checks.PARTS,
    **commands.PARTS,
    **keys.PARTS,
    **platforms.PARTS,
    **policies.PARTS,
    **reports.PARTS,
}
"""The functions that write a part, by name."""
_PART = re.compile(r"^% made: ([\w -]+)$", re.MULTILINE)


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", write_pages)
    app.connect("env-get-outdated", pages_with_parts)
    app.connect("source-read", put_parts)
    app.connect("doctree-read", link_checks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_pages(app: Any) -> None:
    """Every page of a check, an area and a policy. One that is as it was is left alone, so that Sphinx reads it once;
    one whose check is gone goes."""
    folder = Path(app.srcdir)
    made = {folder / name: content for name, content in (*checks.pages(), *policies.pages())}
    for path, content in made.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for name in ("checks", "policies"):
        for path in (folder / name).rglob("*.*"):
            if path not in made:
                path.unlink()


def pages_with_parts(app: Any, env: Any, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """They are read anew in every build: what their parts are made of has changed where Sphinx does not look."""
    found = [name for name in env.found_docs if _PART.search(Path(env.doc2path(name)).read_text(encoding="utf-8"))]
    return [*found, "policies"]


def put_parts(app: Any, docname: str, source: list[str]) -> None:
    """
    Raises:
        KeyError: a page asks for a part that nothing writes.
    """
    source[0] = _PART.sub(lambda match: PARTS[match[1]](), source[0])
    if docname == "policies":
        source[0] += policies.more_of_the_page()


def link_checks(app: Any, doctree: nodes.document) -> None:
    """What stands as code and names a check, an area with a check behind it, or a policy's clause becomes a link."""
    here = app.env.docname
    known = load_catalog().checks
    for literal in list(doctree.findall(nodes.literal)):
        if isinstance(literal.parent, nodes.reference | pending_xref | nodes.title):
            continue
        name = literal.astext()
        page = f"checks/{name}" if name in known else _area_page(name)
        if page and page != here:
            _link(literal, page, here)
    if here == "policies":
        _link_clauses(app, doctree)


_OF_AN_AREA = re.compile(rf"({'|'.join(AREAS)}) \(\d+ checks\)")
"""As the tables of policies shorten many checks."""


def _area_page(name: str) -> str:
    match = _OF_AN_AREA.fullmatch(name)
    return f"checks/{match[1]}" if match else ""


def _link_clauses(app: Any, doctree: nodes.document) -> None:
    """In the tables of docs/policies.md, from each clause to its section on the page of its policy."""
    by_title = {policy.title: policy for policy in policies.all_policies()}
    for section in doctree.findall(nodes.section):
        policy = by_title.get(section[0].astext())
        if policy is None:
            continue
        anchors = {clause.id: policies.anchor(clause) for clause in policy.clauses}
        for row in section.findall(nodes.row):
            first = next(iter(row[0].findall(nodes.literal)), None)
            if first is not None and first.astext() in anchors:
                page = app.builder.get_relative_uri("policies", f"policies/{policy.id}")
                told = nodes.reference("", "", internal=True, refuri=f"{page}#{anchors[first.astext()]}")
                first.replace_self(told)
                told += first


def _link(literal: nodes.literal, page: str, here: str) -> None:
    told = pending_xref(
        "", refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=True, refdoc=here, refwarn=True
    )
    literal.replace_self(told)
    told += literal
