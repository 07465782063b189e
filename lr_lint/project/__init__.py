"""Names across statements, scopes and files: who binds what, what a statement does to names and what it needs."""
