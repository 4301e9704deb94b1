"""The program around the engine: paths, settings, the engine process and its door, the commands."""
