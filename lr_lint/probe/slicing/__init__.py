"""The command's side of slices: from a construction to a program that makes its optimizer and its scheduler.

The steps, each with its module:

* `route`: which function is called where, from the top of the file to the construction. A function that nobody in the
  file calls is entered by a call that is made up, with arguments that the child process supplies.
* `slicer`: the statements that what stands on that way needs, and what those need in turn. `relevance` says which
  statements bear on what is needed, `classes` the same of parts of classes; what a statement does to names is asked of
  `lr_lint.project`.
* `training`: how long the training takes, from the loops around the scheduler's step; their bounds are needed too.
* `evaluated_roles`: which variables are models or data, for which something stands in. The interpreter knows what many
  variables hold; `roles` has what names tell, for both sides of a slice.
* `emission`: the program, as text with the lines of the user's file (`lines`). `entries` has the calls that are made
  up, `adaptation` the nodes as they stand in it. What may fail is guarded, so that one value is lost and not the slice.
* `slices`: all of it, for the constructions of a file; `constructions` says which these are, and `elsewhere`
  which calls make schedulers in other files.

What all of them ask about the file is in `definitions` (what is defined and called where) and `fragments` (of which
form a statement is). `protocol` holds the names that both sides know. The child does the rest: see
`lr_lint.probe.child.slices.programs`.
"""
