"""Worlds: a construction run under each set of assumptions that matters, and what its callable returns over time."""
