"""The pages without JavaScript: structure, escaping, what a card may show, contrast, wording (askfirst/pages)."""

from __future__ import annotations

import importlib.util
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.content.reply import Reply
from askfirst.pages import render
from askfirst.pages.render import ChatView, Turn, chat_page, css, demo_page, message_page

ROOT = Path(__file__).resolve().parent.parent
_spec = importlib.util.spec_from_file_location("sample_pages", ROOT / "scripts" / "sample_pages.py")
sample = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sample)
PAGES = sample.pages()
CHATS = [name for name in PAGES if not name.startswith(("demo", "message"))]

VOID = {"meta", "link", "input", "br", "img", "hr"}
BLOCK = {"p", "div", "ul", "ol", "li", "section", "article", "details", "blockquote", "form", "h1", "h2", "h3", "h4"}
PHRASING_ONLY = {"p", "h1", "h2", "h3", "h4", "label", "summary", "button", "a", "span"}
CONTRAST_TEXT = 7.0  # AAA; what must only be seen, such as an edge, needs 3.0
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "p",
    "a",
    "header",
    "div",
    "section",
    "main",
    "footer",
    "svg",
    "circle",
    "path",
    "rect",
    "strong",
    "span",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "article",
    "details",
    "summary",
    "blockquote",
    "form",
    "input",
    "button",
    "label",
    "textarea",
}


class Page(HTMLParser):
    """A page as a flat list of nodes, which fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[dict] = []
        self.open: list[dict] = []
        self.problems: list[str] = []
        self.feed(html)
        self.close()
        self.problems += [f"<{node['tag']}> is never closed" for node in self.open]

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.problems.append(f"<{tag}> repeats an attribute")
        outer = [node["tag"] for node in self.open]
        if tag in BLOCK and PHRASING_ONLY & set(outer):
            self.problems.append(f"<{tag}> inside {outer}")
        node = {"tag": tag, "attrs": dict(attrs), "text": "", "up": list(self.open)}
        self.nodes.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1]["tag"] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1]['tag'] if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data):
        for node in self.open:
            node["text"] += data

    def all(self, tag: str = "", **attrs: str) -> list[dict]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attrs.items()}
        return [
            node
            for node in self.nodes
            if tag in ("", node["tag"])
            and all(
                value in (node["attrs"].get(key) or "").split() if key == "class" else node["attrs"].get(key) == value
                for key, value in wanted.items()
            )
        ]

    def one(self, tag: str = "", **attrs: str) -> dict:
        found = self.all(tag, **attrs)
        assert len(found) == 1, (tag, attrs, len(found))
        return found[0]

    def inside(self, outer: dict, tag: str = "", **attrs: str) -> list[dict]:
        return [node for node in self.all(tag, **attrs) if outer in node["up"]]

    def shape(self) -> list[str]:
        return [node["tag"] for node in self.nodes]


def squeeze(text: str) -> str:
    return " ".join(text.split())


def a_chat(*turns: Turn, **more) -> Page:
    return Page(chat_page(ChatView(more.pop("clinic", sample.CLINIC), turns, "tok", "non", **more)))


def said(reply: Reply | dict) -> Turn:
    return Turn("assistant", reply=reply if isinstance(reply, dict) else reply.as_dict())


def last_card(page: Page) -> dict:
    return page.all("article")[-1]


# Structure, on every sample page


@pytest.mark.parametrize("name", PAGES)
def test_page_is_well_formed(name):
    html = PAGES[name]
    page = Page(html)
    assert html.startswith("<!doctype html>")
    assert page.problems == []
    assert set(page.shape()) <= TAGS
    assert page.one("html")["attrs"]["lang"] in ("en-GB", "en-US")
    assert squeeze(page.one("title")["text"])
    assert len(page.all("main")) == len(page.all("h1")) == 1


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_references_point_somewhere(name):
    page = Page(PAGES[name])
    ids = [node["attrs"]["id"] for node in page.nodes if "id" in node["attrs"]]
    assert len(ids) == len(set(ids))
    for node in page.nodes:
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert set((node["attrs"].get(key) or "").split()) <= set(ids), (name, node["attrs"])
        href = node["attrs"].get("href") or ""
        assert not href.startswith("#") or href[1:] in ids, (name, href)


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_level_at_a_time(name):
    levels = [int(node["tag"][1]) for node in Page(PAGES[name]).nodes if re.fullmatch("h[1-6]", node["tag"])]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_the_content_security_policy_refuses(name):
    page = Page(PAGES[name])
    for node in page.nodes:
        assert node["tag"] not in ("script", "style", "iframe", "img", "base", "object", "embed")
        assert "style" not in node["attrs"] and not [key for key in node["attrs"] if key.startswith("on")]
        assert "formaction" not in node["attrs"]
    assert [node["attrs"]["href"] for node in page.all("link")] == ["/static/askfirst.css"]
    assert not re.search(rb"@import|url\(|@font-face", css())


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name_and_every_link_goes_somewhere_allowed(name):
    page = Page(PAGES[name])
    for node in page.all("button") + page.all("a") + page.all("summary"):
        assert squeeze(node["text"]), node
    for node in page.all("a"):
        assert re.match(r"(/|#|https?://|(tel|sms):\+?[0-9*%]+$)", node["attrs"]["href"]), node["attrs"]
        if node["attrs"]["href"].startswith("http"):
            assert node["attrs"]["rel"] == "noopener noreferrer"
    for field in page.all("textarea"):
        labels = page.all("label", for_=field["attrs"]["id"])
        assert len(labels) == 1 and squeeze(labels[0]["text"])
    for mark in page.all("svg"):
        assert mark["attrs"]["aria-hidden"] == "true" and mark["attrs"]["focusable"] == "false"


@pytest.mark.parametrize("name", PAGES)
def test_the_emergency_line_and_the_clinic_phone_are_on_every_page(name):
    page = Page(PAGES[name])
    bar = page.one("section", class_="bar")
    assert page.nodes.index(bar) < page.nodes.index(page.one("header"))
    if name == "no-numbers.html":
        assert "Emergency: call your local emergency number" in bar["text"] and not page.inside(bar, "a")
        assert "Call your clinic" in bar["text"]
        return
    emergency, clinic = page.inside(bar, "a")
    assert squeeze(emergency["text"]) == "Emergency: call 999 or 112" and emergency["attrs"]["href"] == "tel:999"
    assert squeeze(clinic["text"]) == "Clinic: 01632 960 120" and clinic["attrs"]["href"] == "tel:01632960120"
    assert "Monday to Thursday, 9:00 to 17:00" in bar["text"]


@pytest.mark.parametrize("name", PAGES)
def test_the_skip_link_is_first_and_reaches_the_main_part(name):
    page = Page(PAGES[name])
    assert page.all("a")[0]["attrs"]["href"] == "#main" and page.one(id="main")["attrs"]["tabindex"] == "-1"


# The chat page


def test_before_the_first_message_the_page_says_what_it_is():
    page = Page(PAGES["start.html"])
    text = squeeze(page.one("main")["text"])
    for words in (
        "AskFirst is a chatbot. It is not a doctor or a nurse.",
        "general information",
        "does not see your records",
        "Please do not write names or numbers",
        "We hide the names and numbers",
        "Messages are deleted after a day.",
        "These answers have not yet been reviewed by a clinician.",
    ):
        assert words in text
    assert squeeze(page.one("p", class_="purpose")["text"]) == (
        "AskFirst: general information about massage during medical treatment"
    )
    buttons = [node["attrs"]["value"] for node in page.all("button", name="text")]
    assert buttons == list(sample.SUGGESTIONS)
    assert not page.all(id="latest")


def test_suggestions_go_away_with_the_first_turn_and_choices_need_one():
    page = a_chat(said(sample.SMALLTALK), suggestions=("A?",), choices=(("k", "B"),))
    assert not page.all("button", name="text") and len(page.all("button", name="choice")) == 1
    page = a_chat(suggestions=("A?",), choices=(("k", "B"),))
    assert page.all("button", name="text") and not page.all("button", name="choice")


def test_the_form():
    page = a_chat(*sample.ask("q", sample.LIMITS), choices=sample.CHOICES, base_path="/massage/")
    field = page.one("textarea")
    form = next(node for node in reversed(field["up"]) if node["tag"] == "form")
    assert (form["attrs"]["method"], form["attrs"]["action"]) == ("post", "/massage/chat#latest")
    hidden = {node["attrs"]["name"]: node["attrs"]["value"] for node in page.inside(form, "input", type="hidden")}
    assert hidden == {"token": "tok", "nonce": "non"}
    assert field["attrs"]["name"] == "text" and field["attrs"]["maxlength"] == "2000"
    assert "2,000" in page.one(id=field["attrs"]["aria-describedby"])["text"]
    choices = [(node["attrs"]["value"], squeeze(node["text"])) for node in page.inside(form, "button", name="choice")]
    assert choices == list(sample.CHOICES)
    assert squeeze(page.inside(form, "button")[-1]["text"]) == "Send"
    small = page.one("form", class_="tidy")
    assert [node["attrs"]["value"] for node in page.inside(small, "button", name="do")] == ["restart", "erase"]
    assert page.one("link")["attrs"]["href"] == "/massage/static/askfirst.css"


@pytest.mark.parametrize("name", CHATS)
def test_every_form_carries_token_and_nonce_and_posts_to_the_chat(name):
    page = Page(PAGES[name])
    for form in page.all("form"):
        assert form["attrs"]["method"] == "post" and form["attrs"]["action"].split("#")[0] == "/chat"
        assert [node["attrs"]["name"] for node in page.inside(form, "input")] == ["token", "nonce"]


def test_the_transcript_is_an_ordered_list_oldest_first_with_who_said_it():
    page = Page(PAGES["whole.html"])
    talk = page.one("ol", class_="turns")
    who = [squeeze(node["text"]) for node in page.inside(talk, "h3")]
    assert who[:4] == ["You", "AskFirst", "You", "AskFirst"]
    latest = page.one(id="latest")
    assert latest["tag"] == "li" and latest["attrs"]["tabindex"] == "-1"
    assert page.inside(talk, "article")[-1] in page.inside(latest, "article")


def test_latest_is_the_first_of_several_new_replies():
    page = a_chat(*sample.ask("one", sample.NO), *sample.ask("two", sample.BOUNDARY, sample.HANDOFF))
    assert "I cannot judge blood results" in page.one(id="latest")["text"]


def test_error_is_announced_tied_to_the_field_and_keeps_the_draft():
    page = Page(PAGES["error.html"])
    box = page.one(role="alert")
    assert box["attrs"]["id"] == "latest", "the answer to a form that posts to #latest must land on the error"
    assert "We are busy just now" in box["text"] and page.one("title")["text"].startswith("Error: ")
    assert page.nodes.index(box) < page.nodes.index(page.one("h1"))
    field = page.one("textarea")
    assert "text-error" in field["attrs"]["aria-describedby"].split()
    assert "We are busy just now" in page.one(id="text-error")["text"]
    assert "Can I have a head massage?\nI had my last chemo" in field["text"]


def test_a_draft_keeps_its_first_empty_line():
    assert "\n\nhello</textarea>" in chat_page(ChatView(sample.CLINIC, (), "t", "n", draft="\nhello"))


def test_an_ended_conversation_only_offers_a_new_one():
    page = Page(PAGES["ended.html"])
    assert not page.all("textarea") and not page.all(class_="welcome")
    assert page.one("button")["attrs"]["value"] == "restart"


# Cards


def test_answer_card():
    page = a_chat(*sample.ask("q", sample.LIMITS))
    card = last_card(page)
    text = squeeze(card["text"])
    order = [
        "Low platelets mean",
        "Do not have firm massage anywhere",
        "Ask your team first",
        sample.LIMITS.reminder,
        "Take this question along:",
        sample.LIMITS.team_question,
        "Where this comes from",
        "This answer has not yet been reviewed by a clinician.",
        "Version 2025.03.1",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count(sample.LIMITS.reminder) == 1
    assert sample.LIMITS.reminder in page.inside(card, "div", class_="ask")[0]["text"]
    details = page.inside(card, "details")[0]
    assert "Example Cancer Support, 2023" in squeeze(details["text"]) and "no year given" in details["text"]
    links = [node["attrs"]["href"] for node in page.inside(details, "a")]
    assert links == [source.url for source in sample.SOURCES[:2]], "javascript: must be words, not a link"


def test_a_reviewed_answer_says_by_whom_and_when_in_the_clinics_way_of_dates():
    turns = sample.ask("q", sample.NO)
    assert "Checked by Sister J. Okafor, lead nurse on 4 March 2025." in squeeze(last_card(a_chat(*turns))["text"])
    page = a_chat(*turns, clinic=sample.CLINIC | {"spelling": "en-US"})
    assert "on March 4, 2025." in squeeze(last_card(page)["text"]) and page.one("html")["attrs"]["lang"] == "en-US"
    assert "not yet been reviewed" not in page.one("main")["text"]


@pytest.mark.parametrize(
    "half", [{}, {"reviewed_by": "A"}, {"reviewed_on": "2025-01-01"}, {"reviewed_by": "A", "reviewed_on": "soon"}]
)
def test_half_a_review_is_none(half):
    page = a_chat(said(sample.NO.as_dict() | {"reviewed": half}))
    assert "This answer has not yet been reviewed by a clinician." in last_card(page)["text"]


def test_a_health_answer_without_its_ask_is_not_shown():
    page = a_chat(said(sample.NO.as_dict() | {"reminder": " "}))
    text = last_card(page)["text"]
    assert "HIT" not in text and "cannot be shown" in text and page.inside(last_card(page), "a", href="tel:01632960120")


@pytest.mark.parametrize(
    ("reply", "soon"),
    [(sample.URGENT, "Emergency"), (sample.URGENT_2, "Urgent: call now"), (sample.URGENT_3, "Get help today")],
)
def test_urgent_card(reply, soon):
    stored = reply.as_dict() | {
        "reminder": "REMIND",
        "team_question": "TAKE",
        "sources": sample.NO.as_dict()["sources"],
    }
    page = a_chat(said(stored))
    card = last_card(page)
    text = squeeze(card["text"])
    first = reply.text.split(" now.")[0] if reply.tier < 3 else "Call your nurse or team today."
    heading = page.inside(card, "h4")[0]
    assert squeeze(heading["text"]).startswith(first) and squeeze(heading["text"]).count(". ") == 0
    assert text.startswith(f"AskFirst {soon} {first}")
    assert text.count("I cannot check symptoms.") == 1
    assert [node["attrs"]["href"] for node in page.inside(card, "a")] == [link["href"] for link in reply.phone_links]
    for word in ("REMIND", "TAKE", "Ask your team first", "Where this comes from", "reviewed"):
        assert word not in text
    assert ("Relay UK" in text) == (reply.tier == 1)


def test_urgent_card_never_loses_the_action():
    bare = a_chat(said({"kind": "urgent", "text": ""}))
    assert squeeze(bare.all("h4")[0]["text"]) == "Call 999 or 112 now."
    assert bare.inside(last_card(bare), "a", href="tel:999")
    bad = sample.URGENT.as_dict() | {"phone_links": [{"label": "Call 999", "href": "javascript:alert(1)"}]}
    page = a_chat(said(bad))
    assert "Call 999" in page.inside(last_card(page), "strong")[0]["text"]


@pytest.mark.parametrize("reply", [sample.BOUNDARY, sample.FALLBACK, sample.SMALLTALK, sample.CLARIFY])
def test_plain_cards_are_plain(reply):
    page = a_chat(said(reply))
    card = last_card(page)
    assert "turn-plain" in page.one(id="latest")["attrs"]["class"]
    assert not page.inside(card, "div", class_="ask") and not page.inside(card, "details")


def test_handoff_shows_phone_and_hours():
    page = a_chat(said(sample.HANDOFF))
    assert page.inside(last_card(page), "a", href="tel:01632960120")
    assert "Friday, 9:00 to 16:00" in last_card(page)["text"]


def test_old_choices_are_words():
    page = a_chat(*sample.ask("q", sample.CLARIFY), *sample.ask("r", sample.BOUNDARY))
    assert "Massage after surgery" in page.all("article")[1]["text"] and not page.all("button", name="choice")
    page = a_chat(*sample.ask("q", sample.CLARIFY))
    assert "Massage after surgery" not in last_card(page)["text"], "the last reply's choices are buttons"


def test_text_of_users_sets_its_own_direction():
    page = a_chat(*sample.ask(sample.ARABIC, sample.BOUNDARY))
    assert page.inside(page.all("article")[0], "p", dir="auto")[0]["text"] == sample.ARABIC


def test_review_note_in_each_mode():
    for mode, shown in (("demo", True), ("pilot", True), ("production", False)):
        page = a_chat(clinic=sample.CLINIC | {"mode": mode})
        assert ("not yet been reviewed" in page.one("main")["text"]) == shown
        assert bool(page.all("p", class_="strip")) == shown


def test_an_answer_in_another_language_says_so_and_its_label_does_not():
    page = a_chat(said(replace(sample.BOUNDARY, lang="cy")))
    assert last_card(page)["attrs"]["lang"] == "cy"
    assert page.inside(last_card(page), "h3")[0]["attrs"]["lang"] == "en-GB"


# The other pages


def test_demo_page():
    page = Page(demo_page(sample.CLINIC, base_path="/x"))
    assert squeeze(page.one("p", class_="strip")["text"]) == "Demo: Riverbank Cancer Care Centre, not a real clinic"
    panel = page.one("section", class_="panel")
    assert "Questions about massage during treatment?" in panel["text"]
    assert page.inside(panel, "a")[0]["attrs"]["href"] == "/x/chat"
    assert "In an emergency, call 999 or 112" in page.one("main")["text"]


def test_demo_page_when_the_chatbot_is_closed():
    page = Page(demo_page(sample.CLINIC, closed_reason="We <are> checking."))
    panel = page.one("section", class_="panel")
    assert "We <are> checking." in panel["text"] and page.inside(panel, "a")[0]["attrs"]["href"] == "tel:01632960120"
    assert not page.all("a", href="/chat")


def test_message_page():
    page = Page(message_page("Not <found>", "One.\nTwo.", sample.CLINIC, base_path="a/b", status_hint="Error 404"))
    assert page.one("h1")["text"] == "Not <found>"
    assert [squeeze(node["text"]) for node in page.inside(page.one("main"), "p")][:2] == ["One.", "Two."]
    assert "Error 404" in page.one("main")["text"] and page.all("a", href="/a/b/chat")


def test_sample_pages_are_written(tmp_path):
    sample.main(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(PAGES) | {"askfirst.css"}


# Escaping


NASTY = [
    sample.HTML,
    "</textarea><script>x</script>",
    '"><svg onload=x>',
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;",
    "\x00\x08\ud800 x",
    "a\r\nb",
    "<!--",
    "]]>",
]


def page_full_of(text: str, choice: str | None = None) -> str:
    """The text in every place of the chat page that somebody else fills."""
    reply = sample.LIMITS.as_dict() | {
        "text": text,
        "reminder": text,
        "team_question": text,
        "content_version": text,
        "reviewed": {"reviewed_by": text, "reviewed_on": "2025-03-04"},
        "lang": "en",
        "sources": [{"key": "k", "title": text, "publisher": text, "year": 2020, "url": text}],
        "phone_links": [{"label": text, "href": text}],
    }
    clarify = sample.CLARIFY.as_dict() | {"buttons": [{"title": text, "choice": "c"}]}
    clinic = sample.CLINIC | {"name": text, "phone": text, "privacy_contact": text, "emergency_number": text}
    return chat_page(
        ChatView(
            clinic,
            (Turn("patient", text), said(clarify), Turn("patient", text), Turn("assistant", text), said(reply)),
            text,
            text,
            choices=((text, text),),
            error=text,
            draft=text,
        )
    )


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_stays_text(text):
    html = page_full_of(f"a {text} b")
    html.encode("utf-8")
    page = Page(html)
    assert page.problems == [] and set(page.shape()) <= TAGS
    assert not [key for node in page.nodes for key in node["attrs"] if key.startswith("on") or key == "style"]
    assert "49" not in page.all("article")[0]["text"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&\"'/={}%-! \\`")), max_size=60))
def test_any_text_keeps_the_shape_of_the_page_and_can_be_read_back(text):
    text = "a " + re.sub(r"[\r\n(]", " ", text) + " b"
    html = page_full_of(text)
    html.encode("utf-8")
    page = Page(html)
    assert page.problems == []
    assert page.shape() == Page(page_full_of("a plain b")).shape()
    clean = squeeze(render._UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text))
    assert squeeze(page.all("article")[0]["text"]) == squeeze(f"You {clean}")
    assert squeeze(page.one("textarea")["text"]) == clean
    assert squeeze(page.one("button", name="choice")["attrs"]["value"]) == clean


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40))
def test_any_urgent_text_is_kept_whole(text, label):
    page = a_chat(
        said(
            sample.URGENT.as_dict()
            | {"text": f"Call 999 now. {text}", "phone_links": [{"label": f"x{label}", "href": "tel:999"}]}
        )
    )
    assert page.problems == [] and squeeze(page.all("h4")[0]["text"]) == "Call 999 now."
    clean = render._clean(text)
    assert squeeze(clean.replace("\n", " ")) in squeeze(last_card(page)["text"])


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("Call 999 now. Sit down.", "Call 999 now.", "Sit down."),
        (
            "Call the line of St. Mary's on 01632 960 1 now. Wait.",
            "Call the line of St. Mary's on 01632 960 1 now.",
            "Wait.",
        ),
        (
            "Call 999 and say 'severe allergic reaction.' Lie down.",
            "Call 999 and say 'severe allergic reaction.'",
            "Lie down.",
        ),
        (
            "Call your local emergency number (for example 112, 911 or 999) now. Rest.",
            "Call your local emergency number (for example 112, 911 or 999) now.",
            "Rest.",
        ),
        ("Above 38.5 call now!\nThen rest.", "Above 38.5 call now!", "Then rest."),
        ("Call now", "Call now", ""),
        ("", "", ""),
    ],
)
def test_first_sentence(text, first, rest):
    assert render.split_first_sentence(text) == (first, rest)


@pytest.mark.parametrize(
    ("href", "safe"),
    [
        ("tel:999", "tel:999"),
        ("tel:+44 1632 960120", "tel:+441632960120"),
        ("01632 960 120", "tel:01632960120"),
        ("sms:85258", "sms:85258"),
        ("TEL:112", "tel:112"),
        ("javascript:alert(1)", ""),
        ("tel:999;x=<b>", ""),
        ("", ""),
        (None, ""),
        ("https://example.org", ""),
        ("tel:", ""),
    ],
)
def test_phone_links_hold_only_numbers(href, safe):
    assert render.safe_phone(href) == safe


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        " data:text/html,x",
        "//example.org",
        "http://",
        "https://[",
        "java\nscript:x",
        "ftp://a.b",
        "mailto:a@b.c",
        "https:\\\\a",
        None,
        7,
    ],
)
def test_other_addresses_are_no_links(url):
    assert render.safe_url(url) == ""


def test_web_addresses_are_links():
    assert render.safe_url("https://example.org/a?b=c&d") == "https://example.org/a?b=c&d"


# Styles


def palettes() -> dict[str, dict[str, str]]:
    text = css().decode()
    blocks = re.findall(r":root\s*\{(.*?)\}", text, flags=re.S)
    found = [dict(re.findall(r"--([a-z-]+):\s*([^;]+);", block)) for block in blocks]
    light, dark, more = found[0], found[0] | found[1], found[2]

    def with_more(base):
        return base | {key: base[value[6:-1]] for key, value in more.items()}

    return {"light": light, "dark": dark, "light, more": with_more(light), "dark, more": with_more(dark)}


def luminance(colour: str) -> float:
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), colour
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_ON = [
    *[(text, ground) for text in ("ink", "ink-soft", "link") for ground in ("page", "surface")],
    ("ink", "you"),
    ("ink-soft", "you"),
    ("ink", "ask"),
    ("ink-soft", "ask"),
    ("on-brand", "brand"),
    ("brand", "surface"),
    ("on-bar", "bar"),
    ("bar", "on-bar"),
    ("on-urgent", "urgent"),
]
SEEN_ON = [
    ("edge", "surface"),
    ("edge", "page"),
    ("edge", "you"),
    ("ask-edge", "ask"),
    ("brand", "page"),
    ("urgent", "surface"),
    ("urgent", "page"),
    ("focus", "focus-gap"),
    ("focus", "surface"),
    ("focus", "page"),
    ("focus-gap", "bar"),
]


@pytest.mark.parametrize("name", ["light", "dark", "light, more", "dark, more"])
def test_contrast(name):
    colours = palettes()[name]
    for text, ground in TEXT_ON:
        assert contrast(colours[text], colours[ground]) >= CONTRAST_TEXT, (text, ground)
    for mark, ground in SEEN_ON:
        if (mark, ground) == ("focus-gap", "bar") and name.startswith("dark"):
            mark = "focus"  # in the dark the ring itself is the light part
        assert contrast(colours[mark], colours[ground]) >= 3, (mark, ground)


def test_every_colour_of_the_screen_is_a_named_one():
    screen = css().decode().split("@media print")[0]
    rules = re.sub(r":root\s*\{.*?\}", "", screen, flags=re.S)
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.S)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", rules)
    used = set(re.findall(r"var\(--([a-z-]+)\)", rules))
    assert used <= set(palettes()["light"])


def test_style_sheet_keeps_its_promises():
    text = css().decode()
    for needed in (
        "prefers-color-scheme: dark",
        "prefers-contrast: more",
        "forced-colors: active",
        "@media print",
        ":focus-visible",
        "position: sticky",
        "max-height: 30em",
        "overflow-wrap: anywhere",
    ):
        assert needed in text
    assert not re.search(r"\b(transition|animation|scroll-behavior|@keyframes)\b", text), "no motion at all"
    assert text.count("{") == text.count("}") and len(text.splitlines()) < 450
    assert re.search(r"outline: \.2rem solid", text), "3.2 px or more"
    assert not re.search(r"(?<!width: )(?<![\d.])[1-9]\d+px", re.sub(r"/\*.*?\*/", "", text, flags=re.S)), "rem, not px"
    print_rules = text.split("@media print")[1]
    assert re.search(r"\.write[^{]*\{ display: none", print_rules) and ".print-only { display: block" in print_rules
    assert not re.search(r"\.(ask|phones|bar)\b[^{]*\{ display: none", print_rules)


def test_every_class_of_the_pages_has_a_style_or_a_reason():
    text = css().decode()
    used = {
        name
        for html in PAGES.values()
        for node in Page(html).nodes
        for name in (node["attrs"].get("class") or "").split()
    }
    bare = {name for name in used if not re.search(rf"\.{re.escape(name)}\b", text)}
    assert bare <= {"page", "turn-answer", "turn-plain"}, bare


# Words


def own_words() -> str:
    """What the templates themselves say, on the pages that hold no reply."""
    kept = ("start.html", "demo.html", "demo-closed.html", "ended.html", "message.html")
    parts = [Page(PAGES[name]).one("body") for name in kept]
    answer = Page(PAGES["error.html"])
    return "\n".join(node["text"] for node in [*parts, answer.one("body")])


def test_plain_words():
    text = own_words()
    assert not re.search(r"\b\w+n['’]t\b", text), "no negative contractions"
    for banned in ("fine", "safe for you", "great", "guarantee", "perfectly", "worry", "111"):
        assert not re.search(rf"\b{banned}\b", text, flags=re.I), banned
    for sentence in re.split(r"[.!?\n]", text):
        assert len(sentence.split()) <= 22, sentence
    for spelling in (
        "colour",
        "color",
        "centre is",
        "organis",
        "organiz",
        "recogni",
        "programme",
        "personalis",
        "personaliz",
    ):
        source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "askfirst/pages/templates").iterdir())
        assert spelling not in re.sub(r"color-scheme|\{.*?\}", "", source), spelling


def test_templates_escape_everything():
    for path in (ROOT / "askfirst/pages/templates").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", "") and "autoescape" not in text and "Markup" not in text
    assert render.environment().autoescape is True
    with pytest.raises(Exception, match="undefined"):
        render.environment().from_string("{{ nothing }}").render()


def test_tokens_with_odd_characters_come_back_unchanged():
    token = string.punctuation + "é"
    page = Page(chat_page(ChatView(sample.CLINIC, (), token, "n")))
    assert {node["attrs"]["value"] for node in page.all("input", name="token")} == {token}
