"""The words of the problem, as plain data. Standard library only; nothing here reads code or touches a disk.

* What is said: `diagnostics` (findings and reports on files), `site_records` (the inventory), `codes` (of the rules
  without a check), `reasons` (why something is not known).
* What is computed with: `units` (how often the lr is a factor of a value), `quantities` (a number with its unit and
  where both came from), `paths` (the identities of values), `names` (what a name says about a number).
* What a curve is: `curves` (what can be seen of it), `decays` (the well-known ones), `families` (what it proves about a
  schedule, for the check and the probe alike).
* What schedulers want: `contracts`, with their rows in `contract_rows`, and in `horizon_rows` of those with a curve of
  their own. `time_units` are what horizons count in.
* `budgets`: what one construction is worth. `visible`: other people's text, as it may be shown. `places`: where
  something stands, in words.
"""
