"""T47: our own patterns take time in proportion to the text, whatever it is made of."""

import subprocess
import sys

import pytest

SECONDS = 20
"""Of CPU, for all that a child reads; what is not linear takes minutes or for ever."""

READS = """
import contextlib, json, random, resource
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds} + 1))
from agentbench.blocks.ai.asking import _declared
from agentbench.blocks.base.xml import parsed
from agentbench.blocks.text.finding import extract_code
from agentbench.domain.fenced import unfenced
from agentbench.domain.redaction import Redaction
from agentbench.domain.renderer import PageAsked
from agentbench.formats.n8n.expressions import is_plain, valued
from agentbench.renderers.exception import _FILE
from agentbench.renderers.html import HtmlRenderer
from agentbench.renderers.image import ImageRenderer
from agentbench.renderers.mermaid import GraphvizRenderer, MermaidRenderer
from agentbench.renderers.table.paging import TablePages
from agentbench.replay.secrets import Secrets
from agentbench.workbench.runs import start_of

def pictured(text):
    for renderer in (HtmlRenderer(), ImageRenderer(), MermaidRenderer(), GraphvizRenderer()):
        renderer.can_render(text, {{}})

def filled(text):
    assert is_plain("=" + text) in (True, False)
    valued("=" + text, {{}})

table = TablePages([{{"q": "1"}}])

def compared(text):
    table.page(PageAsked(filter=text))

def refused(read):
    def reads(text):
        with contextlib.suppress(ValueError):
            read(text)
    return reads

def scrubbed(text):
    given = [{{"access_token": text[at : at + 20] + str(at)}} for at in range(0, len(text), 20)]
    Secrets(Redaction()).scrubbed({{"body": json.dumps(given).encode()}})

reads = dict(declared=_declared, pictured=pictured, filled=filled, coded=extract_code,
             named=lambda text: _FILE.sub("", text), compared=compared, unfenced=unfenced,
             marked=refused(parsed), dated=refused(start_of), scrubbed=scrubbed)
words = {words!r}
fuzz = random.Random(47)
for name, read in reads.items():
    for word in words[name]:
        start, word, end = word if isinstance(word, tuple) else ("", word, "x")
        read(start + word * (1_000_000 // len(word)) + end)
    each = ["".join(word) for word in words[name]]
    for _ in range(1):
        read("".join(fuzz.choice(each) for _ in range(50_000)))
    print(name)
"""
WORDS = {
    "declared": ["{#", "{# a: b", "{#}", "#}{#"],
    "pictured": [
        "<!---->",
        "<!--",
        "<?xml",
        "<?xml?>",
        "<!doctype>",
        "%%\n",
        " ",
        "<!-- --> ",
        ("pie", "\n", "x"),
        ("graph", " ", "x{"),
    ],
    "filled": ["{{", "{{ a", "}}{{", "{{}"],
    "coded": ["```\n", "~~~", "`", "```a\nb\n"],
    "named": ["\n", " ", "| ", " |\n", 'File "'],
    "compared": [("q", " ", "\n!"), ("q", "=", "\n!"), ("q", " <\n", "!")],
    "unfenced": [("```", "\n", "x"), ("```\n", "\n", "x"), ("```json\n", "```\n", "x")],
    "marked": [(" ", "\n", "!"), "<?xml ", (" ", "\n", "<a/>")],
    "dated": ["1", ("1", " ", "!"), ("1", "1", "d"), "1."],
    "scrubbed": ["token-", "a"],
}
"""What a text is made of, again and again; or what comes before that, it, and what after."""


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on CPU is of POSIX")
def test_t47_our_own_patterns_are_linear() -> None:
    code = READS.format(seconds=SECONDS, words=WORDS)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == list(WORDS), (done.returncode, done.stderr[-500:])
