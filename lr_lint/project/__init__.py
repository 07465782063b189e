"""Names across statements, scopes and files: who binds what, what a statement does to names and what it needs.

* One statement: `binders` finds the names that a scope binds, `effects` says what a statement does to names.
* One scope: `scopes` says whose a name is and who else means the same variable; `blocks` which statements bear on it.
* One object under several names: `aliases` within a function, `holders` through the functions that it is given to.
* One call: `functions_called` says which of the file it may call; `consequences` what it changes besides giving a
  result, from the calls that `calls_made` finds, what functions do by themselves (`own_changes`), and what a value may
  do that is called (`called_values`).
* One field: `writes` says where something of that name is written, `reach` which code may run before a place.
* What defeats all that: `volatile` lists what may change at any time (functions that a scheduler is given, as
  `scheduled` finds them, run when they are judged), `patches` files that replace parts of libraries.
* One object as a whole: `changes` says who may change it, by what it is called (`namings`).
* One class under several names: `spelled_names` says which names may stand for a scheduler.
* One number that is called a rate: `documented` says where documentation makes a fraction of it.
* One file: `modules`, over one walk of its tree (`index`).
* Other files: `imports` finds modules of the project (`kept_modules` has those parsed before), `settings_files` the
  settings that the code loads.
* `knowledge`: what is known of libraries by name.
"""
