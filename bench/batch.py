"""A batch of many applicants against openpyxl's bare write-only writing of the same cells, in the same run.

    python bench/batch.py [--rows 50000] [--runs 3]

bare:     openpyxl, write-only, plain values, one sheet after the other, saved to memory.
beirato:  workbook_bytes: the same cells with header, filters, types, wrapping, charts and print set-up; deterministic
zip.
Memory is the peak of a process of its own (VmHWM).
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import time
from pathlib import Path

from openpyxl import Workbook, load_workbook

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.batches.content import Content, Enrolment
from processor.batches.moodle import csv_bytes, header, rows
from processor.batches.workbook import workbook_bytes
from rules.hungarian.catalogue import programs

IDS = list(programs())


def content(count: int) -> Content:
    made = [
        Enrolment(
            username=f"szemely{n}@mintafalu.hu",
            firstname="Anna",
            lastname="Kovács",
            email=f"szemely{n}@mintafalu.hu",
            institution="Mintafalu Község Önkormányzata",
            city="Mintafalu",
            name="Kovács Anna",
            pir="731234",
            county="Pest",
            programs=tuple(IDS[n % 20 : n % 20 + 1 + n % 3]),
            references=(f"ASPO-2026-{n:06d}",),
            clerk="jegyzo@mintafalu.hu",
            received="2026-11-16",
            queued="2026-11-17",
        )
        for n in range(count)
    ]
    return Content("2026-W47-1", "2026-11-16T07:00:00", tuple(made), {"waiting": 3}, {})


def cells(of: Content) -> dict[str, list[list[object]]]:
    """What the workbook's sheets hold, as plain values."""
    book = load_workbook(io.BytesIO(workbook_bytes(of)), read_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def bare(sheets: dict[str, list[list[object]]]) -> bytes:
    book = Workbook(write_only=True)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_PEAK = """
import sys
sys.path.insert(0, ".")
from bench.batch import *
made = content({count})
{what}
print([line for line in open("/proc/self/status") if "VmHWM" in line][0].split()[1])
"""


def peak(what: str, count: int) -> float:
    """Megabytes at the peak of a process that does it."""
    ran = subprocess.run(
        [sys.executable, "-c", _PEAK.format(what=what, count=count)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return float(ran.stdout) / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    made = content(given.rows)
    plain = cells(made)
    times: dict[str, list[float]] = {"bare": [], "workbook": [], "csv": []}
    for _ in range(given.runs):
        for name, act in (
            ("bare", lambda: bare(plain)),
            ("workbook", lambda: workbook_bytes(made)),
            ("csv", lambda: csv_bytes(made)),
        ):
            begin = time.perf_counter()
            act()
            times[name].append(time.perf_counter() - begin)
    ratio = statistics.median(w / b for w, b in zip(times["workbook"], times["bare"], strict=True))
    assert header(made) and rows
    print(f"{'':34}{'seconds':>12}{'ratio':>8}{'goal':>8}")
    print(f"{f'bare, {given.rows} rows':34}{statistics.median(times['bare']):12.2f}")
    print(f"{'beirato, workbook':34}{statistics.median(times['workbook']):12.2f}{ratio:8.2f}{'1.50':>8}")
    print(f"{'beirato, csv':34}{statistics.median(times['csv']):12.2f}")
    print(f"{'peak memory of the workbook, MB':34}{peak('workbook_bytes(made)', given.rows):12.0f}{'':8}{'300':>8}")


if __name__ == "__main__":
    main()
