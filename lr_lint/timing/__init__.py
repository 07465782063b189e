"""Time as a unit: how often a schedule is stepped, and whether what it is measured against counts the same.

`account` is the way in. An `evaluator` is the world of one construction; `callees` tells what calls enter. `flow`
follows the scheduler to where it is stepped; `routes` are the ways that lead there, through callers; `ways` reads one
of them, its `loops` and its `guards`, with what changes from turn to turn (`turns`) and what leaves them (`jumps`), and
`arguments` what a step is told. `trainers` of libraries step schedules by themselves, and `accelerators` wrap them.
`horizons` are the amounts of time that the schedule knows of, `terms` gives the unit of each, and `inference` the units
that follow from others. `comparison` holds the two against each other with the numbers that are written (`counts`),
`bare_numbers` where there are no units, and `claims` is what comes of it, as plain data.
"""
