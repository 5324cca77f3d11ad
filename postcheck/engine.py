"""Choose the checks, run their detectors over every draft, collect the results: the only loop."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from postcheck.catalog import ACCOUNT_AREA, Catalog, area_of, matching
from postcheck.config import Config
from postcheck.detectors import DETECTORS, FINDERS
from postcheck.detectors.hiding import Hiding
from postcheck.detectors.scan import Scan, broken
from postcheck.detectors.veil import Veil
from postcheck.detectors.writing import COMMON_OPTIONS, HOUSE_WORDS, Detector, Finder
from postcheck.errors import CatalogError, Problem, UsageError, did_you_mean
from postcheck.messages import fill, mark, say
from postcheck.model import (
    NEEDS,
    Check,
    ClauseInForce,
    Context,
    Draft,
    DraftReport,
    Finding,
    Message,
    Observation,
    Options,
    Outcome,
    PolicyInForce,
    Report,
    Result,
    Severity,
    UnreadableDraft,
    gravest_outcome,
    mildest,
)
from postcheck.occasions import occasion
from postcheck.policy import Clause, Policy, zone
from postcheck.version import __version__


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check as it is to be run: with the config's severity and options and the city's facts."""

    check: Check
    detector: Detector
    severity: Severity
    options: Options
    clauses: tuple[str, ...]
    waiver_forbidden_by: str
    """The clause that forbids a waiver, or ""."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run needs beside the drafts."""

    by_id: Mapping[str, PlannedCheck]
    """The checks that are run, in the order of the catalog."""
    rank: Mapping[str, int]
    """The place of each in that order."""
    alone: tuple[str, ...]
    """Those that run by themselves: all but the ones that `scan` looks for together."""
    catalog: Catalog
    policy: Policy | None
    facts: Mapping[str, Any]
    """Of the city: the policy's, and over them the config's."""
    context: Context
    scan: Scan
    hiding: Hiding
    name_finders: Mapping[str, tuple[Finder, Options]]
    """Of the checks that find names to be hidden, by expressions."""
    disabled: tuple[str, ...]
    in_force: PolicyInForce | None
    """What reports keep of the policy."""
    questions: tuple[Clause, ...] = ()
    """Of the policy, those that a draft may give occasion to."""


def make_plan(
    catalog: Catalog,
    config: Config,
    policy: Policy | None = None,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    now: datetime | None = None,
) -> Plan:
    """Choose the checks and settle their options.

    `select` and `ignore` are ids, areas or shell patterns, and come on top of the config's.

    Raises:
        ConfigError: the config names an unknown check or option.
        UsageError: `select` or `ignore` match no check, or leave none; `now` has no zone.
        CatalogError: a check names a detector that is not in the table.
    """
    if now is not None and now.tzinfo is None:
        raise UsageError("The moment to judge by needs a time zone.")
    for check_id in config.checks:
        if check_id not in catalog.checks:
            raise config.wrong(
                check_id, f"There is no check `{check_id}`.", did_you_mean(check_id, list(catalog.checks))
            )
    selected = _matched(catalog, config, "select", config.select) & _matched(catalog, None, "--select", select)
    ignored = _matched(catalog, config, "ignore", config.ignore, nothing=True)
    ignored |= _matched(catalog, None, "--ignore", ignore, nothing=True)
    off = {check_id for check_id, setting in config.checks.items() if setting.off}
    changes = policy.changes if policy else {}
    off |= {check_id for check_id, change in changes.items() if change.leave_out and check_id not in config.checks}
    facts = {**(policy.facts if policy else {}), **config.facts}
    if config.lists.accounts is not None:
        facts["accounts"] = [*facts.get("accounts", ()), *(account.name for account in config.lists.accounts)]
    planned = tuple(
        _planned(check, config, policy, facts, catalog.parts)
        for check_id, check in catalog.checks.items()
        if check_id in selected and check_id not in ignored | off
    )
    if not planned:
        raise UsageError("No check is left to run: look at --select, --ignore and the config.")
    enabled = {item.check.id for item in planned}
    limited = bool(select or config.select)  # who wants to hear of alt texts alone is asked nothing else
    hiders = [check for check in catalog.checks.values() if check.hides]
    names = {
        check.id: (FINDERS[check.detector], _planned(check, config, policy, facts, catalog.parts).options)
        for check in hiders
        if check.detector == "pattern"  # a classifier is too slow to be run where nobody asked for it
    }
    return Plan(
        by_id={item.check.id: item for item in planned},
        rank={item.check.id: number for number, item in enumerate(planned)},
        alone=tuple(item.check.id for item in planned if item.check.detector not in FINDERS),
        catalog=catalog,
        policy=policy,
        facts=facts,
        context=Context(_moment(now, config, facts), catalog.platforms, config.lists),
        scan=Scan(
            {
                item.check.id: (FINDERS[item.check.detector], item.options)
                for item in planned
                if item.check.detector in FINDERS
            }
        ),
        hiding=Hiding(
            [check.id for check in hiders],
            {check_id: finder for check_id, finder in names.items() if check_id not in enabled},
            [word for part in _NO_NAMES for word in catalog.parts.get(part, ())],
        ),
        name_finders=names,
        disabled=tuple(check_id for check_id in catalog.checks if check_id not in enabled),
        in_force=_in_force(policy, {item.check.id: item for item in planned}) if policy else None,
        questions=tuple(clause for clause in policy.clauses if clause.when) if policy and not limited else (),
    )


def _moment(now: datetime | None, config: Config, facts: Mapping[str, Any]) -> datetime:
    """Now, on the city's clock: a release that holds until today holds until the day is over there."""
    timezone = config.timezone or str(facts.get("timezone", ""))
    return now or datetime.now(zone(timezone) or UTC)


_NO_NAMES = ("no_person", "month", "month_cut", "weekday", "weekday_cut")
"""Parts whose words are in no name of a person."""


def _matched(
    catalog: Catalog, config: Config | None, name: str, patterns: Sequence[str], *, nothing: bool = False
) -> set[str]:
    """The checks that the patterns name. No pattern names every check, or no check where `nothing` says so."""
    if not patterns and not nothing:
        return set(catalog.checks)
    found: set[str] = set()
    for pattern in patterns:
        ids = matching(pattern, catalog.checks)
        if not ids:
            advice = did_you_mean(pattern, list(catalog.checks))
            if config is not None:
                raise config.wrong(name, f"`{name}` names `{pattern}`, which matches no check.", advice)
            raise UsageError(f"{name}: `{pattern}` matches no check. {advice}".strip())
        found.update(ids)
    return found


def _planned(
    check: Check,
    config: Config,
    policy: Policy | None,
    facts: Mapping[str, Any],
    parts: Mapping[str, Sequence[str]],
) -> PlannedCheck:
    if check.detector not in DETECTORS:
        raise CatalogError(f"{check.id}: no detector `{check.detector}`. {did_you_mean(check.detector, [*DETECTORS])}")
    setting = config.checks.get(check.id)
    change = policy.changes.get(check.id) if policy else None
    own = {**check.options, **(change.options if change else {})}
    options = Options(own)
    if check.detector in FINDERS:
        options = Options({**COMMON_OPTIONS, "allow": facts.get(HOUSE_WORDS, []), **own})
    if "parts" in options:
        options["parts"] = {**parts, **options["parts"]}
    for option, fact in check.facts.items():
        options[option] = [*options["allow"], *facts.get(fact, [])] if option == "allow" else facts.get(fact, [])
    for option, value in (setting.options if setting else {}).items():
        if option not in options:
            raise config.wrong(option, f"`{check.id}` has no option `{option}`.", did_you_mean(option, list(options)))
        if type(value) is not type(options[option]) and not _both_numbers(value, options[option]):
            wanted = type(options[option]).__name__
            raise config.wrong(option, f"The option `{option}` of `{check.id}` must be of type {wanted}.")
        options[option] = {**options[option], **value} if option == "parts" else value
    if setting and setting.options and check.detector in FINDERS:
        from postcheck.detectors import settings  # few configs change the options of a writing check

        settings.changed(options, dict(setting.options))
        for option, message in settings.faults(options, dict(setting.options)):
            raise config.wrong(option, f"{check.id}: {message}")
    if not (setting and "parts" in setting.options):
        options[NEEDS] = check.needs
    clauses = policy.clauses_of(check.id) if policy else []
    forbidding = [clause for clause in clauses if policy and clause.obligation in policy.forbid_waivers_of]
    return PlannedCheck(
        check=check,
        detector=DETECTORS[check.detector],
        severity=(setting.severity if setting else None) or (change.severity if change else None) or check.severity,
        options=options,
        clauses=tuple(f"{policy.id}:{clause.id}" for clause in clauses) if policy else (),
        waiver_forbidden_by=f"{policy.id}:{forbidding[0].id}" if policy and forbidding else "",
    )


def _both_numbers(one: Any, other: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in (one, other))


def check_drafts(drafts: Iterable[Draft | UnreadableDraft], plan: Plan) -> Iterator[DraftReport]:
    """The report of each draft, in order, as soon as it is there."""
    for draft in drafts:
        yield look_at(draft, plan)[0]


def make_report(drafts: Iterable[DraftReport], plan: Plan, fail_on: Severity = Severity.ERROR) -> Report:
    reports = tuple(drafts)
    named = {result.check for draft in reports for result in draft.results}
    return Report(
        version=__version__,
        catalog=plan.catalog.digest,
        policy=plan.in_force,
        drafts=reports,
        disabled=plan.disabled,
        fail_on=fail_on,
        checks={check_id: planned.check for check_id, planned in plan.by_id.items() if check_id in named},
    )


def _in_force(policy: Policy, by_id: Mapping[str, PlannedCheck]) -> PolicyInForce:
    questions = tuple(
        (f"{policy.id}:{clause.id}", say(clause.ask)) for clause in policy.clauses if clause.ask and not clause.when
    )
    changes = tuple(
        (check_id, change.kind, say(change.because))
        for check_id, change in policy.changes.items()
        if change.leave_out == (check_id not in by_id)
        and (change.severity is None or change.severity is by_id[check_id].severity)
    )
    clauses = tuple(
        ClauseInForce(
            id=f"{policy.id}:{clause.id}",
            heading=clause.clause,
            requires=say(clause.requires),
            obligation=clause.obligation.value,
            checks=clause.checks,
            ask=say(clause.ask),
            outside=say(clause.outside),
        )
        for clause in policy.clauses
    )
    url = policy.source.get("url", "")
    return PolicyInForce(policy.id, policy.title, policy.digest, questions, changes, url, clauses)


def check_draft(draft: Draft, plan: Plan) -> DraftReport:
    """Every check of the plan is accounted for, whatever its detector does."""
    return look_at(draft, plan)[0]


def look_at(draft: Draft | UnreadableDraft, plan: Plan) -> tuple[DraftReport, Veil]:
    """The report, and the veil that is over it: over the names that may be shown nowhere else either."""
    if isinstance(draft, UnreadableDraft):
        return _unreadable(draft, plan)
    problems = _unknown_waivers(draft, plan)
    if problems:
        return _unreadable(UnreadableDraft(draft.path, problems, draft.source.text), plan)
    waived = {
        waiver.check.value
        for waiver in draft.waivers
        if not (plan.by_id.get(waiver.check.value) and plan.by_id[waiver.check.value].waiver_forbidden_by)
    }
    seen, idle = _see(draft, plan)
    veil = plan.hiding.veil(draft, seen, plan.context, plan.name_finders)
    results: list[Result] = []
    inapplicable = set(idle)
    for check_id in sorted(seen, key=plan.rank.__getitem__):
        planned = plan.by_id[check_id]
        observations = _yielding(planned, plan, seen, waived)
        outcome = gravest_outcome(observation.outcome for observation in observations)
        if outcome is Outcome.INAPPLICABLE and not seen[check_id]:
            inapplicable.add(check_id)
        elif outcome not in (Outcome.PASSED, Outcome.INAPPLICABLE):
            if veil:
                observations = [veil.over_observation(observation) for observation in observations]
            result = _result(planned, observations, draft)
            results.append(replace(result, waiver=veil.over_waiver(result.waiver)) if result.waiver else result)
    results += _asked(draft, plan, veil)
    in_order = tuple(plan.rank)
    passed = _others(in_order, frozenset((*inapplicable, *(result.check for result in results))))
    outcomes = [result.outcome for result in results if not result.waived]
    if passed or len(outcomes) < len(results):
        outcomes.append(Outcome.PASSED)
    report = DraftReport(
        path=veil.over_path(draft.path),
        digest=draft.digest,
        outcome=gravest_outcome(outcomes),
        results=tuple(results),
        passed=passed,
        inapplicable=tuple(check_id for check_id in in_order if check_id in inapplicable) if inapplicable else (),
        emergency=draft.is_emergency,
    )
    return report, veil


def _asked(draft: Draft, plan: Plan, veil: Veil) -> Iterator[Result]:
    """The policy's own questions to which the draft gives occasion, each under the name of its clause."""
    for clause in plan.questions:
        place = occasion(draft, clause.when)
        if place and plan.policy:
            name = f"{plan.policy.id}:{clause.id}"
            hidden = veil.over_place(place)  # it may quote a name
            told = {"requires": say(clause.requires)}
            finding = Finding(Outcome.CANT_TELL, clause.severity, say(clause.ask), "", hidden, told)
            yield Result(name, Outcome.CANT_TELL, clause.severity, (name,), (finding,))


@lru_cache(maxsize=256)
def _others(check_ids: tuple[str, ...], left_out: frozenset[str]) -> tuple[str, ...]:
    """Kept, since of thousands of drafts most fail the same few checks."""
    return tuple(check_id for check_id in check_ids if check_id not in left_out)


def _see(draft: Draft, plan: Plan) -> tuple[dict[str, Sequence[Observation]], frozenset[str]]:
    """What the checks saw, but for those of writing that found all in order; and those that had nothing to read. The
    checks of an account look at nothing else, and no other looks at an account."""
    if draft.profile is not None:
        own = [check_id for check_id in plan.alone if area_of(check_id) == ACCOUNT_AREA]
        seen = {check_id: _observe(plan.by_id[check_id], draft, plan.context) for check_id in own}
        return seen, frozenset(plan.by_id.keys() - seen.keys())
    sight = plan.scan.see(draft, plan.context)
    seen = dict(sight.seen)
    for check_id in (*plan.alone, *sight.unread):
        seen[check_id] = _observe(plan.by_id[check_id], draft, plan.context)
    return seen, sight.idle


def _observe(planned: PlannedCheck, draft: Draft, context: Context) -> Sequence[Observation]:
    """What the detector saw. Whatever it does, the other checks go on and nothing is called passed."""
    try:
        return list(planned.detector(draft, planned.options, context))
    except Exception as error:
        return [broken(error, f"detector {planned.check.detector}")]


def _yielding(
    planned: PlannedCheck, plan: Plan, seen: Mapping[str, Sequence[Observation]], waived: Container[str]
) -> Sequence[Observation]:
    """What the check saw, but for what a check it yields to has failed, or asks as well: of "IMG_2043" it is enough to
    hear once. To one that is waived, or that this run takes less gravely, it does not yield."""
    observations = seen[planned.check.id]
    if not planned.check.yields_to or all(observation.outcome is Outcome.PASSED for observation in observations):
        return observations
    heard = (
        check_id
        for check_id in planned.check.yields_to
        if check_id in seen and check_id not in waived and plan.by_id[check_id].severity.reaches(planned.severity)
    )
    taken = [observation for check_id in heard for observation in seen[check_id] if observation.location]
    return [observation for observation in observations if not any(_is_told(observation, other) for other in taken)]


def _is_told(observation: Observation, other: Observation) -> bool:
    """Does `other` say of the same words all that there is to say?"""
    asks = (Outcome.FAILED, Outcome.CANT_TELL) if observation.outcome is Outcome.CANT_TELL else (Outcome.FAILED,)
    return bool(
        other.outcome in asks
        and observation.location
        and other.location
        and observation.location.overlaps(other.location)
    )


_CRASH = Message("{reason}", mark("Mend it if it lies in the draft; else report it to the people who keep postcheck."))


def _result(planned: PlannedCheck, observations: Sequence[Observation], draft: Draft) -> Result:
    findings = tuple(
        _finding(planned, observation) for observation in observations if observation.outcome is not Outcome.PASSED
    )
    waiver = next((waiver for waiver in draft.waivers if waiver.check.value == planned.check.id), None)
    refused = ""
    if waiver and planned.waiver_forbidden_by and any(one.outcome is Outcome.FAILED for one in findings):
        refused = say("{clause} may not be waived.", clause=planned.waiver_forbidden_by)
    elif waiver and any(finding.outcome is Outcome.UNTESTED for finding in findings):
        refused = say("what was not tested cannot be waived.")
    return Result(
        check=planned.check.id,
        outcome=gravest_outcome(finding.outcome for finding in findings),
        severity=planned.severity,
        clauses=planned.clauses,
        findings=findings,
        waiver=waiver,
        waiver_refused=refused,
    )


def _finding(planned: PlannedCheck, observation: Observation) -> Finding:
    name = observation.message or observation.outcome.value
    message = planned.check.messages.get(name) if name != "crash" else _CRASH
    outcome = observation.outcome
    if message is None:
        message = Message(f"The check has no message `{name}`, which its detector wants to say.")
        outcome = Outcome.UNTESTED
    advice = message.advice or planned.check.advice
    try:
        said, mend = fill(message.text, observation.data), fill(advice, observation.data)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        said, mend, outcome = f"The message `{name}` cannot be filled in: {error!r}.", "", Outcome.UNTESTED
    return Finding(
        outcome=outcome,
        severity=mildest(planned.severity, message.at_most) if message.at_most else planned.severity,
        message=said,
        advice=mend,
        location=observation.location,
        data={key: value for key, value in observation.data.items() if value != ""},
        fix=observation.fix,
    )


def _unknown_waivers(draft: Draft, plan: Plan) -> tuple[Problem, ...]:
    """A waiver of a check that does not exist would be believed in and do nothing."""
    known = list(plan.catalog.checks)
    problems = []
    for waiver in draft.waivers:
        name = waiver.check.value
        if name in plan.catalog.checks:
            continue
        line, column = waiver.check.source.line_and_column(waiver.check.start)
        path = f"{draft.path}/{draft.source.asset}"
        problems.append(Problem(f"There is no check `{name}` to waive.", path, line, column, did_you_mean(name, known)))
    return tuple(problems)


def _unreadable(draft: UnreadableDraft, plan: Plan) -> tuple[DraftReport, Veil]:
    """Every check is untested: nothing could be looked at."""
    veil = plan.hiding.veil_unreadable(draft, plan.context, plan.name_finders)

    def untested(planned: PlannedCheck) -> Result:
        said = say("The draft cannot be read."), say("Mend what `problems` lists.")
        finding = Finding(Outcome.UNTESTED, planned.severity, *said, None, {})
        return Result(planned.check.id, Outcome.UNTESTED, planned.severity, planned.clauses, (finding,))

    report = DraftReport(
        path=veil.over_path(draft.path),
        digest="",
        outcome=Outcome.UNTESTED,
        results=tuple(untested(planned) for planned in plan.by_id.values()),
        passed=(),
        inapplicable=(),
        problems=tuple(veil.over_problem(problem) for problem in draft.problems),
    )
    return report, veil
