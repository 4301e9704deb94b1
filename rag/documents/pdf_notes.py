"""What was filled into a PDF's forms or noted on its pages (ISO 32000-2, 12.5 and 12.7).

It is drawn over the page and is none of the page's text, so that its words have no character
numbers and cannot be marked.
"""

from collections.abc import Callable, Iterator
from ctypes import c_ushort

import pypdfium2
import pypdfium2.raw as pdfium

# Links only lead elsewhere, and a popup repeats what the note under it says.
NOTES = {
    pdfium.FPDF_ANNOT_TEXT,
    pdfium.FPDF_ANNOT_FREETEXT,
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_UNDERLINE,
    pdfium.FPDF_ANNOT_SQUIGGLY,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_STAMP,
    pdfium.FPDF_ANNOT_CARET,
    pdfium.FPDF_ANNOT_INK,
    pdfium.FPDF_ANNOT_LINE,
    pdfium.FPDF_ANNOT_SQUARE,
    pdfium.FPDF_ANNOT_CIRCLE,
}
TICKED = {pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON}
FILLED_IN = {
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
}


def notes_on(page: pypdfium2.PdfPage) -> tuple[str, ...]:
    """The page's notes and the values of its form's fields, in the file's order, each once.

    Fields are read where the file's forms were begun (`PdfDocument.init_forms`) before the page.
    """
    count = pdfium.FPDFPage_GetAnnotCount(page.raw)
    form = page.formenv.raw if page.formenv else None
    found = (note for at in range(count) if (note := _note(page.raw, at, form)))
    return tuple(dict.fromkeys(found))


def _note(page: pdfium.FPDF_PAGE, at: int, form: pdfium.FPDF_FORMHANDLE | None) -> str:
    annotation = pdfium.FPDFPage_GetAnnot(page, at)
    if not annotation:
        return ""
    try:
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
            return _field(annotation, form)
        return _stated(annotation, b"Contents") if kind in NOTES else ""
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _field(annotation: pdfium.FPDF_ANNOTATION, form: pdfium.FPDF_FORMHANDLE) -> str:
    """A field's name and value, as "First name: Ada"; empty where nothing was filled in."""
    value = "".join(_values(annotation, form))
    if not value:
        return ""
    functions = (pdfium.FPDFAnnot_GetFormFieldAlternateName, pdfium.FPDFAnnot_GetFormFieldName)
    names = (_read(function, form, annotation) for function in functions)
    name = next(filter(None, names), "")
    return f"{name}: {value}" if name else value


def _values(annotation: pdfium.FPDF_ANNOTATION, form: pdfium.FPDF_FORMHANDLE) -> Iterator[str]:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in FILLED_IN:
        yield _read(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation)
    elif kind in TICKED and pdfium.FPDFAnnot_IsChecked(form, annotation):
        yield _read(pdfium.FPDFAnnot_GetFormFieldExportValue, form, annotation)


def _stated(annotation: pdfium.FPDF_ANNOTATION, name: bytes) -> str:
    return _read(pdfium.FPDFAnnot_GetStringValue, annotation, name)


def _read(function: Callable[..., int], *arguments: object) -> str:
    """What one of PDFium's functions writes in UTF-16, on one line."""
    size = function(*arguments, None, 0)  # bytes, the end's two among them
    if size <= 2:
        return ""
    buffer = (c_ushort * (size // 2))()
    function(*arguments, buffer, size)
    return " ".join(bytes(buffer).decode("utf-16-le", "replace").rstrip("\0").split())
