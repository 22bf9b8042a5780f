"""The batch's workbook in a real spreadsheet program (Debian's LibreOffice)."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from processor.batches.make import files_of
from tests.batch import ODD, content, row
from tests.servers import _apt


@pytest.mark.service
def test_libreoffice_opens_the_workbook(tmp_path: Path):
    """All three sheets, with what was written; turned into CSV by a real spreadsheet program."""
    if not shutil.which("soffice"):
        _apt("libreoffice-calc-nogui")
    data = files_of(content([row(n, ODD[n % len(ODD)]) for n in range(12)]))
    (tmp_path / "b.xlsx").write_bytes(data["2026-W47-1.xlsx"])
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "b.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    written = {path.stem.removeprefix("b-"): path for path in tmp_path.glob("b-*.csv")}
    assert set(written) == {"Feltöltés", "Kérelmek", "Összesítő"}
    ours = list(csv.reader(io.StringIO(data["2026-W47-1.csv"].decode("utf-8"))))
    theirs = list(csv.reader(io.StringIO(written["Feltöltés"].read_text(encoding="utf-8-sig"))))
    assert theirs == ours
