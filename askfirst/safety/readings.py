"""Which numbers in a message are body temperatures or low sugars, and what they mean (evidence base 3.6, rule 6).

Ages, dates, phone numbers, blood results, doses, prices, weeks of pregnancy and the heat of rooms and stones are numbers
too. A number counts as a body temperature when a temperature word or a degree mark stands with it, or when it is a bare
"38.4" with nothing near that says otherwise.

Limits in degrees Celsius (Fahrenheit): fever 38.0 (100.4) and over, raised 37.5 (99.5) and over, low under 36.0 (96.8).
"""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.safety.text import Words, bag

# Groups that this module finds; pattern lists in the data file may name them.
GROUPS = {
    "temp_fever": "a body temperature of 38 C (100.4 F) or more",
    "temp_fever_maybe": "a number like 101.3 with no temperature word",
    "temp_raised": "a body temperature of 37.5 to 37.9 C (99.5 to 100.3 F)",
    "temp_low": "a body temperature under 36 C (96.8 F)",
    "temp_low_maybe": "a number like 35.4 with no temperature word",
    "temp_normal": "a body temperature in the usual range",
    "sugar_low_number": "a blood sugar under 4 mmol/l or under 70 mg/dl",
}

_CELSIUS = ("c", "celsius", "centigrade", "celcius", "cel", "oc")
_FAHRENHEIT = ("f", "fahrenheit", "farenheit", "farenheight", "fahrenheight", "of")
_DEGREE = ("degrees", "degree", "deg", "degs", "degress")
# After a number: it counts something.
_COUNTS = bag(
    "years year y yo old weeks week days day months month hours hour h minutes minute mg mcg ug ml mls l kg kgs kilos g lb lbs"
    " st stone cm mm m metres meters km miles % percent £ pounds quid dollars euros pence p pm am tablets tablet pills pill"
    " sessions session people times weeks th nd rd st out bpm over x k units unit cycles cycle beats oclock pregnant gestation"
    " patches drops doses dose mmol pints litres liters calories steps minutes points january february march april"
    " may june july august september october november december per grams gram male female man woman"
)
# Counts only in some readings ("38.1 over night", "38.1 may I come"): a temperature word outweighs it.
_WEAK_COUNTS = bag("over may march plus p x out h m l c d man woman people per points second point")
# Sizes and the like have letters too: "38c bra", "bus 38c".
_LETTERED = bag("bra bras cup size bus flat gate seat row house")
_SUGAR = bag("sugar sugars glucose bm bms bg libre")
# A number right after one of these is its number; further on it is not ("up and down all day, highest 38.7").
_NUMBERED_THINGS = bag("day week cycle round session bed ward room row number size bus age aged page version year")
_NUMBERED = bag("day week cycle month session")
_FILLER_BEFORE = bag("is are was were of at about around only now came back my the result reading just it a to up")
_MONEY = bag("£ cost costs price prices priced pay paid pays charge charged charges fee fees worth pounds")
_OWN_AGE = bag("am aged age turned turning")
_OVER = bag("over above past exceeded reached")
_NOT = bag("not never isnt hasnt havent wasnt doesnt didnt wont")
_NOT_OVER = bag("below under")


def find(
    words: Words, temperature: set[int], other_heat: set[int], other_number: set[int]
) -> Iterable[tuple[str, int, int]]:
    """(group, first word, word after the last) for each body temperature.

    `temperature`, `other_heat` and `other_number` hold the places of words of the groups temperature_words, heat_of_things
    and numbers_of_other_things.
    """
    for i, value in enumerate(words.values):
        if value is None or value >= 420:
            continue
        if (value < 4 or 20 <= value < 70) and _sugar(words, i, value):
            yield "sugar_low_number", i, i + 1
        if value < 30:
            continue
        found = _one(words, i, value, temperature, other_heat, other_number)
        if found:
            yield found


def _one(
    words: Words, i: int, value: float, temperature: set[int], other_heat: set[int], other_number: set[int]
) -> tuple[str, int, int] | None:
    text, n = words.words, len(words)
    figure = text[i]
    decimals = len(figure.partition("." if "." in figure else ",")[2]) if figure[0].isdigit() else 0
    end = i + 1
    unit = ""

    def after(k: int) -> str:
        return text[k] if k < n and words.breaks[k] < 2 else ""

    near_before = _last(temperature, i - 8, i - 1)
    near_after = _first(temperature, i + 1, i + 5)
    explicit = near_before is not None or near_after is not None
    # "temp 38 4" is 38.4, "temp 384" too; "temp 38 4 days ago" is 38.
    if near_before is not None and decimals == 0:
        follower = words.values[i + 1] if i + 1 < n else None
        if 34 <= value <= 42 and follower is not None and len(after(end)) == 1 and after(end + 1) not in _COUNTS:
            value += follower / 10
            end += 1
        elif 360 <= value < 420 and i - near_before <= 3:
            value /= 10
    if value >= 120:
        return None
    if after(end) in ("point", "dot") and end + 1 < n and words.values[end + 1] is not None:
        value += (words.values[end + 1] or 0) / 10
        end += 2
    if after(end) in _DEGREE:
        unit = "degrees"
        end += 1
    if after(end) in _CELSIUS:
        unit = "c"
        end += 1
    elif after(end) in _FAHRENHEIT and (value >= 90 or unit) and after(end) + after(end + 1) not in ("ofthe", "ofmy"):
        unit = "f"
        end += 1
    if not unit and _counts(words, end) and not (explicit and (decimals == 1 or after(end) in _WEAK_COUNTS)):
        return None
    before = text[i - 1] if i and words.breaks[i] < 2 else ""
    if before in _OVER and any(text[k] in _NOT for k in range(max(0, i - 4), i - 1)):
        return None  # "it has not gone above 38"
    if before in _NOT_OVER or (before == "than" and i > 1 and text[i - 2] in ("less", "lower")):
        return None
    if any(text[k] in _MONEY for k in range(max(0, i - 4), min(n, i + 4))) and not explicit and not unit:
        return None
    if decimals == 0 and not unit and near_before is None and _own_age(text, i):
        return None

    # Whose heat is it? A word for a thing's heat that stands closer than the temperature word wins.
    thing = _last(other_heat, max(i - 8, words.sentence_start(i)), i - 1)
    if thing is None:
        thing = _first(other_heat, i + 1, min(i + 6, words.sentence_end(i) - 1))
    if thing is not None:
        own = near_before is not None and i - near_before <= 3 and not (near_before - 1 <= thing < i)
        own = own and _first(other_heat, (near_before or 0) + 1, (near_before or 0) + 4) in (None, *range(i, n))
        if not own:
            return None
    # Blood results, doses, day numbers: the word just before the number, fillers aside.
    if unit in ("c", "f") and not explicit and _LETTERED & set(text[max(0, i - 3) : end + 2]):
        return None
    k = i - 1
    while k >= 0 and i - k <= 4 and text[k] in _FILLER_BEFORE and words.breaks[k + 1] < 2:
        k -= 1
    if k in other_number and words.breaks[k + 1] < 2 and not unit:
        return None
    lab = _last(other_number, i - 5, i - 1)
    if (
        lab is not None
        and text[lab] not in _NUMBERED_THINGS
        and not unit
        and (near_before is None or lab > near_before)
        # "Platelets: 38" is one thought, "ANC low, T 38.3" is two.
        and not any(words.breaks[k] for k in range(lab + 2, i + 1))
        and words.breaks[lab + 1] < 2
    ):
        return None

    if 30 <= value <= 43.5 and unit != "f":
        sort = "fever" if value >= 38 else "raised" if value >= 37.5 else "low" if value < 36 else "normal"
    elif 90 <= value <= 110 and unit != "c":
        sort = "fever" if value >= 100.4 else "raised" if value >= 99.5 else "low" if value < 96.8 else "normal"
    else:
        return None
    if explicit or (unit and value >= 34):
        return f"temp_{sort}", i, end
    if decimals != 1 or sort == "normal" or (words.breaks[i + 1] == 0 and _counts(words, i + 1)):
        return None
    if value < 50:
        if sort == "low":
            return ("temp_low_maybe", i, end) if value >= 34 else None
        return f"temp_{sort}", i, end
    return ("temp_fever_maybe", i, end) if sort == "fever" else None


def _sugar(words: Words, i: int, value: float) -> bool:
    """Whether the number is a blood sugar, low in mmol/l (a figure with a decimal) or in mg/dl."""
    text = words.words
    for k in range(max(0, i - 4), i):
        if text[k] in _SUGAR and all(words.breaks[j] < 2 for j in range(k + 1, i + 1)):
            return (value >= 20 or "." in text[i] or "," in text[i]) and not _counts(words, i + 1)
    return False


def _counts(words: Words, k: int) -> bool:
    """Whether the word at k says what the number before it counts. "38.4 day 9" counts nothing, "38 days" does."""
    if k >= len(words) or words.breaks[k] >= 2 or words.words[k] not in _COUNTS:
        return False
    return not (words.words[k] in _NUMBERED and words.values[k + 1 : k + 2] not in ([], [None]))


def _own_age(text: list[str], i: int) -> bool:
    return any(text[k] in _OWN_AGE for k in range(max(0, i - 2), i)) or (
        i > 1 and text[i - 1] == "is" and text[i - 2] in ("he", "she")
    )


def _last(places: set[int], low: int, high: int) -> int | None:
    for k in range(high, max(low, 0) - 1, -1):
        if k in places:
            return k
    return None


def _first(places: set[int], low: int, high: int) -> int | None:
    for k in range(max(low, 0), high + 1):
        if k in places:
            return k
    return None
