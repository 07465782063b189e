"""Text and settings: from bytes and paths to source files, without any knowledge of schedules.

* Which files: `discovery` finds them, `ignorefiles` and `globs` leave some out, `file_paths` shows paths and compares
  them with patterns; `checked_files` reads those that the settings let through. `disk` has the files around one,
  `surroundings` is what the layers above see of them, and
  a `recorder` notes what they ask.
* Whether a file is of interest: `gate` asks its bytes, and those of what it imports for schedulers of the project's own
  (`own_schedulers`, by `import_statements`), `syntax_gate` its names (`scheduler_names`). `gated_files` does so for all
  files of a run.
* Its text and tree: `files` decodes and parses, without what `abridging` takes out of the text, by its `brackets`.
  `collector` keeps Python from looking for garbage meanwhile. `tree` walks, and `python_tree` the trees of Python's
  own parser; `positions` says where nodes stand, `edits` changes text. `opening` does so for whatever a file is.
* Notebooks: `notebooks` makes one program of the cells, each of which `ipython` makes Python of, and knows which place
  is which. `notebook_edits` changes cells; `json_places` says where texts stand in JSON.
* Settings of lr-lint: `settings`, with `selectors` of rules; `settings_table` and `contract_settings` read them,
  `project_settings` knows which hold for a file. `suppressions` are those in comments, and `added_suppressions` writes
  such comments. `near_misses` says what may have been meant by a word that is not known.
* What findings are known by when the text around them changes: `fingerprints`; the files of those known: `baseline`.
* Settings files of the code under check: `documents` reads JSON, TOML and YAML (`yaml_reader`) as `plain_data`.
"""
