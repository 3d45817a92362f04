"""What may be stored of a patient's own words, and how a provider's ids are stored.

Texts are kept for one purpose only: staff read them to improve the assistant. So `mask` leaves everyday and medical
words and takes out what may tell who somebody is: addresses, numbers, dates, values, names. In doubt it masks.
It goes by rules and word lists, so it cannot find everything: a name in small letters that is on no list and follows
no cue ("tell zbigniew I called"), and names in scripts without capitals, stay. It is one layer; the others are that
little is stored, for a short time (askfirst/store.py), and that no text is logged (askfirst/logs.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Set

MASK = "[…]"
_PASSES = 6  # one or two are usual; a text that has not settled by then is masked as a whole


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words, all in small letters.

_EVERYDAY = _words(
    """
    a about above abroad absolute absolutely account ache aching achy across act actually add address advice advise
    afraid after afternoon afterwards again against age aged ago agree ah ahead ahh aid aids ain't aint alarm alive all
    allergic allow allowed allright almost alone along already alright also although altogether always am amid among
    amongst amount an analyses analysis and angry annoyed another answer answering anxious any anybody anyhow anymore
    anyone anything anything's anytime anyway anyways anywhere apart app apparently appear appointment appt appts are
    area aren't arent around arrange arrive as asap aside ask asked asking asks asleep at available avoid awake aware
    away awful awhile baby back bad badly balm bank basically bath bathroom battery bc bcos bcz be beach bear became
    because become becomes becoming bed bedroom been before beforehand began begin behind being believe below bench
    benefit benefits bergamot beside besides best better between beyond big birthday bit bleeding bless bloated block
    bloody blue body book booked booking born both bother bottom bought box boxes boy bra break breathless brief
    briefly bright bring broke brother brother-in-law brought bruised bug burning bus business busy but button buy by
    bye call called calling calls calm came can can't cancel candle candles cannot cant car card care careful carer
    caring carry case cash cat catch caught cause caused causes center centre certain chair chamomile chance change
    changed charge charges charities charity chat cheap check checked chemi chemical chemicals chemoterapy child
    children choice choir choking choose church city claim class cld clean cleaning cleanse clear clearly clinic
    clinician close clothed clothes club coffee cold collarbone color colour come comes comfort comfortable comfy
    coming common company complain complementary complete completely compression concerned confused confusing consider
    constant constantly constipated contact contacting continue cooking cool correct cos cost costs coughing could
    could've couldn't couldnt country counts couple course cousin cover crazy cream creatinine cry crying cup curious
    current cus cut cuz cycle cycles dad daily dangerous dark dat date daughter day days deal dear decide deep deeper
    deepest definitely delay delete deleted dentist depend depressed desperate desperately despite details detox device
    diabetic did didn't didnt die died different difficult difficulty dig digs direct dirty dis disabled discount dizzy
    do does doesn't doesnt dog doing don't done dont door double doubt down dozens drainage drains dress dressed
    dressing drink drive driving drop dropped drops dry due dull dunno during dus dx each earlier early ease eased
    easier easily easy eat eating edge effect eggs either else elsewhere embarrassed emergency empty end ended enjoy
    enough enquiring envelope esp especially etc eucalyptus even evening ever every everybody everyone everything
    everything's everywhere evidence exactly example except excited excuse exercise exercises exhausted expect
    expensive experience explain extra extremely eye face facing fact fail faint fairly fall false family far fast
    father father-in-law favourite fed fee feeding feel feeling feels fees feet fell felt feverish few fill find
    finding fine finish finished firm first fit fitted five fix flag flat flight floor flush flushes fly follow
    following food foot for forever forget form former formerly fortnight found fragile frankincense free fresh friend
    friendly friends frightened from front full fully fuming fun further future garden gas gave general gentle
    gentleman gently germ germs get gets getting gift girl give given gives giving glad glove gloves go goes going gone
    gonna good goodbye got gotta gotten gran grandad grandma grass grateful great green ground group grown guess guy
    gym had hadn't hadnt hair half halfway halves hand hands happen happened happening happens happier happy hard
    harder hardly has hasn't hasnt hat hate have haven't havent havin having havnt he he'd he'll he's head heads
    healthy hear heard heat heavier heavy hello help helped helpful helping helpline helps hemaglobin hence her here
    here's hereby hers herself hey hi high higher him himself his hiya hold hole holiday home honest hope hopeful
    hopefully hopeless hoping horrible hosp hot hotel hotter hour hours house housebound how how's howdy however hr hrs
    hug huge hundreds hungry hurt hurting hurts husband i i'd i'll i'm i've idea idk if ill illness im imagine
    immediately immobile important impossible in in-laws incense incl include included includes incredibly indeed info
    information inject inside instead insurance interested interpreter into invited is isn't isnt issue it it'd it'll
    it's itchy item itll its itself ive jacuzzi jasmine job join joke juice just k keen keep keeps kemo kept kid kids
    kind kindly kitchen knead knew knock know known knows ladies lady large last late lately later latter lavender law
    least leave leaves leaving left leftover less let let's lets letter level lie life lift light lighter lightly like
    likely limit limp limping line link list listen little live lived lives living local located lol lonely long longer
    look looked looking looks loose lose losing lost lot lotion lots loud louder love loved lovely low lower luck lucky
    lump lunch luv lying machine made main make makes making man manage manages managing many mark married masage
    massag massage massge massive mat match matter mattress may maybe me mean means meant meanwhile measure measured
    meet mention message messaging messed messes metal method middle might mightn't min mind mine mins minute minutes
    miss missed missing mistake mobile mom moment money month monthly months mood more moreover morning most mostly
    mother mother-in-law mouth move moved moving mr mrs ms msg mth mths much mum mummy music must mustn't my myself
    myth myths n nah naked name namely nan nasty nauseous near nearby nearly necessary need needed needing needn't
    needs neighbour neither nervous never nevertheless new newborn newer newly news next nice nicer night nights nite
    no nobody none noone nope nor normal normally not note nothing nothing's notice noticed now nowhere np numb number
    numbers numbness nxt obviously odd of off offer offered office often oh oil ok okay old older omg on once one ones
    online only onto open opened option or orange order ordinary other others otherwise ouch ought our ours ourselves
    out outside over overall overweight own page paid pain painful painkiller painkillers pains panicking paralysed
    parent parents park parking part partially particular partly partner parts pass passed password past pause pay pee
    pension pensioner people peppermint per perfect perhaps period person personal phone phoned phrase pick picture
    piece pillow pink place places plan plane planned planning play please pleased pls plus plz pm poison poisoned pool
    poor poorly positive possible possibly post potassium power practice prefer pregnant prepare press pretty previous
    price private probably problem problems proof proper properly proud prove provide public puffy pull purple push put
    puts quarter question questions quick quickly quiet quietly quite r raised random rang rarely rather reach reaching
    read reading ready real realise realize really reason reasonable recent recently recommend red reduce refer
    regarding regular regularly relative relax relaxed relaxing relief relieve remember remind repeat replacement reply
    report request responding rest resting result results retired return review rhythm rich rid right ring risk risky
    rn room rosemary rough round rounds rub rubbed rubbing rubs run running rush rushed sad safe safely safer said same
    sat sauna save saw say saying says scared scented school screen seat second see seeing seem seemed seeming seems
    seen seldom self sell send sense sensible sensitive sent serious seriously service services session sessions set
    several shaky shall shan't sharp shave shaving she she'd she'll she's shed sheet shivering shld shoe shoes shop
    shopping short shortly should should've shouldn't shouldnt show shower shown sick side sign signed silly similar
    simple simply since single sister sister-in-law sit site sits sitting six size skip sky sleep sleeping sleepy slept
    slight slightly slow slower slowly small smaller smell so social sock socks sofa soft softer some somebody somehow
    someone something something's somethings sometime sometimes somewhere son soon sooner soothe soothes sore sorry
    sort sound sounds spa speak speaking special spell spelled spend spoke sport spots spouse spread spring squeeze
    stabbing stand standing star start started starting starts state stay staying steam step stepfather stepmother
    steps stiff still stocking stockings stop stopped stopping stops store story straight strange street stress
    stressed stressful stroke strong stronger struggle struggled struggling stuck student studies studio study stuff
    stupid subject such sudden suddenly suffer suffering suggest suggested suicidal suit support suppose supposed sure
    surely surprise swear sweat swim swimming swollen system table take taken takes taking talk talked talking tall
    taste tastes taxi tbh teach teacher team teen teenager tell telling tender tense tension term terrible terrified
    test tests text than thank thankful thanks thankyou that that'd that's thats the their theirs them themselves then
    thence there there'd there's therefore therein theres these they they'd they'll they're they've thin thing things
    think thinking thinks third this tho those though thought thousands three threshold thrice throbbing thrombocytes
    through throughout thru thus thx tight tighter tights till time times tiny tip tips tired tiredness tiring tmrw to
    today toddler toe together toilet told tomorrow tonight too took top total totally touch touched touching toward
    towards towel town toxic train translator travel travelling tried trouble true trust truth try trying tub tube
    tummy tunnelled turn turned tv twelve twice twin twins two twofold type typed typical typing u ugh ugly um unable
    under understand undressed unfortunately unless unlikely unsafe unsure until unto unusual unwell up upon upper
    upset upstairs ur urgent urgently us use used useful useless uses using usual usually various vegan venous very via
    view vigorous violet visit visited visiting voice volunteer vomiting vote voucher w wait waiting wake walk walked
    walking wanna want wanted wanting wants warm warmer was wash washes wasn't wasnt waste wat watch water way ways we
    we'd we'll we're we've weak weaker wear wearing website weeing week weekend weekly weeks weird welcome well wen
    went were weren't werent wet what what'll what's whatever whats wheelchair when when's whenever where where's
    whereas whereby wherever whether which while whilst white who who'd who'll who's whoever whole whom whos whose why
    why's wich wide wider widowed wife wig will willing wine wish with within without wk wks wld woke woman women won't
    wonder wondered wondering wont word words wore work worked working works world worn worried worries worry worrying
    worse worst worth wot would would've wouldn't wouldnt wound wow write writing wrong wrote wud y y'all yeah year
    years yellow yep yes yesterday yet yoga you you'd you'll you're you've young your youre yours yourself yourselves
    yr yrs yuk yup
    """
)

_MEDICAL = _words(
    """
    abdomen abdominal abiraterone abraxane abscess acetaminophen acne acupressure acupuncture acute addiction adjuvant
    adrenaline af afib aids alcohol alectinib allergies allergy alzheimer alzheimer's amputation anaemia anaemic
    anastrozole anc anemia anemic aneurysm angina ankle antibiotic antibiotics anticoagulant anticoagulants
    antidepressant antiplatelet anxiety apixaban arimidex arm armpit arms aromasin aromatase aromatherapy arrhythmia
    artery arthritis aspirin asthma atezolizumab atrial autoimmune avastin axilla ayurvedic bandage bcc belly
    benign bevacizumab bicalutamide biopsy bladder bleed blister blisters blood bloods bone bones bowel bp brace
    brachytherapy brain brca breast breasts breath breathe breathing bruise bruises bruising burn burns buttock
    buttocks caesarean calf calves cancer cancers cannula capecitabine caps carboplatin carcinoma cardiac cast cataract
    cath catheter cbc cell cells cellulitis cervical cervix chemo chemoradiation chemotherapy chest chill chills
    chinese chiropractor cholesterol chronic cipn cisplatin clexane clopidogrel clot clots clotting codeine colon
    colonoscopy colorectal colostomy concussion condition constipation consultant copd cortisone cough coumadin covid
    crohn crohn's crp csf ct cupping cva cyclophosphamide cyst d-dimer dabigatran dalteparin decapeptyl dementia
    denosumab dexamethasone diabetes diagnosed diagnosis dialysis diarrhea diarrhoea diazepam diclofenac dietitian
    dimer disc disease dislocated dizziness docetaxel doctor doctors dosage dose doxorubicin drain drains dressing drip
    drug drugs dvt dysport ear ears ecg echo eczema edema edoxaban effleurage elbow eliquis embolism emphysema
    endocrine endometriosis endoscopy enoxaparin enzalutamide epidural epilepsy epileptic er erector eribulin essential
    estrogen etoposide exemestane exhaustion facial fainting fascia fatigue femoral femur ferritin fertility fever
    fibroid fibromyalgia finger fingers fistula fits flare flu fluid fluids fluorouracil foam folfiri folfox fracture
    fractured fractures fragmin fulvestrant gabapentin gallbladder gastric gastro gastroscopy gefitinib gemcitabine
    genetic gland glands glaucoma glucose goserelin gout gp gpa gps graft groin gum gums gut gvhd gynae haematology
    haematoma haemoglobin haemophilia haemorrhage haemorrhoids haircare hay hb hba hbp headache headaches heal healing
    health heart heel heels heparin hepatitis herceptin hereditary hernia hernias herpes hickman hip hips hiv
    hives hodgkin hodgkin's hormone hormones hospice hospital hospitals hpv hr hrt hydrocortisone hypertension
    hyperthyroid hypotension hypothyroid hysterectomy ibrance ibs ibuprofen icd ileostomy imaging imatinib immune
    immunity immunosuppressed immunotherapy impetigo implant implants incision incontinence indian infect infected
    infection infections inflamed inflammation infusion infusions inhaler inhibitor inhibitors injection injections
    injured injury inr insulin intensive intestine ipilimumab itch itching iv ivf jab jabs jaundice jaw joint joints
    kadcyla keytruda kidney kidneys knee knees knot knots labour lanreotide laparoscopy lapatinib laser leg legs
    lenalidomide lesion lesions letrozole leucocytes leukaemia leukemia levothyroxine ligament limb limbs lip lips
    liver lmwh lomi lorazepam lump lumpectomy lumps lung lungs lupus lymph lymphatic lymphedema lymphoedema lymphoma
    malignant mammogram manual marrow mask massage massaged massages massaging masseur masseuse mastectomy mastitis
    medic medicaid medical medicare medication medications medicine medicines meds medullary melanoma menopause mental
    metastases metastasis metastatic metformin methotrexate mets migraine migraines mild mirena mobility mole moles
    morphine mri mrsa ms mucositis multiple muscle muscles myeloma myocardial myofascial nail nails naproxen nausea
    nauseous neck needle needles nerve nerves neuralgia neuro neuropathy neutropenia neutropenic neutrophil neutrophils
    neuts nhl nhs nivolumab node nodes nodule nose nsaid nsaids numbness nurse nurses nutrition obese obesity oedema
    oestrogen olaparib omeprazole onc oncologist oncologists oncology op operation operations opioid opioids optician
    organ organs orthopaedic osteoarthritis osteopath osteopenia osteoporosis ostomy ot ovarian ovaries ovary
    oxaliplatin oxycodone oxygen pacemaker paclitaxel paget paget's palbociclib palliative palm palms palpitations
    pancreas pancreatic pancreatitis panic paracetamol parkinson parkinson's patch patches patient patients pelvic
    pelvis pembrolizumab penicillin perineal perineum peripheral perjeta pertuzumab pet pharmacist pharmacy phlebitis
    physio physiotherapist physiotherapy picc piles pill pills plasma plaster plate platelet platelets plavix pleurisy
    plts pneumonia poisoning port portacath ports postnatal postpartum potassium pradaxa prednisolone pregabalin
    pregnancy prescribed prescription pressure preventive procedure prognosis prostap prostate prostatectomy prosthesis
    prosthetic proton psa psoriasis psychiatric psychologist ptsd pulmonary pulse pump pus radiation radio radiologist
    radiology radiotherapy rads rash rashes raynaud raynaud's reconstruction rectal rectum reflexology reflux rehab
    reiki relapse remission renal replacement resection respiratory restless rheumatoid rhubarb rib ribociclib ribs
    ringworm ripple rituximab rivaroxaban rotator sacrum saline sarcoma sats scab scalp scan scans scar scarring scars
    sciatica scleroderma sclerosis scoliosis screening secondaries secondary sedation seizure seizures sepsis septic
    sertraline shiatsu shingles shoulder shoulders shunt sickle side-effects sinus skeletal skin sleeve slipped smear
    sodium sole soles spasm spasms specialist spinal spine spleen spleens sports sprain squamous ssri stage stamina
    statin statins stem stent stents steroid steroids stiffness stitches stoma stomach stone stones strain strength
    stretch stretched stretching stroke strokes sunburn sunitinib surgeon surgeons surgery surgical swab swedish swell
    swelling swells symptom symptoms syncope syndrome tablet tablets tagrisso talazoparib tamoxifen taxol taxotere
    tearful teeth temazepam temp temperature temples tendon tendonitis tens terminal testicle testicles testicular
    testosterone thai therapies therapist therapists therapy thigh thighs thinner thinners throat thrombocytopaenia
    thrombocytopenia thrombosis thrush thumb thyroid tia tibia tingling tingly tinnitus tinzaparin tissue toes tongue
    tonsils tooth topical torn toxin toxins trachea tramadol transfusion transfusions transplant trapezius trastuzumab
    treat treated treating treatment treatments tremor trial trials trigger tuberculosis tuina tumor tumors tumour
    tumours turmeric ulcer ulcers ultrasound umbilical unit ureter urine urology uterus uti vaccination vaccine
    vaccines vaginal varicose vascular vein veins venetoclax venlafaxin venlafaxine vertebra vertebrae vertigo virus
    viruses vision vitamin vitamins vomit vomited vulva walker ward warfarin wart warts wbc wellness wheezing womb
    wounds wrist wrists x-ray xarelto xeloda xray zoladex zoledronic zometa zopiclone
    """
)

# Capitalised in any sentence without being anybody's name.
_CAPITALISED = _words(
    """
    a&e african ai american asap asian askfirst bbc bmi british chinese christmas covid diwali diy easter eid english
    eu european faq fri friday fyi gb google gp gps id indian irish japanese lomi macmillan marsden mon monday nhs ok
    pdf ps ramadan sat saturday scottish sms sun sunday swedish thai thu thurs thursday tue tues tuesday turkish tv uk
    uni us usa wed wednesday welsh whatsapp
    """
)

# Given names and surnames that are hardly ever another word. Masked wherever they stand, in any case.
_NAMES = _words(
    """
    aaron abby abdul abdullah abena abigail abubakar adam adebayo adele adeyemi adrian agnes agnieszka ahmad ahmed
    aidan aileen aisha aisling akhtar akua alan alastair albert alex alexander alexandra alexis alfie alfred ali alice
    alicia alison alistair allan allen amanda amandeep amelia amina amir amit amy ana anderson andrea andrei andrew
    andy angela angus anita anjali ann anna anne annette annie anthony antonio anwar archie arjun arthur arun asha
    ashley asif asma audrey ava ayesha barbara barry beatrice becky begum ben benjamin bernadette bernard bernie beryl
    beth bethany betty beverley bilal blessing bob bobby brenda brendan brian bridget bronwen bruce bryan caitlin
    callum cameron campbell carl carla carlos carmen caroline carolyn carys catherine catriona cecilia ceri charles
    charlie charlotte chaudhry chiara chidi chinedu chioma chloe chris christina christine christopher ciara claire
    clara clare clarke clive colin colleen connor conor craig cynthia damian daniel danielle danny daphne dariusz
    darren dave david davies davina davis debbie deborah deepak deirdre delroy denis denise dennis derek desmond diana
    diane dilys dimitri dipak dominic donald donna doreen doris dorothy dougal douglas duncan dylan eamonn eddie edith
    edna edward edwards eileen elaine eleanor elena eliza elizabeth ella ellen ellie elsie emeka emily emma enid eric
    erica erin esther ethan ethel eugene eunice eva evans evelyn ewa fatima fatma felicity femi ferdinand fernandez
    fernando ferreira fiona florence fran frances francesca francis francois fred freda freddie frederick freya funmi
    garcia gareth gary gavin gemma geoff geoffrey george georgia georgina gerald geraldine gerard gertrude giles
    gillian gina giovanni giuseppe gladys glenn glenys gloria gomez gonzalez gordon graeme graham greg gregory gurpreet
    gwen gwendolyn hamish hannah hans harold haroon harpreet harriet harris harry hassan hayley hector helen helena
    henry hernandez hilary hilda howard hugh hughes hugo humphrey hussain hussein ian ibrahim ifeoma imran ines ingrid
    ionescu iqbal irena irene isaac isabel isabella isla ismail ivan ivanov ivor iwona jacek jack jackie jackson jacob
    jacqueline jacqui jaime jake jamal james jamie jan jane janet janice jason jasper javier jayne jean jeanette jeff
    jeffrey jemima jen jenna jennifer jenny jeremy jerome jerry jess jesse jessica jill jim jimmy joan joanna joanne
    joe joel joginder johan john johnny johnson jon jonathan jones jordan jorge jose joseph josephine josh joshua joyce
    juan judith judy julia julian juliana julie juliet jurgen justin justyna kamal kamila kaminski karen karim karl
    karolina kasia katarzyna kate kath katherine kathleen kathryn kathy katie kaur kayleigh keith kelly kelvin ken
    kenneth kerry kevin khadija khalid khan kieran kim kiran kirsten kirsty kofi kourtney kowalski krishna krystyna
    krzysztof kumar kwame kyle lakshmi lara larry laura lauren laurence leah leanne leila len leo leon leonard leroy
    lesley leslie lewis liam lilian linda lindsay lisa liz lizzie lloyd lois lopez lorna lorraine louis louise lucas
    lucia lucy luis luke lydia lynda lynn lynne mabel macdonald mackenzie madeleine magdalena maggie mahmoud maisie
    malcolm malgorzata malik mandy manjit manoj marcel marcia marcin marcus margaret margarita margery maria mariam
    marian marianne marie marilyn mario marion marjorie marlene martha martin martina martinez mary maryam mateusz
    matilda matt matthew maud maura maureen maurice mavis maxine mccarthy mcdonald mckenzie meera megan mehmet mei
    melanie mensah meredith michael michal michelle miguel mike mildred millicent millie milly mina miriam mohamed
    mohammad mohammed moira molly mona monica morag morgan moses muhammad muriel murphy myra müller nadia nadine naomi
    narinder nasreen natalia natalie natasha nathan neil nellie nelly nerys ngozi nguyen nicholas nicola nicole nigel
    nikki nina nisha noel nora noreen norma norman nowak nuala o'brien o'connor o'neill o'sullivan ogunleye okafor
    okonkwo olga oliveira oliver olivia olu oluwadamilola oluwaseun omar orla oscar osei osman oswald owen pam pamela
    paolo papadopoulos parveen patel patricia patrick patsy paul paula pauline pavel pawel pedro pegg peggy pereira
    perez pete peter petra phil philip philippa phillip phoebe phyllis pierre piotr polly popescu prakash preeti
    priscilla priya rachael rachel rafael raheem raj rajesh ralph ramesh ramirez raquel rashid raymond rebecca reginald
    rhiannon rhys ricardo richard ricky rita robert roberta roberto roberts robinson rodney rodriguez roger roland ron
    ronald ronnie rory rosa rosalind rosie ross rossi rowena roxanne roy rukhsana rupert russell russo ruth ryan sabina
    saeed sagar sajid saleem sally salma sam samantha samira samuel sanchez sandeep sandra sanjay santos sara sarah
    satnam saul schmidt schneider scott sean sebastian selina selma seth shabana shah shahid shane shannon sharma
    sharon shaun sheila shelagh shelley sheryl shirley sian sidney silva silvia simon simone singh siobhan siobhán
    smith sofia sonia sophia sophie stacey stan stanislaw stanley stefan stella stephanie stephen steve steven stewart
    stuart sunil suresh surinder susan susanna susie suzanne sven sybil syed sylvia tadeusz tamara tania tanya tara
    tariq ted terence teresa thelma theresa thomas thompson tiffany tim timothy tina toby todd tom tomasz tommy tony
    tracey tracy trevor trish trudy tyler ursula vanessa vera vernon veronica vicky victoria vijay vikram vincent viv
    vivian vivienne wally walter wanda wayne wendy wilfred william williams wilson winifred winston wojciech wojcik
    xavier xiao yasmin yetunde yusuf yvette yvonne zac zachary zainab zara zbigniew zeynep zoe zofia zsofia
    """
)

# Names that are also words: masked after a cue, and when they have a capital in mid-sentence.
_ALSO_WORDS = _words(
    """
    abel amber angel april art august baker ball banks barber barney basil bell best bill bird bishop black brook
    brooke brown bush butcher butler carol carpenter carter chapman chase christian christy clay cliff cook cooper cox
    cross crystal daisy dale dan dawn dean dee dolly don dot drew eden ernest eve faith fay fern field fields fisher
    flora ford fox frank gail gale gene gill ginger glen grace grant gray green grey grove guy hazel heath heather hill
    holly holmes hood hope hunter iris ivy jade jasmine jay jewel joy june kay king kit knight lamb lance lane laurel
    lee lily little long lou love mark marsh marshall mason max may melissa melody mercy merle miles mills mo moon
    moore myrtle nick nightingale norm olive page paris park parker parks parry pat patience patty payne peacock pearce
    pearl pearson peg penny perry pike pip pool poole pope poppy porter potter price prudence queenie ray reed rex rice
    rich rivers rob robin rod rose rosemary rowan ruby rusty sandy savannah scarlet sharp shepherd short singer sky
    skye small sonny sterling stone storm sue summer summers sunny swan swift tab taylor terry theo thorn troy turner
    underwood verity vic victor viola violet wade walker warren waters webb west wheeler white will willow wise wolf
    wood woods wren wright young
    """
)

# Of these, what is no surname in small letters ("i'm dave will you help").
_SURNAMES = _ALSO_WORDS - _words(
    "will may mark don pat hope rob best love little long short small west black white"
)

_TITLES = _words("dr mr mrs ms miss mx prof sr rev revd")
_OFFICES = _words(
    """
    carer client consultant doctor father imam matron nurse oncologist patient physio professor rabbi registrar reverend
    sister surgeon therapist
    """
)
_RELATIONS = _words(
    """
    aunt auntie aunty boss boyfriend brother caregiver carer cat colleague consultant cousin dad daddy daughter doctor
    dog ex father fiance fiancee flatmate friend girlfriend gp gran grandad granddad granddaughter grandfather grandma
    grandmother grandson granny husband mam masseur masseuse mate mom mother mum mummy nan nana neighbor neighbour
    nephew niece nurse oncologist partner physio physiotherapist sister son specialist stepdad stepdaughter stepmum
    stepson surgeon therapist uncle wife
    """
)
_POSSESSIVES = _words("my our his her their your the")
# What may stand after "call me", "my name is": nobody is called so.
_NO_NAME = _words("a after an and as asap at back before by if in later not on or please the to today tomorrow when")
_SIGN_OFFS = _words("signed regards sincerely faithfully")
_WARM_SIGN_OFFS = _words("thanks thank cheers love wishes yours thx thankyou xx x")
_I_AM = _words("i'm im iam i'am")
_IT_IS = _words("it's its it that's")
_GREETINGS = _words("hi hiya hello hey morning afternoon evening dear")
_NAME = _words("name names name's surname nickname")
_CUES = _I_AM | _IT_IS | _GREETINGS | _NAME | _TITLES | _OFFICES | _RELATIONS | _SIGN_OFFS | _WARM_SIGN_OFFS
_CUES |= _words("am is was me called named you")
_HERE = _words("here speaking calling again")
_ROADS = _words(
    """
    road rd street avenue ave lane close drive crescent court gardens terrace square place grove hill park view way walk
    mews
    """
)

_SMALL = _words("one two three four five six seven eight nine ten zero nought nil")
_TENS = _words("twenty thirty forty fourty fifty sixty seventy eighty ninety")
_LARGE = _TENS | _words(
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen hundred thousand million billion"
)
_NUMBERS = _SMALL | _LARGE
_JOINERS = _words("point and oh o double triple dash slash over")  # inside a spoken number
_ORDINALS = _words(
    """
    eighteenth eighth eleventh fifteenth fifth first fourteenth fourth nineteenth ninth second seventeenth seventh
    sixteenth sixth tenth third thirteenth thirtieth thirty-first twelfth twentieth twenty-eighth twenty-fifth
    twenty-first twenty-fourth twenty-ninth twenty-second twenty-seventh twenty-sixth twenty-third
    """
)
_MEASURES = _words(
    """
    age aged bed bilirubin bmi bp calcium cholesterol count counts creatinine crp dose egfr extension ferritin flat
    glucose haemoglobin hb height hemoglobin inr level levels magnesium neutrophil neutrophils neuts number
    oxygen platelet platelets plts potassium psa pulse reading sats saturation score sodium sugar temp temperature ward
    weigh weighs weight
    """
)
_UNITS = _words(
    """
    % celsius degree degrees fahrenheit grams kg kilo kilos lbs litres mcg mg milligram milligrams ml o'clock out
    percent pounds stone units
    """
)
_MONTHS = _words("january february april june july august september october november december")
_MONTHS_BESIDE = _words("may march jan feb mar apr jun jul aug sep sept oct nov dec")  # only beside a number

_BUILT_IN = _EVERYDAY | _MEDICAL | _CAPITALISED | _OFFICES | _RELATIONS | _TITLES | _SMALL
_VERB_ENDINGS = ("ing", "ed", "s", "ly", "n't")

# Characters. `_EDGE` may stand around a word; '@' and '_' may not: they make it a handle.
_EDGE = "\"'`´‘’‚“”„«»‹›()[]{}<>.,;:!?¡¿…·•*~^|/\\+=-‐‑‒–—―&#%$£€§°"
_AT = "@＠﹫"
_CHUNK = re.compile(r"\S+")
_SPLIT = re.compile(r"([^\w'’ʼ`´‐‑-]+)")
_ADDRESS = re.compile(
    r"://|^(?:www\.|mailto:|tel:|sms:|skype:)|\.(?:com|org|net|edu|gov|info|nhs|uk|ie|us|ca|au|nz|za|in|eu|de|fr|es|it|nl"
    r"|pl|ch|at|se|co|io|me|app|link|online|site|health)(?:[/:?#.]|$)",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[.!?…\n\r;•|]")
_JOINED = re.compile(r"[ \t'’.‐‑–-]*")  # between two parts of one name
_MERGE = re.compile(re.escape(MASK) + r"(?:[\s.+/,–-]*" + re.escape(MASK) + r")+")
# For comparing words only: one apostrophe, one hyphen, nothing invisible inside a word.
_PLAIN = str.maketrans("’ʼ`´‐‑", "''''--", "\u200b\u200c\u200d\ufeff\u00ad")


def mask(text: str, known_words: Iterable[str] = frozenset()) -> str:
    """The text with everything that may identify somebody replaced by `[…]`.

    Args: `text`, of any length (time grows in proportion: 10,000 characters take 10 to 25 ms); `known_words`, words in
    small letters that are nobody's name and may stay, such as those of the knowledge files. A general vocabulary does
    not serve well here: it holds places and surnames.
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


def _once(text: str, known: Set[str]) -> str:
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
            if core and (_is_letters(core) or _is_code(core)):
                add(core)
            else:
                for k, part in enumerate(_SPLIT.split(core)):
                    bare = part.strip("'’ʼ`´‐‑-") if k % 2 == 0 else ""
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


def _is_letters(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _is_code(word: str) -> bool:
    """True for what is masked as it stands: a mask, or a word with a digit of any script, an address, a handle."""
    if word == MASK or any(c == "_" or c in _AT or c.isnumeric() for c in word):
        return True
    return ("." in word or ":" in word) and _ADDRESS.search(word) is not None


class _Message:
    """The words of one message as the rules see them: keys (small letters), what is masked, where sentences start."""

    def __init__(self, words: list[str], gaps: list[str], known: Set[str]) -> None:
        self.words, self.gaps, self.known, self.n = words, gaps, known, len(words)
        self.masked: list[bool] = []
        self.keys: list[str] = []
        self.capital: list[bool] = []
        self.safe: list[bool] = []  # an everyday or medical word of the built-in lists
        self.named: list[bool] = []  # on the list of names
        seen: dict[str, tuple[str, bool, bool, bool, bool]] = {}
        lower = upper = capitals = 0
        for word in words:
            facts = seen.get(word)
            if facts is None:
                facts = seen[word] = _facts(word)
            key, capital, safe, named, code = facts
            self.keys.append(key)
            self.capital.append(capital)
            self.safe.append(safe)
            self.named.append(named)
            self.masked.append(code)
            if not code and len(word) > 1:
                capitals += capital
                upper += word.isupper()
                lower += not word.isupper()
        # Where all is written large, a capital says nothing.
        self.shouting = upper >= 3 and upper > 3 * lower
        self.titled = not self.shouting and capitals >= 5 and capitals > 0.7 * (upper + lower)
        self.starts = [self._starts(i) for i in range(self.n)]

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
        """A word that may stay: built-in, or known to the caller; and no listed name."""
        key = self.keys[i]
        return self.safe[i] or (not self.named[i] and (key in self.known or key.removesuffix("'s") in self.known))

    def stranger(self, i: int) -> bool:
        return not self.spared(i)

    def surname(self, i: int) -> bool:
        """A name that is also a word, where it must be the name: with a capital, or hardly ever used as a word."""
        return self.keys[i] in _SURNAMES or (self.capital[i] and self.keys[i] in _ALSO_WORDS)

    def together(self, i: int) -> bool:
        """True when word i may be the next part of the name that word i - 1 belongs to."""
        return 0 < i < self.n and not self.starts[i] and _JOINED.fullmatch(self.gaps[i]) is not None

    def name_at(self, i: int, is_name: Callable[[int], bool]) -> None:
        """Mask a name that starts at word i, if `is_name(i)`, with up to two more words that belong to it."""
        if i >= self.n or self.masked[i] or not is_name(i):
            return
        self.masked[i] = True
        for j in (i + 1, i + 2):
            if not self.together(j) or self.masked[j] or (self.safe[j] and not self.surname(j)):
                return
            self.masked[j] = True


def _facts(word: str) -> tuple[str, bool, bool, bool, bool]:
    """(key, starts with a capital, is on the built-in lists, is a listed name, is masked as it stands)."""
    if _is_letters(word):
        key = word.lower()
    elif _is_code(word):
        return MASK, False, False, False, True
    else:
        key = word.translate(_PLAIN).lower()
    return key, word[0].isupper(), _is_safe(key), _is_named(key), False


def _is_safe(key: str) -> bool:
    """On the built-in lists, also as a plural, a possessive, a verb form or a compound of listed words."""
    key = key.removesuffix("'s") if key not in _BUILT_IN else key
    if key in _BUILT_IN:
        return True
    if "-" in key or "'" in key:
        return all(part in _BUILT_IN for part in re.split("[-']", key) if len(part) > 1)
    if key in _NAMES or key in _ALSO_WORDS:
        return False
    for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "y"):
        stem = key[: -len(ending)]
        if key.endswith(ending) and len(stem) > 2 and not _BUILT_IN.isdisjoint((stem, stem + "e", stem[:-1])):
            return True
    return False


def _is_named(key: str) -> bool:
    if key in _NAMES or key.removesuffix("'s") in _NAMES:
        return True
    if "-" in key or "'" in key:
        return any(part in _NAMES for part in re.split("[-']", key))
    return key.endswith("s") and key[:-1] in _NAMES and key not in _BUILT_IN  # "margarets"


# The rules. Each looks once at each word and at a few neighbours.


def _addresses(m: _Message) -> None:
    """What stands around a lone '@', and spelled addresses ("margaret at example dot com")."""
    for i, word in enumerate(m.words):
        if not m.masked[i] and m.keys[i] == "dot" and 0 < i < m.n - 1:
            m.masked[i - 1] = m.masked[i] = m.masked[i + 1] = True
        elif m.keys[i] == "at" and 0 < i < m.n - 1:
            if m.keys[min(i + 2, m.n - 1)] == "dot" or _ADDRESS.search(m.words[i + 1]):
                m.masked[i - 1] = True
        elif m.masked[i] and word[0] in _AT and i and (len(word) == 1 or "." in word):
            m.masked[i - 1] = True
        if m.masked[i] and word[-1] in _AT and i + 1 < m.n:
            m.masked[i + 1] = True


def _numbers(m: _Message) -> None:
    """Numbers in words: always from eleven up and in a row; a small one only beside a measure or a unit."""
    i, measured = 0, -9
    while i < m.n:
        key = m.keys[i]
        if key in _MEASURES:
            measured = i
        end, count, large = _number_at(m, i) if key in _NUMBERS or "-" in key else (i, 0, False)
        if end == i:
            i += 1
            continue
        out_of = (m.key(i - 2), m.key(i - 1)) == ("out", "of")
        if count > 1 or large or out_of or m.key(end) in _UNITS or i - measured <= 5:
            m.masked[i:end] = [True] * (end - i)
        i = end


def _number_at(m: _Message, i: int) -> tuple[int, int, bool]:
    """The number in words that starts at word i: (the word after it, how many number words, one of them large).

    The first is i when there is none. "and" goes on only after a large one: "two and three" are two numbers.
    """
    end, count, large = i, 0, False
    while end < m.n and not m.masked[end] and (end == i or not m.starts[end]):
        parts = m.keys[end].split("-")
        numbers = sum(part in _NUMBERS for part in parts)
        if not numbers:
            follows = m.key(end + 1).split("-")[0] in _NUMBERS or m.key(end + 1) in ("point", "oh", "double")
            if end == i or parts[0] not in _JOINERS or not follows or (parts[0] == "and" and not large):
                break
        count += numbers
        large = large or any(part in _LARGE for part in parts)
        end += 1
    return end, count, large


def _dates(m: _Message) -> None:
    """Months, with the day or year in words beside them."""

    def dated(i: int) -> bool:
        return m.key(i) == MASK or m.key(i) in _ORDINALS

    for i, key in enumerate(m.keys):
        beside = key in _MONTHS_BESIDE and any(
            dated(i + step) or (m.key(i + step) in ("of", "the") and dated(i + 2 * step)) for step in (-1, 1)
        )
        if beside or key in _MONTHS:
            m.masked[i] = True
            for j in (i - 2, i - 1, i + 1, i + 2):
                if m.key(j) in _ORDINALS or m.key(j) in _NUMBERS:
                    m.masked[j] = True


def _listed_names(m: _Message) -> None:
    """Common names, wherever they stand, with an unknown word just before or after."""
    for i in range(m.n):
        if m.named[i]:
            m.masked[i] = True
            if m.together(i) and m.stranger(i - 1):
                m.masked[i - 1] = True
            if m.together(i + 1) and m.stranger(i + 1):
                verb = not m.capital[i + 1] and m.keys[i + 1].endswith(_VERB_ENDINGS)
                m.masked[i + 1] = m.masked[i + 1] or not verb


def _cues(m: _Message) -> None:
    """Names after the words that announce them."""

    def any_name(i: int) -> bool:
        return m.keys[i] not in _NO_NAME

    def after_title(i: int) -> bool:
        return any_name(i) and (m.capital[i] or m.keys[i] in _SURNAMES or m.stranger(i))

    def after_i_am(i: int) -> bool:
        """No usual continuation of "I'm". "i'm will" is a name where the sentence ends with it."""
        if m.surname(i) or (m.keys[i] in _ALSO_WORDS and (i + 1 == m.n or m.gaps[i + 1] != " ")):
            return True
        doing = not m.capital[i] and len(m.keys[i]) > 5 and m.keys[i].endswith("ing")
        return m.stranger(i) and (m.named[i] or not doing)

    def after_relation(i: int) -> bool:
        if m.surname(i):
            return True
        does = not (m.capital[i] and not m.shouting) and m.keys[i].endswith(_VERB_ENDINGS)
        return m.stranger(i) and (m.named[i] or not does)

    for i in range(m.n):
        if m.keys[i] not in _CUES and not m.starts[i]:
            continue
        key, before, after = m.key(i), m.key(i - 1), m.key(i + 1)
        if key in _I_AM or (before, key) in (("i", "am"), ("this", "is"), ("this", "was")):
            m.name_at(i + 1, after_i_am)
        elif key in _NAME:
            said = after in ("is", "was", "s")
            colon = i + 1 < m.n and re.search("[:=]", m.gaps[i + 1])
            if said or colon or key == "name's" or before in ("my", "his", "her"):
                m.name_at(i + 2 if said else i + 1, any_name)
        elif key == "me" and before in ("call", "called"):
            m.name_at(i + 1, any_name)
        elif key in ("called", "named"):
            m.name_at(i + 1, m.stranger)
        elif key in _TITLES:
            m.name_at(i + 1, after_title)
        elif key in _GREETINGS or key in _IT_IS or m.starts[i]:
            _introduced(m, i)
        if key in _OFFICES or (key in _RELATIONS and before in _POSSESSIVES):
            m.name_at(i + 1, after_relation)
        if key in _SIGN_OFFS and before not in ("with", "as", "in"):
            _signature(m, i + 1, 3)
        elif (key in _WARM_SIGN_OFFS or (before, key) == ("thank", "you")) and i + 3 >= m.n:
            _signature(m, i + 1, 2)


def _introduced(m: _Message, i: int) -> None:
    """"it's dave here", "hello dave here", "hi dave,": a stranger before "here", or alone after a greeting."""
    greeting = m.keys[i] in _GREETINGS
    first = i + 1 if greeting or m.keys[i] in _IT_IS else i
    if m.keys[i] == "it":
        first += m.key(i + 1) == "is"
    here = any(m.key(last + 1) in _HERE and not m.starts[last + 1] for last in (first, first + 1))
    if here or (greeting and first < m.n and (first + 1 == m.n or m.gaps[first + 1].strip())):
        m.name_at(first, m.stranger)


def _signature(m: _Message, i: int, most: int) -> None:
    for j in range(i, min(i + most, m.n)):
        if m.safe[j] and m.keys[j] not in _ALSO_WORDS:
            return
        m.masked[j] = True


def _capitals(m: _Message) -> None:
    """A capital in mid-sentence, and a run of capitals anywhere, on words that are not known."""
    for i in range(m.n):
        if m.masked[i] or not (m.capital[i] or m.shouting):
            continue
        odd = m.stranger(i) or (m.keys[i] in _ALSO_WORDS and not m.titled and not m.shouting)
        if odd and m.starts[i] and not m.shouting:
            odd = any(
                0 <= j < m.n and m.capital[j] and (m.masked[j] or m.stranger(j)) and not m.gaps[gap].strip(" \t\r\n.'’-")
                for j, gap in ((i + 1, i + 1), (i - 1, i))
            )
        # "AB 12 34 56 C": letters of a number on a card.
        card = len(m.words[i]) < 4 and m.words[i].isupper() and m.stranger(i) and MASK in (m.key(i - 1), m.key(i + 1))
        m.masked[i] = bool(odd or card)


def _roads(m: _Message) -> None:
    """"[…] acacia avenue": what stands between a house number and the kind of road."""
    for i, key in enumerate(m.keys):
        for j in (i - 2, i - 3) if key in _ROADS else ():
            if m.key(j) == MASK and not any(m.starts[j + 1 : i + 1]):
                m.masked[j + 1 : i + 1] = [True] * (i - j)
                break


_RULES = (_addresses, _numbers, _dates, _cues, _listed_names, _capitals, _roads)
