"""Which case a mail belongs to: strangers, forged references, storms, many applicants, known people, the register."""

from __future__ import annotations

from pathlib import Path

from processor.batches import imports
from processor.cases import reference as references
from processor.letters import post as letters_post
from tests.letters import CLERK, mail, reply, request

PIRS = ["731234", "732318", "733425"]


def steps(desk):
    with desk.parts.store.begin() as session:
        return list(session.cases.history(1))


def test_a_stranger_in_somebodys_thread_changes_nothing(desk):
    """A person decides; the case stays as it is."""
    desk.round(request(without=("PIR",)))
    desk.round(reply(desk.sink.letters[0], "731234", sender="Idegen Ivó <idegen@masutt.hu>"))
    first, second = desk.cases()
    assert (first["status"], first["applicants"][0]["pir"], second["status"], second["kind"]) == (
        "waiting",
        None,
        "review",
        "other",
    )


def test_a_guessed_reference_opens_no_case(desk):
    """Somebody of the same organisation's domain writes a reference without its check code: a person decides."""
    desk.round(request(without=("PIR",)))
    desk.round(
        mail(
            "A PIR szám: 731234",
            sender="Kíváncsi Karcsi <kivancsi@mintafalu.hu>",
            subject="Re: [ASPO-2026-000001] regisztráció",
            message_id="<k@mintafalu.hu>",
            cc="",
        )
    )
    assert desk.cases()[0]["applicants"][0]["pir"] is None
    assert desk.cases()[1]["status"] == "review"


def test_the_reference_with_its_code_is_enough_for_a_colleague(desk):
    """Headers lost, another sender of the office: the subject leads home."""
    desk.round(request(without=("PIR",)))
    asked = desk.sink.letters[0]
    desk.round(
        mail(
            "A PIR szám: 731234",
            sender="Másik Mária <masik@mintafalu.hu>",
            subject=f"RE: {asked['Subject']}",
            message_id="<k@mintafalu.hu>",
            cc="",
        )
    )
    assert [case["status"] for case in desk.cases()] == ["queued"]


def test_the_clerk_answers(desk):
    """Who was in copy belongs to the case."""
    desk.round(request(without=("PIR",)))
    desk.round(reply(desk.sink.letters[0], "731234", sender=CLERK))
    assert desk.case()["status"] == "queued"


def test_a_storm_of_replies_to_all(desk):
    """Five colleagues answer at once, with the same datum, thanks and a question: one case, everybody's mail in it,
    nothing twice."""
    desk.round(request(without=("PIR",)))
    asked = desk.sink.letters[0]
    senders = [f"Kolléga {n} <kollega{n}@mintafalu.hu>" for n in range(5)]
    texts = ["731234", "PIR: 731234", "Köszönjük!", "731234 a PIR, ahogy Mari írta", "Én is köszönöm."]
    desk.round(
        *(
            reply(asked, text, sender=sender, message_id=f"<s{n}@mintafalu.hu>")
            for n, (text, sender) in enumerate(zip(texts, senders, strict=True))
        )
    )
    (case,) = desk.cases()
    assert (len(case["message_ids"]), [a["name"] for a in case["applicants"]], case["applicants"][0]["pir"]) == (
        6,
        ["Kovács Anna"],
        "731234",
    )
    assert len(desk.sink.letters) <= 3


def _people(count: int) -> list[tuple[str, str]]:
    family = ["Kovács", "Szabó", "Tóth", "Nagy", "Horváth", "Varga", "Molnár", "Balogh"]
    given = ["Anna", "Béla", "Csaba", "Dóra", "Edit"]
    return [(f"{family[n // 5]} {given[n % 5]}", f"szemely{n}@mintafalu.hu") for n in range(count)]


def test_forty_applicants_answered_in_three_mails(desk):
    """Nobody is lost or mixed up."""
    people = _people(40)
    rows = "".join(f"<tr><td>{name}</td><td>ADÓ</td></tr>" for name, _ in people)
    head = "<p>A Mintafalu Község Önkormányzata (PIR 731234, Pest vármegye) dolgozóinak kérjük a regisztrációját:</p>"
    desk.round(
        mail("Lásd a táblázatot.", html=f"{head}<table><tr><th>Név</th><th>Szakrendszer</th></tr>{rows}</table>")
    )
    assert len(desk.case()["applicants"]) == 40
    for turn, part in enumerate((people[:15], people[15:30], people[30:])):
        table = "".join(f"<tr><td>{name}</td><td>{address}</td></tr>" for name, address in part)
        answer = reply(
            desk.sink.letters[-1],
            "Küldöm az e-mail-címeket.",
            quote=False,
            message_id=f"<t{turn}@mintafalu.hu>",
            html=f"<p>Küldöm az e-mail-címeket.</p><table><tr><th>Név</th><th>E-mail</th></tr>{table}</table>",
        )
        desk.round(answer)
        if desk.case()["status"] == "review":  # the third round is a person's; the data are merged all the same
            break
    got = {a["name"]: a["email"] for a in desk.case()["applicants"] if a["email"]}
    assert got.items() <= dict(people).items()
    assert len(got) >= 30
    assert len(desk.case()["applicants"]) == 40


def test_after_two_letters_a_person_goes_on(desk):
    """What the third answer says is taken over, but no third letter asks."""
    desk.round(request(without=("PIR", "Vármegye", "Szakrendszer")))
    for turn, text in enumerate(("PIR: 731234", "Pest megye")):
        desk.round(reply(desk.sink.letters[-1], text, message_id=f"<v{turn}@mintafalu.hu>"))
    case = desk.case()
    assert (case["status"], len(desk.sink.letters)) == ("review", 2)
    assert (case["applicants"][0]["pir"], case["applicants"][0]["county"]) == ("731234", "Pest")
    assert [step["action"] for step in steps(desk)] == ["opened", "completed", "completed"]


def test_the_same_wrong_value_twice_is_for_a_person(desk):
    """Whoever writes it again means it; a letter that says the same would not help."""
    desk.round(request(values={"PIR": "731235"}, without=("Vármegye", "Szakrendszer")))
    desk.round(reply(desk.sink.letters[0], "PIR: 731235\nVármegye: Pest"))
    assert (desk.case()["status"], len(desk.sink.letters)) == ("review", 1)
    assert "731235" in desk.case()["note"]


def test_a_correction_before_the_batch_keeps_its_place_in_it(desk):
    """Who is queued in this very case is nobody known."""
    desk.round(request())
    desk.round(reply(desk.sink.letters[0], "Elnézést, elírtam: a PIR szám helyesen 732318."))
    assert (desk.case()["status"], desk.case()["applicants"][0]["pir"]) == ("queued", "732318")
    content, _ = desk.parts.export.preview()
    assert [(row.name, row.pir) for row in content.enrolments] == [("Kovács Anna", "732318")]


def test_a_correction_after_the_batch_is_for_a_person(desk):
    """The batch is not touched, nor who is in it."""
    desk.round(request())
    desk.export()
    desk.round(reply(desk.sink.letters[0], "Elnézést, elírtam: a PIR szám helyesen 732318."))
    assert (desk.case()["status"], desk.case()["applicants"][0]["pir"]) == ("review", "731234")
    assert desk.export() is None


def test_who_is_in_a_batch_is_not_changed_by_an_answer(desk):
    """One of two is handed over, the other waits: an answer that would change both is for a person, and the row of
    the batch stays as it is."""
    two = "Név: Kovács Anna\nE-mail: kovacs.anna@mintafalu.hu\nSzakrendszer: ADÓ\n\n"
    two += "Név: Nagy Béla\nSzakrendszer: ELÜGY\n"
    office = "Önkormányzat: Mintafalu Község Önkormányzata\nPIR: 731234\nVármegye: Pest"
    desk.round(mail(f"Kérem két kolléga regisztrációját:\n\n{office}\n\n{two}"))
    assert desk.case()["status"] == "waiting"
    assert desk.export().count == 1
    answer = "Nagy Béla címe: nagy.bela@mintafalu.hu\nKovács Anna címe helyesen: anna.kovacs@mintafalu.hu"
    desk.round(reply(desk.sink.letters[0], answer))
    assert desk.case()["status"] == "review"
    assert desk.case()["applicants"][0]["email"] == "kovacs.anna@mintafalu.hu"


def test_a_new_request_by_pressing_reply_on_an_old_mail(desk):
    """The finished case stays finished; the new person has a case of its own."""
    desk.round(request())
    lines = (
        "Név: Nagy Béla\nÖnkormányzat: Mintafalu Község Önkormányzata\nPIR: 731234\nVármegye: Pest\n"
        "E-mail: nagy.bela@mintafalu.hu\nSzakrendszer: ADÓ"
    )
    desk.round(reply(desk.sink.letters[0], f"Kérem egy további kolléga regisztrációját is:\n\n{lines}", cc=CLERK))
    assert [(case["status"], [a["name"] for a in case["applicants"]]) for case in desk.cases()] == [
        ("queued", ["Kovács Anna"]),
        ("queued", ["Nagy Béla"]),
    ]


class TestKnown:
    """People who have an account, or are queued already."""

    def load(self, desk, tmp_path: Path, text: str) -> None:
        (tmp_path / "users.csv").write_text(text, encoding="utf-8")
        with desk.parts.store.begin() as session:
            session.known.import_accounts(imports.accounts(tmp_path / "users.csv").rows)

    def test_an_account_with_the_program_is_pointed_to_the_password_reminder(self, desk, tmp_path):
        """Not queued again."""
        self.load(
            desk,
            tmp_path,
            "username,email,firstname,lastname,institution,course1\n"
            "kanna,KOVACS.ANNA@mintafalu.hu,Anna,Kovács,Mintafalu Község Önkormányzata,ADÓ\n",
        )
        desk.round(request())
        assert (desk.case()["status"], desk.case()["applicants"][0]["outcome"]) == ("answered", "known")
        assert "jelsz" in desk.sink.text()

    def test_a_further_program_of_an_account_is_a_row_with_its_own_username(self, desk, tmp_path):
        """Moodle knows accounts by their username, which need not be the address."""
        self.load(
            desk,
            tmp_path,
            "username,email,firstname,lastname,institution,course1\n"
            "kanna,kovacs.anna@mintafalu.hu,Anna,Kovács,Mintafalu Község Önkormányzata,Hagyaték\n",
        )
        desk.round(request())
        made = desk.export()
        assert made.paths[1].read_text(encoding="utf-8").splitlines()[1].startswith("kanna,Anna,Kovács,")

    def test_asked_for_twice_in_parallel_cases(self, desk):
        """Two colleagues ask for the same person: queued once."""
        desk.round(request(), request(message_id="<m@b.hu>", sender="Másik Mária <masik@mintafalu.hu>"))
        assert [case["status"] for case in desk.cases()] == ["queued", "answered"]
        assert desk.export().count == 1

    def test_a_known_address_that_now_works_elsewhere_is_for_a_person(self, desk, tmp_path):
        """People change offices; whether this one did, somebody has to see."""
        self.load(
            desk,
            tmp_path,
            "username,email,firstname,lastname,institution\n"
            "kanna,kovacs.anna@mintafalu.hu,Anna,Kovács,Tótkomlós Város Önkormányzata\n",
        )
        desk.round(request())
        assert (desk.case()["status"], desk.case()["applicants"][0]["problems"]) == ("review", ["account.changed"])


class TestRegister:
    """The register of municipalities, when it is loaded."""

    def load(self, desk, tmp_path: Path) -> None:
        lines = [
            "pir;megnevezés;megye;jegyző;jegyző e-mail",
            "731234;MINTAFALU KÖZSÉG ÖNKORMÁNYZATA;Pest;dr. Kis Pál;kis.pal@kozos.hu",
            "732318;TÓTKOMLÓS VÁROS ÖNKORMÁNYZATA;Békés;;",
        ]
        (tmp_path / "register.csv").write_text("\n".join(lines), encoding="windows-1250")
        with desk.parts.store.begin() as session:
            session.known.import_register(imports.register(tmp_path / "register.csv").rows)

    def test_the_clerk_is_recognised_by_it(self, desk, tmp_path):
        """Nothing in the mail says that this is the jegyző."""
        self.load(desk, tmp_path)
        desk.round(request(cc="Kis Pál <kis.pal@kozos.hu>"))
        assert desk.case()["status"] == "queued"

    def test_a_pir_of_another_body_is_named_in_the_letter(self, desk, tmp_path):
        """The check digit is right, but the number is somebody else's."""
        self.load(desk, tmp_path)
        desk.round(request(values={"PIR": "732318"}))
        assert desk.case()["applicants"][0]["problems"] == ["pir.other_body", "county.other"]
        assert "TÓTKOMLÓS VÁROS ÖNKORMÁNYZATA" in desk.sink.text()

    def test_a_body_that_the_register_does_not_know_is_no_fault(self, desk, tmp_path):
        """The register is a help, not a condition."""
        self.load(desk, tmp_path)
        desk.round(request(values={"PIR": "733425", "Önkormányzat": "Hársliget Község Önkormányzata"}))
        assert desk.case()["status"] == "queued"


def test_a_check_code_of_digits_is_no_datum(desk, monkeypatch):
    """ "#481423" in the subject of an answer is ours, not the municipality's."""
    for module in (references, letters_post):
        monkeypatch.setattr(module, "code", lambda secret, reference: "481423")
    desk.round(request(without=("PIR",)))
    asked = desk.sink.letters[0]
    assert asked["Subject"].endswith(" #481423")
    desk.round(reply(asked, "731234"))
    assert (desk.case()["status"], desk.case()["applicants"][0]["pir"]) == ("queued", "731234")


def test_half_an_answer_is_asked_for_the_other_half(desk):
    """The subject is ours: "ASPO-2026-000001" holds no datum."""
    desk.round(request(without=("PIR", "Vármegye")))
    desk.round(reply(desk.sink.letters[0], "Pest megye"))
    assert (desk.case()["status"], len(desk.sink.letters)) == ("waiting", 2)
