"""Facts about one construction, which rules ask for besides what its callable returns.

`site_facts` holds them all together. `conclusions` are what is concluded about a param group's schedule,
`returned_numbers` the numbers alone, as a curve, `scales` whether they are of one size, `shapes` the form of what is
passed as the callable, `late_loops` what a callable makes in loops of its own. `guards` tells which values the file
checks. `gaps` says what all of it leaves open.

Of what happens later, on the model of `lr_lint.lifecycle`: `trainings` are what steps an optimizer, `passages` tell
whether conditions let a step through each time, `visibility` whether code out of sight may use a variable.
`abandonments` are schedulers that nobody steps, `manual_steps` those of modules that step by hand, `early_steps` those
that come before the optimizer's, `double_steps` and `given_values` what their names say; `takers` are who else steps a
scheduler; `demonstrations` are loops that only show what it gives; `changed_optimizers`, `other_optimizers` and
`misnamed_optimizers` are about optimizers that are not theirs any more, or never were.
`outside_uses` are what else is done with a scheduler, `overwritten_rates` which rates it undoes, `resumptions` how it
is taken up again, from what `checkpoints` give. Of trainings by Keras, `rivals` tells what else sets the rate, as
`rivalry`, and `refusals` what Keras takes for none.
"""
