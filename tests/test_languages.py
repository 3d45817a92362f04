"""Other languages (askfirst/safety/languages.py, data/safety/languages.yml): evidence base 5.11 and 3.6, rule 9.

A line of a table is `code | message`, and `| miss` where the language is not told yet: the test says so when it is.
"""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa_sdk import Tracker

from actions.context import in_their_language, turn_of
from askfirst.check import check_all
from askfirst.content.clinic import MODES, Clinic, load_clinic
from askfirst.content.knowledge import load_knowledge
from askfirst.content.reply import Reply
from askfirst.content.urgent import FOREIGN, LAST_RESORT_ID, foreign_reply
from askfirst.content.yaml_file import PARSER
from askfirst.runtime import Content, use_content
from askfirst.safety.languages import MIN_WORDS, Languages, read_languages, sentence
from askfirst.safety.screen import Screen
from tests import edits
from tests.harness import ROOT, Server, conversation, copy_root

FILE = ROOT / "data" / "safety" / "languages.yml"
BLOCKS, PROBLEMS = read_languages(FILE, ROOT)
LANGUAGES = Languages(BLOCKS)
CODES = ("es", "pl", "pt", "ro", "ar", "zh", "ur", "pa")
ENGLISH: list[str] = yaml.load((ROOT / "tests" / "safety" / "english.yml").read_text(encoding="utf-8"), Loader=PARSER)
CLINIC = load_clinic(ROOT / "data" / "clinic.yml")
SLOT = "{emergency_number}"
PHONE = "01632 960 120"

OWN = """
es | ¿Puedo recibir un masaje mientras estoy con quimioterapia?
es | Me gustaría saber si el masaje es bueno para el cansancio
es | Mi madre tiene cáncer de mama y quiere un masaje en los pies
es | ¿Cuánto tiempo debo esperar después de la operación?
es | hola buenas tardes quiero saber cuando puedo hacer un masaje
es | El médico me dijo que esperara, pero no sé cuánto
es | los masajes con aceite no me gustan mucho | miss
es | ¿Es malo el masaje si tomo anticoagulantes? | miss
es | Tengo cáncer de pulmón, ¿puedo darme un masaje en la espalda?
es | No sé si puedo ir al masaje porque estoy muy cansada
es | ¿Cuándo puede mi marido volver a recibir masajes?
pl | Czy mogę iść na masaż podczas chemioterapii?
pl | Mam nowotwór piersi i chciałabym zapytać o masaż stóp
pl | Jak długo trzeba czekać po operacji na masaż?
pl | Mój mąż jest po radioterapii i bardzo boli go kark
pl | czy masaz jest dobry przy zmeczeniu po chemii
pl | Lekarz powiedział, że nie wolno mi masować nogi
pl | Dzień dobry, szukam informacji o masażu limfatycznym
pl | Biorę leki na rozrzedzenie krwi, czy to problem?
pl | Nie wiem, czy mogę mieć masaż, bo biorę leki na krew
pl | Kiedy będzie można znowu masować moje nogi?
pl | Czy masaż pomaga, gdy jestem bardzo zmęczona?
pl | Mam port, czy można masować przy nim skórę?
pt | Posso fazer uma massagem durante a quimioterapia?
pt | A minha mãe tem cancro e gostaria de uma massagem nos pés
pt | Quanto tempo devo esperar depois da cirurgia?
pt | o meu médico disse que não posso fazer massagem forte
pt | Estou muito cansada e queria saber se a massagem ajuda
pt | Eu tenho um cateter, é seguro fazer massagem?
pt | Bom dia, tomo anticoagulantes, há problema com massagens? | miss
pt | Quando posso voltar a fazer massagem nas costas?
pt | Não sei se posso ir à massagem porque estou cansada
ro | Pot să fac masaj în timpul chimioterapiei? | miss
ro | Mama mea are cancer și vrea un masaj la picioare | miss
ro | Cât trebuie să aștept după operație pentru masaj?
ro | Sunt foarte obosită și vreau să știu dacă masajul ajută
ro | medicul mi-a spus ca nu am voie masaj puternic dupa operatie | miss
ro | Este bine să fac drenaj limfatic când am limfedem?
ro | Bună ziua, iau anticoagulante, e vreo problemă cu masajul?
ro | Vreau să știu dacă pot face masaj după operație
ro | Când pot să merg iar la masaj?
ro | Nu știu dacă este voie să fac masaj acum
ro | Spatele este foarte încordat, masajul poate ajuta acum?
ar | هل يمكنني الحصول على تدليك أثناء العلاج الكيميائي؟
ar | أمي مصابة بالسرطان وتريد تدليك القدمين
ar | كم من الوقت يجب أن أنتظر بعد العملية؟
ar | هل التدليك مفيد للتعب؟
ar | قال الطبيب إنني لا أستطيع التدليك القوي
ar | أريد معلومات عن التدليك من فضلك
zh | 化疗期间可以按摩吗？
zh | 我妈妈得了癌症，想做足部按摩
zh | 手术后要等多久才能按摩？
zh | 我很累，按摩有帮助吗
zh | 医生说我不能做用力的按摩
zh | 请问淋巴按摩是什么
ur | کیا میں کیموتھراپی کے دوران مالش کروا سکتا ہوں؟
ur | میری امی کو کینسر ہے اور وہ پاؤں کی مالش چاہتی ہیں
ur | آپریشن کے بعد کتنا انتظار کرنا چاہیے؟
ur | کیا مالش تھکاوٹ میں مدد کرتی ہے؟
ur | ڈاکٹر نے کہا کہ زور سے مالش نہیں کر سکتے
ur | مجھے مالش کے بارے میں معلومات چاہیے
pa | ਕੀ ਮੈਂ ਕੀਮੋਥੈਰੇਪੀ ਦੌਰਾਨ ਮਾਲਿਸ਼ ਕਰਵਾ ਸਕਦਾ ਹਾਂ?
pa | ਮੇਰੀ ਮਾਂ ਨੂੰ ਕੈਂਸਰ ਹੈ ਅਤੇ ਉਹ ਪੈਰਾਂ ਦੀ ਮਾਲਿਸ਼ ਚਾਹੁੰਦੀ ਹੈ
pa | ਓਪਰੇਸ਼ਨ ਤੋਂ ਬਾਅਦ ਕਿੰਨਾ ਸਮਾਂ ਉਡੀਕ ਕਰਨੀ ਚਾਹੀਦੀ ਹੈ?
pa | ਕੀ ਮਾਲਿਸ਼ ਥਕਾਵਟ ਵਿੱਚ ਮਦਦ ਕਰਦੀ ਹੈ?
pa | ਡਾਕਟਰ ਨੇ ਕਿਹਾ ਕਿ ਜ਼ੋਰ ਨਾਲ ਮਾਲਿਸ਼ ਨਾ ਕਰੋ
pa | ਮੈਨੂੰ ਮਾਲਿਸ਼ ਬਾਰੇ ਜਾਣਕਾਰੀ ਚਾਹੀਦੀ ਹੈ
other | Можно ли мне массаж во время химиотерапии?
other | 항암 치료 중에 마사지를 받아도 되나요?
other | क्या मैं कीमोथेरेपी के दौरान मालिश करा सकता हूँ?
other | Μπορώ να κάνω μασάζ κατά τη χημειοθεραπεία;
other | האם מותר לי עיסוי בזמן כימותרפיה?
other | ฉันนวดระหว่างทำเคมีบำบัดได้ไหม
other | マッサージはできますか
"""
# English, too short to tell, or a language that the file does not hold: none of the eight.
NOT_TOLD = """
Can I have a massage during chemo?
hola
¿Puedo?
masaż
My doctor said no, mon ami
Señor Garcia is my therapist and he is very good
tengo mucha prisa ahora
nie wiem czy mogę
para mi mamá
pot de crème massage oil for my feet is that ok
que sera sera, can I have a massage on Friday
123 456
???
Massage während der Chemotherapie ist das erlaubt
est-ce que je peux avoir un massage pendant la chimio
Posso fare un massaggio durante la chemioterapia
Kemoterapi sırasında masaj yaptırabilir miyim acaba
"""


def cases(table: str) -> list[Any]:
    """Parameters (code, text) of a table."""
    out = []
    for line in table.strip().splitlines():
        code, text, *miss = (part.strip() for part in line.split(" | "))
        assert miss in ([], ["miss"]), line
        marks = pytest.mark.xfail(strict=True, reason="not told yet; take '| miss' off the line when it is") if miss else ()
        out.append(pytest.param(code, text, marks=marks, id=text))
    return out


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text).replace("ł", "l") if unicodedata.category(c) != "Mn")


# ---------------------------------------------------------------------------------------------------- which language
def test_there_are_300_english_messages() -> None:
    assert len(ENGLISH) == len(set(ENGLISH)) == 300


@pytest.mark.parametrize("text", ENGLISH)
def test_english_however_short_misspelt_or_mixed_stays_english(text: str) -> None:
    for said in (text, text.upper(), text.lower(), without_accents(text), f"{text} {text}"):
        assert (LANGUAGES.language(said), LANGUAGES.urgent(said)) == (None, None), said


@pytest.mark.parametrize(("code", "text"), cases(OWN))
def test_a_sentence_of_each_language_is_told(code: str, text: str) -> None:
    assert LANGUAGES.language(text) == code
    assert LANGUAGES.language(text.upper()) == code
    assert LANGUAGES.urgent(text) is None, "nothing in it is an emergency"


def test_at_least_six_sentences_of_each_language_are_told() -> None:
    told = {code: 0 for code in CODES}
    for code, text, *miss in (line.split(" | ") for line in OWN.strip().splitlines()):
        if code in told and not miss:
            told[code] += 1
            script = next(b["script"] for b in BLOCKS if b["code"] == code)
            assert script != "latin" or len(text.split()) >= MIN_WORDS, text
    assert min(told.values()) >= 6, told


@pytest.mark.parametrize("text", NOT_TOLD.strip().splitlines())
def test_any_doubt_is_english(text: str) -> None:
    assert (LANGUAGES.language(text), LANGUAGES.urgent(text)) == (None, None)


@pytest.mark.parametrize("code", ["es", "pl", "pt", "ro"])
def test_english_with_a_few_foreign_words_stays_english_and_a_foreign_text_with_an_english_word_does_not(code: str) -> None:
    common = sorted(next(b["common"] for b in BLOCKS if b["code"] == code))[:2]
    assert LANGUAGES.language(f"my mother says {' '.join(common)} when I ask her if I can have a massage") is None
    assert LANGUAGES.language(f"{' '.join(next(b['common'] for b in BLOCKS if b['code'] == code)[:8])} massage chemotherapy") == code


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_it_never_raises(text: str) -> None:
    assert LANGUAGES.language(text) in (None, "other", *CODES)
    assert LANGUAGES.urgent(text) in (None, *CODES)


def test_a_very_long_text_is_judged_by_its_ends_and_soon() -> None:
    begun = time.perf_counter()
    polish = "nie wiem czy to jest dobre bo bardzo boli mnie noga i teraz muszę czekać "
    assert LANGUAGES.language(polish * 5000) == "pl"
    assert LANGUAGES.language("I would like a massage. " * 20_000) is None
    assert LANGUAGES.urgent("o " * 50_000 + "auxilio") == "es"
    assert LANGUAGES.urgent("a" * 400_000) is None
    assert time.perf_counter() - begun < 1.0


# ---------------------------------------------------------------------------------------------------- emergency words
OWNERS: dict[str, set[str]] = {}
for _block in BLOCKS:
    for _phrase in _block["urgent"]:
        OWNERS.setdefault(_phrase, set()).add(_block["code"])
SHARED = {"infarto", "derrame cerebral", "inconsciente", "suicidio", "emergencia"}


def test_each_language_has_a_sentence_and_enough_emergency_words() -> None:
    assert not PROBLEMS
    assert tuple(block["code"] for block in BLOCKS) == CODES
    assert all(len(block["urgent"]) >= 40 for block in BLOCKS)
    assert {phrase for phrase, owners in OWNERS.items() if len(owners) > 1} == SHARED, "each of these means the same in both"


@pytest.mark.parametrize(("code", "phrase"), [(b["code"], p) for b in BLOCKS for p in b["urgent"]], ids=lambda value: str(value))
def test_every_emergency_phrase_is_found_however_it_is_typed(code: str, phrase: str) -> None:
    latin = next(b["script"] for b in BLOCKS if b["code"] == code) == "latin"
    ways = [phrase, phrase.upper(), phrase.capitalize(), f"Hello, {phrase}!!", f"{phrase}?"]
    ways += [f"please help: {phrase.replace(' ', '   ')} now", unicodedata.normalize("NFD", phrase)]
    ways += [without_accents(phrase), without_accents(phrase).upper(), phrase.replace("ș", "ş").replace("ț", "ţ")] if latin else []
    ways += [phrase.replace("'", "\u2019"), f"{'x ' * 3000}{phrase}", f"{phrase}{' x' * 3000}"]
    assert {way: LANGUAGES.urgent(way) for way in ways if LANGUAGES.urgent(way) not in OWNERS[phrase]} == {}


def test_a_phrase_inside_a_word_is_none() -> None:
    for phrase in ("auxilio", "infarto", "krwotok", "socorro", "convulsii"):
        assert LANGUAGES.urgent(phrase)
        assert LANGUAGES.urgent(f"x{phrase}") is None and LANGUAGES.urgent(f"{phrase}x") is None


@pytest.mark.parametrize(
    "text",
    ["mi madre no puede respirar bien y tengo miedo", "moja mama nie oddycha proszę o pomoc", "o meu pai tem uma dor no peito muito forte", "tata nu mai respiră, ce fac",
     "我妈妈昏迷了", "أبي لا يتنفس", "میرے والد بے ہوش ہیں", "ਮੇਰੇ ਪਿਤਾ ਬੇਹੋਸ਼ ਹਨ"],
)  # fmt: skip
def test_an_emergency_told_in_a_sentence_is_found(text: str) -> None:
    assert LANGUAGES.urgent(text) is not None
    assert Screen.load(ROOT / "data" / "safety" / "red_flags.yml").check(text).urgent is None, "only these words find it"


# ---------------------------------------------------------------------------------------------------- what is said
@pytest.mark.parametrize("code", CODES)
def test_a_sentence_is_shown_as_checked_only_when_it_is(code: str) -> None:
    language = LANGUAGES.get(code)
    assert language and SLOT in language.say
    block = next(b for b in BLOCKS if b["code"] == code)
    assert language.checked == bool(block.get("checked_by") and block.get("checked_on"))
    unchecked, checked = replace(language, checked=False), replace(language, checked=True)
    for mode in MODES:
        assert sentence(checked, mode) == language.say
        shown = sentence(unchecked, mode)
        assert (shown.startswith(language.say) and f"No speaker of {language.name} has checked" in shown) if mode == "demo" else shown == ""
    assert LANGUAGES.get("xx") is None


def test_no_language_has_no_sentence() -> None:
    assert {sentence(None, mode) for mode in MODES} == {""}
    assert Languages([]).urgent("auxilio") is None and Languages([]).language("no puedo respirar porque estoy muy mal") is None


@pytest.mark.parametrize("region", ["GB", "US", ""])
@pytest.mark.parametrize("code", CODES)
def test_the_urgent_reply_gives_the_number_first_in_english_and_then_the_sentence(code: str, region: str) -> None:
    clinic = Clinic("A clinic", "demo", region, "en-GB", "Europe/London")
    number = clinic.slot("emergency_number")
    reply = foreign_reply(sentence(LANGUAGES.get(code), "demo"), clinic)
    first, second = reply.text.split("\n")
    assert (reply.kind, reply.red_flag, reply.tier, reply.reminder) == ("urgent", LAST_RESORT_ID, 1, None)
    assert first.startswith(f"Call {number} now, or ") and first == clinic.fill(FOREIGN)
    assert number in second and "{" not in second
    assert [link["href"] for link in reply.phone_links] == ([clinic.href("emergency_number")] if region else [])
    alone = foreign_reply("", clinic)
    assert alone.text == first, "no empty line where no sentence may be shown"


def test_the_boundary_carries_the_sentence_where_it_may_be_shown() -> None:
    use_content(Content(load_knowledge(ROOT / "data" / "knowledge", ROOT), {}, Screen({"words": {}, "flags": []}), "t", LANGUAGES))
    boundary = Reply(kind="boundary", text="I can only answer in English.", topics=("other_language",))
    for code, mode, shown in (("pl", "demo", True), ("pl", "pilot", False), ("pl", "production", False), (None, "demo", False), ("other", "demo", False)):
        message = {"intent": {"name": "limit_other_language"}, "entities": [], "language": code}
        turn = replace(turn_of(Tracker("t", {}, message, [], False, None, {}, "action_listen")), clinic=replace(CLINIC, mode=mode))
        text = in_their_language(turn, boundary).text
        polish = LANGUAGES.get("pl")
        assert polish
        assert text.startswith(boundary.text)
        assert (polish.say.replace(SLOT, CLINIC.slot("emergency_number")) in text) == shown, (code, mode, text)


# ---------------------------------------------------------------------------------------------------- faults of the file
FAULTS = {
    "no sentence": ('  say: "Solo', '  sai: "Solo', ["it has the unknown line 'sai:'", "'say:' is missing", f"'say:' does not hold {SLOT}"]),
    "no number in it": (SLOT, "999", [f"'say:' does not hold {SLOT}"]),
    "an unknown line": ('  own_name: "español"', '  ownname: "español"', ["it has the unknown line 'ownname:'"]),
    "an unknown script": ('  script: "latin"', '  script: "runes"', ["its script is none of"]),
    "no script": ('  script: "latin"\n', "", ["'script:' is missing", "its script is none of"]),
    "no name": ('  name: "Spanish"\n', "", ["'name:' is missing"]),
    "half a check": ("  checked_by: null", '  checked_by: "A. B."', ["checked_by and checked_on go together"]),
    "the other half": ("  checked_on: null", "  checked_on: 2026-10-01", ["checked_by and checked_on go together"]),
    "an English word": ('    - "pero"', '    - "the"', ["'common:' holds English words: the"]),
    "no urgent words": ("  urgent:\n", "  urgent: []\n  x:\n", ["it has the unknown line 'x:'", "'urgent:' is missing"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_file_line_and_remedy_and_the_other_languages_stay(tmp_path: Path, name: str) -> None:
    old, new, messages = FAULTS[name]
    copy = tmp_path / "languages.yml"
    copy.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    edits.replace(copy, old, new)
    blocks, problems = read_languages(copy, tmp_path)
    edits.expect(problems, "languages.yml", edits.line_of(copy, '- code: "es"'), *[f"es: {message}" for message in messages])
    assert [block["code"] for block in blocks] == list(CODES[1:]), "a faulty language is left out"
    assert Languages(blocks).urgent("nie oddycha") == "pl"


def test_a_language_that_stands_twice_is_told_at_the_second(tmp_path: Path) -> None:
    copy = tmp_path / "languages.yml"
    text = FILE.read_text(encoding="utf-8")
    start = text.index('- code: "es"')
    copy.write_text(text, encoding="utf-8")
    line = edits.append(copy, text[start : text.index('- code: "pl"')].rstrip())
    blocks, problems = read_languages(copy, tmp_path)
    edits.expect(problems, "languages.yml", line, "es: it stands twice")
    assert [block["code"] for block in blocks] == list(CODES)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [("", "no list of languages", 1), ("a: b\n", "no list of languages", 1), ("just words\n", "no list of languages", 1),
     ('- code: "es"\n  say: "a" b\n', "YAML", 2), ("- just words\n", "a language is no block", 0)],
)  # fmt: skip
def test_a_file_of_another_shape_is_told_and_knows_no_language(tmp_path: Path, text: str, message: str, line: int) -> None:
    copy = tmp_path / "languages.yml"
    copy.write_text(text, encoding="utf-8")
    blocks, problems = read_languages(copy, tmp_path)
    assert blocks == []
    edits.expect(problems, "languages.yml", line, message)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    blocks, problems = read_languages(tmp_path / "languages.yml", tmp_path)
    assert blocks == [] and [(p.file, p.message) for p in problems] == [("languages.yml", "the file is missing")] and problems[0].remedy


# What a slip of staff could make of a list, and what must not come of it: every message urgent, or a server that does not start.
SLIPS = {
    "a text, no list": ('  urgent:\n    - "dolor de pecho"\n', '  urgent: "auxilio"\n  x:\n', "urgent"),
    "a number among the emergency words": ('    - "infarto"', "    - 112", "urgent"),
    "an item left empty": ('    - "infarto"', "    -", "urgent"),
    "an empty text": ('    - "infarto"', '    - ""', "urgent"),
    "a single letter": ('    - "infarto"', '    - "a"', "urgent"),
    "a number among the everyday words": ('    - "pero"', "    - 5", "common"),
    "an everyday word left empty": ('    - "pero"', "    -", "common"),
    "a slot that does not exist": ("{emergency_number}.", "{emergency_number} {clinic_fone}.", "say"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_a_list_is_told(tmp_path: Path, name: str) -> None:
    old, new, key = SLIPS[name]
    copy = tmp_path / "languages.yml"
    text = FILE.read_text(encoding="utf-8")
    if name == "a text, no list":
        start, end = text.index("  urgent:\n"), text.index("  common:\n")
        text = f'{text[:start]}  urgent: "auxilio"\n{text[end:]}'
    else:
        text = text.replace(old, new, 1)
    copy.write_text(text, encoding="utf-8")
    blocks, problems = read_languages(copy, tmp_path)
    assert [p for p in problems if key in p.message and p.line and p.remedy], problems
    assert Languages(blocks).urgent("Can I have a massage on a Friday!") is None


def test_make_check_reads_the_file(tmp_path: Path) -> None:
    root = copy_root(tmp_path / "root")
    edits.replace(root / "data" / "safety" / "languages.yml", '  script: "latin"', '  script: "runes"')
    found = [p for p in check_all(root) if p.file.endswith("languages.yml")]
    assert len(found) == 1 and "its script is none of" in found[0].message


# ---------------------------------------------------------------------------------------------------- the real thing
SPANISH = "no puedo respirar"
POLISH = "Czy mogę iść na masaż podczas chemioterapii?"


def check_spanish(server: Server) -> None:
    sender = conversation()
    reply = server.say(SPANISH, sender)[-1]
    assert (reply["kind"], reply["red_flag"], reply["tier"]) == ("urgent", "R00", 1), reply
    first, second = reply["text"].split("\n")
    assert first.startswith("Call 999 or 112 now, or ") and "only answer in English" in first
    assert second.startswith("Solo puedo responder en inglés.") and "999 or 112" in second and "No speaker of Spanish has checked" in second
    assert reply["phone_links"][0]["href"] == "tel:999" and reply["reminder"] is None and not reply["sources"]
    assert SPANISH not in reply["text"]
    again = server.say("y ahora que hago", sender)[-1]
    assert (again["kind"], again["text"]) == ("urgent", reply["text"]), "safety mode holds the language too"


@pytest.mark.slow
def test_emergency_words_and_questions_of_another_language(server: Server) -> None:
    check_spanish(server)
    sender = conversation()
    reply = server.say(POLISH, sender)[-1]
    assert (reply["kind"], reply["topics"], reply["red_flag"]) == ("boundary", ["other_language"], None), reply
    english, polish = reply["text"].split("\n")
    assert "999" in english and "only answer in English" in english
    assert polish.startswith("Mogę odpowiadać tylko po angielsku.") and "999 or 112" in polish
    assert "chemioterapii" not in reply["text"] and reply["reminder"] is None
    assert server.say("can massage help my pain", sender)[-1]["kind"] == "answer", "an English question afterwards is answered"


@pytest.mark.slow
def test_without_a_release_the_emergency_word_still_gives_the_number(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    with Server(ROOT, models, tmp_path, wait=False) as server:
        check_spanish(server)
        reply = server.say(POLISH, conversation())[-1]
        assert (reply["kind"], reply["topics"]) == ("fallback", ["not_ready"]), reply
        assert PHONE in reply["text"] and "999" in reply["text"]
