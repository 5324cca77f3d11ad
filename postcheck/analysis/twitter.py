"""The twitter-text library, without what it asks of the system.

twitter-text-parser 3.0.0 reads one file of its own through pkg_resources, which it does not declare, which Python 3.12
and later do not bring along, and which takes longer to import than all the rest. While the library is imported, a
module of that name that can do just this stands in.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


@cache
def twitter_text() -> Any:
    """The module `twitter_text`."""
    standing = sys.modules.get("pkg_resources")
    sys.modules["pkg_resources"] = _stand_in()
    try:
        import twitter_text

        return twitter_text
    finally:
        if standing is None:
            del sys.modules["pkg_resources"]
        else:
            sys.modules["pkg_resources"] = standing


def _stand_in() -> ModuleType:
    module = ModuleType("pkg_resources")
    module.resource_string = _resource_string  # type: ignore[attr-defined]
    return module


def _resource_string(module: str, name: str) -> bytes:
    """The content of the file `name` beside `module`, as pkg_resources gives it."""
    return Path(str(sys.modules[module].__file__)).with_name(name).read_bytes()
