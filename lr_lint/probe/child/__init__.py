"""The child process: the only place where torch is imported and the user's code runs.

`process` is its start. It runs what was asked for: programs of slices (`slices`), a factory (`factories`) or a script
(`runs`, with the processes that it starts: `workers`; of a notebook its `notebook_cells`), while `hooks` look on.
`devices` says where tensors lie, `quick_start` saves an import. `frames` tells the user's code from others', `failures`
makes one line of what went wrong, and `delivery` hands over the report.
"""
