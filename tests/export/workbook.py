"""Reads a workbook, and prints as JSON what is in its sheets: with nothing but Python's own modules."""

import json
import sys
import zipfile
from xml.etree import ElementTree

NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def text_of(cell, shared):
    kind, value = cell.get("t"), cell.find("m:v", NAMESPACE)
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{{{NAMESPACE['m']}}}t"))
    if value is None:
        return None
    if kind == "s":
        return shared[int(value.text)]
    if kind == "b":
        return value.text == "1"
    if kind == "str":
        raise SystemExit("a cell is the result of a formula")
    return float(value.text)


def column_of(reference):
    letters = "".join(letter for letter in reference if letter.isalpha())
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def styles_with(root, mark):
    """The styles whose number format has a mark: `yyyy` for dates, `TRUE` for flags."""
    formats = {entry.get("numFmtId"): entry.get("formatCode") for entry in root.iterfind("m:numFmts/m:numFmt", NAMESPACE)}
    styles = root.iterfind("m:cellXfs/m:xf", NAMESPACE)
    return {str(index) for index, style in enumerate(styles) if mark in formats.get(style.get("numFmtId"), "")}


def wrapped_styles(root):
    """The styles whose text is wrapped."""
    alignments = (style.find("m:alignment", NAMESPACE) for style in root.iterfind("m:cellXfs/m:xf", NAMESPACE))
    return {
        str(index)
        for index, alignment in enumerate(alignments)
        if alignment is not None and alignment.get("wrapText") == "1"
    }


def sheet_of(root, shared, dates, flags, wrapped):
    rows = []
    numbers = [int(row.get("r")) for row in root.iterfind("m:sheetData/m:row", NAMESPACE)]
    if numbers != sorted(set(numbers)):
        raise SystemExit("a row is there twice, or in the wrong place")
    for row in root.iterfind("m:sheetData/m:row", NAMESPACE):
        cells = {}
        for cell in row.iterfind("m:c", NAMESPACE):
            cells[column_of(cell.get("r"))] = text_of(cell, shared)
        rows.append([cells.get(column) for column in range(max(cells, default=-1) + 1)])
    pane = root.find("m:sheetViews/m:sheetView/m:pane", NAMESPACE)
    autofilter = root.find("m:autoFilter", NAMESPACE)
    return {
        "rows": rows,
        "dates": [cell.get("r") for cell in root.iter(f"{{{NAMESPACE['m']}}}c") if cell.get("s") in dates],
        "plain_flags": sum(
            cell.get("t") == "b" and cell.get("s") not in flags for cell in root.iter(f"{{{NAMESPACE['m']}}}c")
        ),
        "wrapped": [cell.get("r") for cell in root.iter(f"{{{NAMESPACE['m']}}}c") if cell.get("s") in wrapped],
        "formulas": sum(1 for _ in root.iter(f"{{{NAMESPACE['m']}}}f")),
        "frozen": pane is not None and pane.get("state") == "frozen" and pane.get("ySplit") == "1",
        "filter": None if autofilter is None else autofilter.get("ref"),
        "links": len(root.findall("m:hyperlinks/m:hyperlink", NAMESPACE)),
        "widths": len(root.findall("m:cols/m:col", NAMESPACE)),
    }


with zipfile.ZipFile(sys.argv[1]) as book:
    shared = []
    if "xl/sharedStrings.xml" in book.namelist():
        root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        for entry in root.iterfind("m:si", NAMESPACE):
            shared.append("".join(part.text or "" for part in entry.iter(f"{{{NAMESPACE['m']}}}t")))
    names = [
        sheet.get("name")
        for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iterfind("m:sheets/m:sheet", NAMESPACE)
    ]
    styles = ElementTree.fromstring(book.read("xl/styles.xml"))
    looks = [styles_with(styles, "yyyy"), styles_with(styles, "TRUE"), wrapped_styles(styles)]
    sheets = {}
    for number, name in enumerate(names, 1):
        sheets[name] = sheet_of(
            ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")), shared, *looks
        )
    print(json.dumps(sheets))
