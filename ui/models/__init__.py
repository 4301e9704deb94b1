"""The language models in the window: which there are, their downloads, which one answers."""
