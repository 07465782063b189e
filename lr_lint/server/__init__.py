"""The language server: what the checker says, in the editor, while it is written.

`documents` holds the texts as the editor has them, saved or not, and `columns` counts as the editor counts. `overlay`
lays these texts over the disk, and notes what an analysis has looked at, so that a change is followed by no more
analyses than it concerns. `analyses` are what is asked of the checker; `worker` runs them in a thread of its own.
`conversions` makes the protocol's diagnostics of ours, `hover` tells of a scheduler, and `actions` are what the editor
offers to do. `abilities` says what an editor can do. `service` keeps the state of the session, and `handlers` are the
protocol's requests and notifications, one function each. It is built with pygls, which the extra ``lsp`` brings.
"""
