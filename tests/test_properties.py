"""What must hold for every mail, not only for those we thought of."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.explain import explain
from rules.hungarian.addresses import is_valid as is_valid_address
from rules.hungarian.catalogue import programs
from rules.hungarian.counties import names as counties
from rules.model import Facts
from rules.pir import is_valid
from tests import fuzz
from tests.letters import mail, request
from tests.strategies import applicants

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def answer(raw: bytes) -> dict[str, object]:
    out = explain(raw, "x").to_json()
    for applicant in out["applicants"]:
        applicant.pop("evidence")
    return {key: out[key] for key in ("kind", "decision", "problems", "applicants")}


@RELAXED
@given(applicants(), st.sets(st.sampled_from(["Név", "Önkormányzat", "PIR", "Vármegye", "E-mail", "Szakrendszer"])))
def test_whoever_is_queued_has_all_six_fields(values, without):
    """Valid under the rules; whoever lacks one is not queued."""
    out = explain(request(tuple(without), values=values), "x").to_json()
    for applicant in out["applicants"]:
        if applicant["outcome"] == "queue":
            assert len(applicant["name"].split()) >= 2
            assert applicant["municipality"]
            assert is_valid(applicant["pir"], Facts())
            assert applicant["county"] in counties()
            assert is_valid_address(applicant["email"])
            assert applicant["programs"]
            assert set(applicant["programs"]) <= set(programs())
    if without - {"E-mail", "Név"}:
        assert all(a["outcome"] != "queue" for a in out["applicants"])


@RELAXED
@given(applicants())
def test_a_complete_labelled_request_is_queued_as_written(values):
    """Whatever name, place, county or program."""
    out = explain(request(values=values), "x").to_json()
    assert out["decision"] == "queue"
    (applicant,) = out["applicants"]
    assert (applicant["name"], applicant["pir"], applicant["county"], applicant["email"]) == (
        values["Név"],
        values["PIR"],
        values["Vármegye"],
        values["E-mail"],
    )
    assert [programs()[p].short for p in applicant["programs"]] == [values["Szakrendszer"]]


SIGNATURE = "\n-- \nMinta Mária\nigazgatási ügyintéző\nTel.: +36 76 555 123\nFax: 76/555-124\n"
FOOTER = (
    "\n\nEz az üzenet bizalmas; ha tévedésből kapta, kérjük, törölje, és értesítse a feladót. "
    "Kérjük, gondoljon a környezetre, mielőtt kinyomtatja ezt a levelet.\n"
)
QUOTED = (
    "\n\n2026. 11. 02. 9:14 keltezéssel, Gyöngyösi Vilma írta:\n> Név: Gyöngyösi Vilma\n> PIR: 481423\n"
    "> Vármegye: Vas\n> E-mail: gyongyosi.vilma@csonge.hu\n> Szakrendszer: Hagyaték\n"
)
LOGO = (("logo.png", b"\x89PNG" + bytes(300)),)


@RELAXED
@given(applicants(), st.sampled_from([SIGNATURE, FOOTER, QUOTED, SIGNATURE + FOOTER, FOOTER + QUOTED]))
def test_a_signature_a_footer_or_a_quoted_mail_changes_nothing(values, addition):
    """No value of theirs gets into the request."""
    lines = "\n".join(f"{label}: {value}" for label, value in values.items())
    text = f"Tisztelt Cím!\n\nKérem az alábbi kolléga regisztrációját:\n\n{lines}\n\nÜdvözlettel:\nMinta Mária\n"
    plain = answer(mail(text))
    assert answer(mail(text + addition)) == plain
    assert answer(mail(text, files=LOGO)) == plain


def test_a_thousand_mutated_mails():
    """`make fuzz` goes through fifty thousand."""
    slowest = max(took for _, took in fuzz.run(1000, seed=7))
    assert slowest < 20
