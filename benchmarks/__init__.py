"""How long lr-lint takes, beside others, in one run: ``python -m benchmarks``. The README of this folder explains it.

`sections` lists what can be measured; `trees`, `single_files` and `growth` say which commands that takes, from what
`plans` offers. Their inputs are `packages` from PyPI and programs of our own: `shapes`, `scripts` and `hostile`.
`environments` is where things are installed, `measuring` runs commands in turn, `scan` and `inside` are programs that
are run, and `machine` says on what. `results` are plain data, of which `report` makes tables, `budgets` verdicts and
`plots` a picture.
"""
