"""Names in texts: what is found, what is not, and what is denied."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from askfirst.nlu.names import MIN_FUZZY, NameFinder, _stem, english_words, one_edit_apart, split_words

NAMES = {
    "port": ["port", "port-a-cath", "Hickman line"],
    "swelling": ["lymphoedema", "lymphedema", "lymph oedema", "swollen arm"],
    "thinner": ["warfarin", "apixaban", "blood thinner"],
    "platelets": ["low platelets", "platelets", "low platelet count"],
    "leg": ["leg", "leg clot"],
    "crohns": ["Crohn's disease", "crohns"],
    "headache": ["headache", "biopsy", "skin patch", "rash"],
    "fever": ["fever", "infection"],
    "hot_stone": ["hot stone", "hot stones"],
    "d3": ["vitamin D3", "5-FU", "HER2"],
}
FINDER = NameFinder(NAMES)


def keys(text: str, finder: NameFinder = FINDER) -> list[str]:
    return [f.key for f in finder.find(text) if not f.negated]


def denied(text: str, finder: NameFinder = FINDER) -> list[str]:
    return [f.key for f in finder.find(text) if f.negated]


# --- spelling


@pytest.mark.parametrize(
    "text, key",
    [
        ("I HAVE LYMPHOEDEMA", "swelling"),
        ("Lymphoedema", "swelling"),
        ("lYmPhOeDeMa?", "swelling"),
        ("my hickman line is sore", "port"),
        ("a HICKMAN-LINE", "port"),
        ("port a cath", "port"),
        ("the Port-A-Cath.", "port"),
        ("lymph-oedema", "swelling"),
        ("lymph/oedema", "swelling"),
        ("lymph  oedema", "swelling"),
        ("lymph\noedema", "swelling"),
        ("'port'", "port"),
        ("(warfarin)", "thinner"),
        ("warfarin/aspirin", "thinner"),
        ("warfarin,apixaban", "thinner"),
        ("#port", "port"),
        ("port👍", "port"),
        ("vitamin-d3", "d3"),
        ("5FU or 5-fu", "d3"),
        ("her2", "d3"),
    ],
)
def test_any_case_hyphen_or_sign_around(text: str, key: str) -> None:
    assert key in keys(text)


@pytest.mark.parametrize(
    "text, key",
    [
        ("ports", "port"),
        ("hickman lines", "port"),
        ("my leg's swollen", "leg"),
        ("legs", "leg"),
        ("the port's site", "port"),
        ("the port’s site", "port"),
        ("blood thinners", "thinner"),
        ("swollen arms", "swelling"),
        ("low platelet", "platelets"),
        ("crohn's", "crohns"),
        ("Crohn’s disease", "crohns"),
        ("headaches", "headache"),
        ("biopsies", "headache"),
        ("skin patches", "headache"),
        ("rashes", "headache"),
        ("infections", "fever"),
    ],
)
def test_plurals_and_possessives(text: str, key: str) -> None:
    assert keys(text) == [key]


@pytest.mark.parametrize(
    "listed, written",
    [("allergies", "allergy"), ("stitches", "stitch"), ("ache", "aches"), ("abscess", "abscesses"), ("movie", "movies"), ("bus", "bus"), ("sepsis", "sepsis"), ("diabetes", "diabetes"), ("axe", "axes"), ("sneeze", "sneezes")],
)  # fmt: skip
def test_singular_finds_plural_and_the_other_way(listed: str, written: str) -> None:
    assert keys(f"my {written} again", NameFinder({"x": [listed]})) == ["x"]
    assert keys(f"my {listed} again", NameFinder({"x": [written]})) == ["x"]


@pytest.mark.parametrize("text", ["lass", "the boss", "this", "gas", "us", "bus", "is it"])
def test_an_s_that_is_no_plural_stays(text: str) -> None:
    finder = NameFinder({"x": ["las", "bos", "thi", "ga", "u", "bu", "i"]})
    assert keys(text, finder) == []


@pytest.mark.parametrize("text", ["airport", "reporting", "portal", "import", "supported", "legal", "delegate", "port2", "2port"])
def test_a_name_inside_another_word_is_none(text: str) -> None:
    assert keys(text) == []


# --- typing errors


@pytest.mark.parametrize(
    "text, key",
    [
        ("warfrin", "thinner"),  # left out
        ("warffarin", "thinner"),  # doubled
        ("warfarim", "thinner"),  # another letter
        ("wafrarin", "thinner"),  # swapped
        ("apixiban", "thinner"),
        ("lymphodema", "swelling"),  # one error from two spellings of one thing
        ("hickmann line", "port"),
        ("Plateletts", "platelets"),
        ("blood thiners", "thinner"),
        ("infecton", "fever"),
        ("feveer", "fever"),
    ],
)
def test_one_typing_error_in_a_long_word(text: str, key: str) -> None:
    found = FINDER.find(f"my {text} now")
    assert [f.key for f in found] == [key]
    assert found[0].fuzzy


@pytest.mark.parametrize(
    "text",
    [
        "let me ask", "Let me know", "lag", "beg", "lego", "por", "prot", "pert", "porr",  # short words: never
        "warfrn", "lmphoedma", "apxbn",  # two errors
        "never", "forever", "lever", "favor", "fewer", "injection",  # English words
        "hot store", "hot tone",
    ],
)  # fmt: skip
def test_what_is_no_typing_error(text: str) -> None:
    assert keys(text) == []


def test_exactly_written_is_not_fuzzy() -> None:
    assert [f.fuzzy for f in FINDER.find("Warfarin's and PLATELETS, hot stones")] == [False, False, False]


def test_an_error_that_leaves_two_things_open_finds_neither() -> None:
    finder = NameFinder({"a": ["zorbalix"], "b": ["zorbanix"]})
    assert keys("zorbarix", finder) == []
    assert keys("zorbalix", finder) == ["a"]
    assert keys("zorbanix", finder) == ["b"]


def test_an_error_open_between_a_long_and_a_short_name_finds_what_is_sure() -> None:
    finder = NameFinder({"a": ["low zorbalix"], "b": ["low zorbanix"], "c": ["low"]})
    assert keys("low zorbarix", finder) == ["c"]


def test_the_word_list_holds_usual_english() -> None:
    words = english_words()
    assert {"let", "me", "never", "injection", "library", "house"} <= words
    assert not words & {"", "a", "##ing", "[UNK]", "lymphoedema", "apixaban"}
    assert 20_000 < len(words) < 30_000


# --- which name


def test_the_longest_name_wins_and_names_do_not_overlap() -> None:
    found = FINDER.find("low platelet count and a leg clot, platelets and leg")
    assert [(f.key, f.name) for f in found] == [
        ("platelets", "low platelet count"), ("leg", "leg clot"), ("platelets", "platelets"), ("leg", "leg"),
    ]  # fmt: skip


def test_offsets_are_those_of_the_text() -> None:
    text = "İstanbul: my PORT-A-CATH’s fine; Blood\tThinners?"
    assert [text[f.start : f.end] for f in FINDER.find(text)] == ["PORT-A-CATH’s", "Blood\tThinners"]


def test_not_in_phrases_hide_the_names_inside_them_only_there() -> None:
    finder = NameFinder(NAMES, {"port": ["port wine", "Portsmouth"], "leg": ["support your leg"]})
    assert keys("a port wine stain", finder) == []
    assert keys("PORT-WINES", finder) == []
    assert keys("how to support your leg", finder) == []
    assert keys("port wine near my port", finder) == ["port"]
    assert keys("my leg", finder) == ["leg"]
    assert keys("wine port", finder) == ["port"]


def test_a_not_in_phrase_hides_the_names_of_its_own_entry_and_no_others() -> None:
    """"No heart attack" says nothing of a condition; the attack may still be what another entry is about."""
    names = {"port": ["port"], "wine": ["port wine"], "stain": ["wine stain"]}
    assert keys("a port wine stain", NameFinder(names, {"port": ["port wine"]})) == ["wine", "stain"]
    assert keys("a port wine stain", NameFinder(names, {"wine": ["port wine"]})) == ["port", "stain"]
    assert keys("a port wine stain", NameFinder(names, {"port": ["port wine"], "wine": ["port wine"]})) == ["stain"]
    assert keys("a port wine stain", NameFinder(names, {"nobody": ["port wine stain"]})) == ["wine", "stain"]


def test_one_entry_may_have_several_not_in_phrases_that_overlap() -> None:
    finder = NameFinder({"port": ["port", "airport lounge"]}, {"port": ["port wine", "wine port glass"]})
    assert keys("port wine port glass", finder) == []
    assert keys("wine port", finder) == ["port"]


def test_nothing_listed_finds_nothing() -> None:
    assert NameFinder({}).find("port") == []
    assert NameFinder({"x": [], "y": ["", "!?", "  "]}, {"x": ["", "-"], "z": []}).find("port !? ") == []


# --- names that share words

SHARED = {
    "foot_massage": ["massage * feet", "foot massage"],
    "numb": ["numb feet", "numb hands"],
    "sore_port": ["sore port"],
    "stain": ["port wine", "port wine stain"],
    "wine": ["wine"],
}
SHARING = NameFinder(SHARED)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("massage my numb feet", ["foot_massage", "numb"]),  # each has a word of its own
        ("massage numb feet", ["foot_massage", "numb"]),
        ("can you massage her poor numb feet", ["foot_massage", "numb"]),
        ("numb feet, massage", ["numb"]),
        ("my sore port wine", ["sore_port", "stain"]),
        ("port wine stain", ["stain"]),  # all words of "wine" and of "port wine" stand in the longer name
        ("port wine and wine", ["stain", "wine"]),
        ("numb hands feet", ["numb"]),
        ("numb feet and numb hands", ["numb", "numb"]),
    ],
)
def test_names_that_share_words_are_both_found_when_each_has_a_word_of_its_own(text: str, found: list[str]) -> None:
    assert keys(text, SHARING) == found


def test_two_names_of_one_thing_that_share_a_word_are_one_finding() -> None:
    finder = NameFinder({"x": ["sore port", "port wine"]})
    assert [(f.key, f.name) for f in finder.find("my sore port wine")] == [("x", "sore port")]


def test_a_denied_name_that_shares_words_with_a_kept_one_keeps_that() -> None:
    finder = NameFinder({"a": ["sore port"], "b": ["port wine"]})
    assert denied("no sore port wine", finder) == ["a"]
    assert keys("no sore port wine", finder) == ["b"]


def test_two_entries_with_the_same_name_give_one_finding() -> None:
    """`make check` refuses such names; reading them must not say two things of one word."""
    assert len(NameFinder({"a": ["port"], "b": ["port"]}).find("my port")) == 1


# --- denial


@pytest.mark.parametrize(
    "text, key",
    [
        ("I do not have a port", "port"),
        ("I don't have a port", "port"),
        ("I don’t have a port", "port"),
        ("i dont have any lymphoedema", "swelling"),
        ("no lymphoedema", "swelling"),
        ("No lymphoedema, thank you", "swelling"),
        ("not on warfarin", "thinner"),
        ("I'm not taking any blood thinners", "thinner"),
        ("she doesn't have a Hickman line", "port"),
        ("she hasn't got a port", "port"),
        ("never had a leg clot", "leg"),
        ("without fever", "fever"),
        ("I have no real fever", "fever"),
        ("no low platelets", "platelets"),
        ("it is not lymphedema", "swelling"),
        ("NO PORT", "port"),
        ("non-port", "port"),
        ("no ports", "port"),
        ("I ain't got a port", "port"),
        ("no warfrin", "thinner"),
        ("no lymphoedema. Nurse told me", "swelling"),
    ],
)
def test_denied(text: str, key: str) -> None:
    assert denied(text) == [key]
    assert keys(text) == []


@pytest.mark.parametrize(
    "text, expected",
    [
        ("no fever or infection", ["fever", "fever"]),
        ("I have no port or any lymphoedema", ["port", "swelling"]),
        ("neither fever nor infection", ["fever", "fever"]),
        ("no port or lymphoedema or warfarin", ["port", "swelling", "thinner"]),
    ],
)
def test_one_no_for_several(text: str, expected: list[str]) -> None:
    assert denied(text) == expected
    assert keys(text) == []


@pytest.mark.parametrize(
    "text, key",
    [
        ("no lymphoedema nurse", "swelling"),
        ("I have no lymphoedema nurses near me", "swelling"),
        ("there is no port clinic", "port"),
        ("no port problems", "port"),
        ("no leg pain", "leg"),
        ("no pain but I have a port", "port"),
        ("no. lymphoedema is what I have", "swelling"),
        ("I have not had any. The port is sore", "port"),
        ("no, lymphoedema", "swelling"),
        ("No - warfarin", "thinner"),
        ("no\nport", "port"),
        ("no! port", "port"),
        ("no (port)", "port"),
        ("no my port is fine", "port"),
        ("no the port is sore", "port"),
        ("I haven't had my port out yet", "port"),
        ("not sure if I have a port", "port"),
        ("not only a port", "port"),
        ("no idea, I take warfarin", "thinner"),
        ("I can not feel it. port", "port"),
        ("should I not take warfarin before", "thinner"),
        ("can I not have hot stones", "hot_stone"),
        ("why not hot stones?", "hot_stone"),
        ("no hair and low platelets", "platelets"),
        ("nothing but a port", "port"),
        ("I know port", "port"),
        ("I do not want a massage on my port", "port"),
    ],
)
def test_kept(text: str, key: str) -> None:
    """A wrong denial would drop what the person has."""
    assert keys(text) == [key]
    assert denied(text) == []


@pytest.mark.parametrize(
    "text, has, lacks",
    [
        ("no port but lymphoedema", ["swelling"], ["port"]),
        ("not on warfarin, I have a port", ["port"], ["thinner"]),
        ("I have a port or no lymphoedema", ["port"], ["swelling"]),
        ("on warfarin not on apixaban", ["thinner"], ["thinner"]),
        ("lymphoedema or fever, no port", ["swelling", "fever"], ["port"]),
        ("no fever. Or infection?", ["fever"], ["fever"]),
        ("no port, lymphoedema yes", ["swelling"], ["port"]),
    ],
)
def test_some_kept_and_some_denied(text: str, has: list[str], lacks: list[str]) -> None:
    assert keys(text) == has
    assert denied(text) == lacks


# --- properties

NAME_PAIRS = [(key, name) for key, names in NAMES.items() for name in names]
# Words that deny nothing and begin or end no name, in several scripts.
FILLER = st.lists(
    st.one_of(
        st.sampled_from(["hello", "I", "have", "had", "my", "the", "and", "with", "since", "Tuesday", "massage", "can", "over", "?", "12", "-"]),
        st.sampled_from(["привет", "مرحبا", "漢字", "👍", "İ", "ß", "ﬁ", "_", "…", "!!", "\u202e", "\0", "'", "’"]),
    ),
    max_size=8,
)  # fmt: skip
SPACE = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", ", ", " (", ") "])
DISGUISE = st.sampled_from([str, str.upper, str.title, lambda n: n.replace(" ", "-"), lambda n: n.replace("-", " "), lambda n: n.replace("'", "’")])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(NAME_PAIRS), FILLER, FILLER, SPACE, SPACE, DISGUISE)
def test_a_name_in_any_filler_is_found_where_it_stands(pair, before, after, left, right, disguise) -> None:
    key, name = pair
    written = disguise(name)
    start = " ".join(before) + left
    text = start + written + right + " ".join(after)
    found = [f for f in FINDER.find(text) if f.key == key and f.start == len(start)]
    assert found, text
    assert found[0].end >= len(start + written)
    assert not found[0].negated, text


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([n for _, n in NAME_PAIRS if max(map(len, re.findall(r"\w+", n))) > MIN_FUZZY]), st.data())
def test_one_slip_in_a_long_word_is_forgiven_unless_it_makes_another_word(name: str, data: st.DataObject) -> None:
    word = max(re.findall(r"\w+", name.lower()), key=len)
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrtuvwxyz"))  # no s: it would be read as a plural
    slips = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    slip = data.draw(st.sampled_from(slips))
    assume(len(_stem(slip)) >= MIN_FUZZY and slip not in english_words() and one_edit_apart(_stem(slip), _stem(word)))
    assume(not {_stem(slip), _stem(slip) + "e"} & english_words())
    key = next(k for k, names in NAMES.items() if name in names)
    assert key in keys(name.lower().replace(word, slip)), slip


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
@example("İ" * 50 + " port")
@example("no " * 100 + "port")
@example("\ud83d port \udc00")
@example("'’'’")
@example("port" * 1000)
def test_any_text_is_read_without_error_and_offsets_fit(text: str) -> None:
    found = NameFinder(NAMES, {"port": ["port wine"]}).find(text)
    last = 0
    for f in found:
        assert last <= f.start < f.end <= len(text)
        assert text[f.start : f.end] == text[f.start : f.end].strip()
        assert f.key in NAMES and f.name in NAMES[f.key]
        last = f.end


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([w for names in SHARED.values() for n in names for w in n.split() if w != "*"] + ["my", "and", "no"]), max_size=8).map(" ".join))
def test_of_names_that_share_words_no_one_lies_inside_another_and_all_stand_in_order(text: str) -> None:
    found = SHARING.find(text)
    assert [f.start for f in found] == sorted(f.start for f in found)
    assert len({(f.key, f.start) for f in found}) == len(found)
    for one in found:
        for other in found:
            # A gap ("massage * feet") holds words that are not the name's own: only names without one are compared.
            if one is not other and "*" not in other.name:
                assert not (other.start <= one.start and one.end <= other.end), (text, one, other)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(min_size=1, max_size=5), st.lists(st.text(alphabet=st.characters(), max_size=12), max_size=4), max_size=5),
    st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=8), max_size=3), max_size=3),
    st.text(alphabet=st.characters(), max_size=80),
)
def test_any_list_of_names_can_be_held(names: dict[str, list[str]], not_in: dict[str, list[str]], text: str) -> None:
    for f in NameFinder(names, not_in).find(text):
        assert 0 <= f.start < f.end <= len(text)
        assert f.name in names[f.key]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcdeé", max_size=8), st.text(alphabet="abcdeé", max_size=8))
def test_distance_one_is_edit_distance_with_swaps(a: str, b: str) -> None:
    """Against the plain definition."""
    letters = "abcdeé"
    near = {a}
    for i in range(len(a) + 1):
        near |= {a[:i] + c + a[i:] for c in letters}
        near |= {a[:i] + c + a[i + 1 :] for c in letters} | {a[:i] + a[i + 1 :]}
        if i + 1 < len(a):
            near.add(a[:i] + a[i + 1] + a[i] + a[i + 2 :])
    assert one_edit_apart(a, b) == (b in near) or len(b) > len(a) + 1


@pytest.mark.parametrize("text", ["Don’t stop-it, it's 5mg", "a_b", ""])
def test_words_carry_their_places(text: str) -> None:
    for word, start, end in split_words(text):
        assert text[start:end].lower().replace("’", "'") == word
    assert [w for w, _, _ in split_words("Don’t stop-it, it's 5mg a_b")] == ["don't", "stop", "it", "it's", "5mg", "a", "b"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("can I rub my dad's sore feet", ["feet"]),
        ("rub feet", ["feet"]),
        ("rub the cream on his poor old tired feet", []),
        ("rub. feet", ["feet"]),
        ("my feet rub", []),
        ("rub", []),
    ],
)
def test_a_gap_stands_for_up_to_three_words(text: str, found: list[str]) -> None:
    assert [f.key for f in NameFinder({"feet": ["rub * feet"]}).find(text)] == found
