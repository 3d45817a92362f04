"""Write sample pages to a folder, to look at them in a browser: .venv/bin/python scripts/sample_pages.py FOLDER

Every page here is made by askfirst.pages.render from replies invented for looking at, not from the knowledge files.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from askfirst.content.reply import Button, Reply, Source
from askfirst.pages.render import ChatView, Turn, chat_page, css, demo_page, message_page

CLINIC = {
    "name": "Riverbank Cancer Care Centre (demo)",
    "phone": "01632 960 120",
    "phone_href": "tel:01632960120",
    "hours": "Monday to Thursday, 9:00 to 17:00; Friday, 9:00 to 16:00",
    "emergency_number": "999 or 112",
    "emergency_href": "tel:999",
    "emergency_text_route": "text 999, if your phone is set up for it, or use Relay UK on 18000.",
    "mode": "demo",
    "privacy_contact": "the Riverbank information desk (demo)",
    "spelling": "en-GB",
}
NO_NUMBERS = CLINIC | {
    "name": "Sunrise Clinic",
    "phone": "",
    "phone_href": "",
    "hours": "",
    "emergency_text_route": "",
    "mode": "pilot",
    "emergency_number": "your local emergency number (for example 112, 911 or 999)",
    "emergency_href": "",
    "privacy_contact": "",
    "spelling": "en-US",
}
SOURCES = (
    Source("A", "Massage or other touch therapies", "Example Cancer Support", 2023, "https://example.org/touch"),
    Source(
        "B",
        "Thrombocytopenia: what people on treatment ask",
        "Example Society",
        None,
        "https://example.org/a/very/long/address/that/has-to-wrap/on-a-small-screen?and=it&does",
    ),
    Source("C", "A source with an address that must not be a link", "Example Press", 2019, "javascript:alert(1)"),
)

LIMITS = Reply(
    "answer",
    "Low platelets mean you can bruise or bleed easily.\nDo not have firm massage anywhere. Keep well away from your "
    "PICC line and the arm it is in.\nCall your team now about new bruises, spots or bleeding.",
    topics=("low_platelets", "picc"),
    verdict="ASK",
    limits=({"firmness": "firm", "code": "NO"}, {"where": "line and arm", "code": "NOT-THERE"}),
    reminder="Before you book, ask your medical team if massage is OK for you now.",
    reminder_id="general",
    team_question="My platelets have been low and I have a PICC line. Is a light massage OK for me now, and where not?",
    sources=SOURCES,
    content_version="2025.03.1",
    buttons=(Button("What should I tell the therapist?", "x"), Button("Is a light hand massage different?", "y")),
)
NO = Reply(
    "answer",
    "HIT lowers platelets and can also cause clots.\nNo massage until your blood specialist says it is OK.",
    topics=("hit",),
    verdict="NO",
    reminder="Please do not have any massage until your team has said it is OK.",
    reminder_id="clot",
    team_question="I had HIT. When could I ask about massage again?",
    sources=SOURCES[:1],
    reviewed={"reviewed_on": "2025-03-04", "reviewed_by": "Sister J. Okafor, lead nurse"},
    content_version="2025.03.1",
)
URGENT = Reply(
    "urgent",
    "Call 999 or 112 now. These can be signs of a blood clot in the lung. Do not rub the leg or arm. "
    "I cannot check symptoms.",
    red_flag="R03",
    tier=1,
    phone_links=({"label": "Call 999", "href": "tel:999"}, {"label": "Call 112", "href": "tel:112"}),
)
URGENT_2 = Reply(
    "urgent",
    "Call our 24-hour line on 01632 960 247 now. A fever, or feeling unwell, on treatment can be serious, even at a "
    "normal temperature. If no one answers, call 999 or 112. Do not take medicine for the fever before you call.",
    red_flag="R20",
    tier=2,
    phone_links=({"label": "Call 01632 960 247", "href": "tel:01632960247"}, {"label": "Call 999", "href": "tel:999"}),
)
URGENT_3 = Reply(
    "urgent",
    "Call your nurse or team today. New swelling should be checked. If it is sudden, sore or warm, call our 24-hour "
    "line now.",
    red_flag="R32",
    tier=3,
    phone_links=({"label": "Call 01632 960 120", "href": "tel:01632960120"},),
)
BOUNDARY = Reply(
    "boundary",
    "I cannot judge blood results. Hospitals use different limits, and results change.\n"
    "Please call your team with your result and ask: is massage OK for me now?",
)
FALLBACK = Reply(
    "fallback",
    "I am not sure I understood. You can ask me about massage and your condition, or call your team. If you feel very "
    "unwell, call 999 or 112.",
)
CLARIFY = Reply(
    "clarify",
    "Which of these is closer to your question?",
    buttons=(Button("Massage with a port or line", "a"), Button("Massage after surgery", "b")),
)
HANDOFF = Reply("handoff", "A person can help you better with this. Please call the clinic.")
SMALLTALK = Reply("smalltalk", "Hello. I give general information on massage in medical care.")
SUGGESTIONS = ("Can massage help me sleep?", "Can I have a massage during chemo?", "What should I ask my team?")
CHOICES = (("c1", "What should I tell the therapist?"), ("c2", "Is a light hand massage different?"))
AFTER_URGENT = (("u1", "I have called"), ("u2", "I need the number again"), ("u3", "I pressed this by mistake"))
LONG = (
    "Hello, I hope this is the right place. My mum is 78 and she is having chemo every three weeks. She has sore feet "
    "and cannot sleep. A friend of hers does massage at home.\n\nShe also has a line in her arm. "
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" + "a" * 120 + " Thank you."
)
ARABIC = "هل يمكنني الحصول على تدليك أثناء العلاج الكيميائي؟ رقم الغرفة 12."
HTML = (
    "<script>alert('x')</script> <b onclick=\"x\">bold</b> & \"quotes\" </li></ol></article> "
    "<a href='javascript:x'>x</a>"
)


def ask(text: str, *replies: Reply) -> tuple[Turn, ...]:
    """A question and what was said to it."""
    return (Turn("patient", text), *(Turn("assistant", reply=reply.as_dict()) for reply in replies))


def chat(turns: tuple[Turn, ...], clinic: dict | None = None, **more: object) -> str:
    """The chat page with those turns."""
    return chat_page(ChatView(clinic or CLINIC, turns, "sample-token", "sample-nonce", **more))  # type: ignore[arg-type]


def pages() -> dict[str, str]:
    """All sample pages by file name."""
    low = ask("can i have a massage with low platelets and a picc line", LIMITS)
    no = ask("I had HIT, what about a back rub?", NO)
    urgent = ask("my calf is red and sore and I am short of breath, is a leg massage ok", URGENT)
    odd = (
        *ask(LONG, CLARIFY),
        *ask("Massage with a port or line", LIMITS),
        *ask(ARABIC, FALLBACK),
        *ask(HTML, BOUNDARY),
        *ask("can I talk to a person", HANDOFF),
    )
    busy = "We are busy just now. Please press Send again, or call the clinic on 01632 960 120."
    return {
        "demo.html": demo_page(CLINIC),
        "demo-closed.html": demo_page(CLINIC, closed_reason="We are checking its answers."),
        "start.html": chat((), suggestions=SUGGESTIONS),
        "answer.html": chat(low, choices=CHOICES),
        "answer-no.html": chat(no),
        "urgent.html": chat(urgent, choices=AFTER_URGENT),
        "urgent-2.html": chat((*no, *ask("I feel hot and shivery after chemo", URGENT_2)), choices=AFTER_URGENT),
        "urgent-3.html": chat(ask("my arm is slowly getting bigger since the nodes were taken", URGENT_3)),
        "odd.html": chat(odd),
        "whole.html": chat((*low, *urgent, *no, *odd)),
        "error.html": chat(low, error=busy, draft="Can I have a head massage?\nI had my last chemo on Monday."),
        "ended.html": chat((), ended=True),
        "no-numbers.html": chat(low, clinic=NO_NUMBERS),
        "hello.html": chat((Turn("assistant", reply=SMALLTALK.as_dict()),)),
        "message.html": message_page(
            "We could not find that page", "Check the address.", CLINIC, status_hint="Error 404"
        ),
    }


def main(folder: Path) -> None:
    """Write the pages so that they open from disk: the address of the style sheet is made relative."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "askfirst.css").write_bytes(css())
    for name, html in pages().items():
        (folder / name).write_text(html.replace("/static/askfirst.css", "askfirst.css"), encoding="utf-8")
    print(f"{len(pages())} pages in {folder}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
