"""`python -m postcheck`."""

from postcheck.cli import main

main(prog_name="postcheck")
