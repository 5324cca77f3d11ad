"""The approval step: what is kept of a decision."""
