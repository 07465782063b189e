"""Fixes: changes of the text that would mend a finding, each of them verified before anybody sees it.

A rule names its remedy. A remedy drafts changes, the best first, and says what they promise; a session tries them on
the file and keeps those that hold. From the bottom up:

* `drafts`: what could be changed (`Change`, `Draft`), and that nothing can be (`NoFixError`).
* `problem`: what is to be fixed (`Problem`): a finding, with what each expression of its callables came to.
* What remedies are made of: how an expression is divided (`quotients`) and the change that does it (`divisions`), how
  the initial lr is spelled at some place (`spellings`), which functions may be changed (`changeable`) and who else uses
  them (`other_uses`), a scheduler's sibling (`siblings`).
* `time_shapes` and `horizons`: the loops around a step of the usual form, and amounts of time in another unit.
* `remedy`: what a remedy is (`Remedy`), and `comparison`: the numbers by which its promise is confirmed.
* `remedies`: the remedies, one file each.
* `verify`: whether a changed program keeps a promise, and whether all else stays (`Promise`, ``unchanged``).
* `placing`: from changes of nodes to edits of the text.
* `candidates` and `session`: the way of each finding through its drafts, all of a file together (``find_fixes``).
* `rounds`: the fixes of a file applied, until there are no more (``repair``).
"""
