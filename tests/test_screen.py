"""The stage-1 red-flag screen (askfirst/safety, data/safety/red_flags.yml): evidence base, section 3."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.content.yaml_file import PARSER
from askfirst.safety.lexicon import Lexicon, PhraseError, parse
from askfirst.safety.screen import Hit, Screen, ScreenResult
from askfirst.safety.sense import _AFTER_NO
from askfirst.safety.text import plain, words_of
from askfirst.safety.validate import FLAG_IDS, TIER_OF, Problem, check_red_flags

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "data" / "safety" / "red_flags.yml"
DATA = yaml.load(FILE.read_text(encoding="utf-8"), Loader=PARSER)
SCREEN = Screen.load(FILE)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


def urgent(text: str, context: frozenset[str] = frozenset()) -> set[str]:
    return {hit.red_flag for hit in SCREEN.check(text, context).hits if hit.certainty == "urgent"}


# ---------------------------------------------------------------------------------------------------- the minimum set
# Evidence base 3.7, whole: the flags of which one must lead ("-": nothing urgent), and the message.
MINIMUM = """
R21 | my calf is red and hot can I get it rubbed
R21 | leg swolen after flight and chemo, foot massage ok?
R20 | temp 38.4 day 9 chemo, still going for my massage?
R20 | 37.6 and shivery on chemo
R20 | I feel awful but no temperature, had chemo last week
R20 | 35.8 and cold
R06 | legs gone numb since yesterday, would massage help
R06 | can't pee and back killing me, got prostate cancer in my spine
R01 | chest feels tight after massage
R04 | my mum's face is drooping
R08 | lips swelling after the oil
R09 | he's having a fit
R22 R07 | gums bleeding loads, platelets low
R22 | bruises everywhere since massage, on warfarin
R05 | neck cracked now dizzy seeing double
R27 | wee is brown after massage gun
R23 | port arm swollen
R15 | can't go on any more
R15 | what's the point, better off dead
A35 | the massage man touched me down there
R21 R30 | my arm is red hot and tight, I have lymphoedema
R02 | no chest pain but breathless
- | not suicidal, just sad
- | I don't have a fever
- | had a clot 5 years ago
R04 | worst headache of my life
R24 | dad is confused and shaking after CAR-T
R23 R07 | my Hickman line has fallen out and it's bleeding
R16 | hit my head this morning, I'm on apixaban
R17 | diabetic, shaky and sweaty half way through my massage
R12 | two fentanyl patches on and can't keep awake
R19 | stopped my dexamethasone, now being sick and faint
R23 | no buzz in my fistula since last night
R14 | my foot has gone cold and white
R21 | both legs swollen and sore since chemo
R20 | temp is normal now I took paracetamol
R20 | sore throat and cough, day 10 of chemo
R29 | nephrostomy tube came out
R28 | very thirsty and muddled, cancer in my bones
R13 | face is puffy and my neck veins stick out
R35 | blister rash near my eye, on chemo
R20 | don't want to bother the ward at night, temp 38.2
"""


@pytest.mark.parametrize("line", lines(MINIMUM))
def test_minimum_set(line):
    leads, text = line.split(" | ", 1)
    found = SCREEN.check(text).urgent
    if leads == "-":
        assert found is None
    else:
        assert found is not None and found.red_flag in leads.split()


def test_minimum_set_is_whole():
    assert len(lines(MINIMUM)) == 42


# ------------------------------------------------------------------------------------------------------------- urgent
URGENT = {
    "A35": """
the therapist touched my breast
he touched me inappropriately
I was sexually assaulted by the masseur
my carer hits me
he made me undress and took photos
I'm scared of my husband
she wouldn't stop when I asked her
he groped me during the massage
someone is hurting my child
he put his hand between my legs
the masseuse rubbed my breasts without asking
my partner beats me
he kissed me during the massage
physio touched me in a way that felt wrong
I was raped
uncle touched my daughter's private parts
my masseur kept touching my breasts
the carer slaps my mum
he asked me for sex during the massage
therapist made me take my bra off and took pictures
I told him to stop and he carried on
""",
    "R01": """
I have chest pain
tightness across my chest
crushing feeling in my chest
elephant sitting on my chest
having a heart attack i think
pain in jaw and arm and sweating
chest is killing me
my chest and back hurt
heavy chest since this morning
there's a weight on my chest
pains in my chest since this morning
my dad has chest pains
tight chested and sweaty
stabbing pain under my breastbone
my chest has been feeling squashed since breakfast
he's got a dull ache in the middle of his chest going into his arm
getting chest pains on and off, is it the massage?
""",
    "R02": """
I can't breathe
cant breath properly
short of breath when I lie down
coughing up blood
I fainted in the bathroom
mum's lips are blue
he's choking
struggling to breathe
my trachy tube is blocked
really breathless walking upstairs
it hurts to breathe
cantbreathe
I'm gasping for breath
my breathing has got worse
he can hardly breathe
passed out twice today
spitting up blood
he is blue around the lips
mum is fighting for breath
cant get my breath at all
I blacked out on the massage table
""",
    "R03": """
my calf is swollen and I'm breathless
leg is red and sore and I have chest pain
swollen arm and short of breath
breathless. my left leg is swollen too
short of breath and my leg has swollen up
pain in my calf and chest
sore calf and now I can't catch my breath
swollen leg since op, today chest hurts when I breathe in
""",
    "R04": """
face has dropped on one side
my speech is slurred
her arm has gone weak and she can't speak properly
suddenly can't see out of my left eye
half my face is numb
dad is having a stroke
sudden severe headache like being hit
my mouth drooped this morning but it's gone now
36 weeks pregnant bad headache and blurry vision
left side of my body is numb
can't move my right arm
he can't get his words out
her smile is crooked
vision went in one eye
my tongue feels heavy and my words are slurring
blinding headache worst I ever had
his face looks lopsided and he's dribbling
I couldn't speak properly for ten minutes, fine now
right arm and leg gone weak
""",
    "R05": """
dizzy since my neck massage
he cracked my neck and now I have a terrible headache
double vision after using the massage gun on my neck
chiropractor yesterday, now bad headache
face tingling since the neck massage
I've been dizzy since the osteopath clicked my neck
after my head and neck massage yesterday I have blurred vision
used massage gun on neck now room is spinning
after the masseur twisted my neck I see double
room spinning since neck massage this morning
""",
    "R06": """
my legs are numb
I can't feel my legs
legs keep giving way, I have bone mets
suddenly can't walk
numb between my legs
I've wet myself and my back hurts
can't control my bladder since yesterday
new severe back pain, I have breast cancer
can't feel when I need to pee
epidural yesterday and my legs are still weak
my legs feel like jelly and I can't stand up, prostate cancer
lost feeling in both legs
I can't hold my wee any more, it just started
numb bum and pins and needles down below
tight band of pain around my ribs, cancer in spine
I can't go for a wee at all
my legs feel dead since last night
haven't been able to wee since yesterday and my back is agony
both my legs went from under me, cancer's in my spine
""",
    "R07": """
nose won't stop bleeding
I'm vomiting blood
blood in my urine
black tarry poo
there's blood in my stool
bleeding from my mouth, I had tongue cancer
my fistula is bleeding
bleeding heavily
I'm bleeding from my back passage
coffee ground vomit
dad has been sick and there was blood in it
nosebleed for half an hour
passing blood when I pee
dialysis line is bleeding
cut won't stop bleeding
there was a lot of blood in the toilet when I pooed
nose has been bleeding for 40 minutes
brought up blood this morning
""",
    "R08": """
tongue is swelling up
my throat is closing
hives all over and dizzy after the cream
face swollen after eating prawns
wheezing after the massage oil
my lips and eyes are puffing up after that lavender oil
can't swallow, throat swelling up
come out in hives and feel faint
think i am having anaphylaxis
my eyes and lips have swollen after the nut oil
throat feels tight and I'm covered in hives
""",
    "R09": """
my son is having a seizure
she had a fit this morning
he is fitting
I just had my first seizure
he wont stop convulsing
she's having a seizure right now
my dad had a fit today
convulsions
my husband is shaking all over and his eyes rolled back
my daughter is having a fit what do I do
he went stiff and started jerking all over
""",
    "R10": """
dad has collapsed
she won't wake up
he's unconscious
mum is suddenly confused
my husband is not making any sense
my wife is unresponsive
nan is very drowsy and confused
he suddenly doesn't know where he is
mum has collapsed on the floor
I can't wake my husband up
grandad isn't making sense since this morning
""",
    "R11": """
shaking chills I can't stop
his skin is mottled and he feels cold
a rash that doesn't fade with a glass
stiff neck and fever
haven't peed all day and feel awful
I feel like I'm dying, shivering and in pain
teeth chattering and shaking uncontrollably
skin looks grey and blotchy, feels really ill
no urine since yesterday
seriously ill with a fever and fast breathing
I think my dad has sepsis
shivering so hard the bed shakes
mum's skin is all mottled
""",
    "R12": """
I took too many morphine tablets
took double dose of oxycodone
he's so sleepy since the fentanyl patch went up
my patch got hot in the bath
breathing very slowly after morphine
swallowed all his pills by accident
he had a new fentanyl patch and I can't wake him
I put a new patch on and forgot to take the old patch off
she has had too much morphine
heat pad on my patch all night
gave her double the morphine by mistake
there are 3 fentanyl patches on dad's back
""",
    "R13": """
my face is swollen
neck swollen and veins bulging
woke up with a puffy face and neck, lung cancer
face and neck swelling since the port
my neck and face are really swollen today
face all puffed up when I bend, got lymphoma
veins on my neck and chest are bulging
swelling in my neck getting worse
my neck has blown up since yesterday
face swollen, worse when I bend over
""",
    "R14": """
the pain is unbearable
worst pain ever
sudden stomach pain
my leg has gone cold and blue
foot is white and numb
screaming in pain
I'm in agony
unbearable back pain
my toes have turned blue
arm suddenly went cold and numb
doubled up with stomach pain
pain is 10 out of 10
my foot has turned blue and it's freezing cold
""",
    "R15": """
I want to die
i want to kill myself
I don't want to be here anymore
I just want to end it all
thinking of ending my life
feeling suicidal
I feel suicidal today, would a massage help
everyone would be better off without me
I can't go on like this
no point going on
there's no point living any more
I've saved up my pills
I wish I was dead
I wish I wouldn't wake up tomorrow
nothing to live for
i cant do this anymore
I keep thinking about hurting myself
my husband says he wants to kill himself
she doesn't want to live
what's the point in living like this
tired of living
i wanna die
gonna kms
thoughts of suicide
I am going to take all my tablets tonight
sucidal
goodbye everyone, sorry for everything
I would rather be dead than have more chemo
I've lost the will to live
dont want to wake up tmrw
I've been cutting myself
iwanttodie
life is not worth living with this pain
I'm a burden and there is no hope
I really don't see the point any more
I've had enough of living like this
sometimes I think about not being here any more
I feel like giving up on life
thinking of jumping off a bridge
I just want to go to sleep and never wake up
want to kill my self
my daughter is talking about ending it all
my wife says she'd be better off dead
I'd rather die than go through this again
Can massage help if I want to die
I have been planning how to end my life
I can't take it anymore I want out
i hate my life
life isnt worth living
I have enough morphine here to end it
nobody would miss me if I was gone
I wish the cancer would just take me
should have died on the operating table
I want it all to end
he keeps saying he can't go on
I'm going to overdose
i feel like dying, no reason to live
i dont want live no more
nothing left for me here
im done with life
tell my family i love them, i wont be here tomorrow
I've been thinking about suicide for months
I tried to kill myself last week
urge to harm myself
""",
    "R16": """
banged my head, I take warfarin
mum fell and she is on blood thinners
hit my head and now vomiting
I bumped my head and my platelets are low
fell down the stairs, I'm on rivaroxaban
bump on the head yesterday and feeling sick and sleepy
he banged his head and he has a shunt
knocked my head, have haemophilia
mum slipped and hit her head, she is on edoxaban
had a fall and banged my head, feel sick and sleepy
""",
    "R17": """
I'm diabetic and shaking
having a hypo
my sugar is really low
took too much insulin
type 1 diabetic, sweaty and confused
diabetic and feel really shaky
blood sugar is 2.8
type 2, sweating and trembling
I think I'm going hypo
I take insulin and I feel all trembly
sugars dropped to 3.1
""",
    "R18": """
brain tumour and my headache is getting worse
I have a shunt and keep being sick
brain mets, seeing double today
bad headache and a stiff neck
glioblastoma, headache and vomiting
my brain tumour headaches are much worse
he has a shunt and is very sleepy
cancer in the brain and blurred vision
my brain mets headache is awful today and I was sick
shunt patient, drowsy and vomiting
""",
    "R19": """
I have Addison's and I am vomiting
stopped my steroids suddenly
ran out of prednisolone, feel faint
on long term steroids, so weak and drowsy
addison's and feeling faint
missed my hydrocortisone for 2 days
on immunotherapy and keep throwing up
came off my prednisolone and I'm so weak
I've run out of hydrocortisone, addisons
steroids stopped last week and I feel so weak and faint
""",
    "R20": """
I've got a fever and I'm on chemo
my temperature is 38.5 and I had treatment on Tuesday
temp's 39
temperature of 101 this morning, can I still come
My temp is 100.8F
38,2 on the thermometer
thermometer says thirty eight and a half
it is a hundred and one on the thermometer and I feel shivery
38.4c should I cancel
38.9°C after my infusion
running a temp since last night, day 7 post chemo
shivery and hot, had my second cycle on Friday
I have the chills and I'm on immunotherapy
feeling rough since chemo, is a massage still ok tomorrow
mum isn't well at all, she had chemo on Monday
burning up but I only had chemo 4 days ago
no fever but feel terrible, neutropenic
my neutrophils are low and I have a cough
it burns when I wee and I'm on chemo
I have had a stem cell transplant and I've got a cold
temp 37.8 on docetaxel
99.9 F and on chemo
temp 35.4 since this morning, on chemo
my temperature was 38.3 but it's come down with paracetamol
took ibuprofen and my temp went back to normal, I'm on capecitabine
I'm on methotrexate and have a temperature
just a slight temp but on chemo so is reflexology ok
he's got a high temp
fevr since yesterday
I've spiked a temp
diarrhoea and feeling poorly, on chemo
tempreture 38.6 can i still get massage
temp 38 4
im 62 and my temp is 38.1 today
My son has leukaemia and feels hot and sweaty, had chemo this week
Hi, my mum is halfway through her chemo and she has been really hot and clammy since teatime, her forehead is roasting, could a gentle massage calm her down?
I am on day 8 and I've come over all shivery. Is a foot rub ok tonight
Feeling fluey after Herceptin & docetaxel, should I keep my appointment with the masseuse
just took my temp and its 38 dead on, chemo was last thursday
temp was 37.9 an hour ago, now 38.1
oral temp 100.6, on chemo
got the shakes and feel dreadful, 5 days post chemo
thermometer reading 39.1 what do i do about my massage
is 38.3 ok to have a massage with, I'm having FOLFOX
my wife had her infusion yesterday and is now burning up
temperature up and down all day, highest 38.7
I keep going hot and cold, transplant was six weeks ago
he has a temperature of 39 and he is on methotrexate
my temp has gone up to 38
im having chemo tablets and ive got a chesty cough and a temp
paracetamol brought my temp down to normal so can i have my massage, I'm on R-CHOP
I have no spleen and I've got a fever
kidney transplant patient with fever
my low temp is 35.2 and I had chemo
feel unwell, immunosuppressed
I came home from chemo and now I am freezing and cant get warm
I've got a sore mouth and a temperature, chemo 10 days ago
temp is thirty nine
one hundred and two fever
temp 101.5
38.5!!!
had a fever last night but gone this morning, on chemo
What is the best massage for fever? mine is 38.8
my temperature keeps going over 38
the ward told me to call if it is 38 and it is 38.2 now
hot and shivery after chemo
""",
    "R21": """
my left leg is swollen
one calf is bigger than the other
pain in my calf since the flight
my thigh has gone red and sore
arm swollen and heavy on the side of my PICC
calf hurts when I walk, massage it out?
my dad's leg is swollen and warm to touch
swolen calf
my leg is twice the size of the other one
ankle has blown up like a balloon
lower leg purple and puffy
I've a cramp in my calf that won't go away, can you rub it
could this be a clot in my leg
I think I have a DVT
the arm is hot and tender
foot massage for my swollen ankle?
can massage help my swollen leg
my leg hurts, red patch behind the knee
both legs are swelling up and painful
had a DVT in 2019 and now the same leg is swollen again
woke up with a sore puffy arm
tight calf after long haul flight
shin is warm and darker than the other side
leg feels hot and looks red after my op
is it normal that my calf is throbbing
legswollen since chemo
my right arm has been aching and swelling since the line went in
should I put ice on a swollen calf
my wife has a painful swollen thigh, could a massage help
theres a hard sore vein in my leg
MY LEG IS SWOLLEN AND RED
My left calf has been a bit tender since I got out of hospital, would a sports massage sort it?
my foot and ankle on one side have puffed up
Had my hip replaced 2 weeks ago, the leg is swollen and tight. Can my daughter rub it
arm with the PICC line is bigger than the other one
my calf muscle is rock hard and painful
I've pulled something in my calf I think, it's red and warm
there is swelling in my leg
pain behind my knee and the calf is hot
Right leg. Swollen. Sore. Massage?
Can I have a leg massage? It is swollen and red.
my leg its really swelled up and it hurts
my husband's calf is really sore and a bit pink
I have a heavy aching arm after chemo in that arm, it looks bluish and swollen
my ankles are swollen
would it be ok to get my calves massaged, they're really painful and swollen since the flight
I've got a throbbing pain in my thigh
leg pain and swelling after surgery
should I massage a swollen calf?
is a hot red leg ok to massage
leg so swollen I can't get my shoe on
I noticed today that one leg is fatter
I had a clot before and this feels like the same, my leg aches
my arm has gone red and its sore to touch
shooting pain in my calf every time I put my foot down
the vein in my arm is hard and sore
massage for my swollen sore leg please
legs are swollen, red and tender
one of my legs is swelling
my mum, 78, on the ward, her left leg looks bigger and is warm
it's my arm, it's swollen
""",
    "R22": """
lots of new bruises
tiny red spots on my legs
my gums are bleeding
nosebleeds since yesterday
pinprick spots on my tummy, on chemo
I'm bruising for no reason
black and blue all over for no reason
blood blisters and bruises keep appearing
I keep having nose bleeds on chemo
my gums bleed when I brush
purple spots have come up on my legs
my legs are covered in tiny red dots
bruises popping up everywhere
""",
    "R23": """
my PICC line is sore and red
pus coming out of my port site
picc line came out
Hickman line has split
skin is blistering where the chemo went in
fistula has stopped buzzing
cannula site swollen after the drip
my port is swollen and sore
PICC arm is red
my line is leaking
my hickman is hanging out
there's blood coming from my picc line
port site is hot and throbbing
the PICC has slipped out a bit
""",
    "R24": """
fever after CAR-T
on pembrolizumab and bad diarrhoea
CAR-T last week and he can't get his words out
on nivolumab and breathless
temp 37.6 and had CAR-T
having trouble speaking after car-t
immunotherapy and the runs
on keytruda, confused
had CAR-T 5 days ago and mum is muddled
nivolumab and terrible diarrhoea
""",
    "R25": """
I can't keep anything down
vomiting all day on chemo
watery diarrhoea 8 times today
been sick 6 times since last night
can't even keep water down
throwing up all day
on the toilet all night with diarrhoea
keep being sick
haven't kept a thing down for two days
ten lots of diarrhoea since midnight
""",
    "R26": """
heard a crack in my hip and it hurts
I can't put weight on my leg
sudden pain in my thigh bone
rib snapped when I coughed, agony
I heard a snap in my arm and it's agony
can't bear weight on my right foot
my hip cracked and I can't stand on it
sudden bad pain in my rib
something went crack in my back and I can't move
can't stand on my leg, it snapped
""",
    "R27": """
cola coloured pee after deep tissue massage
my urine is dark brown since the massage gun
pee like tea and muscles so sore after massage
dark brown wee and my thighs are weak
my pee has gone brown since the deep tissue massage
coke coloured urine and sore muscles
dark pee after massage yesterday
urine like cola, muscles weak
my wee looks like coke after that deep massage
urine gone really dark since massage gun, legs weak
""",
    "R28": """
myeloma and so thirsty and weak
bone mets, constipated and confused
started chemo for leukaemia, cramps and feel weak
high calcium before, now very thirsty and drowsy
mets in my bones and I'm drinking gallons and constipated
myeloma, twitching and weak
bone cancer, mum is very thirsty and sleepy
spread to bones, muddled and peeing a lot
myeloma, so thirsty, weeing loads and muddled
bone mets and dad's confused and constipated
""",
    "R29": """
catheter is blocked
my drain has fallen out
feeding tube came out
fever and I have a nephrostomy
nothing is draining from my catheter
my catheter has fallen out
chest drain came out
peg tube blocked
my drain has stopped draining
nephrostomy is leaking
my catheter isn't draining
pleural drain has come out
""",
    "R30": """
wound is oozing pus
my scar has opened up
skin is red and spreading
my knee is hot and swollen
breast is red and hot after surgery
wound has gone hot and smelly
surgical wound has burst open
yellow pus from my scar
elbow joint is red hot
cellulitis on my tummy
my wound has split and is leaking yellow stuff
big toe joint is red hot and swollen
""",
    "R31": """
I found a new lump
noticed a lump in my armpit
new pain in my hip
fingers started tingling this week
there's a lump that wasn't there before, it's new
new tingling in my toes
felt a lump in my neck
new ache in my ribs
just found a pea sized lump under my arm
toes have gone tingly this week
""",
    "R32": """
my hand is a bit swollen, I had my lymph nodes removed
lymphoedema arm more swollen than usual
since my nodes were taken out my arm is slowly swelling
breast swelling after node removal
my fingers and hand are swelling, had axillary clearance
leg is getting puffier, I have lymphoedema
nodes removed from groin and now my leg is swelling
lymphodema arm is more swollen
since having nodes out my arm seems to be getting bigger
slight swelling in my hand, lymph nodes removed in 2020
""",
    "R33": """
pain got much worse after massage
bruise from the massage is really big and sore
still hurting 3 days after massage and getting worse
my hand went numb after the massage
massive bruise after my massage
the massage has left me in terrible pain
pain is worse since massage
pins and needles since my massage
massage left me with a bruise that's getting bigger
still in bad pain 4 days after my massage
""",
    "R34": """
my eyes have gone yellow
skin looks yellow
dark wee and itching
poo is very pale
whites of my eyes are yellow
jaundice
my husband has gone yellow
white poo and dark pee
my eyeballs look yellow
skin turning yellow
""",
    "R35": """
I think I've got shingles
painful blisters round one side
blisters close to my eye
band of blisters on my chest that burn
shingles rash on my back
blisters on my forehead near my eye
burning blisters in a line on my chest
I've got shingles
rash with blisters in a stripe round my side, burning
shingles near my eye
""",
    "R36": """
headache since my lumbar puncture
had an epidural and now a headache when I sit up
fluid leaking from my back after lumbar puncture
spinal tap on monday, head hurts
lumbar puncture yesterday, bad headache
headache worse standing up after epidural
had a spinal tap, clear fluid dripping
my head aches since the spinal injection
splitting head when I sit up since lumbar puncture
my back is leaking clear fluid since the epidural
""",
}


# Written after the patterns, in other moods (carers, typing slips, long rambling, second-language English), and run once
# before anything was changed. Found at first sight, set after set, with general repairs between:
#   R20: 56 of 60, 32 of 35, 27 of 30, 16 of 20.  R21: 56 of 60, 35 of 35, 28 of 30, 19 of 20.
#   R15: 44 of 60, 21 of 35, 15 of 30, 27 of 30, 16 of 20 (the widest field: never rely on this screen alone for it).
# Here they guard what was learnt from them; they say nothing any more about messages not seen yet.
OTHER_VOICES = {
    "R20": """
Hi there its about my mum, she has her chemo every three weeks for bowel cancer and tonight shes just not right, all flushed and she says shes boiling, ok to do her feet?
tempature 38.7 had chemo thurs
think ive got a bug, day 6 after chemo, achey and shivvery
Hello. I am having weekly paclitaxel. My temperature this morning was 38.1. I have a massage at 2pm, should I still go?
i has fever and take chemo, massage good?
My body very hot after the chemo, I am feel cold also. Massage can help?
his temp keeps hitting 39 and the ward phone is engaged. cycle 2.
can we go ahead with the hand massage, Dad's got a bit of a temp but he's perky, he's on rituximab
Temp 37.9, feel fine, FEC-T day 10
100.2 on the ear thermometer and I'm neutropenic
woke up drenched in sweat & shaking, chemo monday
feels like flu coming on. Bone marrow transplant in March.
she's burnin up, on treatment for leukemia
my little boy is having chemo and his forehead is really hot to touch
sore throat started today. i am on immunotherapy. can i still have reflexology?
It burns when I pee and I had my last chemo a week ago
I'm immunocompromised and I've been feeling rotten all day
I feel perfectly awful, not a fever though, chemo was on Tuesday
temp gone back down to 37 after 2 paracetamol, am on carboplatin
Thermometer says 35.1 and I can't stop feeling cold, had chemo
can a massage bring down a fever of 38.6?
temp a hundred point eight
just checked - thirty eight point four degrees
got 102 temp
39 degrees fever what massage is allowed
My husband (67, lymphoma) came back from clinic and went straight to bed shaking with a high temp
Not feeling too clever since my infusion, bit hot and cold, would a back rub perk me up
its prob nothing but temp was 38 at lunch and 37.6 now. on capecitabine
I had a kidney transplant last year and now cough and fever
is it ok to come in with a slight fever, having radiotherapy
feverish since last nite, chemo pills
had the runs 5 times, on chemo. too embarassed to call
I dont want to make a fuss but I feel really poorly since my chemo on Friday
ive a cold sore n a temp, im on azathioprine
runny nose and cough but chemo tomorrow, massage today ok?
tmp 38.3
fver 39
TEMP 38.8 CHEMO LAST WEEK HELP
Can't seem to get warm, teeth chattering, on day 9
my wife is on chemo. she is hot. she is shaking. I am rubbing her back. is that ok?
I've been told 37.5 is the limit and it's 37.8 now, R-CHOP
hi I'm 54 with breast cancer on EC chemo and for the past couple of hours I've been feeling increasingly unwell, kind of achy all over, hot then freezing, and I wondered if my massage would make it better or worse
temperature normal but feel dreadful. Neutrophils low.
had paracetamol for my fever and now it's gone so massage ok? chemo on monday
Mum had her first chemo and now has a chesty cough and is hot
He is immunosuppressed after heart transplant, temp 38
I have myeloma and a high temperature
I feel like death warmed up. Last chemo Wednesday.
my picc line arm is fine but i have the shivers
shivering and sweating like mad, on methotrexate for RA
temp reading 38 point 9
fever on and off for 3 days
got a raging fever
I am neutropenic & my throat is killing me
thermometer 38,6 C, in Germany on holiday, chemo 2 weeks ago
my son, post stem cell transplant, is hot and grizzly with a temp of 38
Hot. Shivery. Chemo Friday. Massage tomorrow?
does reflexology help a temperature? mines been 38.4 since this morning
Temperature spiked in the night 39.2, now 37
feeling yuk, on docetaxel, pulse racing and clammy
evening. hubby finished round 5 of his chemo last thurs and since about 4 oclock hes gone a bit clammy and quiet, says hes fine. was going to do his shoulders like the nurse showed me. thermometer says 38.0
Can you have Indian head massage when you've got a temp? I'm on Taxol btw
chemo nurse here told me anything above 37.5 ring, its 37.6, bit of a faff to ring for that no?
My temp 39 no chemo
38.9
102F
is a temperature of 38.5 too high for massage
feeling flu-ey and I'm on weekly methotrexate
my mother take chemotherapy, now she has cold and body pain, massage for her good or no good
she's shiverin and says she's freezing but skin is boiling
going hot and cold like a yo-yo, bortezomib day before yesterday
so I took my temp because I felt a bit odd. It was 37.9. Then half an hour later 38.3. My husband says have a bath and a massage and relax
just feel lousy today, am on venetoclax
been throwing up and feel hot, three days after chemo
my chest is full of gunk and coughing since sunday, on ibrutinib
day 12, got a sore bottom and a temp
the baby of the family (6, having chemo for ALL) is flushed with a temperature
wee stings, and im on steroids and chemo
chemo last tues, today i am off my legs with it, feel so unwell
thermometr showing 38.5 degree
can i have massage my fever is 101
my neutrophils were zero on Monday and I feel a bit fluey
Took Tylenol, fever went down to 99. On chemo. Ok for a massage?
high temperature since the transplant clinic yesterday
I feel cold all the time and my temp is 35.6. chemo.
temp of 37.8 not on any treatment but feel shivery
dont feel right since my infusion
had my keytruda monday now got fever
Could a gentle massage sweat out this fever? I'm on chemo
im on chemo n i got the flu
a low grade fever on targeted therapy
My temp is up a little at 38.2, I feel ok in myself
got a chill after swimming and now a fever
my daughter's hickman got flushed and an hour later she is shivering and hot
hey siri told me to ask u. nan has had 3 chemos and her cheeks are bright red and shes roastin. can i put lavender oil on her hands
Good morning. I completed my fourth infusion on Monday and have been experiencing chills this evening. Would a hot stone treatment be advisable?
Temp of 100.9 here, on Ibrance and letrozole
My kiddo's got ALL and a fever of 101.4, his PT wants to do massage today
I'm a bone marrow transplant survivor day +40 running 38.0
I have got fever since morning taking chemotherapy medicine please suggest
just been sick and im shaking like a leaf, chemo yesterday
temperature is thirty seven point eight and my chemo was friday
had my bloods, neuts 0.2, now shivery
hot to touch, on chemo, should i do the foot massage
I'm flushed and hot all over with a headache, on Abraxane
he's come over all poorly since the treatment on tuesday
my fever broke overnight, chemo wednesday, massage today?
I took 2 Tylenol and now my temp is fine. chemo patient
chemo thursday. woke up with the sweats. temp 37.5
can I have a massage with a temp of 38
temp 39.5c !!
I'm having immunotherapy and think I've got covid
I've got an infected toe and I'm on chemo
sore throat, on clozapine, sorry I mean capecitabine
Should I be worried that I feel really hot? Last chemo was 6 days ago
my wife's temp dropped to 35 and she's on chemo
I'm shivering under three duvets. Cycle 4
not well. chemo monday.
neutropenic and got the runs
my mom has fever 38.9 no chemo just surgery
feel dreadful, achy, think its flu - been on rituximab
got a uti, on chemotherapy
temp was 38 this morning but normal now
day after my chemo i came over hot then cold and now my teeth wont stop chattering lol. still up for my appt
Patient here: ANC nadir, T 38.3 C, should I cancel reflexology?
my lil girl on maintenance chemo, ear temp 38.7
Been on steroids with my chemo and feeling hot, temp says 37.2
ugh feel like ive got the flu, 1 week after second taxol
im on a drug trial for lymphoma and have temperature
I have pyrexia and I'm having radiotherapy to my throat
got a cough that's getting worse. chemo is next week, last one was 2 weeks ago
feverish and I've had my spleen taken out
my mother she is 70 years, doing chemo, yesterday 38 today 38.5, the massage can reduce?
took ibuprofen because I felt hot; on azacitidine
not eaten, sweating, feel horrendous. chemo friday
temps 38.2 but I always run warm
is a temp of thirty eight ok on immunotherapy
hi my temp hit 38.1 earlier, chemo 3 days ago, I'm gonna go for a massage to relax
my friend is having chemo and says she feels really unwell, would a massage do her good
I've got a bit of a sniffle and I'm on chemo
low temp 35.5, clammy, on capecitabine
woke up freezing and shaking at 3am, cycle 2
""",
    "R21": """
My right leg's come up like a balloon since Tuesday
left calf painful to touch, think i pulled it at the gym, having chemo
I am 34 weeks pregnant and one of my legs is much more swollen than the other
hi, flew back from Spain on Sunday and my calf has been sore ever since, is a deep tissue massage a good idea?
leg is swelled and red color, it is paining too much
please can someone massage his leg its gone all tight and shiny and hot
Mum's been in bed since her op and now her leg is puffed up
my arm is swollen where my picc goes in, can the therapist work on it
calf tender
swolen sore calve
I have a lump of pain in my calf, hurts when I flex my foot
the back of my knee is sore and my lower leg feels warm
i have pain in the leg only left side after operation, she can massage?
one ankle fatter than the other and my leg aches
does arnica massage help a hot swollen calf
its like a cramp in my calf thats lasted 4 days
My father's thigh is swollen, he has pancreatic cancer, shall I rub it
Upper arm red, hot and very sore since the drip came out
leg looks purple when I stand and it's swollen
legs all swollen up since chemo, they ache and they are tight
It might be nothing but there is some redness and warmth on the inside of my calf
feels like a pulled muscle in my calf but it's swollen too and I'm on tamoxifen
my calf is throbbing
there's a red hot patch on my shin
My left arm has gone a funny colour and feels heavy and swollen
can u massage out a swollen leg
i cant get my boot on one side cos my leg is so swollen
leg hurting and swollen, I had a DVT last year
do you think this could be a DVT? my calf is sore
Wondering about a massage as my thigh's been aching and is bigger than the other one. I'm recovering from a hysterectomy.
the nurse said my leg is probably fine but it's more swollen today
my husband massages my calf every night as it's sore and swollen
Pain and swelling in lower limb, on lenalidomide
calf has been rock hard and sore for two days
my arm it is hot and big
My leg. Hot. Hurts. Massage?
should heat or massage be used on a painful swollen arm
got a sore leg after sitting on the plane for 11 hours
The carer noticed that gran's left foot and leg were swollen and warm this morning
swelling in both feet and legs with pain
I have varicose veins and one has gone hard, red and painful
my forearm is inflamed along the vein
my leg feels like its burning inside and its red
woke with a charley horse in my calf that just wont ease
cancer patient here with a swollen leg. Massage ok?
my calf's been giving me gip since the long drive, it's a bit swollen
swellin in leg
left leg twice as big as right
achey hot leg
Had surgery 10 days ago & my calf is sore when I point my toes up
leg sweling, chemo
my thigh is sore, red and warm near the groin
can massage get rid of the swelling in my leg
I don't have chest pain but my leg is swollen
no redness but my calf is swollen and tender
My leg is not red, it is just swollen and painful
arm swollen after mastectomy this week and it feels hot
my one leg is paining since three days
daughter's leg went red and puffy after her central line in the groin
i bumped my shin and now the whole lower leg is hot and swollen
so basically ive been laid up after the op and now my leg down the one side is all swole up
calf hurts. chemo. massage?
when I press my calf it really hurts and it stays dented
hello doctor my wife leg is swelling and red from two days please tell which oil massage
the veins in my leg have gone hard like rope and it's sore
my leg has a tight feeling, looks bigger, i'm on the pill and had surgery
Is it ok to use a foam roller on a hot painful calf?
there is a burning pain deep in my thigh since yesterday
foot has swelled to twice normal, only the left
puffy right hand and arm, PICC side
my arm hurts where the drip was and its red all the way up
can't bend my knee, calf solid and swollen
my lower limb is oedematous and tender
she has a swollen leg but shes always had bad circulation, can i massage it
my leg is sore and discoloured
Grandad's legs have ballooned
My ankle swelled up overnight and I've not twisted it
theres a pain in the back of my leg like someone kicked me
leg feels warm where it hurts
I have been getting pains in my left calf at night, not cramp, and its a bit swollen too
my left arm is a different colour to my right and swollen
since the long bus ride my calf aches and feels hot
been told to keep moving but my leg is so sore & swollen
what massage is best for a swollen painful calf after hip replacement
my leg looks shiny and red
both calves sore and swollen since lenalidomide
leg is puffy, painful, warm
my thigh has swollen since they put the line in my groin
pain, swelling left leg
my cancer nurse is away. leg swollen. what to do
the whole arm is throbbing and puffy
pregnant and right calf hurts and is warm
I've had it rubbed twice but my calf is still sore and now it's swollen
leg went dead and is swollen
my brother in laws leg is up like a tree trunk
My left leg is noticeably larger than my right, could a massage get the fluid moving?
yo my calf is swole and hurts bad after leg day but im also on chemo
I have developed tenderness along the inner aspect of my thigh
leg red swollen hot
grandma says her leg is on fire and it's very red
I've a swollen arm on the mastectomy side that's new and sore
Been bedridden for a week. Calf is tender when squeezed.
pain in one leg and it feels warm compared to the other
swelling left ankle and calf 3 days
feels like my calf is going to burst, it's so tight and swollen
my arm looks red and puffy near the port
knee down is all swollen
dvt symptoms - calf pain and swelling
I rubbed my leg because it was sore and now its swollen
hi my moms leg is swollen real bad and shes got lung cancer
I can't walk on it because my calf hurts so much, can you do a home visit
skin on my leg is shiny, tight, red
my arm hurts where I had the blood taken and it's swelled up
both legs suddenly swollen
why is one leg swollen
could lymphatic drainage help my swollen leg since surgery
leg throbbing & warm, 3 wks post partum
husband drove 9 hrs, now his calf is cramping and wont stop
had a cast off last week and my calf is sore and swollen
my calf feels bruised but there's no bruise, it's warm
my leg turned purple and swollen
sharp pain in back of calf, on apixaban
the whole of my left leg is swollen up to the groin
my PICC arm aches and has gone red
massage therapist noticed my calf is hot and swollen
leg's gone all puffy on the right
bit of swelling round my left calf, had my pelvis operated on last month
can I get rid of this pain in my calf with massage, I've been in bed with chemo
the arm with my picc in is sore all the way up to my armpit
is swelling in one leg normal after chemo
calf feels hot. hurts to stand
my mums legs have swollen right up and they are red
painful, tense calf. surgery 6 days ago
my leg is throbbing after the flight home, planning on a sports massage tomorrow
I have swelling, warmth and redness in my left thigh
forearm is hot hard and painful after the drip
my legs is swelling too much doctor, what massage
only my left foot is swollen
a massage made my calf feel better for a day but it is swollen and sore again
my calf is a bit tender, is that from yoga? I take tamoxifen
could you rub my swollen ankle
swollen leg + cancer
there's a tender lump along the vein in my leg and it's red
one leg's bluish and swollen
I think my leg is swelling
""",
    "R15": """
i dont think i can carry on
Honestly I'd be happier dead
Whats the point of treatment, I just want to die
been thinking about killing myself
I don't want to be a burden any more, they'd all be better off if I wasn't here
I think about ending things every night
if I had the courage I would end it
i want sleep and no wake up
I no want live more
Mum says she wants to go to sleep and not wake up
my brother with cancer keeps saying he wants to end his life
I feel so low I could just take all my morphine
looking at my tablets and thinking about taking the lot
how many of my oxycodone would it take to kill me
im going to kill myself tonite
life is just too painful, I want it over with
I've written a goodbye letter
there is nothing left to live for after this diagnosis
I wish I'd died in surgery
feel suicidel
suicidal thoughts again
cant see any future for me
I can't see a reason to keep going
I'm thinking of throwing myself under a train
ready to end it
nobody cares if I live or die
i just want to disappear
sometimes i wish the chemo would kill me
having thoughts of harming myself
she cut herself last night and says she doesn't want to be here
what is the point in living
tired of fighting, tired of living, just tired
i give up. i want to die
Please help me I want to end it all I can't take the pain
I keep looking at the bridge and thinking about jumping
everyone would be relieved if I was gone
I can't live like this
I want to be dead
I'm not coping, I want out of this life
my wife told me she has been saving up her pills
no will to live
is there any point carrying on
thinking of suicide since diagnosis
I hate living in this body, don't want to live in it any more
the world's better off without me
I've decided to end my life
want 2 die
I wanted to kill myself last night
goodbye all. I am done.
self-harming again
I feel like there's no way out
Would massage help someone who is suicidal? It's me
hurting myself is the only thing that helps
my husband has said he will shoot himself if it gets worse
i wish i was never born
I've got enough pills to do it
dad says he's had enough and wants to die
I dont want to wake up in the morning anymore
why should I keep living
im better of dead
i just dont want to be alive anymore
honestly whats the use of carrying on
ive thought about how i'd do it
I'm going to do something stupid tonight
wish this was all over and I was in the ground
my life's not worth it
sometimes I want to crash the car on purpose
I don't want to see tomorrow
I'd be doing everyone a favour if I was dead
tell the nurses thanks for everything, I won't be needing the appointment, I'm ending it
i feel dead inside and want to die
my mate said he is gonna top himself
I have no reason to wake up in the morning
the only way to stop this pain is to kill myself
cannot do another day
i tried to overdose last month and i feel like doing it again
please god let me die
i want to harm myself because of the pain
i feel like jumping out of the hospital window
thinking dark thoughts about ending my life
dont see the point in going on with any of it
I have had enough, I want to go
she keeps asking me to help her die
my dad doesnt want to live after mum died
I'm thinking of not taking my insulin so I die
I am worthless and should not be here
I think it would be best if I wasn't around
if it wasnt for my kids id be gone by now
I've got my pills lined up
you can't help me, nobody can, I'm going to end my life
just let me go to sleep forever
i am scared i will hurt myself
I'm having suicidal ideation
life not worth living any more
i cant be bothered to live
I just feel my family would cope better without me
no one would even notice if I died
honestly whats the point anymore, not a single reason to stay
I've been googling painless ways to die
my dad keeps asking for a gun so he can finish it
i might aswell be dead
can't see myself getting through the weekend, I just want it all to stop
I feel like ending it, sorry to unload on a robot
My sister texted saying goodbye and that she is done with life
is there a massage for people who want to kill themselves
not sure I want to be alive
the cancer is winning and I wish I could just go
I want to sleep and not wake ever
Life has become unbearable and I want to leave it
i have thoughts to cut my wrist
planning on killing myself after christmas
Do you ever think about suicide? I do
I'm at breaking point, I'll jump
I would never do it but I do think about dying a lot
i have suicidal feelings but not plan
I don't feel like living
He told me that he has no wish to live
I cannot live with this pain anymore
scared I'm going to hurt myself tonight
I'd like to just fall asleep and be gone
I wanna end my life
my wife tried to kill herself last night
i'd be better off in the ground
I'm so done, I want to be dead
i think about suicide every single day
I don't want to do this anymore, I want to die
I've been having really dark thoughts, like ending it
They'd all be happier if I died
im just a waste of space and want to end my life
I'm planning to take my own life
Can't cope anymore I want to kill myself
lately i've been wishing i wouldn't wake up
I bought extra pills so I can end it when it gets bad
my son cuts himself
my husband has a gun and says he's going to shoot himself
there's no point to my life now
I want to jump in front of a train
life is pointless
I keep having thoughts of hurting myself
i feel like my life is over and i want to go
mum says she's ready to end it all
I was going to hang myself last night
I can't do life anymore
want to die so bad
no one would care if I was dead
I am going to kill myself and you cant stop me
I took a load of pills because I want to die
i've lost all hope and don't want to live
She won't eat because she wants to die
is it wrong to want to die
thinking of just ending it all in the river
I wish someone would put me out of my misery
I don't see why I should bother living
nothing makes me want to stay alive
I've been thinking it would be easier to be dead
some days I hope I don't wake up from surgery
I want to kill myself but I'm too scared
my mum took an overdose on purpose last night
I feel like I should just end it
I can't stand being alive
my mind keeps telling me to kill myself
my family doesn't need me, I should be dead
I'm saving my morphine for when I've had enough
I could easily drive into a tree on the way home
please help my wife she keeps saying she wants to die
I've lost the will to go on
want it all to be over for good
I've been self harming since the diagnosis
I'm not going to make it through tonight, I'm going to end my life
life has no point
there is no way out of this except death
I just want to be dead, can massage help with that
""",
}


# The wording denies, dates or asks about something, yet something else in it is urgent here and now.
STILL_URGENT = """
R21 | Allergies? No. Swollen calf and sore
R21 | Fever? Not. Swollen calf
R02 | no chest pain but breathless
R02 | breathless but no chest pain
R21 | No fever. My calf is swollen
R21 | no fever my calf is swollen
R21 | I don't know why my leg is swollen
R21 | I don't like how red my calf looks
R21 | not sure if it matters but my leg is swollen
R21 | I can't believe how swollen my leg is
R21 | no idea why my calf hurts so much
R21 | my leg isn't just sore it's swollen
R21 | the swelling in my leg is not going down
R21 | my calf is no better, still red
R21 | I've never had a swollen leg like this
R01 | never felt anything like this pain in my chest
R15 | I have never wanted to kill myself like this
R21 | I have never had such a sore calf
R21 | I had a DVT in 2019. Now my calf is sore again.
R21 | I had breast cancer 10 years ago and my arm is swollen and hot
R21 | years ago I had a clot, my leg is swollen today
R21 | No redness, no heat, but swollen calf
R21 | my leg is swollen, no pain
R21 | no pain just a swollen leg
R21 | my doctor said no massage because my leg is swollen
R21 | is it ok to have a massage if my leg is swollen
R21 | My mum had a stroke in 2010 and now her leg is swollen
R20 | not feeling well since chemo
R20 | I have no appetite and a fever of 39
R20 | no appetite fever 39 chemo
R20 | I don't have a cough but I do have a fever
R20 | I haven't got a thermometer but I'm shivery and on chemo
R20 | the fever is not gone
R20 | fever has not gone down, on chemo
R20 | I finished chemo 3 years ago but have a temp of 38.5
R20 | was 38.5 this morning but 37 now after paracetamol, chemo last week
R20 | why is my temp 38.6
R20 | my temperature is not normal, 38.4
R20 | I never had a fever this high, 39.5
R20 | What if it gets worse, I already have 38.2
R15 | I don't want to go on
R15 | I can't see any reason to live
R15 | I'm not ok, I want to die
R15 | I'm not being dramatic, I want to kill myself
R15 | no one knows but I want to end my life
R15 | does massage help with suicidal thoughts
R15 | I've wanted to die for years
R15 | what if I killed myself
R15 | I tried to end my life last week
R15 | never felt so suicidal
R09 | he doesn't usually have fits but he had a fit today
R04 | my face was drooping this morning but it's fine now
R02 | I fainted yesterday but I'm fine now
R01 | had chest pain this morning, gone now
R06 | I can't feel my legs
R06 | I don't have any feeling in my legs
R07 | it hasn't stopped bleeding
R07 | nose bleed that has not stopped
R07 | the bleeding won't stop, no pain
R22 | I don't know where these bruises are coming from, they're all over
R01 | I've never had chest pain before but now I do
R01 | I don't think it's my heart but my chest hurts
R02 | not only dizzy but breathless too
R25 | I have not been able to keep anything down
R14 | I'm not exaggerating the pain is unbearable
"""


LEAST = {"R20": 25, "R21": 25, "R15": 25}


@pytest.mark.parametrize("flag", FLAG_IDS)
def test_urgent_phrasings(flag):
    phrases = lines(URGENT[flag])
    assert len(phrases) >= LEAST.get(flag, 4)
    assert [text for text in phrases if flag not in urgent(text)] == []


@pytest.mark.parametrize("flag", sorted(OTHER_VOICES))
def test_urgent_in_other_voices(flag):
    phrases = lines(OTHER_VOICES[flag])
    assert len(phrases) >= 60
    assert [text for text in phrases if flag not in urgent(text)] == []


@pytest.mark.parametrize("line", lines(STILL_URGENT))
def test_still_urgent(line):
    flag, text = line.split(" | ", 1)
    assert flag in urgent(text)


EVERY_URGENT = [(flag, text) for table in (URGENT, OTHER_VOICES) for flag in table for text in lines(table[flag])]

# ---------------------------------------------------------------------------------------------------------- not urgent
QUIET = """
Can I have a massage while on chemo?
I'm on chemo, is a hand massage ok?
is it safe to have a massage during chemotherapy
How many days after chemo can I have a massage?
my platelets are low, can I have a massage
my platelets are 38
platelets 38.5 can I have a massage?
my neutrophils are 0.9 is massage ok
I take apixaban, can I have deep tissue massage?
I'm on warfarin
blood thinners and massage
I take blood thinners, is Swedish massage ok?
does massage help with side effects of blood thinners
I have lymphoedema, can I have a massage
I have lymphoedema in my left arm, what kind of massage can I have
what is MLD
can MLD help lymphoedema
manual lymphatic drainage for lymphoedema
I had my lymph nodes removed years ago
swelling after node removal years ago
I have a PICC line, can I have a back massage
can I have massage with a port
I've got a Hickman line
I had a glass of port
port in my chest, can I lie face down?
does massage flush out toxins
will massage flush the chemo out
does massage boost the immune system
can massage help pain
does massage help back pain
does massage help with pain after surgery?
will a massage ease my stiffness
is massage good for pain relief
pain relief without tablets
I want something for relaxation
how much does a massage cost
is massage covered by insurance
massage costs 38.50
it was £38.50 for half an hour
can you tell me my blood results
my haemoglobin is 101
my scan results come out on Friday
deep tissue massage with low platelets
is deep tissue bad for me
hand massage for my mum in the hospice
can I massage my mum's hands
foot massage during radiotherapy
what pressure should the therapist use
light strokes on my arm
stroke my hands gently
slow strokes on the back
I had a stroke in 2015, can I have a massage
fit and healthy otherwise
can you fit me in on Tuesday
am I fit enough for a massage
I feel fit and well
can I have a drain during massage
I feel drained
emotionally drained
my heart sank when I saw the results
heart failure, can I have massage
I'm dying to know if I can have a massage
I'm dying for a massage
the massage was to die for
just killing time in the waiting room
this itch is killing me
the waiting is killing me
can massage cause blood clots?
is there a risk of bleeding with low platelets?
what temperature should the room be
room temperature 38 degrees?
are hot stones ok
hot stones at 40 degrees
the sauna is 40 degrees can I use it
I get cold hands in general
my hands are always cold
numb fingers from chemo
my feet are numb from chemo
I have neuropathy in my feet
numb feet, can I have reflexology
I am dying
I am dying of cancer, is massage allowed
I have terminal cancer
my mum is dying and I want to hold her hand
how long have I got
I'm in palliative care
what is oncology massage
I had a clot 5 years ago
had a DVT in 2019
I had a blood clot in my lung two years ago, can I have a massage
I have a blood clot in my leg and take apixaban
can massage dislodge a clot
what are the signs of a blood clot
I had a seizure when I was a child
I have epilepsy, is aromatherapy ok
had chest pain years ago but all clear
used to have chest pain
I used to get nosebleeds as a child
what if I get chest pain
what if I get a fever after chemo
what should I do if my leg swells
if I get breathless what should I do
I don't have a fever
no fever, no pain, just want a massage
no swelling or redness in my legs
I don't have any pain or swelling
my leg is not swollen
my legs aren't swollen or sore
I have no chest pain
no shortness of breath
never had a seizure
I am not suicidal
not suicidal, just sad
I don't want to die
I'm sad and lonely
I feel down
I feel low and anxious
I'm scared of dying
I miss being touched
I can't sleep
I can't relax
I'm so tired
I have no energy since chemo
I'm exhausted after chemo, will massage help
hot flushes from tamoxifen
I get hot flushes at night
does massage help hot flushes
my therapist was lovely
she touched my shoulder kindly
do I have to undress
do I have to take my clothes off
will the therapist touch my breasts
can they massage near my breast scar
breast massage after surgery
prostate massage
perineal massage in pregnancy
can I have a pregnancy massage at 38 weeks
I'm 38 weeks pregnant
I am 38 years old
I'm 39 and on chemo
my mum is 88 and frail
my appointment is on 3.10.2024
my phone number is 07700 900123
call me on 0800 1111
room 101
day 10 of chemo, can I have a massage
cycle 3 of 6, massage ok?
I weigh 38.5 kg
my dose is 37.5 mg
I had 38 sessions of radiotherapy
it is 38 miles away
does massage help swelling
does massage help swollen legs?
is massage good for swollen ankles
what is good for swollen legs
can massage reduce swelling
massage for lymphoedema swelling
I bruise easily on warfarin
do blood thinners make you bruise
will I bruise
is it normal to feel sore after a massage
I felt a bit sore after my massage
I have a sore throat from radiotherapy years ago
I have a cold, can I come
tight muscles in my shoulders
my shoulders are tight and sore
my neck is stiff
I have a stiff neck, can I have a massage
I have a headache, will a head massage help
does head massage help headaches
can neck massage help migraines
I get headaches sometimes
my back hurts
my back aches from lying in bed
I have back pain, can I have a massage
knots in my shoulders
my legs ache
tired legs
heavy legs in the evening, would reflexology help
restless legs
my scar is itchy
can I massage my scar
I have a stoma
I have a catheter, can I have a massage
I have a nephrostomy
feeding tube and massage
I have diabetes
I use insulin, is massage ok
diabetic foot massage
I take steroids
I take dexamethasone with chemo
I have a pacemaker
I have a brain tumour, can I have a head massage
I have a shunt
I had an epidural last year
I have osteoporosis
cancer in my bones, can I have massage
I have a pain patch
I wear a fentanyl patch
I have shortness of hair lol
I have eczema
my skin is dry and itchy
dry cracked heels
I have varicose veins
I am allergic to nuts
I'm allergic to lavender oil
is lavender oil safe
hello
thank you
yes please
no
what's the point of massage
is there any point in massage during chemo
I can't go on holiday, can I have a massage
I can't go on the massage table face down
I want to give up smoking
should I give up chemo
my doctor said no
the nurse told me to stop
I'm confused about what massage I can have
I am confused, is it yes or no
I fell asleep during the massage
I feel sleepy after massage
my hair is falling out
my hair fell out
can I have a massage with a temperature-controlled bed
body temperature oils
what is a normal temperature
temp 36.8 today and on chemo, can I come
my temperature is 36.5
temperature 98.6
I have no temperature and feel fine
my chest scar is itchy
chest drain
I had a chest infection last year
breathing exercises
can massage help breathlessness
does massage help breathing
I have asthma
I have COPD
I'm scared of needles
scared of hurting him
afraid I will hurt her when I massage her
can I hurt my husband by massaging too hard
does it hurt
should massage hurt
I work out
the session is 60 minutes
my daughter is 12, can she have a massage
my son has leukaemia, can he have a massage
can children have massage
is it ok to massage over a tumour
can massage spread cancer
can massage cure cancer
what is the best oil
my husband wants to massage me
how do I massage my wife's feet
are you a real person
can I book
where is the clinic
aching shoulders from the desk
I had covid last year
I had my covid jab
flu jab yesterday, can I have a massage
my lymph nodes were removed
what should I tell my therapist
why do I have to ask my doctor
can I lie on my tummy
I have a hernia
tummy massage for constipation
I am constipated
feeling sick from chemo, does massage help
does massage help nausea
I am pregnant, can I have a massage
I have sickle cell
I have factor V Leiden
I have HIT
I have an IVC filter
I had a heart attack last year
I have high blood pressure
my blood pressure is 138 over 88
I have AF
palms and soles are sore on capecitabine
hand foot syndrome
I have GVHD
I have MRSA
I have HIV
my finger nails are sore
Hello, I finished chemotherapy six months ago and wondered if a full body massage would be OK now?
I am starting chemo next week, should I stop my regular massages?
Can my husband rub my shoulders while I am having radiotherapy?
I get a bit of numbness in my fingertips from the oxaliplatin, is a hand massage fine?
My consultant says my platelets are a bit low, around 60. Would a very light massage be a problem?
Is reflexology safe for someone with secondary breast cancer?
how light does the massage need to be if I have bone metastases
I've a Portacath in my chest wall, can I lie on my front?
would a head massage hurt my scalp, my hair is falling out
Is aromatherapy OK with letrozole
Does tamoxifen mean I can't have deep tissue?
can you recommend someone near Leeds
do I need a doctor's letter
What qualifications should the therapist have?
my mum has dementia, would hand massage calm her
She's 91 and in a nursing home. Does gentle touch help people with dementia?
my partner has motor neurone disease
I had a knee replacement 3 months ago, when can I have a leg massage
what about scar massage after mastectomy
I've had an expander put in, can I lie face down
how soon after surgery
I am anxious about being touched after my operation
is it ok if the therapist uses oil near my PICC line dressing
I have a stoma bag, will it be in the way
would massage interfere with my warfarin
do I need to stop apixaban before a massage
can I skip my blood thinner for a massage
my INR is 2.5
ANC 0.9 ok?
My platelets are 45, can I?
white cell count 3.8
CRP 38.5
hb 101
my weight is 101 lbs
I'm 5 foot 4
the clinic is at 38 High Street
born in 1938
38C bra size after surgery
my bra size is 38c
bus 38 stops outside
I paid 40 pounds
can I get a discount for 10 sessions
it's 40 degrees outside today
should the oil be warmed to 38 degrees
I can bend my knee to 100 degrees
my knee bends 38 degrees
I'm on cycle 4 day 12, feeling good
feeling well on chemo, can I have a massage
I feel fine today
temp normal all week
my temperature has been normal
no temp today
temp is 36.9
haven't had a fever
never had a fever on chemo
no signs of infection
no cough or cold
I'm not unwell
I don't feel unwell
i feel ok, no fever
my cough has gone
my cold has cleared up, finished chemo last year
I had flu last year
I had covid two years ago
I had sepsis in 2020
can massage cause a fever
could massage give me a fever
is fever a side effect of massage
do people get a fever after massage
what temperature counts as a fever
what is a high temperature on chemo
when should I worry about my temperature
how do I take my temperature
which thermometer should I buy
can I have a sauna
infrared sauna during chemo
warm bath before massage
heat pads on my shoulders
cold packs for my feet
my feet get cold at night
cold cap and head massage
I always have cold feet
legs up in the air position
leg massage for my mum
is it okay to massage legs
massage my legs gently
can I have my calves massaged
I sit all day, my legs feel tired
aching legs after walking
my calves ache after the gym
my arms are achy from gardening
my arm is stiff since surgery
frozen shoulder after mastectomy
I can't lift my arm above my head since my mastectomy
cording in my arm
my arm feels tight from cording
I wear a compression sleeve on my arm
my lymphoedema is under control
lymphoedema in both legs for ten years, can I have a back massage
my leg was swollen last year but is fine now
I had swelling years ago after surgery
no swelling now
the swelling has gone
my swelling went down
they ruled out a clot
scan was clear, no clot
is massage safe after a blood clot
when can I have massage after DVT
I take rivaroxaban because of a clot in my lung last year
can massage prevent clots
how do I avoid blood clots on a long flight
clots run in my family
varicose veins in my legs
spider veins
can I have massage with phlebitis history
does massage help circulation in legs
why do legs swell during chemo
what causes swollen ankles
is it common to get swollen feet on steroids
if my leg swells should I stop massage
what if my arm swells up after massage
I was suicidal years ago
when I was first diagnosed I wanted to die, but I'm ok now
my brother died by suicide
I lost my dad to suicide
assisted dying
what do you think about assisted suicide
I'm not going to kill myself or anything
I'd kill for a massage
I could murder a cup of tea
I'm dying of boredom
my feet are killing me
these shoes are killing me
scared to death of needles
I laughed so much I nearly died
I nearly died in hospital last year
I don't want to die of this cancer
I'm afraid of dying
will I die
am I going to die
how long will I live
my mum died last year
my husband passed away
I lost my wife
I am grieving
I feel hopeless about my pain
I'm so fed up of hospital
I'm fed up with waiting
I've had enough of needles
I want it all over, head to toe
I want to end my membership
how do I end this chat
goodbye
bye
ok goodbye and thanks
I can't go on Tuesday
I can't go on my own
I can't do this form
I can't take any more tablets today
I can't cope with the heat
I want to give up sugar
no point in paying if it's cancelled
what's the point of reflexology
my pain is a 3 out of 10
I have pain all the time from arthritis
fibromyalgia pain
my knees hurt
hip pain from arthritis
shoulder pain
sore muscles after exercise
tender scar
tension headaches
I have a migraine condition
jaw ache from TMJ
neck ache from pillow
my back is stiff
sciatica
leg cramps at night
I get cramp in my feet
I had surgery on my leg last month
hip op next week
can I have a massage with a broken rib
I broke my arm last year
I have a fractured vertebra from years ago
I use a wheelchair
I can't walk far
I can't walk, I use a wheelchair, can I have a massage at home
I have MS and my legs are weak
I've been incontinent for years
I have a urine bag
I had a catheter last year
my catheter is fine
do I have to take off my stoma bag
oil on my PICC dressing
my port is not used any more
the port was taken out last month
my drain was removed
drains out next week
I had my drains out
fistula for dialysis in my left arm, can I have a massage
I have a line in
is it ok to have massage with a drip
can I wear my patch during massage
where should the patch go
nicotine patch
dry patch of skin
itchy skin
skin rash from radiotherapy
my skin is red from radiotherapy
radiotherapy burns
sunburn
bruise from my blood test
small bruise on my arm from the cannula
I have a mole
my scar is red
my scar is a bit lumpy
is this lump cancer
I have a lump in my breast, waiting for biopsy
fatty lump on my back for years
I had shingles last year
shingles vaccine
chickenpox as a child
I had a lumbar puncture last year
I need an epidural for labour
bone marrow biopsy last week, can I have a massage
I'm vomiting from pregnancy? no just nausea
I feel sick
travel sickness
I get constipated with codeine
loose skin
I have Crohn's disease
IBS
I have diabetes type 2
my sugar is well controlled
do I need to eat before massage
I get shaky hands from Parkinson's
I have tremor
I sweat a lot
I get night sweats from menopause
my hair is growing back
I can breathe fine
I use oxygen at home
I have sleep apnoea
deep breathing helps me relax
lung cancer, can I have a massage
throat cancer treatment finished
I lost my voice
my mouth is sore from chemo
mouth ulcers
my nails are black from docetaxel
black nails
I bled a little when they took blood
period pain
heavy periods
piles
I have anaemia
iron tablets
I had a nosebleed as a child
does massage cause bruising
will deep tissue leave bruises
is it safe to have sex
happy ending
do you do happy endings
is the therapist male or female
I don't want a man to touch me
I was abused as a child, touch is hard for me
I don't like being touched
she hurt me a bit with her elbow
the massage hurt
the therapist was rude
I want to complain about my therapist
can I ask for a female therapist
my carer can massage me
my carer is lovely
my wife hits the gym
hit a wall with fatigue
the tiredness hit me
stop
help
My oncologist says massage is fine but my physio disagrees. Who do I listen to?
I've finished my chemo and got the all clear in June. Can I book a spa day?
How long should I leave between radiotherapy and a facial
My skin is a bit pink from the radiotherapy, can I use lavender oil on it
I've got peripheral neuropathy from vincristine; is vibration plate safe
my toes tingle a bit since the chemo finished last year, is that ok for reflexology
Is lymphatic drainage OK with a melanoma in the past
Does having a massage after chemo make the side effects worse?
Would you advise a massage the night before surgery
can I have a massage if my platelets are 80
low platelets and reflexology?
my blood counts are low but I feel fine
I've a low white count, should I avoid the spa?
Is it safe to have a massage on blood thinners
my dad takes warfarin and likes his back rubbed
can my wife use a massage gun on my back? I'm on Xarelto
Do I need to wait after my clexane injection
I inject heparin in my tummy, can I have my tummy massaged
I had a PE 8 months ago, still on apixaban
history of DVT, now on rivaroxaban, can I have a hand massage
the doctor says my clot has gone, can I have massages again
I have lymphoedema of the right leg, does MLD hurt
should I wear my sleeve during the massage
my lymphoedema therapist retired, how do I find another one
my arm gets tired in the sleeve
can you massage over a port scar
is the PICC line ok in a swimming pool
PICC line comes out next week, can I have a massage after
my Hickman line was taken out in May
what does lymph fluid do
will it get rid of toxins from chemo
will drinking water help flush the chemo
do saunas help detox
does massage cure anything
can massage help me sleep
I'm stressed and tense before my scan
I'm worried about the cancer coming back
I am frightened about my next scan
feeling down about losing my hair
I cry a lot
I'm lonely at night
everything hurts my feelings lately
I feel guilty for being ill
I can't stop thinking about my results
cancer has taken over my life
my life has changed so much
I want my life back
I'd love to live near the sea again
I want to live life to the full
it's not the end of the world
I was told I have six months to live
I know I'm going to die soon and I would like some comfort
how will I know when mum is dying
can a dying person be massaged
what happens when someone dies
my grandmother died of a stroke
my dad had a heart attack at 50
my mum has COPD and uses oxygen
I've been breathless for years with COPD
is massage ok with asthma
I had pneumonia last year
a tight feeling across my shoulders from typing
I have a stiff back in the mornings
I've got a bad back
long term back pain from a slipped disc
my knees are stiff and sore with arthritis
my hands are stiff from letrozole
joint pain from anastrozole, does massage help
aches and pains from aromatase inhibitors
my feet ache from standing
tired aching feet
plantar fasciitis
my calves are tight from running
tight hamstrings
I pulled a muscle in my shoulder
my elbow hurts from tennis
carpal tunnel
trigger finger
my wrist is in plaster
I have a metal plate in my leg
hip replacement five years ago
knee replacement last year, scar massage?
c section scar
hysterectomy scar
hernia repair
I've a colostomy
I self catheterise
prostate cancer and incontinence after surgery
my bladder is weak since having children
I need to wee a lot on steroids
constipated from morphine
I take morphine, is that a problem
fentanyl patch on my arm
I use oramorph when needed
do painkillers mask pain during massage
can I have a glass of wine before
what should I wear
can I bring my dog
do you take cards
£45 an hour
how much is 30 minutes
are you open on Saturday
is there parking
my mum is 92
my son is 8 and has leukaemia
I'm 15, can I have a massage
my baby has colic
pregnancy massage at 20 weeks
I am breastfeeding
I have a toddler
is it ok during my period
I have endometriosis pain
pelvic floor massage
does vaginal massage help after radiotherapy
vaginal dilators
can my partner massage my breasts after surgery
is it ok to have sex after chemo
do I have to be naked
can I keep my underwear on
can I ask them to stop
what if I feel uncomfortable with the therapist
my last therapist was a bit rough
I felt light headed getting up after my last massage
I felt sleepy afterwards
I drank lots of water
my skin was red after cupping
does gua sha leave marks
is cupping safe
hot stone massage with neuropathy
heat pack on my tummy
cold therapy
ice baths
cryotherapy mitts
scalp cooling
wig advice
nail care during chemo
mouth care
what's a normal temperature for a bath
temperature of the oil
my thermometer broke
I take my temperature every day and it's fine
my temp was 36.9 this morning
I usually run at 36.2
the room was 25 degrees
38 year old woman with breast cancer
stage 3 grade 2
T2N1 tumour
CA125 of 38.1
PSA 38.6
bilirubin 38.2
I weigh 38.9 kilos
BMI 38.4
platelets 101
heart rate 101
blood pressure 101 over 60
oxygen 98
cycle 2 day 15, all going well
my next chemo is on day 21
22 sessions so far
born 1952
my number is 0161 496 0000
Do I need to avoid massage if my platelets dropped last cycle?
I've been told I'm neutropenic, does that rule out massage
my neutrophils came back at 1.2
I'm on Eliquis after AF
Can I use arnica cream with warfarin bruises
my skin bruises easily because of steroids
are essential oils ok with immunotherapy
keytruda and massage?
I'm having pembrolizumab every 3 weeks, is a back massage fine
CAR-T in the spring, when can I have massage again
I'm 100 days post transplant and doing well
is massage okay with a kidney transplant
I've a catheter, leg bag on my calf. Can they massage that leg?
the nephrostomy bag pulls
I have a chest drain coming out Monday
feeding tube, can I lie on my front
insulin pump on my tummy
glucose sensor on my arm
would massage drop my sugar levels
I have brittle bones
bone mets in my hip, no pain
cancer in my spine but stable, can I have a foot rub
is it safe to crack my neck
do you offer neck massage
I have a neck and shoulder massage booked
neck and shoulders are knotty
my neck is sore from sleeping badly
I get migraines, would an Indian head massage help
I had a brain tumour removed in 2018
epilepsy since childhood, well controlled
does lavender trigger seizures
can massage trigger a seizure
can aromatherapy cause an allergic reaction
what if I am allergic to the oil
my skin itches after lotion
I have eczema on my legs
dry flaky skin on my shins
psoriasis on my elbows
my legs are hairy, does it matter
I'd like my legs done
leg massage please
arm and hand massage for lymphoedema
which way do you stroke the arm
are light feathery strokes ok
stroke survivors massage class
my husband had a stroke ten years ago
fit for surgery
I'm fit as a fiddle
I am sick of hospital food
sick of all the waiting
my daughter is off sick
I have a drip on Thursdays
the line at reception was long
I missed my appointment
I fell out with my therapist
falling asleep is hard
I can't lie on my back
I can't lie flat because of my stoma
I can't sit for long
can't decide between reflexology and massage
I couldn't find the answer
I couldn't relax last time
I don't feel like talking
not feeling like myself since the diagnosis, will massage help my mood
I feel numb emotionally
I feel dead tired
my hair is dead straight now
I don't want pain
no pain at the moment
the pain has gone
pain comes and goes in my shoulders
my pain is under control
mild discomfort around my scar
my scar feels tight
the scar on my leg is tight
my thigh muscles are tight
tight IT band
my legs feel heavy at the end of the day
do compression socks help swollen ankles
does raising your legs help swelling
swollen glands and massage?
can you massage swollen lymph nodes
mum's ankles used to swell
is swelling normal after surgery
bruising after surgery, how long does it last
when can I massage my scar, it's still pink
radiotherapy made my skin dark
I've got a tan line
hot weather makes me tired
I love a hot bath
I get too hot in bed
menopause night sweats
I feel the cold more since chemo
cold hands and feet from bleomycin
my nose runs
hay fever
I've hay fever and blocked sinuses
yellow fever vaccine
dengue fever
spring fever lol
cabin fever
is a sore throat a reason to cancel
if I have a cold should I cancel
what if I feel unwell on the day
what should I do if I get a temperature during chemo
will the therapist have a cough
my husband has a cold, can he massage me
my grandson has chickenpox
What is the difference between MLD and normal massage?
how firm should it be with low platelets
will a hand massage be ok on the day of my infusion
does reflexology interfere with chemo
My nurse said to avoid deep tissue, is Swedish ok
I'm on a blood thinner called rivaroxaban - which massages should I avoid
Is it safe to massage someone with leukaemia?
my sister has myeloma
my lymphoedema nurse says self massage daily
is kinesio tape good for lymphoedema
can I massage round a drain site
my PICC gets in the way of sleeping on my side
does a port hurt during massage
do I have to tell the therapist about my port
can toxins come out through the feet
is it true massage flushes toxins
how long do the benefits last
could massage help me feel less anxious before chemo
can massage replace my painkillers
do you think massage will help my neuropathy pain
my back aches and my shoulders are knotted, can you help
I get sore shoulders from my bra
pain in my neck from the computer
I've had a niggle in my hip for months
will deep tissue fix my knee pain
does the NHS pay for massage
is there a charity that offers free massage
what's the price for an hour
do you do gift vouchers
what results can I expect
my test results are fine
my blood results were normal
CT results next week
can a massage affect my blood test
should I avoid massage before a PET scan
thai massage and osteoporosis
chair massage at work
massage gun on my thighs, any good?
foam roller for tight calves
can I use a TENS machine
acupuncture and low platelets
shiatsu in pregnancy
baby massage after c section
is indian head massage ok with a wig
I have alopecia
no hair so head massage feels nice
cold hands massage therapist
warm hands please
are candles safe with oxygen
is it ok if I fall asleep
I fell asleep on the table last time
I snore
my feet smell
my feet are ticklish
I have a bunion
ingrown toenail
verruca
athlete's foot
dry feet from capecitabine
my hands peel from capecitabine
radiotherapy skin peeling
scar tissue massage
keloid scar
tight scar under my arm
numb scar
numb armpit since surgery
numb patch on my chest since mastectomy
phantom pain after amputation
MS numbness in my legs for years
long term numb foot from a slipped disc
I've had a droopy eyelid since birth
stammer
I have hearing loss
I'm blind in one eye since childhood
I use a walking frame
mum can't walk any more, she's in bed all the time
she is bed bound
she sleeps most of the day now, she's dying
dad has dementia and gets confused at night
my mum has Alzheimer's and is confused
I'm a bit muddled about the dates
confusing advice online
my head is all over the place
my heart is broken
heartbroken
butterflies in my chest
weight on my shoulders
pressure at work
under a lot of pressure
the news knocked me for six
I could scream
I could cry
climbing the walls
I'm at the end of my tether with the booking system
the parking is killing me
traffic was murder
dead good massage
that massage was killer
this is doing my head in
my appointment ran over
30 degrees in the ward
it's boiling in here
I'm boiling in this room, is there a fan
freezing cold treatment room
Hiya, can you explain what lymphatic massage does?
I'd like a massage for my 60th
my surgeon said wait six weeks
can I have reiki during chemo
is reiki a massage
my port flips when I lie on my side
what if my port is bumped during massage
do therapists know how to work round a PICC
is it normal to need the toilet after massage
I wee more after a massage
why am I thirsty after massage
how can I support my wife through chemo with touch
my wife is too sore to be hugged
my bones are weak
I've got thin skin from steroids
prednisolone makes my face round
I've got a steroid injection in my shoulder
does massage affect insulin
I'm diabetic with neuropathy
is there a special massage for diabetics
I'm having dialysis three times a week
I have one kidney
my liver is enlarged
ascites
I have fluid on my lung
my stoma nurse is lovely
leaking stoma bag
I have a feeding tube at night
my catheter was changed yesterday
urostomy
will heat help my back
I use a wheat bag
can I have a jacuzzi
how warm should the oil be
the ward is 25 degrees
I am 5ft 4 and weigh 60kg
my oncologist is Dr Hot
cold feet about having a massage
I get butterflies before chemo
my arms get tired
I have poor circulation in my feet
my toes go white in the cold, Raynaud's
chilblains
my nails are lifting
I have a verruca on my sole
my ankle was broken years ago
swollen ankle last summer but fine now
had cellulitis in 2018
my lymphoedema flares in hot weather
is deep tissue ok for tight hamstrings
my hubby gets cramp
night cramps from chemo
hiccups from steroids
I am being sick of this illness emotionally
feeling lost
I feel like a fraud
I'm not coping with the waiting
is talking therapy better
who can I talk to
I need a hug
"""


def test_quiet_messages_give_nothing_urgent():
    phrases = lines(QUIET)
    assert len(phrases) >= 150
    wrong = {text: SCREEN.check(text).urgent for text in phrases}
    assert {text: hit for text, hit in wrong.items() if hit} == {}


# flag | why it is lowered | message. Lowered, not silent: the answer keeps a safety line (evidence 3.6, rule 2).
LOWERED = """
R21 | negated | my leg is not swollen
R21 | negated | my calf doesn't hurt
R21 | negated | no pain in my leg
R21 | negated | neither leg is swollen
R21 | negated | no swelling in my legs or arms
R21 | negated | I don't have any swelling or redness in my leg
R21 | negated | the swelling in my leg has gone
R21 | negated | the swelling in my calf went down
R21 | past | my leg swelled up years ago
R21 | past | In 2015 my leg was swollen
R21 | hypothetical | if my leg swells should I stop
R21 | hypothetical | what if my leg swells up after a massage
R21 | hypothetical | what should I do if I get a swollen leg
R20 | negated | I don't have a fever
R20 | negated | no fever
R20 | negated | never had a fever
R20 | negated | no fever or chills, on chemo
R20 | negated | I am not feverish
R20 | hypothetical | what if I get a fever on chemo
R20 | hypothetical | what should I do if my temp goes over 38
R20 | hypothetical | if my temperature goes above 38 who do I call
R20 | past | I had a fever years ago
R20 | negated | not shivery, not hot
R15 | negated | I'm not suicidal
R15 | negated | not suicidal, just sad
R15 | negated | I don't want to die
R15 | negated | I'm not going to kill myself
R15 | negated | I'm not going to hurt myself or anything like that
R15 | negated | no thoughts of harming myself or something like that, I only need a rest
R15 | negated | not thinkin of killin myself, just fed up
R15 | past | I tried to kill myself ten years ago
R15 | past | I was suicidal when I was first diagnosed
R15 | figurative | want to die of embarrassment
R01 | negated | no chest pain
R01 | negated | I don't have chest pain or breathlessness
R01 | hypothetical | what if I get chest pain
R01 | past | had chest pain years ago
R02 | negated | I'm not breathless
R02 | hypothetical | what if I can't breathe during the massage
R09 | past | I had a seizure in 2012
R07 | negated | no bleeding that won't stop
R22 | negated | no new bruises
R04 | negated | no slurred speech
R06 | negated | my legs aren't numb
"""


@pytest.mark.parametrize("line", lines(LOWERED))
def test_lowered(line):
    flag, reason, text = line.split(" | ", 2)
    result = SCREEN.check(text)
    assert result.urgent is None
    assert (flag, reason) in {(hit.red_flag, hit.lowered_by) for hit in result.lowered}


# ------------------------------------------------------------------------------------------------------------- numbers
@pytest.mark.parametrize(
    "text",
    [
        "temp 38", "temp of 38.0", "38.4c", "38,2", "39,1 and on chemo", "temperature: 38.6", "My temp? 38.4", "T 38.5",
        "38.5°C", "38.5 degrees", "it says 39.2", "100.4F", "temp 100.4", "101", "temp 101", "fever of 102",
        "temp a hundred and one", "temp one hundred and one point two", "temp thirty eight and a half",
        "temperature thirty-eight point five", "temp is thirty nine", "temp 38 4", "temp 384", "38½ on the thermometer",
        "my temp is over 38", "temp keeps going over 38", "my temp went from 37 to 38.3", "38+ temp all day",
        "temp of forty", "３８．４ degrees",
    ],
)  # fmt: skip
def test_fever_numbers(text):
    # A bare "101" needs a temperature word; all others stand on their own.
    assert ("R20" in urgent(text)) == (text != "101")


@pytest.mark.parametrize(
    "text",
    [
        "I am 38", "I'm 39 and feel well", "aged 38.5", "38 weeks pregnant", "38 weeks", "platelets 38.5", "platelets are 38",
        "hb 101", "my haemoglobin is 101", "CRP 38.5", "I weigh 38.5 kg", "38.5 mg", "£38.50", "£38.5", "it costs 38.50", "38 pounds",
        "room at 38 degrees", "what temperature should the room be", "water at 39 degrees", "hot stones at 40 degrees",
        "bend my knee 38 degrees", "38.4%", "call 0161 496 0038", "on 3.10.2024", "at 10.30", "since 2019", "in 1938",
        "38c bra", "bus 38", "ward 38", "38 sessions", "temp under 38", "my temp is not above 38", "temp never goes over 38", "temp is below 37.5", "temp 36.8", "temp 37.2",
        "temperature 98.6", "38 High Street", "38 degrees outside today", "blood pressure 138 over 88", "a hundred and one questions",
    ],
)  # fmt: skip
def test_numbers_that_are_no_fever(text):
    assert urgent(text) == set()


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("temp 38.4, on chemo", None),
        ("fever and on chemo", None),
        ("37.6 on chemo", "raised"),
        ("99.8 F, on chemo", "raised"),
        ("37.6 and shivery on chemo", None),
        ("temp 38.4", "treatment_unknown"),
        ("I have a fever", "treatment_unknown"),
        ("temp is normal now I took paracetamol", "treatment_unknown"),
        ("on chemo and temp is normal now I took paracetamol", None),
        ("35.8 and cold", "treatment_unknown"),
        ("temp 35.4 on chemo", None),
    ],
)
def test_wording_of_r20(text, variant):
    hit = next(hit for hit in SCREEN.check(text).hits if hit.red_flag == "R20")
    assert hit.certainty == "urgent"
    assert SCREEN.variant(hit) == variant


def test_raised_temperature_needs_treatment_words_or_a_known_treatment():
    assert urgent("temp is 37.6") == set()
    assert urgent("temp is 37.6", frozenset({"on_treatment"})) == {"R20"}
    assert urgent("I feel awful") == set()
    assert urgent("I feel awful", frozenset({"on_treatment"})) == {"R20"}


# ------------------------------------------------------------------------------------------------ shape and order
def test_shape_of_the_result():
    result = SCREEN.check("no chest pain but breathless")
    assert isinstance(result, ScreenResult)
    assert result.urgent == Hit("R02", 1, "urgent", "breathless", None)
    assert result.lowered == (Hit("R01", 1, "lowered", "chest hurts or is tight", "negated"),)
    assert isinstance(result.hits, tuple) and isinstance(result.signs, frozenset)
    with pytest.raises(AttributeError):
        result.urgent.tier = 2


def test_signs_are_what_is_there():
    signs = SCREEN.check("my leg is swollen, no fever, and I am on chemo").signs
    assert {"leg", "swelling", "on_treatment"} <= signs
    assert "fever" not in signs
    assert not any(DATA["words"].get(name, {}).get("kind") == "cue" for name in signs)


@pytest.mark.parametrize(
    ("text", "lead", "also"),
    [
        ("my calf is swollen and I am breathless", "R03", {"R21", "R02"}),
        ("sore red leg and chest pain", "R03", {"R21", "R01"}),
        ("temp 38.5 on chemo and my leg is swollen", "R20", {"R21"}),
        ("temp 38.5 on chemo and chest pain", "R01", {"R20"}),
        ("chest pain down my left arm", "R01", set()),
        ("lips swelling and cannot breathe after the oil", "R08", {"R02"}),
        ("I took too many tablets because I want to die", "R12", {"R15"}),
        ("brain tumour, worst headache ever", "R18", {"R04"}),
        ("diabetic, shaky and confused since this morning", "R17", {"R10"}),
        ("my wound is oozing and temp 38.5 on chemo", "R20", {"R30"}),
    ],
)
def test_the_highest_tier_leads_and_the_others_are_kept(text, lead, also):
    result = SCREEN.check(text)
    assert result.urgent.red_flag == lead
    assert also <= {hit.red_flag for hit in result.hits}
    tiers = [(hit.certainty != "urgent", hit.tier) for hit in result.hits]
    assert tiers == sorted(tiers)


def test_the_tier_counts_before_the_order_of_the_file():
    turned = Screen({**DATA, "flags": DATA["flags"][::-1]})
    tiers = [hit.tier for hit in turned.check("temp 38.5 on chemo, chest pain, and my wound is oozing").hits]
    assert tiers == sorted(tiers) and tiers[0] == 1 and tiers[-1] == 3


@pytest.mark.parametrize(
    "text",
    [
        "I have a PICC line and sore shoulders",
        "my stomach feels bloated and my legs ache",
        "can I have a leg massage, my back hurts",
        "my leg massage is on Friday and I am hot",
        "arm massage for me, my shoulders hurt",
    ],
)
def test_a_sign_belongs_to_its_own_part_of_the_body(text):
    assert urgent(text) == set()


def test_parts_in_one_list_share_a_sign():
    assert "R01" in urgent("my chest and back hurt")
    assert "R21" in urgent("my left arm, with the PICC line in, is swollen")
    assert "R21" in urgent("my leg since the hip operation is swollen")


def test_one_hit_for_each_flag():
    for _, text in EVERY_URGENT:
        flags = [hit.red_flag for hit in SCREEN.check(text).hits]
        assert len(flags) == len(set(flags))


def test_why_never_holds_the_patients_words():
    names = {pattern["name"] for flag in DATA["flags"] for pattern in flag["patterns"]}
    for _, text in EVERY_URGENT:
        assert {hit.why for hit in SCREEN.check(text).hits} <= names


def test_a_stable_illness_is_no_sign():
    assert urgent("I have lymphoedema, can I have a massage") == set()
    assert urgent("swelling after node removal years ago") == set()
    assert urgent("I had a clot 5 years ago") == set()
    # ... but a change in it is.
    assert "R21" in urgent("I have lymphoedema and my arm is suddenly hot and swollen")
    assert "R32" in urgent("I have lymphoedema and my arm is more swollen")


def test_a_child_gets_the_childs_wording():
    hit = SCREEN.check("my stepdad hits me, I am 13").urgent
    assert (hit.red_flag, SCREEN.variant(hit)) == ("A35", "child")
    assert SCREEN.variant(SCREEN.check("my husband hits me").urgent) is None


# ------------------------------------------------------------------------------------------------------- properties
ODD = [
    "", " ", "\n", "\x00", "\x00\x01\x02", "\ud800", "🤒🩸", "\u202e\u200f", "?" * 500, "38" * 300, "'" * 99, "a'b'c", "..", "-" * 3000,
    "٣٨٫٤", "ﷺ" * 400, "\u0301" * 3000, "A" * 1_000_000, "leg swollen " * 100_000, "no " * 3000, "i w a n t t o d i e",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_never_raises_on_odd_text(text):
    assert isinstance(SCREEN.check(text), ScreenResult)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=300))
def test_never_raises(text):
    assert isinstance(SCREEN._check(text, frozenset()), ScreenResult)


FRAGMENTS = sorted(
    {str(word).replace("..", "a").rstrip("*|") for group in DATA["words"].values() for word in group.get("words", ())}
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(FRAGMENTS), st.sampled_from([".", ",", "?", "\n", "-", "38.4", "101", "and", "or", "my"])
        )
    ),
    st.sets(st.sampled_from(["on_treatment", "leg", "nonsense"])),
)
def test_never_raises_on_its_own_words(parts, context):
    """`_check`, not `check`: the net below it must not hide a defect."""
    text = " ".join(parts)
    alone, known = SCREEN._check(text, frozenset()), SCREEN._check(text, frozenset(context))
    of = lambda result: {hit.red_flag for hit in result.hits if hit.certainty == "urgent"}  # noqa: E731
    assert of(alone) <= of(known), "what is known from the conversation may only add"


BEFORE = [
    "Hello. ", "Hi there, hope you can help me. ", "Good morning!\n", "I have a question about massage.\n\n", "Hi ", "please help ",
    "I was diagnosed with breast cancer two years ago. ", "My sister told me about this service. ", "I would like to book a visit. ",
    "helo, hop you are wel. ", "I love hot stones. ", "My blood pressure is 138 over 88. ", "Can massage help stiff shoulders? ",
    "What if I am late? ", "I do not have a car. ",
]  # fmt: skip
AFTER = [
    ". Thank you.", ". Can I still have my massage?", "\nKind regards, Sue", ". I had my knee replaced in 2015.", ". What oils do you use?",
    ". I am 62.", ". No rush.", " 🙏🙏", "!!!", " please help", " thanks", ". Thnak you vrey much", ". My mum died years ago.",
    ". I do not smoke.", ". Does massage help stiff shoulders?",
]  # fmt: skip
HARD = [(flag, text) for flag, text in EVERY_URGENT if flag in ("R20", "R21", "R15")]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(EVERY_URGENT), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_filler_around_it_changes_nothing(case, before, after):
    flag, text = case
    assert flag in urgent(before + text + after)


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in text)


DISGUISES = {
    "upper case": str.upper,
    "title case": lambda text: " ".join(word[:1].upper() + word[1:] for word in text.split(" ")),
    "extra spaces": lambda text: "  " + re.sub(" ", "   ", text) + "  ",
    "tabs and returns": lambda text: "\t" + text + "\r\n",
    "emoji between words": lambda text: text.replace(" ", " 😟 "),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "zero-width characters": lambda text: "\u200b".join(text),
    "right-to-left marks": lambda text: "\u202e" + text + "\u202c",
    "full-width letters": wide,
    "letters of other scripts": lambda text: text.translate(str.maketrans("aeocpxi", "аеосрхі")),
    "accents": lambda text: text.replace("e", "é").replace("o", "ö"),
    "control characters": lambda text: "\x00" + text.replace(" ", " \x07") + "\x00",
    "asterisks": lambda text: "**" + text + "**",
}


@pytest.mark.parametrize("name", DISGUISES)
def test_disguises_change_nothing(name):
    assert [text for flag, text in EVERY_URGENT if flag not in urgent(DISGUISES[name](text))] == []


def test_no_punctuation_changes_little():
    """Without any comma or full stop the screen has less to go by; it still finds nearly all."""
    bare = [(flag, text, re.sub(r"(?<!\d)[.,](?!\d)|[!?;:]|(?<=\D)[.,]|[.,]$", "", text)) for flag, text in HARD]
    missed = [text for flag, _, text in bare if flag not in urgent(text)]
    assert len(missed) <= 0.02 * len(bare), missed


CLAUSES = [
    ("R21", "my calf is swollen and red"), ("R21", "my arm is sore and hot"), ("R20", "my temp is 38.4"), ("R20", "I have a fever"),
    ("R15", "I want to end it all"), ("R15", "I want to die"), ("R01", "I have chest pain"), ("R02", "I am really breathless"),
    ("R04", "his face is drooping"), ("R06", "my legs have gone numb"), ("R09", "he is having a fit"), ("R14", "the pain is unbearable"),
]  # fmt: skip
NEUTRAL = [
    "I had chemo last week", "can I have a massage", "I am booked for Friday", "I have no allergies", "I had a clot in 2019",
    "my mum is with me", "I was diagnosed years ago", "what if it rains", "does massage help stress", "I'm not on any tablets",
    "I don't like hot stones", "my platelets are 45",
]  # fmt: skip


@pytest.mark.parametrize(("flag", "clause"), CLAUSES)
def test_the_order_of_two_clauses_does_not_matter(flag, clause):
    wrong = []
    for other in NEUTRAL:
        for join in (", ", ". ", " and ", " but ", "\n", "; "):
            wrong += [text for text in (clause + join + other, other + join + clause) if flag not in urgent(text)]
    assert wrong == []


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(HARD), st.data())
def test_a_slip_in_a_neutral_word_changes_nothing(case, data):
    flag, text = case
    word = data.draw(st.sampled_from(["massage", "appointment", "therapist", "hospital", "wondering"]))
    at = data.draw(st.integers(1, len(word) - 2))
    slip = word[:at] + word[at + 1 :]
    assert flag in urgent(f"I was thinking about the {slip}. {text}")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["swollen", "breathless", "temperature", "shivering", "suicidal", "unbearable"]), st.data())
def test_a_slip_in_a_word_of_ours_is_forgiven(word, data):
    sentence = {
        "swollen": "my leg is {}", "breathless": "I am very {}", "temperature": "my {} is 38.6", "shivering": "{} on chemo",
        "suicidal": "feeling {}", "unbearable": "the pain is {}",
    }[word]  # fmt: skip
    at = data.draw(st.integers(1, len(word) - 2))
    kind = data.draw(st.sampled_from(["drop", "swap", "double"]))
    slip = {
        "drop": word[:at] + word[at + 1 :],
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "double": word[:at] + word[at] + word[at:],
    }[kind]
    assert urgent(sentence.format(slip)) == urgent(sentence.format(word)) != set()


def test_ordinary_words_are_no_slips():
    for text in (
        "my leg is sullen",
        "I never feel cold",
        "a lever on my leg",
        "fewer people came",
        "my chess club",
        "I breathed out",
    ):
        assert urgent(text) == set()


def test_long_messages_are_looked_at_from_both_ends():
    filler = "I like massage and the sea. " * 400
    assert "R21" in urgent("my calf is swollen. " + filler)
    assert "R21" in urgent(filler + "my calf is swollen")
    assert urgent(filler + "my calf is swollen. " + filler) == set(), "the middle is not looked at"
    assert urgent("x" * 1995 + " leg " + "y " * 3000 + " swollen") == set(), "the two ends are not one sentence"


def test_a_defect_inside_never_loses_an_emergency(monkeypatch):
    def broken(*_):
        raise RuntimeError("a defect")

    monkeypatch.setattr(Screen, "_flag_hit", broken)
    result = SCREEN.check("my leg is swollen")
    assert "R21" in {hit.red_flag for hit in result.hits if hit.certainty == "urgent"}
    monkeypatch.setattr(Lexicon, "find", broken)
    assert SCREEN.check("my leg is swollen") == ScreenResult()


@pytest.mark.parametrize("text", [None, 5, b"bytes", ["a list"]])
def test_not_even_text(text):
    assert isinstance(SCREEN.check(text), ScreenResult)
    assert isinstance(SCREEN.check("my leg is swollen", None), ScreenResult)


def test_the_same_in_every_process():
    code = (
        "from askfirst.safety.screen import Screen; import sys;"
        f"s = Screen.load({str(FILE)!r});"
        "print([s.check(t).hits for t in sys.stdin.read().split('\\n')])"
    )
    texts = "\n".join(text for _, text in EVERY_URGENT[::7])
    out = {
        subprocess.run(
            [sys.executable, "-c", code], input=texts, capture_output=True, text=True, check=True, cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(out) == 1


def test_it_needs_neither_rasa_nor_spacy_nor_the_encoder():
    code = (
        f"import sys; from askfirst.safety.screen import Screen; Screen.load({str(FILE)!r}).check('hello');"
        "print([m for m in sys.modules if m.split('.')[0] in ('rasa', 'rasa_sdk', 'spacy', 'onnxruntime', 'numpy')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


# --------------------------------------------------------------------------------------------------------------- time
def test_a_usual_message_is_quick():
    text = (
        "hello I had my second round of chemo last week and I wonder if it would be alright to have a gentle hand massage at"
        " the hospice on Friday, my feet are a bit numb and I take apixaban"
    )
    times = []
    for _ in range(200):
        start = time.perf_counter()
        SCREEN.check(text)
        times.append(time.perf_counter() - start)
    # 0.4 ms where this was written; the aim is 3 ms, the bound leaves room for a busy machine.
    assert median(times) < 0.010


PATHOLOGICAL = [
    "leg swollen " * 400, "what if i had pain years ago " * 200, "no pain or " * 400, "can massage help pain " * 200, "38.4 " * 900,
    "not " * 1300, "(" * 4000, "a" * 4000, "legswollen" * 400, "dont want to die " * 250, "i " * 2000, "ﷺ" * 4000, "cant go on " * 400,
    "my leg and my arm and my chest and " * 120, "years ago swollen leg " * 180, "side effect of fever " * 190,
]  # fmt: skip


@pytest.mark.parametrize("text", PATHOLOGICAL, ids=range(len(PATHOLOGICAL)))
def test_pathological_messages_end_soon(text):
    start = time.perf_counter()
    SCREEN.check(text)
    # Below 0.06 s where this was written.
    assert time.perf_counter() - start < 1.5


# ----------------------------------------------------------------------------------------------------------- the data
def test_the_file_is_good():
    assert check_red_flags(FILE) == []


def test_every_red_flag_is_there_with_its_tier_and_wording():
    flags = {flag["id"]: flag for flag in DATA["flags"]}
    assert set(flags) == set(FLAG_IDS) and len(FLAG_IDS) == 37
    assert {name: flag["tier"] for name, flag in flags.items()} == TIER_OF
    assert flags["R20"]["say"] == (
        "Call {cancer_helpline_24h} now. A fever, or feeling unwell, on treatment can be serious, even at a normal temperature."
        " If you have no number or no one answers, call {emergency_number}. Do not take medicine for the fever before you call."
    )
    assert flags["R21"]["say"] == (
        "Call {cancer_helpline_24h} or {urgent_advice_line} now. These can be signs of a blood clot. Do not massage it. If you get"
        " chest pain or trouble breathing, call {emergency_number}."
    )
    assert flags["R15"]["say"] == (
        "I am really sorry you feel this way. You deserve help right now. If you might act on these thoughts, call"
        " {emergency_number} now. You can also talk to someone any time at {crisis_line}."
    )
    assert flags["R15"]["follow"] and flags["A35"]["follow"]
    for name, flag in flags.items():
        assert re.fullmatch(r"[a-z_]+", flag["name"]), name
        # Number or action first; 3.4 and 3.5 may open with a kind sentence (evidence 3, "Behaviour").
        assert "massage" not in flag["say"].split(".")[0].lower(), name


def test_every_pattern_has_an_example_that_sets_it_off():
    for flag in DATA["flags"]:
        for pattern in flag["patterns"]:
            assert flag["id"] in urgent(pattern["example"]), (flag["id"], pattern["name"])


def test_rasa_does_not_take_the_file_for_its_own():
    keys = r"^\s*(- )?(rules|stories|nlu|responses|intents|entities|slots|actions|forms|session_config)\s*:"
    assert not re.search(keys, FILE.read_text(encoding="utf-8"), re.M)


def test_no_sign_swallows_the_reach_of_a_no():
    """A one-word sign like "had" would end "I haven't had a fever" before the fever."""
    few = {"severe", "bad", "bit"}
    signs = {name: group for name, group in DATA["words"].items() if group.get("kind", "sign") == "sign"}
    bad = {(name, word) for name, group in signs.items() for word in group.get("words", ()) if word in _AFTER_NO - few}
    assert bad == set()


# ---------------------------------------------------------------------------------------------------- faults in the file
TEXT = FILE.read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def put(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "red_flags.yml"
    path.write_text(text, encoding="utf-8")
    return path


FAULTS = {
    "a tab": ("  - id: R21", "\t- id: R21", "not valid YAML"),
    "a lost quote": ("    evidence: '3.2'", "    evidence: '3.2", "not valid YAML"),
    "an unquoted word YAML 1.1 takes for a truth value": ("    title: shivery, chills", "    title: yes", "bare word yes"),
    "an unquoted time": ("    title: shivery, chills", "    title: 9:00", "bare word 9:00"),
    "an alias": ("    title: shivery, chills", "    title: &a shivery\n    kind: *a", "anchor"),
    "a key of Rasa": ("about: ", "intents: [x]\nabout: ", "as Rasa would take"),
    "an unknown key in a group": ("    title: shivery, chills", "    title: shivery\n    colour: red", "unknown line 'colour:'"),
    "no title": ("    title: shivery, chills\n", "", "has no title"),
    "a kind there is not": ("    title: shivery, chills", "    title: s\n    kind: thing", "'thing' is no kind"),
    "a word with an apostrophe": ("words: [shivery, chills,", "words: [\"can't shiver\", chills,", "character that is never seen"),
    "a word never seen so": ("words: [shivery, chills,", "words: [cannot shiver, chills,", "'cant shiver'"),
    "a star too soon": ("words: [shivery, chills,", "words: [sh*, chills,", "at least three letters"),
    "a star inside": ("words: [shivery, chills,", "words: [shi*ery, chills,", "only at the end"),
    "a bar inside": ("words: [shivery, chills,", "words: [shivery | now, chills,", "may stand only at the end"),
    "dots at the start": ("words: [shivery, chills,", "words: [.. shivery, chills,", "between words"),
    "a word twice": ("words: [shivery, chills,", "words: [shivery, shivery,", "stands twice"),
    "a group that includes nothing": ("includes: [one_leg, both_legs]", "includes: [one_leg, both_lags]", "does not exist"),
    "a cue group gone": ("  says_no:", "  says_noo:", "'says_no' is missing"),
    "a flag gone": ("  - id: R21\n", "  - id: R20\n", "R21 is missing"),
    "a flag there is not": ("  - id: R21\n", "  - id: R99\n", "no red flag of the evidence base"),
    "a changed tier": ("    name: clot_leg_or_arm\n    tier: 2", "    name: clot_leg_or_arm\n    tier: 3", "has tier '3'"),
    "an unknown slot": ("Call {cancer_helpline_24h} or {urgent_advice_line} now. These can be signs of a blood clot", "Call {hotline} now. These", "unknown slot {hotline}"),
    "no wording": ("    say: 'Call {cancer_helpline_24h} or {urgent_advice_line} now. These can be signs of a blood clot", "    sai: 'Call {cancer_helpline_24h} or {urgent_advice_line} now. These can be signs of a blood clot", "R21 has no 'say:'"),
    "a group misspelt in a pattern": ("together: [suspects, clot_word]", "together: [suspects, clot_wrd]", "'clot_wrd', which does not exist"),
    "a cue in a pattern": ("together: [suspects, clot_word]", "together: [suspects, says_no]", "only a cue"),
    "a window of no size": ("        within: 5\n        example: 'could this be a clot", "        within: far\n        example: 'could this be a clot", "'within:'"),
    "an order there is not": ("        order: as written\n        example: 'dad has gone yellow'", "        order: backwards\n        example: 'dad has gone yellow'", "'order:'"),
    "a place there is not": ("        order: as written\n        example: 'dad has gone yellow'", "        where: here\n        example: 'dad has gone yellow'", "'where:'"),
    "a status there is not": ("        also_when: [gone]\n        example: 'worst headache of my life'", "        also_when: [maybe]\n        example: 'worst headache of my life'", "'also_when:'"),
    "a variant there is not": ("        variant: raised", "        variant: higher", "variant 'higher'"),
    "a flag misspelt in a pattern": ("flags_together: [R21, R02]", "flags_together: [R21, R2]", "flag 'R2'"),
    "no example": ("        example: 'dad has gone yellow'\n", "", "has no example"),
    "an example that sets off nothing": ("        example: 'dad has gone yellow'", "        example: 'dad has gone fishing'", "does not set off"),
    "a pattern's name twice": ("      - name: jaundice\n", "      - name: gone yellow\n", "stands twice"),
    "nothing to find": ("        together: [suspects, clot_word]\n", "", "either 'together:' or 'flags_together:'"),
    "a list that is none": ("together: [suspects, clot_word]", "together: clot_word", "should be a list"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told_with_file_line_and_remedy(tmp_path, name):
    old, new, message = FAULTS[name]
    assert old in TEXT
    path = put(tmp_path, TEXT.replace(old, new, 1))
    problems = check_red_flags(path)
    assert problems
    found = [problem for problem in problems if message in problem.message]
    assert found, [str(problem) for problem in problems]
    assert all(problem.file == str(path) and problem.line >= 1 and problem.remedy for problem in problems)
    near = line_of(TEXT, old)
    if "missing" not in message:
        assert any(abs(problem.line - near) <= 12 for problem in found)
    assert str(found[0]).startswith(f"{path}:{found[0].line}: ")


def test_a_bad_file_is_refused_with_file_and_line(tmp_path):
    path = put(tmp_path, TEXT.replace("together: [suspects, clot_word]", "together: [suspects, clot_wrd]"))
    with pytest.raises(ValueError, match=r"red_flags\.yml:\d+: .*clot_wrd"):
        Screen.load(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "about: x", "words: {}\nflags: []", "words: 1\nflags: 2", "- a\n- b", "words:\nflags:", "\x00"]
)
def test_a_file_of_another_shape(tmp_path, text):
    problems = check_red_flags(put(tmp_path, text))
    assert problems and all(isinstance(problem, Problem) for problem in problems)


def test_no_file_and_no_text(tmp_path):
    assert "missing" in check_red_flags(tmp_path / "none.yml")[0].message
    path = tmp_path / "latin.yml"
    path.write_bytes(b"words: \xff\xfe")
    assert "UTF-8" in check_red_flags(path)[0].message
    assert "cannot be read" in check_red_flags(tmp_path)[0].message


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_the_checker_never_raises(tmp_path_factory, data):
    """Lose, double or cut a line anywhere: a list of problems or a good file, never a traceback."""
    rows = TEXT.splitlines()
    at = data.draw(st.integers(0, len(rows) - 1))
    how = data.draw(st.sampled_from(["lose", "double", "cut", "indent"]))
    if how == "lose":
        del rows[at]
    elif how == "double":
        rows.insert(at, rows[at])
    elif how == "cut":
        rows[at] = rows[at][: data.draw(st.integers(0, len(rows[at])))]
    else:
        rows[at] = "  " + rows[at]
    path = put(tmp_path_factory.mktemp("fuzz"), "\n".join(rows))
    problems = check_red_flags(path, examples=False)
    assert all(problem.line >= 1 for problem in problems)
    if not problems:
        assert isinstance(Screen.load(path).check("my leg is swollen"), ScreenResult)


# ------------------------------------------------------------------------------------------------------- small parts
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I can't, I cannot, I can not", ["i", "cant", "i", "cant", "i", "cant"]),
        ("don’t dont do not", ["dont", "dont", "dont"]),
        ("my mum's leg", ["my", "mum", "leg"]),
        ("it's he's I'm", ["it", "is", "he", "is", "i", "am"]),
        ("38,2 38.4c 20,000", ["38,2", "38.4", "c", "20,000"]),
        ("thirty eight and a half", ["38.5"]),
        ("soooo swollllen", ["soo", "swollen"]),
        ("k i l l", ["k", "i", "l", "l"]),
        ("d i e i n g", ["dieing"]),
        ("CAR-T", ["car", "t"]),
        ("s\u200bwol\u00adlen", ["swollen"]),
    ],
)
def test_words(text, words):
    assert words_of(plain(text)).words == words


def test_breaks():
    assert words_of("no fever, but hot. Red\n\nleg").breaks == [2, 0, 1, 0, 2, 2, 2]


@pytest.mark.parametrize("entry", ["", "..", "a | b", "| a", "a ..", "ab*", "a*b", "don't", "é", "cannot", "its"])
def test_entries_that_can_never_be_found_are_refused(entry):
    with pytest.raises(PhraseError):
        parse(entry)


def test_gaps_ends_and_stars():
    lexicon = Lexicon({"gap": ["trouble .. breathing"], "end": ["gone |"], "star": ["swell*"]})

    def find(text):
        return {group for group, _, _ in lexicon.find(words_of(text))}

    assert find("trouble breathing") == find("trouble with my breathing") == {"gap"}
    assert find("trouble with all of my breathing") == set()
    assert find("trouble. breathing") == set()
    assert find("it has gone") == find("it has gone, thanks") == find("gone but sore") == {"end"}
    assert find("gone red") == set()
    assert find("swelled") == find("swellings") == {"star"}


# ------------------------------------------------------------------------------------------- weighed with the rest of the message
CALM_SCREEN = Screen(DATA, lambda text, seen, screen: True)


def test_a_find_is_lowered_where_the_message_is_calm_and_stays_in_sight():
    result = CALM_SCREEN.check("my chest is tight and it hurts when I climb the stairs to the bathroom")
    assert result.urgent is None
    assert [(hit.red_flag, hit.lowered_by) for hit in result.lowered][:1] == [("R01", "calm")]


@pytest.mark.parametrize("text", [
    "I have been thinking about killing myself for some days now, is a massage ok",
    "the massage man touched me between my legs and I did not want it at all",
    "my chest hurts and is tight",
    "I want to die and my chest is tight and it hurts when I climb the stairs",
    "I have signs of a stroke, what should I do about my booking?",
])
def test_self_harm_abuse_and_a_few_words_are_never_weighed(text):
    assert CALM_SCREEN.check(text).urgent == SCREEN.check(text).urgent is not None


def test_a_defect_of_the_weighing_never_loses_an_emergency():
    def broken(text, seen, screen):
        raise RuntimeError("broken on purpose")

    text = "my chest is tight and it hurts when I climb the stairs to the bathroom"
    assert Screen(DATA, broken).check(text) == SCREEN.check(text)
    assert SCREEN.check(text).urgent
