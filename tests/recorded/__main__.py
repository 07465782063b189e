"""Write down what is said about each program under fixtures: ``python -m tests.recorded``."""

from __future__ import annotations

import sys

from tests.recorded import FOLDER, recorded_path
from tests.test_fixtures import PROGRAMS, name_of, said_about


def main() -> int:
    wanted = {recorded_path(name_of(program)): program for program in PROGRAMS}
    for path in set(FOLDER.rglob("*.txt")) - wanted.keys():
        path.unlink()
    for path, program in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said_about(program), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
