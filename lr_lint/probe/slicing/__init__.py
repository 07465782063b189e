"""The command's side of slices: from a construction to a program that makes its optimizer and its scheduler."""
