"""What may be stored of a patient's own words, and how a provider's ids are stored.

Texts are kept for one purpose only: staff read them to improve the assistant. So `mask` leaves everyday and medical words
and takes out what may tell who somebody is: addresses, numbers, dates, values, names. It errs on the side of masking.
It goes by rules and word lists, so it cannot find everything: a name in small letters that is on no list and follows no
cue ("tell zbigniew I called"), and names in scripts without capitals, stay. It is one layer; the others are
that little is stored, for a short time (askfirst/store.py), and that no text is logged (askfirst/logs.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable

MASK = "[…]"
_PASSES = 6  # one or two are usual; a text that has not settled by then is masked as a whole

# Words, all in small letters.

_EVERYDAY = frozenset(
    """
    a about above absolutely ache aching achy across act actually add advice advise afraid after afternoon afterwards again
    against age aged ago agree ah ahead ahh alive all allergic allow allowed allright almost alone along already alright also
    although always am among an and angry annoyed annoyed another answer any anybody anymore anyone anything anytime anyway
    anywhere apart apparently appear appointment are area arent aren't around arrange arrive as aside ask asked asking asks asleep
    at available avoid awake aware away awful awhile baby back bad badly basically bath be bear because bed been before began
    begin behind being believe below beside best better between beyond big bit bless book booked booking born both bother bottom bought
    boy break brief briefly bring broke brother brought busy but buy by bye call called calling calls calm came can cancel
    cannot cant can't car care careful carer caring carry case catch caught cause caused causes certain chair chance change changed
    chat cheap check checked child children choice choir choose church claim class clean clear clearly clinic close clothes
    club coffee cold come comes comfort comfortable comfy coming common complain complete completely concerned confused confusing consider
    contact continue cool correct cost could couldnt couldn't couple course cousin cover crazy cream cry crying cup cut dad
    daily dangerous date daughter day days deal dear decide deep definitely delay depend depressed desperate despite did didnt
    didn't die died different difficult difficulty direct dirty disabled do does doesnt doesn't doing done dont don't door double
    doubt down drink drive driving drop dropped drops due during each earlier early ease eased easier easily easy eat eating edge
    effect either else embarrassed emergency end ended enjoy enough especially etc even evening ever every everybody everyone
    everything everywhere evidence exactly example excited excuse exercise exercises exhausted expect expensive experience explain extra
    eye face fact fail fairly fall false family far fast father favourite feel feeling feels feet fell felt few find fine
    finish finished first fit five fix flat floor follow following food foot for forever forget form former found fragile free
    fresh friend friendly friends frightened from front full fully fun further future garden gave general gentle gently get gets
    getting gift girl give given gives giving glad go goes going gone gonna good goodbye got gotten gran grandad grandma great grateful green
    group grown guess gym had hadnt hadn't hair half hand hands happen happened happening happens happy hard hardly has
    hasnt hasn't hate have havent haven't having he he'd he'll he's head heads healthy hear heard heat heavy hello help helped
    helpful helping helps her here hers herself hey hi high higher him himself his hold hole holiday home honest hopeful
    hopefully hoping hopeless horrible hot hour hours house how howdy however huge hungry hurt hurting hurts husband i i'd i'll i'm i've
    idea if ill im imagine immediately important impossible in inside instead interested into is isnt isn't issue it it'd it'll
    it's its itself ive job join joke just keen keep keeps kept kid kids kind kindly knew know known knows lady large last late
    lately later least leave leaves leaving left less let lets let's letter level lie life lift light lightly like likely limit
    line list listen little live lived lives living local lonely long longer look looked looking looks lose lost lot lots
    loud love loved lovely low lower luck lucky lunch lying made main make makes making man many married massive matter maybe
    mean means meant meet mention message messed messes method middle might mind mine minute minutes miss missed missing mistake mobile moment
    money month monthly months mood more morning most mostly mother mouth move moved moving mr mrs ms much mum mom mummy must
    my myself nah name nan nasty near nearby nearly necessary need needed needing needs neighbour neither nervous never new news next nice
    night nights no nobody none nope nor normal normally not note nothing notice noticed now nowhere number numbers obviously
    odd of off offer offered office often oh oil ok okay old older on once one ones online only onto open opened option or
    order ordinary other others otherwise ouch ought our ours ourselves out outside over overall own paid pain painful pains panicking
    parent parents part particular partly partner parts pass passed past pause pay pee people per perfect perhaps period person
    personal phone phoned pick picture piece place places plan planned planning play please pleased plus pm poorly poor
    positive possible possibly post practice prefer pregnant prepare pretty previous price private probably problem problems
    proof proper properly proud prove provide public pull push put puts question questions quick quickly quiet quietly quite
    random rang rarely rather reach read reading ready real realise realize really reason reasonable recent recently recommend reduce
    refer regarding regular regularly relative relax relaxed relaxing relief relieve remember remind reply report rest resting result
    results return review rid right ring risk risky room rough round rub rubbed rubbing rubs run running sad safe safely
    said same sat save saw say saying says scared school seat second see seeing seem seemed seems seen self sell send sense
    sensible sensitive sent serious seriously session sessions several shall shaky she she'd she'll she's shed shop short shortly should
    shouldnt shouldn't show shower shown sick side sign signed silly similar simple simply since single sister sit site sits sitting
    six size skip sleep sleeping sleepy slept slight slightly slow slowly small smell so social soft some somebody somehow someone
    something sometime sometimes somewhere son soon sooner sore sorry sort sound sounds spa speak speaking special spell spend spoke spouse
    spread spring squeeze stand standing start started starting starts state stay staying step steps still stop stopped stopping
    stops story straight strange street stress stressed stressful strong struggle struggled struggling stuck study stuff stupid subject such sudden
    suddenly suffer suffering suggest suggested suit suppose supposed sure surely surprise swear sweat swim swimming table take taken
    takes taking talk talked talking tall teach team tell telling tender term terrible terrified test tests text than thank thankful
    thanks thankyou that that'd that's thats the their theirs them themselves then there there's theres therefore these they
    they'd they'll they're they've thing things think thinking thinks third this those though thought three through throughout
    thru thus tight till time times tiny tip tips tired tiring to today toe together toilet told tomorrow tonight too
    took top total totally touch touched touching toward towards town tried trouble true trust truth try trying turn turned tv twice two type
    typical ugh ugly um under understand unfortunately unless unlikely unsafe unsure until unusual unwell up upper upset
    upstairs ur urgent urgently us use used useful useless uses using usual usually various very via view visit visited voice vote wait
    waiting wake walk walked walking wanna want wanted wanting wants warm was wash wasnt wasn't watch water way ways we
    we'd we'll we're we've weak wear wearing week weekend weekly weeks weird welcome well went were werent weren't wet what
    what's whatever whats when whenever where whereas wherever whether which while whilst white who who's whoever whole whom
    whos whose why wide wife will willing wish with within without woke woman women won't wonder wondered wondering wont word words
    wore work worked working works world worn worried worries worry worrying worse worst worth would wouldnt wouldn't wow write
    writing wrong wrote yeah year years yep yes yesterday yet yoga you you'd you'll you're you've young your youre yours
    yourself yuk yup booked curious desperately fed feeding home here having getting hoping housebound immobile invited keen
    located messaging nauseous numb overweight paralysed retired single disabled diabetic carer vegan widowed unable
    using reaching responding fuming finding newly constantly extremely incredibly bloated breathless dizzy faint feverish
    constipated bruised swollen stiff itchy shivering bleeding vomiting coughing choking limping losing suicidal hopeless
    depressed anxious worn doing thinking writing contacting enquiring messaging struggling supposed bloody absolute weeing wound wheelchair
    ain't aint bc bcos cos cuz dunno gotta hiya idk lol luv nite np omg pls plz pretty rn tbh thx tho tmrw u ur w wanna wat wud wld
    cld shld dat dis dus r y n k b4 mth mths yr yrs wk wks hr hrs min mins appt appts msg info esp incl
    happier harder heavier hotter lighter longer louder newer nicer safer slower smaller softer stronger tighter warmer weaker wider
    me dx halfway havin hemaglobin somethings itll its neither per nor via whereby amid ones its twelve either hundreds thousands dozens couple quarter halves
    ask asap became seeming seemed mostly namely hereby upon unto twofold former formerly indeed latter beside besides thence thus
    complementary fortnight envelope rush rushed lady ladies gentleman waiting knock kitchen collarbone fitted face facing down washes
    leftover offered visiting machine answering replacement threshold analysis analyses letter star red blue yellow pink purple orange colour color
    dark bright dry wet loose tense tension strange numb numbness lump limp swollen sharp dull burning stabbing throbbing constant wrong fell
    dog cat garden shopping cooking cleaning dressed dressing dress bra shoes shoe sock socks stocking stockings tights hat glove gloves wig
    insurance free charge charges cost costs price pay fee fees money cash card discount voucher benefits benefit
    teenager teen toddler newborn pensioner student teacher volunteer interpreter translator wheelchair bus train taxi lift parking park
    whether wot wat wen wich whos cant wont didnt couldnt wouldnt shouldnt havent hasnt hadnt isnt arent wasnt werent dont doesnt
    anything's everything's something's nothing's who'd who'll what'll how's where's when's why's here's there'd should've could've would've
    mustn't needn't ought shan't mightn't y'all needed lately whenever seldom twice thrice altogether anyways
    massage rub hug touch hold press knead stroke oil lotion cream balm candle candles music incense steam sauna jacuzzi hot tub
    may hope mark page rich guy amongst amount anyhow become becomes becoming beforehand elsewhere empty except hence meanwhile moreover
    nevertheless noone therein therefore yourselves detox information firm phrase support counts illness helpline body system tube drainage studies
    charity charities spots flag inject thin compression puffy painkiller painkillers tummy bug device power box boxes manage manages managing soothe soothes
    law poison poisoned chemical chemicals pension included include includes tiredness shaving shave birthday rhythm centre center fill match aid aids battery
    alarm juice cleanse fly flight dentist eggs studio wine taste tastes metal password account details address delete deleted service services link app website
    page screen button type typed typing read spelled travel travelling abroad plane hotel gas city country company business store request current item
    cycle cycles round rounds raised measure measured repeat set break myth myths toxic germs germ waste flush flushes vigorous deeper deepest dig digs sport block
    drains tunnelled venous thrombocytes clinician creatinine potassium hosp massag masage massge nxt havnt cos cus bcz chemoterapy chemi kemo fed bank
    mother-in-law father-in-law sister-in-law brother-in-law in-laws stepmother stepfather twin twins
    clothed undressed naked fully partially mattress pillow sheet towel bedroom bathroom kitchen bench sofa mat ground grass beach pool
    """.split()
)

_MEDICAL = frozenset(
    """
    abdomen abdominal abscess anc b12 cath dimer d-dimer leucocytes medicare medicaid medullary abraxane abiraterone acne acupressure acupuncture acute addiction adjuvant adrenaline afib af aids
    alcohol alectinib allergy allergies alzheimer alzheimer's amputation anaemia anaemic anemia anemic anastrozole aneurysm angina ankle
    antibiotic antibiotics anticoagulant anticoagulants antiplatelet antidepressant anxiety apixaban arimidex arm armpit arms aromatase aromatherapy
    aromasin arrhythmia artery arthritis aspirin asthma atezolizumab atrial autoimmune avastin axilla ayurvedic bandage bcc belly benign
    bevacizumab bicalutamide biopsy bladder bleed blister blisters blood bloods bone bones bowel bp brace brachytherapy brain breast breasts breath breathing
    breathe brca bruise bruises bruising burn burns buttock buttocks caesarean calf calves cancer cancers cannula capecitabine caps carboplatin
    carcinoma cardiac cast cataract catheter cbc cell cells cellulitis cervical cervix chemo chemotherapy chest chemoradiation chill chills chinese chiropractor
    cholesterol chronic cipn cisplatin clexane clopidogrel clot clots clotting codeine colon colonoscopy colorectal colostomy concussion
    condition constipation consultant copd cortisone cough coumadin covid crohn crohn's crp csf ct cupping cva cyclophosphamide cyst dabigatran dalteparin
    dementia denosumab dexamethasone diabetes diagnosis diagnosed dialysis diarrhoea diarrhea diazepam diclofenac dietitian disc
    disease dislocated dizziness docetaxel doctor doctors dose dosage doxorubicin drain drains dressing drip drug drugs dvt dysport ear ears
    ecg echo eczema edema edoxaban effleurage elbow eliquis embolism emphysema endocrine endometriosis endoscopy enoxaparin enzalutamide
    epidural epilepsy epileptic er eribulin erector essential etoposide exemestane exhaustion facial fainting fascia fatigue femoral femur ferritin fertility fever
    fibroid fibromyalgia finger fingers fistula fits flare flu fluid fluids fluorouracil foam folfox folfiri fracture fractures fractured fragmin fulvestrant
    gabapentin gallbladder gastric gastro gastroscopy gefitinib gemcitabine genetic gland glands glaucoma glucose gout gp gps gpa gvhd graft
    groin gum gums gut gynae haematology haemoglobin haematoma haemophilia haemorrhage haemorrhoids haircare hay hb hba hbp headache headaches
    heal healing health heart heel heels heparin hepatitis her2 herceptin hereditary hernia hernias herpes hickman hip hips hiv hives hodgkin
    hodgkin's hormone hormones hospice hospital hospitals hpv hr hrt hydrocortisone hypertension hyperthyroid hypotension hypothyroid hysterectomy
    ibrance ibs ibuprofen icd ileostomy imaging imatinib immune immunity immunosuppressed immunotherapy impetigo implant implants incision
    incontinence indian infect infection infections infected inflamed inflammation infusion infusions inhibitor inhibitors inhaler injection injections
    injured injury inr insulin intensive intestine ipilimumab itch itching iv ivf jab jabs jaundice jaw joint joints kadcyla keytruda kidney
    kidneys knee knees knot knots labour lapatinib laparoscopy laser leg legs lenalidomide lesion lesions letrozole leukaemia leukemia levothyroxine ligament limb limbs
    lip lips liver lmwh lomi lorazepam lump lumpectomy lumps lung lungs lupus lymph lymphatic lymphedema lymphoedema lymphoma malignant
    mammogram manual marrow mask massage massages massaged massaging masseur masseuse mastectomy mastitis meds medic medical medication medications medicine medicines melanoma
    menopause mental metastases metastasis metastatic metformin methotrexate mets migraine migraines mild mirena mobility mole moles
    morphine mri mrsa ms mucositis multiple muscle muscles myeloma myocardial myofascial nail nails naproxen nausea nauseous neck needle needles nerve
    nerves neuralgia neuro neuropathy neutropenia neutropenic neutrophil neutrophils neuts nhl nhs nivolumab node nodes nodule nose nsaid nsaids
    numbness nurse nurses nutrition obesity obese oedema oestrogen estrogen olaparib omeprazole onc oncologist oncologists oncology op operation operations opioid
    opioids optician organ organs orthopaedic osteoarthritis osteopath osteopenia osteoporosis ostomy ot ovarian ovaries ovary oxaliplatin oxycodone
    oxygen pacemaker paclitaxel paget paget's palbociclib palliative palm palms palpitations pancreas pancreatic pancreatitis panic paracetamol acetaminophen
    parkinson parkinson's patch patches patient patients pelvic pelvis pembrolizumab penicillin perineal perineum peripheral perjeta pertuzumab pet pharmacist
    pharmacy phlebitis physio physiotherapist physiotherapy picc piles pill pills plaster plasma plate platelet platelets plavix pleurisy plts pneumonia
    poisoning port portacath ports postnatal postpartum potassium pradaxa prednisolone pregabalin pregnancy prescribed prescription
    pressure preventive procedure prognosis prostate prostatectomy prosthesis prosthetic proton psa psoriasis psychiatric psychologist ptsd pulmonary pulse pump
    pus radiation radio radiologist radiology radiotherapy rads rash rashes raynaud raynaud's rectal rectum reflexology reflux rehab reiki
    relapse remission renal replacement resection respiratory restless reconstruction rheumatoid rhubarb rib ribs ribociclib ringworm ripple rituximab
    rivaroxaban rotator sacrum saline sarcoma sats scab scalp scan scans scar scars scarring sciatica scleroderma sclerosis scoliosis screening secondaries secondary sedation
    seizure seizures sepsis septic sertraline shiatsu shingles shoulder shoulders shunt sickle side-effects sinus skeletal skin sleeve slipped
    smear sodium sole soles spasm spasms specialist spinal spine spleen spleens sports sprain squamous ssri stage stamina statin statins stem stent stents steroid
    steroids stiffness stitches stoma stomach stone stones strain strength stretch stretched stretching stroke strokes sunburn sunitinib surgeon surgeons
    surgery surgical swedish swell swelling swells swab symptom symptoms syncope syndrome tablet tablets tagrisso talazoparib tamoxifen taxol taxotere tearful
    temazepam temp temperature temples tendon tendonitis tens terminal testicle testicles testicular testosterone thai therapies therapist therapists therapy
    thigh thighs thinner thinners throat thrombocytopenia thrombocytopaenia thrombosis thrush thumb thyroid tia tibia tingling tingly tinnitus tinzaparin tissue
    toes tongue tonsils tooth teeth topical torn toxin toxins trachea tramadol transfusion transfusions transplant trapezius trastuzumab
    treat treated treating treatment treatments tremor trial trials trigger tuberculosis tuina tumor tumors tumour tumours turmeric ulcer ulcers
    ultrasound umbilical unit ureter urine urology uterus uti vaccine vaccines vaccination vaginal varicose vascular vein veins venetoclax venlafaxine
    venlafaxin vertebra vertebrae vertigo virus viruses vision vitamin vitamins vomit vomited vulva walker ward warfarin wart warts wbc wellness wheezing womb
    wounds wrist wrists xarelto xeloda x-ray xray zoladex zoledronic zometa zopiclone lanreotide goserelin prostap decapeptyl
    """.split()
)

# Capitalised in any sentence without being anybody's name.
_CAPITALISED = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun christmas easter ramadan eid diwali
    gp gps nhs tv ok uk usa us eu gb english british scottish welsh irish american european asian african chinese indian swedish thai
    japanese turkish macmillan marsden google whatsapp sms pdf id faq ai askfirst asap fyi diy uni covid lomi nhs a&e ps bmi bbc
    """.split()
)

# Given names and surnames that are hardly ever another word. Masked wherever they stand, in any case.
_NAMES = frozenset(
    """
    aaron abdul abdullah abigail abby abena adam adebayo adele adeyemi adrian agnes agnieszka ahmad ahmed aidan aileen aisha aisling
    akua alan alastair albert alex alexander alexandra alexis alfie alfred ali alice alicia alison alistair allan allen amanda amandeep
    amelia amina amir amit amy ana andrea andrei andrew andy angela angus anita anjali ann anna anne annette annie anthony antonio
    anwar archie arjun arthur arun asha ashley asif asma audrey ava ayesha barbara barry beatrice becky begum ben benjamin bernadette
    bernard bernie beryl beth bethany betty beverley bilal blessing bob bobby brenda brendan brian bridget bruce bryan caitlin callum cameron
    carl carla carlos carmen caroline carolyn catherine catriona cecilia charles charlie charlotte chiara chidi chinedu chioma chloe
    chris christina christine christopher ciara claire clara clare clive colin colleen connor conor craig cynthia daisy damian dan daniel
    danielle danny daphne dariusz darren dave david davina debbie deborah deepak deirdre delroy denis denise dennis derek desmond diana diane dimitri
    dipak dominic donald donna doreen doris dorothy dougal douglas duncan dylan eamonn eddie edith edna edward eileen elaine eleanor elena
    eliza elizabeth ella ellen ellie elsie emeka emily emma enid eric erica erin esther ethan ethel eugene eunice eva evelyn ewa fatima
    fatma felicity femi ferdinand fernando fiona florence fran frances francesca francis francois fred freda freddie frederick freya funmi gareth gary gavin
    gemma geoff geoffrey george georgia georgina gerald geraldine gerard gertrude giles gillian gina giovanni giuseppe gladys glenn gloria
    gordon graeme graham greg gregory gurpreet gwen gwendolyn hamish hannah hans haroon harold harriet harry harpreet hassan hayley heather
    hector helen helena henry hilary hilda howard hugh hugo humphrey hussain hussein ian ibrahim ifeoma imran ines ingrid irena irene isaac isabel isabella
    isla ismail ivan ivor iwona jack jacek jackie jacob jacqueline jacqui jaime jake jamal james jamie jan jane janet janice jasmine jason
    jasper javier jayne jean jeanette jeff jeffrey jemima jen jenna jennifer jenny jeremy jerome jerry jess jesse jessica jill jim jimmy joan joanna
    joanne joe joel joginder johan john johnny jon jonathan jordan jorge jose joseph josephine josh joshua joyce juan judith judy julia julian juliana julie
    juliet june jurgen justin justyna kamal kamila karen karim karl karolina kasia kate katarzyna kath katherine kathleen kathryn kathy katie kaur kayleigh
    keith kelly kelvin ken kenneth kerry kevin khadija khalid khan kieran kim kiran kirsten kirsty kofi kourtney krishna krystyna krzysztof kumar
    kwame kyle lakshmi lara larry laura lauren laurence leah leanne lee leila len leo leon leonard leroy lesley leslie lewis liam lilian linda
    lindsay lisa liz lizzie lloyd lois lorna lorraine louis louise lucas lucia lucy luis luke lydia lynda lynn lynne mabel mackenzie madeleine
    magdalena maggie mahmoud maisie malcolm malgorzata mandy manjit manoj marcel marcia marcin marcus margaret margarita margery maria mariam marian marianne marie
    marilyn mario marion marjorie marlene martha martin martina mary maryam mateusz matilda matt matthew maud maura maureen maurice mavis maxine
    meera megan mehmet mei melanie melissa meredith michael michal michelle miguel mike mildred millicent millie milly mina miriam mohamed
    mohammad mohammed moira molly mona monica morag morgan moses muhammad muriel myra nadia naomi narinder nasreen natalia natalie natasha nathan
    neil nellie nelly nadine nicholas nicola nicole nigel nikki nina nisha noel nora noreen norma norman nuala oliver olga olivia olu oluwaseun
    omar orla oscar osman oswald owen pam pamela paolo parveen patel patricia patrick patsy paul paula pauline pavel pawel pedro pegg peggy
    pete peter petra phil philip philippa phillip phoebe phyllis pierre piotr polly prakash preeti priscilla priya rachael rachel rafael raheem raj
    rajesh ralph ramesh raquel rashid raymond rebecca reginald rhiannon rhys ricardo richard ricky rita robert roberta roberto rodney rodriguez roger roland
    ron ronald ronnie rory rosa rosalind rosemary rosie ross rowena roxanne roy rukhsana rupert russell ruth ryan sabina saeed sagar sajid
    saleem sally salma sam samantha samira samuel sandeep sandra sanjay sara sarah satnam saul scott sean sebastian selina selma seth shabana
    shahid shane shannon sharma sharon shaun sheila shelagh shelley sheryl shirley siobhan sian sidney silvia simon simone singh siobhán sofia
    sonia sophia sophie stacey stan stanislaw stanley stefan stella stephanie stephen steve steven stewart stuart sunil suresh surinder susan susanna
    susie suzanne sven sybil sylvia syed tadeusz tamara tania tanya tara tariq ted terence teresa terry thelma theo theresa thomas tiffany tim timothy
    tina toby todd tom tomasz tommy tony tracey tracy trevor trish trudy tyler ursula vanessa vera verity vernon veronica vicky victoria
    vijay vikram vincent viola violet viv vivian vivienne wally walter wanda warren wayne wendy wilfred william winifred winston wojciech xavier xiao
    yasmin yusuf yvette yvonne zac zachary zainab zara zbigniew zeynep zoe zofia zsofia
    smith jones williams davies evans thompson johnson robinson edwards roberts hughes harris jackson wilson clarke murphy o'brien o'connor
    o'neill o'sullivan mcdonald macdonald mccarthy mckenzie campbell anderson davis garcia martinez hernandez lopez gonzalez nguyen kowalski nowak
    okonkwo okafor adeyemi mensah osei abubakar ogunleye shah malik iqbal hussein chaudhry akhtar wojcik kaminski fernandez gomez
    perez sanchez ramirez pereira silva santos oliveira ferreira rossi russo müller schmidt schneider ivanov popescu ionescu papadopoulos
    """.split()
)

# Names that are also words: masked after a cue, and when they have a capital in mid-sentence.
_ALSO_WORDS = frozenset(
    """
    abel amber angel april art august barney basil bill bishop brook brooke brown carol chase christian christy clay cliff crystal dale dan dawn dean
    dee dolly don dot drew eden ernest eve faith fay fern flora frank gail gale gene gill ginger glen grace grant guy hazel heath holly hope
    hunter iris ivy jade jasmine jay jewel joy june kay kit lance laurel lily lou mark marsh mason max may melody mercy merle miles mo myrtle
    nick norm olive page paris pat patience patty pearl peg penny pip poppy prudence queenie ray reed rex rich rob robin rod rose rowan ruby rusty
    sandy savannah scarlet sky skye sonny sterling stone storm sue summer sunny tab terry theo troy vic victor wade warren will willow wren young
    baker ball banks barber bell best bird bishop black bush butcher butler carpenter carter chapman cook cooper cox cross field fields
    fisher ford fox green grey gray grove hill holmes hood king knight lamb lane lee little long love marshall mills moon moore nightingale
    park parker parks parry payne peacock pearce pearson perry pike pool poole pope porter potter price rice rivers sharp shepherd short
    singer small stone summers swan swift taylor thorn turner underwood walker waters webb west wheeler white wise wolf wood woods wright
    """.split()
)

# Of these, what is no surname in small letters ("i'm dave will you help").
_SURNAMES = _ALSO_WORDS - frozenset("will may mark don pat hope rob best love little long short small west black white".split())

_TITLES = frozenset("dr mr mrs ms miss mx prof sr rev revd".split())
_OFFICES = frozenset(
    "doctor sister nurse professor matron consultant surgeon oncologist therapist physio registrar reverend father rabbi imam carer".split()
)
_RELATIONS = frozenset(
    """
    husband wife daughter son mum mom mummy mam mother dad daddy father friend partner sister brother nan nana gran granny grandma
    grandmother grandad granddad grandfather aunt auntie aunty uncle cousin niece nephew boyfriend girlfriend fiance fiancee neighbour
    neighbor carer caregiver boss colleague mate flatmate stepson stepdaughter stepdad stepmum grandson granddaughter ex doctor nurse
    consultant oncologist surgeon therapist masseuse masseur physio physiotherapist gp specialist dog cat
    """.split()
)
_POSSESSIVES = frozenset("my our his her their your the".split())
# What may stand after "call me", "my name is": nobody is called so.
_NO_NAME = frozenset("back on at if when please tomorrow today later asap after before in or to as not a an the and by".split())
_SIGN_OFFS = frozenset("signed regards sincerely faithfully".split())
_WARM_SIGN_OFFS = frozenset("thanks thank cheers love wishes yours thx thankyou xx x".split())
_HERE = frozenset("here speaking calling again".split())
_ROADS = frozenset("road rd street avenue ave lane close drive crescent court gardens terrace square place grove hill park view way walk mews".split())

_SMALL = frozenset("one two three four five six seven eight nine ten zero nought nil".split())
_TENS = frozenset("twenty thirty forty fourty fifty sixty seventy eighty ninety".split())
_LARGE = _TENS | frozenset(
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen hundred thousand million billion".split()
)
_NUMBERS = _SMALL | _LARGE
_JOINERS = frozenset("point and oh o double triple dash slash over".split())  # inside a spoken number
_ORDINALS = frozenset(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
    seventeenth eighteenth nineteenth twentieth thirtieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth
    twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirty-first
    """.split()
)
_MEASURES = frozenset(
    """
    platelet platelets plts count counts neutrophil neutrophils neuts haemoglobin hemoglobin hb inr psa crp temp temperature bp sugar
    glucose potassium sodium creatinine egfr bilirubin ferritin oxygen sats saturation pulse weight weigh weighs height score level
    levels dose age aged ward bed flat number extension bmi calcium magnesium cholesterol hba1c reading
    """.split()
)
_UNITS = frozenset(
    """
    mg ml mcg milligrams milligram grams percent degrees degree celsius fahrenheit stone kilos kilo kg pounds lbs litres units o'clock
    out %
    """.split()
)
_MONTHS = frozenset("january february april june july august september october november december".split())
_MONTHS_NEAR = frozenset("may march jan feb mar apr jun jul aug sep sept oct nov dec".split())  # only beside a number

_BUILT_IN = _EVERYDAY | _MEDICAL | _CAPITALISED | _OFFICES | _RELATIONS | _TITLES | _SMALL
_VERB_ENDINGS = ("ing", "ed", "s", "ly", "n't")

# Characters. `_EDGE` may stand around a word; '@' and '_' may not: they make it a handle.
_EDGE = "\"'`´‘’‚“”„«»‹›()[]{}<>.,;:!?¡¿…·•*~^|/\\+=-‐‑‒–—―&#%$£€§°"
_CHUNK = re.compile(r"\S+")
_SPLIT = re.compile(r"([^\w'’ʼ‐‑-]+)")
_ADDRESS = re.compile(
    r"://|^(?:www\.|mailto:|tel:|sms:|skype:)"
    r"|\.(?:com|org|net|uk|co|io|nhs|edu|gov|info|eu|ie|us|ca|au|nz|za|in|de|fr|es|it|nl|pl|ch|at|se|me|app|link|online|site|health)(?:[/:?#.]|$)",
    re.IGNORECASE,
)
_TOP_DOMAINS = frozenset("com org net uk co nhs edu gov info eu ie".split())
_BOUNDARY = re.compile(r"[.!?…\n\r;:•|]")
_JOINED = re.compile(r"[ \t'’.‐‑–-]*")  # between two parts of one name
_MERGE = re.compile(re.escape(MASK) + r"(?:[\s().+/,–-]*" + re.escape(MASK) + r")+")
_APOSTROPHES = str.maketrans(
    {"’": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\u00ad": None}
)


def mask(text: str, known_words: Iterable[str] = frozenset()) -> str:
    """The text with everything that may identify somebody replaced by `[…]`.

    Args: `text`, of any length (time grows in proportion: about 10 ms for 10,000 characters); `known_words`, words in small
    letters that are nobody's name and may stay, such as those of the knowledge files. A general vocabulary does not
    serve well here: it holds places and surnames.
    Returns: the masked text. No digit and no '@' survives, whatever the script, and mask(mask(x)) == mask(x).
    Raises nothing: a text that cannot be treated is masked as a whole.
    """
    try:
        known = known_words if isinstance(known_words, (frozenset, set)) else frozenset(known_words)
        text = unicodedata.normalize("NFC", str(text or ""))
        for _ in range(_PASSES):
            masked = _once(text, known)
            if masked == text:
                return text
            text = masked
    except Exception:  # noqa: S110 (losing the text is better than losing the turn, or keeping the text)
        pass
    return MASK


def hash_id(secret: bytes, *parts: str) -> str:
    """A keyed hash for ids that a provider gives (phone numbers, account ids): HMAC-SHA256, cut to 192 bits.

    Args: `secret`, not empty; `parts`, such as a channel's name and the id in it. ("ab", "c") and ("a", "bc") differ.
    Returns: 32 characters of A-Z a-z 0-9 _ -. Errors: ValueError without a secret, since anybody could then compute it.
    """
    if not secret:
        raise ValueError("hash_id needs a secret (ASKFIRST_SECRET)")
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return base64.urlsafe_b64encode(digest.digest()[:24]).decode("ascii")


def _once(text: str, known: frozenset[str] | set[str]) -> str:
    """One pass of every rule. A rule may look at its neighbours, so masking one word may let another rule apply:
    `mask` repeats this until nothing changes.
    """
    words, gaps = _split(text)
    message = _Message(words, gaps, known)
    for rule in _RULES:
        rule(message)
    out = [gaps[0]]
    for i, word in enumerate(words):
        out += (MASK if message.masked[i] else word, gaps[i + 1])
    return _MERGE.sub(MASK, "".join(out))


def _split(text: str) -> tuple[list[str], list[str]]:
    """Words, and the gaps before, between and after them (one more). A chunk with a digit or an address is one word."""
    words: list[str] = []
    gaps: list[str] = []
    gap: list[str] = []

    def add(word: str) -> None:
        gaps.append("".join(gap))
        gap.clear()
        words.append(word)

    for number, piece in enumerate(text.split(MASK)):
        if number:
            add(MASK)
        end = 0
        for found in _CHUNK.finditer(piece):
            gap.append(piece[end : found.start()])
            end = found.end()
            chunk = found.group()
            tail = chunk.lstrip(_EDGE)
            core = tail.rstrip(_EDGE)
            gap.append(chunk[: len(chunk) - len(tail)])
            if not core:
                continue
            if core.isalpha() and core.isascii():
                add(core)
            elif _is_code(core):
                add(core)
            else:
                for k, part in enumerate(_SPLIT.split(core)):
                    bare = part.strip("'’ʼ‐‑-") if k % 2 == 0 else ""
                    if not bare:
                        gap.append(part)
                        continue
                    at = part.index(bare)
                    gap.append(part[:at])
                    add(bare)
                    gap.append(part[at + len(bare) :])
            gap.append(tail[len(core) :])
        gap.append(piece[end:])
    gaps.append("".join(gap))
    return words, gaps


def _is_code(core: str) -> bool:
    """True for a chunk that is masked as it stands: it holds a digit of any script, or is an address or a handle."""
    if any(c in "@＠﹫_" or c.isnumeric() for c in core):
        return True
    return ("." in core or ":" in core) and _ADDRESS.search(core) is not None


class _Message:
    """The words of one message as the rules see them: keys (small letters), what is masked, where sentences start."""

    def __init__(self, words: list[str], gaps: list[str], known: frozenset[str] | set[str]) -> None:
        self.words, self.gaps, self.known, self.n = words, gaps, known, len(words)
        self.masked = [False] * self.n
        self.keys: list[str] = []
        self.capital: list[bool] = []
        self.safe: list[bool] = []  # an everyday or medical word of the built-in lists
        self.name: list[bool] = []  # on the list of names
        seen: dict[str, tuple[str, bool, bool, bool, bool]] = {}
        lower = upper = capitals = 0
        for i, word in enumerate(words):
            facts = seen.get(word)
            if facts is None:
                facts = seen[word] = self._facts(word)
            key, capital, safe, name, code = facts
            self.keys.append(key)
            self.capital.append(capital)
            self.safe.append(safe)
            self.name.append(name)
            self.masked[i] = code
            if not code and len(word) > 1:
                capitals += capital
                if word.isupper():
                    upper += 1
                else:
                    lower += 1
        # Where all is written large, a capital says nothing.
        self.shouting = upper >= 3 and upper > 3 * lower
        self.titled = not self.shouting and capitals >= 5 and capitals > 0.7 * (upper + lower)
        self.starts = [self._starts(i) for i in range(self.n)]

    def _facts(self, word: str) -> tuple[str, bool, bool, bool, bool]:
        if word == MASK or (not (word.isascii() and word.isalpha()) and _is_code(word)):
            return MASK, False, False, False, True
        key = word.lower() if word.isascii() and word.isalpha() else word.translate(_APOSTROPHES).lower()
        return key, word[0].isupper(), _safe(key), _named(key), False

    def _starts(self, i: int) -> bool:
        if i == 0:
            return True
        gap = self.gaps[i]
        if gap == " ":
            return False
        before = self.keys[i - 1]
        # "Dr. Hill", "J. Hill": that point ends no sentence.
        if gap.strip() == "." and (before in _TITLES or (len(before) == 1 and self.capital[i - 1])):
            return False
        return _BOUNDARY.search(gap) is not None

    def key(self, i: int) -> str:
        """The word in small letters, MASK for a masked one, "" outside the message."""
        if 0 <= i < self.n:
            return MASK if self.masked[i] else self.keys[i]
        return ""

    def spared(self, i: int) -> bool:
        """A word that may stay: built-in, or known to the caller, and on no list of names."""
        return self.safe[i] or (not self.name[i] and _is_known(self.keys[i], self.known))

    def name_at(self, i: int, is_first: Callable[[int], bool]) -> None:
        """Mask a name that starts at word i, if `is_first(i)`, with up to two more words that belong to it."""
        if i >= self.n or self.masked[i] or not is_first(i):
            return
        self.masked[i] = True
        for j in (i + 1, i + 2):
            if j >= self.n or self.masked[j] or not _JOINED.fullmatch(self.gaps[j]):
                return
            if self.starts[j] or not (self.keys[j] in _SURNAMES or (self.capital[j] and self.keys[j] in _ALSO_WORDS) or not self.safe[j]):
                return
            self.masked[j] = True


def _safe(key: str) -> bool:
    """On the built-in lists, also as a plural, a possessive, a verb form or a compound of listed words."""
    if key in _BUILT_IN:
        return True
    if key.endswith("'s"):
        key = key[:-2]
        if key in _BUILT_IN:
            return True
    if "-" in key or "'" in key:
        return all(part in _BUILT_IN for part in re.split("[-']", key) if len(part) > 1)
    if key in _NAMES or key in _ALSO_WORDS:
        return False
    for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "y"):
        stem = key[: -len(ending)]
        if key.endswith(ending) and len(stem) > 2 and (stem in _BUILT_IN or stem + "e" in _BUILT_IN or stem[:-1] in _BUILT_IN):
            return True
    return False


def _named(key: str) -> bool:
    if key in _NAMES or (key.endswith("'s") and key[:-2] in _NAMES) or (key.endswith("s") and key[:-1] in _NAMES and key not in _BUILT_IN):
        return True
    return ("-" in key or "'" in key) and any(part in _NAMES for part in re.split("[-']", key))


def _is_known(key: str, known: frozenset[str] | set[str]) -> bool:
    return key in known or (key.endswith("'s") and key[:-2] in known)


# The rules. Each looks once at each word and at a few neighbours.


def _addresses(m: _Message) -> None:
    """What stands around a lone '@', and spelled addresses ("margaret at example dot com")."""
    for i, word in enumerate(m.words):
        if "@" in word or "＠" in word or "﹫" in word:
            if word[0] in "@＠﹫" and i and (len(word) == 1 or "." in word):
                m.masked[i - 1] = True
            if word[-1] in "@＠﹫" and i + 1 < m.n:
                m.masked[i + 1] = True
        elif m.keys[i] == "dot" and 0 < i < m.n - 1:
            m.masked[i - 1] = m.masked[i] = m.masked[i + 1] = True
        elif m.keys[i] == "at" and i and (m.key(i + 2) == "dot" or (m.key(i + 2) in _TOP_DOMAINS and m.gaps[i + 2] == ".")):
            m.masked[i - 1] = True


def _numbers(m: _Message) -> None:
    """Numbers in words: always from eleven up and in a row; a small one only beside a measure or a unit."""
    i, measured = 0, -9
    while i < m.n:
        key = m.keys[i]
        if key in _MEASURES:
            measured = i
        parts = key.split("-") if "-" in key else (key,)
        if m.masked[i] or parts[0] not in _NUMBERS:
            i += 1
            continue
        end, count, large = i, 0, False
        while end < m.n and not m.masked[end] and (end == i or not m.starts[end]):
            pieces = m.keys[end].split("-")
            if all(piece in _NUMBERS or piece in _JOINERS for piece in pieces) and (
                any(piece in _NUMBERS for piece in pieces) or m.key(end + 1) in _NUMBERS or m.key(end + 1) in ("point", "oh", "double")
            ):
                if m.keys[end] == "and" and not large:
                    break  # "two and three" are two numbers, "a hundred and three" is one
                count += len([piece for piece in pieces if piece in _NUMBERS])
                large = large or any(piece in _LARGE for piece in pieces)
                end += 1
            else:
                break
        out_of = m.key(i - 1) == "of" and m.key(i - 2) == "out"
        near = i - measured <= 5 or out_of or m.key(end) in _UNITS or m.key(i - 1) in ("age", "aged", "number") or m.key(end) == "point"
        if count > 1 or large or near:
            for j in range(i, end):
                m.masked[j] = True
        i = max(end, i + 1)


def _dates(m: _Message) -> None:
    """Months, with the day or year in words beside them."""
    for i, key in enumerate(m.keys):
        near = key in _MONTHS_NEAR and (_dated(m, i - 1) or _dated(m, i + 1) or (m.key(i - 1) in ("of", "the") and _dated(m, i - 2)))
        if key in _MONTHS or near:
            m.masked[i] = True
            for j in (i - 2, i - 1, i + 1, i + 2):
                if m.key(j) in _ORDINALS or m.key(j) in _NUMBERS:
                    m.masked[j] = True


def _dated(m: _Message, i: int) -> bool:
    return m.key(i) == MASK or m.key(i) in _ORDINALS


def _listed_names(m: _Message) -> None:
    """Common names, wherever they stand."""
    for i in range(m.n):
        if m.name[i]:
            m.masked[i] = True
            if i + 1 < m.n and not m.masked[i + 1] and _JOINED.fullmatch(m.gaps[i + 1]) and not m.starts[i + 1] and not m.spared(i + 1):
                m.masked[i + 1] = m.capital[i + 1] or not m.keys[i + 1].endswith(_VERB_ENDINGS)


def _cues(m: _Message) -> None:
    """Names after the words that announce them."""

    def any_name(i: int) -> bool:
        return m.keys[i] not in _NO_NAME

    def stranger(i: int) -> bool:
        """After "I'm": no usual continuation. A capital counts, unless all words have one."""
        if m.keys[i] in _SURNAMES or (m.capital[i] and m.keys[i] in _ALSO_WORDS):
            return True
        if m.safe[i]:
            return False
        if m.capital[i]:
            return not m.spared(i) or m.name[i]
        gerund = m.keys[i].endswith("ing") and len(m.keys[i]) > 5
        return not m.spared(i) and not gerund

    def titled(i: int) -> bool:
        return m.keys[i] not in _NO_NAME and (m.capital[i] or m.keys[i] in _SURNAMES or not m.spared(i))

    def relative(i: int) -> bool:
        if m.keys[i] in _SURNAMES or (m.capital[i] and m.keys[i] in _ALSO_WORDS):
            return True
        if m.safe[i]:
            return False
        return (m.capital[i] and not m.shouting and not m.spared(i)) or not (m.spared(i) or m.keys[i].endswith(_VERB_ENDINGS))

    for i in range(m.n):
        key, before = m.key(i), m.key(i - 1)
        if key in ("i'm", "im", "iam", "i'am") or (key == "am" and before == "i") or (key in ("is", "was") and before == "this"):
            m.name_at(i + 1, stranger)
        elif key in ("name", "names", "name's", "surname", "nickname"):
            follows = m.key(i + 1) in ("is", "was", "s")
            if follows or key == "name's" or before in ("my", "his", "her") or (i + 1 < m.n and re.search("[:=]", m.gaps[i + 1])):
                m.name_at(i + 2 if follows else i + 1, any_name)
        elif key == "me" and before in ("call", "called"):
            m.name_at(i + 1, any_name)
        elif key in ("called", "named"):
            m.name_at(i + 1, lambda j: not m.spared(j))
        elif key in _TITLES:
            m.name_at(i + 1, titled)
        elif key in ("it's", "its", "it", "that's") or m.starts[i]:
            first = i + 1 if key in ("it's", "its", "that's") else (i + 2 if m.key(i + 1) == "is" and key == "it" else i)
            for last in (first, first + 1):
                if m.key(last + 1) in _HERE and not (last + 1 < m.n and m.starts[last + 1]):
                    m.name_at(first, lambda j: not m.spared(j))
        if (key in _RELATIONS and before in _POSSESSIVES) or key in _OFFICES:
            m.name_at(i + 1, relative)
        if key in _SIGN_OFFS and before not in ("with", "as", "in"):
            _signature(m, i + 1, 3)
        elif (key in _WARM_SIGN_OFFS or (key == "you" and before == "thank")) and i + 3 >= m.n:
            _signature(m, i + 1, 2)


def _signature(m: _Message, i: int, most: int) -> None:
    for j in range(i, min(i + most, m.n)):
        if m.safe[j] and m.keys[j] not in _ALSO_WORDS:
            return
        m.masked[j] = True


def _capitals(m: _Message) -> None:
    """A capital in mid-sentence, and a run of capitals anywhere, on words that are not known."""
    if m.shouting:
        for i in range(m.n):
            m.masked[i] = m.masked[i] or not m.spared(i)
        return
    for i in range(m.n):
        if m.masked[i] or not m.capital[i]:
            continue
        also_word = m.keys[i] in _ALSO_WORDS and not m.titled
        if m.starts[i]:
            follows = i + 1 < m.n and m.capital[i + 1] and not m.starts[i + 1] and _JOINED.fullmatch(m.gaps[i + 1])
            if follows and (also_word or not m.spared(i)) and (m.masked[i + 1] or not m.spared(i + 1)):
                m.masked[i] = True
        elif also_word or not m.spared(i):
            m.masked[i] = True
        # "AB 12 34 56 C": letters of a number on a card.
        letters = len(m.words[i]) < 4 and m.words[i].isupper() and m.keys[i] not in ("i", "a") and not m.spared(i)
        if letters and MASK in (m.key(i - 1), m.key(i + 1)):
            m.masked[i] = True


def _roads(m: _Message) -> None:
    """"[…] acacia avenue": what stands between a house number and the kind of road."""
    for i, key in enumerate(m.keys):
        if key in _ROADS:
            for j in (i - 2, i - 3):
                if m.key(j) == MASK and not any(m.starts[j + 1 : i + 1]):
                    m.masked[j + 1 : i + 1] = [True] * (i - j)
                    break


_RULES = (_addresses, _numbers, _dates, _listed_names, _cues, _capitals, _roads)
