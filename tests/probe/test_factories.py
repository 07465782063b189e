"""Functions of the user's that make schedulers: what they may return, and what is said of the others."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from lr_lint.probe.launch import launch
from lr_lint.probe.records import ChildReport, Mode
from lr_lint.probe.request import Request
from tests.probe.children import SCRIPTS, rates, reports

torch = pytest.importorskip("torch")

from tests.probe.scripts import factories  # noqa: E402

pytestmark = pytest.mark.slow

HALVES = [0.5, 0.25, 0.125]


def factory(name: str, **fields: Any) -> Request:
    return Request(Mode.FACTORY, f"factories:{name}", steps=3, **fields)


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[str, ChildReport]]:
    names = ["pair", "raises", "undefined_at_start", "wants_cuda", "keras_schedule"]
    requests = {name: factory(name) for name in names}
    requests["settings"] = factory("with_arguments", settings={"lr": "5e-1", "gamma": "0.5", "name": "plain text"})
    requests["no module"] = Request(Mode.FACTORY, "not_here.part:build")
    with reports(SCRIPTS, requests) as found:
        yield found


def chosen(name: str) -> list[Any]:
    from lr_lint.probe.child.factories import schedulers

    return schedulers(name, getattr(factories, name)())


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        (
            "nothing",
            r"^nothing returned None: it should return a scheduler, \(optimizer, scheduler\), a list",
        ),
        ("only_optimizer", "^only_optimizer returned a SGD without a scheduler in it: it should return a scheduler"),
    ],
)
def test_what_is_no_scheduler_is_refused(name: str, refusal: str) -> None:
    from lr_lint.probe.child.factories import FactoryError

    with pytest.raises(FactoryError, match=refusal):
        chosen(name)


@pytest.mark.parametrize(
    "name", ["scheduler", "pair", "turned_pair", "lightning_dict", "lightning_lists", "Module", "wrapped"]
)
def test_one_scheduler_is_found_in_what_is_returned(name: str) -> None:
    assert [type(each) for each in chosen(name)] == [torch.optim.lr_scheduler.LambdaLR]


def test_several_schedulers_are_found_in_their_order() -> None:
    assert [each.base_lrs for each in chosen("several")] == [[0.5], [0.25]]


@pytest.mark.parametrize(
    ("name", "settings", "refusal"),
    [
        ("with_arguments", {}, "with_arguments needs lr, gamma: give --set lr=... --set gamma=..."),
        ("with_arguments", {"lr": "1"}, "with_arguments needs gamma: give --set gamma=..."),
        ("scheduler", {"rate": "1"}, "--set rate: scheduler has no such argument; it takes lr"),
        ("pair", {"lr": "1"}, "--set lr: pair has no such argument; it takes no arguments"),
    ],
)
def test_arguments_that_do_not_fit_are_said(name: str, settings: dict[str, str], refusal: str) -> None:
    from lr_lint.probe.child.factories import FactoryError, arguments

    with pytest.raises(FactoryError) as caught:
        arguments(name, getattr(factories, name), settings)

    assert str(caught.value) == refusal


def test_settings_are_literals_where_they_can_be() -> None:
    from lr_lint.probe.child.factories import arguments

    settings = {"lr": "1e-3", "milestones": "[1, 2]", "nesterov": "True", "name": "adam w", "empty": ""}

    assert arguments("f", lambda **options: options, settings) == {
        "lr": 1e-3,
        "milestones": [1, 2],
        "nesterov": True,
        "name": "adam w",
        "empty": "",
    }


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        ("tests.probe.scripts.factories", "a factory is named as package.module:function"),
        ("tests.probe.scripts.factories:not_there", "tests.probe.scripts.factories has no 'not_there'"),
        ("tests.probe.scripts.factories:not_callable", "a int is no function that could be called"),
        ("tests.probe.not_here.part:build", "there is no module 'tests.probe.not_here' to import from here"),
    ],
)
def test_a_target_that_is_no_function_is_said(target: str, refusal: str) -> None:
    from lr_lint.probe.child.factories import FactoryError, imported

    with pytest.raises(FactoryError) as caught:
        imported(target)

    assert str(caught.value) == f"{target}: {refusal}"


def test_a_factory_that_raises_is_a_failure(seen: dict[str, ChildReport]) -> None:
    assert seen["raises"].failure.startswith("factories:raises raised ValueError: no such schedule (factories.py:")
    assert seen["no module"].failure == "not_here.part:build: there is no module 'not_here' to import from here"


@pytest.mark.parametrize("name", ["pair", "settings"])
def test_a_factory_is_found_from_the_current_directory(seen: dict[str, ChildReport], name: str) -> None:
    report = seen[name]

    assert report.failure == "", report.output
    assert [rates(each) for each in report.observations] == [HALVES]
    assert report.observations[0].mode is Mode.FACTORY
    assert report.observations[0].site is not None
    assert report.observations[0].site.path == "factories.py"


def test_a_construction_that_raises_is_observed(seen: dict[str, ChildReport]) -> None:
    (observation,) = seen["undefined_at_start"].observations

    assert seen["undefined_at_start"].failure == ""
    assert observation.error == "ZeroDivisionError: division by zero"


def test_a_factory_that_wants_cuda_gets_there(seen: dict[str, ChildReport]) -> None:
    report = seen["wants_cuda"]

    assert [rates(each) for each in report.observations] == [HALVES]
    assert torch.cuda.is_available() or "CUDA was redirected to the CPU in Tensor.cuda" in report.notes


@pytest.mark.skipif(not find_spec("keras"), reason="keras is not installed")
def test_callbacks_of_keras_are_asked_through_keras(seen: dict[str, ChildReport]) -> None:
    schedule, integer = seen["keras_schedule"].observations

    assert schedule.contract == integer.contract == "keras.callbacks.LearningRateScheduler"
    assert schedule.groups[0].initial_lr == 0.5
    assert rates(schedule) == HALVES
    assert integer.error.startswith("ValueError: The output of the `schedule` function should be a float")


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("name", ["scheduler", "tensor_rate"])
def test_tensors_lie_on_the_device_that_was_asked_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SCRIPTS)
    report = launch(factory(name, device="cuda"))

    assert report.failure == ""
    assert report.device == "cuda:0"
    assert rates(report.observations[0]) == HALVES
