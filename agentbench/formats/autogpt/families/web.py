"""AutoGPT's blocks for the web, where a picture is a text there and an image here."""

import base64
from collections.abc import Mapping

from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.base import Native


async def screenshot(given: Given, native: Native) -> Stream:
    """A picture of a page as a data URI."""
    kind = str(given["format"] or "png").lower().replace("jpg", "jpeg")
    made = await native.all(
        "web.screenshot",
        url=given["url"],
        credential=given["credentials"],
        width=given["viewport_width"],
        height=given["viewport_height"],
        whole=given["full_page"],
        format=kind,
        block_ads=given["block_ads"],
        block_banners=given["block_cookie_banners"],
        block_chats=given["block_chats"],
        cache=given["cache"],
    )
    content = base64.b64encode(made["file"]).decode()
    yield "image", f"data:image/{kind};base64,{content}"


WEB: Mapping[str, Work] = {
    "ScreenshotWebPageBlock": Does(function=screenshot, block="web.screenshot"),
}
