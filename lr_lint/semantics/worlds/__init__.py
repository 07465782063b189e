"""Worlds: a construction run under each set of assumptions that matters, and what its callable returns over time.

`construction` is the place and its arguments; where code is handed the class of a scheduler, `handing` tells what that
calls. `explore` runs it in one world after the other: the param groups that it schedules (`groups`), and its callable
at the times that matter (`sampling`), of which `late_changes` tells what may be different by then and `earlier_calls`
what depends on the calls before. `runs` is what comes of it, and `presumptions` says what of it is claimed.
`evaluation` is for whoever asks what a single expression is worth, and not about schedules.
"""
