"""Files as the analysis sees them, whatever they are on the disk: Python, or a notebook, which is one program too."""

from __future__ import annotations

from collections.abc import Iterable

from lr_lint.source.edits import EditError, apply_edits
from lr_lint.source.file_paths import is_notebook
from lr_lint.source.files import SourceFile, decode, encode
from lr_lint.vocabulary.diagnostics import Edit, Failure


def open_source(path: str, data: bytes) -> SourceFile | Failure:
    """The program of a file, or why it cannot be read.

    Args:
        path: as shown to the user.
        data: the content.
    """
    if not is_notebook(path):
        return decode(path, data)
    from lr_lint.source.notebooks import Notebook, read_notebook

    notebook = read_notebook(path, data)
    if not isinstance(notebook, Notebook):
        return notebook
    program = notebook.program
    return SourceFile(path, program.encode(errors="surrogatepass"), program, notebook=notebook)


def with_edits(path: str, data: bytes, edits: Iterable[Edit]) -> bytes:
    """A file with its text changed and all else as it was.

    Args:
        path: as shown to the user.
        data: the content.
        edits: with their cells, if it is a notebook.

    Raises:
        EditError: if they cannot be made.
        UnicodeEncodeError: if the encoding of the file lacks a character.
    """
    source = open_source(path, data)
    if isinstance(source, Failure):
        raise EditError(source.message)
    if source.notebook is not None:
        from lr_lint.source.notebook_edits import edited

        return edited(source.notebook, data, edits)
    if encode(source, source.text) != data:
        raise EditError("its encoding would not give back what it has not changed")
    return encode(source, apply_edits(source.text, edits))
