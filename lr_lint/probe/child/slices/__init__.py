"""What the programs of slices meet while they run."""
