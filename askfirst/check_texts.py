"""Finds health information that stands outside the knowledge base: in code or in a page's template (guarantee G1).

What patients read about massage and their illness comes from data/knowledge through the reply builder. A sentence about it
anywhere else would escape the reviewer, the reminder and the list of banned words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from askfirst.content.problems import Problem, shown

# The reply builder itself, which may say "no massage ..."; the lists of words that a check looks for are no sentences.
BUILDERS = ("askfirst/content/compose.py", "askfirst/content/lint.py", "askfirst/check_texts.py")
FOLDERS = ("actions", "askfirst")
_SUBJECT = re.compile(r"\b(?:massag\w*|rub(?:bing)?|deep tissue|touch)\b", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:may|can|could|will) (?:help|ease|lift|harm|cause|make)\w*|\b(?:eases?|relieves?|improves?|boosts?|lowers?|reduces?|treats?|cures?|heals?)\b"
    r"|\b(?:is|are) (?:not )?(?:safe|ok|fine|harmful)\b|\bdo not (?:have|rub|massage|press|let)\b|\bno (?:firm|deep|light)?\s?massage\b|\bavoid\b"
    r"|\b(?:clots?|platelets?|fever|lymph\w+|tumou?rs?|swelling|swollen|infection)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|<style>.*?</style>|<script.*?</script>|<[^>]*>", re.DOTALL)
# Markup inside a sentence, and values that a template fills in.
_INLINE = re.compile(r"</?(?:a|abbr|b|br|em|i|small|span|strong)\b[^>]*>|\{\{.*?\}\}", re.IGNORECASE | re.DOTALL)
# Words that a template writes itself: {{ 'so' }}.
_QUOTED = re.compile(r"(?<=['\"])[^'\"<>]{12,}(?=['\"])")
MIN_WORDS = 4


def is_health_text(text: str) -> bool:
    """True for a sentence that tells a patient something about massage: not for a question, and not for a few words."""
    return any(
        len(sentence.split()) >= MIN_WORDS and not sentence.rstrip().endswith("?") and _SUBJECT.search(sentence) and _CLAIM.search(sentence)
        for sentence in re.findall(r"[^.!?\n]+[.!?]?", text)
    )


def stray_texts(root: Path) -> list[Problem]:
    """Findings with file and line. Folders that do not exist (a copy of the content alone) have none."""
    problems = []
    for path in sorted(p for folder in FOLDERS for p in (root / folder).rglob("*") if p.suffix in (".py", ".html")):
        name = shown(path, root)
        if name in BUILDERS:
            continue
        source = path.read_text(encoding="utf-8", errors="replace")
        try:
            texts = _texts(source, path.suffix)
        except SyntaxError as error:
            problems.append(Problem(name, error.lineno or 0, f"the code cannot be read ({error.msg})", "undo the last change, or restore the file from git"))
            continue
        for line, text in texts:
            if is_health_text(text):
                problems.append(
                    Problem(name, line, f"this tells patients something about massage outside the knowledge base: '{text.strip()[:70]}'",
                            "write it as an entry under data/knowledge, and let the reply builder say it")
                )
    return problems


@lru_cache(maxsize=256)
def _texts(source: str, suffix: str) -> tuple[tuple[int, str], ...]:
    """(line, text) of everything that a file may say. Errors: SyntaxError."""
    return tuple(_python_texts(source) if suffix == ".py" else _page_texts(source))


def _python_texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every string that is no docstring."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)
    }
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # an f-string is one text, with something in place of each value
            parts |= {id(part) for part in ast.walk(node)}
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "x" for p in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | parts:
            yield node.lineno, node.value


def _page_texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each paragraph of a template that is shown: what stands between two pieces of markup, over any lines."""
    source = _INLINE.sub(lambda m: " ".join(["", *_QUOTED.findall(m.group(0)), ""]) + "\n" * m.group(0).count("\n"), source)
    at = 0
    for match in [*_MARKUP.finditer(source), None]:
        end = match.start() if match else len(source)
        text = source[at:end]
        if text.strip():
            yield source.count("\n", 0, at + len(text) - len(text.lstrip())) + 1, " ".join(text.split())
        at = match.end() if match else end
