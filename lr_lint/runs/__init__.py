"""A run over many files: in one process or in several, anew or from a cache, with the same answers in the same order.

`plan` says how a run goes. `results` gives what is found in each file (`items`), in the order of the files. What passes
the gates is counted by `weights`, which say whether more processes pay; if they do, a `crew` of them works. `endings`
has a run end orderly, whatever ends it.

`remembered` passes over what earlier runs found and still holds, and `gates` over what these said of files that are as
they were; `versions` are what both depend on besides. `records` are results as JSON, and a `store` keeps them.
"""
