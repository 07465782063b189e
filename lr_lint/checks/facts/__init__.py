"""Facts about one construction, which rules ask for besides what its callable returns.

`site_facts` holds them all together. `conclusions` are what is concluded about a param group's schedule,
`returned_numbers` the numbers alone, as a curve, `scales` whether they are of one size, `shapes` the form of what is
passed as the callable. `lifecycles` says what becomes of a scheduler after its construction, as `lifecycle_events`;
`step_orders` whether it steps too early, `outside_uses` what else is done with it, `overwritten_rates` which rates it
undoes, `resumptions` how it is taken up again, from what `checkpoints` give. `guards` tells which values the file
checks. Of trainings by Keras, `rivals` tells what else sets the rate, as `rivalry`, and `refusals` what Keras takes for
none. `gaps` says what all of it leaves open.
"""
