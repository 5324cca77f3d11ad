"""Defaults, then the nearest postcheck.toml or [tool.postcheck] of pyproject.toml, then the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from postcheck.errors import ConfigError, Problem, UsageError, did_you_mean
from postcheck.lists import COLUMNS, BadList, read_list
from postcheck.messages import translation
from postcheck.model import Lists, Severity
from postcheck.policy import FACTS, zone

_KEYS = (
    "policy", "timezone", "language", "fail_on", "select", "ignore", "checks", "facts", "calendar", "limits", "records",
    "hootsuite", "review", *COLUMNS,
)  # fmt: skip
_CHECK_KEYS = ("severity", "options")
_LIMIT_KEYS = ("zip_unpacked_mb", "zip_files")
_HOOTSUITE_KEYS = (
    "date_format", "encoding", "delimiter", "timezone", "timezones", "minute_step", "rows_with_media",
    "client_id", "api", "reviewer", "profiles",
)  # fmt: skip
_REVIEW_KEYS = ("reviewers",)
_ENCODINGS = ("utf-8", "utf-8-sig")
_DELIMITERS = (",", ";", "\t")
_REVIEWERS = ("external", "member")
_SEVERITIES = tuple(severity.value for severity in Severity)
OFF = "off"
_MOMENT = datetime(2027, 12, 31, 23, 55)  # noqa: DTZ001 - only to see what a format tells of it


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """What the config changes of one check. `severity` is None where it is left as it is."""

    off: bool = False
    severity: Severity | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hootsuite:
    """How the city's Hootsuite reads the file of its Bulk Composer, and how it is reached."""

    date_format: str = "%Y-%m-%d %H:%M:%S"
    encoding: str = "utf-8"
    delimiter: str = ","
    timezone: str = ""
    """Of its clock; "" where it is the config's."""
    timezones: Mapping[str, str] = field(default_factory=dict)
    """By account, where one has a clock of its own."""
    minute_step: int = 5
    """Minutes that divide every time it takes."""
    rows_with_media: bool = True
    """Are posts with pictures and videos written into it, which a person then adds?"""
    client_id: str = ""
    """Of the app by which postcheck asks Hootsuite; "" where it does not."""
    api: str = "https://platform.hootsuite.com"
    reviewer: str = "external"
    """As which Hootsuite asks for an approval: `external`, or `member`."""
    profiles: Mapping[str, str] = field(default_factory=dict)
    """The account, by the number that Hootsuite gives its profile."""


@dataclass(frozen=True, slots=True)
class Review:
    """How drafts are approved."""

    reviewers: int = 1
    """How many people must approve a draft: 1 or 2."""


@dataclass(frozen=True, slots=True)
class Config:
    path: Path | None = None
    policy: str = ""
    timezone: str = ""
    language: str = ""
    """In which postcheck speaks, as a tag such as `es` or `es-MX`; "" is English."""
    fail_on: Severity = Severity.ERROR
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    checks: Mapping[str, CheckSetting] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    calendar: Mapping[str, Any] | None = None
    """Our key to the calendar's column name or names; None where no [calendar] is given."""
    lists: Lists = field(default_factory=Lists)
    """The city's lists of people, accounts and releases, as [people], [accounts] and [releases] name their files."""
    records: Mapping[str, int] = field(default_factory=dict)
    """The classes of retention, and for how many years an entry of each is to be kept."""
    hootsuite: Hootsuite = field(default_factory=Hootsuite)
    review: Review = field(default_factory=Review)
    zip_unpacked_mb: int = 2048
    """Megabytes (1,000,000 bytes) that one zip may unpack to."""
    zip_files: int = 10_000

    def wrong(self, key: str, message: str, advice: str = "") -> ConfigError:
        """An error that points at the line where `key` stands."""
        path = str(self.path) if self.path else "command line"
        return ConfigError(Problem(message, path, _line_of(self.path, key), None, advice))


def find_config(paths: Sequence[Path]) -> Path | None:
    """The nearest file with settings, from the folder that holds all of `paths` upward."""
    folders = [str(path if os.path.isdir(path) else path.parent) for path in (path.absolute() for path in paths)]
    try:
        start = Path(os.path.commonpath(folders)) if folders else Path.cwd()
    except ValueError:  # Windows: on different drives
        start = Path.cwd()
    for folder in (start, *start.parents):
        if os.path.isfile(folder / "postcheck.toml"):
            return folder / "postcheck.toml"
        if _has_settings(folder / "pyproject.toml"):
            return folder / "pyproject.toml"
    return None


def _has_settings(project: Path) -> bool:
    if not os.path.isfile(project):
        return False
    try:
        return "[tool.postcheck" in project.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def load_config(path: Path | None) -> Config:
    """The settings in `path`; the defaults where it is None.

    Raises:
        ConfigError: with the file and the line.
    """
    if path is None:
        return Config()
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    if path.name == "pyproject.toml":
        tool = data.get("tool")
        data = tool.get("postcheck", {}) if isinstance(tool, dict) else {}
        if not isinstance(data, dict):
            raise ConfigError(f"{path}: [tool.postcheck] must be one table.")
    return _Loader(Config(path=path)).load(data)


class _Loader:
    """Reads the tables of the file; `blank` carries the path for the errors."""

    def __init__(self, blank: Config) -> None:
        self.blank = blank

    def load(self, data: dict[str, Any]) -> Config:
        self._known(data, _KEYS, "the config")
        limits = self._table(data, "limits", _LIMIT_KEYS)
        fail_on = self._typed(data, "fail_on", str, Severity.ERROR.value)
        calendar = self._typed(data, "calendar", dict, None)
        return Config(
            path=self.blank.path,
            policy=self._policy(self._typed(data, "policy", str, "")),
            timezone=self._zone(self._typed(data, "timezone", str, "")),
            language=self._language(self._typed(data, "language", str, "")),
            fail_on=Severity(self._one_of("fail_on", fail_on, _SEVERITIES)),
            select=self._strings(data, "select"),
            ignore=self._strings(data, "ignore"),
            checks={key: self._check(key, value) for key, value in self._typed(data, "checks", dict, {}).items()},
            facts=self._facts(self._table(data, "facts", list(FACTS))),
            calendar=calendar,
            lists=Lists(**{what: self._list(data, what) for what in COLUMNS if what in data}),
            records=self._classes(self._typed(data, "records", dict, {})),
            hootsuite=self._hootsuite(self._table(data, "hootsuite", _HOOTSUITE_KEYS)),
            review=self._review(self._table(data, "review", _REVIEW_KEYS)),
            zip_unpacked_mb=self._typed(limits, "zip_unpacked_mb", int, self.blank.zip_unpacked_mb),
            zip_files=self._typed(limits, "zip_files", int, self.blank.zip_files),
        )

    def _check(self, check_id: str, value: Any) -> CheckSetting:
        if isinstance(value, str):
            value = {"severity": value}
        if not isinstance(value, dict):
            raise self.blank.wrong(check_id, f"`{check_id}` must be a severity, `off`, or a table.")
        self._known(value, _CHECK_KEYS, f'checks."{check_id}"')
        severity = self._typed(value, "severity", str, "")
        if severity:
            self._one_of(check_id, severity, (*_SEVERITIES, OFF))
        return CheckSetting(
            off=severity == OFF,
            severity=Severity(severity) if severity in _SEVERITIES else None,
            options=self._typed(value, "options", dict, {}),
        )

    def _facts(self, facts: dict[str, Any]) -> dict[str, Any]:
        for key in facts:
            if FACTS[key] is str:
                self._zone(self._typed(facts, key, str, ""))
            else:
                self._strings(facts, key)
        return facts

    def _list(self, data: dict[str, Any], what: str) -> tuple[Any, ...]:
        """The entries of the file that [people], [accounts] or [releases] names, beside the config."""
        table = self._table(data, what, ("file", *COLUMNS[what]))
        named = {key: self._typed(table, key, str, "") for key in table}
        file = named.pop("file", "")
        if not file or self.blank.path is None:
            raise self.blank.wrong(what, f"[{what}] must name its file.", f'Write file = "{what}.csv".')
        try:
            return read_list(what, self.blank.path.parent / file, named)
        except BadList as error:
            raise self.blank.wrong(what, f"[{what}]: {error}") from None

    def _classes(self, table: dict[str, Any]) -> dict[str, int]:
        for name in table:
            if self._typed(table, name, int, 0) < 1:
                raise self.blank.wrong(name, f"`{name}` must be kept for at least a year.", "Write whole years.")
        return table

    def _hootsuite(self, table: dict[str, Any]) -> Hootsuite:
        usual = Hootsuite()
        date_format = self._typed(table, "date_format", str, usual.date_format)
        try:
            is_one = datetime.strptime(_MOMENT.strftime(date_format), date_format) == _MOMENT  # noqa: DTZ007 - a format
        except ValueError:
            is_one = False
        if not is_one:
            raise self.blank.wrong(
                "date_format",
                f"`{date_format}` does not tell a date and a time.",
                "Write %Y-%m-%d %H:%M:%S or %m/%d/%Y %H:%M.",
            )
        timezones = self._typed(table, "timezones", dict, {})
        step = self._typed(table, "minute_step", int, usual.minute_step)
        if not 1 <= step <= 60:
            raise self.blank.wrong("minute_step", "`minute_step` must be from 1 to 60.")
        rows_with_media = table.get("rows_with_media", usual.rows_with_media)
        if not isinstance(rows_with_media, bool):
            raise self.blank.wrong("rows_with_media", "`rows_with_media` must be true or false.")
        return Hootsuite(
            date_format,
            self._one_of("encoding", self._typed(table, "encoding", str, usual.encoding), _ENCODINGS),
            self._one_of("delimiter", self._typed(table, "delimiter", str, usual.delimiter), _DELIMITERS),
            self._zone(self._typed(table, "timezone", str, usual.timezone)),
            {account: self._zone(self._typed(timezones, account, str, "")) for account in timezones},
            step,
            rows_with_media,
            self._typed(table, "client_id", str, usual.client_id),
            self._api(self._typed(table, "api", str, usual.api)),
            self._one_of("reviewer", self._typed(table, "reviewer", str, usual.reviewer), _REVIEWERS),
            self._profiles(self._typed(table, "profiles", dict, {})),
        )

    def _review(self, table: dict[str, Any]) -> Review:
        reviewers = self._typed(table, "reviewers", int, Review().reviewers)
        if reviewers not in (1, 2):
            raise self.blank.wrong("reviewers", "`reviewers` must be 1 or 2.")
        return Review(reviewers)

    def _api(self, address: str) -> str:
        """Tokens go there: so it is encrypted, or on this very computer."""
        from urllib.parse import urlsplit

        try:
            parts = urlsplit(address)
            is_loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
            is_one = bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)
        except ValueError:
            is_one = is_loopback = False
        if not is_one or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback)):
            raise self.blank.wrong(
                "api", f"`{address}` is no address of https.", "Leave `api` out for Hootsuite's own."
            )
        return address.rstrip("/")

    def _profiles(self, table: dict[str, Any]) -> dict[str, str]:
        return {profile: self._typed(table, profile, str, "") for profile in table}

    def _policy(self, name: str) -> str:
        if name.endswith((".yaml", ".yml")) and self.blank.path is not None:
            return str(self.blank.path.parent / name)  # a city's own file, beside the config
        return name

    def _zone(self, name: str) -> str:
        if name and zone(name) is None:
            raise self.blank.wrong(
                "timezone", f"`{name}` is not a time zone.", "Write one such as America/Los_Angeles."
            )
        return name

    def _language(self, tag: str) -> str:
        try:
            translation(tag)
        except UsageError as error:
            raise self.blank.wrong("language", str(error)) from None
        return tag

    def _known(self, table: Mapping[str, Any], known: Sequence[str], what: str) -> None:
        for key in table:
            if key not in known:
                raise self.blank.wrong(key, f"Unknown key `{key}` in {what}.", did_you_mean(key, known))

    def _table(self, data: dict[str, Any], key: str, known: Sequence[str]) -> dict[str, Any]:
        table = self._typed(data, key, dict, {})
        self._known(table, known, f"[{key}]")
        return dict(table)

    def _typed(self, table: Mapping[str, Any], key: str, wanted: type, default: Any) -> Any:
        value = table.get(key, default)
        if key in table and (not isinstance(value, wanted) or isinstance(value, bool)):
            noun = {str: "a text", int: "a whole number", dict: "a table", list: "a list"}[wanted]
            raise self.blank.wrong(key, f"`{key}` must be {noun}.")
        return value

    def _strings(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = self._typed(table, key, list, [])
        if not all(isinstance(item, str) for item in value):
            raise self.blank.wrong(key, f"`{key}` must be a list of texts.")
        return tuple(value)

    def _one_of(self, key: str, value: str, known: Sequence[str]) -> str:
        if value not in known:
            raise self.blank.wrong(key, f"`{value}` is not known for `{key}`.", did_you_mean(value, known))
        return value


def _line_of(path: Path | None, key: str) -> int | None:
    """The first line that names `key`: tomllib keeps no places."""
    if path is None or not path.is_file():
        return None
    named = re.compile(rf"""(^|[\[{{,.])\s*["']?{re.escape(key)}["']?\s*[\].=]|["']{re.escape(key)}["']""")
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if named.search(line):
            return number
    return None
