"""Fixes: changes of the text that would mend a finding, each of them verified before anybody sees it.

From the bottom up: how an expression is divided by a rate (`quotients`), a construction seen from close by
(`close_looks`), how the rate is spelled at some place (`spellings`), who else uses a function (`sharing`), what could
be changed (`drafts`), whether that does what was meant (`verification`), and the way through all of them (`mending`).
"""
