"""What a run shows of how a scheduler is stepped: whether its clock and what is found about its life are so.

Each answer has its reason. What the run did not get to, or what is not noted, stays open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from lr_lint.probe.measuring.courses import Course
from lr_lint.probe.records import EventKind

# Fewer batches than these may be an exception from a rule.
_ENOUGH = 3


class Standing(str, Enum):
    """What becomes of a claim of the check beside what was seen."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run says to a claim, and why."""

    standing: Standing
    reason: str


def _confirmed(reason: str) -> Answer:
    return Answer(Standing.CONFIRMED, reason)


def _refuted(reason: str) -> Answer:
    return Answer(Standing.REFUTED, reason)


def _open(reason: str) -> Answer:
    return Answer(Standing.OPEN, reason)


def clock_answer(unit: str, course: Course) -> Answer:
    """Whether a scheduler is stepped as often as the check says.

    Args:
        unit: what a step is one of, for the check.
        course: what became of it.
    """
    if not course.batches:
        return _open("no batch was gone through: --batches N counts steps")
    judge = _CLOCKS.get(unit)
    return _open("the check claims nothing that can be counted") if judge is None else judge(course)


def _per_batch(course: Course) -> Answer:
    counts = [batch.steps for batch in course.batches]
    seen = f"{_batches(course)} took {_counts(counts)}"
    if all(count == 1 for count in counts):
        return _confirmed(seen)
    if len(counts) >= _ENOUGH and not any(counts):
        return _refuted(seen)
    return _open(seen)


def _per_update(course: Course) -> Answer:
    steps, updates = sum(batch.steps for batch in course.batches), course.updates
    seen = f"{_batches(course)} took {_counted(steps)} of the scheduler and {updates} of its optimizer"
    if updates and all(batch.steps == batch.updates for batch in course.batches):
        return _confirmed(seen)
    if updates >= 2 and not steps:
        return _refuted(seen)
    if 2 <= updates <= steps // 2 and all(batch.steps == 1 for batch in course.batches):
        return _refuted(seen)
    return _open(seen)


def _per_epoch(course: Course) -> Answer:
    inside = [batch.steps for batch in course.batches]
    if len(inside) >= _ENOUGH and all(inside):
        return _refuted(f"{_batches(course)} took {_counts(inside)}")
    if any(inside):
        return _open(f"{_batches(course)} took {_counts(inside)}")
    if not course.ends:
        return _open(f"{_batches(course)} took no step, and no epoch came to its end: more --batches may get there")
    after = [end.steps for end in course.ends]
    seen = f"{_batches(course)} took no step, and after an epoch there were {_counts(after)}"
    return _confirmed(seen) if all(count == 1 for count in after) else _open(seen)


_CLOCKS: dict[str, Callable[[Course], Answer]] = {
    "batch": _per_batch,
    "fraction": _per_batch,
    "update": _per_update,
    "epoch": _per_epoch,
}


def life_answer(code: str, course: Course) -> Answer:
    """Whether what a rule finds about the life of a scheduler was seen.

    Args:
        code: of the rule.
        course: what became of the scheduler.
    """
    judge = _LIVES.get(code)
    return _open("no run shows that") if judge is None else judge(course)


def contradiction_in(course: Course) -> str:
    """What a run shows to be wrong whatever the rates are; empty where it shows nothing of the kind."""
    both = [batch for batch in course.batches if batch.steps and batch.updates]
    if both and not course.before.steps and all(batch.first is EventKind.STEP for batch in both):
        return "it is stepped before its optimizer, batch by batch: the first rate of the schedule is never used"
    twice = [batch for batch in course.batches if batch.steps > 1 and batch.updates == 1 and not batch.others]
    if len(twice) >= _ENOUGH and len(twice) == len(course.batches):
        return f"{_batches(course)} took {_counts([batch.steps for batch in twice])}, and one of its optimizer"
    return ""


def doubt_in(course: Course) -> str:
    """What a run shows that is hardly meant; empty where it shows nothing of the kind."""
    if course.updates and course.ends and not (course.steps or course.before.steps):
        return f"{_batches(course)} and the end of an epoch took no step of it"
    if course.batches and course.steps >= _ENOUGH and not course.updates:
        return f"{_batches(course)} took {_counted(course.steps)} of it, and none of its own optimizer"
    return ""


def _never_stepped(course: Course) -> Answer:
    if course.steps or course.before.steps:
        return _refuted(f"it was stepped: {_counted(course.steps + course.before.steps)}")
    if course.ends and course.updates:
        return _confirmed(f"{_batches(course)} and the end of an epoch took no step")
    return _too_early(course)


def _stepped_first(course: Course) -> Answer:
    both = [batch for batch in course.batches if batch.steps and batch.updates]
    if both and all(batch.first is EventKind.STEP for batch in both):
        return _confirmed("it was stepped before its optimizer in each batch that stepped both")
    if course.before.steps == 1 and course.updates:
        return _confirmed(f"before its optimizer was ever stepped, it had {_counted(course.before.steps)}")
    if both and all(batch.first is EventKind.UPDATE for batch in both):
        return _refuted("its optimizer was stepped first in each batch that stepped both")
    if course.ends and any(end.steps for end in course.ends) and course.updates:
        return _refuted("it was first stepped after an epoch in which its optimizer was")
    return _too_early(course)


def _other_optimizer(course: Course) -> Answer:
    if course.updates:
        return _refuted(f"{_batches(course)} stepped its optimizer {_times(course.updates)}")
    if course.steps:
        others = f" and {_counted(course.others)} of other optimizers" if course.others else ""
        return _confirmed(
            f"{_batches(course)} took {_counted(course.steps)} of it{others}, and none of its own optimizer"
        )
    return _too_early(course)


def _changed_optimizer(course: Course) -> Answer:
    answer = _other_optimizer(course)
    if answer.standing is Standing.REFUTED:
        return _open(f"{answer.reason}, but it may change later")
    return answer


def _stepped_twice(course: Course) -> Answer:
    inside = [batch.steps for batch in course.batches]
    after = [end.steps for end in course.ends]
    if any(count > 1 for count in (*inside, *after)):
        return _confirmed(f"{_batches(course)} took {_counts(inside)}" if max(inside) > 1 else _after(after))
    if any(inside) and any(after):
        return _confirmed(f"{_batches(course)} took {_counts(inside)}, and {_after(after)}")
    if after and (any(inside) or any(after)):
        return _refuted(f"{_batches(course)} took {_counts(inside)}, and {_after(after)}")
    return _too_early(course)


def _told_a_value(course: Course) -> Answer:
    values = course.told - {"int"}
    if values:
        return _confirmed(f"a step was told a {min(values)}")
    if course.steps + course.before.steps:
        return _refuted(f"no step was told {'a value' if course.told else 'anything'}")
    return _too_early(course)


def _made_anew(course: Course) -> Answer:
    if course.remade > 1:
        return _confirmed(f"{course.remade} schedulers were made there of one optimizer")
    return _open("what else writes the rate is not noted")


def _loaded_before(course: Course) -> Answer:
    if course.loads(own=True):
        return _refuted("a state was loaded into the scheduler after it was made")
    if course.loads(own=False):
        return _confirmed("the state of its optimizer was loaded before it was made")
    return _open(_NO_LOAD)


def _not_restored(course: Course) -> Answer:
    if course.loads(own=True):
        return _refuted("a state was loaded into the scheduler")
    if any(event.what is EventKind.LOADED for event in course.events):
        return _confirmed("the state of its optimizer was loaded, and none into the scheduler")
    return _open(_NO_LOAD)


_NO_LOAD = "this run loads no state: give it the arguments that resume a training"
_LIVES: dict[str, Callable[[Course], Answer]] = {
    "LR401": _never_stepped,
    "LR402": _stepped_first,
    "LR403": _changed_optimizer,
    "LR404": _other_optimizer,
    "LR405": _stepped_twice,
    "LR406": _told_a_value,
    "LR407": _made_anew,
    "LR409": _loaded_before,
    "LR410": _not_restored,
}


def _too_early(course: Course) -> Answer:
    if not course.batches:
        return _open("the run was stopped before the first batch: --batches N goes on")
    return _open(f"{_batches(course)} do not show it: more --batches may")


def summary_of(course: Course) -> str:
    """What became of a scheduler in the batches, in one sentence; empty where none was gone through."""
    if not course.batches:
        return ""
    steps, updates = [batch.steps for batch in course.batches], [batch.updates for batch in course.batches]
    told = f"{_batches(course)}: the scheduler took {_counts(steps)}, its optimizer {_counts(updates)}"
    told += f", and {_counted(course.before.steps)} of the scheduler before" if course.before.steps else ""
    told += f", other optimizers {_counted(course.others)}" if course.others else ""
    return f"{told}; {_after([end.steps for end in course.ends])}" if course.ends else told


def _batches(course: Course) -> str:
    count = len(course.batches)
    return "the first batch" if count == 1 else f"the first {count} batches"


def _counts(counts: list[int]) -> str:
    """How many steps there were each time."""
    if len(counts) > 1 and len(set(counts)) == 1 and counts[0]:
        return f"{_counted(counts[0])} each"
    return _counted(sum(counts))


def _counted(count: int) -> str:
    return "no step" if not count else "1 step" if count == 1 else f"{count} steps"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _after(counts: list[int]) -> str:
    return f"the end of an epoch took {_counts(counts)}"
