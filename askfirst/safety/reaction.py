"""How a person reacts to an urgent reply: they called, want the number again, it was a mistake, they will wait, or cannot call.

Read from the words alone, without a model: safety mode must work when nothing else does (evidence base 3, "Behaviour", 3.6 rule
12, 5.20 and 5.21). Only short statements count: "is it a mistake to have a massage?" is no way out.
"""

from __future__ import annotations

import re

CALLED, NUMBER, MISTAKE, WILL_WAIT, CANNOT_CALL, NO_ANSWER = "called", "number", "mistake", "will_wait", "cannot_call", "no_answer"
MAX_WORDS = 20
# What people put off has its reasons, and they take more words.
MAX_WORDS_WAITING = 40

# Whom they called: "I called my sister" and "called in sick" are no help.
_HELP = (
    r"(?:them|it|999|911|112|111|000|an? ambulance|ambulance|(?:the|my|our|that|your) (?:\w+ )?(?:hospital|ward|line|helpline|hotline|team|nurse|doctor|dr|gp|ambulance|number|unit|clinic|hospice|oncologist|surgery)"
    r"|hospital|the number|emergency|emergency services|for help|for an ambulance|samaritans|my mum's team)"
)
_CALLED = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yep|thanks|thank you|done)\W+)*(?:i(?:'ve| have|ve)?\s+|we(?:'ve| have|ve)?\s+|(?:she|he|mum|dad|my \w+)(?:'s| has)?\s+)?"
    rf"(?:already\s+|just\s+|now\s+)?(?:called|phoned|rang|rung|spoken to|spoke to)(?:\W*$|\W+(?:and|now|already|just now|they|thanks|thank you)\b|\s+{_HELP}\b)(?!.*\b(?:no|not|nobody|didn't|engaged|but)\b).{{0,60}}$"
    r"|\b(?:ambulance|paramedics?) (?:is|are|'s|'re)?\s*(?:on (?:the|its|their) way|coming|here)\b|\b(?:they|help)(?:'re| are| is)? (?:on (?:the|their|its) way|coming now)\b"
    r"|^\W*(?:i am|i'm|im|we are|we're) (?:calling|ringing|phoning) (?:now|them)\b|^\W*(?:i am|i'm|im|we are|we're) on (?:the phone|hold) (?:with|to)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bnumber\b.{0,20}\bagain\b|\b(?:what(?:'s| is|s)?|which|give me|send me|repeat)\s+(?:is\s+)?(?:the|that)?\s*number\b|^\W*(?:the\s+)?number\W*$"
    r"|\bwho (?:do|should|shall) i (?:call|ring|phone)\b",
    re.IGNORECASE,
)
_MISTAKE = re.compile(
    r"^\W*(?:sorry\W+|oops\W+|no\W+)*(?:a |my )?mistake\W*(?:sorry)?\W*$|\b(?:it|that|this)(?:'s| was| is|s)? (?:just |only )?(?:a |my )?mistake\b|\bby mistake\b|\bi made a mistake\W*$"
    r"|\b(?:false|wrong) alarm\b|\b(?:press|click|tapp|hit|sent|wrote|typ|touch)\w* (?:\w+ )?(?:\w+ )?by accident\b|^\W*(?:by )?accident\W*$|^\W*by accident\W*(?:sorry)?\W*$"
    r"|^\W*(?:\w+\W+){0,4}(?:i(?:'m| am|m)|we(?:'re| are)) safe\b|\byou (?:got|have|'ve got) (?:me|that|it) wrong\b|\bmisunderst",
    re.IGNORECASE,
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LATER = rf"(?:the )?(?:morning|tomorrow|tmrw|tomoz|later|{_DAY}|next week|my (?:next )?appointment|the (?:weekend|nurse)|it's light|they open|clinic)"
_WILL_WAIT = re.compile(
    r"\b(?:i(?:'ll| will|'d rather| would rather|'m going to| am going to|'m gonna|ll| think i(?:'ll| will))|we(?:'ll| will)|ill|i|gonna|going to|prefer to|rather|can(?:'t)? i just|just)\b"
    r".{0,20}\b(?:wait|waiting|leave it|see how (?:it|i|he|she)|sleep on it|sleep it off|hold off|hang on|sit tight|monitor it|keep an eye|give it (?:a |an |some |time|until|till))"
    rf"|\b(?:wait|leave it|holding? off|hold on)\b.{{0,15}}\b(?:till|til|until|untill|for) {_LATER}\b"
    rf"|\b(?:till|til|until|untill) {_LATER}\W*$"
    r"|\b(?:don'?t|do not|didn'?t|wouldn'?t|hate|not|rather not|no need|needn'?t|wont|won'?t)\b.{0,12}\b(?:bother|bothering|trouble|troubling|disturb|waste|wasting|make a fuss|be a (?:nuisance|burden|pain|bother)|want to (?:call|ring|phone|go)|wanna (?:call|ring|go)|like to (?:call|ring|bother)|calling|ringing|phoning|phone them|call them|ring them|going to (?:call|ring|hospital|a&e))"
    r"|\b(?:it|this|that)(?:'s| is|s)? not (?:an |a |that |really )?(?:emergency|urgent|serious)\b"
    r"|\b(?:they(?:'re| are)|nurses? (?:are|is)|ward is|everyone is|a&e is)\b.{0,12}\b(?:busy|rushed|full|packed|closed)\b"
    rf"|\bit(?:'s| is|s)? (?:only |just )?(?:the )?(?:weekend|{_DAY}|night(?:[ -]?time)?|middle of the night|late|bank holiday|christmas|too late|early)\b"
    r"|\b(?:it'?s|its|probably|surely) (?:probably )?(?:nothing|not that bad|not serious|just (?:a|the|my) \w+)\W*$",
    re.IGNORECASE,
)
_CANNOT_CALL = re.compile(
    r"\b(?:can'?t|cannot|can not|unable to|not able to|couldn'?t|how (?:do|can) i)\b.{0,18}\b(?:call|phone|ring|speak|talk|hear|dial)\b(?!.{0,25}\bbecause (?:it|they))"
    r"|\b(?:no|without|don'?t have (?:a|any)|not got (?:a|any)|haven'?t (?:a|any)|run out of|out of|lost my)\s+(?:\w+\s)?(?:phone|credit|signal|battery|minutes|mobile|voice|reception)\b"
    r"|\b(?:i'?m|i am|im|he'?s|she'?s|he is|she is) (?:\w+\s)?(?:deaf|mute|hard of hearing|non[- ]?verbal|alone and can)"
    r"|\b(?:don'?t|do not|can'?t|cannot|not) speak (?:\w+\s)?(?:english|the language)\b|\bmy english\b.{0,12}\b(?:bad|poor|not good)\b|\bneed (?:an )?interpreter\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"\b(?:no ?(?:one|body|answer|reply|response)|nobody|not|isn'?t|aren'?t|don'?t|doesn'?t|didn'?t|won'?t)\b.{0,20}\b(?:answer|answers|answered|answering|pick(?:s|ed|ing)? up|reply|respond|replying)\b"
    r"|\b(?:no answer|engaged|line is busy|busy tone|voicemail|answerphone|answer ?machine|on hold for|been on hold|can'?t get through|cannot get through|couldn'?t get through|rang out|keeps ringing|ringing out)\b",
    re.IGNORECASE,
)


def reaction(text: str) -> str | None:
    """What a message says about calling: one of the constants above, or None.

    Args: text, raw. A question counts only where it asks for the number.
    """
    text = " ".join(text.replace("\u2019", "'").split())
    words = len(text.split())
    if words <= MAX_WORDS_WAITING:
        if _NO_ANSWER.search(text):
            return NO_ANSWER
        if _CANNOT_CALL.search(text):
            return CANNOT_CALL
    if words > MAX_WORDS_WAITING:
        return None
    if words <= MAX_WORDS and _NUMBER.search(text):
        return NUMBER
    if words <= MAX_WORDS and "?" not in text:
        if _MISTAKE.search(text):
            return MISTAKE
        if _CALLED.search(text):
            return CALLED
    return WILL_WAIT if _WILL_WAIT.search(text) else None
