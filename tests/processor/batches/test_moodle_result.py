"""Moodle's result in every shape in which it comes back: only what it positively reports is confirmed.

The samples are drawn as Moodle's own trackers draw them (uu_progress_tracker the web table, text_progress_tracker the
command line), with the strings of its English and Hungarian language packs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from processor.batches.content import Enrolment
from processor.batches.imports import lines
from processor.batches.pasted import table
from processor.batches.results import lacking, read
from rules.hungarian.catalogue import programs

BY_SHORT = {program.short: ident for ident, program in programs().items()}
COLUMNS = (
    "status",
    "line",
    "id",
    "username",
    "firstname",
    "lastname",
    "email",
    "password",
    "auth",
    "enrolments",
    "suspended",
    "theme",
    "deleted",
)
KINDS = ("normal", "info", "warning", "error")


@dataclass(frozen=True)
class Words:
    """Of one language of Moodle."""

    headers: tuple[str, ...]
    line: str
    prefixes: tuple[str, str]  # of warnings and errors
    enrolled: str
    unknown: str
    new: str
    uptodate: str
    registered: str
    failed: str
    duplicate: str
    cron: str
    yes: str
    no: str


ENGLISH = Words(
    (
        "Status",
        "CSV line",
        "ID",
        "Username",
        "First name",
        "Last name",
        "Email address",
        "Password",
        "Authentication",
        "Enrolments",
        "Suspended account",
        "Theme",
        "Delete",
    ),
    "Line {}",
    ("Warning:", "Error:"),
    'Enrolled in "{}" as "student"',
    'Unknown course named "{}"',
    "New user",
    "User up-to-date",
    "User not added - already registered",
    "User not added - error",
    "Duplicate address",
    "Generated in cron",
    "Yes",
    "No",
)
HUNGARIAN = Words(
    (
        "Állapot",
        "CSV-sor",
        "ID",
        "Felhasználónév",
        "Keresztnév",
        "Vezetéknév",
        "E-mail-cím",
        "Jelszó",
        "Hitelesítés",
        "Beiratkozások",
        "Felfüggesztett fiók",
        "Stílus",
        "Törlés",
    ),
    "{} sor",
    ("Figyelmeztetés:", "Hiba:"),
    'A(z) "{}" kurzusba felvéve mint "student"',
    'Ismeretlen kurzus: "{}"',
    "Új felhasználó",
    "Felhasználó frissítve",
    "A felhasználó nincs hozzáadva - már regisztrálva van",
    "A felhasználó nincs hozzáadva - hiba",
    "Ismétlődő cím",
    "A cron állítja elő",
    "Igen",
    "Nem",
)


@dataclass(frozen=True)
class Tracked:
    """A row of Moodle's tracker: column and kind to its messages."""

    number: int
    suspended: bool
    cells: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, column: str) -> list[str]:
        return [message for kind in KINDS for message in self.cells.get((column, kind), [])]


def person(first: str, last: str, address: str, *courses: str) -> Enrolment:
    wanted = tuple(BY_SHORT[course] for course in courses)
    name = f"{last} {first}"
    return Enrolment(address, first, last, address, "Mintafalui Hivatal", "Mintafalu", name, "731234", "Pest", wanted)


VIR = "Gazdálkodás - VIR, ETRIUSZ"
UNKNOWN, GOOD, DUPLICATE, REGISTERED, MISSING, SUSPENDED, PARTIAL = range(7)
PEOPLE = (
    person("Anna", "Kovács", "kovacs.anna@mintafalu.hu", "ADÓ"),
    person("Béla", "Hibai", "hibai.bela@mintafalu.hu", "ADÓ", VIR, "Irat - Iktató"),
    person("Dóra", "Nagy", "nagy.dora@mintafalu.hu", "ADÓ", VIR),
    person("Emil", "Tóth", "toth.emil@mintafalu.hu", VIR),
    person("Flóra", "Kiss", "kiss.flora@mintafalu.hu", "Keret"),
    person("Gábor", "Vad", "vad.gabor@mintafalu.hu", "ADÓ", "Keret"),
    person("Hanna", "Bela", "bela@mintafalu.hu", "ADÓ", VIR, "Keret"),
)


@dataclass(frozen=True)
class Fate:
    """What happens to a person in Moodle. `status`: a field of Words; "" when Moodle never came to the row."""

    status: str = "new"
    unknown: frozenset[str] = frozenset()  # courses
    suspended: bool = False
    remark: bool = False  # a harmless warning beside the status

    def good(self) -> bool:
        return self.status in {"new", "uptodate"} and not self.unknown and not self.suspended


FATES = (
    Fate(unknown=frozenset({"ADÓ"})),
    Fate(),
    Fate("failed"),
    Fate("registered"),
    Fate(""),
    Fate("uptodate", suspended=True),
    Fate(unknown=frozenset({"Keret"})),
)


def tracked(words: Words, fates: Sequence[Fate] = FATES) -> list[Tracked]:
    """What Moodle tracks of the seven."""
    pairs = zip(PEOPLE, fates, strict=True)
    return [_track(words, number, row, fate) for number, (row, fate) in enumerate(pairs, start=2) if fate.status]


def _track(words: Words, number: int, row: Enrolment, fate: Fate) -> Tracked:
    made = Tracked(number, fate.suspended)
    cells = made.cells
    cells["line", "normal"], cells["username", "normal"] = [str(number)], [row.username]
    cells["firstname", "normal"], cells["lastname", "normal"] = [row.firstname], [row.lastname]
    cells["email", "normal"] = [row.email]
    kind = {"failed": "error", "registered": "warning"}.get(fate.status, "normal")
    cells["status", kind] = [getattr(words, fate.status)]
    if fate.status == "failed":
        cells["email", "error"] = [words.duplicate]
    if kind != "normal":
        return made
    if fate.remark:
        cells["status", "warning"] = ['Cannot find "hu" language pack!']
    cells["id", "normal"], cells["auth", "normal"] = [str(number + 17)], ["manual"]
    cells["password", "warning"] = [words.cron]
    cells["suspended", "normal"] = [words.yes if fate.suspended else words.no]
    shorts = [programs()[ident].short for ident in row.programs]
    cells["enrolments", "info"] = [words.enrolled.format(short) for short in shorts if short not in fate.unknown]
    cells["enrolments", "error"] = [words.unknown.format(short) for short in shorts if short in fate.unknown]
    return made


def web_page(words: Words, tracks: list[Tracked]) -> str:
    """A saved page: classes/locallib.php prints the table without line ends."""
    head = "".join(f'<th class="header c{n}" scope="col">{title}</th>' for n, title in enumerate(words.headers))
    body = "".join(f'<tr class="r1">{"".join(_html(track, column) for column in COLUMNS)}</tr>' for track in tracks)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Upload users results</title></head><body><nav>Site\n'
        f'</nav><table id="uuresults" class="generaltable"><tr class="heading r0">{head}</tr>{body}</table>'
        "<div class='box'>Users created: 3<br />Users updated: 1<br />Errors: 1</div></body></html>"
    )


def _html(track: Tracked, column: str) -> str:
    spans = []
    for kind in KINDS:
        if texts := [escape(message) for message in track.cells.get((column, kind), [])]:
            if column == "username" and ("id", "normal") in track.cells:
                texts = [f'<a href="/user/profile.php?id=7">{text}</a>' for text in texts]
            spans.append(f'<span class="uu{kind}">{"<br />".join(texts)}</span>')
    return f'<td class="cell">{"<br />".join(spans) or "&nbsp;"}</td>'


def copied(words: Words, tracks: list[Tracked]) -> str:
    """The table marked and copied in a browser: tabs between cells, a line end for each <br>."""
    body = ["\t".join("\n".join(track.of(column)) or "\u00a0" for column in COLUMNS) for track in tracks]
    return "\n\n" + "\n".join(["\t".join(words.headers), *body, "", "Users created: 3", "Errors: 1"]) + "\n"


def spreadsheet(words: Words, tracks: list[Tracked], delimiter: str = ",") -> str:
    """Pasted as text into a spreadsheet and saved: one row a person, line breaks inside the cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(words.headers)
    writer.writerows([["\n".join(track.of(column)) for column in COLUMNS] for track in tracks])
    return out.getvalue()


def spread(words: Words, tracks: list[Tracked]) -> str:
    """Pasted as HTML into a spreadsheet: every <br> is a row of its own, the other cells of which are empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(words.headers)
    for track in tracks:
        columns = [track.of(column) for column in COLUMNS]
        for part in range(max(map(len, columns))):
            writer.writerow([column[part] if part < len(column) else "" for column in columns])
    return out.getvalue()


def printed(words: Words, tracks: list[Tracked]) -> str:
    """The command line: text_progress_tracker::flush, which prints no normal cell but the status."""
    out = []
    prefixes = {"normal": "", "info": "", "warning": f"{words.prefixes[0]} ", "error": f"{words.prefixes[1]} "}
    for track in tracks:
        out.append(words.line.format(track.number))
        out += [f"  {prefixes[kind]}{message}" for kind in KINDS for message in track.cells.get(("status", kind), [])]
        for title, column in zip(words.headers, COLUMNS, strict=True):
            for kind in KINDS[1:] if column != "status" else ():
                if messages := track.cells.get((column, kind)):
                    start = f"{prefixes[kind]}{title}"
                    out.append(f"  {start}: " + ("\n" + " " * (len(start) + 4)).join(messages))
    return "\n".join(["Upload user CLI tool", "", *out, "-" * 79, "Users created: 3", "Errors: 1"]) + "\n"


def commandline(words: Words, tracks: list[Tracked]) -> str:
    """It says that an account is suspended only when the upload changed that."""
    for track in tracks:
        if track.suspended:
            track.cells["suspended", "info"] = [f"{words.no}-->{words.yes}"]
    return printed(words, tracks)


SHAPES = {
    "saved page": web_page,
    "copied": copied,
    "spreadsheet": spreadsheet,
    "spreadsheet, semicolons": lambda words, tracks: spreadsheet(words, tracks, ";"),
    "spreadsheet, rows cut up": spread,
    "command line": commandline,
}


def said_of(folder: Path, text: str, rows: tuple[Enrolment, ...] = PEOPLE) -> dict[int, str]:
    """Number of the row to what lacks, of those not confirmed."""
    (folder / "result").write_text(text, encoding="utf-8")
    said, foreign = read(rows, lines(folder / "result"))
    assert not foreign
    return {number: trouble for number, one in enumerate(said) if (trouble := lacking(rows[number], one))}


@pytest.mark.parametrize("words", [ENGLISH, HUNGARIAN], ids=["English", "Hungarian"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("quotes", ["“{}”", "„{}”", '"{}"'])
def test_of_seven_people_only_the_good_one_is_confirmed(tmp_path, words, shape, quotes):
    """Six fail in six ways; each is told what lacks, in Moodle's own words."""
    opening, closing = quotes.split("{}")
    enrolled, unknown = _quoted(words.enrolled, opening, closing), _quoted(words.unknown, opening, closing)
    words = replace(words, enrolled=enrolled, unknown=unknown)
    found = said_of(tmp_path, SHAPES[shape](words, tracked(words)))
    assert set(found) == {UNKNOWN, DUPLICATE, REGISTERED, MISSING, SUSPENDED, PARTIAL}
    assert all(trouble.startswith("a Moodle nem jelezte vissza: ") for trouble in found.values())
    assert "a beíratást ide: „ADÓ”." in found[UNKNOWN] and words.unknown.format("ADÓ") in found[UNKNOWN]
    assert words.failed in found[DUPLICATE] and words.duplicate in found[DUPLICATE]
    assert words.registered in found[REGISTERED]
    assert "a felhasználót" in found[MISSING]
    assert "felfüggeszt" in found[SUSPENDED] and "beíratást" not in found[SUSPENDED]
    assert "ide: „Keret”." in found[PARTIAL]


def _quoted(message: str, opening: str, closing: str) -> str:
    first = True
    out = ""
    for character in message:
        if character == '"':
            character, first = (opening if first else closing), not first
        out += character
    return out


def test_a_workbook(tmp_path):
    """Cells with line breaks; the sheet as it was pasted."""
    book = Workbook()
    book.active.append(ENGLISH.headers)
    for track in tracked(ENGLISH):
        book.active.append(["\n".join(track.of(column)) or None for column in COLUMNS])
    book.save(tmp_path / "result.xlsx")
    said, _ = read(PEOPLE, lines(tmp_path / "result.xlsx"))
    assert [number for number, one in enumerate(said) if not lacking(PEOPLE[number], one)] == [GOOD]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_happens_to_seven_people(data):
    """In every shape exactly those are confirmed to whom nothing bad happened."""
    fates = [
        Fate(
            data.draw(st.sampled_from(("new", "uptodate", "new", "failed", "registered", ""))),
            data.draw(st.frozensets(st.sampled_from([programs()[ident].short for ident in row.programs]))),
            data.draw(st.booleans()) and data.draw(st.booleans()),
            data.draw(st.booleans()),
        )
        for row in PEOPLE
    ]
    words = data.draw(st.sampled_from((ENGLISH, HUNGARIAN)))
    for draw in SHAPES.values():
        said, foreign = read(PEOPLE, table(draw(words, tracked(words, fates))))
        assert not foreign
        assert [not lacking(row, one) for row, one in zip(PEOPLE, said, strict=True)] == [fate.good() for fate in fates]


ANNA, BELA = person("Anna", "Kovács", "anna@falu.hu", "ADÓ"), person("Béla", "Nagy", "nagy", "ADÓ", "Keret")
BELA = replace(BELA, email="nagy.bela@falu.hu")
ENROLLED = 'Enrolled in "ADÓ" as "Student"'


@pytest.mark.parametrize(
    "text",
    [
        f"New user\t2\t9\tkovacs-anna@falu.hu\tAnna\t{ENROLLED}",  # part of another's address
        f"New user\t2\t9\tx.anna@falu.hu\tAnna\t{ENROLLED}",
        f"New user\t2\t9\tanna@falu.hu.example.com\tAnna\t{ENROLLED}",
        'New user\t2\t9\tanna@falu.hu\tError: Enrolments: Unknown course named "ADÓ"',
        'New user\t2\t9\tanna@falu.hu\tUnknown course named "ADÓ" Unknown course named "Keret"',  # run together
        'New user\t2\t9\tanna@falu.hu\tUnknown course named "ADÓ"Enrolled in "Keret" as "Student"',
        'Utilisateur\t2\t9\tanna@falu.hu\tCours inconnu "ADÓ" Cours inconnu "Keret"',  # a language unknown to us
        'New user\t2\t9\tanna@falu.hu\tNot enrolled in "ADÓ" as "Student"',
        'New user\t2\t9\tanna@falu.hu\tA(z) "ADÓ" kurzusba nem vehető fel mint "Tanuló"',
        'New user\t2\t9\tanna@falu.hu\tEnrolled in "ADÓ 2" as "Student"',
        'New user\t2\t9\tanna@falu.hu\tEnrolled in "Keret" as "ADÓ"',
        f"User not added - error\t2\t9\tanna@falu.hu\t{ENROLLED}",
        f"A felhasználó nem lett hozzáadva\t2\t9\tanna@falu.hu\t{ENROLLED}",
        f"New user\t2\t9\tanna@falu.hu\t{ENROLLED}\tYes",
        f"New user\t2\t9\tanna@falu.hu\n{ENROLLED}\tIgen",
        f"New user 2 9 anna@falu.hu {ENROLLED} Yes",
        f"New user\t2\t9\tanna@falu.hu\t\nNew user\t3\t10\tmas@falu.hu\tBea\t{ENROLLED}",  # a stranger's row
        f"New user\t2\t9\tanna@falu.hu\t\nNew user\t3\t10\tmas\tBea\t{ENROLLED}",
        f"New user 2 9 anna@falu.hu\nNew user 3 10 mas@falu.hu {ENROLLED}",
        f"Status\tCSV line\tUsername\tEnrolments\nNew user\t2\tanna@falu.hu\t\nError\t3\t\t{ENROLLED}",
        f"Username\tEnrolments\nanna@falu.hu\tUnknown\nmas\t{ENROLLED}",
        f"<table><tr><td>anna@falu.hu</td><td>x</td></tr><tr><td>mas</td><td>{ENROLLED}</td></tr></table>",
        f"anna@falu.hu\n-----------\n{ENROLLED}",
        "anna@falu.hu: OK",
        "anna@falu.hu",
    ],
)
def test_what_confirms_nobody(tmp_path, text):
    """Only Moodle's own row of that person, with its own message of that course."""
    assert 0 in said_of(tmp_path, text, (ANNA,))


@pytest.mark.parametrize(
    "text",
    [
        f"New user\t2\t9\tanna@falu.hu\t{ENROLLED}",
        f"\n\n  \nNew user\t2\t9\tAnna@Falu.hu\t{ENROLLED}\tNo",
        f"anna@falu.hu: New user\n{ENROLLED}",
        f"New user 2 9 anna@falu.hu Anna Hibai-Nemes {ENROLLED} No",
        f"New user\t2\t9\tanna@falu.hu\tAdded to cohort „x”\n{ENROLLED}",
        'New user\t2\t9\tanna@falu.hu\t"ADÓ" kurzusba felvéve mint "Tanuló"',  # quotes at both ends of a copied cell
        "New user\t2\t9\tanna@falu.hu\tInscrit dans «\u00a0ADÓ\u00a0» comme «\u00a0Étudiant\u00a0»",
        f"User upload tool\nLine 2\n  User updated\n  Enrolments: {ENROLLED}\n-----\nUsers created: 1",
        "2. sor\n  Felhasználó frissítve\n  Beiratkozások: A(z) „ADÓ” kurzusba felvéve mint „Tanuló”",
        f"User not added\t2\t9\tmas@falu.hu\nNew user\t2\t9\tanna@falu.hu\t{ENROLLED}",
        f"<table><tr><td>Anna\n Kovács</td><td><b>anna@falu.hu</b></td><td>Új<br/>{ENROLLED}</td></tr></table>",
    ],
)
def test_what_confirms(tmp_path, text):
    """In any dress."""
    assert said_of(tmp_path, text, (ANNA,)) == {}


def test_two_rows_of_one_username_cannot_be_told_apart(tmp_path):
    """Neither is confirmed for the other."""
    text = f"New user\t2\t9\tnagy\t{ENROLLED}\nNew user\t3\t9\tx@falu.hu"
    assert said_of(tmp_path, text, (replace(ANNA, username="nagy"), replace(ANNA, username="x@falu.hu"))).keys() == {1}
    said, _ = read((replace(ANNA, username="nagy"), BELA), table(text))
    assert not any(one.named for one in said)


def test_a_username_that_is_also_a_surname(tmp_path):
    """Its own row is found by the column, or by the way Moodle writes usernames."""
    mine = f"New user\t3\t9\tnagy\tBéla\tNagy\tnagy.bela@falu.hu\t{ENROLLED}"
    other = f"New user\t2\t9\tanna@falu.hu\tAnna\tNagy\tanna@falu.hu\t{ENROLLED}"
    keret = 'Enrolled in "Keret" as "Student"\tNo\t'
    for head in ("", "Status\tCSV line\tID\tUsername\tFirst name\tSurname\tEmail\tEnrolments\tSuspended\tTheme\n"):
        assert said_of(tmp_path, f"{head}{other}\n{mine}\n{keret}", (ANNA, BELA)) == {}
        assert set(said_of(tmp_path, f"{head}{mine}\n{other}\n{keret}", (ANNA, BELA))) == {1}


@pytest.mark.parametrize(
    "text",
    [
        f"Line 2\n  New user\n  Enrolments: {ENROLLED}\nLine 9\n  New user",  # more lines than the batch has
        'Line 2\n  New user\n  Enrolments: Enrolled in "Keret" as "student"',  # a course that the row does not hold
        f"Line 3\n  Warning: Invalid data detected for user anna@falu.hu\n  Enrolments: {ENROLLED}",
        f"Line 3\tanna@falu.hu\t{ENROLLED}",
    ],
)
def test_another_batch_on_the_command_line_is_found_out(text):
    """No username stands there: the number of its lines and the courses must fit."""
    assert read((ANNA, BELA), [[line] for line in text.split("\n")])[1]
