"""The approval step: what is decided, by which rules, and what is kept of it."""
