"""Makes the spreadsheets and archives that the tests of this room read."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Pictures" sheetId="1" r:id="rId7"/>'
    '<sheet name="Notes" sheetId="2" r:id="rId8"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId8" Target="worksheets/sheet1.xml" Type="t"/>'
    '<Relationship Id="rId7" Target="worksheets/sheet2.xml" Type="t"/></Relationships>'
)


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="x"><sheetData>{rows}</sheetData></worksheet>'


def cells(rows: list[list[str]]) -> str:
    """Rows of texts that stand in the cells themselves."""
    found = ""
    for number, row in enumerate(rows, 1):
        found += f'<row r="{number}">'
        for place, text in enumerate(row):
            name = f"{chr(ord('A') + place)}{number}"
            found += f'<c r="{name}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        found += "</row>"
    return found


def workbook(path: Path, rows: str, texts: str | None = None, head: str = "") -> Path:
    """An Excel file whose first sheet is not the first file in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet(cells([["not", "this"]])))
        archive.writestr("xl/worksheets/sheet2.xml", head + sheet(rows))
        if texts is not None:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="x">{texts}</sst>')
    return path


def zipped(path: Path, folder: Path, inside: str = "") -> Path:
    """All files below ``folder`` in a ZIP, within the folder ``inside`` of it."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, inside + file.relative_to(folder).as_posix())
    return path
