"""A script that wants CUDA gets to its scheduler on a machine without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.probe.records import ChildReport
from tests.probe.children import rates, reports, script

pytest.importorskip("torch")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("redirect")


@pytest.fixture(scope="module")
def seen(folder: Path) -> Iterator[dict[str, ChildReport]]:
    requests = {
        "idioms": script("cuda_idioms.py", "idioms.json", redirect=True, timeout=120),
        "cpu": script("wants_cuda_quietly.py", steps=3, device="cpu"),
    }
    with reports(folder, requests) as found:
        yield found


@pytest.fixture(scope="module")
def outcomes(seen: dict[str, ChildReport], folder: Path) -> dict[str, str]:
    assert "idioms" in seen
    found: dict[str, str] = json.loads((folder / "idioms.json").read_text())
    return found


@pytest.mark.parametrize("number", range(1, 60))
def test_idiom_is_reached(outcomes: dict[str, str], number: int) -> None:
    assert outcomes[str(number)] == ""


def test_training_on_cuda_is_not_begun(seen: dict[str, ChildReport], folder: Path) -> None:
    report = seen["idioms"]

    assert "cuda_idioms.py has no scheduler at its first backward pass at " in report.failure
    assert "is not trained any further" in report.failure
    assert not (folder / "idioms.json.trained").exists()


def test_what_was_redirected_is_said(seen: dict[str, ChildReport]) -> None:
    (note,) = (note for note in seen["idioms"].notes if "redirected" in note)

    assert "torch.cuda.is_available" in note
    assert "Tensor.cuda" in note


def test_a_script_that_ends_for_want_of_a_gpu_is_tried_again(seen: dict[str, ChildReport], folder: Path) -> None:
    """In the second attempt it makes tensors in a thread, and its scheduler in what would be another process."""
    report = seen["cpu"]

    assert report.failure == ""
    assert report.device == "cpu"
    assert [rates(each) for each in report.observations] == [[0.25, 0.125, 0.0625]]
    assert report.notes[0].startswith("without a GPU: ")
    assert report.notes[0].endswith("wants_cuda_quietly.py ended without constructing a scheduler")
    assert any("torch.multiprocessing.spawn" in note for note in report.notes)
    assert not (folder / "trained_on_cuda.txt").exists()
