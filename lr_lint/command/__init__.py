"""The shells: the command with its parts, and the flake8 plugin."""
