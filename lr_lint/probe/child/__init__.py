"""The child process: the only place where torch is imported and the user's code runs."""
