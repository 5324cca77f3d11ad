"""The nouns of postcheck: what a draft, a check, a finding and a report are. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from postcheck.errors import Problem
from postcheck.source import Cleaning, Edit, Location, NewFile, Source, Text


class Outcome(StrEnum):
    """The words of W3C EARL 1.0 (https://www.w3.org/TR/EARL10-Schema/#OutcomeValue), gravest first."""

    FAILED = "failed"
    UNTESTED = "untested"
    CANT_TELL = "cantTell"
    PASSED = "passed"
    INAPPLICABLE = "inapplicable"


class Severity(StrEnum):
    """The words of SARIF 2.1.0 (level), gravest first. An error blocks approval."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def reaches(self, threshold: Severity) -> bool:
        """Is this at least as grave as `threshold`?"""
        return _GRAVITY[self] <= _GRAVITY[threshold]


_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}
_OUTCOME_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}


def gravest_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """`inapplicable` where there are none: nothing was there to be checked."""
    return min(outcomes, key=_OUTCOME_RANK.__getitem__, default=Outcome.INAPPLICABLE)


def mildest(*severities: Severity) -> Severity:
    return max(severities, key=_GRAVITY.__getitem__)


# ---------------------------------------------------------------------------------------------- a draft


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a draft. `name` is relative to the draft, with forward slashes."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Release:
    """A signed form, as the draft names it or as the city's register tells of it. An empty list does not limit it."""

    id: str
    """Its number in the register; in a draft also the name of its file."""
    text: Text | None = None
    """Where the draft names it."""
    asset: Asset | None = None
    """The form itself, where it lies in the draft."""
    subject: str = ""
    """Whose it is: a role."""
    minor: bool | None = None
    by: str = ""
    """Who signed: the person shown, or a parent or guardian."""
    expires: date | None = None
    """The last day on which it holds."""
    platforms: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    """Categories of posts."""
    campaigns: tuple[str, ...] = ()
    sha256: str = ""
    """Of the form, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody seen or heard in an asset. `who` is a role, never a minor's name. None is undeclared."""

    place: Location
    who: Text | None = None
    minor: bool | None = None
    police: bool | None = None
    """A law enforcement officer, in uniform or not."""
    prominent: bool | None = None
    """The main subject, prominently featured, or easily identified."""
    releases: tuple[Release, ...] = ()
    release_by: Text | None = None


@dataclass(frozen=True, slots=True)
class Image:
    asset: Asset
    place: Location
    """Where the draft names it; the file itself where the draft does not."""
    field: str
    alt: Text | None = None
    """None is an absent alt text; an empty value is an alt text that was given as ""."""
    decorative: bool = False
    source: Text | None = None
    credit: Text | None = None
    permission: Asset | None = None
    """A third party's written permission."""
    license: Text | None = None
    people: tuple[Person, ...] | None = None
    """None is undeclared; () says that nobody is seen."""
    listed: bool = True
    """False where the file lies in the draft's folder and the draft does not name it."""


@dataclass(frozen=True, slots=True)
class Video:
    asset: Asset
    place: Location
    field: str
    captions: tuple[Asset, ...] = ()
    source: Text | None = None
    credit: Text | None = None
    permission: Asset | None = None
    license: Text | None = None
    music: Text | None = None
    """none, own, licensed or public-domain."""
    audio_description: Text | None = None
    """included, or not-needed where all that matters is said."""
    people: tuple[Person, ...] | None = None
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's reasoned word that a finding of one check may stand."""

    check: Text
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account says of itself, and what the city keeps of it. None is undeclared, an empty value is told."""

    kind: str = "official"
    """official, elected, or personal: an employee's own."""
    handle: Text | None = None
    name: Text | None = None
    """As it is shown beside the picture of the profile."""
    unit: Text | None = None
    """The department, bureau or program that it represents."""
    biography: Text | None = None
    links: tuple[Text, ...] = ()
    contact: tuple[Text, ...] = ()
    """E-mail addresses and telephone numbers that it shows."""
    archive: Text | None = None
    """The service that archives it, or none."""
    holders: tuple[Text, ...] | None = None
    """Who can sign in."""
    approved_by: Text | None = None


@dataclass(frozen=True, slots=True)
class PublishTime:
    """`when` is naive where neither the draft nor the config names a zone."""

    when: datetime
    text: Text


EMERGENCY = "emergency"
"""The category of a post that must not wait."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One post before publication. `path` is how the draft was named or found."""

    path: str
    source: Source
    """The file that holds the caption."""
    caption: Text
    place: Location
    """Of the draft as a whole: its file; in a calendar, its row."""
    digest: str = ""
    """`sha256:` over the draft's own text and every asset; filled when the draft is read."""
    own: str = ""
    """The draft's own text that the digest is over: its file's, in a calendar its row's."""
    account: Text | None = None
    platforms: tuple[Text, ...] = ()
    author: Text | None = None
    publisher: Text | None = None
    category: Text | None = None
    campaign: Text | None = None
    language: Text | None = None
    title: Text | None = None
    publish_at: PublishTime | None = None
    variants: Mapping[str, Text] = field(default_factory=dict)
    """A platform's own caption, by the platform's name as the draft writes it."""
    images: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    tools: tuple[Text, ...] = ()
    """What the post was made with."""
    profile: Profile | None = None
    """Of an account: this is none's post, and has no caption."""
    todos: tuple[Text, ...] = ()
    """Values that say TODO and nothing else; the keys they stand for are read as not given."""

    @property
    def is_emergency(self) -> bool:
        """What must not wait: only an error holds it back."""
        return self.category is not None and self.category.value.strip().casefold() == EMERGENCY

    def posts(self) -> Sequence[Text]:
        """Every text that will be published as a caption: the caption and its variants."""
        return (self.caption, *self.variants.values())

    def media(self) -> tuple[Image | Video, ...]:
        return (*self.images, *self.videos)

    def assets(self) -> Iterable[Asset]:
        """Every file, each once, in the order the draft names them."""
        seen: dict[str, Asset] = {}
        for item in self.media():
            captions = item.captions if isinstance(item, Video) else ()
            releases = (one.asset for person in item.people or () for one in person.releases if one.asset)
            permission = (item.permission,) if item.permission else ()
            for asset in (item.asset, *captions, *releases, *permission):
                seen.setdefault(asset.name, asset)
        return seen.values()


@dataclass(frozen=True, slots=True)
class UnreadableDraft:
    """A draft that could not be read, with everything that is wrong with it."""

    path: str
    problems: tuple[Problem, ...]
    text: str = ""
    """What the problems may quote, as far as it could be read."""


# ---------------------------------------------------------------------------------------------- a check


@dataclass(frozen=True, slots=True)
class Citation:
    title: str
    clause: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a finding says. `at_most` lowers the severity where less is sure; it never raises it."""

    text: str
    advice: str = ""
    at_most: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A draft, as data, and what the check must say of it."""

    name: str
    outcome: Outcome
    draft: Mapping[str, Any]
    places: tuple[str, ...] | None = None
    """What the findings quote, in order; None where the example does not say."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, Any] = field(default_factory=dict)
    """The city's lists of people, accounts and releases, row by row."""
    options: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    boundary: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A definition from checks/: what is required, why, how it is mended, and which detector measures it."""

    id: str
    title: str
    severity: Severity
    detector: str
    rationale: str
    advice: str
    messages: Mapping[str, Message]
    citations: tuple[Citation, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    """Option name to the fact of the city that fills it."""
    yields_to: tuple[str, ...] = ()
    """Where one of these checks fails, this one says nothing of the same words."""
    hides: bool = False
    """What it finds holds a name that no report may show (see `detectors.hiding`)."""
    examples: tuple[Example, ...] = ()
    needs: Mapping[str, Any] = field(default_factory=dict)
    """For each expression of the options what a text must hold for it to match (see `analysis.needed`)."""


NEEDS = "<needs>"
"""The option under which a check's `needs` are handed to its detector. No file can name it."""

LIMITS = (
    "text", "alt", "hashtags", "mentions", "links", "images", "image-bytes", "image-formats", "video-bytes",
    "video-formats", "video-seconds", "captions-formats", "captions-locale", "captions-bytes",
)  # fmt: skip
"""What a platform can limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a platform takes, as of a date and by a source. An unconfirmed limit warns at most."""

    what: str
    """One of LIMITS."""
    source: str
    as_of: str
    confirmed: bool
    most: int = 0
    """Bytes for image-bytes, video-bytes and captions-bytes, seconds for video-seconds; else a count."""
    unit: str = "characters"
    """How a text is counted: a key of analysis.text.LENGTHS."""
    formats: tuple[str, ...] = ()
    """Pillow's names of picture formats; endings of video and captions files: `none` where the platform takes no
    captions file, and for captions-locale those that need language and country in the name (clip.en_US.srt)."""


@dataclass(frozen=True, slots=True)
class Platform:
    id: str
    title: str
    aliases: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()


# ------------------------------------------------------------------------------------------- a detector


class Applicability(StrEnum):
    """How far a fix may be trusted."""

    SAFE = "safe"  # the meaning stays: --fix writes it
    UNSAFE = "unsafe"  # a person should read the sentence again
    DISPLAY = "display"  # a suggestion, perhaps one of several


@dataclass(frozen=True, slots=True)
class Fix:
    """The words to write at the place of a finding. `edit` is None where the file cannot be changed there by itself,
    where what is to be changed is no text, which `cleaning` says, and where a file is to be made, `new_file`."""

    applicability: Applicability
    replacement: str
    edit: Edit | None
    cleaning: Cleaning | None = None
    new_file: NewFile | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What a detector saw at one place. A place that is in order is reported too: `passed` must be earned.

    `message` names the entry of the check's messages; "" is the one named after the outcome.
    """

    outcome: Outcome
    location: Location | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    fix: Fix | None = None


PASSED = Observation(Outcome.PASSED)


class Options(dict[str, Any]):
    """Of a check, as the config and the city's facts leave them. Never changed; two are the same only where they are
    one, so that what is compiled from them can be kept."""

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the city's list of people. An empty list of accounts means all."""

    name: str
    roles: tuple[str, ...] = ()
    """creator, reviewer, publisher, emergency."""
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An account on the city's list. `archive` is the service that archives it, "" where none does, None where the list
    does not say."""

    name: str
    archive: str | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """The city's own lists; None where there is no such list."""

    people: tuple[Member, ...] | None = None
    accounts: tuple[Account, ...] | None = None
    releases: tuple[Release, ...] | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a detector may know beside the draft and its options."""

    now: datetime
    platforms: Mapping[str, Platform]
    """By every name a draft may use, in lower case."""
    lists: Lists = field(default_factory=Lists)
    texts: Mapping[Path, str] = field(default_factory=dict)
    """What text files hold in place of what is on disk: fixes are tried before they are written."""


# --------------------------------------------------------------------------------------------- a report


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a check failed, cannot tell, or could not be carried out."""

    outcome: Outcome
    severity: Severity
    message: str
    advice: str
    location: Location | None
    data: Mapping[str, Any]
    fix: Fix | None = None

    @property
    def safe_fix(self) -> Fix | None:
        """The one that mends it without anybody being asked, where there is one."""
        if self.outcome is not Outcome.FAILED or not self.fix or self.fix.applicability is not Applicability.SAFE:
            return None
        return self.fix if self.fix.edit or self.fix.cleaning or self.fix.new_file else None

    @property
    def safe_edit(self) -> Edit | None:
        return self.safe_fix.edit if self.safe_fix else None

    @property
    def safe_cleaning(self) -> Cleaning | None:
        return self.safe_fix.cleaning if self.safe_fix else None


@dataclass(frozen=True, slots=True)
class Result:
    """What one check says of one draft. `waiver_refused` says why a waiver does not hold."""

    check: str
    """Or the clause of the policy whose question this is, such as `portland:photos-4`."""
    outcome: Outcome
    severity: Severity
    clauses: tuple[str, ...]
    findings: tuple[Finding, ...]
    waiver: Waiver | None = None
    waiver_refused: str = ""

    @property
    def waived(self) -> bool:
        return self.waiver is not None and not self.waiver_refused


@dataclass(frozen=True, slots=True)
class DraftReport:
    """Every enabled check stands once in `results`, `passed` or `inapplicable`."""

    path: str
    digest: str
    outcome: Outcome
    results: tuple[Result, ...]
    passed: tuple[str, ...]
    inapplicable: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    """Why the draft could not be read; every check is then untested."""
    emergency: bool = False
    """It must not wait: only an error holds it back, whatever the settings say; the rest is told after the errors."""

    def findings(self) -> Iterable[Finding]:
        """Every finding that no waiver covers; none where the draft could not be read."""
        if not self.problems:
            for result in self.results:
                if not result.waived:
                    yield from result.findings


@dataclass(frozen=True, slots=True)
class ClauseInForce:
    """One requirement of the policy, and how it is answered: by checks, by a question, or by no draft (`outside`)."""

    id: str
    """With the policy's: `portland:photos-3`."""
    heading: str
    requires: str
    obligation: str
    """must, should or may."""
    checks: tuple[str, ...] = ()
    ask: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """What a report keeps of the policy: which one, its very text by digest, and what a person must still answer."""

    id: str
    title: str
    digest: str
    questions: tuple[tuple[str, str], ...]
    """Clause (`portland:photos-3`) and question, of those that every post raises; others stand under their drafts."""
    changes: tuple[tuple[str, str, str], ...] = ()
    """What the policy changes of checks, and this run keeps so: check; `left out`, `options` or a severity; and why."""
    url: str = ""
    """Where the document can be read."""
    clauses: tuple[ClauseInForce, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    version: str
    catalog: str
    policy: PolicyInForce | None
    drafts: tuple[DraftReport, ...]
    disabled: tuple[str, ...] = ()
    """Checks that the config or the command line switched off."""
    fail_on: Severity = Severity.ERROR
    """The mildest severity that holds a draft back."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Those that the results name, by id, for what a reader may want to know of them. Questions of the policy stand
    among the results too, and have none."""

    def findings(self) -> Iterable[Finding]:
        """Every finding that no waiver covers, in the drafts that could be read."""
        for draft in self.drafts:
            yield from draft.findings()

    def is_blocking(self, draft: DraftReport, finding: Finding, threshold: Severity | None = None) -> bool:
        """Does the finding hold its draft back? `threshold` stands in for `fail_on`. A question and a check that was
        left untested do as much as what failed."""
        return finding.severity.reaches(Severity.ERROR if draft.emergency else threshold or self.fail_on)

    def holds_back(self, draft: DraftReport, threshold: Severity | None = None) -> bool:
        """Is there a finding that blocks, or can the draft not be read?"""
        return bool(draft.problems) or any(self.is_blocking(draft, finding, threshold) for finding in draft.findings())

    def blocks(self, threshold: Severity | None = None) -> bool:
        """Is any draft held back: by a finding at or above `threshold` (`fail_on`), an error-level check that was left
        untested, or because it cannot be read?"""
        return any(self.holds_back(draft, threshold) for draft in self.drafts)

    @property
    def exit_code(self) -> int:
        """Of the command line: 2 where a draft cannot be read, 1 where one is held back, else 0."""
        return 2 if any(draft.problems for draft in self.drafts) else int(self.blocks())
