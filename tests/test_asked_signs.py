"""Signs that are only asked about, supposed or over (askfirst/safety/asked.py, remote.py), and what is said then: evidence base 3.6.

A line of a table is `flags | message`, and `| miss` where it is not told right yet: the test says so when it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.context import Turn, answer_signs, turn_of, with_signs
from askfirst import release
from askfirst.content.clinic import Clinic, Phone, load_clinic
from askfirst.content.compose import Question, compose, signs_reply
from askfirst.content.knowledge import load_knowledge
from askfirst.content.lint import asks, banned_words
from askfirst.content.reply import Reply
from askfirst.content.urgent import IF_IT_HAPPENS, NET, asked_about, safety_net, urgent_reply
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.runtime import Content, use_content
from askfirst.safety.screen import Screen
from tests.harness import Server, conversation

ROOT = Path(__file__).resolve().parent.parent
RED_FLAGS: dict[str, Any] = plain(read_yaml(ROOT / "data" / "safety" / "red_flags.yml")[0]) or {}
FLAGS: list[dict[str, Any]] = RED_FLAGS["flags"]
IDS = [flag["id"] for flag in FLAGS]
VARIANTS = [(f["id"], v) for f in FLAGS for v in (None, *(one["id"] for one in f.get("variants") or ()))]
SCREEN = Screen(RED_FLAGS)
KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge", ROOT)
CLINICS = {
    "demo": load_clinic(ROOT / "data" / "clinic.yml"),
    "empty": Clinic("A clinic", "pilot", "", "en-GB", "Europe/London"),
    "american": Clinic("A clinic", "pilot", "US", "en-US", "America/New_York"),
    "new zealand": Clinic("A clinic", "pilot", "NZ", "en-GB", "Pacific/Auckland", {"cancer_helpline_24h": Phone("0800 000 000", "the ward")}),
}
MOST_WORDS = 50


def cases(table: str) -> list[Any]:
    """Parameters (flags, text) of a table."""
    out = []
    for line in table.strip().splitlines():
        flags, text, *miss = (part.strip() for part in line.split(" | "))
        assert miss in ([], ["miss"]), line
        marks = pytest.mark.xfail(strict=True, reason="not told right yet; take '| miss' off the line when it is") if miss else ()
        out.append(pytest.param(frozenset(flags.split()), text, marks=marks, id=text))
    return out


def lowered(text: str, by: str) -> set[str]:
    """The red flags that a message lowers for this reason; none where anything in it is urgent."""
    result = SCREEN.check(text)
    return set() if result.urgent else {hit.red_flag for hit in result.lowered if hit.lowered_by == by}


# ---------------------------------------------------------------------------------------------------- who only asks
ASKS = """
R04 | what are the signs of a stroke?
R04 | how do I know if someone is having a stroke
R04 | What does a TIA look like?
R04 | symptoms of a mini stroke, please list them
R21 | what are the symptoms of a blood clot
R21 | how would I recognise a DVT?
R21 | what does a clot in the leg feel like
R21 | which warning signs of thrombosis should I know
R03 | what are the signs of a pulmonary embolism
R03 | how can I tell a clot in the lung
R11 | how do I spot sepsis
R11 | When should I worry, what are the signs of sepsis
R08 | what does an allergic reaction look like
R08 | how do you recognise anaphylaxis
R06 | what are the signs of spinal cord compression
R06 | can you explain the symptoms of cauda equina
R09 | how do I know if it is a seizure
R23 | what does an infected PICC look like
R22 | what are the signs of low platelets
R28 | what are the symptoms of high calcium
R35 | what does shingles look like
R26 | how do I know if it is a broken bone | miss
R30 | what are the signs of cellulitis
R19 | what are the symptoms of an adrenal crisis
R27 | what are the symptoms of rhabdo after a massage
R12 | what are the signs of an overdose
R16 | how do I tell a concussion
R32 | what does lymphoedema look like
R02 | what are the signs of choking
R18 | what are the symptoms of a blocked shunt
R17 | signs of a hypo, what are they? | miss
R17 | how do I notice low blood sugar | miss
R01 | what are the warning signs of a heart attack | miss
R20 | which symptoms of infection on chemo should I look out for | miss
R34 | how do I notice jaundice | miss
R15 | what are the warning signs of suicidal thoughts | miss
R10 | how do I recognise delirium | miss
R29 | how do I know if it is a blocked catheter | miss
R30 | how do I know if it is a wound infection | miss
"""


@pytest.mark.parametrize(("flags", "text"), cases(ASKS))
def test_who_asks_for_the_signs_has_none(flags: frozenset[str], text: str) -> None:
    assert lowered(text, "hypothetical") & flags


# Names that are red flags by themselves: a question with them is urgent all the same.
URGENT_BY_NAME = {"suicidal thoughts", "being suicidal", "sudden confusion"}
NAMES = [(f["id"], str(name).replace(" .. ", " the ")) for f in FLAGS for name in f.get("asked_as") or ()]


def test_the_signs_of_every_illness_of_the_file_can_be_asked_for_and_had() -> None:
    assert len(NAMES) > 80
    not_asked = {name for flag, name in NAMES if flag not in lowered(f"what are the signs of {name}?", "hypothetical")}
    assert not_asked <= URGENT_BY_NAME, not_asked - URGENT_BY_NAME
    had = {name for flag, name in NAMES if SCREEN.check(f"I have signs of {name}").urgent is None}
    assert not had
    denied = {name for flag, name in NAMES if name not in URGENT_BY_NAME and SCREEN.check(f"I have no signs of {name}").urgent}
    assert not denied


# ---------------------------------------------------------------------------------------------------- who supposes
SUPPOSES = """
R21 | what if my leg swells up after the massage?
R21 | in case her leg swelled up, who would we call
R21 | what if my arm swells up
R21 | if the leg became hot and swollen, should the massage stop
R21 | I have nothing yet, I am only reading up: leg swollen and red, what does that mean | miss
R01 | what should I do if I ever get chest pain during a massage
R01 | if ever I felt chest pain, do I stop the massage
R01 | what if my chest gets tight
R02 | what if I couldn't breathe on the table
R02 | what if I pass out during the massage
R04 | what if my face drooped while I was there
R04 | imagine my face started to droop while I was there
R05 | what if I get dizzy and see double after a neck massage
R06 | if his legs ever went numb, who should we ring
R07 | what if I start bleeding and it won't stop
R07 | what if my fistula starts bleeding
R08 | what happens if my lips were to swell from the oil
R08 | what if my throat closes up from the oil
R10 | what if she collapsed
R12 | what if I take too many tablets
R13 | what if my face swells up with the port
R14 | what if the pain becomes unbearable
R17 | what if my sugar drops and I get shaky, I'm diabetic
R20 | if I got a temperature of 38 on chemo, would the massage be off
R20 | what if I get a fever on chemo
R22 | if bruises appeared all over after a massage, who should I tell
R22 | if I noticed pinprick spots, who do I tell
R23 | what if my picc line comes out
R23 | if the line were to leak, would a massage be the cause
R24 | what if I get confused after CAR-T
R25 | what if I can't keep fluids down on chemo
R29 | what if my catheter comes out
R30 | what if the scar gets red and hot
R31 | what if I find a new lump
R36 | what if I get a headache after the lumbar puncture
A35 | what if the therapist touches me inappropriately
R09 | what if he has a seizure | miss
R09 | what if I have a fit during massage | miss
R10 | what if she collapses at the spa | miss
R29 | what happens if the nephrostomy tube comes out on the table | miss
R33 | what if I get bruises after the massage | miss
R02 | suppose I could not breathe on the table, what then | miss
R02 | in the event I stopped breathing, could they do CPR | miss
R04 | imagine my face drooped while I was there, would they know what to do | miss
R06 | what if I suddenly can't walk | miss
R16 | what if I hit my head, I am on warfarin | miss
"""


@pytest.mark.parametrize(("flags", "text"), cases(SUPPOSES))
def test_who_supposes_a_sign_has_it_not(flags: frozenset[str], text: str) -> None:
    assert lowered(text, "hypothetical") & flags


# ---------------------------------------------------------------------------------------------------- what is over or denied
PAST = """
R21 | my leg was swollen and red two years ago, it never came back
R21 | my calf was swollen and red after the flight, it settled and has not come back
R01 | I had chest pain last year
R01 | my chest felt tight in spring, it turned out to be a pulled muscle and none since
R04 | I had slurred speech in 2015
R05 | got dizzy and saw double after a neck massage three years ago, fine since
R08 | years ago my lips swelled up from peanut oil
R08 | I had hives and a swollen tongue after an oil in 2020
R20 | I had a fever in March after my first chemo, it is July now
R22 | I was covered in bruises after the last one, they healed long ago
R15 | I wanted to kill myself ten years ago
R15 | I tried to kill myself when I was 19
A35 | a massage therapist touched me sexually ten years ago
R27 | my wee was brown after a massage gun last year | miss
"""
DENIED = """
R01 | I have no chest pain
R01 | no chest pain and not short of breath
R02 | I'm not breathless at all
R02 | I can breathe fine, no breathlessness
R04 | her face is not drooping
R06 | my legs are not numb
R07 | there is no bleeding that won't stop
R11 | no shaking chills
R15 | I am not suicidal
R15 | not suicidal, just sad
R15 | I don't want to die, I am only tired of treatment
R16 | I did not hit my head, I am on warfarin
R20 | I don't have a fever and I'm on chemo
R21 | no swelling or redness in my leg
R21 | the swelling in my leg has gone
R21 | they ruled out a clot, no swelling in the leg
R22 | no new bruises and no bleeding gums
R23 | my port isn't red or swollen
R25 | I'm not being sick any more
R29 | my drain is not blocked
R31 | no new lumps
R34 | her eyes are not yellow
A35 | he has never touched me inappropriately
"""


@pytest.mark.parametrize(("flags", "text"), cases(PAST))
def test_what_is_over_is_past(flags: frozenset[str], text: str) -> None:
    assert lowered(text, "past") & flags


@pytest.mark.parametrize(("flags", "text"), cases(DENIED))
def test_what_is_denied_is_negated(flags: frozenset[str], text: str) -> None:
    assert lowered(text, "negated") & flags


# ---------------------------------------------------------------------------------------------------- who has them
HAS = """
R04 | she has signs of a stroke
R21 | I've got all the symptoms of a blood clot
R11 | my dad is showing signs of sepsis
R01 | he is having symptoms of a heart attack
R06 | I have symptoms of cauda equina
R30 R20 | I have all the signs of a wound infection
R08 | I think I'm having an allergic reaction, my tongue is swelling
R02 | I can't breathe, is that what a panic attack looks like
R04 | his speech is slurred since this morning, are these the signs of a stroke?
R09 | she is having a fit, how do I know if it's a seizure
R06 | my legs went numb this morning, what are the signs of pressure on the spinal cord?
R17 | I'm diabetic and shaky and sweaty, what are the signs of a hypo
R08 | my lips are swelling, what does anaphylaxis look like
R34 | my eyes have gone yellow, what are the symptoms of jaundice
R23 | my port is red and sore, how do I know if it's an infection
R35 | I've got a painful band of blisters on one side, how do I know it is shingles
R15 | I want to die, what are the signs of depression
A35 | he touched me sexually, is that what abuse looks like
R21 | can you check if my swollen red calf is a clot
R21 | tell me if this is a DVT, my calf is swollen, red and hot
R21 | I wonder if this is a clot, my calf is swollen and sore
R21 | not sure if it matters but my left leg is swollen and hot
R21 | if it helps, my calf is red, hot and swollen
R21 | my leg is swollen and hot, just in case it matters
R21 | if my leg is swollen, hot and red, should I still come
R21 | calf swollen hot. If I come would you stop the massage
R01 | if you want to know, I have chest pain right now
R01 | my chest hurts, what should I do if it gets worse
R01 | chest pain, if it gets worse should I call
R06 | if possible quickly: my legs have gone numb since last night
R22 | if I'm honest there are new bruises all over me and I take apixaban
R20 | if not for the fever of 38.7 I would come, I'm on chemo
R20 | what if it gets worse, I have 38.9 and I'm on chemo
R02 | even if I sit up I can't breathe
R02 | as if someone sits on me, I can't breathe
R07 | bleeding that won't stop, what if it gets worse
R04 | mum's face is drooping, imagine how scared we are
R21 | I had a clot in 2019 and now my calf is swollen again
R21 | swelling in my calf came back this week, it had gone in May
R01 | the chest pain went last year and came back today
R20 | had a fever in March and today I have 38.4 on chemo
R20 | 38.4 on chemo, had the same in March and it was nothing
R08 | tongue swelling now, last time was in 2019
R15 | I want to kill myself, like ten years ago
R15 | not just sad, I want to kill myself
R01 | no leg pain but crushing chest pain
R21 | I wonder if my leg got swollen and hot from a clot
R21 | if it helps my leg got swollen and hot
R21 | I don't know if my calf got red and swollen from the flight
R04 | not sure if my face has started drooping since lunch
R01 | if im honest I got crushing chest pain this morning
R02 | if thats ok I started gasping for air just now
R04 | I have signs of a stroke, what should I do?
R04 | what should I do, I have signs of a stroke
R21 | when should I come in, I have symptoms of a blood clot | miss
R11 | how fast must I act, dad is showing signs of sepsis
R08 | can you tell me if my lips started swelling from the oil | miss
R09 | he has a seizure | miss
R21 | if my leg is swollen and hot would you massage it | miss
R04 | if one side of my face is drooping could massage help | miss
"""
# The same, with a remark on something else that speaks of another time, of treatment to come, or of what there is not.
WITH_A_REMARK = """
R01 | crushing chest pain, my chemo starts monday
R01 | crushing chest pain. my treatment starts next week
R01 | chest pain. My cancer was cured five years ago
R01 | chest pain, my wound has healed
R01 | crushing chest pain during my first aid course | miss
R02 | can't breathe, not sure what to look for
R02 | can't breathe properly, nobody has come yet
R02 | cant breathe, no one has answered the bell
R02 | blue lips and gasping, what to look for
R04 | slurred speech and face drooping, in general he is healthy
R04 | slurred speech, seizure free for years
R04 | face drooping, I am training to be a carer
R04 R18 | worst headache of my life, scan was clear
R05 | dizzy and seeing double after neck massage, never again
R06 | legs gone numb, the scan was clear last month
R06 | can't pee and legs weak, before it starts getting worse should I rub
R07 | bleeding won't stop, they discharged me yesterday
R07 | bleeding through the dressing and it won't stop, they had signed me off
R08 | tongue swelling, just reading the leaflet of the new tablets
R09 | having a fit, fully recovered from surgery
R09 | man having a fit at the pub quiz | miss
R10 | he collapsed, no problems since the operation before that
R11 | shaking chills and mottled skin, not started treatment yet
R12 | took too many morphine tablets, consent form is signed
R15 | want to die, nothing has happened
R15 | going to kill myself, I have nothing
R20 | shivering and feverish on chemo, tests were fine on monday
R21 | swollen hot red calf, chemo starts tomorrow, ok to rub?
R21 | swollen hot red calf, I have nothing for it
R21 | swollen hot calf, nothing since the last clot in 2018
R22 | bruises everywhere and bleeding gums, never again a massage | miss
R23 | picc line red and pus coming out, start chemo next week
R25 | vomiting all day can't keep water down, chemo starts again thursday
R33 R22 R14 | bad bruises and worse pain after the massage, never again!
"""


@pytest.mark.parametrize(("flags", "text"), cases(HAS))
def test_who_has_the_signs_is_sent_to_call(flags: frozenset[str], text: str) -> None:
    hit = SCREEN.check(text).urgent
    assert hit and hit.red_flag in flags, hit


@pytest.mark.parametrize(
    "text",
    ["I have signs of a stroke, what should I do?", "what should I do, I have signs of a stroke", "when can I come in, I've got symptoms of a blood clot"],
)
def test_who_says_to_have_signs_is_not_answered_with_an_if(text: str) -> None:
    assert not lowered(text, "hypothetical")


@pytest.mark.parametrize(("flags", "text"), cases(WITH_A_REMARK))
def test_a_remark_on_something_else_silences_no_sign(flags: frozenset[str], text: str) -> None:
    hit = SCREEN.check(text).urgent
    assert hit and hit.red_flag in flags, hit


@pytest.mark.slow
def test_the_screen_of_the_release_sends_them_to_call_as_well(models: Path) -> None:
    screen = release.current_release(models).content().screen
    told = [line.split(" | ")[1] for table in (HAS, WITH_A_REMARK) for line in table.strip().splitlines()]
    found = [text for text in told if SCREEN.check(text).urgent]
    assert len(found) > 45
    lost = {text for text in found if screen.check(text).urgent is None}
    assert not lost


NOTHING = """
what does a good therapist look like
how do I know if a massage is right for me
what are the signs of a good massage
how do I tell my team about massage
can massage cause a stroke?
I had a blood clot in my leg in 2018 and none since
he used to have seizures as a child
my doctor saw no signs of a clot
I have no symptoms of infection
without signs of sepsis they let me home
if I had signs of a stroke I would have called
signs of ageing on my hands
which sign is on the door
is there any sign of rain
"""


@pytest.mark.parametrize("text", NOTHING.strip().splitlines())
def test_nothing_urgent_is_made_of_ordinary_words(text: str) -> None:
    assert SCREEN.check(text).urgent is None


# ---------------------------------------------------------------------------------------------------- what is said then
def well_said(text: str, clinic: Clinic) -> list[str]:
    """What is wrong with a text that sends somebody to a number."""
    numbers = {clinic.slot(slot) for slot in ("emergency_number", "cancer_helpline_24h", "urgent_advice_line", "crisis_line")}
    found = [] if any(number in text for number in numbers) else ["it names no number"]
    found += [f"a slot is left open: {text}"] if "{" in text or "}" in text else []
    # A slot that was filled with nothing leaves two spaces, or a space before a stop.
    found += [f"a blank: {text}"] if text != text.strip() or re.search(r"\s\s|\s[.,;:)]", text) else []
    if clinic.region != "NZ" and re.search(r"(?<!NHS )(?<!\d)(?<!\d )\b111\b(?! ?\d)", text):
        found.append(f"a bare 111: {text}")
    return found + [f"banned: {words}" for words, _ in banned_words(text) if not (clinic.region == "NZ" and words == "111")]


@pytest.mark.parametrize("name", CLINICS)
@pytest.mark.parametrize(("flag", "variant"), VARIANTS)
def test_every_flag_has_its_if_form_for_every_clinic(flag: str, variant: str | None, name: str) -> None:
    clinic = CLINICS[name]
    text, links = asked_about(RED_FLAGS, flag, clinic, variant)
    assert not well_said(text, clinic)
    assert re.match(r"If \w+", text), "it says at once that it is not so now"
    block = next(f for f in FLAGS if f["id"] == flag)
    say = next((v["say"] for v in block.get("variants") or () if v["id"] == variant), block["say"])
    hrefs = [clinic.href(slot) for slot in dict.fromkeys(re.findall(r"{(\w+)}", block.get("if_say") or say))]
    assert [link["href"] for link in links] == [href for href in hrefs if href], "each number that it names can be dialled"
    assert all(link["href"].startswith("tel:") and re.search(r"\d{3}", link["label"]) for link in links)
    if "if_say" not in block:
        assert text == f"{IF_IT_HAPPENS} {' '.join(clinic.fill(say).split())}", "the clinician's wording, word for word"


@pytest.mark.parametrize(("flag", "variant"), VARIANTS)
def test_the_if_form_has_few_words_of_ours_and_few_in_all(flag: str, variant: str | None) -> None:
    class Short(Clinic):
        def slot(self, name: str) -> str:
            return "999"

    ours = asked_about(RED_FLAGS, flag, Short("", "pilot", "", "en-GB", "Europe/London"), variant)[0]
    assert len(ours.split()) <= MOST_WORDS, ours
    assert all(len(asked_about(RED_FLAGS, flag, clinic, variant)[0].split()) <= MOST_WORDS + 15 for clinic in CLINICS.values())


@pytest.mark.parametrize("name", CLINICS)
@pytest.mark.parametrize("flag", IDS)
def test_every_flag_has_its_safety_net_for_every_clinic(flag: str, name: str) -> None:
    clinic = CLINICS[name]
    net = safety_net(RED_FLAGS, flag, clinic)
    assert "\n" not in net and len(net.split()) <= MOST_WORDS and not well_said(net, clinic)
    assert clinic.slot("emergency_number") in net
    own = next(f.get("net") for f in FLAGS if f["id"] == flag)
    assert net == clinic.fill(own or NET)
    assert bool(own) == (flag in ("R15", "A35")), "who is hurt or wants to die hears of more than the emergency number"


def test_a_flag_that_the_file_does_not_hold_still_gives_a_number() -> None:
    for data in (RED_FLAGS, {}):
        for clinic in CLINICS.values():
            assert not well_said(asked_about(data, "R99", clinic)[0], clinic)
            assert not well_said(safety_net(data, "R99", clinic), clinic)


def test_a_variant_has_its_own_if_form() -> None:
    clinic = CLINICS["demo"]
    texts = {variant: asked_about(RED_FLAGS, "R20", clinic, variant)[0] for variant in (None, "treatment_unknown", "raised", "no such variant")}
    assert texts[None] == texts["no such variant"]
    assert len(set(texts.values())) == 3


@pytest.mark.parametrize("name", CLINICS)
@pytest.mark.parametrize("flag", IDS)
def test_a_question_about_signs_gets_a_health_reply_with_one_ask(flag: str, name: str) -> None:
    clinic = CLINICS[name]
    first = signs_reply(flag, KNOWLEDGE, clinic, RED_FLAGS)
    assert first.kind == "answer" and first.text == asked_about(RED_FLAGS, flag, clinic)[0]
    assert first.reminder and not re.search(r"[{}]", first.reminder) and first.team_question and first.team_question.endswith("?")
    assert not asks(first.text), "the only ask is the reminder"
    assert len(asks(first.reminder)) <= 1
    assert (first.red_flag, first.tier, first.verdict, first.limits) == (None, None, None, ())
    assert first.reviewed is None and first.certainty
    assert {source.key for source in first.sources} <= set(KNOWLEDGE.sources)
    again = signs_reply(flag, KNOWLEDGE, clinic, RED_FLAGS, first.reminder_id)
    assert again.text == first.text and again.reminder != first.reminder, "never the same reminder twice in a row"


# ---------------------------------------------------------------------------------------------------- beside an answer
CONTENT = Content(KNOWLEDGE, RED_FLAGS, SCREEN, "test")


def turn(flag: str | None = None, by: str = "", variant: str = "", clinic: Clinic = CLINICS["demo"]) -> Turn:
    """A turn as the actions read it, of a message that mentioned this red flag."""
    use_content(CONTENT)
    told = {"lowered": {"red_flag": flag, "by": by, "variant": variant}} if flag else {}
    message = {"text": "", "intent": {"name": "ask_safety", "confidence": 1.0}, "entities": [], **told}
    return replace(turn_of(Tracker("t", {}, message, [], False, None, {}, "action_listen")), clinic=clinic)


def an_answer(clinic: Clinic = CLINICS["demo"]) -> Reply:
    reply = compose(Question(topics=("pain",)), KNOWLEDGE, clinic, RED_FLAGS)
    assert reply.kind == "answer" and reply.text
    return reply


@pytest.mark.parametrize("name", CLINICS)
@pytest.mark.parametrize(("flag", "variant"), VARIANTS)
def test_what_is_asked_about_comes_first_in_if_form(flag: str, variant: str | None, name: str) -> None:
    clinic = CLINICS[name]
    before = an_answer(clinic)
    after = with_signs(turn(flag, "hypothetical", variant or "", clinic), before)
    text, links = asked_about(RED_FLAGS, flag, clinic, variant)
    assert after.text == f"{text}\n{before.text}"
    assert after.phone_links == (*links, *before.phone_links)
    assert after.lowered == {"red_flag": flag, "by": "hypothetical"}
    assert replace(after, text=before.text, phone_links=before.phone_links, lowered=None) == before, "nothing else changes"


@pytest.mark.parametrize("name", CLINICS)
@pytest.mark.parametrize("by", ["negated", "past"])
@pytest.mark.parametrize("flag", IDS)
def test_what_is_denied_or_over_leaves_one_line_with_the_number(flag: str, by: str, name: str) -> None:
    clinic = CLINICS[name]
    before = replace(an_answer(clinic), text="Some people feel better.")
    after = with_signs(turn(flag, by, clinic=clinic), before)
    assert after.text == f"Some people feel better.\n{safety_net(RED_FLAGS, flag, clinic)}"
    assert after.lowered == {"red_flag": flag, "by": by}
    assert replace(after, text=before.text, lowered=None) == before
    named = replace(before, text=f"If it bleeds, call {clinic.slot('emergency_number')}.")
    again = with_signs(turn(flag, by, clinic=clinic), named)
    assert again.lowered and (again.text == named.text) == (flag not in ("R15", "A35")), "the same number is not said twice"


def test_nothing_is_added_where_nothing_was_mentioned_or_the_reply_is_urgent() -> None:
    before = an_answer()
    assert with_signs(turn(), before) is before
    for by in ("hypothetical", "negated", "past"):
        urgent = urgent_reply(RED_FLAGS, "R01", CLINICS["demo"])
        assert with_signs(turn("R21", by), urgent) is urgent


@pytest.mark.parametrize("flag", IDS)
def test_the_reply_to_a_question_about_signs_says_them_once(flag: str) -> None:
    asked = turn(flag, "hypothetical")
    reply = with_signs(asked, answer_signs(asked))
    assert reply.text == asked_about(RED_FLAGS, flag, CLINICS["demo"])[0]
    assert reply.lowered == {"red_flag": flag, "by": "hypothetical"}


# ---------------------------------------------------------------------------------------------------- the real thing
@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "flag", "by"),
    [
        ("what are the signs of a stroke?", "R04", "hypothetical"),
        ("what if I get chest pain?", "R01", "hypothetical"),
        ("what if I get a fever on chemo, can I still have a massage", "R20", "hypothetical"),
        ("I have no chest pain, does massage help with stress?", "R01", "negated"),
        ("I am not suicidal, just sad, does massage help?", "R15", "negated"),
    ],
)
def test_the_server_says_what_is_owed_to_a_sign_that_is_not_there(server: Server, text: str, flag: str, by: str) -> None:
    reply = server.say(text, conversation())[-1]
    clinic = CLINICS["demo"]
    assert reply["kind"] != "urgent" and reply["red_flag"] is None, reply
    assert reply["lowered"] == {"red_flag": flag, "by": by}, reply
    said = asked_about(RED_FLAGS, flag, clinic)[0] if by == "hypothetical" else safety_net(RED_FLAGS, flag, clinic)
    if by == "hypothetical":
        assert reply["text"].startswith(said)
    else:
        assert said in reply["text"] or clinic.slot("emergency_number") in reply["text"]
    if reply["kind"] == "answer":
        assert reply["reminder"] and not asks(reply["text"])
