"""The policies that come with postcheck, and those that a city writes."""

from __future__ import annotations

from pathlib import Path

import pytest

import postcheck
from postcheck.api import settle
from postcheck.catalog import check_path, load_catalog, read_check
from postcheck.config import CheckSetting, Config
from postcheck.errors import CatalogError
from postcheck.model import Outcome, Severity
from postcheck.policy import STRICTEST, Clause, Obligation, Policy, load_policy, policy_names, shown
from postcheck.reporters import coverage, json
from tests.drafts import write_draft

CATALOG = load_catalog()
POLICIES = {name: load_policy(name, CATALOG) for name in policy_names()}
DOCUMENTS = [policy for name, policy in POLICIES.items() if name != STRICTEST]
MUSTS = [
    pytest.param(policy, clause, id=f"{policy.id}:{clause.id}")
    for policy in DOCUMENTS
    for clause in policy.clauses
    if clause.checks and clause.obligation is Obligation.MUST
]
ROOT = Path(__file__).parent.parent


def test_the_five_and_the_strictest() -> None:
    assert {*POLICIES} == {"anchorage", "default", "fresno", "local-government-702", "oakland", "portland"}


@pytest.mark.parametrize(("policy", "clause"), MUSTS)
def test_a_must_is_shown_broken_and_kept(policy: Policy, clause: Clause) -> None:
    """By examples, which test_examples.py runs: of one check of the clause, one that fails and one that passes. Where
    its checks can only ask, one that asks."""
    names = shown(policy, clause)
    outcomes = []
    for name in names:
        check_id, _, example = name.partition(": ")
        assert check_id in clause.checks
        outcomes += [one.outcome for one in read_check(check_path(check_id)).examples if one.name == example]
    can_fail = any(name.startswith("failed") for one in clause.checks for name in CATALOG.checks[one].messages)
    assert outcomes == [Outcome.FAILED if can_fail else Outcome.CANT_TELL, Outcome.PASSED], names


def test_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    assert page == coverage.markdown(DOCUMENTS, shown), "postcheck policies --format markdown > docs/policies.md"


def test_every_clause_has_a_topic() -> None:
    assert not [(name, one.id) for name, policy in POLICIES.items() for one in policy.clauses if not one.topic]


def test_the_strictest_asks_for_every_check_and_changes_none() -> None:
    strictest = POLICIES[STRICTEST]
    assert {check_id for clause in strictest.clauses for check_id in clause.checks} == {*CATALOG.checks}
    assert not strictest.changes


@pytest.mark.parametrize("policy", DOCUMENTS, ids=lambda policy: policy.id)
def test_a_policy_does_not_ask_for_what_it_leaves_out(policy: Policy) -> None:
    left_out = {check_id for check_id, change in policy.changes.items() if change.leave_out}
    assert not left_out & {check_id for clause in policy.clauses for check_id in clause.checks}


def test_side_by_side_every_clause_stands_once() -> None:
    text = coverage.compare(DOCUMENTS)
    for policy in DOCUMENTS:
        for clause in policy.clauses:
            assert f"({clause.id}):" in text


OURS = """title: Our city
extends: {base}
facts: {{platforms: [Facebook]}}
clauses:
  - {{id: accessibility-4, clause: Ours, requires: Captions., obligation: should, ask: Captions?}}
  - {{id: ours-1, topic: people, clause: Ours, requires: Pets., obligation: must, ask: Whose pet?, when: [media]}}
"""


def ours(folder: Path, text: str, name: str = "ours.yaml") -> Policy:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_policy(str(path), CATALOG)


def test_a_city_extends_a_policy(tmp_path: Path) -> None:
    policy, base = ours(tmp_path, OURS.format(base="portland")), POLICIES["portland"]
    assert [clause.id for clause in policy.clauses] == [*(clause.id for clause in base.clauses), "ours-1"]
    (captions,) = (clause for clause in policy.clauses if clause.id == "accessibility-4")
    assert captions.ask == "Captions?"
    assert policy.facts == {**base.facts, "platforms": ["Facebook"]}
    assert policy.forbid_waivers_of == base.forbid_waivers_of
    assert policy.changes == base.changes
    assert policy.digest != base.digest


def test_a_city_extends_a_file_beside_its_own(tmp_path: Path) -> None:
    ours(tmp_path, OURS.format(base="portland"), "county.yaml")
    policy = ours(tmp_path, "title: Town\nextends: county.yaml\nforbid_waivers_of: []\n")
    assert "ours-1" in {clause.id for clause in policy.clauses}
    assert policy.forbid_waivers_of == ()


MUST = "  - {{id: a, clause: A, requires: A., obligation: must, {0}}}\n"
HEAD = "title: A city\nsource: {document: Rules}\nclauses:\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A\nextends: portlnd\n", "2:10: There is no policy `portlnd`. Did you mean `portland`?"),
        ("title: A\nextends: ours.yaml\n", "`ours.yaml` extends this policy in turn."),
        ("title: A\n", "The key `clauses` is missing"),
        (HEAD + MUST.format("checks: [governance/link-elsewhere]"), "4:5: The clause `a` is a must, and its checks only"),
        (
            HEAD + MUST.format("checks: [alt-text/missing]")
            + "changes: [{checks: [alt-text/missing], leave_out: true, because: No.}]\n",
            "All checks of the clause `a` are left out",
        ),
        (
            HEAD + MUST.format("checks: [alt-text/missing]")
            + "changes: [{checks: [alt-text], severity: note, because: No.}]\n",
            "is a must, and its checks only give notes",
        ),
        (HEAD + MUST.format("ask: Why?, when: [pets]"), "`pets` is no occasion."),
        (HEAD + MUST.format("checks: [alt-text], when: [media]"), "the clause has no `ask`"),
        (HEAD + MUST.format("ask: Why?, topic: pets"), "`pets` is no topic."),
        (HEAD + MUST.format("ask: Why?") + "changes: [{checks: [alt-text], because: x}]\n", "A change has `leave_out"),
        (HEAD + MUST.format("ask: Why?") + "changes: [{checks: [alt-text/missing], leave_out: true}]\n", "`because`"),
        (
            HEAD + MUST.format("ask: Why?") + "changes: [{checks: [alt-text/emoji], options: {x: 1}, because: x}]\n",
            "`alt-text/emoji` has no option `x`",
        ),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CatalogError) as error:
        ours(tmp_path, text)
    assert said in str(error.value)


def test_a_must_with_notes_and_a_question_is_answered(tmp_path: Path) -> None:
    assert ours(tmp_path, HEAD + MUST.format("checks: [governance/link-elsewhere], ask: Does it?")).clauses


POST = {"caption": "Leaf Day is Saturday.", "platforms": ["facebook"], "account": "a", "author": "b"}


def test_questions_stand_where_they_apply(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(OURS.format(base="default"), encoding="utf-8")
    bare = write_draft(tmp_path / "bare", POST)
    pictured = write_draft(tmp_path / "pictured", {**POST, "images": [{"alt": "A dog on a bench."}]})
    report = postcheck.check([bare, pictured], policy=str(path))
    asked = [[result for result in draft.results if ":" in result.check] for draft in report.drafts]
    assert asked[0] == []
    (question,) = asked[1]
    (finding,) = question.findings
    assert (question.check, question.clauses) == ("ours:ours-1", ("ours:ours-1",))
    assert (finding.outcome, finding.severity, finding.message) == (Outcome.CANT_TELL, Severity.WARNING, "Whose pet?")
    assert report.policy is not None
    assert "ours:ours-1" not in {clause for clause, _ in report.policy.questions}
    selected = postcheck.check(pictured, policy=str(path), select=["alt-text"])
    assert not [result for result in selected.drafts[0].results if ":" in result.check]


POLICE = "consent/police-without-permission"


def test_what_a_policy_leaves_out_the_settings_bring_back() -> None:
    assert POLICE in settle(Config(), policy="portland")[1].by_id
    assert POLICE not in settle(Config(), policy="oakland")[1].by_id
    back = Config(checks={POLICE: CheckSetting(severity=Severity.ERROR)})
    assert settle(back, policy="oakland")[1].by_id[POLICE].severity is Severity.ERROR


def test_the_settings_go_before_the_changes_of_a_policy() -> None:
    tool = "governance/tool-not-approved"
    assert settle(Config(), policy="portland")[1].by_id[tool].severity is Severity.WARNING
    graver = Config(checks={tool: CheckSetting(severity=Severity.ERROR)})
    assert settle(graver, policy="portland")[1].by_id[tool].severity is Severity.ERROR
    plain = Config(checks={"alt-text/missing": CheckSetting(options={"description_beside": False})})
    assert settle(Config(), policy="fresno")[1].by_id["alt-text/missing"].options["description_beside"] is True
    assert settle(plain, policy="fresno")[1].by_id["alt-text/missing"].options["description_beside"] is False


def test_a_question_of_a_must_may_be_answered_in_a_waiver(tmp_path: Path) -> None:
    """Portland takes no waiver of what failed under a must; what is not sure a person with a name may answer."""
    reason = "The student in this drawing is invented, as the artist has told us in writing."
    waive = [{"check": "consent/minor-without-consent", "reason": reason, "by": "R. Reviewer"}]
    asked = {**POST, "images": [{"alt": "A fourth-grader reads under a tree."}], "waive": waive}
    failed = {**POST, "images": [{"people": [{"who": "student", "minor": True}]}], "waive": waive}
    drafts = [write_draft(tmp_path / name, draft) for name, draft in (("a", asked), ("b", failed))]
    report = postcheck.check(drafts, policy="portland")
    results = [
        next(result for result in draft.results if result.check == "consent/minor-without-consent")
        for draft in report.drafts
    ]
    assert [result.outcome for result in results] == [Outcome.CANT_TELL, Outcome.FAILED]
    assert [result.waived for result in results] == [True, False]


def test_a_question_hides_the_name_of_a_minor(tmp_path: Path) -> None:
    path = write_draft(tmp_path, {**POST, "images": [{"people": [{"who": "Ada Lovelace", "minor": True}]}]})
    report = postcheck.check(path, policy="portland")
    assert "portland:photos-4" in {result.check for result in report.drafts[0].results}
    assert "Lovelace" not in json.render(report)
