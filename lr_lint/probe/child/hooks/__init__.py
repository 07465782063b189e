"""What a running script meets, without noticing.

`schedulers` sees every scheduler that is constructed, with a copy of its state (`snapshots`); `keras_callbacks` sees
Keras's, and `optimizers` rates that are written by hand. `events` takes note of what the script does with them, and
`stops` ends it when it begins to train. `cuda_redirect` sends it to the CPU where there is no GPU.
"""
