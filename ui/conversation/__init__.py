"""The middle pane: questions, answers as they come, and what they cite."""
