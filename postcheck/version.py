"""The version, read by the build too. Kept apart so that `postcheck --version` imports nothing else."""

__version__ = "0.1.0"
