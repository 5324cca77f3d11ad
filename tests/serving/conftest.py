from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from postcheck.serving.accounts import Accounts
from tests.serving.made import opened


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = opened(tmp_path)
    yield made
    made.close()
