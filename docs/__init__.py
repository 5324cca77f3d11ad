"""The documentation site: `sphinx-build -W docs docs/_build`."""
