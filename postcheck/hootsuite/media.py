"""Fetching the pictures and videos of a message: https only, never from inside a network, of known kinds and sizes.

Whoever writes a message may name any address in it. So a host's addresses are looked up once, all of them must be
public, and the connection goes to the one that was looked at.
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from postcheck.errors import UsageError
from postcheck.hootsuite.http import SECONDS, Clock, needed, trusted

KINDS: Sequence[tuple[str, int, bytes, int]] = (
    (".jpg", 0, b"\xff\xd8\xff", 50_000_000),
    (".png", 0, b"\x89PNG\r\n\x1a\n", 50_000_000),
    (".gif", 0, b"GIF8", 50_000_000),
    (".mp4", 4, b"ftyp", 1_100_000_000),
)
"""Ending, where in the file it shows by which bytes, and the most bytes that are fetched of one. Hootsuite takes no
other kinds."""
_HEAD = 12
_REDIRECTS = 3
_LONGEST = 900.0
"""Seconds for one file."""
Resolve = Callable[[str], Sequence[str]]


class CannotFetch(UsageError):
    """Why a file could not be fetched, for a person."""


@dataclass(frozen=True, slots=True)
class Fetched:
    name: str
    sha256: str


def addresses(host: str) -> list[str]:
    """What the host is at, by DNS."""
    try:
        return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)))
    except (OSError, UnicodeError):
        return []


def fetch(
    address: str,
    folder: Path,
    stem: str,
    *,
    resolve: Resolve = addresses,
    transport: Any = None,
    clock: Clock | None = None,
) -> Fetched:
    """The file at `address` as `folder/stem` with the ending of its kind.

    Raises:
        CannotFetch: it is not there, too large, of another kind, or at an address that is not public.
    """
    httpx = needed()
    clock = clock or Clock()
    until = clock.ticks() + _LONGEST
    for _ in range(_REDIRECTS + 1):
        # trust_env: a proxy would look the host up again, and might find another address
        with httpx.Client(
            transport=transport, verify=trusted(), timeout=SECONDS, follow_redirects=False, trust_env=False
        ) as client:
            request = _request(client, address, resolve)
            try:
                response = client.send(request, stream=True)
                try:
                    if not response.is_redirect:
                        return _written(response, folder, stem, clock, until)
                    address = urljoin(address, response.headers.get("Location", ""))
                finally:
                    response.close()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise CannotFetch(f"it did not come ({type(error).__name__})") from None
    raise CannotFetch("it is always somewhere else (too many redirects)")


def _request(client: Any, address: str, resolve: Resolve) -> Any:
    """To the very address that was found to be public, under the host's name."""
    httpx = needed()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise CannotFetch("its address is not understood") from None
    # ow.ly's addresses are told with http; the same file is asked for with https
    if parts.scheme not in ("https", "http") or not host or port not in (None, 443) or parts.username:
        raise CannotFetch("its address is none of https")
    found = resolve(host)
    if not found:
        raise CannotFetch("its host is not known")
    if not all(_is_public(one) for one in found):
        raise CannotFetch("its host is not on the public internet")
    at = f"[{found[0]}]" if ":" in found[0] else found[0]
    try:
        return client.build_request(
            "GET",
            urlunsplit(("https", at, parts.path or "/", parts.query, "")),
            headers={"Host": host},
            extensions={"sni_hostname": host},
        )
    except httpx.InvalidURL:
        raise CannotFetch("its address is not understood") from None


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None and not _is_public(str(inner)):
            return False
        if found in ipaddress.ip_network("64:ff9b::/96"):  # NAT64: the last four bytes are an address of IPv4
            return _is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def _written(response: Any, folder: Path, stem: str, clock: Clock, until: float) -> Fetched:
    if response.status_code != 200:
        raise CannotFetch(f"it is not given (status {response.status_code})")
    begun, most, suffix = b"", 0, ""
    total, size = hashlib.sha256(), 0
    path = folder / f"{stem}.part"
    try:
        with path.open("wb") as file:
            for chunk in response.iter_bytes(1 << 16):
                if not suffix:
                    begun += chunk
                    if len(begun) < _HEAD:
                        continue
                    (suffix, most), chunk = _kind(begun), begun
                size += len(chunk)
                if size > most:
                    raise CannotFetch(f"it has more than {most:,} bytes")
                if clock.ticks() > until:
                    raise CannotFetch("it takes too long")
                total.update(chunk)
                file.write(chunk)
        if not suffix:
            raise CannotFetch("it is empty")
        path.replace(folder / f"{stem}{suffix}")
    finally:
        path.unlink(missing_ok=True)
    return Fetched(f"{stem}{suffix}", total.hexdigest())


def _kind(begun: bytes) -> tuple[str, int]:
    for suffix, at, mark, most in KINDS:
        if begun[at:].startswith(mark):
            return suffix, most
    raise CannotFetch("it is neither a JPEG, PNG, GIF nor MP4")
