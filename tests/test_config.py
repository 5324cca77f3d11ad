"""Where the settings come from, and what is wrong with them, with the line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import postcheck
from postcheck.api import settle
from postcheck.config import Config, find_config, load_config
from postcheck.errors import ConfigError
from postcheck.model import Severity


def config(folder: Path, text: str, name: str = "postcheck.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = """
policy = "portland"
timezone = "America/Los_Angeles"
fail_on = "warning"
select = ["alt-text"]
ignore = ["alt-text/emoji"]

[checks]
"alt-text/too-short" = "off"
"alt-text/image-of" = "note"
"alt-text/too-long" = {severity = "warning", options = {advice_above = 200}}

[facts]
accounts = ["parks"]
timezone = "America/Anchorage"

[calendar]
caption = "Post copy"

[records]
approval = 2

[limits]
zip_unpacked_mb = 10
zip_files = 5
"""
    loaded = load_config(config(tmp_path, text))
    assert (loaded.policy, loaded.fail_on, loaded.select) == ("portland", Severity.WARNING, ("alt-text",))
    assert loaded.checks["alt-text/too-short"].off
    assert loaded.checks["alt-text/image-of"].severity is Severity.NOTE
    assert loaded.checks["alt-text/too-long"].options == {"advice_above": 200}
    assert (loaded.zip_unpacked_mb, loaded.zip_files) == (10, 5)
    assert loaded.calendar == {"caption": "Post copy"}
    assert loaded.records == {"approval": 2}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('polcy = "portland"\n', "postcheck.toml:1: Unknown key `polcy` in the config. Did you mean `policy`?"),
        ('\n[checks]\n"a/b" = "eror"\n', "postcheck.toml:3: `eror` is not known for `a/b`. Did you mean `error`?"),
        ('[checks]\n"a/b" = {sevrity = "note"}\n', 'postcheck.toml:2: Unknown key `sevrity` in checks."a/b".'),
        ('[checks]\n"a/b" = 3\n', "postcheck.toml:2: `a/b` must be a severity, `off`, or a table."),
        ('timezone = "Pacific"\n', "postcheck.toml:1: `Pacific` is not a time zone."),
        ('fail_on = "never"\n', "postcheck.toml:1: `never` is not known for `fail_on`."),
        ('[facts]\naccounts = "parks"\n', "postcheck.toml:2: `accounts` must be a list."),
        ("[limits]\nzip_files = true\n", "postcheck.toml:2: `zip_files` must be a whole number."),
        ("[records]\napproval = 0\n", "postcheck.toml:2: `approval` must be kept for at least a year."),
        ('[records]\napproval = "two"\n', "postcheck.toml:2: `approval` must be a whole number."),
        ("select = [1]\n", "postcheck.toml:1: `select` must be a list of texts."),
        ("policy = \n", "postcheck.toml: not valid TOML"),
    ],
)
def test_faults(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(config(tmp_path, text))
    assert said in str(error.value)


def test_the_nearest_settings_above_all_paths(tmp_path: Path) -> None:
    for name in ("posts/a", "posts/b", "other"):
        (tmp_path / name).mkdir(parents=True)
    config(tmp_path, "[tool.postcheck]\npolicy = 'portland'\n", "pyproject.toml")
    inner = config(tmp_path / "posts", "")
    assert find_config([tmp_path / "posts/a", tmp_path / "posts/b"]) == inner
    assert find_config([tmp_path / "posts/a", tmp_path / "other"]) == tmp_path / "pyproject.toml"
    assert load_config(tmp_path / "pyproject.toml").policy == "portland"
    config(tmp_path, "[tool.other]\n", "pyproject.toml")
    assert find_config([tmp_path / "other"]) is None or not str(find_config([tmp_path / "other"])).startswith(
        str(tmp_path)
    )


def test_a_citys_own_policy_lies_beside_the_config(tmp_path: Path) -> None:
    assert load_config(config(tmp_path, 'policy = "ours.yaml"\n')).policy == str(tmp_path / "ours.yaml")
    assert load_config(None) == Config()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ('fix = "Safe"', "`fix` is one of safe"),
        ('language = "English"', "a code such as `en`"),
        ('fields = ["posts"]', "`fields` names"),
        ("fields = []", "`fields` names"),
        ('unless = ["("]', "is no expression"),
        ("unless = [1]", "is no expression"),
        ('unless = ["<nobody>"]', "names the part"),
        ('allow = [" "]', "list of words"),
        ("phrases = {}", "is empty"),
        ("phrases = {ladies = 1}", "a text or a list"),
    ],
)
def test_a_slip_in_an_option_of_a_writing_check_is_told(options: str, said: str, tmp_path: Path) -> None:
    """It must never switch the check off without a word."""
    path = tmp_path / "postcheck.toml"
    path.write_text(f'[checks."inclusive/gendered-jobs".options]\n{options}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        settle(load_config(path), policy="")
    assert "postcheck.toml:2" in str(caught.value)


def test_words_of_the_config_are_looked_for(tmp_path: Path) -> None:
    """The triggers of the check's own words would not find them; a space and an apostrophe are found in any form."""
    (tmp_path / "postcheck.toml").write_text(
        '[checks."inclusive/gendered-jobs".options.phrases]\n"westside bloke" = "neighbor"\n'
        '[facts]\nhouse_words = ["Fireman\'s Pole"]\n',
        encoding="utf-8",
    )
    (tmp_path / "post.md").write_text("The westside\nbloke met a fireman.", encoding="utf-8")
    (draft,) = postcheck.check(tmp_path, policy="", select=["inclusive/gendered-jobs"]).drafts
    assert [finding.message for result in draft.results for finding in result.findings] == [
        "“westside\nbloke” names only part of the people who do the job."
    ]


def test_house_words_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postcheck.toml").write_text('[facts]\nhouse_words = ["the old fireman\'s pole"]\n', encoding="utf-8")
    for name, caption in (("a", "Slide down the old\nfireman’s pole."), ("b", "Slide down a fireman.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "post.md").write_text(caption, encoding="utf-8")
    allowed, other = postcheck.check(tmp_path, policy="", select=["inclusive/gendered-jobs"]).drafts
    assert not allowed.results and other.results
