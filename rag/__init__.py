"""The engine: documents in, cited answers out.

Knows nothing of Qt, of processes, of command lines or of where a person's files lie: paths and
settings are handed to it.
"""
