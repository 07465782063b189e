"""Programs that do the same, however they are spelled, get the same verdict.

A transformation rewrites a program and states what stays as it was. `catalogue` has all of them; `python -m
tests.metamorphic` compares the verdicts on every fixture, and on the constructions of a folder of public code, before
and after.
"""
