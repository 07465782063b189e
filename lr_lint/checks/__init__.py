"""From constructions of schedulers to findings: one chain, each link with one owner.

`sites` finds the constructions of a file: `resolution` tells of what is called whether it is a scheduler, also of
subclasses, as long as their `overrides` leave its methods what they are; where a class is `handed_over`, whoever calls
it constructs it. `examination` takes each of them: it is run in
all worlds (`Runs`, of `lr_lint.semantics`), what that amounts to is gathered (`SiteFacts`, in `facts`; the `Judgement`
on each param group is by `judgement`, which asks `group_judgement` in each world), and every rule of `rules` yields
what it finds wrong (`Finding`), no surer than `grades` lets it be. `analysis` does so for a whole file, where
schedulers may share a function (`sharing`, by its definition as `definitions` finds it); `findings` looks up the places
in the text and makes plain data of findings (`Diagnostic`).
`engine` is the way in: it applies settings and comments (`unused` reports those that do nothing, `mistyped` those that
are not understood), asks `fixes` for changes, tells the places in a notebook by its `cells`, and leaves out what is
`known` by a baseline; what goes wrong with one construction is kept from the others by `faults`. `silencing` writes
comments for what is found.
`verdicts` says in a word whether a schedule fits. `inventory` makes records of the same examinations, findings or not:
what each comes to is told by `schedules`, and the rates that follow from that by `rates`. `overview` has all of it for
a file, and what its fixes change.
"""
