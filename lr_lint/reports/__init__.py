"""From the outcome of a run to text, for people and for programs.

`formats` is the table of all output formats, for each kind of result, and loads what writes them only when it is asked
for. Findings are written by `text`, `structured`, `sarif` (with `sarif_rules` and `links`), `annotations` and `junit`,
counted by `statistics`, and their fixes shown by `diffs`; what was probed by `probe` and `plots`; the inventory by
`listing`; rules and contracts by `manual`, the settings by `settings_schema`; all of it for people to look at by
`page`. What people read is made of `pieces`, which show as escapes what would steer a terminal or a log, and what
programs read is `json_text`. `summary` says what a run came to, and its exit status.
"""
