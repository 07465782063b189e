"""A run over many files: in one process or in several, with the same answers in the same order.

`results` gives what is found in each file, in the order of the files. What passes the gates is counted by `weights`,
which say whether more processes pay; if they do, a `crew` of them works. `endings` has a run end orderly, whatever ends
it.
"""
