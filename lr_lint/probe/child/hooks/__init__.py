"""What a running script meets: hooks on schedulers, the place where it is stopped, the CUDA redirect."""
