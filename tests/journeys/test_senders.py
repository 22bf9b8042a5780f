"""Whose mail may do what: a sender that says two things, and a Reply-To that is no party, change nothing and get no
letter."""

from __future__ import annotations

import pytest

from tests.letters import mail, reply, request

STRANGER = {"Reply-To": "Tamado <tamado@gonosz.example>"}
DOUBTFUL = [
    "Minta Mária <minta.maria@mintafalu.hu>, Tamado <tamado@gonosz.example>",
    '"minta.maria@mintafalu.hu" <tamado@gonosz.example>',
    "Jegyző minta.maria@mintafalu.hu <tamado@gonosz.example>",
]


def raw(text: bytes, sender: str) -> bytes:
    """The mail with a From line as no library would write it."""
    lines = text.split(b"\r\n")
    return b"\r\n".join(f"From: {sender}".encode() if line.startswith(b"From:") else line for line in lines)


def test_a_usual_display_name_that_is_the_address_itself_is_trusted(desk):
    """Outlook writes "a@x.hu" <a@x.hu> where the address book knows no name."""
    desk.round(request(sender='"minta.maria@mintafalu.hu" <minta.maria@mintafalu.hu>'))
    assert desk.case()["status"] == "queued"


@pytest.mark.parametrize("reply_to", ["ugyfelszolgalat@mintafalu.hu", "Jegyző <jegyzo@mintafalu.hu>"])
def test_a_reply_to_of_the_same_office_is_answered(desk, reply_to):
    """Any address at a party's own domain is one."""
    desk.round(request(without=("PIR",), headers={"Reply-To": reply_to}))
    assert reply_to.rpartition("<")[2].strip(">") in desk.sink.letters[0]["To"]


@pytest.mark.parametrize("sender", DOUBTFUL)
def test_a_sender_that_says_two_things_goes_to_a_person(desk, sender):
    """Two addresses in From, or an address as the display name of another: nobody is queued, nobody gets a letter."""
    desk.round(raw(request(), sender), raw(request(without=("PIR",), message_id="<m2@mintafalu.hu>"), sender))
    assert [(c["status"], c["applicants"][0]["problems"][-1]) for c in desk.cases()] == [
        ("review", "sender.unconfirmed")
    ] * 2
    assert desk.sink.letters == []


@pytest.mark.parametrize("text", ["Elfelejtettem a jelszavamat, nem tudok belépni az oktatási portálra, mit tegyek?"])
def test_a_question_with_a_reply_to_elsewhere_is_not_answered(desk, text):
    """Help is a letter too."""
    desk.round(mail(text, headers=STRANGER))
    assert (desk.case()["status"], desk.sink.letters) == ("review", [])


def test_a_new_request_with_a_reply_to_elsewhere_goes_to_a_person(desk):
    """The address for the answer is nobody's who takes part."""
    desk.round(request(without=("PIR",), headers=STRANGER))
    assert (desk.case()["decision"], desk.sink.letters) == ("review", [])


def test_a_forged_answer_with_a_reply_to_elsewhere_changes_nothing(desk):
    """The case of the review: a forged From of a party replaced the applicant's address, and the letter went to the
    attacker."""
    desk.round(request(without=("PIR",)))
    forged = reply(desk.sink.letters[0], "PIR: 731234\nE-mail: tamado@gonosz.example", headers=STRANGER)
    desk.round(forged)
    case = desk.case()
    assert (case["status"], case["applicants"][0]["email"], case["applicants"][0]["pir"]) == (
        "review",
        "kovacs.anna@mintafalu.hu",
        None,
    )
    assert len(desk.sink.letters) == 1


def test_thanks_make_nobody_a_party(desk):
    """A "thank you" with strangers in Cc, and then one of them answers: the case stays as it is."""
    desk.round(request(without=("PIR",)))
    asked = desk.sink.letters[0]
    desk.round(reply(asked, "Köszönöm szépen!", message_id="<k1@mintafalu.hu>", cc="Tamado <tamado@gonosz.example>"))
    desk.round(reply(asked, "PIR: 731234", message_id="<k2@gonosz.example>", sender="Tamado <tamado@gonosz.example>"))
    assert desk.cases()[0]["applicants"][0]["pir"] is None
    assert {letter["To"] for letter in desk.sink.letters} == {asked["To"]}


def test_a_strangers_mail_in_the_thread_is_never_the_one_that_is_answered(desk):
    """The reminder goes to whom we asked, not to who wrote last."""
    desk.round(request(without=("PIR",)))
    desk.round(reply(desk.sink.letters[0], "Köszönöm!", message_id="<k1@mintafalu.hu>", headers=STRANGER))
    with desk.parts.store.begin() as session:
        session.cases.update(1, desk.clock(), status="waiting")
    desk.clock.forward(days=8)
    assert desk.remind()["reminded"] == 1
    assert {letter["To"] for letter in desk.sink.letters} == {"minta.maria@mintafalu.hu"}


def test_a_free_mail_provider_is_nobodys_office(desk):
    """Half the country writes from gmail.com; its users are no colleagues of one another."""
    desk.round(request(without=("PIR",), sender="Minta Mária <minta.maria@gmail.com>", cc=""))
    asked = desk.sink.letters[0]
    stranger = "Idegen Ivó <idegen.ivo@gmail.com>"
    desk.round(reply(asked, "PIR: 731234", sender=stranger))
    desk.round(
        mail("PIR: 731234", sender=stranger, subject=f"RE: {asked['Subject']}", message_id="<k@gmail.com>", cc="")
    )
    assert (desk.cases()[0]["status"], desk.cases()[0]["applicants"][0]["pir"]) == ("waiting", None)
    assert {letter["To"] for letter in desk.sink.letters} == {asked["To"]}
