"""Screenshots of pages, taken by ScreenshotOne: no browser is needed here."""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.blocks.base.pictures import opened
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.port import Image

_API = Api(
    "https://api.screenshotone.com",
    key_header="x-access-key",
    scheme="",
    detail=("error_message", "message"),
)
_Points = Annotated[int, pydantic.Field(ge=50, le=10_000)]


@block(
    id="web.screenshot",
    title="Screenshot of a page",
    keywords=("picture", "capture", "browser", "page", "screenshotone", "render"),
    effects="reads",
    cost="one screenshot of ScreenshotOne's plan",
    outputs={
        "image": Annotated[Image, about("The picture.")],
        "file": Annotated[bytes, about("The picture as a file of that kind.")],
    },
)
async def screenshot(
    url: Annotated[str, about("The page: https://…; it has to be public.")],
    credential: Annotated[
        str,
        CredentialName("api_key", hosts=("api.screenshotone.com",)),
        about("The access key of ScreenshotOne."),
    ],
    *,
    width: Annotated[_Points, about("Of the window, in points.")] = 1920,
    height: Annotated[_Points, about("Of the window, in points.")] = 1080,
    whole: Annotated[bool, about("The whole page, not what the window shows.")] = False,
    format: Annotated[
        Literal["png", "jpeg", "webp"], about("The kind of picture.")
    ] = "png",
    block_ads: Annotated[bool, about("Without advertisements.", advanced=True)] = True,
    block_banners: Annotated[
        bool, about("Without cookie banners.", advanced=True)
    ] = True,
    block_chats: Annotated[bool, about("Without chat windows.", advanced=True)] = True,
    cache: Annotated[bool, about("An earlier picture will do.", advanced=True)] = False,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Takes a picture of a web page as a browser shows it."""
    options = {
        "url": url,
        "viewport_width": width,
        "viewport_height": height,
        "full_page": whole,
        "format": format,
        "block_ads": block_ads,
        "block_cookie_banners": block_banners,
        "block_chats": block_chats,
        "cache": cache,
    }
    # The API reads them from the query as words of JavaScript.
    params = {k: str(v).lower() if isinstance(v, bool) else v for k, v in options.items()}  # fmt: skip
    found = await _API.call(
        context, "GET", "/take", credential=credential, base_url=base_url, params=params, timeout=90
    )  # fmt: skip
    picture = found if isinstance(found, bytes) else b""
    if not picture:
        raise LookupError(f"ScreenshotOne gave no picture, but {found!r:.80}.")
    image = await context.in_thread(opened, picture, "the screenshot")
    return {"image": image, "file": picture}
