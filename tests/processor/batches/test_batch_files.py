"""The batch's files: the CSV by Moodle's documented rules, the workbook, the folder."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace

import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

from processor.batches import moodlecsv
from processor.batches.content import Content, Enrolment, batch_name, write
from processor.batches.make import files_of
from processor.batches.moodle import FIELDS, altered, csv_bytes, fault, header, rows, text, unlike, username
from processor.batches.workbook import workbook_bytes
from processor.settings import Export
from rules.hungarian.catalogue import programs
from tests.batch import ODD, SHORTS, content, row
from tests.servers import ROOT
from tests.strategies import FAMILY, GIVEN

ZIP_SECONDS = 2.1  # a zip archive counts the hours of its entries by two seconds
COURSES = {program.short for program in programs().values()}


def refused(data: bytes, profile: frozenset[str] = frozenset()) -> list[str]:
    """Why Moodle would refuse or change something, after MOODLE.md; empty when it takes the file as it is."""
    out = []
    if data.startswith(b"\xef\xbb\xbf") or b"\r\n" not in data:
        out.append("encoding or line ends")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    head = lines[0]
    known = set(FIELDS) | profile
    if len(set(head)) != len(head) or any(not (h in known or re.fullmatch(r"course[1-9]\d*", h)) for h in head):
        out.append(f"header: {head}")
    seen: set[str] = set()
    addresses: set[str] = set()
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(head):
            out.append(f"{number}: number of cells")
        values = dict(zip(head, cells, strict=False))
        if (
            not re.fullmatch(r"[a-z0-9._@-]{1,100}", values["username"])
            or values["username"] in {"guest", "0"}
            or values["username"] in seen
        ):
            out.append(f"{number}: username {values['username']!r}")
        seen.add(values["username"])
        if values["email"] in addresses or values["email"] != values["email"].lower() or len(values["email"]) > 100:
            out.append(f"{number}: address")
        addresses.add(values["email"])
        validate_email(values["email"], check_deliverability=False)
        for key, most in (("firstname", 100), ("lastname", 100), ("institution", 255), ("city", 120)):
            if len(values[key]) > most or (key.endswith("name") and not values[key]):
                out.append(f"{number}: {key} {values[key]!r}")
        for key, value in values.items():
            if value != value.strip() or unicodedata.normalize("NFC", value) != value or value[:1] in set("=+-@'"):
                out.append(f"{number}: {key} {value!r}")
            if re.search(r"[<>\\\x00-\x1f\u00a0]", value):
                out.append(f"{number}: {key} {value!r}")
            if key.startswith("course") and value and value not in COURSES:
                out.append(f"{number}: unknown course {value!r}")
        if (values["country"], values["lang"]) != ("HU", "hu"):
            out.append(f"{number}: country or language")
    return out


def test_two_thousand_applicants_of_every_kind_of_name():
    """The whole file passes Moodle's rules, row by row."""
    names = [f"{family} {given_name}" for family in FAMILY for given_name in GIVEN] + ODD
    rows = [row(n, names[n % len(names)], tuple(SHORTS[n % 21 : n % 21 + 1 + n % 4])) for n in range(2000)]
    usable = [r for r in rows if not fault(r)]
    assert len(usable) > 1900
    data = csv_bytes(content(usable, {"profile_field_pir": "pir"}))
    assert refused(data, frozenset({"profile_field_pir"})) == []
    assert len(data.decode().splitlines()) == len(usable) + 1


@settings(max_examples=300, deadline=None)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=40))
def test_whatever_stands_in_a_name_is_written_safely_or_named(name, local):
    """A row is either refused before it is written, with a reason, or passes."""
    made = row(1, name)
    made = Enrolment(**{**{f: getattr(made, f) for f in made.__slots__}, "username": username(f"{local}@falu.hu")})
    if not fault(made):
        assert refused(csv_bytes(content([made]))) == []


def test_usernames_of_two_addresses_are_never_one():
    """Moodle deletes what it does not like; "a+b" and "ab" must stay two people."""
    assert len({username(a) for a in ("a+b@falu.hu", "ab@falu.hu", "a.b@falu.hu", "a'b@falu.hu", "áb@falu.hu")}) == 5
    assert username("Kovacs.Anna@Falu.hu ") == "kovacs.anna@falu.hu"


ELSEWHERE = """
import hashlib, json, sys
from processor.batches.content import Content
from processor.batches.make import files_of
files = files_of(Content.from_json(json.load(sys.stdin)))
print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))
"""


def test_the_same_content_is_the_same_bytes():
    """Seconds later, in another zone and process, from what the store keeps: neither the hour nor the order of
    anything unordered is in the files."""
    one = content([row(n, wanted=tuple(SHORTS[: 1 + n % 5])) for n in range(20)])
    begin = time.monotonic()
    here = {name: hashlib.sha256(data).hexdigest() for name, data in files_of(one).items()}
    time.sleep(max(0, begin + ZIP_SECONDS - time.monotonic()))
    surroundings = {**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=json.dumps(one.to_json()),
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(elsewhere.stdout) == here


@pytest.mark.parametrize(
    ("when", "taken", "name"),
    [
        (dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC), [], "2026-W47-1"),
        (dt.datetime(2026, 11, 15, 22, 59, tzinfo=dt.UTC), [], "2026-W46-1"),
        (dt.datetime(2026, 11, 15, 23, 0, tzinfo=dt.UTC), [], "2026-W47-1"),  # Monday in Budapest
        (dt.datetime(2027, 1, 2, 8, tzinfo=dt.UTC), [], "2026-W53-1"),
        (dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC), ["2026-W47-1", "2026-W47-10", "2026-W46-12"], "2026-W47-11"),
    ],
)
def test_the_name_of_a_batch(when, taken, name):
    """The ISO week of the local day, and a number that was never given."""
    assert batch_name(when, taken) == name


def test_what_the_store_keeps_of_a_batch_is_read_by_every_version():
    """The people stand under "rows"; one kept before a field was added has its default."""
    made = content([row(1), row(2)], {"profile_field_pir": "pir"})
    kept = json.loads(json.dumps(made.to_json()))
    assert list(kept) == ["name", "made", "rows", "waiting", "profile_fields"]
    assert Content.from_json(kept) == made
    for later in ("clerk", "received", "queued", "existing", "remark"):
        del kept["rows"][0][later]
    assert Content.from_json(kept) == made


def test_a_text_that_a_spreadsheet_takes_for_an_error_stays_text():
    """Each cell by itself, whatever the row before held."""
    names = ["#N/A", "#N/A", "Kovács Anna", "#REF!"]
    book = load_workbook(io.BytesIO(workbook_bytes(content([row(n, name) for n, name in enumerate(names)]))))
    cells = [line[1] for line in book["Kérelmek"].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in names]


def test_formulas_stay_text_and_types_are_kept():
    """Nothing in the workbook is a formula; dates are dates."""
    made = row(1)
    made = Enrolment(
        **{
            **{f: getattr(made, f) for f in made.__slots__},
            "remark": "=HYPERLINK(1)",
            "clerk": "@SUM(A1)",
            "received": "2026-11-16",
            "queued": "2026-11-17",
        }
    )
    book = load_workbook(io.BytesIO(workbook_bytes(content([made]))))
    sheet = book["Kérelmek"]
    values = {sheet.cell(1, c).value: sheet.cell(2, c) for c in range(1, sheet.max_column + 1)}
    assert (values["Megjegyzés"].value, values["Jegyző"].value) == ("'=HYPERLINK(1)", "'@SUM(A1)")
    assert values["Beérkezett"].is_date
    assert [s.freeze_panes for s in book.worksheets[:2]] == ["B2", "C2"]
    assert all(cell.data_type != "f" for s in book.worksheets for line in s.iter_rows() for cell in line)


def test_files_are_written_whole_or_not_at_all(tmp_path):
    """A folder appears by one rename; one that somebody changed is kept beside, not overwritten."""
    files = files_of(content([row(1)]))
    paths = write(tmp_path, "2026-W47-1", files)
    assert [p.read_bytes() for p in paths] == list(files.values())
    paths[1].write_text("changed by hand")
    write(tmp_path, "2026-W47-1", files)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2026-W47-1", "2026-W47-1.regi-1"]
    assert paths[1].read_bytes() == files[paths[1].name]


@pytest.mark.parametrize("long", ["institution", "city", "lastname"])
def test_what_does_not_fit_is_named(long):
    """Moodle would stop its whole run at such a row."""
    made = row(1)
    assert "túl hosszú" in fault(Enrolment(**{**{f: getattr(made, f) for f in made.__slots__}, long: "x" * 300}))


DANGEROUS = "\\\"',;\n\r\t =+-@＝＋－＠<>\u0301\u200b\u00a0\x0bÉa"
HOSTILE = st.text(alphabet=st.one_of(st.sampled_from(DANGEROUS), st.characters()), max_size=30)


class TestReadAsMoodleReadsIt:
    """PHP's fgetcsv takes a backslash for an escape character (MOODLE.md, trap 5)."""

    def test_a_backslash_before_a_quote(self):
        """One such value once made Moodle refuse the whole batch."""
        first, second = row(1), row(2)
        workplace = text('Alfa\\" Község Önkormányzata, Béta')
        first = replace(first, institution=workplace, county="Pest\\", references=('A\\"',))
        made = content([first, second], {"profile_field_county": "county", "profile_field_mark": "reference"})
        assert b"\\" not in csv_bytes(made)
        assert moodlecsv.read(csv_bytes(made)) == [header(made), *rows(made)]

    @settings(max_examples=500, deadline=None)
    @given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=4))
    def test_whatever_was_meant_comes_back(self, values):
        """Lone quotes, line ends and separators too; no row is taken for two, nor two for one."""
        people = [self.person(n, *one) for n, one in enumerate(values)]
        made = content(people, {"profile_field_county": "county", "profile_field_mark": "reference"})
        data = csv_bytes(made)
        assert moodlecsv.read(data) == [header(made), *rows(made)]
        assert unlike(made, data) == {}
        for cell in (cell for cells in rows(made) for cell in cells):
            assert "\\" not in cell
            assert cell[:1] not in set("=+-@＝＋－＠")
            assert text(cell) == cell

    @staticmethod
    def person(number, first, last, workplace, county, reference):
        """As `export` makes a row: names and workplace through `text`, the rest as it came."""
        return replace(
            row(number, wanted=tuple(SHORTS[13 : 14 + number])),
            firstname=text(first),
            lastname=text(last),
            institution=text(workplace),
            county=county,
            references=(reference, "x"),
        )

    @pytest.mark.parametrize(
        ("data", "cells"),
        [
            (b'"a\\"b",c', [['a\\"b', "c"]]),
            (b'"a\\\\"b",c', [['a\\\\b"', "c"]]),
            (b'"a""b",c', [['a"b', "c"]]),
            (b'x"y,z', [['x"y', "z"]]),
            (b'"ab"cd,e', [["abcd", "e"]]),
            (b' "a",b\r\n\r\nc,"d\r\ne"\r\n', [["a", "b"], ["c", "d\ne"]]),
            (b'"\xc5\x90si\\",b\nc,d\n', [['Ősi\\",b\nc,d']]),
            (b"\xef\xbb\xbfa, b ,\n", [["a", "b", ""]]),
        ],
    )
    def test_the_reader_behaves_as_php(self, data, cells):
        """Cases whose answers are known from PHP itself."""
        assert moodlecsv.read(data) == cells

    def test_values_lose_what_moodle_would_change(self):
        """Formula signs of either width in front, backslashes and line ends anywhere."""
        for value, kept in {"＋36 Béla": "36 Béla", "＝＠－x": "x", "+-@=y": "y", "'=z": "z"}.items():
            assert text(value) == kept
        for value, kept in {"a\\b\\": "ab", "Minta\nfalu": "Minta falu", 'lone " quote': 'lone " quote'}.items():
            assert text(value) == kept
        shorts = [program.short for program in programs().values()]
        assert [text(short) for short in shorts] == shorts

    def test_a_row_that_comes_back_otherwise_is_left_out(self):
        """An address cannot be mended; its row is named, the others are right."""
        assert "email" in altered(replace(row(1), email="-anna@falu.hu", username="anna@falu.hu"), {})
        assert "perjel" in fault(replace(row(1), username="anna\\@falu.hu"))
        assert altered(row(1), {"profile_field_pir": "pir"}) == ""
        made = content([row(1), row(2)])
        broken = csv_bytes(made).replace(b"szemely.1@falu.hu,Anna", b"szemely.1@falu.hu,Anna,X")
        assert unlike(made, broken) == {0: ""}

    @pytest.mark.parametrize("second", ["Username", "", " ", "PIR", "profile_field_x"])
    def test_a_header_that_moodle_would_refuse_is_never_written(self, second):
        """Empty, repeated or unknown names refuse the whole file."""
        with pytest.raises(moodlecsv.HeaderFault):
            moodlecsv.check_header(["username", second], {"PIR"})
        with pytest.raises(moodlecsv.HeaderFault):
            altered(row(1), {"username": "pir"})

    @pytest.mark.parametrize("name", ["email", "profile_field pir", "beosztas", "Course1"])
    def test_such_a_header_is_refused_in_the_configuration_already(self, name):
        """Else no batch could ever be made."""
        assert Export(profile_fields={"profile_field_pir": "pir"}).profile_fields == {"profile_field_pir": "pir"}
        with pytest.raises(ValidationError, match=r"Moodle|fejléc"):
            Export(profile_fields={name: "pir"})
