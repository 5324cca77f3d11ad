"""Check files and policies are read strictly: every fault has its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from postcheck.analysis.text import LENGTHS
from postcheck.catalog import check_path, load_catalog, read_check
from postcheck.errors import CatalogError, UsageError
from postcheck.policy import load_policy, policy_names
from postcheck.resources import data_folder

GOOD = """title: A title
severity: error
detector: alt_missing
rationale: Because.
advice: Do it.
messages: {failed: It failed.}
"""


def check_file(folder: Path, text: str, name: str = "alt-text/fault.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("title:", "titel:"), "fault.yaml:1:1: Unknown key `titel` in a check. Did you mean `title`?"),
        (GOOD.replace("severity: error", "severity: fatal"), "fault.yaml:2:11: `fatal` is no severity."),
        (GOOD.replace("advice: Do it.\n", ""), "The key `advice` is missing in a check."),
        (GOOD.replace("{failed", "{broken"), "fault.yaml:6:12: The message `broken` belongs to no outcome."),
        (GOOD + "citations: [{clause: 1}]\n", "The key `title` is missing in a citation."),
        (GOOD + "yields_to: [alt-text/other]\n", "yields_to: there is no check `alt-text/other`."),
        (GOOD + "title: Another\n", "The key `title` is here a second time"),
        (GOOD.replace("Because.", "Because: so."), "fault.yaml:4:19: A colon followed by a space"),
    ],
)
def test_faults_in_a_check(tmp_path: Path, text: str, said: str) -> None:
    check_file(tmp_path, text)
    with pytest.raises(CatalogError) as error:
        load_catalog(tmp_path)
    assert said in str(error.value)


def test_a_fault_in_the_examples_is_found_when_they_are_read(tmp_path: Path) -> None:
    path = check_file(tmp_path, GOOD + "examples:\n  - name: one\n    outcome: pased\n    draft: {}\n")
    assert load_catalog(tmp_path).checks["alt-text/fault"].examples == ()
    with pytest.raises(CatalogError, match=r"fault.yaml:9:14: `pased` is no outcome. Did you mean `passed`"):
        read_check(path, tmp_path)


def test_nothing_may_follow_the_examples(tmp_path: Path) -> None:
    text = GOOD.replace("advice: Do it.\n", "") + "examples: []\nadvice: Do it.\n"
    with pytest.raises(CatalogError, match="must come last"):
        read_check(check_file(tmp_path, text), tmp_path)


CHECKS = load_catalog().checks


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_is_the_same_with_and_without_its_examples(check_id: str) -> None:
    assert replace(read_check(check_path(check_id)), examples=()) == replace(CHECKS[check_id], needs={})


@pytest.mark.parametrize("name", ["fault.yaml", "alt-txt/fault.yaml", "alt-text/Fault.yaml", "alt-text/a/b.yaml"])
def test_a_check_lies_in_an_area_and_has_a_plain_name(tmp_path: Path, name: str) -> None:
    check_file(tmp_path, GOOD, name)
    with pytest.raises(CatalogError):
        load_catalog(tmp_path)


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    check_file(tmp_path, GOOD)
    first = load_catalog(tmp_path).digest
    check_file(tmp_path, "title: A city\n", "policies/city.yaml")
    load_catalog.cache_clear()
    assert load_catalog(tmp_path).digest != first


def test_limits_are_dated_and_have_a_source() -> None:
    for platform in load_catalog().platforms.values():
        for limit in platform.limits:
            assert limit.source
            assert len(limit.as_of) == len("2026-11")
            assert (limit.most > 0) != bool(limit.formats), (platform.id, limit)
            assert limit.unit in LENGTHS


POLICY = """title: A city
source: {document: Rules}
clauses:
  - {id: a, clause: One, requires: Alt text., obligation: must, checks: [alt-text/missing]}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (POLICY.replace("alt-text/missing", "alt-text/mising"), "`alt-text/mising` is no check. Did you mean"),
        (POLICY.replace("must", "shall"), "`shall` is no obligation."),
        (POLICY.replace("checks: [alt-text/missing]", "checks: [alt-text/missing], outside: No."), "`outside` alone"),
        (POLICY.replace(", checks: [alt-text/missing]", ""), "`ask` or both"),
        (POLICY + "  - {id: a, clause: Two, requires: x, obligation: may, ask: Why?}\n", "a second time"),
        (POLICY + "facts: {plattforms: [x]}\n", "Did you mean `platforms`?"),
        (POLICY + "facts: {platforms: Facebook}\n", "`platforms` must be a list"),
        (POLICY + "facts: {timezone: Pacific}\n", "`Pacific` is not a time zone."),
    ],
)
def test_faults_in_a_policy(tmp_path: Path, text: str, said: str) -> None:
    path = check_file(tmp_path, text, "city.yaml")
    with pytest.raises(CatalogError) as error:
        load_policy(str(path), load_catalog())
    assert said in str(error.value)


def test_unknown_policies() -> None:
    with pytest.raises(UsageError, match="Did you mean `portland`"):
        load_policy("portlnd", load_catalog())
    with pytest.raises(UsageError):
        load_policy("../policies/portland", load_catalog())
    assert "portland" in policy_names()


def test_the_folder_of_checks_holds_no_code() -> None:
    assert not list(data_folder("checks").rglob("*.py"))
