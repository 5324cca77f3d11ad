"""What the checks of captions files say: every fault has its words, and many places are one finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import postcheck
from postcheck.analysis.cues import Fault
from postcheck.analysis.video.facts import VideoFacts
from postcheck.detectors.caption_faults import WORDS, said
from postcheck.model import Finding, Outcome, Severity
from tests.drafts import write_draft

ANALYSIS = Path(__file__).parent.parent.parent / "postcheck" / "analysis"


def test_every_fault_of_the_readers_has_its_words() -> None:
    pattern = re.compile(
        r"""(?:faults\.(?:add|forgive)|_fault|_forgiven|\.fault|Fault|_loose)\(\s*(?:[\w, ]+, )?"([a-z-]+)\""""
    )
    kinds: set[str] = set()
    for name in ("webvtt", "srt", "sbv", "ttml", "captions"):
        text = (ANALYSIS / f"{name}.py").read_text(encoding="utf-8")
        kinds |= set(pattern.findall(text)) | set(re.findall(r'kind = "([a-z-]+)"', text))
        kinds |= set(re.findall(r'else "([a-z]+(?:-[a-z]+)+)"', text))
    assert kinds <= WORDS.keys()
    assert len(kinds) > 40


@pytest.mark.parametrize("kind", WORDS)
def test_the_words_can_be_filled_in(kind: str) -> None:
    names = ("found", "write", "wanted", "name", "allowed", "begins", "ends", "ending", "stated", "before", "hint")
    for data in (dict.fromkeys(names, "x"), {**dict.fromkeys(names, "x"), "write": "", "hint": ""}):
        wrong, write = said(Fault(kind, 0, 1, forgiven=False, data=data))
        assert wrong.endswith(".") and write.endswith(".")
        assert "{" not in wrong + write


def findings(folder: Path, check: str, text: str, name: str = "v.en.vtt") -> list[Finding]:
    draft = {"caption": "Leaf Day.", "videos": [{"file": "v.mp4", "captions": name}], "files": {name: {"text": text}}}
    (report,) = postcheck.check(write_draft(folder, draft), policy="", select=[check]).drafts
    return [finding for result in report.results for finding in result.findings]


def vtt(*cues: str) -> str:
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def test_many_fast_captions_are_one_finding(tmp_path: Path) -> None:
    words = "Move your car by 8 a.m. on Saturday."
    text = vtt(*[f"00:{n:02}.000 --> 00:{n + 1:02}.000\n{words}{'!' * (n % 7)}" for n in range(1, 41)])
    (finding,) = findings(tmp_path, "captions/reading-speed", text)
    assert finding.severity is Severity.ERROR
    assert finding.location and finding.location.interval == (6.0, 7.0)
    assert finding.message == (
        "00:00:06.000: 42.0 characters a second; 00:00:13.000: 42.0 characters a second; 00:00:20.000: 42.0 characters a"
        " second; and others. Captions of v.en.vtt with more than 20 characters a second: 40 of 40; with more than 25: 40."
    )


@pytest.mark.parametrize(("count", "severity"), [(41, Severity.WARNING), (50, Severity.WARNING), (51, Severity.ERROR)])
def test_the_two_levels_of_reading_speed(count: int, severity: Severity, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "captions/reading-speed", vtt("00:01.000 --> 00:03.000\n" + "a" * count))
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("end", "severity"), [("499", Severity.ERROR), ("500", Severity.WARNING), ("832", Severity.WARNING)]
)
def test_the_two_levels_of_brevity(end: str, severity: Severity, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "captions/too-brief", vtt(f"00:01.000 --> 00:01.{end}\nHi"))
    assert finding.severity is severity


def test_faults_are_told_with_what_to_write(tmp_path: Path) -> None:
    found = findings(
        tmp_path, "captions/invalid", vtt("00:01,500 --> 00:03.000 \nHi", *["00:01.000 --> 00:02.000\n<b>x"] * 30)
    )
    assert len(found) == 21
    assert found[0].message == "v.en.vtt, line 3, column 1: “00:01,500” is no time."
    assert found[0].advice == "Write 00:00:01.500."
    assert found[-1].message == "v.en.vtt has 11 more faults."


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n"])
def test_an_empty_file_is_not_called_passed(content: str, tmp_path: Path) -> None:
    video = {"file": "v.mp4", "captions": "v.en.vtt", "audio_description": "not-needed"}
    draft = {"videos": [video], "files": {"v.en.vtt": {"text": content}}}
    (report,) = postcheck.check(write_draft(tmp_path, draft), policy="", select=["captions"]).drafts
    found = [finding for result in report.results for finding in result.findings]
    assert {finding.outcome for finding in found} == {Outcome.UNTESTED}
    assert all("is empty" in finding.message for finding in found)


def test_a_vertical_video_has_shorter_lines_and_more_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = vtt("00:01.000 --> 00:05.000\nLeaf Day is on Saturday,\nso please move\nyour car by 8.")
    assert len(findings(tmp_path / "a", "captions/line-count", text)) == 1
    assert not findings(
        tmp_path / "b", "captions/line-length", vtt("00:01.000 --> 00:05.000\nLeaf Day is on a Saturday.")
    )
    upright = VideoFacts(width=1080, height=1920)
    monkeypatch.setattr("postcheck.detectors.caption_files.video_facts", lambda _: upright)
    assert not findings(tmp_path / "c", "captions/line-count", text)
    assert (
        len(
            findings(tmp_path / "d", "captions/line-length", vtt("00:01.000 --> 00:05.000\nLeaf Day is on a Saturday."))
        )
        == 1
    )
