"""What the site tells of commands, keys, formats, figures and checks, held against the code. No page is built here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from docs.made import accuracy, checks, commands, examples, keys, markdown, policies, reports, site
from docs.made.words import words_for
from postcheck.api import settle
from postcheck.cli import main
from postcheck.cli.common import EXIT_FAULT, EXIT_FINDINGS, EXIT_USAGE
from postcheck.config import load_config
from postcheck.detectors import DETECTORS
from postcheck.model import Outcome, Severity
from postcheck.policy import Obligation

ROOT = Path(__file__).parent.parent.parent
PAGES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
WRITTEN = {
    **PAGES,
    **{ROOT / name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")},
}


def test_every_command_and_option_is_told() -> None:
    told = commands.PARTS["commands"]()
    for name, command in commands.all_commands():
        section = told.partition(f"## postcheck {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for option in command.params:
            for written in option.opts if isinstance(option, click.Option) else ():
                assert re.search(rf"`{written}[` ]", section), f"{name} {written}"
            if isinstance(option, click.Option):
                assert option.help or isinstance(option.type, click.Choice), f"{name} {option.opts}: no help"


def test_every_exit_code_is_told() -> None:
    assert set(commands.exit_codes()) == {0, EXIT_FINDINGS, EXIT_USAGE, EXIT_FAULT}


def test_every_format_is_told() -> None:
    (option,) = (option for option in main.commands["check"].params if "--format" in option.opts)
    assert isinstance(option.type, click.Choice)
    for name in option.type.choices:
        assert f"`--format {name}`" in reports.PARTS["formats"]()


@pytest.mark.parametrize("name", sorted(site.PARTS))
def test_every_part_is_made_and_stands_on_a_page(name: str) -> None:
    """Making it fails where a key of the code has no words, or words have no key."""
    assert site.PARTS[name]().strip()
    assert any(f"% made: {name}\n" in page for page in PAGES.values())


def test_pages_ask_for_no_other_parts() -> None:
    assert {name for page in PAGES.values() for name in site._PART.findall(page)} == set(site.PARTS)


def test_words_without_a_key_and_keys_without_words_are_refused() -> None:
    known = list(keys.KNOWN["waiver"])
    with pytest.raises(ValueError, match="moon"):
        words_for("waiver", [*known, "moon"])
    with pytest.raises(ValueError, match=known[-1]):
        words_for("waiver", known[:-1])


def test_the_glossary_has_the_words_of_reports_and_policies() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in (*Outcome, *Severity, *Obligation):
        assert re.search(rf"^{word.value}$", glossary, re.MULTILINE), word


def test_every_command_that_is_named_is_one() -> None:
    """In the text of pages, and in what checks advise: a command, with options that it has."""
    texts = {str(path): text for path, text in WRITTEN.items()}
    for check in checks.all_checks().values():
        texts[check.id] = "\n".join(
            [check.rationale, check.advice, *(message.advice for message in check.messages.values())]
        )
    for where, text in texts.items():
        for line in re.findall(r"`(postcheck [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
            assert _is_command(line), f"{where}: {line}"


def _is_command(line: str) -> bool:
    name, *rest = shlex.split(line.split(">")[0])[1:]
    if name.startswith("-"):
        return name in ("--version", "--help")
    command = main.commands[name]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    known = {written for option in commands.options(command) for written in option.opts}
    return all(part in known for part in rest if part.startswith("-"))


def test_the_settings_on_the_pages_of_checks_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "postcheck.toml"
    path.write_text("\n\n".join(map(checks.toml, checks.all_checks().values())), encoding="utf-8")
    _, plan = settle(load_config(path), policy="")
    assert all(plan.by_id[check.id].severity is not check.severity for check in checks.all_checks().values())


def test_the_settings_on_written_pages_are_taken(tmp_path: Path) -> None:
    for page in PAGES.values():
        for block in re.findall(
            r"^```(?:toml|\{code-block\} toml\n:caption: \S+\n)\n(.*?)^```", page, re.MULTILINE | re.DOTALL
        ):
            path = tmp_path / "postcheck.toml"
            path.write_text(block, encoding="utf-8")
            settle(load_config(path))


def test_every_detector_is_told_where_it_is_written() -> None:
    for name in DETECTORS:
        assert checks.detector(name).__name__ != "detect", name


@pytest.mark.parametrize("name", sorted(accuracy.figures()))
def test_figures_name_a_benchmark_that_is_there(name: str) -> None:
    measured = accuracy.figures()[name]
    script, *rest = measured["command"].removeprefix("python ").split()
    said = (ROOT / script).read_text(encoding="utf-8")
    assert not rest or rest[0].startswith("-") or rest[0] in said
    assert measured["material"]
    for row in measured["rows"]:
        assert ("bar" in row) == ("reached" in row), row["what"]


def test_every_clause_has_an_anchor_of_its_own() -> None:
    for policy in policies.all_policies():
        anchors = [policies.anchor(clause) for clause in policy.clauses]
        assert len(anchors) == len(set(anchors)), policy.id


def test_plain_texts_hold_no_markup_but_code() -> None:
    assert markdown.plain("a *b* _c_ <d> `e_f` [g]\nh") == r"a \*b\* \_c\_ \<d\> `e_f` \[g\] h"
    assert markdown.plain("1. one") == r"\1. one"
    assert markdown.code("a`b") == "``a`b``"
    assert markdown.block("```") == "````text\n```\n````\n"
    assert markdown.table(["a"], [["b|c"]]) == "| a |\n| --- |\n| b\\|c |\n"


def test_what_flashes_is_told_and_never_shown() -> None:
    check = checks.all_checks()["video/flashing"]
    told = [examples._pictures(example, "flashing") for example in check.examples if examples._renders(example)]
    text = "\n".join(line for lines in told for line in lines)
    assert "It is not shown here: it flashes." in text
    assert "{image}" not in text


def test_an_example_that_is_not_as_it_says_stops_the_build(tmp_path: Path) -> None:
    from dataclasses import replace

    from tests.drafts import write_draft

    check = checks.all_checks()["alt-text/missing"]
    example = next(example for example in check.examples if example.outcome is Outcome.PASSED)
    folder = write_draft(tmp_path / "draft", example.draft)
    with pytest.raises(ValueError, match="passed, not failed"):
        examples.run(check, replace(example, outcome=Outcome.FAILED), folder)
