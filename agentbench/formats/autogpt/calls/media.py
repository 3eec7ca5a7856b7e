"""Who makes pictures, films, music and speech for others: Replicate, fal, Ideogram, D-ID, Unreal Speech, NVIDIA.

Facts: replicate.com/docs/reference/http, docs.fal.ai (queue), developer.ideogram.ai/api-reference,
docs.d-id.com/reference/createclip, docs.v8.unrealspeech.com (the older v7 has AutoGPT's voices),
docs.api.nvidia.com (hive/deepfake-image-detection).
"""

import base64
from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, CallRefused, Sent, until
from agentbench.formats.base import Native

_REPLICATE = Api("https://api.replicate.com/v1")
_FAL = Api("https://queue.fal.run", scheme="Key")
_IDEOGRAM = Api("https://api.ideogram.ai", header="api-key", scheme="")
_DID = Api("https://api.d-id.com", scheme="Basic")
_UNREAL = Api("https://api.v7.unrealspeech.com")
_NVIDIA = Api("https://ai.api.nvidia.com/v1")


async def as_uri(native: Native, file: Any) -> str:
    """A file as an address that others can read: one of the web as it is, else a data URI."""
    if isinstance(file, str) and file.startswith(("http://", "https://", "data:")):
        return file
    found = await native.all("files.read", file=file)
    return f"data:{found['kind']};base64,{base64.b64encode(found['bytes']).decode()}"


# ---- Replicate -------------------------------------------------------------


async def _predicted(
    given: Given, native: Native, model: str, asked: Mapping[str, Any]
) -> Any:
    """What a model of Replicate's made; `model` is `owner/name`, with `:version` or without."""
    name, _, version = model.partition(":")
    body = {"input": {key: it for key, it in asked.items() if it is not None}}

    async def start() -> Any:
        if version:
            return await _REPLICATE.ask(
                native,
                given,
                "POST",
                "/predictions",
                Sent(body={**body, "version": version}),
            )
        try:
            return await _REPLICATE.ask(
                native, given, "POST", f"/models/{name}/predictions", Sent(body=body)
            )
        except CallRefused as error:
            if error.status != 404:
                raise
        found = await _REPLICATE.ask(
            native, given, "GET", f"/models/{name}"
        )  # a model of somebody's own
        latest = (found.get("latest_version") or {}).get("id")
        return await _REPLICATE.ask(
            native,
            given,
            "POST",
            "/predictions",
            Sent(body={**body, "version": latest}),
        )

    made = await native.context.once("start", start)
    if made["status"] not in _OVER:
        place = f"/predictions/{made['id']}"
        async for made, _ in until(  # noqa: B007
            lambda: _REPLICATE.ask(native, given, "GET", place),
            lambda it: it["status"] in _OVER, every=1, most=900,
        ):  # fmt: skip
            pass
    if made["status"] != "succeeded":
        raise RuntimeError(
            f"{name} {made['status']}: {made.get('error') or 'it said no more'}."
        )
    return made


_OVER = ("succeeded", "failed", "canceled", "aborted")


def _first(output: Any) -> str:
    """What came out: the first address of a file, or text whose parts are put together."""
    if isinstance(output, list):
        is_text = all(isinstance(it, str) and "://" not in it for it in output)
        output = "".join(output) if is_text else output[0] if output else ""
    if isinstance(output, Mapping):
        output = next((it for it in output.values() if isinstance(it, str)), "")
    return output if isinstance(output, str) else str(output)


async def predict(given: Given, native: Native) -> Stream:
    """What a model makes that is said by its name."""
    model = str(given["model_name"])
    if given["version"]:
        model = f"{model.partition(':')[0]}:{given['version']}"
    made = await _predicted(given, native, model, given["model_inputs"])
    yield "result", _first(made["output"])
    yield "status", made["status"]
    yield "model_name", given["model_name"]


def _flux(name: Any) -> str:
    said = str(name or "Flux Schnell").strip()
    return (
        said if "/" in said else "black-forest-labs/" + said.lower().replace(" ", "-")
    )


async def flux(given: Given, native: Native) -> Stream:
    """A picture of one of the Flux models."""
    names = (
        "prompt",
        "seed",
        "steps",
        "guidance",
        "interval",
        "aspect_ratio",
        "output_quality",
        "safety_tolerance",
    )
    asked = {it: given[it] for it in names} | {
        "output_format": given["output_format"] or "webp"
    }
    made = await _predicted(given, native, _flux(given["replicate_model_name"]), asked)
    yield "result", _first(made["output"])


_PAINTERS = {
    "recraft v3": "recraft-ai/recraft-v3",
    "stable diffusion 3.5 medium": "stability-ai/stable-diffusion-3.5-medium",
    "nano banana": "google/nano-banana",
    "nano banana pro": "google/nano-banana-pro",
    "nano banana 2": "google/nano-banana-2",
}
_RATIOS = {
    "square": "1:1",
    "landscape": "4:3",
    "portrait": "3:4",
    "wide": "16:9",
    "tall": "9:16",
}


def _painter(name: Any) -> str:
    said = str(name or "Nano Banana 2").strip()
    if "/" in said:
        return said
    return _PAINTERS.get(said.lower()) or _flux(said)


async def paint(given: Given, native: Native) -> Stream:
    """A picture of words."""
    model = _painter(given["model"])
    style = str(given["style"] or "any")
    asked = {
        "prompt": given["prompt"],
        "aspect_ratio": _RATIOS.get(str(given["size"] or "square"), "1:1"),
    }
    if style != "any" and model.startswith("recraft"):
        asked["style"] = style
    elif style != "any":
        asked["prompt"] += ", " + style.replace("/", ", ").replace("_", " ")
    made = await _predicted(given, native, model, asked)
    yield "image_url", _first(made["output"])


def _ratio(given: Given) -> str:
    return str(given["aspect_ratio"] or "match_input_image")


async def customise(given: Given, native: Native) -> Stream:
    """A picture of words and of other pictures."""
    images = [await as_uri(native, it) for it in given["images"]]
    asked = {
        "prompt": given["prompt"],
        "image_input": images,
        "aspect_ratio": _ratio(given),
        "output_format": given["output_format"] or "png",
    }
    made = await _predicted(given, native, _painter(given["model"]), asked)
    yield "image_url", _first(made["output"])


async def edit(given: Given, native: Native) -> Stream:
    """A picture changed by words."""
    model = _painter(given["model"])
    asked = {
        "prompt": given["prompt"],
        "aspect_ratio": _ratio(given),
        "seed": given["seed"],
    }
    if given["input_image"]:
        image = await as_uri(native, given["input_image"])
        if model.startswith("google/"):
            asked["image_input"] = [image]
        else:
            asked["input_image"] = image
    made = await _predicted(given, native, model, asked)
    yield "output_image", _first(made["output"])


_MUSICGEN = (
    "meta/musicgen:671ac645ce5e552cc63a54a2bbff63fcf798043055d2dac5fc9e36a837eedcfb"
)


async def compose(given: Given, native: Native) -> Stream:
    """Music of words."""
    names = (
        "prompt",
        "duration",
        "temperature",
        "top_k",
        "top_p",
        "classifier_free_guidance",
    )
    asked = {it: given[it] for it in names} | {
        "model_version": given["music_gen_model_version"] or "stereo-large",
        "output_format": given["output_format"] or "wav",
        "normalization_strategy": given["normalization_strategy"] or "loudness",
    }
    made = await _predicted(given, native, _MUSICGEN, asked)
    yield "result", _first(made["output"])


# ---- the others ------------------------------------------------------------


async def film(given: Given, native: Native) -> Stream:
    """A film of words, by a model of fal's."""
    model = str(given["model"] or "fal-ai/mochi-v1").strip("/")
    body = {"prompt": given["prompt"]}
    queued = await _FAL.ask(
        native, given, "POST", f"/{model}", Sent(body=body), once="start"
    )
    status: dict[str, Any] = {}
    async for status, _ in until(
        lambda: _FAL.ask(native, given, "GET", queued["status_url"], Sent(params={"logs": 1})),
        lambda it: it["status"] not in ("IN_QUEUE", "IN_PROGRESS"), every=2, most=1800,
    ):  # fmt: skip
        logs = [
            str(it.get("message", it)) if isinstance(it, Mapping) else str(it)
            for it in status.get("logs") or []
        ]
    made = await _FAL.ask(native, given, "GET", queued["response_url"])
    yield "video_url", made["video"]["url"]
    if logs:
        yield "logs", logs


async def ideogram(given: Given, native: Native) -> Stream:
    """A picture of words, by Ideogram; larger on top of that where wanted."""
    model = str(given["ideogram_model_name"] or "V_3")
    ratio = str(given["aspect_ratio"] or "ASPECT_1_1")
    style, magic = (
        str(given["style_type"] or "AUTO"),
        str(given["magic_prompt_option"] or "AUTO"),
    )
    asked: dict[str, Any] = {"prompt": given["prompt"], "style_type": style}
    if given["seed"] is not None:
        asked["seed"] = given["seed"]
    if given["negative_prompt"]:
        asked["negative_prompt"] = given["negative_prompt"]
    if palette := _palette(given):
        asked["color_palette"] = palette
    if model == "V_3":
        asked |= {
            "aspect_ratio": ratio.removeprefix("ASPECT_").replace("_", "x"),
            "magic_prompt": magic,
        }
        place, body = "/v1/ideogram-v3/generate", asked
    else:
        asked |= {"model": model, "aspect_ratio": ratio, "magic_prompt_option": magic}
        place, body = "/generate", {"image_request": asked}
    made = await _IDEOGRAM.ask(
        native, given, "POST", place, Sent(body=body), timeout=180, once="paint"
    )
    picture = made["data"][0]["url"]
    if str(given["upscale"] or "").lower().replace("_", " ") == "ai upscale":
        made = await _IDEOGRAM.ask(
            native, given, "POST", "/upscale", Sent(body={"image_request": {}}),
            files={"image_file": picture}, timeout=180,
        )  # fmt: skip
        picture = made["data"][0]["url"]
    yield "result", picture


def _palette(given: Given) -> dict[str, Any]:
    if given["custom_color_palette"]:
        return {"members": [{"color_hex": it} for it in given["custom_color_palette"]]}
    name = str(given["color_palette_name"] or "NONE")
    return {} if name == "NONE" else {"name": name}


async def talk(given: Given, native: Native) -> Stream:
    """A film of somebody who speaks a text."""
    body = {
        "script": {
            "type": "text",
            "subtitles": str(given["subtitles"]).lower(),
            "provider": {"type": given["provider"], "voice_id": given["voice_id"]},
            "ssml": str(given["ssml"]).lower(),
            "input": given["script_input"],
        },
        "config": {"result_format": given["result_format"]},
        "presenter_config": {"crop": {"type": given["crop_type"]}},
        "presenter_id": given["presenter_id"],
        "driver_id": given["driver_id"],
    }
    made = await _DID.ask(
        native, given, "POST", "/clips", Sent(body=body), once="start"
    )
    place, every = f"/clips/{made['id']}", given["polling_interval"]
    async for made, _ in until(  # noqa: B007
        lambda: _DID.ask(native, given, "GET", place),
        lambda it: it["status"] in ("done", "error", "rejected"),
        every=every, most=every * given["max_polling_attempts"],
    ):  # fmt: skip
        pass
    if made["status"] != "done":
        raise RuntimeError(
            f"D-ID's film ended {made['status']}: {made.get('error') or 'it said no more'}."
        )
    yield "video_url", made["result_url"]


async def detect(given: Given, native: Native) -> Stream:
    """Whether a picture is made up."""
    body = {
        "input": [await as_uri(native, given["image_base64"])],
        "return_image": given["return_image"],
    }
    made = await _NVIDIA.ask(
        native, given, "POST", "/cv/hive/deepfake-image-detection", Sent(body=body)
    )
    [found] = made["data"]
    yield "status", found.get("status", "")
    yield "is_deepfake", found.get("is_deepfake", 0.0)
    if given["return_image"] and found.get("image"):
        image = str(found["image"])
        yield (
            "image",
            image if image.startswith("data:") else f"data:image/jpeg;base64,{image}",
        )


MEDIA: Mapping[str, Work] = {
    "ReplicateModelBlock": _REPLICATE.block(predict),
    "ReplicateFluxAdvancedModelBlock": _REPLICATE.block(flux),
    "AIImageGeneratorBlock": _REPLICATE.block(paint),
    "AIImageCustomizerBlock": _REPLICATE.block(customise),
    "AIImageEditorBlock": _REPLICATE.block(edit),
    "AIMusicGeneratorBlock": _REPLICATE.block(compose),
    "AIVideoGeneratorBlock": _FAL.block(film),
    "IdeogramModelBlock": _IDEOGRAM.block(ideogram),
    "CreateTalkingAvatarVideoBlock": _DID.block(talk),
    "UnrealTextToSpeechBlock": _UNREAL.post("/speech", "Text<text VoiceId<voice_id", "mp3_url<OutputUri",
        also={"Bitrate": "192k", "Speed": "0", "Pitch": "1", "TimestampType": "sentence"}),
    "NvidiaDeepfakeDetectBlock": _NVIDIA.block(detect, "reads"),
}  # fmt: skip
