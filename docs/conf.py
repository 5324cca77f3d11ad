"""Sphinx's settings: pages in Markdown, those of checks, policies and commands made from what the code knows."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from postcheck.version import __version__

project = "postcheck"
author = "the postcheck contributors"
release = __version__
language = "en"
extensions = ["myst_parser", "docs.made.site"]
exclude_patterns = ["_build", "made"]
nitpicky = True
smartquotes = False  # `--fix` is two hyphens

myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]

html_theme = "furo"
html_title = "postcheck"
html_static_path = ["static"]
html_css_files = ["postcheck.css"]
html_copy_source = False
html_show_copyright = False
