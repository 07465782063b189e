"""All fixes of all fixtures: what is mended stays mended, nothing else moves, and what has no fix is known by name."""

from __future__ import annotations

import functools
import io
import tokenize
from pathlib import Path

import pytest

from lr_lint.checks.engine import check_bytes
from lr_lint.checks.fixes.rounds import Repair, repair
from lr_lint.checks.rules import RULES
from lr_lint.source.settings import Settings
from tests.recorded.of_fixes import change_of, recorded_path
from tests.test_fixtures import PROGRAMS, expected_in, name_of, surroundings_of

WRONG = [program for program in PROGRAMS if expected_in(program.read_text()).findings]
SILENT = [program for program in PROGRAMS if program not in WRONG]
MENDED = {rule.code for rule in RULES if rule.remedy}

ONLY_AUTHOR = "only its author knows what is meant"
UNSURE = " (likely, not certain)"
BETWEEN = "what stands between the two steps may read the rate"
UNFOLLOWED = "the callable makes the functions itself, and which of them it calls is not followed"
NO_NAME_FOR_UPDATES = "of how many batches one is an update cannot be named there"
IN_NO_FORM = "neither horizon nor step has a form that can be changed"
INTO_LOOP, BEHIND_LOOP = (
    "step with every batch, at the end of their loop",
    "step once per epoch, behind the loop over the batches",
)
EPOCHLY, EACH_UPDATE = "have the trainer step once per epoch", "have the trainer step after each update"
# The findings of rules that have a remedy, and why they have no fix all the same.
NO_FIX = {
    "rates/written_to_others.py:74": "what it would divide by is not the initial lr there",
    "rates/branches_of_two_scales.py:14": "which of the two scales is meant cannot be told",
    "rates/branches_of_two_scales.py:21": "which of the two scales is meant cannot be told",
    "rates/rests_at_a_tenth_of_the_rate.py:16": "the absolute part is computed in a way that cannot be changed here",
    "rates/rests_at_a_tenth_of_the_rate.py:22": "the absolute part is computed in a way that cannot be changed here",
    "rates/said_by_a_derived_class.py:32": "it would change a schedule that is right",
    "rates/classes_by_other_ways.py:49": "the callable is used elsewhere too",
    "rates/classes_by_other_ways.py:50": "the callable is used elsewhere too",
    "rates/classes_by_default.py:18": "the callable is used elsewhere too",
    "rates/long_table_of_a_nested_setting.py:31": "the rate that is meant cannot be confirmed",
    "rates/optimizers_of_factories.py:21": "the rate that is meant cannot be confirmed",
    "rates/subclasses_of_one_base.py:15": "it would change a schedule that is right",
    **{f"rates/handed_over.py:{line}": "the callable is used elsewhere too" for line in (24, 37, 50, 58, 76)},
    **{f"rates/instantiated_by_dotted_names.py:{line}": "the callable is used elsewhere too" for line in (14, 19)},
    "projects/partials_that_a_module_calls/train.py:16": "the callable is used elsewhere too",
    "projects/handed_over_elsewhere/recipes.py:13": "the scheduler is constructed in another file",
    "rates/tables_of_rates.py:27": "the callable is no function of this file",
    **{
        f"rates/keras_compounds.py:{line}": "the rate that the schedule starts from has no name here"
        for line in (14, 18, 26, 31, 44, 45)
    },
    "rates/group_with_own_rate.py:17": "its param groups start from different rates",
    "rates/groups_by_a_method_of_an_unknown_model.py:35": "its param groups start from different rates",
    **{
        f"rates/whole_warm_up_in_multiplicative.py:{line}": "the rate that is meant cannot be confirmed"
        for line in (17, 23)
    },
    "rates/keras_factor_without_its_model.py:10": "the rate that the optimizer starts from is not known",
    "rates/keras_factor_without_its_model.py:15": "the rate that the optimizer starts from is not known",
    "rates/rate_as_base_of_power.py:13": "which factor is meant by the base of a power cannot be told",
    "rates/schedules_of_optimizers.py:21": "the rate that the optimizer starts from is not known",
    "rates/schedules_of_optimizers.py:29": "the rate that the optimizer starts from is not known",
    "rates/schedules_of_optimizers.py:33": "the rate that the optimizer starts from is not known",
    "rates/schedules_of_optimizers.py:35": "the rate that the optimizer starts from is not known",
    "rates/schedules_of_optimizers.py:40": "the scheduler goes by another name here",
    "value/options.py:21": "what is to be called cannot be told",
    "value/options.py:22": "what is to be called cannot be told",
    "value/options.py:25": "what is to be called cannot be told",
    **{f"shape/late_binding_in_a_callable.py:{line}": UNFOLLOWED for line in (12, 27, 32)},
    "shape/late_binding_in_a_schedule_of_keras.py:15": UNFOLLOWED,
    "shape/late_binding.py:33": "the two versions cannot be compared",
    "shape/numbers_for_keras.py:12": "the rate that is meant cannot be confirmed",
    "shape/numbers_for_keras.py:13": "the rate that is meant cannot be confirmed",
    "shape/numbers.py:20": "what is to be called cannot be told",
    **{f"lifecycle/in_classes.py:{line}": BETWEEN for line in (34, 54, 70, 95)},
    "lifecycle/rates_read_from_outside.py:74": "another scheduler would change",
    **{f"lifecycle/stepped_first.py:{line}": BETWEEN for line in (12, 34, 47)},
    **{f"lifecycle/stepped_first_after_catching_up.py:{line}": BETWEEN for line in (9, 33)},
    **{f"lifecycle/stepped_first_in_functions.py:{line}": BETWEEN for line in (16, 23, 47, 55, 64, 78)},
    **{
        f"lifecycle/owners_saved_whole.py:{line}": "where it is put into what is saved cannot be told"
        for line in (22, 42, 46, 61)
    },
    "lifecycle/stepped_first.py:73": "what stands between the two steps may read the rate",
    "lifecycle/schedulers_saved_whole.py:23": "where it is put into what is saved cannot be told",
    "lifecycle/schedulers_saved_whole.py:40": "where it is put into what is saved cannot be told",
    "shape/result_of_a_call.py:14": "the function takes more than the step",
    "time/accumulation.py:32": "the horizon is no argument that can be changed",
    "time/accumulation.py:46": "the step or the horizon may be meant",
    "time/accumulation.py:50": "what stands between the two steps may read the rate",
    "time/accumulation.py:60": "the step or the horizon may be meant",
    **{f"time/accumulation.py:{line}": NO_NAME_FOR_UPDATES for line in (72, 89)},
    "projects/module_like_one_of_python/train.py:9": "LambdaLR is given the same function, and there it is right",
    "rates/even_power_for_keras.py:11": "the callable is used elsewhere too",
    **{f"time/batches_per_epoch.py:{line}": IN_NO_FORM for line in (40, 50, 59, 86)},
    "time/batches_per_epoch.py:77": "what counts the steps of the warm-up cannot be told from its number",
    "time/batches_per_epoch.py:94": f"{ONLY_AUTHOR}: {INTO_LOOP}{UNSURE}",
    "time/batches_per_epoch.py:29": f"{ONLY_AUTHOR}: {INTO_LOOP}",
    "time/batches_per_epoch.py:68": f"{ONLY_AUTHOR}: count epochs: `turns`{UNSURE}",
    **{
        f"time/batches_of_a_written_number_of_epochs.py:{line}": f"{ONLY_AUTHOR}: count epochs: `{count}`"
        for line, count in ((24, 12), (34, 20))
    },
    "time/beginning_per_batch.py:10": f"{ONLY_AUTHOR}: {BEHIND_LOOP}",
    "time/intervals_by_keywords.py:26": f"{ONLY_AUTHOR}: {EACH_UPDATE}, or count by `max_epochs`",
    **{f"time/rows_of_arrays.py:{line}": "the step or the horizon may be meant" for line in (12, 25, 37)},
    "time/batches_of_a_written_number_of_epochs.py:43": IN_NO_FORM,
    "projects/namesake_elsewhere/train.py:12": f"{ONLY_AUTHOR}: count batches: `TURNS * len(loader)`, or {BEHIND_LOOP}",
    "time/by_trainers.py:18": "neither interval nor horizon has a form that can be changed",
    "time/by_trainers.py:32": f"{ONLY_AUTHOR}: {EPOCHLY}, or count by `estimated_stepping_batches`",
    "time/by_trainers.py:41": "no loop around its step is in sight",
    **{f"time/by_trainers.py:{line}": NO_NAME_FOR_UPDATES for line in (50, 63, 73, 81)},
    "time/by_trainers.py:95": "the schedule is told the time, and which one is meant cannot be told",
    "time/epochs_per_batch.py:39": f"{ONLY_AUTHOR}: count batches: `args.rounds * len(loader)`, or {BEHIND_LOOP}",
    "time/epochs_per_batch.py:49": f"{ONLY_AUTHOR}: {BEHIND_LOOP}",
    "time/epochs_per_batch.py:68": f"{ONLY_AUTHOR}: count batches: `last // 2 * len(batches)`",
    "time/epochs_per_batch.py:82": f"{ONLY_AUTHOR}: count batches: `self.turns * len(self.batches)`",
    "time/epochs_per_batch.py:99": f"{ONLY_AUTHOR}: count batches: `rise * len(loader)`",
    "time/epochs_per_batch.py:109": f"{ONLY_AUTHOR}: count updates: `turns * len(loader) // group`, or {BEHIND_LOOP}",
    **{
        f"time/epochs_per_batch.py:{line}": (
            f"{ONLY_AUTHOR}: count batches: `{count} * len(loader)`{UNSURE}, or {BEHIND_LOOP}{UNSURE}"
        )
        for line, count in ((166, 20), (176, "args.drop_every"), (186, 80))
    },
    "time/epochs_per_batch.py:123": "LR502 would be found in its place",
    "time/epochs_per_batch.py:134": "what the steps and the horizon count would not fit",
    "time/epochs_per_batch.py:151": f"{ONLY_AUTHOR}: {BEHIND_LOOP}",
    "time/through_a_checkpoint.py:19": f"{ONLY_AUTHOR}: {BEHIND_LOOP}",
    "time/length_asked_by_name.py:22": f"{ONLY_AUTHOR}: {EACH_UPDATE}",
    "time/loops_of_other_shapes.py:14": f"{ONLY_AUTHOR}: {BEHIND_LOOP}{UNSURE}",
    **{f"time/loops_of_other_shapes.py:{line}": IN_NO_FORM for line in (33, 100, 160, 214)},
    "time/loops_of_other_shapes.py:44": (
        f"{ONLY_AUTHOR}: count batches: `math.ceil(last / len(loader)) * len(loader)`, or {BEHIND_LOOP}"
    ),
    **{
        f"time/loops_of_other_shapes.py:{line}": f"{ONLY_AUTHOR}: count batches: `rounds * len(loader)`"
        for line in (59, 145)
    },
    "time/loops_of_other_shapes.py:92": "no loop around its step is in sight",
    "time/loops_of_other_shapes.py:116": f"{ONLY_AUTHOR}: count epochs: `rounds`, or {INTO_LOOP}",
    "time/loops_of_other_shapes.py:130": f"{ONLY_AUTHOR}: {INTO_LOOP}{UNSURE}",
    "time/loops_of_other_shapes.py:203": (
        f"{ONLY_AUTHOR}: count batches: `60 * len(loader)`{UNSURE}, or {BEHIND_LOOP}{UNSURE}"
    ),
}


@functools.cache
def mended_in(program: Path) -> Repair:
    """A program with all its fixes."""
    path, files = surroundings_of(program)
    return repair(path, program.read_bytes(), Settings(), files, unsafe=True)


def change_by_fixes(program: Path) -> str:
    """What the fixes of a program change, as it is recorded."""
    return change_of(program.read_bytes(), mended_in(program).data)


def comments_in(data: bytes) -> list[str]:
    tokens = tokenize.tokenize(io.BytesIO(data).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


@pytest.mark.parametrize("program", WRONG, ids=name_of)
def test_fixes_mend_and_do_no_harm(program: Path) -> None:
    path, files = surroundings_of(program)
    data = program.read_bytes()
    before = check_bytes(path, data, Settings(), files)

    mended = mended_in(program)
    again = repair(path, mended.data, Settings(), files, unsafe=True)

    assert mended.problem == ""
    assert (again.data, again.applied) == (mended.data, ())
    assert comments_in(mended.data) == comments_in(data)
    left = [(each.code, each.message) for each in mended.report.diagnostics]
    done = [(each.code, each.message) for each in mended.applied]
    assert len(left) + len(done) == len(before.diagnostics)
    # Every line that changes belongs to a fix.
    changed = set(data.splitlines()) - set(mended.data.splitlines())
    assert len(changed) <= sum(len(each.fix.edits) for each in mended.applied if each.fix is not None)
    found = {f"{name_of(program)}:{each.diagnostic.span.line}": each.reason for each in mended.report.unfixed}
    assert found == {place: why for place, why in NO_FIX.items() if place.startswith(f"{name_of(program)}:")}
    assert all(code not in MENDED for code, _ in left) or found


@pytest.mark.parametrize("program", WRONG, ids=name_of)
def test_fixes_change_what_was_read(program: Path) -> None:
    """After a change that is meant: ``python -m tests.recorded``, and read it."""
    recorded = recorded_path(name_of(program))

    assert change_by_fixes(program) == (recorded.read_text(encoding="utf-8") if recorded.exists() else "")


@pytest.mark.parametrize("program", SILENT, ids=name_of)
def test_programs_without_findings_are_left_alone(program: Path) -> None:
    path, files = surroundings_of(program)
    data = program.read_bytes()

    assert repair(path, data, Settings(), files, unsafe=True).data == data


@pytest.mark.slow
def test_most_findings_can_be_mended() -> None:
    """Of rates that are returned as factors, or mixed into them, four in five."""
    total = fixed = 0
    for program in WRONG:
        path, files = surroundings_of(program)
        found = check_bytes(path, program.read_bytes(), Settings(fixes=True), files).diagnostics
        of_units = [each for each in found if each.code in ("LR101", "LR103")]
        total += len(of_units)
        fixed += sum(each.fix is not None for each in of_units)

    assert fixed >= 0.8 * total
