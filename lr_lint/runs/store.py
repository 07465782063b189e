"""A file of texts by key, on SQLite: several runs may read and write it at once, and nothing that is in it is trusted.

An entry that is not whole is none. A file that is no database, or no whole one, is removed and begun anew; one that can
not be written is read. It is a cache: whatever goes wrong with it costs time, and is told in one line at most.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

# A file of another layout has another name.
FILE = "found-1.sqlite"
_BESIDE = ("", "-journal", "-wal", "-shm")
_TABLE = (
    "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB, digest BLOB, used INTEGER) WITHOUT ROWID"
)
# In bytes. What was not used for the longest time goes, until half of it is left.
LARGEST = 64_000_000
# In seconds that another run is waited for which writes.
_PATIENCE = 2.0
_DAY = 86_400
_IGNORED = "*\n"
# Source: https://bford.info/cachedir/ (read 2026-11). Programs that make backups pass over a folder with this file.
_TAG = """\
Signature: 8a477f597d28d172789f06886806bc55
# This folder holds what lr-lint found in earlier runs. It may be deleted at any time.
"""
_MADE = {".gitignore": _IGNORED, "CACHEDIR.TAG": _TAG}


class Store:
    """The file in a folder.

    Attributes:
        problem: why nothing is kept, in words; empty while all is well.
    """

    def __init__(self, folder: str) -> None:
        """Nothing is opened before somebody asks.

        Args:
            folder: need not be there, and is made when something is kept.
        """
        self._folder = folder
        self._path = os.path.join(folder, FILE)
        self._database: sqlite3.Connection | None = None
        self._is_closed = False
        self._may_be_written = True
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._today = int(time.time()) // _DAY
        self.problem = ""

    def find(self, key: bytes) -> bytes | None:
        """What was kept by a key; None where there is nothing whole."""
        if key in self._new:
            return self._new[key]
        row = None
        with self._kept_whole():
            database = self._opened()
            query = "SELECT value, digest, used FROM entries WHERE key = ?"
            row = None if database is None else database.execute(query, (key,)).fetchone()
        if row is None or not isinstance(row[0], bytes) or row[1] != _digest(key, row[0]):
            return None
        if row[2] != self._today:
            self._used.add(key)
        return row[0]

    def keep(self, key: bytes, value: bytes) -> None:
        """Have something kept, once `save` is called."""
        self._new[key] = value

    def save(self) -> None:
        """Write what is to be kept."""
        if self._is_closed or not (self._new or (self._used and self._may_be_written)):
            return
        new, used, self._new, self._used = self._new, self._used, {}, set()
        try:
            if new:
                self._make_folder()
            with self._kept_whole():
                database = self._opened() if os.path.exists(self._path) or not new else self._made()
                if database is not None:
                    self._write(database, new, used)
        except OSError as error:
            self._give_up(error.strerror or str(error))

    def close(self) -> None:
        """Write what is to be kept, and let the file go."""
        self.save()
        self._is_closed = True
        if self._database is not None:
            self._database.close()

    def _opened(self) -> sqlite3.Connection | None:
        """The file, if it is there."""
        if self._database is None and not self._is_closed and os.path.isfile(self._path):
            self._may_be_written = os.access(self._path, os.W_OK) and os.access(self._folder, os.W_OK)
            self._database = self._connected("rw" if self._may_be_written else "ro")
        return self._database

    def _made(self) -> sqlite3.Connection:
        self._database = self._connected("rwc")
        return self._database

    def _connected(self, mode: str) -> sqlite3.Connection:
        place = f"{Path(os.path.abspath(self._path)).as_uri()}?mode={mode}"
        database = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None, uri=True)
        # What the machine's end would leave is told from what was written by the digests.
        database.execute("PRAGMA synchronous = OFF")
        if mode != "ro":
            database.execute("PRAGMA auto_vacuum = FULL")
            database.execute(_TABLE)
        return database

    def _write(self, database: sqlite3.Connection, new: dict[bytes, bytes], used: set[bytes]) -> None:
        rows = [(key, value, _digest(key, value), self._today) for key, value in new.items()]
        database.execute("BEGIN IMMEDIATE")
        try:
            database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)
            database.executemany("UPDATE entries SET used = ? WHERE key = ?", [(self._today, key) for key in used])
            self._bound(database)
            database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise

    def _bound(self, database: sqlite3.Connection) -> None:
        """Remove what was not used for the longest time, where there is too much."""
        sizes = database.execute("SELECT key, LENGTH(value) FROM entries ORDER BY used DESC").fetchall()
        total = 0
        for key, size in sizes if sum(size for _, size in sizes) > LARGEST else ():
            total += size
            if total > LARGEST // 2:
                database.execute("DELETE FROM entries WHERE key = ?", (key,))

    @contextmanager
    def _kept_whole(self) -> Iterator[None]:
        """Goes on without the file where something is wrong with it."""
        try:
            yield
        except sqlite3.OperationalError as error:  # it is locked, or the disk is full, or it may not be written
            self._give_up(str(error))
        except sqlite3.Error:
            self._begin_anew()

    def _give_up(self, reason: str) -> None:
        self.problem = self.problem or reason
        self._is_closed = True
        if self._database is not None:
            self._database.close()
            self._database = None

    def _begin_anew(self) -> None:
        """Remove a file that is no whole database; another run that has it open keeps what it has."""
        if self._database is not None:
            self._database.close()
            self._database = None
        try:
            remove(self._folder)
        except OSError as error:
            self._give_up(error.strerror or str(error))

    def _make_folder(self) -> None:
        os.makedirs(self._folder, exist_ok=True)
        if os.listdir(self._folder):
            return  # it is somebody's, whose other files are to be seen by Git as before
        for name, text in _MADE.items():
            with suppress(FileExistsError), open(os.path.join(self._folder, name), "x", encoding="ascii") as file:
                file.write(text)


def remove(folder: str) -> None:
    """Remove what a store has written, and nothing else.

    Raises:
        OSError: if something cannot be removed.
    """
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, FILE + ending))


def _digest(key: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key[:64], digest_size=16).digest()
