"""LibreOffice as a person's hand: it opens a workbook, types into cells, and saves it in its own way."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from run import OFFICE
from tests.parts import require

LIBRARY = "Standard"
EPOCH = date(1899, 12, 30)
"""The day that spreadsheets count from."""

CONTENTS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Hand"/></library:library>
"""
HAND = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Hand"
 script:language="StarBasic">
Sub Fill(given As String, cells As String, saved As String)
  Dim none()
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = &quot;Hidden&quot;
  hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(given, &quot;_blank&quot;, 0, hidden())
  sheet = document.Sheets.getByIndex(0)
  files = createUnoService(&quot;com.sun.star.ucb.SimpleFileAccess&quot;)
  lines = createUnoService(&quot;com.sun.star.io.TextInputStream&quot;)
  lines.setInputStream(files.openFileRead(cells))
  lines.setEncoding(&quot;UTF-8&quot;)
  Do While Not lines.isEOF()
    parts = Split(lines.readLine(), Chr(9))
    If UBound(parts) = 2 Then
      cell = sheet.getCellRangeByName(parts(0))
      Select Case parts(1)
        Case &quot;text&quot; : cell.setString(parts(2))
        Case &quot;number&quot; : cell.setValue(CDbl(parts(2)))
        Case &quot;formula&quot; : cell.setFormula(parts(2))
      End Select
    End If
  Loop
  lines.closeInput()
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = &quot;FilterName&quot;
  kind(0).Value = &quot;Calc MS Excel 2007 XML&quot;
  document.storeToURL(saved, kind())
  document.close(True)
End Sub
</script:module>
"""


@dataclass(frozen=True, slots=True)
class Formula:
    """What is typed with an equals sign, and computed."""

    text: str


Typed = str | date | Formula


def edit(book: bytes, cells: Sequence[tuple[str, Typed]], folder: Path) -> bytes:
    """Return a workbook as LibreOffice saves it after these cells of its first sheet were typed into.

    Args:
        folder: empty; LibreOffice keeps its profile there, and the files.
    """
    given, listed, saved = folder / "given.xlsx", folder / "cells.tsv", folder / "saved.xlsx"
    given.write_bytes(book)
    listed.write_text("\n".join(f"{address}\t{_told(value)}" for address, value in cells), "utf-8")
    teach(folder / "profile")
    urls = ",".join(f'"{path.absolute().as_uri()}"' for path in (given, listed, saved))
    _run(folder / "profile", f"macro:///{LIBRARY}.Hand.Fill({urls})")
    return saved.read_bytes()


def teach(profile: Path) -> None:
    """Put the macro into a new profile, where LibreOffice trusts it."""
    _run(profile, "--terminate_after_init")
    library = profile / "user" / "basic" / LIBRARY
    (library / "script.xlb").write_text(CONTENTS, "utf-8")
    (library / "Hand.xba").write_text(HAND, "utf-8")


def _run(profile: Path, what: str) -> None:
    subprocess.run(
        [
            require(OFFICE),
            "--headless",
            "--norestore",
            f"-env:UserInstallation={profile.absolute().as_uri()}",
            what,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


def _told(value: Typed) -> str:
    if isinstance(value, Formula):
        return f"formula\t{value.text}"
    if isinstance(value, date):
        return f"number\t{(value - EPOCH).days}"
    return f"text\t{value}"
