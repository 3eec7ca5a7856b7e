"""Videos: what is said in one of YouTube's, by its captions.

YouTube has no public API for captions of other people's videos; its own apps ask for
them like this (the key is in every page, and the one of the app for Android is given
addresses that need no proof that a browser runs).
"""

import html
import re
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.answers import Refused, body_of
from agentbench.blocks.base.xml import parsed
from agentbench.domain.context import Context

_SITE = "https://www.youtube.com"
_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_KEY = re.compile(r'"INNERTUBE_API_KEY":\s*"([\w-]+)"')
_APP = {"client": {"clientName": "ANDROID", "clientVersion": "20.10.38"}}


@block(
    id="web.transcript",
    title="YouTube transcript",
    keywords=("youtube", "video", "captions", "subtitles", "transcribe", "speech"),
    effects="reads",
    outputs={
        "transcript": Annotated[str, about("What is said, a caption a line.")],
        "video": Annotated[str, about("The id of the video.")],
        "language": Annotated[str, about("The language of the captions, such as `en`.")],
        "captions": Annotated[
            list[dict[str, Any]], about("Each caption: `text`, and `start` and `duration` in seconds.")
        ],
    },
    examples=[
        example(
            {"url": "https://youtu.be/dQw4w9WgXcQ"},
            video="dQw4w9WgXcQ", language="en", transcript="Tea & rain\nagain",
        )
    ],
)  # fmt: skip
async def transcript(
    url: Annotated[str, about("The address of a video, or its id.")],
    languages: Annotated[
        list[str], about("Those that are wanted, the first first; any where there is none of them.")
    ] = ["en"],  # noqa: B006 - read, never changed
    *,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Reads the captions of a YouTube video; written ones go before those made by machine."""
    video = id_of(url)
    page = await _fetched(context, "GET", f"{_SITE}/watch", params={"v": video})
    key = _KEY.search(page if isinstance(page, str) else "")
    if key is None:
        raise ConnectionError(
            f"YouTube gave no page for the video {video}; it may ask for consent, or for a person."
        )
    answer = await _fetched(
        context, "POST", f"{_SITE}/youtubei/v1/player", params={"key": key[1]},
        body={"context": _APP, "videoId": video},
    )  # fmt: skip
    state = answer.get("playabilityStatus") or {}
    tracks = (
        (answer.get("captions") or {}).get("playerCaptionsTracklistRenderer") or {}
    ).get("captionTracks") or []
    if not tracks:
        reason = state.get("reason") or "it has no captions"
        raise LookupError(f"There is no transcript of the video {video}: {reason}.")
    track = min(tracks, key=lambda it: _rank(it, languages))
    place = track["baseUrl"].replace("&fmt=srv3", "")
    if (urlsplit(place).hostname or "") != urlsplit(_SITE).hostname:
        raise ConnectionError(
            f"YouTube named another host for the captions of {video}; it is not asked."
        )
    captions = _captions(await _fetched(context, "GET", place))
    return {
        "transcript": "\n".join(it["text"] for it in captions),
        "video": video,
        "language": track.get("languageCode", ""),
        "captions": captions,
    }


def id_of(url: str) -> str:
    """The id of a video in any of the addresses that YouTube has for it.

    Raises:
        ValueError: there is none in it.
    """
    said = url.strip()
    if _ID.fullmatch(said):
        return said
    parts = urlsplit(said if "://" in said else f"https://{said}")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    steps = [it for it in parts.path.split("/") if it]
    found = ""
    if host == "youtu.be" and steps:
        found = steps[0]
    elif host in ("youtube.com", "music.youtube.com", "youtube-nocookie.com"):
        named = parse_qs(parts.query).get("v", [""])[0]
        found = named or (
            steps[1]
            if len(steps) > 1 and steps[0] in ("embed", "shorts", "live", "v")
            else ""
        )
    if not _ID.fullmatch(found):
        raise ValueError(f"{url!r} is no address of a YouTube video.")
    return found


async def _fetched(context: Context, method: str, url: str, **more: Any) -> Any:
    headers = {"accept-language": "en-US"}
    answer = await context.outbound.request(method, url, headers=headers, **more)
    if not answer.is_success:
        raise Refused(method, answer)
    return body_of(answer, strict=False)


def _rank(track: dict[str, Any], languages: list[str]) -> tuple[int, bool]:
    code = track.get("languageCode", "")
    fits = [
        n
        for n, it in enumerate(languages)
        if code == it or code.partition("-")[0] == it
    ]
    return (fits[0] if fits else len(languages), track.get("kind") == "asr")


def _captions(content: Any) -> list[dict[str, Any]]:
    root = next(iter(parsed(content, "captions").values()), None) or {}
    rows = root.get("text") or []
    found = []
    for row in rows if isinstance(rows, list) else [rows]:
        if isinstance(row, dict) and row.get("#text"):
            text = html.unescape(str(row["#text"]))
            start, lasts = float(row.get("@start", 0)), float(row.get("@dur", 0))
            found.append({"text": text, "start": start, "duration": lasts})
    return found
