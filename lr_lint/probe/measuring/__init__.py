"""From a scheduler to the rates that it sets, and from the rates to a verdict.

In the child, `observe` steps a scheduler and reads its rates as far as is worth a look (`lengths`), following each
group's to its peak and its end (`tracks`). `told_times` has schedulers that are none of PyTorch's,
`within` finds them in what functions return, `preservation` puts
everything back, and `purity` finds callables that depend on more than the time. On the command's side, `cases` makes
numbers of rates that can be judged, `group_verdicts` says what those of a group prove, `doubts` what they leave open,
and `verdicts` what that means for the schedule. `tables` prints them.

`courses` reads what became of a scheduler in a run, batch by batch, and `seen_lives` what that says to the check.
`epoch_callables` asks callables that return the rate of an epoch. `resuming` saves a scheduler, has it made anew, and
compares how it goes on.
"""
