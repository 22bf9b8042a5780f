"""Mails made to keep the program busy: about 100 KB each, of one thing repeated, nested or nearly matching.

`mails()` gives them by name. `python tests/hostile.py [NAME...]` prints what each takes, in seconds of processor time.
"""

from __future__ import annotations

import base64
import io
import multiprocessing
import sys
import time
import zipfile
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.explain import explain
from processor.reading import bounds

SIZE = 100_000  # characters
PATIENCE = 60  # seconds that the table waits for one mail
DESK = "aspoktatas@allamkincstar.gov.hu"
HEADERS = {
    "From": "Minta Mária <minta.maria@mintafalu.hu>",
    "To": f"ASP Oktatás <{DESK}>",
    "Cc": "Mintafalu Jegyző <jegyzo@mintafalu.hu>",
    "Subject": "Regisztráció",
    "Message-ID": "<elso@mintafalu.hu>",
    "Date": "Mon, 16 Nov 2026 09:00:00 +0100",
    "Content-Type": "text/plain; charset=utf-8",
}
ASKS = "Kérem az alábbi kollégák regisztrációját:\n\n"


def fill(piece: str, size: int = SIZE) -> str:
    """`piece` again and again."""
    return piece * (size // len(piece))


def numbered(piece: str, size: int = SIZE) -> str:
    """The same with a running number in the place of "{n}"."""
    return "".join(piece.replace("{n}", str(number)) for number in range(size // len(piece)))


def raw(body: str | bytes = "Kérem Kovács Anna regisztrációját.", **headers: str) -> bytes:
    """A mail; `Content_Type="..."` replaces that header, "" leaves it out."""
    named = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return head.encode() + b"\r\n" + (body.encode() if isinstance(body, str) else body)


def folded(piece: str, lines: int = 60) -> str:
    """A header of many lines, none longer than a mail server takes."""
    return "\r\n ".join(fill(piece, SIZE // lines) for _ in range(lines))


def html(body: str) -> bytes:
    return raw(f"<html><body>{body}</body></html>", Content_Type="text/html; charset=utf-8")


def attached(name: str, data: bytes, content_type: str = "application/octet-stream") -> bytes:
    part = f'--b\r\nContent-Type: {content_type}\r\nContent-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    text = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKérem a mellékletben szereplők regisztrációját.\r\n"
    body = text.encode() + part.encode() + base64.encodebytes(data) + b"\r\n--b--\r\n"
    return raw(body, Content_Type='multipart/mixed; boundary="b"')


def _word(lines: int, text: str, table: tuple[int, int] = (0, 0)) -> bytes:
    """A .docx of that many paragraphs, and of a table of so many rows and columns."""
    import docx

    document = docx.Document()
    for _ in range(lines):
        document.add_paragraph(text)
    if table[0]:
        row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>Kovács Anna</w:t></w:r></w:p></w:tc>" * table[1] + "</w:tr>"
        grid = "<w:tblGrid>" + "<w:gridCol/>" * table[1] + "</w:tblGrid>"
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        document.element.body.insert(0, docx.oxml.parse_xml(f"<w:tbl {space}><w:tblPr/>{grid}{row * table[0]}</w:tbl>"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _book(rows: int, columns: int, cell: str) -> bytes:
    """An .xlsx of one sheet."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Munka1")
    for row in range(rows):
        sheet.append([cell.replace("{n}", str(row))] * columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(cell: str, cells: int) -> bytes:
    """An .xlsx whose sheet is made of that cell's XML, 119 in a row."""
    row = f"<row>{cell * 119}</row>"
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + row * (cells // 119)
        + "</sheetData></worksheet>"
    )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_book(1, 1, "a"))) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in book.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else book.read(name))
    return out.getvalue()


def _open_sheet(content: str) -> bytes:
    """An .ods whose content.xml holds this table."""
    names = "".join(
        f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text", "style")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet><table:table>{content}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def _pages(pages: int, text: str) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica", size=6)
    for _ in range(pages):
        pdf.add_page()
        pdf.multi_cell(0, 3, text)
    return bytes(pdf.output())


def _nested_parts(levels: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels))
    return raw(head + "Content-Type: text/plain\r\n\r\nmag\r\n", Content_Type="multipart/mixed; boundary=b").replace(
        b"\r\n\r\n", b"\r\n\r\n--b\r\n", 1
    )


def _attribute(name: str, piece: str) -> bytes:
    return html(f'<p {name}="{fill(piece)}">Kérem Kovács Anna regisztrációját.</p>')


_NAMES = ["Kovács Anna", "Nagy Béla", "Szabó Jánosné", "dr. Tóth Ilona", "Kiss-Varga Éva Mária", "Horváth Péter"]
_COLUMNS = "Név;Önkormányzat;PIR;Vármegye;E-mail;Szakrendszer\n"
_ROW = "Kovács Anna{n};Mintafalu Község Önkormányzata;731234;Pest;anna{n}@mintafalu.hu;ADÓ\n"


def _pieces(text: str) -> list[str]:
    return text.split("|")


# Words that begin what the patterns of understanding/ look for, each again and again: nearly a match at every word.
_NEAR = _pieces(
    "ker|kér |szeretn |szeretném |kérem, |regisztrál |hozzáférés |hozzáférés kér |hozzáférést szeretn |jogosultság |igényel |biztosít |adjanak |tananyag |képzés |modul |vegyék |"
    "felvenni |fel kell |fiók |fiókot nem |nem tudok |nem érkezett |azonosító |belépés nem |hogyan tudok |mi a teendő |van-e |vagyok-e |tanúsítvány |telepít |asp |bejelentkez |lakosság |"
    "tájékoztat |felhasználó |töröl |e-mail |név |módosít |lecke |nem indul |köszönöm |már |korábban |kérelem |visszavonjuk |regisztráció |megsem |be |azt szeretn |kérdezni |"
    "jegyző |jegyzőt |részére |szeretnék |alulírott |munkatárs |kolléga |uj |elírtam |helyesen |nevét |lent |az Önök levelében |hanem |nem |nem a |nem az |helyett |kivéve |nélkül |"
    "pir|PIR |PIR szám|PIR:|törzsszám |731234 |731 |731234 számú |az a ez |12345678-|12345678-1-|1 |1-|11 |11-11-|0|.|. |-|- |–| – |,|, |;|:|: |/|(|((|()|)|[|{|<|>|> |\"|'|*|_|=|#|?|!|"
    "a@|@|@ |a@b|a@b.hu |a@b.hu,|a@b.hu;|a.|a-|kukac |kukac\t|\tkukac |a kukac b |(kukac)|(at) |[at]|[ |( |a (kukac |pont (pont) |helyett a@b.hu |nem a@b.hu |mailto:|http://|www.|"
    "Kovács |Anna |Kovács Anna |Kovács Anna,|Kovács Anna és |dr. |Dr. Kovács dr. |Jánosné |Nagy Jánosné |Nagy Jánosnénak |K. |Á|Áá |KOVÁCS ANNA |kovács anna |Anna-|Anna-Mária-|"
    "megye |Pest megye |Pest |Zala |Zala megye, |B.-A.-Z. |Borsod |Borsod-Abaúj-|Jász-Nagykun-|vármegye |a megye |megyénk: |Baranyában |"
    "Község Önkormányzata |Község |Önkormányzat |Önkormányzata|Mintafalu Község Önkormányzata |Mintafalu Község Önkormányzata és |Közös Önkormányzati Hivatal |Hivatal |Polgármesteri |"
    "XX. |Óvoda és |Pipacs Óvoda és Bölcsőde |és Művelődési |Mintafalun dolgozik |Mintafalun |mintafalui |mintafalui onkormanyzatnal |és |Városi |Aba-|Aba|"
    "ADÓ |ADÓ, |ADÓ és |ADÓ-t |ADÓ a |IRAT |iktató |Irat: |PM-2363-1710 |PM-|pm |pm 2363|az összes |összes |a Népesség |a Közterület modult |Gazdálkodás |keret |kerett |azonosító ADÓ |"
    "gazdalkodsi szakrendszr |ingatlanvagyon-kataszer |, a Abcde abc abc abc |ez |Réka a |Rékának |mindkettő |mindenki |Annának a "
)  # fmt: skip
_LINES = _pieces(
    "a|Kovács Anna|Kovács Anna, a{n}@b.hu|- Kovács Anna a{n}@b.hu ADÓ|{n}. Kovács{n} Anna - anna{n}@falu.hu - ADÓ|Név:|Név: Kovács Anna|Név: Kovács{n} Anna\nPIR: 731234\nE-mail: anna{n}@falu.hu\nSzakrendszer: ADÓ\n|"
    "PIR: 73{n}|E-mail: a{n}@b.hu|Szakrendszer:|Szakrendszer: ADÓ|- ADÓ|- |Vármegye: Pest|Önkormányzat: F{n} Község Önkormányzata|Vezetéknév: Nagy|Keresztnév: Anna|Leánykori név: Nagy Anna|Jegyző: Nagy Anna|jegyző|"
    ">|> a|>>>>>>>>>>>>>>>>>>>> a|>>>>> Név: Kovács Anna|| a|-----Original Message-----|-----Eredeti üzenet-----|________________________________|From: a@b.hu|Feladó: a@b.hu|Feladó: A <a@b.hu>\nTárgy: x|Címzett: a@b.hu,|"
    "Továbbított üzenet|---------- Forwarded message ----------|2026. 11. 02. 9:14 keltezéssel, Nagy Anna írta:|On Monday 1 a@b.hu|írta|írta:|a@b.hu írta|On a b c wrote|Am a b c schrieb|"
    "-- |Üdvözlettel|Tisztelettel:|Köszönöm|iPhone-ról küldve|Tisztelt Cím!|☐ ADÓ|☑ ADÓ|[ ] ADÓ|[x] ADÓ [ ] IRAT|A = Iktató|{n} = ADÓ|Kovács{n} Anna 731234|Kovács Anna:|a@|b-|a@b.|Pest|731234|Falu Község Önkormányzata|"
    "Falu{n} Község Önkormányzata, 731{n}, Pest|Kérem Kovács Anna regisztrációját!|nem a{n}@b.hu, hanem c{n}@d.hu|nem 731234, hanem 731235|ADÓ helyett IRAT|a nevét elírtam, helyesen Vassy Hajnalka{n}|  |\t|\u2028|\x85|\u200b|·"
)  # fmt: skip
_TAGS = _pieces(
    "<div>|<p>|<b>|<span>|<table>|<table><tr><td>|<tr>|<td>|<ul><li>|<ol>|<blockquote>|<pre>|"
    "<a href='mailto:a@b.hu'>|<a href=x>x|<font>|<br>|<hr>|<li>|<p>a</p>|<|<a|</|</p>|<!--|<![if|<?xml|<!|&|&#|"
    "&nbsp;|&amp;|&eacute;|&#225;|<p style='|<td rowspan=500 colspan=60>a|<tr><td>a<td>b|<tr><td>Kovács Anna<td>a@b.hu<td>ADÓ|<input type=checkbox>|<s>|<script>|<style>|<svg>|<select>|<form>|<h1>|<dl><dt>"
)  # fmt: skip


def headers() -> Iterable[tuple[str, bytes]]:
    """Everything that can be wrong with a header."""
    subjects = [
        "é",
        "a",
        "á ",
        "Ã©",
        "Ã© ",
        "Ĺ",
        "аa",
        "a=C3=A9",
        "=C3=A9",
        "=\n",
        "&eacute;",
        "&",
        "Re: ",
        "Fwd: ",
        "Re:",
        "=?utf-8?q?",
        "=?utf-8?q?a?= ",
        "=?utf-8?b?w6k=?= ",
        "=?",
        "?=",
        " ",
        "\t",
        ".",
        "1",
        "PIR ",
        "Kovács Anna ",
    ]
    for piece in subjects:
        yield f"Subject {piece!r}", raw(Subject=fill(piece))
        yield (
            f"Subject encoded {piece!r}",
            raw(Subject="=?utf-8?b?" + base64.b64encode(fill(piece).encode()).decode() + "?="),
        )
    people = [
        "a",
        "a ",
        "é",
        "a@",
        "a@b.hu, ",
        "a@b.hu,",
        "A <a@b.hu>, ",
        "jegyzo@a.hu, ",
        "Kovács Anna <anna@b.hu>, ",
        ",",
        ";",
        "(",
        "()",
        "<",
        "<>",
        "<a",
        ">",
        '"',
        '\\"',
        "\\",
        "[",
        "a:;",
        ":",
        ".",
        ". ",
        "=?utf-8?q?",
        "=?utf-8?q?a?= ",
        "=?utf-8?b?w6k=?= <a@b.hu>, ",
    ]
    for name in ("From", "To"):
        for piece in people:
            yield f"{name} {piece!r}", raw(**{name: fill(piece)})
            yield f"{name} {piece!r} @", raw(**{name: fill(piece) + "@"})
    yield "To numbered", raw(To=numbered("Kovács Anna{n} <anna{n}@falu.hu>, "))
    yield "Cc jegyző", raw(Cc=numbered('"Minta{n} jegyző" <jegyzo{n}@falu.hu>, '))
    yield "From names", raw(From=f'"{fill("Kovács Anna ")}" <a@b.hu>')
    yield "Cc folded", raw(Cc=folded("a"))
    yield "Subject 60 000 é", raw(Subject="=?utf-8?b?" + base64.b64encode(fill("é", 60_000).encode()).decode() + "?=")
    yield "Subject folded", raw(Subject=folded("é"))
    for name in (
        "References",
        "In_Reply_To",
        "Message_ID",
        "Reply_To",
        "Date",
        "Content_Type",
        "Content_Disposition",
        "Content_Transfer_Encoding",
        "List_Id",
        "Received",
        "MIME_Version",
    ):
        for piece in ("<a@b> ", "<", "a", "1 ", ",", ";", '"', '; a="', "; a*0*=utf-8''a", ";a", "(", "+", ":", "="):
            yield f"{name} {piece!r}", raw(**{name: "text/plain; " * (name == "Content_Type") + fill(piece)})
    yield (
        "filename*n*",
        raw(
            Content_Type="application/pdf; " + numbered("; filename*{n}*=utf-8''a"),
            Content_Disposition="attachment; " + numbered("; filename*{n}*=utf-8''a"),
        ),
    )
    yield "headers", b"".join(b"X-%d: a\r\n" % n for n in range(10_000)) + raw()
    yield "lists", b"".join(b"List-%d: a\r\n" % n for n in range(8_000)) + raw()
    yield "lines no headers", fill("a\r\n").encode()
    yield "colons", fill(":\r\n").encode()


def bodies() -> Iterable[tuple[str, bytes]]:
    """Plain text: one line without end, lines without end."""
    for piece in dict.fromkeys(_NEAR):
        yield f"line {piece!r}", raw(fill(piece))
        yield f"wrapped {piece!r}", raw("\n".join([fill(piece, 900)] * (SIZE // 900)))
        yield f"long {piece!r}", raw("\n".join([fill(piece, 3_900)] * (SIZE // 3_900)))
        yield f"words {piece!r}", raw("\n".join([" ".join([fill(piece, 290)] * 13)] * (SIZE // 3_900)))
    for piece in dict.fromkeys(_LINES):
        yield f"lines {piece!r}", raw(numbered(piece + "\n"))
        yield f"asked {piece!r}", raw(ASKS + numbered(piece + "\n"))
    for piece in (
        "Ã©",
        "Ã© ",
        "Ĺ‘",
        "â€",
        "Г©",
        "а",
        "аb",
        "аb ",
        "é",
        "é ",
        "\u00e0",
        "\ud55c",
        "\U0001d160",
        "e\u0301",
        "\u0301",
        "=C3=A9",
        "=C3",
        "&eacute;",
        "&#233;",
        "&a",
        "\x00",
        "\u200b",
        "\u00ad",
        "\r",
        "\n",
        "\t",
        " ",
        " \n",
    ):
        yield f"odd {piece!r}", raw(fill(piece))
        yield (
            f"latin {piece!r}",
            raw(fill(piece).encode("utf-8") + b"\xff\xc3", Content_Type="text/plain; charset=iso-8859-1"),
        )
    for n, name in enumerate(_NAMES):
        yield f"names {name}", raw(ASKS + numbered(f"{name} " + "{n}\n"))
        yield f"enumerated {name}", raw(ASKS + ", ".join(_NAMES[n:] * (SIZE // 70)))
    yield "flowed", raw(fill("a \n"), Content_Type="text/plain; charset=utf-8; format=flowed")
    yield (
        "people",
        raw(
            ASKS
            + "\n".join(
                f"{_NAMES[n % 6]} anna{n}@falu{n}.hu, 731{n % 1000:03}, Falu{n} Község Önkormányzata, Pest megye, ADÓ"
                for n in range(900)
            )
        ),
    )
    yield (
        "people distinct",
        raw(ASKS + "\n".join(f"- Kovács{_letters(n)} Anna anna{n}@falu.hu ADÓ" for n in range(2_400))),
    )
    yield (
        "labelled distinct",
        raw(
            ASKS
            + "\n\n".join(
                f"Név: Kovács{_letters(n)} Anna\nE-mail: anna{n}@falu.hu\nPIR: {700000 + n}\nSzakrendszer: ADÓ"
                for n in range(1_100)
            )
        ),
    )
    yield (
        "bodies distinct",
        raw(ASKS + "\n".join(f"{_letters(n).title()}falu Község Önkormányzata, {700000 + n}" for n in range(2_000))),
    )
    yield "names distinct", raw(ASKS + "\n".join(f"Kovács{_letters(n)} Anna" for n in range(5_500)))
    yield "addresses distinct", raw(ASKS + " ".join(f"a{n}@b{n}.hu" for n in range(7_000)))
    yield (
        "all in one line",
        raw(ASKS + " ".join(f"Kovács{_letters(n)} Anna anna{n}@falu.hu ADÓ," for n in range(2_400))),
    )
    yield "first person", raw("Kérem a regisztrációmat.\n" + fill("Kovács Anna\n") + "Kovács Anna")


def _letters(number: int) -> str:
    """A number in letters, so that it can stand in a name."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def pages() -> Iterable[tuple[str, bytes]]:
    """HTML."""
    for tag in _TAGS:
        yield f"html {tag}", html(fill(tag))
        yield f"html {tag} text", html(fill(tag + "Kovács Anna "))
    for name in ("style", "class", "href", "a"):
        for piece in (
            "a",
            "display ",
            "display:",
            "text-decoration",
            "text-decoration:;",
            "font-size : ",
            "é",
            "Ã©",
            "&amp;",
            " ",
        ):
            yield f"html {name}={piece!r}", _attribute(name, piece)
    yield "html attributes", html("<p " + numbered("a{n}=b ") + ">a</p>")
    yield "html cells", html("<table>" + fill("<tr>" + "<td>a</td>" * 5 + "</tr>") + "</table>")
    yield "html one row", html("<table><tr>" + fill("<td>Kovács Anna</td>") + "</tr></table>")
    yield (
        "html people",
        html(
            "<table><tr>"
            + "".join(f"<th>{c}</th>" for c in _COLUMNS.strip().split(";"))
            + "</tr>"
            + "".join(
                "<tr>" + "".join(f"<td>{c}</td>" for c in _ROW.replace("{n}", _letters(n)).strip().split(";")) + "</tr>"
                for n in range(700)
            )
            + "</table>"
        ),
    )
    yield (
        "html tables",
        html(fill("<table><tr><td>Név</td><td>Kovács Anna</td></tr><tr><td>E-mail</td><td>a@b.hu</td></tr></table>")),
    )
    yield "html marks", html("<table>" + fill("<tr><td>x</td><td>ADÓ</td></tr>") + "</table>")
    yield "html spans", html("<table>" + fill("<tr><td rowspan=500 colspan=60>Kovács Anna</td></tr>") + "</table>")
    yield "html nested cells", html("<table><tr><td>" + fill("<div>") + "a</td><td>b</td></tr></table>")
    yield "html line", html(fill("Kovács Anna a@b.hu PIR 731234 "))
    yield "html breaks", html(fill("a<br>"))
    yield "html entities in a word", html(fill("a&eacute;"))


def files() -> Iterable[tuple[str, bytes]]:
    """Attachments of every kind that is read."""
    for piece in (
        "a",
        ",",
        ";",
        '"',
        "a;b\n",
        ";\n",
        "\n",
        "é;",
        "Ã©;",
        "a;",
        "Kovács Anna;",
        "Kovács Anna;a@b.hu;ADÓ\n",
        "731234;",
        "a@;",
        ";;;;;;;;\n",
        "1;2\n",
    ):
        yield f"csv {piece!r}", attached("lista.csv", fill(piece).encode(), "text/csv")
    yield "csv people", attached("lista.csv", (_COLUMNS + numbered(_ROW)).encode(), "text/csv")
    yield (
        "csv people distinct",
        attached(
            "lista.csv",
            (_COLUMNS + "".join(_ROW.replace("{n}", _letters(n)) for n in range(1_100))).encode(),
            "text/csv",
        ),
    )
    yield "csv labels", attached("lista.csv", fill("Név;PIR;E-mail;Szakrendszer\n").encode(), "text/csv")
    yield (
        "csv without header",
        attached(
            "lista.csv",
            numbered("Kovács Anna;a{n}@b.hu;ADÓ;731234;Pest;Falu Község Önkormányzata\n").encode(),
            "text/csv",
        ),
    )
    yield (
        "csv without places",
        attached(
            "lista.csv",
            (_COLUMNS + "".join(f"Kovács{_letters(n)} Anna;;;;a{n}@b.hu;\n" for n in range(2_500))).encode(),
            "text/csv",
        ),
    )
    for piece in ("a", "é", "\n", "Kovács Anna\n", "Kovács Anna ", "PIR "):
        yield f"txt {piece!r}", attached("lista.txt", fill(piece).encode(), "text/plain")
    for piece in ("{", "}", "{\\b ", "\\", "\\'e9", "\\u233 ", "\\par ", "a|b|c\\par\n", "a"):
        yield f"rtf {piece!r}", attached("lista.rtf", ("{\\rtf1 " + fill(piece)).encode(), "application/rtf")
    yield "docx lines", attached("lista.docx", _word(2_500, "Kovács Anna a@b.hu"))
    yield "docx table", attached("lista.docx", _word(0, "", (400, 8)))
    yield "docx line", attached("lista.docx", _word(1, fill("Kovács Anna ")))
    yield "xlsx small cells", attached("lista.xlsx", _book(1_500, 10, "a{n}"))
    for cell in ("<c/>", "<c t='n'><v>1</v></c>", "<c t='inlineStr'><is><t>a</t></is></c>"):
        for count in (50_000, 1_000_000):
            yield f"xlsx {count} {cell}", attached("lista.xlsx", _sheet(cell, count))
    yield "xlsx wide", attached("lista.xlsx", _book(300, 119, "Kovács Anna"))
    yield "xlsx long cells", attached("lista.xlsx", _book(100, 50, "Kovács Anna " * 160))
    yield (
        "ods repeated",
        attached(
            "lista.ods",
            _open_sheet(
                '<table:table-row table:number-rows-repeated="999999">'
                + '<table:table-cell table:number-columns-repeated="9999"><text:p>Kovács Anna</text:p></table:table-cell></table:table-row>'
            ),
        ),
    )
    yield (
        "ods deep",
        attached(
            "lista.ods",
            _open_sheet(
                "<table:table-row><table:table-cell><text:p>"
                + "<text:span>" * 200
                + fill("a ")
                + "</text:span>" * 200
                + "</text:p></table:table-cell></table:table-row>"
            ),
        ),
    )
    yield "pdf lines", attached("lista.pdf", _pages(30, "Kovacs Anna a@b.hu PIR 731234\n" * 90))
    yield "pdf words", attached("lista.pdf", _pages(20, "ker " * 1_500))
    yield "parts", raw(fill("--b\r\nContent-Type: text/plain\r\n\r\na\r\n"), Content_Type="multipart/mixed; boundary=b")
    yield "boundaries", raw(fill("--b\r\n"), Content_Type="multipart/mixed; boundary=b")
    yield "nested parts", _nested_parts(60)
    yield "nested parts deep", _nested_parts(1_700)
    yield "mails in mails", raw(fill("Content-Type: message/rfc822\r\n\r\n"), Content_Type="message/rfc822")
    yield (
        "mails beside mails",
        raw(
            fill("--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.hu\r\nSubject: a\r\n\r\na\r\n"),
            Content_Type="multipart/mixed; boundary=b",
        ),
    )
    yield (
        "report",
        raw(
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            + numbered("Final-Recipient: rfc822; a{n}@b.hu\r\nAction: failed\r\n\r\n"),
            Content_Type="multipart/report; boundary=b",
        ),
    )
    yield (
        "report headers",
        raw(
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + fill("message-id:\r\n"),
            Content_Type="multipart/report; boundary=b",
        ),
    )
    yield "uuencoded", raw("begin 644 x\n" + fill("a\n"), Content_Transfer_Encoding="x-uuencode")
    yield "base64", raw(fill("="), Content_Transfer_Encoding="base64")
    yield "quoted-printable", raw(fill("=3D"), Content_Transfer_Encoding="quoted-printable")


def near_the_bounds() -> Iterable[tuple[str, bytes]]:
    """As much as is just allowed, arranged so that everything has to be compared with everything."""
    many = bounds.MOST_PEOPLE - 10
    names = [f"Kovács{_letters(n)} Anna" for n in range(many)]
    crossed = "".join(
        f"{name};Falu{_letters(n)} Község Önkormányzata;{731_000 + n};Pest;anna.bela{n}@falu.hu;ADÓ, Irat, xyz{n}\n"
        for n, name in enumerate(names)
    )
    yield "csv 400 others' addresses", attached("lista.csv", (_COLUMNS + crossed).encode(), "text/csv")
    same = "".join(f"{name};;;;kozos@falu.hu;\n" for name in names)
    yield "csv 400 one address", attached("lista.csv", (_COLUMNS + same).encode(), "text/csv")
    yield (
        "csv 400 without anything",
        attached("lista.csv", (_COLUMNS + "".join(f"{name};;;;;ADÓ\n" for name in names)).encode(), "text/csv"),
    )
    table = (
        _COLUMNS
        + "".join(
            f"{name};Falu{_letters(n)} Község Önkormányzata;{731_000 + n};;a{n}@b.hu;\n" for n, name in enumerate(names)
        )
    ).encode()
    pirs = ASKS + "\n".join(f"PIR: {740_000 + n}\n{_letters(n).title()}vár Község Önkormányzata" for n in range(95))
    yield (
        "csv 400 and 95 loose",
        attached("lista.csv", table, "text/csv").replace(
            "Kérem a mellékletben szereplők regisztrációját.".encode(), pirs.encode()
        ),
    )
    yield "400 items", raw(ASKS + "\n".join(f"- {name} anna.bela{n}@falu.hu ADÓ" for n, name in enumerate(names)))
    yield (
        "400 in one paragraph",
        raw(
            ASKS
            + "\n".join(f"{name} kolléga regisztrációját kérem" for name in names)
            + "\n"
            + "\n".join(f"anna.bela{n}@falu.hu" for n in range(many))
        ),
    )
    yield (
        "400 and contacts",
        raw(
            ASKS
            + "\n".join(f"- {name} ADÓ" for name in names)
            + "\n\n"
            + "\n".join(f"értesítés: anna.bela{n}@falu.hu" for n in range(many))
        ),
    )
    yield (
        "400 and everybody's",
        raw(
            ASKS
            + "\n".join(f"- {name} ADÓ" for name in names)
            + "\n\n"
            + "\n".join(f"mindenki: anna.bela{n}@falu.hu" for n in range(many))
        ),
    )
    yield (
        "400 labelled",
        raw(
            ASKS
            + "\n\n".join(
                f"Név: {name}\nE-mail: anna.bela{n}@falu.hu\nPIR: {731_000 + n}\nÖnkormányzat: Falu{_letters(n)} Község Önkormányzata"
                for n, name in enumerate(names)
            )
        ),
    )
    yield (
        "400 then programs",
        raw(
            ASKS + ", ".join(names[:160]) + " " + "ADÓ, " * 450 + "\n" + ", ".join(names[160:320]) + " " + "ADÓ, " * 450
        ),
    )
    yield (
        "400 given names",
        raw(
            ASKS
            + "\n".join(f"- {name}" for name in names)
            + "\n\n"
            + ("\n".join(fill("Annának Bélának az ADÓ ", 3_900) for _ in range(10)))
        ),
    )
    yield (
        "one and 2000 bodies",
        raw(
            ASKS
            + "Név: Kovács Anna\n"
            + "\n".join(f"Önkormányzat: {_letters(n).title()}falu Község Önkormányzata" for n in range(2_000))
        ),
    )
    yield "one and 2900 PIRs", raw(ASKS + "Név: Kovács Anna\n" + "\n".join(f"PIR: {700_000 + n}" for n in range(2_900)))
    yield (
        "one and 2900 addresses",
        raw(ASKS + "Név: Kovács Anna\n" + "\n".join(f"E-mail: a{n}@b.hu" for n in range(2_900))),
    )
    yield (
        "one and many wishes",
        raw(
            ASKS
            + "Név: Kovács Anna\nSzakrendszer: "
            + ", ".join(f"xyz{n}" for n in range(400))
            + "\n"
            + "\n".join("Szakrendszer: " + ", ".join(f"uvw{n}{k}" for n in range(300)) for k in range(8))
        ),
    )
    yield (
        "99 wishes each",
        attached(
            "lista.csv",
            (_COLUMNS + "".join(f"{name};;;;;{', '.join(f'xyz{k}' for k in range(30))}\n" for name in names)).encode(),
            "text/csv",
        ),
    )
    yield (
        "clerks",
        raw(
            ASKS + "\n".join(f"{name} jegyző" for name in names[:98]),
            To=numbered("Kovács{n} Béla <bela{n}@falu.hu>, ", 30_000),
            Cc=numbered("Kovács{n} Béla <bela{n}@falu.hu>, ", 30_000),
        ),
    )
    yield "jegyző below", raw(ASKS + "\n".join(f"{name}\njegyző" for name in names))
    gap = " " * 99
    yield "names and gaps", raw("\n".join([f"Kovács Anna{gap}" * 35] * 25))
    yield (
        "cells with gaps",
        attached(
            "lista.csv",
            (
                "\n".join(["A = Iktató", "B = ADÓ"])
                + "\n"
                + "\n".join(";".join(["A  " * 30 + "!"] * 8) for _ in range(120))
            ).encode(),
            "text/csv",
        ),
    )
    yield "one colon", raw("\n".join([fill("a, ", 3_900) + ":"] * 25))
    yield "colons far away", raw("\n".join([fill("a, " * 26 + "b: ", 3_900)] * 25))
    yield (
        "legend",
        html(
            "<p>A = Iktató</p><p>B = ADÓ</p><table>"
            + fill("<tr><td>x</td><td>" + "A  " * 30 + "!</td></tr>", 90_000)
            + "</table>"
        ),
    )
    for word in ("ker", "szeretn", "regisztral", "hozzafer", "jogosultsag", "igenyel", "fiok", "azonosito"):
        yield f"judged {word}", raw(" ".join(f"{word * 12}"[:26] + _letters(n) for n in range(4_000)))
        yield f"judged {word} words", raw(" ".join(f"{word} a{_letters(n)}" for n in range(7_000)))
        yield f"judged {word} sentences", raw(". ".join(f"{word} {word}em a{_letters(n)}" for n in range(4_000)))
    yield "huge lines", raw("\n".join(fill("Kovács Anna a@b.hu PIR 731234 Pest megye ADÓ ", 3_900) for _ in range(80)))
    yield (
        "prose",
        raw(
            "\n".join(
                f"Kérem, hogy {_letters(n)} dolgozónk számára tegyék lehetővé a munkát, mert a hivatalban sok a feladat."
                for n in range(1_000)
            )
        ),
    )
    yield (
        "list",
        raw(
            ASKS
            + "\n".join(f"{n}. a b c d e f g h i j k l m n o p q r s t u v w x y z {_letters(n)}" for n in range(1_600))
        ),
    )
    yield (
        "huge quotes",
        raw(
            "\n".join(
                f"{'> ' * (n % 40)}2026. 11. 0{n % 9}. 9:14 keltezéssel, Nagy{n} Anna írta:\n{'> ' * (n % 40)}Feladó: a{n}@b.hu\n{'> ' * (n % 40)}Tárgy: x"
                for n in range(1_200)
            )
        ),
    )


GROUPS = (headers, bodies, pages, files, near_the_bounds)


def mails(wanted: Collection[str] = ()) -> dict[str, bytes]:
    """Those of these names (every one without names), by name."""
    return {name: mail for group in GROUPS for name, mail in group() if not wanted or name in wanted}


def seconds(mail: bytes) -> float:
    """Processor time of reading, understanding and answering it."""
    begin = time.process_time()
    explain(mail, "x").to_json()
    return time.process_time() - begin


def _measured(mail: bytes, answer: Callable[[float], None]) -> None:
    answer(seconds(mail))


def patiently(mail: bytes) -> float:
    """The same in a process of its own, ended after PATIENCE seconds (then infinite)."""
    queue: multiprocessing.SimpleQueue[float] = multiprocessing.get_context("fork").SimpleQueue()
    process = multiprocessing.get_context("fork").Process(target=_measured, args=(mail, queue.put))
    process.start()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()
        return float("inf")
    return queue.get() if not queue.empty() else float("nan")


def main(wanted: list[str]) -> None:
    seconds(raw())
    for name, mail in mails().items():
        if not wanted or any(part in name for part in wanted):
            print(f"{patiently(mail):8.2f}  {len(mail):8}  {name}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
