"""Processes that a script starts afresh, as ``torch.multiprocessing.spawn`` does: they are looked at as the script is.

Such a process imports the script again as ``__mp_main__``, by a path that it is told. It is told that of a file of ours
instead, which looks on and then runs the script. Imports torch: for the child and its own children only.
"""

from __future__ import annotations

from multiprocessing import spawn
from pathlib import Path
from typing import Any

_FILE = "worker.py"
_TEXT = """\
from lr_lint.probe.child.runs import join

join({folder!r})
__file__ = {script!r}
with open(__file__, "rb") as _script:
    exec(compile(_script.read(), __file__, "exec", dont_inherit=True))
"""
_MAIN = "init_main_from_path"


def install(folder: Path) -> None:
    """Have every process that is started afresh join the run.

    Args:
        folder: what is shared with the parent; the request is in it.
    """
    original = spawn.get_preparation_data

    def told(name: str) -> dict[str, Any]:
        data = original(name)
        if _MAIN in data:
            worker = folder / _FILE
            worker.write_text(_TEXT.format(folder=str(folder), script=data[_MAIN]), encoding="utf-8")
            data[_MAIN] = str(worker)
        return data

    spawn.get_preparation_data = told
