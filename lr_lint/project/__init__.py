"""Names across statements, scopes and files: who binds what, and what a statement needs."""
