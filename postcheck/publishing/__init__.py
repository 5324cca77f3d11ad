"""What follows the check: the hand-off to whoever publishes."""
