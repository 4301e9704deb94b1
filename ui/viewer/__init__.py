"""The right pane: the cited page or note, with the passage marked."""
