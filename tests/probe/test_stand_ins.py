"""Stand-ins for models, and values that are not known."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lr_lint.probe.child.slices.stand_ins import StandInModel  # noqa: E402
from lr_lint.probe.child.slices.unknowns import Data, NeedsValue, Placeholder, Supplies, normalised, parse_settings  # noqa: E402


def supplies(settings: dict[str, str] | None = None, device: str = "cpu", names: tuple[str, ...] = ()) -> Supplies:
    models: dict[str, StandInModel] = {}

    def model(name: str) -> StandInModel:
        if name not in models:
            models[name] = StandInModel(given, name, device, names)
        return models[name]

    given = Supplies(parse_settings(settings or {}), model)
    return given


@pytest.mark.parametrize(
    "use",
    [
        lambda x: x + 1,
        lambda x: 2 * x,
        lambda x: x**0.5,
        lambda x: -x,
        lambda x: x < 1,
        lambda x: x == "cosine",
        lambda x: x != 3,
        bool,
        float,
        int,
        list,
        len,
        math.cos,
        range,
        lambda x: 1 in x,
        lambda x: torch.optim.SGD([torch.zeros(1)], lr=x),
        lambda x: [1, 2][x],
        lambda x: max(x, 1),
    ],
)
def test_an_unknown_value_is_never_guessed(use: Any) -> None:
    with pytest.raises(NeedsValue, match=r"cfg\.\w+\)? is not known: --set '?(len\()?cfg\.mode\)?'?=(VALUE|N)"):
        use(Placeholder(supplies(), "cfg").mode)


def test_parts_of_an_unknown_value_are_named_after_it() -> None:
    cfg = Placeholder(supplies({"cfg.a.b": "3"}), "cfg")

    assert cfg["a"].b == 3
    assert cfg.a["b"] + 1 == 4
    assert repr(cfg["x"].y[0]) == "<cfg.x.y.0>"


def test_parts_that_the_code_sets_are_kept() -> None:
    cfg = Placeholder(supplies(), "cfg")
    cfg.lr = 0.5
    cfg["decay"] = 2

    assert (cfg.lr, cfg.decay) == (0.5, 2)


@pytest.mark.parametrize(
    ("name", "count"), [("epochs", 100), ("warmup_steps", 10), ("start_epoch", 0), ("step_size", 30)]
)
def test_counts_are_assumed_once_and_said_once(name: str, count: int) -> None:
    given = supplies()
    value = getattr(Placeholder(given, "cfg"), name)

    assert [value + 0, 0 + value, int(value), float(value), round(value)] == [count] * 5
    assert list(range(value)) == list(range(count))
    assert given.notes == [f"cfg.{name} taken as {count}; --set cfg.{name}=N"]


def test_what_the_lost_value_came_from_is_told_for_its_parts() -> None:
    cfg = Placeholder(supplies(), "cfg", cause="line 3: OSError: gone")

    with pytest.raises(NeedsValue, match=r"cfg\.lr is not known \(line 3: OSError: gone\): --set cfg\.lr=VALUE"):
        float(cfg.lr)


def test_the_length_of_data_is_assumed_and_its_contents_are_not() -> None:
    given = supplies()
    loader = Data(given, "loader")

    assert len(loader) == 100
    assert len(loader.dataset) == 100
    assert given.notes[0] == "len(loader) taken as 100; --set 'len(loader)'=N"
    with pytest.raises(NeedsValue):
        next(iter(loader))
    assert len(Data(supplies({"len(loader)": "7"}), "loader")) == 7


def test_settings_are_python_values_or_text() -> None:
    settings = parse_settings({"lr": "1e-3", "b": "true", "n": "None", "c": "cosine", 'cfg["x"].y': "[1, 2]"})

    assert settings == {"lr": 0.001, "b": True, "n": None, "c": "cosine", "cfg.x.y": [1, 2]}
    assert normalised("cfg['a'][b].c") == "cfg.a.b.c"


def test_a_stand_in_has_the_parameters_that_people_filter_by() -> None:
    model = StandInModel(supplies(), "model", "cpu", ["adapter", "blocks.0.attn", "bias", ".proj"])
    names = [name for name, _ in model.named_parameters()]

    for word in ("weight", "bias", "norm", "bn", "adapter", "blocks.0.attn", ".proj"):
        assert any(word in f".{name}" for name in names), word
    assert all(parameter.numel() == 1 and parameter.requires_grad for parameter in model.parameters())
    assert any(parameter.ndim > 1 for parameter in model.parameters())
    assert any(isinstance(module, torch.nn.BatchNorm2d) for module in model.modules())


def test_no_parameter_of_a_part_is_one_of_the_whole() -> None:
    model = supplies().model("model")
    head = list(model.head.parameters())

    assert head
    assert [id(p) for p in head] == [id(p) for p in model.head.parameters()]
    assert not {id(p) for p in head} & {id(p) for p in model.parameters()}
    torch.optim.SGD([{"params": model.parameters()}, {"params": head}], lr=0.1)


def test_moving_a_stand_in_gives_it_back() -> None:
    model = supplies().model("model")

    assert model.to("cuda:7").cuda().half().train().eval() is model


def test_numbers_of_a_model_are_not_known() -> None:
    model = supplies().model("model")

    with pytest.raises(NeedsValue, match=r"model\.config\.width is not known \(a slice makes no model\)"):
        model.config.width**-0.5
    with pytest.raises(NeedsValue, match=r"model\.groups\(\) is not known .*: probe the script with --run"):
        list(model.groups(0.1))


@pytest.mark.cuda
def test_parameters_are_on_the_device() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no GPU")
    model = supplies(device="cuda:0", names=("adapter",)).model("model")

    assert {str(parameter.device) for parameter in model.parameters()} == {"cuda:0"}
