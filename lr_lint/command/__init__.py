"""The shells: the command with its parts, and the flake8 plugin.

`cli` is the way in, and `commands` the table of what it may be told. `check` checks, and `conclusion` says what that
came to (`outputs`: where and in which formats; `baselines`: what is known of it; `changed_lines`: what of it is about
those), `fix` applies fixes or shows them, `silence` writes comments in their place (`rewriting` writes a user's file),
`show` tells what a check would go by, `probe` runs the runtime side (`probe_options` is its command line), `report`
writes a page to look at, `server` starts the language server, `sites` and `lists` list what there is and what is known,
`helping` and `completion` help with all of them. `console` is what they share: how they write, refuse and complain;
`settings_options` those that say which settings hold, `adoption_options` what of old code is told, `run_options` how
a run goes, and `progress` what a terminal shows meanwhile. `flake8` is the plugin.
"""
