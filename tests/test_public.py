"""The public surface, and what a start may cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import postcheck

HEAVY = ("spacy", "numpy", "av", "cv2", "onnxruntime", "rapidocr", "PIL", "twitter_text", "regex", "rich", "textstat")


def test_public_names() -> None:
    assert sorted(postcheck.__all__) == list(postcheck.__all__)
    for name in postcheck.__all__:
        assert getattr(postcheck, name) is not None
    with pytest.raises(AttributeError):
        _ = postcheck.no_such_name


def test_one_path_may_be_given_alone(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("Leaf Day", encoding="utf-8")
    assert len(postcheck.check(str(tmp_path)).drafts) == len(postcheck.check(tmp_path).drafts) == 1


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a command imports."""
    code = (
        "import sys\nfrom postcheck.cli import main\n"
        f"try:\n    main({list(arguments)!r})\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('MODULES', *{name.partition('.')[0] for name in sys.modules})"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(output.splitlines()[-1].split()[1:])


def test_a_start_imports_nothing_heavy(tmp_path: Path) -> None:
    assert not imported_by("--version") & {*HEAVY, "yaml", "difflib", "tomllib", "zipfile"}
    post = "---\naccount: parks\nauthor: jo\nplatforms: [x, facebook]\n---\n" + "Leaf Day is Saturday. " * 10
    (tmp_path / "post.md").write_text(post, encoding="utf-8")
    assert not imported_by("check", str(tmp_path)) & set(HEAVY)


@pytest.mark.slow
def test_pictures_are_what_loads_pillow(tmp_path: Path) -> None:
    """The test above would pass if nothing were ever loaded."""
    from tests.drafts import write_draft

    write_draft(tmp_path, {"account": "a", "author": "b", "platforms": ["x"], "images": [{"alt": "A crew rakes."}]})
    assert "PIL" in imported_by("check", "--no-cache", str(tmp_path))
