"""The pages of the topics, /topic/<id> and /topics: each entry as it is answered, with its reminder and its review note."""

from __future__ import annotations

import re
from dataclasses import replace as with_fields
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from askfirst.content.clinic import Clinic, clinic_view
from askfirst.content.knowledge import HEALTH_KINDS, TALK_KINDS, Entry, Knowledge
from askfirst.content.lint import asks, banned_words
from askfirst.content.yaml_file import plain, read_yaml
from askfirst.pages.render import css
from askfirst.pages.topics import UNLISTED, has_page, render_index, render_topic, topic_reply
from tests.test_knowledge import CLINIC, KNOWLEDGE, NOW
from tests.test_pages import Page, squeeze

RED_FLAGS = plain(read_yaml(NOW / "data" / "safety" / "red_flags.yml")[0])
AMERICAN = with_fields(CLINIC, spelling="en-US", region="US")
# A clinic that has filled in nothing but its name.
EMPTY = Clinic("A clinic", "pilot", "", "en-GB", "Europe/London", spellings=CLINIC.spellings)
NOT_REVIEWED = "This answer has not yet been reviewed by a clinician."
HEALTH = [e.id for e in KNOWLEDGE.entries.values() if e.kind in HEALTH_KINDS]
BOUNDARIES = [e.id for e in KNOWLEDGE.entries.values() if e.kind == "boundary"]
URGENT = [e.id for e in KNOWLEDGE.entries.values() if e.red_flag]
TALK = [e.id for e in KNOWLEDGE.entries.values() if e.kind in TALK_KINDS and e.kind != "handoff"]
LISTED = [i for i in (*HEALTH, *BOUNDARIES) if i not in UNLISTED]


def signed(entry: Entry, following: str | None = None, **more: str) -> Entry:
    """The entry as a clinician has signed it."""
    due = following or str(date.today() + timedelta(days=100))
    return with_fields(entry, review={"reviewed_by": "Dr A, lead nurse", "reviewed_on": "2026-03-04", "next_review": due, "of": entry.fingerprint, **more})


def all_signed() -> Knowledge:
    return with_fields(KNOWLEDGE, entries={i: signed(e) if e.is_health else e for i, e in KNOWLEDGE.entries.items()})


@cache
def html_of(entry_id: str, clinic: str = "demo") -> str:
    return render_topic(KNOWLEDGE.entry(entry_id), KNOWLEDGE, {"demo": CLINIC, "American": AMERICAN, "empty": EMPTY}[clinic], RED_FLAGS)


@cache
def page_of(entry_id: str, clinic: str = "demo") -> Page:
    return Page(html_of(entry_id, clinic))


def robots(page: Page) -> list[str]:
    return [node["attrs"]["content"] for node in page.all("meta", name="robots")]


def links(page: Page) -> list[str]:
    return [node["attrs"]["href"] for node in page.all("a")]


def test_there_is_something_to_test() -> None:
    assert len(HEALTH) > 150 and len(BOUNDARIES) > 15 and len(URGENT) >= 5 and TALK


# each page


@pytest.mark.parametrize("entry_id", [*HEALTH, *BOUNDARIES])
def test_every_health_entry_and_every_limit_has_a_page_in_good_order(entry_id: str) -> None:
    entry = KNOWLEDGE.entry(entry_id)
    assert has_page(entry)
    for clinic in ("demo", "empty", "American"):
        page = page_of(entry_id, clinic)
        assert page.problems == []
        title = CLINIC.spellings.american(entry.title) if clinic == "American" else entry.title
        assert squeeze(page.one("h1")["text"]) == title and page.one("title")["text"].startswith(f"{title} - ")
        ids = [node["attrs"]["id"] for node in page.nodes if "id" in node["attrs"]]
        assert len(ids) == len(set(ids))
        levels = [int(node["tag"][1]) for node in page.nodes if re.fullmatch("h[1-6]", node["tag"])]
        assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels)) and levels.count(1) == 1
        assert not {"script", "style", "iframe", "img", "form", "input"} & {node["tag"] for node in page.nodes}
        assert not [name for node in page.nodes for name in node["attrs"] if name == "style" or name.startswith("on")]
        assert "{" not in page.one("body")["text"] and "}" not in page.one("body")["text"], "a slot is not filled"
        for href in links(page):
            assert re.fullmatch(r"#main|/|/chat|/topics|/topic/[a-z0-9_]+|tel:\+?[0-9]+|https?://.+", href), href
            if href.startswith("/topic/"):
                assert has_page(KNOWLEDGE.entry(href.removeprefix("/topic/")))


@pytest.mark.parametrize("entry_id", [i for i in HEALTH if i not in URGENT])
def test_a_health_page_asks_once_and_says_so_before_anything_else_is_offered(entry_id: str) -> None:
    reply = topic_reply(KNOWLEDGE.entry(entry_id), KNOWLEDGE, CLINIC, RED_FLAGS)
    page = page_of(entry_id)
    main = squeeze(page.one("main")["text"])
    assert reply.kind == "answer" and reply.reminder
    assert main.count(squeeze(reply.reminder)) == 1
    card = page.one("div", class_="ask")
    assert squeeze(reply.reminder) in squeeze(card["text"]) and squeeze(reply.team_question or "") in squeeze(card["text"])
    assert not asks(reply.text), "the reminder is the only ask"
    assert squeeze(reply.text) in main and banned_words(reply.text) == []
    assert "General information" in main and not page.all("div", class_="care")


@pytest.mark.parametrize("entry_id", [i for i in HEALTH if i not in URGENT])
def test_a_health_page_says_once_how_sure_it_is_and_that_nobody_has_reviewed_it(entry_id: str) -> None:
    entry = KNOWLEDGE.entry(entry_id)
    main = squeeze(page_of(entry_id).one("main")["text"])
    level = entry.certainty if entry.kind == "faq" and entry.certainty else "advice"
    if not KNOWLEDGE.shown_sources(entry.sources):
        level = "unsourced"
    assert main.count("How sure is this?") == 1 and f"How sure is this? {KNOWLEDGE.certainty_words[level]}" in main
    for source in KNOWLEDGE.shown_sources(entry.sources):
        assert squeeze(source.title) in main
    assert main.count(NOT_REVIEWED) == 1 and "Checked by" not in main


@pytest.mark.parametrize("entry_id", [i for i in HEALTH if i not in URGENT])
def test_a_health_page_leads_on_to_two_or_three_others_and_never_to_an_emergency(entry_id: str) -> None:
    following = [href.removeprefix("/topic/") for href in links(page_of(entry_id)) if href.startswith("/topic/")]
    assert 2 <= len(following) <= 3 and len(set(following)) == len(following)
    assert entry_id not in following and not set(following) & set(URGENT)


@pytest.mark.parametrize("entry_id", URGENT)
@pytest.mark.parametrize("clinic", ["demo", "empty"])
def test_an_emergency_shows_whom_to_call_and_no_reminder(entry_id: str, clinic: str) -> None:
    entry = KNOWLEDGE.entry(entry_id)
    page = page_of(entry_id, clinic)
    main = squeeze(page.one("main")["text"])
    reply = topic_reply(entry, KNOWLEDGE, {"demo": CLINIC, "empty": EMPTY}[clinic], RED_FLAGS)
    assert (reply.kind, reply.red_flag, reply.reminder) == ("urgent", entry.red_flag, None)
    card = page.one("div", class_="care")
    words = " ".join(squeeze(card["text"]).split())
    for sentence in re.findall(r"[^.\n]+\.", reply.text):
        assert squeeze(sentence) in words, sentence
    assert "If this is happening now" in main and squeeze(CLINIC.fill(entry.short)) in main, "who reads it must know whether it is theirs"
    assert not page.all("div", class_="ask") and "Ask your team first" not in main
    for wordings in KNOWLEDGE.reminders.values():
        for wording in wordings:
            assert squeeze(wording.replace("{who}", entry.ask_who)) not in main
    assert NOT_REVIEWED not in main and "How sure is this?" not in main
    if clinic == "demo":
        assert any(node["attrs"]["href"].startswith("tel:") for node in page.inside(card, "a"))


@pytest.mark.parametrize("entry_id", BOUNDARIES)
def test_a_limit_says_what_it_says_in_a_conversation_and_asks_at_most_once(entry_id: str) -> None:
    entry = KNOWLEDGE.entry(entry_id)
    reply = topic_reply(entry, KNOWLEDGE, CLINIC, RED_FLAGS)
    page = page_of(entry_id)
    main = squeeze(page.one("main")["text"])
    assert reply.kind == "boundary" and squeeze(reply.text) in main
    assert bool(reply.reminder) == bool(entry.reminder)
    assert main.count(squeeze(reply.reminder)) == 1 if reply.reminder else not page.all("div", class_="ask")
    # What is offered and has no page (a greeting) is left out, not linked to nowhere.
    following = [href.removeprefix("/topic/") for href in links(page) if href.startswith("/topic/")]
    assert following == [i for i in entry.offers if has_page(KNOWLEDGE.entry(i))]


# reviews (G6)


@pytest.mark.parametrize("entry_id", [*HEALTH, *BOUNDARIES])
def test_search_engines_are_kept_away_while_nobody_has_signed(entry_id: str) -> None:
    assert robots(page_of(entry_id)) == ["noindex"]


@pytest.mark.parametrize("entry_id", HEALTH)
def test_a_page_that_is_signed_and_current_may_be_found_and_says_who_checked_it(entry_id: str) -> None:
    page = Page(render_topic(signed(KNOWLEDGE.entry(entry_id)), all_signed(), CLINIC, RED_FLAGS))
    main = squeeze(page.one("main")["text"])
    assert robots(page) == []
    assert NOT_REVIEWED not in main
    assert ("Checked by Dr A, lead nurse on 4 March 2026." in main) == (entry_id not in URGENT)


OUTDATED = {
    "a review past its date": lambda e: signed(e, str(date.today() - timedelta(days=1))),
    "a text changed since": lambda e: with_fields(signed(e), short="Another text."),
    "a signature without the text": lambda e: signed(e, of=""),
    "a signature by nobody": lambda e: signed(e, reviewed_by=""),
    "a signature without a day": lambda e: signed(e, reviewed_on=""),
}


@pytest.mark.parametrize("outdated", OUTDATED.values(), ids=OUTDATED)
def test_search_engines_are_kept_away_from_what_is_not_reviewed_as_it_stands(outdated) -> None:
    entry = outdated(KNOWLEDGE.entry("pain"))
    knowledge = with_fields(all_signed(), entries={**all_signed().entries, "pain": entry})
    assert not entry.is_current()
    page = Page(render_topic(entry, knowledge, CLINIC, RED_FLAGS))
    assert robots(page) == ["noindex"]
    assert (NOT_REVIEWED in squeeze(page.one("main")["text"])) == (entry.reviewed is None)
    assert robots(Page(render_index(knowledge, CLINIC))) == ["noindex"], "one is enough to keep the index out"


def test_a_review_is_current_on_its_last_day_and_without_a_date_until_the_text_changes() -> None:
    today = date(2026, 11, 26)
    entry = KNOWLEDGE.entry("pain")
    assert signed(entry, "2026-11-26").is_current(today) and not signed(entry, "2026-11-25").is_current(today)
    assert with_fields(entry, review={**signed(entry).review, "next_review": None}).is_current(today)
    assert not entry.is_current(today)


# the index


@pytest.mark.parametrize("clinic", [CLINIC, AMERICAN, EMPTY], ids=["demo", "American", "empty"])
def test_the_index_lists_every_page_once_by_its_title(clinic: Clinic) -> None:
    page = Page(render_index(KNOWLEDGE, clinic))
    assert page.problems == []
    found = [(node["attrs"]["href"], node["text"]) for node in page.all("a") if node["attrs"]["href"].startswith("/topic/")]
    assert sorted(found) == sorted((f"/topic/{i}", clinic.spell(KNOWLEDGE.entry(i).title)) for i in LISTED)


def test_the_index_has_headings_that_its_own_links_reach_and_titles_in_the_order_of_the_alphabet() -> None:
    page = Page(render_index(KNOWLEDGE, CLINIC))
    headings = page.all("h2")
    assert [a["attrs"]["href"] for a in page.inside(page.one("nav"), "a")] == [f"#{h['attrs']['id']}" for h in headings]
    assert len({squeeze(h["text"]) for h in headings}) == len(headings) >= 10
    for section in page.all("section")[1:]:
        # "A broken spine bone" is looked for under B.
        titles = [re.sub("^(a|an|the) ", "", a["text"].lower()) for a in page.inside(section, "a")]
        assert titles and titles == sorted(titles)
    assert page.one("h1") and "/chat" in links(page)
    assert banned_words(squeeze(page.one("h1")["text"])) == []


def test_nobody_is_led_to_what_is_only_said_in_answer_to_abuse() -> None:
    assert set(BOUNDARIES) >= UNLISTED
    found = links(Page(render_index(KNOWLEDGE, CLINIC)))
    assert not {f"/topic/{i}" for i in UNLISTED} & set(found)


def test_the_index_may_be_found_once_every_health_entry_is_signed() -> None:
    assert robots(Page(render_index(KNOWLEDGE, CLINIC))) == ["noindex"]
    assert robots(Page(render_index(all_signed(), CLINIC))) == []


def test_a_heading_without_entries_is_left_out() -> None:
    few = with_fields(KNOWLEDGE, entries={i: KNOWLEDGE.entry(i) for i in ("pain", "low_platelets")})
    assert len(Page(render_index(few, CLINIC)).all("h2")) == 2
    assert Page(render_index(with_fields(KNOWLEDGE, entries={}), CLINIC)).all("h2") == []


# what has no page


@pytest.mark.parametrize("entry_id", TALK)
def test_small_talk_has_no_page_and_is_in_no_index(entry_id: str) -> None:
    """"What you wrote is deleted." is a turn of a conversation: nobody looks it up."""
    assert not has_page(KNOWLEDGE.entry(entry_id))
    assert f"/topic/{entry_id}" not in links(Page(render_index(KNOWLEDGE, CLINIC)))
    for other in (*HEALTH, *BOUNDARIES):
        assert f"/topic/{entry_id}" not in links(page_of(other))


def test_no_page_leads_to_an_entry_that_does_not_exist() -> None:
    entry = with_fields(KNOWLEDGE.entry("pain"), related=("no_such_entry", "greet", "why_ask"))
    found = links(Page(render_topic(entry, KNOWLEDGE, CLINIC, RED_FLAGS)))
    assert [href for href in found if href.startswith("/topic/")] == ["/topic/why_ask"]


# behind a proxy, whatever a text holds, and the style sheet


@pytest.mark.parametrize("base", ["/askfirst", "askfirst/"])
def test_links_keep_the_path_that_a_proxy_adds(base: str) -> None:
    for html in (render_topic(KNOWLEDGE.entry("pain"), KNOWLEDGE, CLINIC, RED_FLAGS, base), render_index(KNOWLEDGE, CLINIC, base)):
        page = Page(html)
        assert page.one("link")["attrs"]["href"] == "/askfirst/static/askfirst.css"
        own = [href for href in links(page) if href.startswith("/")]
        assert own and all(href.startswith("/askfirst/") for href in own)


NASTY = "</h1><script>alert(1)</script><a href='javascript:alert(2)'>\"&{{7*7}}"


def test_whatever_a_text_holds_it_stays_text() -> None:
    entry = with_fields(KNOWLEDGE.entry("pain"), title=NASTY, facts=(NASTY.replace("{", "(").replace("}", ")"),), ask_question="Is it <b>OK</b>?")
    knowledge = with_fields(KNOWLEDGE, entries={**KNOWLEDGE.entries, "pain": entry})
    clinic = with_fields(CLINIC, name=NASTY)
    page, index = Page(render_topic(entry, knowledge, clinic, RED_FLAGS)), Page(render_index(knowledge, clinic))
    assert page.shape() == page_of("pain").shape() and index.shape() == Page(render_index(KNOWLEDGE, CLINIC)).shape()
    assert squeeze(page.one("h1")["text"]) == NASTY and NASTY in [a["text"] for a in index.all("a")]


def test_every_class_of_these_pages_has_a_style_or_a_reason() -> None:
    pages = [page_of(i) for i in ("pain", "low_platelets", "results", *URGENT)] + [Page(render_index(KNOWLEDGE, CLINIC))]
    used = {name for page in pages for node in page.nodes for name in (node["attrs"].get("class") or "").split()}
    text = css().decode()
    # "sure" names the line on the evidence, which looks like other small print.
    assert {n for n in used if not re.search(rf"\.{re.escape(n)}\b", text)} <= {"page", "turn-answer", "turn-plain", "sure"}


def test_the_emergency_line_and_the_clinics_phone_stand_on_every_page() -> None:
    view = clinic_view(CLINIC)
    for page in (page_of("pain"), page_of("results"), page_of(URGENT[0]), Page(render_index(KNOWLEDGE, CLINIC))):
        found = links(page)
        assert view["emergency_href"] in found and view["phone_href"] in found
