"""Differential runs: what the interpreter claims about callables of one number, against what CPython gives.

    python -m tests.differential                          20,000 generated programs, and the functions of packages
    python -m tests.differential programs --seed 7        other programs
    python -m tests.differential functions json numpy     the functions of these modules alone
    python -m tests.differential awkward                  the programs in the folder of that name, written by hand

=============== ===================================================================================================
`texts`         texts with holes, filled by a seeded source of chance
`idioms`        the tables of such texts, by what they are about: what broke interpreters before
`generator`     whole programs of expressions, statements and idioms
`functions`     the functions of installed packages that take one number, found by parsing, never by importing
`claims`        what the interpreter says about the callable of a program
`oracle`        what CPython gives, in a process of its own with a time limit
`comparison`    both together: agree, unknown, or disagree
`reduction`     the smallest program that still disagrees
=============== ===================================================================================================
"""
