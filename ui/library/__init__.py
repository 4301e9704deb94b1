"""The left pane: what is in the library, what is being added, and what went wrong."""
