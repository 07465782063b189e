"""A shell completes what the command takes: bash itself is asked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lr_lint.command import completion
from tests.support import environment, lr_lint

BASH = shutil.which("bash")
# What bash does for a tab, from the words on the line and the one that the cursor is at.
ASK = """\
complete -p lr-lint > /dev/null
COMP_WORDS=({words})
COMP_CWORD={last}
_shtab_lr_lint
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    pytest.importorskip("shtab")
    return lr_lint("completion", "bash", cwd=tmp_path_factory.mktemp("folder")).stdout


def completed(script: str, *words: str, cwd: Path) -> set[str]:
    assert BASH is not None
    ask = ASK.format(words=" ".join(f"'{word}'" for word in ("lr-lint", *words)), last=len(words))
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-c", f"{script}\n{ask}"],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.strip() for line in done.stdout.splitlines() if line.strip()}


@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_bash_completes_commands_options_choices_and_paths(script: str, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("")

    assert {"sites", "server"} <= completed(script, "s", cwd=tmp_path)
    assert "--output-format" in completed(script, "check", "--out", cwd=tmp_path)
    assert {"json", "junit"} <= completed(script, "check", "--output-format", "j", cwd=tmp_path)
    assert "train.py" in completed(script, "check", "tr", cwd=tmp_path)
    assert completed(script, "help", "exp", cwd=tmp_path) == {"explain"}
    assert completed(script, "explain", "LR41", cwd=tmp_path) == {"LR410", "LR411", "LR412", "LR413"}
    assert completed(script, "--select", "rate-ov", cwd=tmp_path) == {"rate-overwritten"}


@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_bash_completes_options_without_the_name_of_the_default_command(script: str, tmp_path: Path) -> None:
    (tmp_path / "found").mkdir()
    (tmp_path / "file").write_text("")

    assert completed(script, "--unsafe", cwd=tmp_path) == {"--unsafe-fixes"}
    assert {"json", "junit"} <= completed(script, "--output-format", "j", cwd=tmp_path)
    assert completed(script, "--output-file", "f", cwd=tmp_path) == {"file", "found"}
    assert completed(script, "--cache-dir", "f", cwd=tmp_path) == {"found"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_every_shell_has_a_script(shell: str, tmp_path: Path) -> None:
    pytest.importorskip("shtab")
    told = lr_lint("completion", shell, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert "extend-select" in told.stdout


def test_without_the_library_one_line_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(completion, "find_spec", lambda name: None)
    told = lr_lint("completion", "bash", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "lr-lint: completion needs shtab: pip install 'lr-lint[completion]'\n"
