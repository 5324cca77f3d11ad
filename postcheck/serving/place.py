"""Where the server listens, and by what names browsers call it."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from postcheck.errors import UsageError
from postcheck.messages import say

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_WAITING = 2_048
"""Connections that may wait to be taken."""


@dataclass(frozen=True, slots=True)
class Place:
    host: str = "127.0.0.1"
    port: int = 8765
    """0 is any that is free."""
    file: Path | None = None
    """A Unix socket in place of host and port."""
    names: Sequence[str] = ()
    is_https: bool = False
    """Browsers reach it by https: by the certificate, or a proxy's."""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_local(self) -> bool:
        return self.file is not None or self.host in ("127.0.0.1", "localhost", "::1")

    def listen(self) -> socket.socket:
        """
        Raises:
            UsageError: others could read passwords on their way; nobody could call it; or it cannot listen there.
        """
        if not self.is_local and not self.is_https:
            raise UsageError(
                f"{self.host} can be reached by others, and passwords would travel in the clear: "
                "give --certificate and --key, or --https where a proxy has them."
            )
        if not self.names and not self.is_local:
            raise UsageError("Say by what name browsers call it: --name social.example.gov.")
        try:
            if self.file:
                return _at_file(self.file)
            return _at_port(self.host, self.port)
        except OSError as error:
            where = str(self.file) if self.file else f"{self.host}, port {self.port}"
            reason = os.strerror(error.errno) if error.errno else error.strerror
            raise UsageError(say("It cannot listen at {where}: {reason}.", where=where, reason=reason)) from None

    def hosts(self, listening: socket.socket) -> Sequence[str]:
        """What browsers may send as `Host`."""
        port = self.port if self.file else listening.getsockname()[1]
        return (*self.names, *(f"{name}:{port}" for name in LOOPBACK if self.is_local))

    def address(self, listening: socket.socket) -> str:
        """For a person to open."""
        if self.file:
            return str(self.file)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{listening.getsockname()[1]}/"


def _at_port(host: str, port: int) -> socket.socket:
    """With the protocol told: only of such a socket does asyncio send each piece of an answer at once (TCP_NODELAY),
    and without that every page is 40 ms late. `socket.create_server` does not tell it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # there it would let two servers have one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((host, port))
        listening.listen(_WAITING)
    except BaseException:
        listening.close()
        raise
    return listening


def _at_file(path: Path) -> socket.socket:
    """For its owner and group alone: whoever can write to it can say who they are, where a proxy signs people in."""
    if not hasattr(socket, "AF_UNIX"):
        raise OSError(0, "this system has no Unix sockets")
    listening = socket.socket(socket.AF_UNIX)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
            with suppress(ConnectionRefusedError), socket.socket(socket.AF_UNIX) as other:
                other.connect(str(path))
                raise OSError(0, "another server listens there")
            path.unlink()  # nobody does: a server that was killed has left it
        before = os.umask(0o117)
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.listen(_WAITING)
    except BaseException:
        listening.close()
        raise
    return listening
