"""Blocks that encode and decode, hash, and make ids."""

import base64
import binascii
import hashlib
import hmac
import html
import secrets
import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import (
    parse_qsl,
    quote,
    quote_plus,
    unquote,
    unquote_plus,
    urlencode,
    urlsplit,
    urlunsplit,
)

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example, Like
from agentbench.domain.port import LongText

_Text = Annotated[LongText, about("The text.")]
_Data = Annotated[str | bytes, about("Text (as UTF-8) or bytes.")]
_Algorithm = Annotated[
    Literal["sha256", "sha512", "sha3-256", "blake2b", "sha1", "md5", "crc32"],
    about("How; SHA-1 and MD5 are for what others ask for, not for safety."),
]


@block(
    id="encode.base64",
    title="Encode as Base64",
    keywords=("base64", "binary", "data", "ascii", "encode"),
    examples=[
        example({"data": "héllo"}, result="aMOpbGxv"),
        example({"data": "??>", "for_urls": True}, result="Pz8-"),
    ],
)
def to_base64(
    data: _Data,
    *,
    for_urls: Annotated[bool, about("With - and _, without = at the end.")] = False,
) -> Annotated[str, about("Letters, digits and a few signs.")]:
    """Writes text or bytes in 64 plain letters."""
    raw = data.encode() if isinstance(data, str) else data
    if for_urls:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return base64.b64encode(raw).decode()


@block(
    id="encode.from_base64",
    title="Decode Base64",
    keywords=("base64", "decode", "binary", "bytes"),
    outputs={
        "text": Annotated[str, about("As text, when it is text.")],
        "bytes": Annotated[bytes, about("As bytes.")],
    },
    examples=[example({"text": "aMOpbGxv"}, text="héllo")],
)
def from_base64(text: _Text) -> dict[str, Any]:
    """Reads Base64, also the kind that stands in URLs."""
    packed = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"'text' is no Base64: {error}.") from error
    try:
        return {"text": raw.decode(), "bytes": raw}
    except UnicodeDecodeError:
        return {"bytes": raw}


@block(
    id="encode.url",
    title="Encode for a URL",
    keywords=("percent", "urlencode", "query", "escape", "uri"),
    examples=[
        example({"text": "a b/ü"}, result="a%20b%2F%C3%BC"),
        example({"text": "a b", "plus": True}, result="a+b"),
    ],
)
async def to_url(
    text: _Text,
    *,
    plus: Annotated[bool, about("Spaces as +, as forms have it.")] = False,
) -> Annotated[str, about("The text as it may stand in a URL.")]:
    """Writes a text so that it may stand in a URL."""
    return quote_plus(text) if plus else quote(text, safe="")


@block(
    id="encode.from_url",
    title="Decode from a URL",
    keywords=("percent", "urldecode", "query", "unescape", "uri"),
    examples=[example({"text": "a%20b+c"}, result="a b+c")],
)
async def from_url(
    text: _Text,
    *,
    plus: Annotated[bool, about("A + is a space, as forms have it.")] = False,
) -> Annotated[str, about("The text.")]:
    """Reads text that stood in a URL."""
    return unquote_plus(text) if plus else unquote(text)


@block(
    id="encode.parse_url",
    title="Take a URL apart",
    keywords=("parse", "host", "path", "query", "parameters", "domain", "link"),
    outputs={
        "scheme": Annotated[str, about("Such as `https`.")],
        "host": Annotated[str, about("Such as `example.com`.")],
        "port": Annotated[int, about("The port, when one is named.")],
        "path": Annotated[str, about("What follows the host.")],
        "query": Annotated[dict[str, Any], about("The parameters; several as a list.")],
        "fragment": Annotated[str, about("What follows the #.")],
    },
    examples=[
        example(
            {"url": "https://example.com:8080/a/b?x=1&x=2&y=z#top"},
            scheme="https",
            host="example.com",
            port=8080,
            path="/a/b",
            query={"x": ["1", "2"], "y": "z"},
            fragment="top",
        )
    ],
)
async def parse_url(
    url: Annotated[str, about("The address; nothing is asked of it.", title="URL")],
) -> dict[str, Any]:
    """Takes an address apart, without going there."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise ValueError(f"'url' {url!r:.80} is no address: {error}.") from error
    query: dict[str, Any] = {}
    for name, value in parse_qsl(
        parts.query, keep_blank_values=True, max_num_fields=10_000
    ):
        query.setdefault(name, []).append(value)
    single = {
        name: found[0] if len(found) == 1 else found for name, found in query.items()
    }
    given = {
        "scheme": parts.scheme,
        "host": parts.hostname or "",
        "path": parts.path,
        "query": single,
        "fragment": parts.fragment,
    }
    return given if port is None else {**given, "port": port}


@block(
    id="encode.build_url",
    title="Build a URL",
    keywords=("address", "query", "parameters", "link", "join", "urlencode"),
    examples=[
        example(
            {
                "base": "https://example.com/a?x=1",
                "path": "b c",
                "query": {"y": [1, 2]},
            },
            result="https://example.com/a/b%20c?x=1&y=1&y=2",
        )
    ],
)
async def build_url(
    base: Annotated[str, about("The address to begin with.")],
    path: Annotated[str, about("What is added to its path.")] = "",
    query: Annotated[dict[str, Any], about("Parameters that are added.")] = {},  # noqa: B006
) -> Annotated[str, about("The address; nothing is asked of it.")]:
    """Puts an address together, with everything in it escaped as it must be."""
    parts = urlsplit(base.strip())
    if not parts.scheme or not parts.netloc:
        raise ValueError(f"'base' {base!r:.80} is no whole address: https://…")
    whole = parts.path
    if path:
        whole = f"{whole.rstrip('/')}/{quote(path.lstrip('/'))}"
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *_pairs(query)]
    return urlunsplit(parts._replace(path=whole, query=urlencode(pairs)))


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, str(one))
        for name, value in query.items()
        if value is not None
        for one in (value if isinstance(value, list) else [value])
    ]


@block(
    id="encode.html",
    title="Escape HTML",
    keywords=("entities", "xss", "sanitize", "markup", "safe", "escape"),
    examples=[
        example({"text": "<b>&"}, result="&lt;b&gt;&amp;"),
        example({"text": "&lt;b&gt;", "back": True}, result="<b>"),
    ],
)
async def to_html(
    text: _Text,
    *,
    back: Annotated[bool, about("The other way: read `&lt;` as `<`.")] = False,
) -> Annotated[str, about("The text.")]:
    """Writes a text so that it may stand in HTML, or reads such text."""
    return html.unescape(text) if back else html.escape(text)


@block(
    id="encode.hex",
    title="Hexadecimal",
    keywords=("hex", "bytes", "dump", "base16", "binary"),
    examples=[example({"data": "Az"}, result="417a")],
)
async def to_hex(data: _Data) -> Annotated[str, about("Two signs a byte.")]:
    """Writes text or bytes as hexadecimal numbers."""
    return (data.encode() if isinstance(data, str) else data).hex()


@block(
    id="encode.hash",
    title="Hash",
    keywords=("checksum", "digest", "sha256", "md5", "fingerprint", "crc"),
    examples=[
        example(
            {"data": "abc"},
            result="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        example({"data": "abc", "algorithm": "crc32"}, result="352441c2"),
    ],
)
def digest(
    data: _Data, algorithm: _Algorithm = "sha256"
) -> Annotated[str, about("The hash, in hexadecimal.")]:
    """Makes a short text that tells whether two things are the same."""
    raw = data.encode() if isinstance(data, str) else data
    if algorithm == "crc32":
        return f"{binascii.crc32(raw):08x}"
    name = algorithm.replace("-", "_")
    return hashlib.new(name, raw, usedforsecurity=False).hexdigest()


@block(
    id="encode.sign",
    title="Sign",
    keywords=("hmac", "signature", "webhook", "verify", "authenticate", "secret"),
    effects="reads",
    outputs={
        "signature": Annotated[str, about("In hexadecimal.")],
        "is_right": Annotated[bool, about("Whether the given one is that.")],
    },
    examples=[
        Example(
            inputs={"data": "hello", "credential": "example"},
            outputs={"signature": [Like("[0-9a-f]{64}")], "is_right": [False]},
        )
    ],
)
async def sign(
    data: _Data,
    credential: Annotated[
        str, CredentialName(), about("The credential whose secret signs.")
    ],
    *,
    signature: Annotated[str, about("One to compare with.")] = "",
    algorithm: Annotated[Literal["sha256", "sha512", "sha1"], about("How.")] = "sha256",
    context: Context,
) -> dict[str, Any]:
    """Signs data with a secret (HMAC), or tells whether a signature is right."""
    raw = data.encode() if isinstance(data, str) else data
    secret = (await context.credential(credential)).secret
    made = hmac.new(secret.reveal().encode(), raw, algorithm).hexdigest()
    given = (
        signature.rpartition("=")[2].strip().lower()
    )  # `sha256=…`, as webhooks have it
    return {
        "signature": made,
        "is_right": hmac.compare_digest(made.encode(), given.encode()),
    }


@block(
    id="encode.id",
    title="Make an id",
    keywords=("uuid", "guid", "unique", "random", "token", "identifier", "password"),
    effects="reads",
    examples=[
        example(
            {},
            result=Like(
                r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
            ),
        ),
        example({"kind": "letters", "length": 8}, result=Like("[A-Za-z0-9]{8}")),
        example(
            {"kind": "from text", "text": "a"},
            result="e1407479-3136-56c0-9908-bb02fb0339e2",
        ),
    ],
)
async def new_id(
    kind: Annotated[
        Literal["uuid", "letters", "from text"],
        about("By chance; letters and digits; or the same for the same text."),
    ] = "uuid",
    *,
    length: Annotated[
        int, pydantic.Field(ge=4, le=200), about("Of letters: how many.")
    ] = 16,
    text: Annotated[str, about("What `from text` is made of.")] = "",
) -> Annotated[str, about("The id.")]:
    """Makes a name that nothing else has."""
    if kind == "from text":
        return str(uuid.uuid5(uuid.NAMESPACE_URL, text))
    if kind == "letters":
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "".join(secrets.choice(letters) for _ in range(length))
    return str(uuid.uuid4())
