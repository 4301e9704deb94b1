"""Mathematics in what a model writes: where formulas stand, and whether what they say is right."""
