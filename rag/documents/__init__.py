"""Reading files: a path goes in, a `Document` comes out.

One module a format, each with one public `read(path) -> Document`; `files` finds the files and
tells their kind, `sandbox` reads in a process that can be killed. Nothing here knows of passages,
the catalog or who asked.
"""

from rag.documents.files import find_files, kind_of
from rag.documents.reading import read

__all__ = ["find_files", "kind_of", "read"]
