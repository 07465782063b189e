"""The machine that finds out what a schedule does: what ``f(epoch)`` returns, and the lr of the groups that it scales.

It runs the code under check without Python: on values that may be unknown, and only the statements that matter.

**Values** (`values`). A number is a `vocabulary.quantities.Quantity`. All else is one class for each kind; what can be
done with any of them stands in `values.operations`.

================================================= ===================================================================
`values.unknown`: Unknown                         not known, with the reason, and a default where one is known
`values.forgotten`: Forgotten                     what something may have changed that was not followed
`values.constants`: Constant                      a text, None, an ellipsis
`values.containers`: ListValue, DictValue         items as far as they are known; ``incomplete`` says that more may be
`values.functions`: Function, Bound, Partial      a ``def`` or lambda with the frame it closes over; with a receiver;
                                                  with some arguments
`values.methods`: Method                          a method that a library declares
`values.objects`: ClassValue, Instance            classes of the code under check and their objects, whose attributes
                                                  are found when somebody asks; SuperValue is ``super()``
`values.imports`: ModuleValue, External           a module of the project; a name of a library
`values.library_objects`: Optimizer, Parser       objects of libraries whose parts are known; FileReference is a path,
                                                  an open file or its text
`values.lazy`: Lazy                               what nobody has asked for yet
================================================= ===================================================================

**Access paths** (`vocabulary.paths`) are the identities of values. Two reads of ``args.lr`` are unknown and equal, so
that ``args.lr / args.lr`` is 1 and a condition on it has one answer.

**Machine** (`machine`). `machine.expressions` evaluates and `machine.statements` runs; each kind of syntax node has one
function, in the module of its subject. `machine.frames` makes the frame around a node, running what stands before it.
Of a block only those statements run that bear on the names that are needed, which `lr_lint.project` tells. Each
expression costs a step of the **budget**; ``BudgetExceeded`` ends the run, and the verdict is unknown.

**Lazy values**. A call whose result may not matter is put off: a model would open half of the project. It is computed
when it is asked for, with the variables as they were; and before anything that it reads changes, by `machine.settling`,
since containers and objects are not copied.

**Worlds** (`values.world`, `worlds`). A world fixes what the code leaves open: counts that only a run decides, and
conditions that only a user decides. `worlds.explore` runs a construction in the first world, where options have their
defaults; then it turns around one decision after another, those nearest to the construction first. What one run learns
about which values are rates, the next one starts with. A claim must hold in all worlds that reach the construction.

**Units** (`vocabulary.units`) travel with numbers: the exponent of ``[lr]``, and how sure it is. They enter where an
optimizer is given its lr, by what variables are called, and as literals (`libraries.rate_sources`). A number that rests
on a default is evidence and no proof (``Basis``).

**From runs to judgement**. `worlds.runs`: a Point is what the callable returns at one time; a GroupRun has the points
of one param group; a Run is the construction in one world; Runs are all of them. `lr_lint.checks` judges these.

An example: two worlds, since only the user decides on ``--slow``; in both the callable returns the very lr that the
optimizer starts from, and the scheduler multiplies it by that once more.

>>> from lr_lint.checks.analysis import constructions_in
>>> from lr_lint.semantics.worlds.explore import explore
>>> from lr_lint.semantics.worlds.runs import carries_base
>>> from lr_lint.source.files import decode
>>> program = b'''
... import argparse, torch
... parser = argparse.ArgumentParser()
... parser.add_argument("--slow", action="store_true")
... decay = 0.9 if parser.parse_args().slow else 0.5
... lr = 0.1
... optimizer = torch.optim.SGD(model.parameters(), lr=lr)
... scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: lr * decay**epoch)
... '''
>>> [construction] = constructions_in(decode("train.py", program), None)
>>> for run in explore(construction).runs:
...     [group] = run.groups
...     for point in group.points[:3]:
...         print(point.time, f"{point.value.number:.3f}", point.value.unit.is_rate, carries_base(point.value, group))
0 0.100 True True
1 0.050 True True
2 0.025 True True
0 0.100 True True
1 0.090 True True
2 0.081 True True

**Where to add what**: a kind of values is a class in `values`, whose base has an answer to every question; a function
of a library one handler in `libraries`; a kind of syntax node one function, below ``evaluates`` or ``runs``; a kind of
identity one constructor and its line of the grammar in `vocabulary.paths`.
"""
