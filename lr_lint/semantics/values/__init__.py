"""What code can hold, one class for each kind of values, and the world that it is held in.

`base` says what every kind answers, `operations` asks. The kinds, as `lr_lint.semantics` explains them: `unknown`,
`forgotten`, `numbers`, `constants`, `containers`, `iterators`, `functions`, `memoised` ones, `methods`, `objects`,
`imports`, `library_objects` and `lazy`. `plain` gives some of them to CPython.
`world` is one run of the machine, `coverage` what it was there for, `context` a place in it. `python_numbers` computes
as CPython does, `relations` compare numbers, `choices` decides what only a user knows, `overridable` makes defaults of
what somebody may override, and `sequences` puts items together.

Assigning attributes and items is not asked of the values: that takes settling what was put off, which the machine does.
"""
