"""How a person reacts to an urgent reply (askfirst/safety/reaction.py): evidence base 3 "Behaviour", 3.6 rule 12, 5.20 and 5.21.

What ends safety mode (CALLED, MISTAKE) must be said; the messages under None are those that only hold its words.
"""

from __future__ import annotations

import time

import pytest

from askfirst.content.clinic import Clinic
from askfirst.content.urgent import CALL_ANYWAY, NEXT_STEPS, urgent_reply, waiting_reply
from askfirst.safety.reaction import (
    CALLED,
    CANNOT_CALL,
    MAX_WORDS,
    MAX_WORDS_WAITING,
    MISTAKE,
    NO_ANSWER,
    NUMBER,
    WILL_WAIT,
    reaction,
)

# One message a line.
TABLE: dict[str | None, str] = {
    CALLED: """
I called
I have called
I've called
ive called
I’ve called them
I HAVE CALLED
called
Called. They want to see me today.
done, called the helpline
ok i called 999
yes, I phoned the hospital
I rang the ward
i already called the 24 hour line
I have called now, thank you
thanks, I called
we called an ambulance
my husband called 999
mum has rung the ward
she has phoned my nurse
I've spoken to the nurse
just spoke to my team
I called and they said to come in
i rang the chemo unit, they told me to come straight in
I've rung the out of hours doctor
spoke to the GP just now
I called for help
the ambulance is on its way
ambulance is coming
Paramedics are here
they are on their way
help is on the way
I'm calling now
im ringing them
I'm on the phone to them
I am on the phone with the nurse
we are waiting for the ambulance
I did call them
ive caled them
i hav called
i calld 999
I have phonned the ward
i have rang teh hospital
called the ambulance
We have called the hospital
hi, i rang my nurse
I phoned my gp surgery
my daughter has called the ward
I've called 111
called 911
spoke to the oncology nurse
I have spoken to them
rang them
my wife rang the emergency number
I called the number
I called the number you gave me
an ambulance is coming
paramedics on their way
i've already phoned
called already
ok called
I just rang my clinic
yes called them thanks
I am ringing now
still waiting for the ambulance
I rang the Macmillan nurse
Okay. I called.
the ambulance is here now
ok the paramedics are on their way
they're on their way
I am on the phone with a nurse
i called it
they said an ambulance is coming
""",
    NUMBER: """
what was the number again
I need the number again
number again please
number please
number?
the number
whats the number
What is the number?
what number do I call
which number do i ring?
give me the number
can you repeat the number?
can I have the number
send me that number again
please show me the number
I need the number
I lost the number
who do i call
Who should I ring?
what's the phone number?
sorry, the number?
nubmer again pls
whats teh number
numbr please
I didn't get the number
whats that number again
what is the number of the hospital line
show number
Please give me the number again
tell me the number
who should i phone
need the number
""",
    MISTAKE: """
it was a mistake
It's a mistake
mistake
sorry, mistake
no, mistake
my mistake sorry
that was just a mistake
I pressed it by mistake
pressed this by mistake
by mistake
sent that by mistake, sorry
i made a mistake
I'm fine, it was a mistake
I pressed it by accident
by accident
i typed that by accident
I touched the button by accident
false alarm
sorry, false alarm
it was a false alarm
I'm safe
I am safe now
I’m safe
im safe
yes I am safe
ok thank you, we are safe
it's ok, I'm safe at home
you got me wrong
you've got that wrong
you misunderstood me
you misunderstood, I only asked what to wear
it's a misunderstanding
it was a mistke
misstake, sorry
mistak
i presed it by mistake
oops by mistake
sorry I pressed the wrong button by mistake
I accidentally pressed it
this was a mistake, sorry
it's just a mistake
it was my mistake
thats a mistake
wrong alarm
No I am safe thanks
we're safe
I'm completely safe
You took that wrong
mistake!
A mistake.
MISTAKE
it was a mistake I typed the wrong thing
mistake, my leg is OK and I am safe
Mistake! I meant my brother
I feel fine and I'm safe
my leg is OK, I am safe now
""",
    WILL_WAIT: """
I'll wait
I will wait
ill wait till monday
I’ll wait and see
we'll wait until the morning
I'd rather wait
id rather wait
gonna wait
i think i'll leave it
I'll see how it goes
I'll see how I feel tomorrow
ill sleep on it
I'll keep an eye on it
it can wait till my appointment
can I just wait until tomorrow?
can it wait till Thursday?
I'll call tomorrow
i will ring in the morning
I'll phone them on Monday
I'll mention it at my next appointment
I don't want to bother them
i dont want to bother the ward at night
don’t want to make a fuss
I wouldn't want to waste their time
I hate bothering people
I don't want to be a nuisance
I don't want to raise a false alarm
I don't want to call
i dont wanna go to hospital
I won't ring them
not calling
I'm not going to call
no need to call
it's the weekend
its sunday
it's the middle of the night
it's too late to ring now
the nurses are busy
they're always so busy
it's not an emergency
it isn't an emergency
its not that serious
it's probably nothing
I feel silly calling
i wil wait
i'll wiat till tomorow
dont want to bother them
I know you mean well but my daughter only comes on Saturday and I do not like to trouble the night staff with this so I think I'll leave it until she is here
I'm going to wait
maybe I'll just wait
will wait til tomorrow
waiting until monday
I would rather leave it till Monday
I will see how he is in the morning
I'd rather not bother the doctor
I really don't want to trouble anyone
it is saturday night
it's bank holiday
ward is full
I can't call because it's too late
we will leave it for now
I'll ask the nurse on Tuesday
I'm not ringing 999 for that
I don't want to go to A&E
i do not want to waste anyones time
it's only a small thing, I'll wait
they will think I'm wasting their time
nah i'll be fine till morning
""",
    CANNOT_CALL: """
I can't call
I cannot call
i cant phone
can’t ring them
I am not able to call
I have no phone
i dont have a phone
I haven't got a phone
no credit
I've run out of credit
no credit on my phone
my phone is dead
phone died
my battery is flat
my phone is broken
there is no signal here
I'm deaf
I am hard of hearing
he's deaf and I'm out
I can't speak
I've lost my voice
I cannot talk on the phone
I can't hear on the phone
I don't speak English well enough
my english is bad
I need an interpreter
how can I call without a phone?
i lost my phone
cant cal, no phnoe
i cannt call
im deaf how do i call
I cannot use the phone
I have no voice after my laryngectomy
no mobile
no phone
my phone has no battery
phone's dead
I'm not able to speak
don't speak english
I can't phone, out of minutes
she can't talk on the phone
""",
    NO_ANSWER: """
no answer
no one answers
no one is answering
nobody answered
noone picks up
they are not picking up
they don't answer
they didn't pick up
I called but no one answered
I called them but it's engaged
the line is busy
it's engaged
engaged all the time
I can't get through
couldnt get through to the ward
it just keeps ringing
it rings and rings
goes to voicemail
it went to the answerphone
I've been on hold for 20 minutes
they won't answer, what now?
what if no one answers?
no reply from the helpline
the number does not work
nobody anwsers
no one answred the phone
cant get thru
no one is picking up the phone
the phone just rings
nobody there, no answer
line's engaged
engaged
I rang but nobody picked up
we called twice, no answer
they are not answering
it rang out
im on hold
they didn't reply
I tried calling but I can't get through
noone there picks up
""",
    None: """
can I have a massage then
ok
yes
thank you
so is a foot massage all right?
what about my hands
does massage help me sleep
I called my sister
I called in sick
I called my massage therapist
I called the massage clinic to cancel
I called the spa
I called them last week about this
I rang the ward yesterday and they said it was fine
I haven't called
I have not called yet
have I called the right people
should I have called?
I will call
ok I'll call them now
I am going to ring the ward
it is called reflexology
is the ambulance coming?
the ambulance is not coming
they never came
he called me names
a number of people say massage helps
a large number of sessions
my platelet number is low
I have a number of questions again
was it a mistake to have a massage
is it a mistake to have a massage?
I think it was a mistake to have that massage
it was a mistake to let him press so hard
this is no mistake
it is not a mistake
that wasn't a mistake
the hospital made a mistake
I made a mistake with my dose
I took two tablets by mistake
i doubled my dose by mistake
I hit my head by accident
he touched me there by accident
I had a car accident
it is not a false alarm
I'm not safe
i am not safe
I am not safe at home
I don't feel safe
I'm not sure I'm safe
I don't think I'm safe
i dont know if im safe
I wish I was safe
how do I know I'm safe
I'm safe to have a massage then
so I am safe for a massage
so I am safe
he told me to rest and I am safe
my leg is not right but I am safe
if I keep still I am safe
I have a mistake in my letter, what now
am I safe
am I safe?
is massage safe
my doctor misunderstood me
how long should I wait after chemo for a massage?
how many days do I have to wait
I can't wait for my massage
I can't wait that long
I won't wait
I am waiting for my scan
its late stage cancer
I don't want to die
how do I talk to my doctor about massage?
I can't speak highly enough of massage
is there a mobile massage service
you didn't answer my question
why don't you answer
please answer me
I got engaged last week
my cancer did not respond to chemo
it hurts more now
my leg is still swollen
what should I do
where is the nearest hospital
my leg feels better now
he is calling me
I called him
I called the massage place
I rang my friend
my mum called me
we called round yesterday
they called me for my scan
the nurse called me
the hospital called
what is lymph drainage called
I spoke to my massage therapist
spoke to my wife about it
accident
I had an accident
it was an accident
he hurt me by accident
I cut myself by accident
I took my pills twice by accident
by mistake I took two patches
I put two patches on by mistake
was massage a mistake
that was a mistake by the hospital
big mistake
wrong
you are wrong
my doctor got that wrong
keep me safe
I'm safe?
I'm safer without it
I am safe from infection if I wear gloves
make sure I'm safe
I feel I'm safe only with you
nobody says I'm safe
I'm safe to swim
the oil is safe
is it safe
numbers are going up
feet are getting number
my number came up
how many numbers
what is engaged muscle
can you call me
call me back
I can hear you
I can't lift my arm
I can't sleep
I can't feel my foot
waiting room
my scan is on Monday
it hurts at night
I want to go home
I hate this
not really
no
no thanks
it's nothing to do with that, answer my question
I don't want a leaflet
how long until I can have a massage
answer the question
respond to me
why are you not answering me
is an ambulance coming
when is the ambulance coming
are they on their way
I hope they are on their way
I'm on the phone to my sister
I spoke to my doctor about massage
I called it off
I called it a massage
no ambulance is coming
will an ambulance come
you have called an ambulance
""",
}
CASES = [(want, line) for want, block in TABLE.items() for line in block.strip().splitlines()]
WAYS_OUT = (CALLED, MISTAKE)
CLINIC = Clinic(name="", mode="demo", region="GB", spelling="en-GB", timezone="Europe/London")


@pytest.mark.parametrize(("want", "text"), CASES, ids=[f"{want}: {text}" for want, text in CASES])
def test_what_a_message_says_about_calling(want: str | None, text: str) -> None:
    assert reaction(text) == want


def test_the_table_is_large_and_each_message_stands_once() -> None:
    texts = [text for _, text in CASES]
    assert len(texts) == len(set(texts)) >= 400
    assert all(len(block.split("\n")) > 25 for block in TABLE.values())


def test_capitals_curly_quotes_spaces_and_a_full_stop_change_nothing() -> None:
    changes = (str.upper, str.capitalize, lambda t: t.replace("'", "\u2019"), lambda t: f"  {t.replace(' ', '   ')}\n", lambda t: t.replace(" ", "\n"))
    wrong = [(change(text), reaction(change(text)), want) for want, text in CASES for change in changes if reaction(change(text)) != want]
    assert not wrong
    stopped = [(text, reaction(text + ".")) for want, text in CASES if text[-1].isalpha() and reaction(text + ".") != want]
    assert not stopped


def test_a_question_is_no_way_out() -> None:
    assert not [text for want, text in CASES if want in WAYS_OUT and reaction(text + "?") in WAYS_OUT]


def test_what_the_assistant_asks_for_is_understood() -> None:
    """The words of the buttons, written, and those that the short line tells people to write."""
    titles = {button.choice: reaction(button.title) for button in NEXT_STEPS}
    assert titles == {"urgent:called": CALLED, "urgent:number": NUMBER, "urgent:mistake": MISTAKE}
    full = urgent_reply({}, "R21", CLINIC)
    line = waiting_reply(full, CLINIC).text
    _, found, asked = line.partition("Then write: ")
    assert found, line
    assert [reaction(words) for words in asked.rstrip(".").replace(", or ", ", ").split(", ")] == [CALLED, NUMBER, MISTAKE]


def test_each_reason_not_to_call_has_its_answer() -> None:
    assert set(CALL_ANYWAY) == {WILL_WAIT, CANNOT_CALL, NO_ANSWER}


@pytest.mark.parametrize("said", ["I have called", "it was a mistake", "what was the number again", "I'm safe"])
def test_a_long_story_is_no_way_out_whatever_stands_in_it(said: str) -> None:
    story = "and my neighbour told me last summer that her cousin had the same thing on holiday in Spain with lots of sun"
    assert len(story.split()) >= MAX_WORDS
    assert reaction(f"{said} {story}") is None
    assert reaction(f"{story} {said}") is None


def test_what_people_put_off_may_take_more_words_but_not_any_number() -> None:
    reason = "I think I will wait because the bus does not go at night and"
    some = f"{reason} {'my son is away ' * 6}".strip()
    assert MAX_WORDS < len(some.split()) <= MAX_WORDS_WAITING
    assert reaction(some) == WILL_WAIT
    assert reaction(f"{some} {'my son is away ' * 6}") is None
    assert reaction("nobody answers " + "and my son is away " * 5) == NO_ANSWER
    assert reaction("I can't call " + "and my son is away " * 5) == CANNOT_CALL


@pytest.mark.parametrize("text", ["", " ", "\n", "?", "...", "\u0000", "\U0001f600", "'", "\u2019", "0" * 50])
def test_no_words_are_no_reaction(text: str) -> None:
    assert reaction(text) is None


@pytest.mark.parametrize("start", ["mistake", "i made a mistake", "by mistake ", "called ", "no,", '"', "I'm safe", "it's nothing", "number", "ok "])
@pytest.mark.parametrize("filler", [".", "!", ",", "no,", "ok,", "a"])
def test_a_message_made_to_be_slow_is_not(start: str, filler: str) -> None:
    """It runs before the limit on length, on the one thread that answers everybody."""
    begun = time.perf_counter()
    reaction(start + filler * 100_000 + "x")
    reaction(start + filler * (390 // len(filler)) + "x")
    assert time.perf_counter() - begun < 0.25
