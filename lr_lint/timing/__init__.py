"""Time as a unit: how often a schedule is stepped, and whether what it is measured against counts the same.

`account` is the way in. What becomes of the scheduler, and where it is stepped, is told by its life (`lifecycle`), and
the ways that lead there by `lifecycle.routes`. `reading` makes one of the `ways` of each of them, by its `loops` (those
of generators: `generated`; which of them train: `training_loops`) and `guards`, with what changes from turn to turn
(`turns`) and what leaves them (`jumps`); `loop_units` are the units that loops give; `arguments` reads what a step is
told. `trainers` of libraries step schedules by themselves, as `trainer_dicts` tell them, and `accelerators` wrap them.
`horizons` are the amounts of time that the schedule knows of, `terms` gives the unit of each, and `inference` the units
that follow from others. `comparison` holds the two against each other with the numbers that are written (`counts`),
`bare_numbers` where there are no units; `measures` are what horizons count and what that rests on, and `claims` is what
comes of it, as plain data.
"""
