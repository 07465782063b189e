"""Write down what is said about programs: ``python -m tests.recorded``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.recorded import of_callables, of_fixes, of_fixtures
from tests.test_fixed_fixtures import WRONG, change_by_fixes
from tests.test_fixtures import PROGRAMS, name_of, said_about


def main() -> int:
    _write(of_fixtures.FOLDER, {of_fixtures.recorded_path(name_of(each)): said_about(each) for each in PROGRAMS})
    changes = {of_fixes.recorded_path(name_of(each)): change_by_fixes(each) for each in WRONG}
    _write(of_fixes.FOLDER, {path: text for path, text in changes.items() if text})
    claims = {
        of_callables.recorded_path(table): of_callables.text_of(map(of_callables.entry_of, programs))
        for table, programs in of_callables.tables().items()
    }
    _write(of_callables.FOLDER, claims)
    return 0


def _write(folder: Path, texts: dict[Path, str]) -> None:
    """Makes these the texts in a folder."""
    for path in {path for path in folder.rglob("*") if path.is_file()} - texts.keys():
        path.unlink()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
