"""The window. It speaks to the engine through the door in `app` and through nothing else."""
