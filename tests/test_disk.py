"""Files that are there whole or not at all."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from postcheck.disk import alone, make_folder, new_file, place


def test_one_after_the_other(tmp_path: Path) -> None:
    order: list[str] = []

    def work(name: str) -> None:
        with alone(tmp_path):
            order.append(name)
            time.sleep(0.005)
            order.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(order[place] == order[place + 1] for place in range(0, 8, 2))


def test_alone_in_one_folder_leaves_others_free(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    with alone(tmp_path), alone(tmp_path / "a"):
        assert (tmp_path / "a" / "b").is_dir()


def test_a_file_gets_its_name_once(tmp_path: Path) -> None:
    made = []
    for text in (b"one", b"two"):
        path, file = new_file(tmp_path, ".new-", ".txt")
        with file:
            file.write(text)
        made.append(place(path, tmp_path / "a.txt"))
    assert made == [True, False]
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    assert len(list(tmp_path.glob(".new-*.txt"))) == 1
