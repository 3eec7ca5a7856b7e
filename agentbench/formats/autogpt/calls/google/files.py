"""Google's files: which one a node means, by which credential, and sharing them.

A node says a file as AutoGPT's picker gives it, `{"id", "name", "url", …}`, or by its
address. AutoGPT keeps its credential beside it by an id of its cloud; here it is `google`.
"""

import re
from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream
from agentbench.formats.autogpt.calls.call import Api, Sent
from agentbench.formats.base import Native

CREDENTIAL = "google"
"""What a node uses whose file names none."""
DRIVE = Api("https://www.googleapis.com/drive/v3")
HOSTS = ("*.googleapis.com",)
_ADDRESS = re.compile(r"/d/([\w-]{10,})")


def file_id(file: Any) -> str:
    """The id of a file.

    Raises:
        ValueError: no file is named.
    """
    said = (file.get("id") or file.get("url")) if isinstance(file, Mapping) else file
    found = _ADDRESS.search(str(said or ""))
    if not said:
        raise ValueError("No file of Google's is named: give its id or its address.")
    return found[1] if found else str(said)


def borne(given: Given) -> Given:
    """What was taken in, with the name of a credential."""
    return {**given, "credentials": given.get("credentials") or CREDENTIAL}


def shared(port: str, page: str) -> Any:
    """Shares a file with somebody, or with whoever has the link."""

    async def share(given: Given, native: Native) -> Stream:
        id, known = file_id(given[port]), borne(given)
        place = f"/files/{id}/permissions"
        if given["email"]:
            body = {
                "type": "user",
                "role": given["role"] or "reader",
                "emailAddress": given["email"],
            }
            params = {"sendNotificationEmail": str(given["send_notification"]).lower()}
            if given["message"] and given["send_notification"]:
                params["emailMessage"] = given["message"]
        else:
            body, params = {"type": "anyone", "role": given["role"] or "reader"}, {}
        await DRIVE.ask(native, known, "POST", place, Sent(params=params, body=body))
        yield (
            "result",
            {
                "success": True,
                "role": body["role"],
                "shared_with": given["email"] or "anyone with the link",
            },
        )
        yield "share_link", page.format(id=id)
        yield port, given[port]

    return share


def opened(port: str, page: str) -> Any:
    """Lets everybody who has the link read a file, or nobody any longer."""

    async def open_(given: Given, native: Native) -> Stream:
        id, known = file_id(given[port]), borne(given)
        place = f"/files/{id}/permissions"
        if given["public"]:
            body = {"type": "anyone", "role": given["role"] or "reader"}
            await DRIVE.ask(native, known, "POST", place, Sent(body=body))
            yield "result", {"success": True, "is_public": True}
            yield "share_link", page.format(id=id)
        else:
            listed = await DRIVE.ask(
                native,
                known,
                "GET",
                place,
                Sent(params={"fields": "permissions(id,type)"}),
            )
            for one in listed["permissions"]:
                if one["type"] == "anyone":
                    await DRIVE.ask(native, known, "DELETE", f"{place}/{one['id']}")
            yield "result", {"success": True, "is_public": False}
        yield port, given[port]

    return open_
