"""Where the server listens, and where it refuses to."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from postcheck.errors import UsageError
from postcheck.serving.place import Place


def test_on_the_loopback_it_may_be_called_by_its_names_there() -> None:
    place = Place(port=0)
    with place.listen() as listening:
        port = listening.getsockname()[1]
        assert listening.proto == socket.IPPROTO_TCP, "or asyncio holds back each answer for 40 ms"
        assert place.address(listening) == f"http://127.0.0.1:{port}/"
        assert place.hosts(listening) == (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Place(host="0.0.0.0", port=0), "in the clear"),
        (Place(host="192.0.2.1", port=0), "in the clear"),
        (Place(host="0.0.0.0", port=0, is_https=True), "--name social.example.gov"),
    ],
)
def test_it_listens_nowhere_where_passwords_could_be_read(place: Place, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        place.listen()


def test_behind_a_proxy_it_has_the_name_that_browsers_call() -> None:
    place = Place(host="0.0.0.0", port=0, is_https=True, names=["social.example.gov"])
    with place.listen() as listening:
        assert place.hosts(listening) == ("social.example.gov",)


def test_a_port_that_is_taken_is_told() -> None:
    with Place(port=0).listen() as listening, pytest.raises(UsageError, match=r"at 127\.0\.0\.1, port \d+: .*in use"):
        Place(port=listening.getsockname()[1]).listen()


def test_a_unix_socket_is_for_its_owner_and_group_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with Place(file=path).listen():
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with pytest.raises(UsageError, match="another server listens there"):
            Place(file=path).listen()
    assert path.exists(), "as a server leaves it that was killed"
    with Place(file=path).listen() as listening, socket.socket(socket.AF_UNIX) as other:
        other.connect(str(path))
        listening.accept()[0].close()


def test_no_file_is_taken_for_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("keep me", "utf-8")
    with pytest.raises(UsageError, match="in use"):
        Place(file=path).listen()
    assert path.read_text("utf-8") == "keep me"
