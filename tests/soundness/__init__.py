"""Whole programs in which a value changes between its making and the scheduler's reading of it, against real PyTorch.

`python -m tests.soundness` makes such programs from the pieces in the folder ``programs``: every one of them is right,
and looks wrong to whoever misses one change. The scheduler of PyTorch is made and stepped in a child process, and what
lr-lint says is held against its rates: nothing right is accused, and no number that is stated is another.

* `pieces` reads the folder, `generator` puts programs together by a seed.
* `oracle` runs programs, `comparison` holds what lr-lint says against them.
"""
