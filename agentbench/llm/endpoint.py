"""An OpenAI-compatible server's other ways: embeddings, images, speech, its list of models."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.errors import ModelFailed, ModelNotReady, OutboundRefused
from agentbench.domain.model import (
    EmbedAnswer,
    EmbedRequest,
    Media,
    MediaAnswer,
    PaintRequest,
    SpeakRequest,
    TranscribeAnswer,
    TranscribeRequest,
    Usage,
    read_name,
)
from agentbench.domain.outbound import Outbound, Response
from agentbench.llm import faults
from agentbench.llm.price import cost_of
from agentbench.llm.providers import Provider

LONG = 180.0
"""Seconds that an image or a recording may take."""
BATCH = 256
"""Texts that are embedded with one request."""

_SOUNDS = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
}


class Endpoint:
    """One server, through the one door."""

    def __init__(
        self, provider: Provider, *, credential: str, outbound: Outbound
    ) -> None:
        self._provider, self._credential = provider, credential
        self._outbound = outbound

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts, some hundred texts with each request."""
        vectors: list[tuple[float, ...]] = []
        tokens = 0
        for start in range(0, len(request.texts), BATCH):
            batch = request.texts[start : start + BATCH]
            body = {"model": read_name(request.model).model, "input": list(batch)}
            given = await self._json(request.model, "embeddings", body)
            with _reading(request.model):
                found = sorted(
                    _list(given, "data", request.model), key=lambda it: it["index"]
                )
                vectors += [tuple(map(float, one["embedding"])) for one in found]
                tokens += int((given.get("usage") or {}).get("prompt_tokens") or 0)
            if len(found) != len(batch):
                raise ModelFailed(
                    request.model,
                    f"{len(batch)} texts were sent and {len(found)} vectors came.",
                )
        return EmbedAnswer(
            model=request.model,
            vectors=tuple(vectors),
            usage=self._used(request.model, {"prompt_tokens": tokens}),
        )

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words; from images and words where some are given."""
        model = read_name(request.model).model
        fields: dict[str, Any] = {
            "model": model,
            "prompt": request.prompt,
            "n": request.count,
        }
        if request.size:
            fields["size"] = request.size
        if model.startswith("dall-e"):
            fields["response_format"] = "b64_json"
        if request.images:
            files = [("image[]", one) for one in request.images]
            given = await self._form(request.model, "images/edits", fields, files)
        else:
            given = await self._json(request.model, "images/generations", fields)
        found = [
            await self._picture(request.model, one)
            for one in _list(given, "data", request.model)
        ]
        used = self._used(request.model, given.get("usage"))
        return MediaAnswer(model=request.model, media=tuple(found), usage=used)

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        body = {
            "model": read_name(request.model).model,
            "input": request.text,
            "voice": request.voice,
            "response_format": request.format,
        }
        response = await self._sent(request.model, "audio/speech", body)
        kind = response.headers.get("content-type", "").partition(";")[0]
        is_sound = kind.startswith("audio/")
        kind = kind if is_sound else _SOUNDS.get(request.format, "audio/mpeg")
        sound = Media(kind, response.content)
        return MediaAnswer(model=request.model, media=(sound,), usage=Usage())

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        fields = {"model": read_name(request.model).model, "response_format": "json"}
        if request.language:
            fields["language"] = request.language
        files = [("file", request.sound)]
        given = await self._form(request.model, "audio/transcriptions", fields, files)
        if not isinstance(given.get("text"), str):
            raise ModelFailed(request.model, "its answer holds no text.")
        used = given.get("usage")
        used = used if isinstance(used, dict) else {}
        tokens = {
            "prompt_tokens": used.get("input_tokens"),
            "completion_tokens": used.get("output_tokens"),
        }
        return TranscribeAnswer(
            model=request.model,
            text=given["text"],
            usage=self._used(request.model, tokens),
        )

    async def listing(self, *, timeout: float = 3.0) -> list[str]:
        """The names of the models that the server says it has.

        Raises:
            ModelError: it cannot be reached, or says nothing of the kind.
        """
        url, name = f"{self._provider.url}/models", self._provider.name
        response = await self._through(
            name, "GET", url, credential=self._credential, timeout=timeout
        )
        given = self._read(name, response)
        return [
            str(one["id"])
            for one in _list(given, "data", self._provider.name)
            if isinstance(one, dict) and "id" in one
        ]

    async def _picture(self, model: str, given: Any) -> Media:
        with _reading(model):
            if given.get("b64_json"):
                data = base64.b64decode(given["b64_json"], validate=True)
                return Media(_image_type(data), data)
            url = str(given.get("url") or "")
        if not url:
            raise ModelFailed(model, "it gave neither an image nor where one is.")
        response = await self._through(model, "GET", url, timeout=LONG)
        if not response.is_success:
            reason = f"where its image was to be, the answer was {response.status}."
            raise ModelFailed(model, reason)
        return Media(_image_type(response.content), response.content)

    async def _json(
        self, model: str, way: str, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        return self._read(model, await self._sent(model, way, dict(body)))

    async def _form(
        self,
        model: str,
        way: str,
        fields: Mapping[str, Any],
        files: list[tuple[str, Media]],
    ) -> dict[str, Any]:
        kind, body = _multipart(fields, files)
        sent = await self._sent(model, way, body, {"content-type": kind})
        return self._read(model, sent)

    async def _sent(
        self,
        model: str,
        way: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        response = await self._through(
            model,
            "POST",
            f"{self._provider.url}/{way}",
            headers=headers,
            body=body,
            credential=self._credential,
            timeout=LONG,
            max_bytes=100_000_000,
        )
        if not response.is_success:
            said = faults.said_in(response.content)
            wait = faults.seconds(response.headers.get("retry-after"))
            raise faults.by_status(model, response.status, said, wait)
        return response

    async def _through(self, model: str, method: str, url: str, **how: Any) -> Response:
        """One request, whose failures are the model's."""
        try:
            return await self._outbound.request(method, url, **how)
        except OutboundRefused as error:
            raise ModelNotReady(model, str(error)) from error
        except ConnectionError as error:
            raise ModelFailed(model, str(error)) from error

    def _read(self, model: str, response: Response) -> dict[str, Any]:
        if not response.is_success:
            said = faults.said_in(response.content)
            raise faults.by_status(model, response.status, said)
        try:
            given = json.loads(response.content)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise ModelFailed(model, "what came back is no JSON object.")
        return given

    def _used(self, model: str, used: Any) -> Usage:
        used = used if isinstance(used, dict) else {}
        with _reading(model):
            read = int(used.get("prompt_tokens") or used.get("input_tokens") or 0)
            written = int(
                used.get("completion_tokens") or used.get("output_tokens") or 0
            )
        cost = cost_of(read_name(model), read, written, url=self._provider.url)
        return Usage(input=read, output=written, cost=cost)


@contextlib.contextmanager
def _reading(model: str) -> Iterator[None]:
    """What a server gives may be anything; that it is no answer is the model's failure."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"its answer cannot be read ({type(error).__name__}: {error})."
        raise ModelFailed(model, reason) from error


def _list(given: Mapping[str, Any], name: str, model: str) -> list[Any]:
    found = given.get(name)
    if not isinstance(found, list):
        raise ModelFailed(model, f"its answer holds no list {name!r}.")
    return found


def _image_type(data: bytes) -> str:
    if data.startswith(b"\xff\xd8"):
        return "image/jpeg"
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return "image/webp" if is_webp else "image/png"


def _multipart(
    fields: Mapping[str, Any], files: list[tuple[str, Media]]
) -> tuple[str, bytes]:
    """A form with files: its content type and its bytes."""
    # Of everything that is sent: the same each time, and nobody can have it in a file.
    whole = hashlib.sha256(repr(sorted(fields.items())).encode())
    for _, media in files:
        whole.update(media.data)
    edge = whole.hexdigest()
    parts = []
    for name, value in fields.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        parts.append((head, str(value).encode()))
    for name, media in files:
        ending = media.type.rpartition("/")[2].replace("mpeg", "mp3")
        head = (
            f'Content-Disposition: form-data; name="{name}"; filename="file.{ending}"'
            f"\r\nContent-Type: {media.type}"
        )
        parts.append((head, media.data))
    body = b"".join(
        f"--{edge}\r\n{head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts
    )
    return f"multipart/form-data; boundary={edge}", body + f"--{edge}--\r\n".encode()
