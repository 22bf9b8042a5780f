"""What kind of mail it is (POLICY section 1), by what it asks. Automatic mails are told before (automatic.py).

A mail that contains a registration and something else is a registration; what nobody can make sense of is `other`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from processor.reading import Mail, Role, bounds
from rules.hungarian.words import fold

# The wish that somebody be registered or given a course.
_REGISTER = re.compile(
    r"regisztral(?:ni|jak|jatok|jon|janak|na|nak|nank|tatni|tatnank|asat|asukat|asaval|asa|asara|asahoz|asuk|asunk|asi|hassak|tass\w*|t?unk|nam|asom\w*|as)|regisztracio(?!m elkeszult)\w*|regisztracios|regisztal\w*|regisztracoi?\w*|beregisztral\w*|"
    r"vegyek (?:fel|oket)|vegyetek fel|fel (?:kell(?:ene)?|szeretn\w*|akar\w*|tudnak|lehetne|tudna) (?:\w+ ){0,3}?venni|felven(?:ni|nek|ne)\w*|felvetel(?:et|uket|ere|e|ehez|iket)|beirat\w*|beiskolaz\w*|bejelenteni|bejelent(?:em|juk)|tanuloi fiok\w* letrehoz|fiok\w* letrehoz|felhasznaloi? (?:fiok|hozz?afer)|"
    r"hozz?aferes(?:t|uket|et|ek|ere|hez)? (?:\w+ ){0,4}?(?:ker|igenyl|biztosit|szeretn|kapja|adni|igeny|ad\b|adjanak)|(?:ker(?:em|juk|nek|unk|nenk|nem|ek|i)|szeretn\w*|igenyel\w*|biztosit\w*|adjanak)(?: \w+){0,12} hozz?aferes|hozz?afer(?:ni|hessen|jen|nenek|ne)\b|jogosultsag\w* (?:ker|igeny|biztosit|bead|beallit)|(?:ker\w*|igenyel\w*)(?: \w+){0,8} jogosultsag|"
    r"(?:szeretn\w*|ker\w*|kell\w*|tanuln\w*|kellene|igenyl\w*|igenyel\w*)[^.!?]{0,90}(?:tananyag|kepzes|modul|szakrendszer|kurzus|tanfolyam|oktatas)|(?:tananyag|kepzes|modul|kurzus|tanfolyam)\w*[^.!?]{0,60}(?:ker(?:em|juk|i|nem|nenk|unk)|szeretn|igenyl|biztosit|elvegez|hozz?aferhet|elerhet)|"
    r"kapjon (?:belepest|hozz?aferest|jogot)|kapjanak|belepest ker|csatlakoz(?:ni|tatni)|aspoktatas\w*(?: \w+){0,3} felv|uj felhasznalo|felhasznalo felvetele|enrol|oktatasra (?:jelentkez|bejelent)|jelentkez(?:ni|es|esi|em|unk|tetni)|(?:be|hozza)jut(?:ni|as\w*|na|nanak|nank|hass\w*|hassunk)|hozza (?:\w+ ){0,2}adni|fiok\w* (?:\w+ ){0,3}(?:bovit|kibovit)\w*|beallitani a szamara|beilleszteni|hozza(?:adni|adasat)"
)
_STRONG = re.compile(
    r"(?:ker(?:em|juk|nem|nenk|ek|unk|nek|i|ve)|szeretn\w+|szives\w*|szukseg\w*|legyszi|kerlek|kellene|igenyel\w*|tudnak|tudna(?:nak|tok)|lehetne|intezzek|terjesztem|kezdemenyez\w*|varjuk|javasl\w*)"
)
_PASSWORD = re.compile(
    r"jelszo|jelszav|jelszot|elfelejtett|felhasznalonev\w*|belepesi (?:azonosito|adat|kod)\w*|(?:nem|sem) (?:tudok|tud|tudtam|sikerul\w*|enged\w*|lehet) (?:\w+ ){0,3}?(?:belep|bejelentkez|bemen)|(?:belep|bejelentkez)\w*(?: \w+){0,5} (?:nem|sem) (?:tud|siker|enged|mukod|jo\b)|"
    r"azonosito\w*(?: \w+){0,6} (?:nem (?:erkez|kapt|jott|talal)|elvesz|elkever|sem jott)|nem (?:erkez\w*|kapt\w*|jott\w*)(?: \w+){0,8} (?:azonosito|jelszo|belepesi|aktivalo|visszaigazolo|ertesito|level)|van-?e (?:meg )?(?:mar )?(?:fiok|hozz?afer|regisztrac)\w*|(?:rendelkez\w*|letezik|el)(?:-e)?(?: \w+){0,4} (?:fiok|hozz?afer)\w*|"
    r"(?:vagyok|vagyunk|van|lettem|volt)-?e(?: \w+){0,3} (?:regisztral|fiok)|(?:nem (?:tudom|emlekszem|vagyok biztos)|bizonytalan)\w*(?: \w+){0,8} (?:fiok|regisztral|hozz?afer|belep)|erv?enytelen bejelentkez|kizart a rendszer|zarolt\w*|regisztraciom elkeszult|hogyan (?:tudok|tudunk|lehet|kell|tudnak|tudna|tudnank)(?: \w+){0,6} (?:regisztral|belep|bejelentkez|hozz?afer|fiok|jelentkez)\w*|"
    r"(?:mi a |hogyan zajlik |mi (?:lenne )?a )(?:teendo|menete|modja|regisztracio)|mi(?:kent|lyen modon|t kell)(?: \w+){0,8} (?:regisztr|hozz?afer|tenni|jelentkez|igenyel)\w*|hogyan tortenik(?: \w+){0,3} (?:regisztr|igenyl)|uj belepesi|belepesi problema|bejelentkezesi (?:problema|gond|hiba)"
)
_ACCESS = re.compile(
    r"kartyaolvas\w*|e-?\s?szig\w*|eszemelyi\w*|e-?szemelyi\w*|szemelyi igazolvany\w*|szoftveres tanusitvany\w*|tanusitvany\w*(?: \w+){0,5} (?:telep|letolt|lejar|gep|bongesz)|(?:telepit|letolt|lejart|gepre)\w*(?: \w+){0,5} tanusitvany\w*|\bntg\b|driver\w*|illesztoprogram\w*|eszkozmeghajto|"
    r"otthon(?:rol|i munkavegz\w*|i gep\w*|i internet\w*)|home ?office|tavmunka\w*|tavoli (?:eleres|munka)|vpn|kliens ?(?:program|szoftver)?\w*|munkaallomas\w*|uj (?:szamito)?gep\w*|laptop\w*|asp(?:-be|-ba| rendszer\w*| keretrendszer\w*)?(?: \w+){0,5} (?:belep|bejelentkez|eler)\w*|(?:belep|bejelentkez|eler)\w*(?: \w+){0,4} asp(?:-be|-ba|-t| rendszer| szakrendszer)|"
    r"lakossag\w*(?: \w+){0,6} tajekoztat|tajekoztat\w*(?: \w+){0,8} (?:lakossag|allampolgar|online ugyintez|elektronikus ugyintez|ugyfelek)|(?:allampolgar|ugyfelek|lakosok)\w*(?: \w+){0,8} tajekoztat|e-?onkormanyzat\w*(?: \w+){0,6} (?:tajekoztat|szoveg|kozzete)|online ugyintez\w*(?: \w+){0,6} (?:tajekoztat|szoveg|level|minta|hirdetmeny)|pin ?kod\w*|aktivalo kod\w*"
)
_OTHER = re.compile(
    r"(?:fiok|felhasznalo|hozz?afer|regisztrac|tanulo)\w*(?: \S+){0,8} (?:torol|torles|megszuntet|megszun|inaktiv|modosit|atir|athelyez|megvaltoz|archival|letilt|visszavon)\w*|(?:torol|torles|megszuntet|inaktival|letilt|visszavon)\w*(?: \S+){0,8} (?:fiok|felhasznalo|hozz?afer|regisztrac)\w*|"
    r"(?:e-?mail|nev|cim|adat|beosztas|munkahely)\w*(?: \S+){0,6} (?:modosit|megvaltoz|valtozas|valtozott|atir|csere|kicserel|atallit|javit)\w*|(?:modosit|megvaltoztat|atir|javit|kicserel)\w*(?: \S+){0,6} (?:e-?mail ?cim|nevem|neve|nevet|cimem|adat)\w*|nevvaltoz\w*|nevvaltas\w*|"
    r"tanusitvany(?!t? telep)\w*|oklevel\w*|igazolas\w*|bizonyitvany\w*|tanulmanyi pont\w*|tovabbkepzesi pont\w*|"
    r"lecke\w*|fejezet\w*|zarovizsga\w*|vizsga\w*|teszt(?:et|ben|kerdes|re)?\b|tesztkerdes\w*|video\w* nem|nem (?:indul|toltodik|jelenik meg|nyilik)\w*|lefagy\w*|hibauzenet\w*|hibaert|meghivo\w*|meghivjuk|arajanlat\w*|ajanlat\w*|szamla\w* (?:csatol|kifizet)|szakmai nap\w*|konferenci\w*|rendezveny\w*|meghiv(?:om|juk)|panasz\w*|reklamacio"
)
_THANKS = re.compile(
    r"(?:koszon(?:om|juk|ettel|et|jük)|koszi|kosz\b|rendben|megkaptam|megkaptuk|tudomasul v\w*|vettem|vettuk|ok\b|oke\b|megerkezett|megjott|sikerult|thank)"
)
_QUESTION = re.compile(r"\?")
_PAST = re.compile(
    r"(?:mar|korabban|tavaly|evekkel|20\d\d-?\w*|ezelott|annak idejen|regebben)\s+(?:\w+\s+){0,4}?(?:regisztral(?:tak|tam|t|va)|regisztracio|beirat)\w*|regisztracio\w* (?:elkeszult|megtortent|sikeres|kesz)|regisztral(?:tak|tam|va lett|va vagy|tuk)\b|regisztralasom (?:megtort|elkesz)"
)


# A request is taken back: whoever is named in it is not to be registered (POLICY section 6 calls a withdrawal `other`).
_TAKEN_BACK = re.compile(
    r"(?:kerelm\w*|regisztracio\w*|igeny\w*|jelentkezes\w*|level\w*)(?: \S+){0,10} (?:visszavon(?:juk|om|jak|ni|asat|asra|nank|nam)|targytalan\w*|semmisnek)|visszavon(?:juk|om)\b|(?:kerelm\w*|regisztracio\w*) visszavonas\w*|"
    r"(?:fiok\w*|hozz?aferes\w*|regisztracio\w*) (?:ne |nem )(?:letrehozni|beallitani|hozzanak letre|hozzak letre|keszitsenek|keszuljon)|(?:kerelm|regisztracio)\w*(?: \S+){0,4} megsem\b|\bmegsem (?:all munkaba|lep be|jon hozzank|foglalkoztat\w*)"
)


# Somebody who is registered has left, or needs more time: nobody is to be registered.
_ABOUT_A_LEARNER = re.compile(r"\bvegy(?:ek|etek) le\b|hosszabbits\w* meg|meghosszabbit\w*|hatarid\w*-? ?hosszabbit\w*")


@dataclass(frozen=True, slots=True)
class Signals:
    """What was found beside the wording: data of applicants (`people`: with a name), and whether an attachment was read or not."""

    people: int = 0
    values: int = 0
    programs: int = 0
    unreadable: bool = False
    documents: bool = False


def classify(mail: Mail, signals: Signals) -> str:
    """registration | password_help | access_help | acknowledgement | other, for a mail that a person wrote."""
    body = _judged(_own_text(mail)).strip()
    subject = _judged(fold(mail.subject))
    forwarded = _judged(
        "\n".join(fold(line) for b in mail.blocks if b.layer and b.role is Role.BODY for line in b.lines)
    )
    everything = f"{subject}\n{body}\n{forwarded}"
    if _TAKEN_BACK.search(f"{body}\n{forwarded}") or (_ABOUT_A_LEARNER.search(body) and not _REGISTERS.search(body)):
        return "other"
    wish = _wishes(body) or _wishes(forwarded)
    asks = wish or (bool(_REGISTER.search(subject)) and not re.match(r"^\s*(?:re|va|valasz)\s*:", subject))
    data = signals.people * 2 + signals.values + signals.programs
    password, access, other = (
        bool(_PASSWORD.search(everything)),
        bool(_ACCESS.search(everything)),
        bool(_OTHER.search(everything)),
    )
    if (
        (is_thanks(body) or _only_signed(mail, body))
        and not (signals.documents or signals.unreadable)
        and not (asks and data >= 3)
    ):
        return "acknowledgement"
    if (
        asks
        and (signals.people or signals.documents)
        and signals.values + signals.programs >= 1
        and not (other and _about_account(everything, signals))
    ):
        if not (password and not signals.programs and (signals.values < 3 or not wish)) and not (
            access and not signals.programs and signals.values < 2
        ):
            return "registration"
    if (
        data >= 6
        and signals.people
        and signals.programs
        and signals.values
        and not (other and _about_account(everything, signals))
    ):
        if not (password and not wish and signals.values < 2):
            return "registration"
    scores = {
        "password_help": len(_PASSWORD.findall(everything)),
        "access_help": len(_ACCESS.findall(everything)),
        "other": len(_OTHER.findall(everything)),
    }
    if (
        access
        and scores["access_help"] >= max(scores["password_help"], 1)
        and not (other and scores["other"] > scores["access_help"] + 1)
    ):
        if not wish or not signals.programs:
            return "access_help"
    if password and not (other and scores["other"] > scores["password_help"]):
        return "password_help"
    if other:
        return "other"
    if wish and (
        signals.people
        or signals.values >= 1
        or signals.programs
        or signals.unreadable
        or signals.documents
        or _names_people(body)
    ):
        return "registration"
    if asks and (data >= 3 or signals.unreadable or signals.documents or (signals.people and len(body) < 400)):
        return "registration"
    if wish and _QUESTION.search(body):
        return "password_help"
    if data >= 6:
        return "registration"
    return "registration" if wish else "other"


_ENDLESS = re.compile(rf"(\w{{{bounds.LONGEST_JUDGED_WORD}}})\w+")
_AGAIN = re.compile(r"(\b\w+[ \n])\1{3,}")


def _judged(text: str) -> str:
    """What the patterns see: so much text, the beginnings of endless words, a word said four times or more said once.

    The patterns look from every "ker" over the ninety characters or twelve words behind it.
    """
    return _AGAIN.sub(r"\1", _ENDLESS.sub(r"\1", text[: bounds.MOST_JUDGED]))


def _own_text(mail: Mail) -> str:
    return "\n".join(
        fold(line) for b in mail.blocks if b.layer == 0 and b.role is Role.BODY for line in b.lines
    ) + "\n".join(fold(" ".join(row)) for b in mail.blocks if b.role is Role.BODY and b.layer == 0 for row in b.rows)


# "Azt szeretném kérdezni, hogy ...": an answer is wanted; "regisztrációhoz kötött" is somebody else's.
_ASKS_ABOUT = re.compile(
    r"(?:szeretn\w*|szeretnek|azt) (?:\w+ ){0,2}?(?:meg)?(?:kerdezni|tudni|erdeklodni)|regisztraciohoz kotott|kerdesem (?:lenne|volna|az)"
)


_REGISTERS = re.compile(
    r"regisztral(?:ni|ja|jak|as)|regisztraciojat|felvenni|beirat|vegyek fel|hozz?aferest (?:ker|szeretn|igenyl)"
)
_LOGS_IN = re.compile(r"\bbe (?:\w+ ){0,3}?jelentkez\w*|\bbejelentkez\w*")  # "be tudjon jelentkezni" is no application


def _wishes(text: str) -> bool:
    """A sentence that asks for registration or a course: its words and a word of asking in one sentence, not about the past."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", re.sub(r"(?<![.!?:])\n(?=\S)", " ", text)):
        if _ASKS_ABOUT.search(sentence):
            continue
        sentence = _LOGS_IN.sub("", sentence)
        if _REGISTER.search(sentence) and (
            _STRONG.search(sentence)
            or re.search(r"(?:vegy(?:ek|etek)|regisztral(?:jak|jatok|janak)|biztosits|kapjon|adjanak)", sentence)
        ):
            if not (_PAST.search(sentence) and not re.search(r"(?:kerjuk|kerem|kernem|szeretn)", sentence)):
                if sentence.rstrip().endswith("?") and re.search(
                    r"\b(?:hogyan|mikent|hol|mit|mikor|milyen|lehet-e|van-e|kell-e)\b", sentence
                ):
                    continue
                return True
    return False


def _names_people(text: str) -> bool:
    return bool(
        re.search(
            r"(?:uj|ket|harom|negy|ot|tobb|\d) (?:uj )?(?:fo|kolleg|munkatars|dolgoz|ugyintez)|kolleg\w*|munkatars\w*|dolgozo\w*",
            text,
        )
    )


_ACCOUNT = re.compile(
    r"(?:torol|torles|megszuntet|letilt|inaktiv|nevvalt|nevvaltoz|nev\w*(?: \S+){0,4} (?:modosit|atir|valtoz)|(?:e-?mail|cim)\w*(?: \S+){0,5} (?:modosit|atir|valtoz|cserel|kicserel|atallit)|(?:modosit|atir|atallit)\w*(?: \S+){0,5} (?:e-?mail|cim|nev))"
)


def _about_account(text: str, signals: Signals) -> bool:
    """Change or deletion of an account that exists, or a certificate, a lesson: not a wish for a new one."""
    if signals.programs and _wishes(text) and signals.values >= 2:
        return False
    return bool(_ACCOUNT.search(text)) or (
        bool(re.search(r"tanusitvany|igazolas|oklevel|vizsga|lecke", text)) and signals.values < 3
    )


def _only_signed(mail: Mail, body: str) -> bool:
    """A greeting, and then "Köszönöm a tájékoztatást." that reads like a signature's first line."""
    if len(body.split()) > 4:
        return False
    signed = next(
        (block.lines for block in mail.blocks if block.layer == 0 and block.role is Role.SIGNATURE and block.lines), ()
    )
    return bool(signed) and is_thanks(fold(next((line for line in signed if line.strip()), "")))


_GREETING = re.compile(r"^(?:tisztelt|kedves|szia|hello|jo (?:napot|reggelt)|udv|koszon\w*\s*[!,.]*$|szep \w+|\W*$)")


def is_thanks(body: str) -> bool:
    """Thanks or "noted", with no request and no data outside the signature. `body` is folded."""
    sentences = [
        s
        for s in re.split(r"(?<=[.!?])\s+|\n", body)
        if s.strip() and not re.match(r"^(?:tisztelt|kedves|szia|hello|jo (?:napot|reggelt|estet))", s.strip())
    ]
    if not sentences:
        return False
    rest = [s for s in sentences if not _THANKS.search(s) and len(s.split()) > 3]
    thanked = any(_THANKS.search(s) for s in sentences)
    asking = re.search(
        r"\bker(?:em|juk|nem|nenk|ek|dez|des)\w*|\?|szeretn|\bpir\b|(?<!a )tananyag(?!\w* (?:mar |is |most )*(?:lat|megjel|elerheto|mukod|megvan|fent))|megsem|nem tud|helyesen|kimaradt|potol|csatol|mellekel|\b\d{6}\b|@",
        body,
    )
    promise = re.search(
        r"\b(?:hamarosan|rovidesen|majd|holnap|jovo heten|kesobb|amint)\b[^.!?]{0,60}\b(?:potol|kuld|megkuld|valaszol)\w*",
        body,
    )
    if promise and not re.search(r"\?|\bpir\b|\b\d{6}\b|@|csatol|mellekel", body):
        return thanked and len(body) < 700
    return thanked and not asking and len(rest) <= 1 and len(body) < 700


def asks_for_registration(mail: Mail) -> bool:
    """Whether something in the mail positively asks for it: a sentence, the subject, or a label that says requested."""
    body = _judged(_own_text(mail))
    layers = (b for b in mail.blocks if b.layer and b.role is Role.BODY)
    other = _judged("\n".join(fold(line) for b in layers for line in (*b.lines, *(" ".join(r) for r in b.rows))))
    subject = fold(mail.subject)
    return (
        _wishes(body)
        or _wishes(other)
        or bool(_REGISTER.search(subject))
        or bool(_REQUESTED.search(f"{subject}\n{body}\n{other}"))
    )


_REQUESTED = re.compile(
    r"\b(?:igenyelt|igenyl\w*|kert\b|kerelem|kerelmezo\w*|beiskolaz\w*|regisztr\w*|hozzafer\w*|jelentkez\w*|felvenn\w*|felvetel\w*|kernem|kerem\b|kerjuk\b|szeretn\w*|okt\. ?reg)"
)
