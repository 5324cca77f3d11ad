"""What the engine does with checks, options, waivers and detectors that break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import postcheck
from postcheck import engine
from postcheck.api import settle
from postcheck.catalog import load_catalog
from postcheck.config import CheckSetting, Config
from postcheck.detectors import DETECTORS
from postcheck.draft import find_drafts, read_drafts
from postcheck.errors import CannotTest, CatalogError, ConfigError, UsageError
from postcheck.model import Context, Draft, DraftReport, Message, Observation, Outcome, Severity
from postcheck.policy import load_policy
from postcheck.source import Location
from tests.drafts import write_draft

CHECK = "alt-text/placeholder"
BAD: dict[str, Any] = {
    "account": "parks", "author": "jo", "platforms": ["x"],
    "images": [{"file": "a.png", "alt": "photo", "source": "city"}],
}  # fmt: skip


def report(folder: Path, draft: Mapping[str, Any], plan: engine.Plan) -> DraftReport:
    found, _ = find_drafts([write_draft(folder / "draft", draft)], Config())
    return next(engine.check_drafts(read_drafts(found, Config()), plan))


def plan(config: Config | None = None, policy: str = "", **options: Any) -> engine.Plan:
    return settle(config or Config(), policy=policy, **options)[1]


def with_detector(original: engine.Plan, detector: Any) -> engine.Plan:
    return replace(original, by_id={**original.by_id, CHECK: replace(original.by_id[CHECK], detector=detector)})


def breaks_off(draft: Draft, options: Any, context: Context) -> Iterator[Observation]:
    yield Observation(Outcome.PASSED)
    raise ZeroDivisionError("at once")


def lacks_library(draft: Draft, options: Any, context: Context) -> Iterator[Observation]:
    import no_such_library  # type: ignore[import-not-found]  # noqa: F401

    yield Observation(Outcome.PASSED)


def cannot_test(draft: Draft, options: Any, context: Context) -> Iterator[Observation]:
    raise CannotTest("The leaves are too wet.")
    yield


def says_nonsense(draft: Draft, options: Any, context: Context) -> Iterator[Observation]:
    yield Observation(Outcome.FAILED, draft.place, {}, "failed-never-heard-of")


def leaves_blanks(draft: Draft, options: Any, context: Context) -> Iterator[Observation]:
    yield Observation(Outcome.FAILED, draft.place, {"other": 1})


@pytest.mark.parametrize(
    ("detector", "said"),
    [
        (breaks_off, "broke off: ZeroDivisionError: at once"),
        (cannot_test, "The leaves are too wet."),
        (lacks_library, "The library no_such_library is not installed"),
        (says_nonsense, "no message `failed-never-heard-of`"),
        (leaves_blanks, "cannot be filled in"),
    ],
)
def test_a_detector_that_cannot_answer_leaves_its_check_untested(tmp_path: Path, detector: Any, said: str) -> None:
    draft = report(tmp_path, BAD, with_detector(plan(), detector))
    (result,) = (result for result in draft.results if result.check == CHECK)
    assert result.outcome is Outcome.UNTESTED
    assert said in result.findings[0].message
    assert CHECK not in draft.passed
    assert draft.outcome is not Outcome.PASSED
    made = engine.make_report([draft], plan())
    assert made.blocks(Severity.ERROR)


def test_untested_at_error_level_blocks_whatever_the_threshold(tmp_path: Path) -> None:
    good = {**BAD, "images": [], "caption": "x"}
    made = engine.make_report([report(tmp_path, good, with_detector(plan(), breaks_off))], plan())
    assert made.blocks(Severity.ERROR)
    mild = plan(Config(checks={CHECK: CheckSetting(severity=Severity.NOTE)}))
    made = engine.make_report([report(tmp_path / "2", good, with_detector(mild, breaks_off))], mild)
    assert not made.blocks(Severity.ERROR)


def test_severity_options_and_off(tmp_path: Path) -> None:
    config = Config(
        checks={
            CHECK: CheckSetting(severity=Severity.NOTE),
            "alt-text/too-long": CheckSetting(options={"advice_above": 3}),
            "alt-text/too-short": CheckSetting(off=True),
        }
    )
    chosen = plan(config)
    results = {result.check: result for result in report(tmp_path, BAD, chosen).results}
    assert results[CHECK].severity is Severity.NOTE
    assert results["alt-text/too-long"].findings[0].severity is Severity.NOTE  # at_most in the check file
    assert chosen.disabled == ("alt-text/too-short",)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"alt-text/placehodler": CheckSetting()}, "Did you mean `alt-text/placeholder`?"),
        ({"alt-text/too-long": CheckSetting(options={"advise_above": 3})}, "Did you mean `advice_above`?"),
        ({"alt-text/too-long": CheckSetting(options={"advice_above": "3"})}, "must be of type int"),
    ],
)
def test_a_config_that_names_what_is_not_there(settings: dict[str, CheckSetting], said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("?", r"\?")):
        plan(Config(checks=settings))


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"select": ["alt-text/emoji"]}, ["alt-text/emoji"]),
        ({"select": ["alt-text/e*"]}, ["alt-text/emoji", "alt-text/empty"]),
        ({"select": ["alt-text"], "ignore": ["alt-text/[!e]*"]}, ["alt-text/emoji", "alt-text/empty"]),
        ({"select": ["alt-text/emoji", "governance/left-to-do"]}, ["alt-text/emoji", "governance/left-to-do"]),
    ],
)
def test_select_and_ignore(options: dict[str, Any], ids: list[str]) -> None:
    assert list(plan(**options).by_id) == ids


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a time zone"):
        plan(now=datetime(2026, 11, 12))  # noqa: DTZ001 - the fault under test


def test_select_that_matches_nothing() -> None:
    with pytest.raises(UsageError, match="matches no check"):
        plan(select=["alt-txt"])
    with pytest.raises(ConfigError, match="matches no check"):
        plan(Config(ignore=("alt-txt",)))


REASON = "The map is described street by street in the caption, as readers asked."


def waive(check: str) -> dict[str, Any]:
    return {**BAD, "waive": [{"check": check, "reason": REASON, "by": "R. Reviewer"}]}


def test_a_waiver_is_shown_and_takes_its_findings_out_of_the_count(tmp_path: Path) -> None:
    chosen = plan()
    draft = report(tmp_path, waive(CHECK), chosen)
    result, other = draft.results
    assert other.check == "alt-text/too-short"  # it yields to a check that is heard, not to one that is waived
    assert result.waived
    assert result.waiver is not None
    assert (result.waiver.reason, result.waiver.by) == (REASON, "R. Reviewer")
    assert draft.outcome is Outcome.CANT_TELL
    assert not engine.make_report([draft], chosen).blocks(Severity.ERROR)


def test_a_check_does_not_yield_to_one_that_is_taken_less_gravely(tmp_path: Path) -> None:
    lowered = plan(Config(checks={CHECK: CheckSetting(severity=Severity.NOTE)}))
    ids = [result.check for result in report(tmp_path, BAD, lowered).results]
    assert ids == [CHECK, "alt-text/too-short"]
    assert [result.check for result in report(tmp_path / "2", BAD, plan()).results] == [CHECK]


def test_an_unreadable_draft_blocks(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("", encoding="utf-8")
    assert postcheck.check(tmp_path).blocks(Severity.ERROR)


def test_boxes_and_times_overlap_only_themselves() -> None:
    box = Location("a.png", box=(0, 0, 9, 9))
    assert box.overlaps(box)
    assert not box.overlaps(Location("a.png", box=(50, 50, 9, 9)))
    assert Location("a", "f", (0, 5)).overlaps(Location("a", "f", (4, 9)))
    assert not Location("a", "f", (0, 5)).overlaps(Location("a", "f", (5, 9)))


def test_what_was_not_tested_cannot_be_waived(tmp_path: Path) -> None:
    draft = report(tmp_path, waive(CHECK), with_detector(plan(), breaks_off))
    (result,) = (result for result in draft.results if result.check == CHECK)
    assert not result.waived
    assert draft.outcome is Outcome.UNTESTED


def test_a_draft_of_which_nothing_was_checked_is_not_passed(tmp_path: Path) -> None:
    assert report(tmp_path, {"caption": "x"}, plan(select=["alt-text"])).outcome is Outcome.INAPPLICABLE
    with pytest.raises(UsageError, match="No check is left to run"):
        plan(ignore=["*"])


def test_a_waiver_of_an_unknown_check_makes_the_draft_unreadable(tmp_path: Path) -> None:
    draft = report(tmp_path, waive("alt-text/placehodler"), plan())
    (problem,) = draft.problems
    assert "Did you mean `alt-text/placeholder`?" in problem.advice
    assert problem.line is not None
    assert {result.outcome for result in draft.results} == {Outcome.UNTESTED}


def test_a_policy_may_forbid_waivers_of_its_musts(tmp_path: Path) -> None:
    draft = report(tmp_path, {**waive("governance/account-missing"), "account": None}, plan(policy="portland"))
    (result,) = (result for result in draft.results if result.check == "governance/account-missing")
    assert not result.waived
    assert result.waiver_refused == "portland:accounts-1 may not be waived."
    assert draft.outcome is Outcome.FAILED


def test_facts_of_the_config_go_before_those_of_the_policy(tmp_path: Path) -> None:
    chosen = plan(Config(facts={"platforms": ["Mastodon"]}), policy="portland")
    checks = {result.check for result in report(tmp_path, BAD, chosen).results}
    assert "governance/platform-not-approved" in checks


def test_the_zone_comes_from_the_config_or_the_policy() -> None:
    assert settle(Config(), policy="portland")[0].timezone == "America/Los_Angeles"
    assert settle(Config(timezone="America/Anchorage"), policy="portland")[0].timezone == "America/Anchorage"


def test_every_detector_of_the_table_is_used_and_every_check_has_one() -> None:
    assert {check.detector for check in load_catalog().checks.values()} == set(DETECTORS)


def test_a_check_with_an_unknown_detector() -> None:
    catalog = load_catalog()
    check = replace(catalog.checks[CHECK], detector="alt_patern")
    with pytest.raises(CatalogError, match="Did you mean `alt_pattern`"):
        engine.make_plan(replace(catalog, checks={CHECK: check}), Config())


def test_every_check_of_a_limit_can_speak_of_an_unconfirmed_one() -> None:
    """`confirmed` in platforms.yaml is a fact that changes; the message it leads to must be there."""
    catalog = load_catalog()
    speaks: dict[str, Mapping[str, Message]] = {check.detector: check.messages for check in catalog.checks.values()}
    unconfirmed = {limit.what for one in catalog.platforms.values() for limit in one.limits if not limit.confirmed}
    homes = {
        "text": "text_too_long", "alt": "alt_too_long", "images": "too_many_images", "image-bytes": "image_too_large",
        "image-formats": "image_format", "video-formats": "video_format", "video-seconds": "video_too_long",
        "captions-formats": "captions_platform_format",
    }  # fmt: skip
    assert unconfirmed <= set(homes)
    assert all("failed-unconfirmed" in speaks[homes[what]] for what in unconfirmed)
    for detector in homes.values():
        assert speaks[detector]["failed-unconfirmed"].at_most in (Severity.WARNING, Severity.NOTE)


def test_policies_know_their_checks() -> None:
    catalog = load_catalog()
    policy = load_policy("portland", catalog)
    assert all(clause.outside or clause.checks or clause.ask for clause in policy.clauses)
    assert not any(clause.outside and (clause.checks or clause.ask) for clause in policy.clauses)
    (style,) = policy.clauses_of("ap-style/time-am-pm")
    assert style.checks == tuple(check_id for check_id in catalog.checks if check_id.startswith("ap-style/"))
    assert style.ask
