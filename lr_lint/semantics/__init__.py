"""What a callable returns and what a group's lr is."""
