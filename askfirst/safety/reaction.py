"""How a person reacts to an urgent reply: they called, want the number again, it was a mistake, they will wait, or cannot call.

Read from the words alone, without a model: safety mode must work when nothing else does (evidence base 3, "Behaviour", 3.6 rule
12, 5.20 and 5.21). Only short statements count: "is it a mistake to have a massage?" is no way out. What ends safety mode (called,
mistake) is read strictly, what repeats the number is not: "I don't think I'm safe" and "I took two by mistake" end nothing.
"""

from __future__ import annotations

import re

from askfirst.safety.lexicon import Lexicon

CALLED, NUMBER, MISTAKE, WILL_WAIT, CANNOT_CALL, NO_ANSWER = "called", "number", "mistake", "will_wait", "cannot_call", "no_answer"
MAX_WORDS = 20
# What people put off has its reasons, and they take more words.
MAX_WORDS_WAITING = 40
# A row of a thousand dots is one word; nothing this long is a short statement.
MAX_CHARS = 400

# Words that are also read with one slip of the keyboard, and short ones that are often mistyped.
_MEANT = (
    "called phoned number mistake accident answer answers answered answering please again phone wait waiting morning tomorrow"
    " bother emergency urgent engaged voicemail hospital credit signal battery speak pressed"
).split()
_SLIPS = Lexicon({"said": _MEANT}, not_slips=_MEANT)
_SHORT = {"teh": "the", "hav": "have", "wiat": "wait", "wil": "will", "thru": "through", "noone": "no one", "caled": "called", "cannt": "cannot", "isnt": "isn't", "aint": "isn't"}
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
# Whom they called: "I called my sister", "called in sick" and "called the massage clinic" are no help.
_HELP = (
    r"(?:them|it(?=\W*$)|999|911|112|111|000|an? ambulance|ambulance"
    r"|(?:the|my|our|that|your|his|her) (?!(?:[\w-]+ )?(?:massage|spa|beauty|salon)\b)(?:[\w'-]+ ){0,3}(?:hospital|ward|line|helpline|hotline|team|nurse|doctor|dr|gp|ambulance|number|unit|clinic|hospice|oncologist|surgery)"
    r"|hospital|the number|emergency|emergency services|for help|for an ambulance|samaritans)"
)
# A call that helped nothing, was about massage, or was made at another time.
_NO_HELP = rf"(?!.*\b(?:no|not|nobody|didn't|engaged|but|massage\w*|yesterday|last \w+|the other day|(?:days?|weeks?|months?|years?) ago|on {_DAY})\b)"
_CALLED = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yep|hi|hello|thanks|thank you|done)\W+)*(?:i(?:'ve| have|ve| did)?\s+|we(?:'ve| have|ve| did)?\s+|(?:she|he|mum|dad|my \w+)(?:'s| has)?\s+)?"
    rf"(?:already\s+|just\s+|now\s+)?(?:called|phoned|rang|rung|spoken to|spoke to|(?<=did )(?:call|ring|phone))(?:\W*$|\W+(?:and|now|already|just now|they|thanks|thank you)\b|\s+{_HELP}\b){_NO_HELP}.{{0,60}}$"
    # "Is an ambulance coming" and "I hope they are on their way" are asked of somebody who has called nobody.
    r"|^(?!\W*(?:is|are|when|will|why|where|how|what|do|does|did|if|can|could|should|has|have|was|no)\b)(?!.*\b(?:hope|if|whether|not|unless|until|wish|would|should|you)\b)"
    r".{0,60}\b(?:(?:ambulance|paramedics?) (?:is |are |'s |'re )?(?:on (?:the|its|their) way|coming|here)|(?:they|help)(?:'re| are| is) (?:on (?:the|their|its) way|coming now))\b"
    r"|^\W*(?:(?:i am|i'm|im|we are|we're|just|still) )*waiting for (?:the |an |my )?(?:ambulance|paramedics?)\b"
    rf"|^\W*(?:i am|i'm|im|we are|we're) (?:calling|ringing|phoning) (?:now|them)\b|^\W*(?:i am|i'm|im|we are|we're) on the phone (?:with|to) (?:{_HELP}|an? (?:\w+ )?(?:nurse|doctor|paramedic))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bnumber\b(?! of).{0,20}\bagain\b|\b(?:what(?:'s| is|s)?|which|give me|send me|repeat)\s+(?:is\s+)?(?:the|that)?\s*(?:phone )?number\b(?! of (?!(?:the|my|your) (?:hospital|ward|line|team|nurse|doctor|helpline)))"
    r"|\b(?:(?:can|could|may) i (?:have|get|see)|need|want|lost|missed|forgot|give me|send(?: me)?|show(?: me)?|tell me|repeat|(?:don'?t|do not) (?:have|know)|didn'?t (?:get|see|note)|where(?:'s| is)) (?:(?:the|that|your|their) )?(?:phone )?number\b(?! of)"
    r"|^\W*(?:(?:sorry|ok|the|phone|please)\W+)*number(?:\W+(?:please|pls))*\W*$|\bwho (?:do|should|shall) i (?:call|ring|phone)\b",
    re.IGNORECASE,
)
# Pressing and writing go wrong here; tablets, falls and other people's hands do not.
_SENT = r"(?:press|push|click|tapp|sent|send|wrote|writ|typ)\w*"
_BUTTON = r"(?:the |that |this )?(?:wrong )?(?:\w+ )?(?:button|link|key|message|one|thing)"
_NOW = r"(?:\W+(?:now|here|at home|thanks|thank you|and well|and sound|again))*\W*$"
_MISTAKE = re.compile(
    r"^\W*(?:(?:sorry|oops|no(?= ?[,.!;]))\W+)*(?:a |my )?mistake(?:\W*(?:sorry)?\W*$|\s*[,.;!])"
    rf"|\b(?:it|that|this)(?:'s| was| is|s) (?:just |only |all )?(?:(?:a |my )?mistake|by (?:mistake|accident)|a misunderstanding)(?=\W*$|\s*[,.;!]|\W+(?:sorry|thanks|thank|i'?m|i am|i {_SENT})\b)"
    rf"|^\W*(?:sorry\W+|oops\W+)*by (?:mistake|accident)\W*(?:sorry)?\W*$|\b(?:{_SENT}(?: (?:it|that|this|{_BUTTON}))?|(?:hit|touched) {_BUTTON}) by (?:mistake|accident)\b|\baccidentally {_SENT}\b"
    r"|^\W*(?:sorry\W+|oops\W+)*i made a mistake\W*(?:sorry)?\W*$"
    r"|^\W*(?:(?:sorry|oops|ok|okay|no|it was|it's|its|that was|this was|just|only|a)\W+)*(?:false|wrong) alarm\b"
    rf"|^\W*(?:(?:yes|yep|ok|okay|no|thanks|thank you|sorry|but|well|actually|it's ok|its ok|it's fine|don't worry|now|and)\W+)*(?:i(?:'m| am|m)|we(?:'re| are)) (?:all |quite |perfectly |completely |very )?safe{_NOW}"
    rf"|^(?!.*\b(?:not|never|don'?t|isn'?t|if|sure|think|hope|doubt|wish|whether|until|unless|how|says?|said|told|massage)\b).{{0,60}}(?:[,.;!] ?|\band |\bbut )(?:i(?:'m| am|m)|we(?:'re| are)) (?:all |quite |perfectly |completely |very )?safe{_NOW}"
    r"|\byou(?:'ve| have)?(?: got| took| taken)? (?:me|that|it|this) wrong\b|\byou(?:'ve| have| just)? misunderst",
    re.IGNORECASE,
)
_NO_MISTAKE = re.compile(r"\b(?:not|never|didn'?t|isn'?t|wasn'?t)\b[^,.;!]{0,15}\b(?:mistake|accident|alarm|wrong|misunderst)", re.IGNORECASE)
_LATER = rf"(?:the )?(?:morning|tomorrow|tmrw|tomoz|later|{_DAY}|next week|my (?:next )?appointment|the (?:weekend|nurse)|it's light|they open|clinic)"
_WILL = r"(?:i(?:'ll| will|'d rather| would rather|'m going to| am going to|'m gonna|ll| think i(?:'ll| will))|we(?:'ll| will)|ill|id rather|gonna|going to|prefer to|rather|can(?:'t)? i just)"
_GAP = r"(?:(?!\b(?:can'?t|cannot|won'?t|will not|don'?t|do not)\b).){0,20}"
_WILL_WAIT = re.compile(
    rf"\b(?:(?:{_WILL}|i|just)\b{_GAP}\bwait|{_WILL}\b{_GAP}\bwaiting|(?:{_WILL}|i|just)\b.{{0,20}}\b(?:leave it|see how (?:it|i|he|she)|sleep on it|sleep it off|hold off|hang on|sit tight|monitor it|keep an eye|give it (?:a |an |some |time|until|till)))\b"
    rf"|\b(?:wait|waiting|leave it|holding? off|hold on)\b.{{0,15}}\b(?:till|til|until|untill|for) {_LATER}\b"
    rf"|\b(?:till|til|until|untill) {_LATER}\W*$"
    rf"|\b{_WILL} (?:just )?(?:call|ring|phone|tell|mention|ask|speak|talk|contact|see|bring it up)\b.{{0,25}}\b(?:tomorrow|tmrw|tomoz|in the morning|later|next week|{_DAY}|at my (?:next )?appointment|after the weekend)\b"
    r"|\b(?:don'?t|do not|didn'?t|wouldn'?t|hate|not|rather not|no need|needn'?t|wont|won'?t)\b.{0,12}\b(?:bother|bothering|trouble|troubling|disturb|waste|wasting|make a fuss|be a (?:nuisance|burden|pain|bother)|(?:raise|cause|be|give) a false alarm"
    r"|want to (?:call|ring|phone|go(?! on))|wanna (?:call|ring|go(?! on))|like to (?:call|ring|bother)|calling|ringing|phoning|phone them|call them|ring them|going to (?:call|ring|hospital|a&e))"
    r"|\bno need to (?:call|ring|phone)\b|\bwast\w* (?:their|your|anyone'?s|everyone'?s) time\b|\b(?:silly|stupid|embarrassed|guilty)\b.{0,12}\b(?:calling|ringing|phoning|bothering|to (?:call|ring|phone|bother))\b"
    r"|\b(?:it|this|that)(?:(?:'s| is|s)? not|(?:'s| is)?n't| isn't) (?:an |a |that |really )?(?:emergency|urgent|serious)\b"
    r"|\b(?:they(?:'re| are)|nurses? (?:are|is)|ward is|everyone is|a&e is)\b.{0,12}\b(?:busy|rushed|full|packed|closed)\b"
    rf"|\bit(?:'s| is|s)? (?:only |just )?(?:the )?(?:weekend|{_DAY}|night(?:[ -]?time)?|middle of the night|(?:too )?late(?! (?:stage|onset|effect))|bank holiday|christmas|(?:too )?early(?! (?:stage|menopause|days|breast|prostate)))\b"
    r"|\b(?:it'?s|its|probably|surely) (?:probably )?(?:nothing|not that bad|not serious|a false alarm|just (?:a|the|my) \w+)\W*$",
    re.IGNORECASE,
)
# "How long should I wait after chemo?" puts nothing off.
_HOW_LONG = re.compile(r"\bhow (?:long|many|soon)\b(?!.*\b(?:call|ring|phone)\b)", re.IGNORECASE)
_CANNOT_CALL = re.compile(
    r"\b(?:can'?t|cannot|can not|unable to|not able to|couldn'?t)\b.{0,18}\b(?:call|phone|ring|speak|talk|hear|dial)\b(?! highly| to (?:my|his|her) )(?!.{0,25}\bbecause (?:it|they))"
    r"|\bhow (?:do|can) i (?:call|phone|ring|dial|speak|talk)\b.{0,20}\b(?:without|with no|if i can'?t|no phone)\b"
    r"|\b(?:no|without|(?:don'?t|do not) have (?:a|any)|not got (?:a|any)|haven'?t (?:got )?(?:a|any)|run out of|out of|lost my)\s+(?:\w+\s)?(?:phone|credit|signal|battery|minutes|mobile|voice|reception)\b(?! massage| therap)"
    r"|\b(?:phone|mobile|battery)(?:'s| is| has|s)? (?:just |nearly |almost |completely )?(?:dead|died|flat|broken|lost|gone|stolen|empty|run out|ran out|not working|won'?t work|doesn'?t work)\b"
    r"|\b(?:i'?m|i am|im|he'?s|she'?s|he is|she is) (?:\w+\s)?(?:deaf|mute|hard of hearing|non[- ]?verbal|alone and can)"
    r"|\b(?:don'?t|do not|can'?t|cannot|not) speak (?:\w+\s)?(?:english|the language)\b|\bmy english\b.{0,12}\b(?:bad|poor|not good)\b|\bneed (?:an )?interpreter\b",
    re.IGNORECASE,
)
# Of a telephone: "you didn't answer my question" is said to us, and a cancer "did not respond to chemo".
_NO_ANSWER = re.compile(
    r"(?<!you )(?<!you are )(?<!you're )(?<!you do )(?<!you did )\b(?:no ?(?:one|body|answer|reply|response)|nobody|not|isn'?t|aren'?t|don'?t|doesn'?t|didn'?t|won'?t)\b(?:(?!\byou\b).){0,20}"
    r"\b(?:answer|answers|answered|answering|pick(?:s|ed|ing)? up|reply|respond|replying)\b(?! (?:my|the|this|that) question)(?! to (?:the |my )?(?:chemo|treat|therap|drug|radio))"
    r"|\b(?:no (?:answer|reply|response)(?! to (?:the |my )?(?:chemo|treat|therap|drug|radio))|(?<!got )(?<!get )(?<!am )(?<!i'm )(?<!getting )engaged(?=\W*$|\s*[,.;!?]|\W+(?:all|again|still|when|every|and|so|now|tone|for|since|what)\b)|line is busy|busy tone|voicemail|answerphone|answer ?machine|(?:been )?on hold"
    r"|(?:can'?t|cannot|couldn'?t|could not) get through|rang out|keeps ringing|ringing out|rings and rings|just rings)\b"
    r"|\bnumber\b.{0,15}\b(?:doesn'?t|does not|isn'?t|is not|not) (?:work|exist|connect)",
    re.IGNORECASE,
)


def reaction(text: str) -> str | None:
    """What a message says about calling: one of the constants above, or None.

    Args: text, raw. A question counts only where it asks for the number, or whether it can wait.
    """
    said = text.replace("\u2019", "'").split()
    words, text = len(said), " ".join(said)
    if words > MAX_WORDS_WAITING or len(text) > MAX_CHARS:
        return None
    text = _WORD.sub(_as_meant, text)
    if _NO_ANSWER.search(text):
        return NO_ANSWER
    if _CANNOT_CALL.search(text):
        return CANNOT_CALL
    if words <= MAX_WORDS and _NUMBER.search(text):
        return NUMBER
    if words <= MAX_WORDS and "?" not in text:
        if _MISTAKE.search(text) and not _NO_MISTAKE.search(text):
            return MISTAKE
        if _CALLED.search(text):
            return CALLED
    return WILL_WAIT if _WILL_WAIT.search(text) and not _HOW_LONG.search(text) else None


def _as_meant(match: re.Match[str]) -> str:
    """A word as it was meant: one slip of the keyboard in a word that counts here is put right."""
    word = match.group(0).lower()
    return _SHORT.get(word) or _SLIPS.forms(word)[-1]
