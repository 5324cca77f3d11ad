"""Fixes: only their spans, twice the same as once, and never a new finding."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import postcheck
from postcheck.analysis.image import image_facts
from postcheck.analysis.traces import without_place
from postcheck.cli import main
from postcheck.draft import find_drafts, read_drafts
from postcheck.engine import check_drafts, make_report
from postcheck.errors import UsageError
from postcheck.fixing import Fixing, fix_drafts
from postcheck.model import Check, Report
from postcheck.reporters.json import render, schema_text
from tests.drafts import content, write_draft
from tests.test_examples import CHECKS, defaults

FOUND_IN_CAPTION = "Leaf Day 🍁 is Sat, November 14th from 9:00am-11 AM. Bring 5 friends; 25 percent came last year."
MENDED = "Leaf Day 🍁 is Saturday, Nov. 14 from 9 to 11 a.m. Bring 5 friends; 25% came last year."


def counts(report: Report) -> Counter[tuple[str, str]]:
    return Counter(
        (draft.path, result.check) for draft in report.drafts for result in draft.results for _ in result.findings
    )


def report_of(*paths: Path) -> Report:
    """By no city's policy, and without the checks that look at pixels or watch videos: none of them has a fix. The plan
    is made once for all tests, as that takes longer than a draft."""
    config, plan = defaults()
    found, _ = find_drafts(list(paths), config)
    return make_report(check_drafts(read_drafts(found, config), plan), plan)


def fix(*paths: Path, write: bool = True) -> tuple[Report, Fixing]:
    report, (fixing,) = fix_all(*paths, write=write)
    return report, fixing


def fix_all(*paths: Path, write: bool = True) -> tuple[Report, list[Fixing]]:
    config, plan = defaults()
    found, _ = find_drafts(list(paths), config)
    fixings = list(fix_drafts(found, config, plan))
    for fixing in fixings if write else ():
        fixing.write()
    return make_report([report for fixing in fixings for report in fixing.reports], plan), fixings


def hold(path: Path, file: Path) -> str:
    """Fix the draft and hold everything that is promised of a fix. The new text."""
    before, old = report_of(path), file.read_bytes()
    edits = sorted(
        {
            (edit.span, edit.text)
            for draft in before.drafts
            for result in draft.results
            for finding in result.findings
            if (edit := finding.safe_edit) and edit.asset == file.name
        }
    )
    report, fixing = fix(path)
    new = file.read_bytes()
    assert counts(report_of(path)) == counts(report)
    assert not counts(report) - counts(before), "a fix made a new finding"
    assert (sum(counts(report).values()) < sum(counts(before).values())) == bool(fixing.made)
    again, second = fix(path)
    assert (file.read_bytes(), second.made, second.changes) == (new, 0, [])
    assert counts(again) == counts(report)
    if (
        fixing.made == len(edits) and not fixing.overlapping and not fixing.refused
    ):  # what stands between the spans is untouched
        text, between = old.decode(), []
        ends = 0
        for (start, end), _ in edits:
            between.append(text[ends:start])
            ends = end
        pattern = "".join(
            f"{re.escape(part)}{re.escape(words)}" for part, (_, words) in zip(between, edits, strict=True)
        )
        assert re.fullmatch(pattern + re.escape(text[ends:]), new.decode(), re.DOTALL)
    return new.decode()


WITH_FIXES = [check for check in CHECKS.values() if check.options.get("fix") == "safe"]


@pytest.mark.parametrize("check", WITH_FIXES, ids=[check.id for check in WITH_FIXES])
def test_the_fixes_of_every_example(check: Check, tmp_path: Path) -> None:
    for number, one in enumerate(check.examples):
        folder = write_draft(tmp_path / str(number), one.draft)
        hold(folder, folder / "post.yaml")


FIXTURES = Path(__file__).parent.parent / "fixtures"


def test_the_fixtures(tmp_path: Path) -> None:
    """All of them at once, whatever is wrong with them."""
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    files = {path: path.read_bytes() for path in (tmp_path / "fixtures").rglob("*") if path.is_file()}
    before = report_of(tmp_path / "fixtures")
    after, fixings = fix_all(tmp_path / "fixtures")
    assert sum(fixing.made for fixing in fixings) >= 6
    assert not counts(after) - counts(before), "a fix made a new finding"
    assert sum(counts(after).values()) < sum(counts(before).values())
    changed = {change.path for fixing in fixings for change in fixing.changes}
    there = {path: path.read_bytes() for path in (tmp_path / "fixtures").rglob("*") if path.is_file()}
    assert {path for path, content in there.items() if files.get(path) != content} == changed
    assert files.keys() <= there.keys()
    again, second = fix_all(tmp_path / "fixtures")
    assert counts(again) == counts(after) == counts(report_of(tmp_path / "fixtures"))
    assert not any(fixing.changes for fixing in second)


FORMS = {
    "post.md": "---\r\naccount: a\r\n---\r\n{}\r\n",
    "post.yaml": "account: a\ncaption: >-\n  {}\n",
    "post.json": '{{"account": "a", "caption": "{}"}}',
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no BOM", "BOM"])
def test_the_rest_of_the_file_stays_byte_for_byte(name: str, mark: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes((mark + FORMS[name].format(FOUND_IN_CAPTION)).encode())
    hold(tmp_path, file)
    assert file.read_bytes() == (mark + FORMS[name].format(MENDED)).encode()


def test_a_calendar_keeps_its_cells(tmp_path: Path) -> None:
    file = tmp_path / "calendar.csv"
    file.write_bytes(b'account,caption\r\na,"He said ""hi"" at 9am"\r\na,Open at 9am\r\na,Closed on Sat Nov. 14\r\n')
    hold(tmp_path, file)
    expected = 'account,caption\r\na,"He said ""hi"" at 9 a.m."\r\na,Open at 9 a.m.\r\na,Closed on Saturday Nov. 14\r\n'
    assert file.read_bytes() == expected.encode()


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('"Open \\u0022now\\u0022 at 9am"', '"Open \\u0022now\\u0022 at 9 a.m."'),
        ("'It''s open at 9am'", "'It''s open at 9 a.m.'"),
        ("It's open at 9am", "It's open at 9 a.m."),
    ],
)
def test_every_yaml_style(written: str, mended: str, tmp_path: Path) -> None:
    file = tmp_path / "post.yaml"
    file.write_text(f"account: a\ncaption: {written}\n", encoding="utf-8")
    hold(tmp_path, file)
    assert file.read_text(encoding="utf-8") == f"account: a\ncaption: {mended}\n"


def test_alt_texts_and_variants_too(tmp_path: Path) -> None:
    draft = {
        "caption": "Leaf Day.",
        "variants": {"x": "Open at 9am."},
        "images": [{"alt": "A sign says 9am on a door."}],
    }
    folder = write_draft(tmp_path, draft)
    fix(folder)
    data = yaml.safe_load((folder / "post.yaml").read_text(encoding="utf-8"))
    assert data["variants"] == {"x": "Open at 9 a.m."}
    assert data["images"][0]["alt"] == "A sign says 9 a.m. on a door."


def test_captions_files_too(tmp_path: Path) -> None:
    vtt = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nWe open at 9am.\r\n"
    draft = {"videos": [{"captions": "v.vtt"}], "files": {"v.vtt": {"text": ""}}, "caption": "Leaf Day."}
    folder = write_draft(tmp_path, draft)
    (folder / "v.vtt").write_bytes(vtt.encode())
    hold(folder, folder / "v.vtt")
    assert (folder / "v.vtt").read_bytes() == vtt.replace("9am.", "9 a.m.").encode()


VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nWe open at 9am on Sat, Nov. 14.\n"
VTT_MENDED = VTT.replace("9am", "9 a.m.").replace("Sat", "Saturday")


def test_a_captions_file_whose_name_is_written_in_another_form(tmp_path: Path) -> None:
    """As a Mac writes it: the é is two characters on disk, and one in the draft."""
    draft = {"videos": [{"captions": "caf\u00e9.vtt"}], "files": {"cafe\u0301.vtt": {"text": VTT}}}
    folder = write_draft(tmp_path, draft)
    fix(folder)
    assert (folder / "cafe\u0301.vtt").read_text(encoding="utf-8") == VTT_MENDED


def test_a_captions_file_that_several_name(tmp_path: Path) -> None:
    """Through two calendars, and through a link: it is changed once."""
    (tmp_path / "v.vtt").write_text(VTT, encoding="utf-8")
    (tmp_path / "v.mp4").write_bytes(content("v.mp4", {}))
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("caption,video,captions\nOpen at 9am,v.mp4,v.vtt\n", encoding="utf-8")
    report, fixings = fix_all(tmp_path / "a.csv", tmp_path / "b.csv")
    assert not any(draft.problems for draft in report.drafts)
    assert (tmp_path / "v.vtt").read_text(encoding="utf-8") == VTT_MENDED
    changed = [change.path.name for fixing in fixings for change in fixing.changes]
    assert sorted(changed) == ["a.csv", "b.csv", "v.vtt"]


def test_a_comma_never_goes_into_a_text_without_quotation_marks(tmp_path: Path) -> None:
    """In {alt: ...} it would cut the text off."""
    text = "account: a\ncaption: Leaf Day.\nimages: [{file: a.png, alt: Crowds meet on Saturday Nov. 14 2026 in the park}]\n"
    (tmp_path / "post.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "a.png").write_bytes(content("a.png", {}))
    fix(tmp_path)
    assert (tmp_path / "post.yaml").read_text(encoding="utf-8") == text


def test_the_diff_is_a_patch_whatever_ends_a_line_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("One\x0ctwo\u2028three at 9am\nfour", encoding="utf-8")
    _, fixing = fix(tmp_path, write=False)
    body = fixing.changes[0].diff().split("\n")[3:]
    assert body[:2] == ["-One\x0ctwo\u2028three at 9am", "+One\x0ctwo\u2028three at 9 a.m."]


def test_a_fix_that_would_make_the_text_too_long_is_left_out(tmp_path: Path) -> None:
    caption = ("Come on Tues. at 9am. " + "Leaves fall. " * 30)[:280]
    folder = write_draft(tmp_path, {"platforms": ["x"], "caption": caption})
    _, fixing = fix(folder)
    after = yaml.safe_load((folder / "post.yaml").read_text(encoding="utf-8"))["caption"]
    assert fixing.refused and len(after) <= 280


def test_fixes_of_one_date_do_not_wait_for_each_other(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("On Thursday November 12th, 2026 we open. Come Nov 12th 2026.", encoding="utf-8")
    assert hold(tmp_path, tmp_path / "post.md") == "On Thursday, Nov. 12, 2026 we open. Come Nov. 12, 2026."


def test_overlapping_fixes_wait_for_each_other(tmp_path: Path) -> None:
    folder = write_draft(tmp_path, {"caption": "Open 12:00 AM in the morning."})
    hold(folder, folder / "post.yaml")


def test_waived_findings_are_left_alone(tmp_path: Path) -> None:
    why = "The poster says it so, and the post must quote the poster word for word."
    folder = write_draft(
        tmp_path, {"caption": "Open at 9am.", "waive": [{"check": "ap-style/time-am-pm", "reason": why, "by": "R. R."}]}
    )
    assert fix(folder)[1].made == 0


def test_a_zip_is_left_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "post.zip", "w") as file:
        file.writestr("post.md", FOUND_IN_CAPTION)
    before = (tmp_path / "post.zip").read_bytes()
    _, fixing = fix(tmp_path / "post.zip")
    assert (fixing.in_zips, fixing.changes) == (1, [])
    assert (tmp_path / "post.zip").read_bytes() == before


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(FOUND_IN_CAPTION, encoding="utf-8")
    _, fixing = fix(tmp_path, write=False)
    (tmp_path / "post.md").write_text("Something else.", encoding="utf-8")
    with pytest.raises(postcheck.UsageError, match="meanwhile"):
        fixing.write()
    assert (tmp_path / "post.md").read_text(encoding="utf-8") == "Something else."


def test_diff_shows_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(FOUND_IN_CAPTION, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(tmp_path), "--diff", "--policy", "none"])
    assert result.exit_code == 1
    assert f"-{FOUND_IN_CAPTION}\n" in result.stdout and f"+{MENDED}\n" in result.stdout
    assert "fixes to be written to 1 file" in result.stderr
    assert (tmp_path / "post.md").read_text(encoding="utf-8") == FOUND_IN_CAPTION


def test_fix_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text(FOUND_IN_CAPTION, encoding="utf-8")
    arguments = ["check", str(tmp_path), "--fix", "--policy", "none", "--select", "ap-style"]
    result = CliRunner().invoke(main, [*arguments, "--format", "json"])
    assert json.loads(result.stdout)["summary"]["fixable"] == 0
    assert "written to 1 file" in result.stderr
    assert (tmp_path / "post.md").read_text(encoding="utf-8") == MENDED
    assert CliRunner().invoke(main, [*arguments, "--diff"]).exit_code == 2


PHOTO = {
    "file": "a.jpg",
    "alt": "A crew rakes leaves at 9am.",
    "render": {
        "embedded_alt": "A crew rakes leaves at 9 a.m.",
        "exif": {"Copyright": "City of Example", "GPSLatitude": [45, 31, 12], "GPSLongitude": [122, 40, 30]},
        "xmp": {"exif:GPSLatitude": "45,31.2N", "exif:GPSLongitude": "122,40.5W", "dc:rights": ["City of Example"]},
    },
}


def test_the_place_is_taken_out_of_a_picture(tmp_path: Path) -> None:
    folder = write_draft(tmp_path, {"caption": "Leaf Day.", "images": [PHOTO]})
    picture = folder / "a.jpg"
    picture.chmod(0o640)
    before = picture.read_bytes()
    hold(folder, folder / "post.yaml")
    after = picture.read_bytes()
    assert after == without_place(before) != before
    assert picture.stat().st_mode & 0o777 == 0o640
    facts = image_facts(picture)
    assert (facts.metadata["alt"], facts.metadata["rights"]) == ("A crew rakes leaves at 9 a.m.", "City of Example")
    assert "privacy/image-location" in report_of(folder).drafts[0].passed
    assert sorted(path.name for path in folder.iterdir()) == ["a.jpg", "post.yaml"]


def test_the_report_is_of_the_drafts_as_they_are_after_it(tmp_path: Path) -> None:
    """The digest too; and it keeps its schema, before and after."""
    folder = write_draft(tmp_path, {"caption": "Leaf Day.", "images": [PHOTO]})
    first = report_of(folder)
    report, fixing = fix(folder, write=False)
    assert report_of(folder) == first
    fixing.write()
    assert report_of(folder) == report
    assert report.drafts[0].digest != first.drafts[0].digest
    for one in (first, report):
        jsonschema.Draft202012Validator(json.loads(schema_text())).validate(json.loads(render(one)))
    (cleaning,) = [fix["cleaning"] for fix in fixes_of(json.loads(render(first))) if "cleaning" in fix]
    assert cleaning == {"asset": "a.jpg", "kind": "location"}
    assert not any(place in render(first) for place in ("45,31", "122,40", "45.5", "122.6", "GPS"))


def fixes_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    findings = [finding for draft in report["drafts"] for result in draft["results"] for finding in result["findings"]]
    return [finding["fix"] for finding in findings if finding["fix"]]


@pytest.mark.slow
def test_the_diff_of_a_picture_is_a_line(tmp_path: Path) -> None:
    folder = write_draft(tmp_path, {"caption": "Leaf Day.", "images": [PHOTO]})
    before = (folder / "a.jpg").read_bytes()
    result = CliRunner().invoke(main, ["check", str(folder), "--diff", "--policy", "none"])
    lines = [line for line in result.stdout.splitlines() if line.startswith(f"{folder}/a.jpg: ")]
    assert len(lines) == 1 and "the place where it was taken" in lines[0]
    assert (folder / "a.jpg").read_bytes() == before


def test_a_picture_that_several_name_is_cleaned_once(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(content("a.jpg", PHOTO))
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("caption,image,alt\nLeaf Day.,a.jpg,Crew\nAgain.,a.jpg,Crew\n", encoding="utf-8")
    _, fixings = fix_all(tmp_path / "a.csv", tmp_path / "b.csv")
    assert [change.path.name for fixing in fixings for change in fixing.changes] == ["a.jpg"]
    (path,) = (tmp_path / "a.jpg",)
    assert without_place(path.read_bytes()) == path.read_bytes()


def test_a_picture_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    folder = write_draft(tmp_path, {"caption": "Leaf Day.", "images": [PHOTO]})
    _, fixing = fix(folder, write=False)
    (folder / "a.jpg").write_bytes(b"Something else.")
    with pytest.raises(postcheck.UsageError, match="meanwhile"):
        fixing.write()
    assert (folder / "a.jpg").read_bytes() == b"Something else."


def test_a_picture_in_a_zip_is_left_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "post.zip", "w") as file:
        file.writestr("post.md", "Leaf Day.")
        file.writestr("a.jpg", content("a.jpg", PHOTO))
    before = (tmp_path / "post.zip").read_bytes()
    _, fixing = fix(tmp_path / "post.zip")
    assert (fixing.in_zips, fixing.changes, fixing.made) == (1, [], 0)
    assert (tmp_path / "post.zip").read_bytes() == before


def test_a_waived_place_is_left_alone(tmp_path: Path) -> None:
    why = "The picture is of a public landmark, and our archive wants its place kept in it."
    waiver = {"check": "privacy/image-location", "reason": why, "by": "R. R."}
    folder = write_draft(tmp_path, {"caption": "Leaf Day.", "images": [PHOTO], "waive": [waiver]})
    assert not any(change.path.suffix == ".jpg" for change in fix(folder)[1].changes)


PIECES = st.sampled_from(
    [
        "9am", "10:00 PM", "12 noon", "from 9am-5pm", "Sat", "Tues.", "November 29th", "Sept 5, 2026", "11/6", "5 volunteers",
        "25 percent", "a 5 year old boy", "e-mail", "the 3rd year", "‘90s", "👍", "🍁🍁", "“quoted 9am”", '"so 10 AM"', "#leafday",
        "https://a.gov/9am", "@nws", "!!!", "𝐁𝐨𝐥𝐝", "and", "the park", ".", "\n", "  ", "’s", "\\", "(503) 823-4000", "$5.00",
        "Mon-Fri", "8:00 a.m. to 11:00 a.m.", "in the morning", "tonight", "…", "--", "word—word", "é", "café 7pm",
    ]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(pieces=["from 9am-5pm", "in the morning", "."], name="post.md")
@given(pieces=st.lists(PIECES, min_size=1, max_size=12), name=st.sampled_from(["post.md", "post.json", "post.yaml"]))
def test_whatever_is_typed(pieces: list[str], name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("draft")
    caption = " ".join(pieces)
    if name == "post.json":
        text = json.dumps({"account": "a", "caption": caption}, ensure_ascii=False)
    elif name == "post.yaml":
        text = yaml.safe_dump({"account": "a", "caption": caption}, allow_unicode=True)
    else:
        text = f"---\naccount: a\n---\n{caption}\n"
    (folder / name).write_bytes(text.encode())
    hold(folder, folder / name)


SRT = "1\n00:00:01,000 --> 00:00:02,000\nWe open at 9 a.m. on Saturday, Nov. 14.\n"


def captioned(folder: Path, name: str, text: str, *platforms: str) -> Path:
    draft = {"caption": "Leaf Day.", "platforms": list(platforms), "videos": [{"file": "v.mp4", "captions": name}]}
    return write_draft(folder, {**draft, "files": {name: {"text": text}}})


def test_the_missing_form_of_captions_is_written_from_the_mended_words(tmp_path: Path) -> None:
    folder = captioned(tmp_path, "v.en.vtt", VTT, "x", "bluesky")
    before = report_of(folder)
    report, fixing = fix(folder, write=False)
    assert report_of(folder) == before
    assert not (folder / "v.en.srt").exists()
    assert "+++ " + str(folder / "v.en.srt") in "".join(change.diff() for change in fixing.changes)
    fixing.write()
    assert (folder / "v.en.vtt").read_text(encoding="utf-8") == VTT_MENDED
    assert (folder / "v.en.srt").read_bytes() == SRT.encode()
    assert "captions/platform-format" in report.drafts[0].passed
    assert counts(report_of(folder)) == counts(report)
    assert fix(folder)[1].changes == []
    for one in (before, report):
        jsonschema.Draft202012Validator(json.loads(schema_text())).validate(json.loads(render(one)))
    (made,) = [fix["new_file"] for fix in fixes_of(json.loads(render(before))) if "new_file" in fix]
    assert made["asset"] == "v.en.srt"


def test_webvtt_is_written_from_subrip(tmp_path: Path) -> None:
    folder = captioned(tmp_path, "v.en.srt", SRT, "x", "bluesky")
    fix(folder)
    assert (folder / "v.en.vtt").read_text(encoding="utf-8") == VTT_MENDED.replace("00:01", "00:00:01").replace(
        "00:02", "00:00:02"
    )


def test_one_file_for_two_platforms_in_the_name_that_one_of_them_wants(tmp_path: Path) -> None:
    folder = captioned(tmp_path, "v.es.vtt", VTT.replace("We open at 9am on Sat, Nov. 14.", "Hola."), "x", "facebook")
    _, fixing = fix(folder)
    assert [change.path.name for change in fixing.changes] == ["v.es_LA.srt"]


def test_no_captions_file_is_ever_written_over(tmp_path: Path) -> None:
    folder = captioned(tmp_path / "a", "v.en.vtt", VTT_MENDED, "x")
    (folder / "V.en.SRT").write_text("mine", encoding="utf-8")  # of one name with v.en.srt on many systems
    assert fix(folder)[1].changes == []
    folder = captioned(tmp_path / "b", "v.en.vtt", VTT_MENDED, "x")
    (folder / "v.en.srt").symlink_to(tmp_path / "elsewhere.srt")
    assert not any(change.path.name == "v.en.srt" for change in fix_all(folder)[1][0].changes)
    assert not (tmp_path / "elsewhere.srt").exists()
    folder = captioned(tmp_path / "c", "v.en.vtt", VTT_MENDED, "x")
    _, fixing = fix(folder, write=False)
    (folder / "v.en.srt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there meanwhile"):
        fixing.write()
    assert (folder / "v.en.srt").read_text(encoding="utf-8") == "mine"


def test_a_faulty_captions_file_is_not_written_in_another_form(tmp_path: Path) -> None:
    folder = captioned(tmp_path, "v.en.vtt", VTT_MENDED.replace("00:01.000", "00:01,000"), "x")
    assert fix(folder)[1].changes == []


def test_captions_that_several_drafts_name_are_written_once(tmp_path: Path) -> None:
    (tmp_path / "v.en.vtt").write_text(VTT_MENDED, encoding="utf-8")
    (tmp_path / "v.mp4").write_bytes(content("v.mp4", {}))
    config = '[calendar]\ncaption = "caption"\nvideo = "video"\ncaptions = "captions"\nplatforms = "platforms"\n'
    (tmp_path / "postcheck.toml").write_text(config, encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        rows = "caption,video,captions,platforms\nLeaf Day.,v.mp4,v.en.vtt,x\n"
        (tmp_path / name).write_text(rows, encoding="utf-8")
    _, fixings = fix_all(tmp_path / "a.csv", tmp_path / "b.csv")
    assert [change.path.name for fixing in fixings for change in fixing.changes] == ["v.en.srt"]
