"""What is said about programs, as somebody has last read it: no change of it passes unseen.

`of_fixtures`     what a user is told about each program under fixtures, in ``fixtures``: a text for each
`of_fixes`        what the fixes of each such program change, in ``fixes``: a difference for each that is changed
`of_callables`    what is known of each callable that is held against CPython, in ``claims``: a text for each table

The comments in a fixture say what must hold: which findings, and how sure. The texts say the rest: messages, evidence,
and for each construction its verdict with the reason, unit, curve, clock and horizon. What is claimed about a callable
is not false, other tests see to that; that it is still claimed is seen here. ``python -m tests.recorded`` writes the
texts anew. Whoever does reads the difference: it is part of the change.
"""
