"""The commands, one module each: its arguments, one call, and what it prints."""
