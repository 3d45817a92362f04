"""Clinical review offline: the list that is signed, and a signed list taken over into the `review` blocks and nowhere else."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace as with_fields
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst import cli
from askfirst.content.clinic import Clinic
from askfirst.content.knowledge import Knowledge, load_knowledge
from askfirst.content.review import (
    AGREE,
    COLUMNS,
    REVIEW_DAYS,
    ReviewError,
    Signature,
    SignedList,
    apply,
    as_csv,
    read_signed,
    row,
    to_review,
)
from askfirst.pages.review_page import review_page
from tests.edits import replace, set_field
from tests.test_knowledge import CLINIC, KNOWLEDGE, NOW, copied, file_of, folder

TODAY = date(2026, 11, 26)
BY = "Dr Zoë Müller, lead nurse"
NAMES = ("pain", "low_platelets", "results", "lines_ports")
AMERICAN = with_fields(CLINIC, spelling="en-US")
UNSIGNED = re.compile(r"^  review: .*$", re.MULTILINE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path / "root")


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


def listed(made: list[dict[str, Any]], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(made)
    return out.getvalue()


def agreed(*ids: str, knowledge: Knowledge = KNOWLEDGE, **more: str) -> list[dict[str, str]]:
    """The rows of the exported list, these ones signed and the others left as they were."""
    made = rows(as_csv(knowledge, CLINIC))
    for one in made:
        if one["id"] in ids:
            one.update({"decision": AGREE, "reviewed_by": BY, "reviewed_on": "2026-11-20", "next_review": "2027-05-20", **more})
    return made


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def signable() -> list[str]:
    """Ids that the list holds and that have a block to be signed in."""
    return [e.id for e in to_review(KNOWLEDGE) if e.review]


# the list


def test_the_list_holds_every_health_entry_and_every_limit_once_and_no_small_talk() -> None:
    ids = [one["id"] for one in rows(as_csv(KNOWLEDGE, CLINIC))]
    assert ids == [e.id for e in KNOWLEDGE.entries.values() if e.is_health or e.kind == "boundary"]
    assert {"pain", "low_platelets", "results", "hand_foot_head"} <= set(ids) and not {"greet", "talk_to_person", "clarify"} & set(ids)


def test_a_row_holds_everything_that_a_patient_may_read_of_an_entry() -> None:
    for entry, one in zip(to_review(KNOWLEDGE), rows(as_csv(KNOWLEDGE, CLINIC)), strict=True):
        whole = "\n".join(one.values())
        for text in (*entry.facts, entry.short, entry.always, entry.ask_question, *(t for w in entry.watch for t in (w.call, *w.signs, w.text))):
            assert CLINIC.fill(text) in whole, (entry.id, text)
        for limit in entry.limits:
            assert KNOWLEDGE.limit_words[limit.kind][limit.value].say in one["limits"] and limit.code in one["limits"]
        for wording in KNOWLEDGE.reminders.get(entry.reminder, ()):
            assert CLINIC.fill(wording.replace("{who}", entry.ask_who or "your team")) in one["reminder"]
        assert [one["version"], one["title"], one["ask"]] == [entry.fingerprint, entry.title, entry.ask_who]
        assert "{" not in whole and "}" not in whole, "the reviewer reads what patients read: slots are filled"
        assert [one[k] for k in ("decision", "comment", "reviewed_by", "reviewed_on", "next_review")] == [""] * 5


def test_a_row_names_what_may_be_shown_what_not_and_what_is_open() -> None:
    for entry, one in zip(to_review(KNOWLEDGE), rows(as_csv(KNOWLEDGE, CLINIC)), strict=True):
        shown = {s.key for s in KNOWLEDGE.shown_sources(entry.sources)}
        assert [k for k in one["sources_not_shown"].split("; ") if k] == [k for k in entry.sources if k not in shown]
        assert all(KNOWLEDGE.sources[k].title in one["sources"] for k in shown)
        assert all(q.text in one["open_questions"] for q in KNOWLEDGE.clinical_questions if entry.id in q.entries)
    flagged = next(e for e in KNOWLEDGE.entries.values() if e.red_flag)
    assert row(flagged, KNOWLEDGE, CLINIC)["verdict"] == f"URGENT ({flagged.red_flag})"
    fever = row(KNOWLEDGE.entry("fever_infection"), KNOWLEDGE, CLINIC)
    assert "URGENT (R20) when on_treatment" in fever["limits"]


def test_a_row_is_in_the_clinics_spelling() -> None:
    entry = next(e for e in to_review(KNOWLEDGE) if "tumour" in " ".join(e.facts))
    assert "tumour" in row(entry, KNOWLEDGE, CLINIC)["text"]
    american = row(entry, KNOWLEDGE, AMERICAN)
    assert "tumour" not in american["text"] and "tumor" in american["text"] and american["version"] == entry.fingerprint


def test_a_list_just_made_signs_nothing(root: Path) -> None:
    assert read_signed(as_csv(KNOWLEDGE, CLINIC), KNOWLEDGE, TODAY) == SignedList((), ())
    before = files(root)
    assert apply(SignedList((), ()), folder(root)) == [] and files(root) == before


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://example.org")']


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("field", ["title", "short", "ask_who", "ask_question", "always"])
def test_no_cell_of_the_list_is_a_formula(text: str, field: str) -> None:
    """A spreadsheet program would run it: on the reviewer's computer, and with the clinic's numbers in it."""
    entry = with_fields(KNOWLEDGE.entry("pain"), **{field: text})
    knowledge = with_fields(KNOWLEDGE, entries={"pain": entry})
    found = rows(as_csv(knowledge, CLINIC))
    assert len(found) == 1 and any(text in cell for cell in found[0].values())
    assert not [cell for cell in found[0].values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_no_cell_of_the_real_list_is_a_formula() -> None:
    cells = [cell for one in rows(as_csv(KNOWLEDGE, CLINIC)) for cell in one.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


# the way back: nothing but review blocks changes


def test_a_signed_list_changes_only_the_review_blocks_byte_for_byte(root: Path) -> None:
    before = files(root)
    signed = read_signed(listed(agreed(*NAMES)), KNOWLEDGE, TODAY)
    assert {s.entry_id for s in signed.signatures} == set(NAMES) and signed.comments == ()
    assert sorted(apply(signed, folder(root))) == sorted(NAMES)
    after = files(root)
    assert set(after) == set(before), "no file is added, and none is left behind"
    for name, old in before.items():
        old_lines, new_lines = old.split(b"\n"), after[name].split(b"\n")
        assert len(old_lines) == len(new_lines), name
        changed = [(a, b) for a, b in zip(old_lines, new_lines, strict=True) if a != b]
        assert all(a.startswith(b"  review: {") and b.startswith(b"  review: {reviewed_by: ") for a, b in changed), name
        assert len(changed) == sum(KNOWLEDGE.entry(i).file == name for i in NAMES)
    knowledge = load_knowledge(folder(root), root)
    for entry_id in NAMES:
        entry = knowledge.entry(entry_id)
        assert entry.reviewed == {"reviewed_by": BY, "reviewed_on": "2026-11-20"} and entry.review["next_review"] == "2027-05-20"
        assert with_fields(entry, review={}) == with_fields(KNOWLEDGE.entry(entry_id), review={})
    assert {e.id for e in knowledge.entries.values() if e.reviewed} == set(NAMES)


def test_everything_can_be_signed_at_once_and_again(root: Path) -> None:
    ids = signable()
    assert len(ids) > 200
    text = listed(agreed(*ids))
    assert sorted(apply(read_signed(text, KNOWLEDGE, TODAY), folder(root))) == sorted(ids)
    once = files(root)
    apply(read_signed(text, KNOWLEDGE, TODAY), folder(root))
    assert files(root) == once
    for name, old in files(NOW).items():
        if name in once:
            assert UNSIGNED.sub("", once[name].decode()) == UNSIGNED.sub("", old.decode()), name


def test_a_list_made_after_signing_keeps_who_signed_and_reads_back_as_it_is(root: Path) -> None:
    apply(read_signed(listed(agreed(*NAMES)), KNOWLEDGE, TODAY), folder(root))
    knowledge = load_knowledge(folder(root), root)
    again = as_csv(knowledge, CLINIC)
    assert {one["id"]: (one["decision"], one["reviewed_by"], one["next_review"]) for one in rows(again) if one["decision"]} == {
        i: (AGREE, BY, "2027-05-20") for i in NAMES
    }
    before = files(root)
    apply(read_signed(again, knowledge, TODAY), folder(root))
    assert files(root) == before


def test_a_review_counts_for_a_year_where_the_list_gives_no_date(root: Path) -> None:
    (signature,) = read_signed(listed(agreed("pain", next_review="")), KNOWLEDGE, TODAY).signatures
    assert signature.next_review == str(date(2026, 11, 20) + timedelta(days=REVIEW_DAYS))


def test_a_review_past_its_date_is_asked_for_again() -> None:
    entry = KNOWLEDGE.entry("pain")
    due = {"reviewed_by": BY, "reviewed_on": "2024-11-20", "next_review": "2025-11-20", "of": entry.fingerprint}
    knowledge = with_fields(KNOWLEDGE, entries={"pain": with_fields(entry, review=due)})
    (one,) = rows(as_csv(knowledge, CLINIC))
    assert (one["decision"], one["reviewed_on"]) == ("", "")


@pytest.mark.parametrize("name", ['Dr "A" O\'Neill', "Dr A: lead, {nurse} # 1", "Dr A \\ B", "  Dr A  ", "Доктор А", "Dr A 😀", "=HYPERLINK(1)", "yes", "'quoted'", "null"])
def test_any_name_is_written_so_that_it_reads_back(root: Path, name: str) -> None:
    apply(read_signed(listed(agreed("pain", reviewed_by=name)), KNOWLEDGE, TODAY), folder(root))
    assert load_knowledge(folder(root), root).entry("pain").reviewed == {"reviewed_by": name.strip(), "reviewed_on": "2026-11-20"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=3, max_size=40).filter(lambda n: len(n.strip()) >= 3))
def test_whatever_name_is_typed_the_files_can_still_be_read(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    target = tmp_path_factory.mktemp("names")
    path = target / "benefits.yml"
    shutil.copy(NOW / KNOWLEDGE.entry("pain").file, path)
    apply(SignedList((Signature("pain", name.strip(), "2026-11-20", "2027-11-20", KNOWLEDGE.entry("pain").fingerprint),), ()), target)
    (block,) = [b for b in yaml.safe_load(path.read_text(encoding="utf-8")) if b["id"] == "pain"]
    assert block["review"]["reviewed_by"] == name.strip()


BLOCKS = {
    "in one line": "{reviewed_by: null, reviewed_on: null, next_review: null}",
    "in one line with a fingerprint": "{reviewed_by: Dr Old, reviewed_on: '2020-01-01', next_review: '2021-01-01', of: x0123456789a}",
    "over several lines in brackets": "{\n    reviewed_by: null,\n    reviewed_on: null, next_review: null}",
    "as a block": "\n    reviewed_by: null\n    reviewed_on: null\n    next_review: null",
    "with a remark behind it": "{reviewed_by: null, reviewed_on: null, next_review: null}  # ask the ward",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_review_block_is_found_however_it_is_written(root: Path, block: str) -> None:
    path = file_of(root, "pain")
    set_field(path, "pain", "review", block)
    text = path.read_text(encoding="utf-8")
    knowledge = load_knowledge(folder(root), root)
    apply(read_signed(listed(agreed("pain", knowledge=knowledge)), knowledge, TODAY), folder(root))
    signed = load_knowledge(folder(root), root).entry("pain")
    assert signed.reviewed == {"reviewed_by": BY, "reviewed_on": "2026-11-20"}
    start = text.index("  review: ", text.index("- id: pain\n"))
    end = start + len(f"  review: {block.split('  #')[0]}")
    after = path.read_text(encoding="utf-8")
    assert after.startswith(text[:start]) and after.endswith(text[end:]) and len(after) < len(text) + 150


def test_a_remark_after_a_review_that_is_written_as_a_block_stays(root: Path) -> None:
    path = file_of(root, "pain")
    set_field(path, "pain", "review", "\n    reviewed_by: null\n    reviewed_on: null\n    next_review: null\n\n# The next part\n")
    knowledge = load_knowledge(folder(root), root)
    apply(read_signed(listed(agreed("pain", knowledge=knowledge)), knowledge, TODAY), folder(root))
    assert "# The next part" in path.read_text(encoding="utf-8")


def test_the_line_ends_of_a_file_stay(root: Path) -> None:
    path = file_of(root, "pain")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    apply(read_signed(listed(agreed("pain")), KNOWLEDGE, TODAY), folder(root))
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


def test_an_entry_without_a_review_block_stops_the_whole_list(root: Path) -> None:
    set_field(file_of(root, "pain"), "pain", "review", None)
    knowledge = load_knowledge(folder(root), root)
    before = files(root)
    with pytest.raises(ReviewError) as error:
        apply(read_signed(listed(agreed("pain", "low_platelets", knowledge=knowledge)), knowledge, TODAY), folder(root))
    assert error.value.findings == ["pain: its entry has no review: block; add one (docs/content.md)"]
    assert files(root) == before


def test_an_empty_review_block_is_filled_or_refused(root: Path) -> None:
    set_field(file_of(root, "pain"), "pain", "review", "")
    replace(file_of(root, "pain"), "  review: \n", "  review:\n")
    knowledge = load_knowledge(folder(root), root)
    try:
        apply(read_signed(listed(agreed("pain", knowledge=knowledge)), knowledge, TODAY), folder(root))
    except ReviewError:
        return
    assert load_knowledge(folder(root), root).entry("pain").reviewed


# a text that changes after it was signed


CHANGES = [("facts", "'Another text.'"), ("short", "Another text."), ("verdict", "ASK"), ("reminder", "general"), ("limits", "[{where: head, code: 'NO'}]"), ("certainty", "weak")]


@pytest.mark.parametrize(("field", "value"), CHANGES)
def test_a_text_that_changes_after_signing_counts_as_not_reviewed(root: Path, field: str, value: str) -> None:
    apply(read_signed(listed(agreed("pain", "low_platelets")), KNOWLEDGE, TODAY), folder(root))
    set_field(file_of(root, "pain"), "pain", field, value)
    knowledge = load_knowledge(folder(root), root)
    assert knowledge.entry("pain").signed and knowledge.entry("pain").reviewed is None
    assert knowledge.entry("low_platelets").reviewed and "pain" in knowledge.unreviewed()
    (one,) = [r for r in rows(as_csv(knowledge, CLINIC)) if r["id"] == "pain"]
    assert [one[k] for k in ("decision", "reviewed_by", "reviewed_on", "next_review")] == [""] * 4, "the next list asks for it again"


def test_a_change_that_is_taken_back_is_reviewed_again(root: Path) -> None:
    apply(read_signed(listed(agreed("pain")), KNOWLEDGE, TODAY), folder(root))
    set_field(file_of(root, "pain"), "pain", "short", "Another text.")
    set_field(file_of(root, "pain"), "pain", "short", KNOWLEDGE.entry("pain").short)
    assert load_knowledge(folder(root), root).entry("pain").reviewed


# lists that cannot be taken over: each a finding, and nothing written

BAD: list[tuple[str, Callable[[dict[str, str]], dict[str, str]], str]] = [
    ("an unknown entry", lambda r: {**r, "id": "no_such_entry"}, "row 2 (no_such_entry): there is no entry with this id"),
    ("no id", lambda r: {**r, "id": ""}, "row 2 (no id): there is no entry with this id"),
    ("an older text", lambda r: {**r, "version": "x0123456789a"}, "row 2 (overview): the text has changed since this list was made"),
    ("no version", lambda r: {**r, "version": ""}, "the text has changed since this list was made"),
    ("an unknown decision", lambda r: {**r, "decision": "perhaps"}, "the decision 'perhaps' is not known"),
    ("no name", lambda r: {**r, "reviewed_by": ""}, "reviewed_by names nobody"),
    ("a name of two letters", lambda r: {**r, "reviewed_by": "  ab "}, "reviewed_by names nobody"),
    ("no date", lambda r: {**r, "reviewed_on": ""}, "reviewed_on is empty"),
    ("a date as people write it", lambda r: {**r, "reviewed_on": "20/11/2026"}, "reviewed_on '20/11/2026' is not a date like 2026-11-30"),
    ("a day that does not exist", lambda r: {**r, "reviewed_on": "2026-02-30"}, "reviewed_on '2026-02-30' is not a date"),
    ("a date with a time", lambda r: {**r, "reviewed_on": "2026-11-20T10:00"}, "is not a date"),
    ("a date that lies ahead", lambda r: {**r, "reviewed_on": "2026-11-27"}, "reviewed_on 2026-11-27 lies ahead"),
    ("a next review as people write it", lambda r: {**r, "next_review": "soon"}, "next_review 'soon' is not a date"),
    ("a next review before the review", lambda r: {**r, "next_review": "2026-11-19"}, "next_review 2026-11-19 is not after the review"),
    ("a next review on the day of the review", lambda r: {**r, "next_review": "2026-11-20"}, "next_review 2026-11-20 is not after the review"),
]  # fmt: skip


def refused(root: Path, text: str, knowledge: Knowledge = KNOWLEDGE) -> list[str]:
    """The findings of a list that may not be taken over; no file may have changed."""
    before = files(root)
    with pytest.raises(ReviewError) as error:
        apply(read_signed(text, knowledge, TODAY), folder(root))
    assert files(root) == before
    return error.value.findings


@pytest.mark.parametrize(("change", "message"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_one_mistake_in_a_signed_list_is_a_finding_and_nothing_is_written(root: Path, change: Callable[[dict[str, str]], dict[str, str]], message: str) -> None:
    """The rows after it are in order, and not taken over either."""
    first = next(iter(to_review(KNOWLEDGE))).id
    made = agreed(first, *NAMES)
    made[0] = change(made[0])
    (finding,) = refused(root, listed(made))
    assert message.replace("overview", first) in finding


def test_every_row_that_does_not_fit_is_told_with_its_number(root: Path) -> None:
    made = agreed(*NAMES, reviewed_on="2026-11-27", reviewed_by="")
    findings = refused(root, listed(made))
    numbers = {one["id"]: number for number, one in enumerate(made, 2)}
    assert len(findings) == 2 * len(NAMES)
    assert all(sum(f"row {numbers[i]} ({i}): " in f for f in findings) == 2 for i in NAMES)


def test_an_entry_that_stands_twice_is_a_finding(root: Path) -> None:
    made = agreed("pain")
    twice = next(one for one in made if one["id"] == "pain")
    (finding,) = refused(root, listed([*made, twice]))
    assert finding == f"row {len(made) + 2} (pain): the entry stands twice; keep one row"


def test_an_entry_that_is_not_signed_here_cannot_be_signed(root: Path) -> None:
    """Small talk has no review block; whoever adds such a row is told."""
    made = [{**dict.fromkeys(COLUMNS, ""), "id": "greet", "version": KNOWLEDGE.entry("greet").fingerprint, "decision": AGREE, "reviewed_by": BY, "reviewed_on": "2026-11-20"}]
    (finding,) = refused(root, listed(made))
    assert finding.startswith("greet: its entry has no review: block")


@pytest.mark.parametrize("column", ["id", "version", "decision", "reviewed_by", "reviewed_on", "next_review"])
def test_a_missing_column_is_a_finding_that_names_it(root: Path, column: str) -> None:
    (finding,) = refused(root, listed(agreed(*NAMES), tuple(c for c in COLUMNS if c != column)))
    assert finding.startswith(f"the list has no column {column}:")


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "hello", "id;version", "<html></html>"])
def test_a_file_that_is_no_list_is_a_finding(root: Path, text: str) -> None:
    (finding,) = refused(root, text)
    assert finding.startswith("the list has no column")


def test_rows_and_columns_may_be_taken_out_added_and_sorted(root: Path) -> None:
    """What spreadsheets do to a list; only the columns that are read must be there."""
    made = [{**one, "notes": "by hand"} for one in reversed(agreed(*NAMES)) if one["id"] in NAMES]
    signed = read_signed(listed(made, ("notes", "next_review", "reviewed_on", "reviewed_by", "decision", "version", "id")), KNOWLEDGE, TODAY)
    assert {s.entry_id for s in signed.signatures} == set(NAMES)


FORMS: dict[str, Callable[[str], str]] = {
    "a byte-order mark": lambda text: "\ufeff" + text,
    "line ends of Unix": lambda text: text.replace("\r\n", "\n"),
    "empty lines": lambda text: text + "\r\n\r\n,,,,\r\n",
    "rows that are cut short": lambda text: text + "\r\n",
    "cells too many": lambda text: text.rstrip("\r\n") + ",,,extra\r\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_spreadsheets_do_to_a_file_changes_nothing(form: Callable[[str], str]) -> None:
    text = listed(agreed(*NAMES))
    assert read_signed(form(text), KNOWLEDGE, TODAY) == read_signed(text, KNOWLEDGE, TODAY)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_list_with_semicolons_is_read_too(mark: str) -> None:
    """As spreadsheets write it where the comma is a decimal point. Texts hold commas and semicolons themselves."""
    made = agreed(*NAMES)
    assert read_signed(mark + listed(made, delimiter=";"), KNOWLEDGE, TODAY) == read_signed(listed(made), KNOWLEDGE, TODAY)


def test_line_ends_of_old_macs_are_read_too() -> None:
    assert read_signed(listed(agreed(*NAMES)).replace("\r\n", "\r"), KNOWLEDGE, TODAY) == read_signed(listed(agreed(*NAMES)), KNOWLEDGE, TODAY)


@pytest.mark.parametrize("form", [lambda t: t.replace("Dr Zo", "Dr\0Zo"), lambda t: t.replace("Dr Zo", "D" * 200_000)], ids=["NUL", "a cell too long"])
def test_a_list_that_no_reader_takes_is_a_finding(root: Path, form: Callable[[str], str]) -> None:
    assert refused(root, form(listed(agreed(*NAMES))))


def test_decisions_are_read_in_any_letters_and_what_is_to_change_is_told_and_not_signed(root: Path) -> None:
    made = agreed("pain", decision=" Agree ")
    for one in made:
        if one["id"] == "results":
            one.update({"decision": "CHANGE", "comment": "too long", "reviewed_by": BY, "reviewed_on": "2026-11-20"})
        if one["id"] == "lines_ports":
            one.update({"comment": "please explain"})
    signed = read_signed(listed(made), KNOWLEDGE, TODAY)
    assert [s.entry_id for s in signed.signatures] == ["pain"]
    assert set(signed.comments) == {("results", "too long"), ("lines_ports", "please explain")}
    apply(signed, folder(root))
    assert {e.id for e in load_knowledge(folder(root), root).entries.values() if e.signed} == {"pain"}


# the command

Command = Callable[..., tuple[int, str, str]]


def forget_settings() -> None:
    """Nothing that was read from the environment stays: later tests of this process have another one."""
    import askfirst.runtime
    import askfirst.settings

    for module in (askfirst.settings, askfirst.runtime):
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear"):
                thing.cache_clear()


@pytest.fixture
def command(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """`askfirst review` on the copy. Returns: exit code, what it said, what it complained about."""
    shutil.copy(NOW / "data" / "clinic.yml", root / "data" / "clinic.yml")
    monkeypatch.setenv("ASKFIRST_ROOT", str(root))
    forget_settings()

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(["review", *words])
        out = capsys.readouterr()
        return code, out.out, out.err

    yield run
    monkeypatch.undo()
    forget_settings()


def test_the_command_writes_both_files_and_takes_a_signed_list_over(root: Path, command: Command) -> None:
    code, _, _ = command("--out", str(root / "out"))
    assert code == 0 and sorted(p.name for p in (root / "out").iterdir()) == ["review.csv", "review.html"]
    text = (root / "out" / "review.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf"), "spreadsheet programs need the mark to read é"
    knowledge = load_knowledge(folder(root), root)
    (root / "signed.csv").write_bytes(("\ufeff" + listed(agreed("pain", knowledge=knowledge))).encode())
    code, out, _ = command("--import", str(root / "signed.csv"))
    assert code == 0 and "1 entries are signed" in out
    assert load_knowledge(folder(root), root).entry("pain").reviewed


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", listed(agreed("pain", reviewed_on="soon")).encode(), None])
def test_the_command_changes_nothing_when_the_list_does_not_fit(root: Path, command: Command, content: bytes | None) -> None:
    if content is not None:
        (root / "signed.csv").write_bytes(content)
    before = files(root)
    code, _, err = command("--import", str(root / "signed.csv"))
    assert code == 1 and err and "Traceback" not in err and files(root) == before


# the page


class Page(HTMLParser):
    """Ids, addresses and the data of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.labels: set[str] = set()
        self.text = ""
        self.script = ""
        self._in: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        self.tags.append(tag)
        self.ids += [a["id"]] if a.get("id") else []
        self.labels |= {a["for"]} if a.get("for") else set()
        self.addresses += [a[k] or "" for k in ("src", "href", "action", "data", "poster", "srcset") if k in a]
        self._in = tag if tag in ("script", "style") else self._in

    def handle_endtag(self, tag: str) -> None:
        self._in = None if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.script += data
        elif self._in is None:
            self.text += data


def page_of(knowledge: Knowledge = KNOWLEDGE, clinic: Clinic = CLINIC) -> tuple[str, Page]:
    html = review_page(knowledge, clinic, TODAY)
    return html, Page(html)


def data_of(page: Page) -> dict[str, Any]:
    """The rows that the page saves as a list."""
    return json.JSONDecoder().raw_decode(page.script.strip())[0]


def test_the_page_holds_every_entry_once_with_its_text() -> None:
    html, page = page_of()
    entries = to_review(KNOWLEDGE)
    assert re.findall(r'<section class="entry" id="([^"]*)"', html) == [f"e-{e.id}" for e in entries]
    squeezed = " ".join(page.text.split())
    for entry in entries:
        for fact in entry.facts:
            assert " ".join(CLINIC.fill(fact).split()) in squeezed, entry.id
        assert f'name="d-{entry.id}"' in html and f"c-{entry.id}" in page.labels
    assert all(q.text in squeezed for q in KNOWLEDGE.clinical_questions)
    assert f"0 of {len(entries)} signed" in squeezed and "2026-11-26" in squeezed


def test_no_two_parts_of_the_page_have_one_id() -> None:
    _, page = page_of()
    assert sorted(page.ids) == sorted(set(page.ids))


@pytest.mark.parametrize("field", ["name", "on", "due", "find", "left", "me", "progress", "rows"])
def test_the_script_finds_its_own_fields(field: str) -> None:
    assert field in page_of()[1].ids


def test_the_page_needs_nothing_from_outside_and_sends_nothing() -> None:
    html, page = page_of()
    assert page.addresses == [], "no file, no picture, no link, and a form that posts nowhere"
    assert not {"link", "img", "iframe", "object", "embed", "base", "audio", "video"} & set(page.tags)
    assert "default-src 'none'" in html and not re.search(r"connect-src|form-action (?!'none')", html)
    for word in ("http:", "https:", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import(", "@import", "url("):
        assert word not in html.replace("URL.createObjectURL(", ""), word
    assert 'name="robots" content="noindex"' in html


def test_the_page_saves_the_columns_that_the_command_reads() -> None:
    _, page = page_of()
    data = data_of(page)
    assert tuple(data["columns"]) == COLUMNS
    assert data["rows"] == [row(e, KNOWLEDGE, CLINIC) for e in to_review(KNOWLEDGE)]


NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


def test_whatever_a_text_holds_the_page_keeps_its_shape() -> None:
    entry = with_fields(KNOWLEDGE.entry("pain"), title=NASTY, short=NASTY, ask_question=NASTY, ask_who=NASTY)
    knowledge = with_fields(KNOWLEDGE, entries={"pain": entry}, clinical_questions=())
    plain = with_fields(KNOWLEDGE, entries={"pain": KNOWLEDGE.entry("pain")}, clinical_questions=())
    clinic = with_fields(CLINIC, name=NASTY)
    _, page = page_of(knowledge, clinic)
    assert page.tags == page_of(plain)[1].tags and page.addresses == []
    assert data_of(page)["rows"][0]["title"] == NASTY and "alert(1)" in page.text


def test_the_page_says_who_signed_what(root: Path) -> None:
    apply(read_signed(listed(agreed(*NAMES)), KNOWLEDGE, TODAY), folder(root))
    knowledge = load_knowledge(folder(root), root)
    html, page = page_of(knowledge)
    squeezed = " ".join(page.text.split())
    assert squeezed.count(f"Signed by {BY} on 2026-11-20, next review 2027-05-20.") == len(NAMES)
    assert f"{len(NAMES)} of {len(to_review(knowledge))} signed" in squeezed
    assert html.count('class="entry signed"') == len(NAMES)


