"""What code can hold: the values that the interpreter computes with."""
