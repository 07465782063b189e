"""Worlds: a construction run under each set of assumptions that matters, and what its callable returns over time.

`construction` is the place in the code, `explore` chooses the worlds and runs it in each, `groups` has what the groups
start from, `sampling` calls the callable at the times that matter, and `runs` is what comes of it. `evaluation` answers
for single expressions, in the first of the worlds.
"""
