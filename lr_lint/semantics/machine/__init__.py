"""The machine: what expressions, statements, calls and conditions do to values."""
