"""The language of a text, guessed only where it can hardly be anything else.

A wrong guess is worse than none: prose with brackets, a shopping list and a table of
numbers are no code.
"""

import ast
import re
import warnings

from agentbench.renderers.base.linear import Linear

LANGUAGES = {
    "bash": "sh",
    "c": "c",
    "cpp": "cpp",
    "css": "css",
    "go": "go",
    "html": "html",
    "java": "java",
    "javascript": "js",
    "json": "json",
    "python": "py",
    "r": "r",
    "ruby": "rb",
    "rust": "rs",
    "sql": "sql",
    "toml": "toml",
    "typescript": "ts",
    "xml": "xml",
    "yaml": "yaml",
}
"""Each language and how its files end."""
MOST_LOOKED_AT = 20_000

_MARKS = (
    ("bash", r"\A#!\s*/\S*\b(?:ba|z|da|k)?sh\b"),
    ("python", r"\A#!\s*/\S*\bpython[\d.]*\b"),
    ("xml", r"\A<\?xml\s"),
    ("sql", r"\A\s*(?:SELECT\b(?s:.)+?\bFROM\b|INSERT\s+INTO\b|CREATE\s+TABLE\b)\s"),
    ("sql", r"\A\s*WITH\s+\w+\s+AS\s*\((?s:.)+?\bSELECT\b"),
    ("c", r"(?m)^#include\s*[<\"][\w./]+[>\"](?s:.)*\n\w[\w *]+\([^)]*\)\s*\{"),
    ("rust", r"(?m)^(?:pub )?fn \w+(?:<[^>]*>)?\([^)]*\)(?: -> [^{]+)? \{$"),
    ("go", r"\A(?:\s*//[^\n]*\n)*package \w+\s*\n(?s:.)*\nfunc "),
    (
        "typescript",
        r"(?m)^(?:export )?(?:interface|type) \w+(?: =)? \{$(?s:.)*\n\s+\w+\??: ",
    ),
    ("javascript", r"(?m)^(?:const|let|function) (?s:.){3,400}?(?:=>|\{)(?s:.)*;\s*$"),
    ("css", r"\A\s*(?:[.#@]?[\w-]+[^{}\n]*\{\s*(?:[\w-]+\s*:[^;{}]+;\s*)+\}\s*)+\z"),
)
_RULES = [(name, Linear(rule)) for name, rule in _MARKS]
_TELLING = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
)
_LIKELY = re.compile(
    r"^(?:def |class |import |from \w+ import |async def |@)", re.MULTILINE
)


def language_of(text: str) -> str:
    """The language of a text that is plainly code; nothing for all others."""
    if len(text) > MOST_LOOKED_AT or len(text) < 8:
        return ""
    if _LIKELY.search(text) and _is_python(text):
        return "python"
    return next((name for name, rule in _RULES if rule.finds(text)), "")


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(statement, _TELLING) for statement in tree.body)
