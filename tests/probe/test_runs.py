"""Scripts that know nothing of the probe: each is stopped before it trains, and its schedule is read."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from lr_lint.probe.child.devices import DeviceError, resolve
from lr_lint.probe.records import ChildReport
from tests.probe.children import rates, reports, script

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.slow

NEEDS = {
    "with_lightning.py": "lightning",
    "with_trainer.py": "transformers",
    "with_accelerate.py": "accelerate",
    "with_keras.py": "keras",
}
SEED = [0.001, 0.0009000000000000001, 0.0008, 0.0007, 0.0006, 0.0005, 0.0004, 0.0003, 0.0002, 0.0001]
without_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def seen(folder: Path) -> Iterator[dict[str, ChildReport]]:
    requests = {name: script(name) for name, package in NEEDS.items() if find_spec(package)}
    requests["seed"] = script("seed.py")
    requests["seed with the Keras function"] = script("seed.py", "--keras", redirect=True)
    requests["seed on a GPU"] = script("seed.py", device="cuda:0")
    with reports(folder, requests) as found:
        yield found


@pytest.fixture
def report(seen: dict[str, ChildReport], request: pytest.FixtureRequest) -> ChildReport:
    """The report on the script that a test names."""
    if request.param not in seen:
        pytest.skip(f"{NEEDS[request.param]} is not installed")
    found = seen[request.param]
    assert found.failure == "", found.output
    return found


def of(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("report", [name], indirect=True)


@of("seed")
def test_the_factor_gives_the_rates_that_its_author_printed(report: ChildReport) -> None:
    assert [rates(each) for each in report.observations] == [[*SEED, 0.0]]
    assert report.device == "cpu" if not torch.cuda.is_available() else "cuda:0"


@without_gpu
@of("seed")
def test_what_was_redirected_is_said(report: ChildReport) -> None:
    assert "Torch not compiled with CUDA enabled" in report.notes[0] or "NVIDIA" in report.notes[0]
    assert report.notes[-1] == "CUDA was redirected to the CPU in Module.to, Tensor.to"


@of("seed with the Keras function")
def test_the_keras_habit_gives_rates_a_thousand_times_smaller(report: ChildReport) -> None:
    (observation,) = report.observations

    assert rates(observation)[0] == 9.9999e-07
    assert rates(observation)[9:] == [9.999900000000001e-08, 0.0]
    assert observation.groups[0].initial_lr == 1e-3


@of("with_lightning.py")
def test_lightning(report: ChildReport) -> None:
    (observation,) = report.observations

    assert rates(observation)[:5] == [0.025, 0.05, pytest.approx(0.075), 0.1, 0.1]
    assert observation.site is not None
    assert observation.site.path.endswith("with_lightning.py")
    assert observation.site.line == 18


@of("with_trainer.py")
def test_the_trainer_of_transformers(report: ChildReport) -> None:
    (observation,) = report.observations

    assert rates(observation)[:6] == pytest.approx([0, 1e-4, 2e-4, 3e-4, 4e-4, 5e-4])
    assert observation.site is not None
    assert observation.site.path.endswith("with_trainer.py")
    assert any(note.startswith("constructed in transformers/optimization.py:") for note in observation.notes)


@of("with_accelerate.py")
def test_accelerate(report: ChildReport) -> None:
    (observation,) = report.observations

    assert rates(observation)[:3] == pytest.approx([1e-4, 9e-5, 8.1e-5])
    assert observation.groups[0].initial_lr == 0.01


@of("with_keras.py")
def test_a_callback_of_keras(report: ChildReport) -> None:
    (observation,) = report.observations

    assert observation.contract == "keras.callbacks.LearningRateScheduler"
    assert observation.groups[0].initial_lr == 1e-3
    assert rates(observation)[0] == (1e-3 - 1e-8) * 10 / 10
    assert rates(observation)[9] == (1e-3 - 1e-8) * 1 / 10
    assert observation.site is not None
    assert observation.site.line == 8


def test_nothing_is_written_that_training_would_have_written(seen: dict[str, ChildReport], folder: Path) -> None:
    assert seen
    assert [str(path) for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("device", ["tpu", "cuda:", "cuda:x", "cuda0", "", "CPU"])
def test_a_device_with_another_name_is_refused(device: str) -> None:
    with pytest.raises(DeviceError, match="it must be auto, cpu, cuda or cuda:N"):
        resolve(device)


@without_gpu
def test_a_gpu_that_is_not_there_is_said(seen: dict[str, ChildReport]) -> None:
    report = seen["seed on a GPU"]

    assert report.failure.startswith("--device cuda:0: no CUDA device can be used here")
    assert report.observations == []


def test_the_cpu_is_always_there() -> None:
    assert resolve("cpu") == "cpu"
    assert resolve("auto") in ("cpu", "cuda:0")


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_is_used_where_there_is_one(seen: dict[str, ChildReport]) -> None:
    report = seen["seed on a GPU"]

    assert report.failure == ""
    assert report.device == "cuda:0"
    assert rates(report.observations[0]) == SEED
    assert not any("redirected" in note for note in report.notes)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_that_is_one_too_many_is_said() -> None:
    count = torch.cuda.device_count()

    with pytest.raises(DeviceError, match=f"--device cuda:{count}: there"):
        resolve(f"cuda:{count}")
