"""What a callable returns and what a param group's lr is: a small, safe, concolic interpreter over LibCST nodes."""
