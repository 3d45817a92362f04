"""The plain page over HTTP: forms only, no cookie, a signed token, and everything a person needs in view."""

from __future__ import annotations

import html as html_module
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
import requests

from askfirst.channels.base import new_token
from askfirst.channels.page import MESSAGES_A_MINUTE
from askfirst.content.knowledge import TALK_KINDS, load_knowledge
from askfirst.pages.topics import UNLISTED, has_page
from tests.harness import ROOT, Server, conversation

pytestmark = pytest.mark.slow
KNOWLEDGE = load_knowledge(ROOT / "data" / "knowledge", ROOT)
# Staff change the texts, so the tests look for what is there.
PAIN = KNOWLEDGE.entry("pain").facts[0].split(". ")[0]


class _Forms(HTMLParser):
    """Hidden fields and buttons of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "input" and a.get("type") == "hidden":
            self.hidden[a["name"]] = a["value"]
        if tag == "button" and a.get("name"):
            self.buttons.append((a["name"], a.get("value", "")))


class Page:
    """A person on the page, without JavaScript and cookies."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.response = requests.get(server.url + "/chat", timeout=20)
        self.read()

    def read(self) -> None:
        parser = _Forms()
        parser.feed(self.response.text)
        self.forms = parser

    @property
    def text(self) -> str:
        return html_module.unescape(re.sub(r"<[^>]+>", " ", self.response.text))

    def post(self, **fields: str) -> Page:
        self.response = requests.post(self.server.url + "/chat", data={**self.forms.hidden, **fields}, timeout=30)
        if self.response.status_code == 200:
            self.read()
        return self

    def send(self, text: str) -> Page:
        return self.post(text=text)


def test_the_page_says_what_it_is_before_the_first_message(server: Server) -> None:
    page = Page(server)
    text = page.text.lower()
    assert page.response.status_code == 200 and not page.response.cookies
    for words in ("chatbot", "not a doctor or a nurse", "999", "01632 960 120", "not yet been reviewed by a clinician"):
        assert words in text, words
    assert "<script" not in page.response.text.lower()
    policy = page.response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert requests.get(server.url + "/static/askfirst.css", timeout=10).headers["content-type"].startswith("text/css")


def test_the_clinic_page_links_to_the_chat(server: Server) -> None:
    home = requests.get(server.url + "/", timeout=10)
    assert home.status_code == 200 and 'href="/chat"' in home.text and "999" in home.text


def test_a_question_is_answered_with_limits_reminder_sentence_and_sources(server: Server) -> None:
    page = Page(server).send("deep tissue with a PICC, on apixaban, during chemo")
    text = " ".join(page.text.split())
    firm, line = KNOWLEDGE.limit_words["firmness"]["firm"], KNOWLEDGE.limit_words["where"]["line"]
    source = KNOWLEDGE.shown_sources(KNOWLEDGE.entry("blood_thinners").sources)[0]
    for words in (f"No {firm.say} with blood thinners", line.say, "your team", "Ask your team first", "Take this question along", source.publisher, "not yet been reviewed", "How sure is this?"):
        assert words in text, words


def test_the_conversation_is_kept_on_the_server_and_shown_masked(server: Server) -> None:
    page = Page(server).send("My name is Wilhelmina, I have low platelets")
    page.send("what about deep tissue")
    assert "Wilhelmina" not in page.text and "[…]" in page.text
    assert "Because you mentioned low platelets: no deep or firm massage" in page.text


def test_choices_are_buttons(server: Server) -> None:
    page = Page(server).send("can massage help my pain")
    choices = [v for n, v in page.forms.buttons if n == "choice"]
    assert choices
    page.post(choice=choices[0], text="")
    first = KNOWLEDGE.entry(KNOWLEDGE.entry("pain").related[0])
    assert first.facts[0].split(". ")[0] in " ".join(page.text.split())


def test_the_index_of_topics_leads_to_every_page_and_each_says_what_a_conversation_says(server: Server) -> None:
    index = requests.get(server.url + "/topics", timeout=20)
    assert index.status_code == 200 and 'name="robots" content="noindex"' in index.text
    ids = re.findall(r'href="/topic/([^"]+)"', index.text)
    expected = [e.id for e in KNOWLEDGE.entries.values() if (e.is_health or e.kind == "boundary") and e.id not in UNLISTED]
    assert sorted(ids) == sorted(expected)
    for entry_id in ids:
        page = requests.get(f"{server.url}/topic/{entry_id}", timeout=20)
        assert page.status_code == 200 and not page.cookies, entry_id
        assert "default-src 'none'" in page.headers["content-security-policy"]
    said = server.say("can massage help my pain", conversation())[-1]
    text = html_module.unescape(requests.get(f"{server.url}/topic/pain", timeout=20).text)
    assert said["topics"] == ["pain"] and said["text"] in text and said["certainty"] in text


@pytest.mark.parametrize(
    "entry_id", ["no_such_entry", "Pain", "pain.html", "..%2f..%2fetc%2fpasswd", "%00", "<b>", "x" * 5000, *(e.id for e in KNOWLEDGE.entries.values() if e.kind in TALK_KINDS and not has_page(e))]
)
def test_what_is_no_topic_has_no_page(server: Server, entry_id: str) -> None:
    response = requests.get(f"{server.url}/topic/{entry_id}", timeout=20)
    assert response.status_code == 404 and "01632 960 120" in response.text and "<b>" not in response.text
    assert "Traceback" not in response.text


def test_the_same_form_sent_twice_asks_once(server: Server) -> None:
    page = Page(server)
    fields = {**page.forms.hidden, "text": "can massage help my pain"}
    first = requests.post(server.url + "/chat", data=fields, timeout=20)
    second = requests.post(server.url + "/chat", data=fields, timeout=20)
    assert first.text.count(PAIN) == second.text.count(PAIN) == 1


def test_empty_too_long_and_urgent(server: Server) -> None:
    page = Page(server)
    assert "did not see any words" in page.send("   ").text
    page.send("can massage help my pain")
    assert "did not see any words" in page.send("").text and PAIN in page.text, "what was said stays"
    assert "too long" in page.send("I like my garden. " * 600).text
    urgent = page.send("my calf is red and hot and swollen")
    assert 'href="tel:999"' in urgent.response.text and "blood clot" in urgent.text


def test_start_again_and_delete(server: Server) -> None:
    page = Page(server).send("I have lymphoedema")
    old = dict(page.forms.hidden)
    page.post(do="erase")
    assert "deleted" in page.text and "swollen area" not in page.text
    assert page.forms.hidden["token"] != old["token"]
    page.send("can I have a massage")
    assert "lymphoedema" not in page.text.lower()
    restarted = page.post(do="restart")
    assert "Is massage OK for me?" in restarted.text or restarted.forms.hidden["token"]


TOKENS = {
    "missing": "",
    "garbage": "abc",
    "forged": new_token("another secret that is long enough")[1],
    "expired": new_token("another secret that is long enough", now=0)[1],
    "none algorithm": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.",
    "long": "x" * 20000,
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_a_missing_or_forged_token_is_refused(server: Server, token: str) -> None:
    response = requests.post(server.url + "/chat", data={"token": token, "nonce": "n", "text": "I have lymphoedema"}, timeout=20)
    assert response.status_code == 401 and "01632 960 120" in response.text and "lymph" not in response.text


def test_nobody_reads_another_persons_conversation(server: Server) -> None:
    mine = Page(server).send("I have lymphoedema and like marmalade")
    other = Page(server).send("hello")
    assert "marmalade" not in other.text
    token = mine.forms.hidden["token"]
    head, payload, signature = token.split(".")
    altered = f"{head}.{payload[:-2]}AA.{signature}"
    response = requests.post(server.url + "/chat", data={"token": altered, "nonce": "q", "text": "hi"}, timeout=20)
    assert response.status_code == 401
    rest = server.say("can I have a massage", "page:" + conversation())[-1]
    assert "lymphoedema" not in rest["topics"], "REST cannot name a conversation of the page"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_another_content_type_is_refused_with_a_reason(server: Server, kind: str) -> None:
    response = requests.post(server.url + "/chat", data=b"{}", headers={"content-type": kind}, timeout=20)
    assert response.status_code in (400, 415) and "form" in response.text.lower()


def test_one_megabyte_is_refused_and_the_next_message_works(server: Server) -> None:
    page = Page(server)
    fields = dict(page.forms.hidden)
    response = requests.post(server.url + "/chat", data={**fields, "text": "x" * 1_000_000}, timeout=20)
    assert response.status_code == 413 and "01632 960 120" in response.text
    assert PAIN in page.send("can massage help my pain").text


def test_html_in_a_message_is_shown_as_text(server: Server) -> None:
    page = Page(server).send("<img src=x onerror=alert(1)> <script>massage</script> help my pain")
    assert "<img" not in page.response.text and "<script" not in page.response.text


def test_many_messages_at_once_are_slowed_down_but_an_emergency_is_not(server: Server) -> None:
    page = Page(server)
    for _ in range(21):
        page.send("thanks")
    assert "a lot of messages" in page.send("thanks").text
    assert 'href="tel:999"' in page.send("my calf is red and hot and swollen").response.text


def test_a_red_flag_is_answered_when_too_many_messages_were_sent(server: Server) -> None:
    page = Page(server)
    fields = {**page.forms.hidden, "do": "send", "text": "can massage help my pain"}
    with ThreadPoolExecutor(8) as pool:  # one after the other they may take longer than the minute
        list(pool.map(lambda n: requests.post(server.url + "/chat", data={**fields, "nonce": f"n{n}"}, timeout=60), range(MESSAGES_A_MINUTE + 1)))
    page.post(text="can massage help my sleep", do="send")
    assert "wait a minute" in page.text, "the limit was not reached"
    page.post(text="my calf is red and hot and swollen since chemo", do="send")
    assert "blood clot" in page.text.rpartition("red and hot and swollen")[2]
