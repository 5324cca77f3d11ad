"""Hootsuite by its REST interface: messages that wait for approval become drafts, and decisions go back.

Nothing here is imported by a check, and only `media.py`, `tokens.py` and `client.py` reach the network.
"""
