"""Places on the map, as Google knows them."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName

_FIELDS = {
    "displayName": "name",
    "formattedAddress": "address",
    "internationalPhoneNumber": "phone",
    "rating": "rating",
    "userRatingCount": "reviews",
    "websiteUri": "website",
}
"""What is asked of a place, and what we call it."""
_MASK = ",".join([*(f"places.{name}" for name in _FIELDS), "nextPageToken"])
_API = Api(
    "https://places.googleapis.com",
    headers={"x-goog-fieldmask": _MASK},
    key_header="x-goog-api-key",
    scheme="",
)
_PAGE = 20
"""So many places Google gives at once."""


@block(
    id="web.places",
    title="Search Google Maps",
    keywords=("map", "location", "shop", "restaurant", "business", "address", "phone"),
    effects="reads",
    cost="what Google asks for a text search with contact data",
    outputs={
        "place": Annotated[
            dict[str, Any],
            about("Each place: `name`, `address`, `phone`, `rating`, `reviews`, `website`."),
        ],
        "places": Annotated[list[dict[str, Any]], about("All of them.")],
    },
    examples=[
        example(
            {"query": "tea in Oslo", "credential": "google-maps", "count": 1},
            place={
                "name": "Tea House", "address": "Oslo 1", "phone": "+47 1", "rating": 4.5, "reviews": 12,
                "website": "https://example.com",
            },
        )
    ],
)  # fmt: skip
async def places(
    query: Annotated[str, about("What and where, such as `coffee in Bergen`.")],
    credential: Annotated[
        str,
        CredentialName("api_key", hosts=("places.googleapis.com",)),
        about("A key of Google with the Places API (New)."),
    ],
    *,
    count: Annotated[
        int, pydantic.Field(ge=1, le=60), about("The most that are given.")
    ] = 20,
    near: Annotated[
        tuple[float, float] | None,
        about("Latitude and longitude; places there come first.", advanced=True),
    ] = None,
    radius: Annotated[
        float,
        pydantic.Field(ge=0, le=50_000),
        about("In metres around `near`.", advanced=True),
    ] = 5000,
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Finds places, shops and people of a trade, and how to reach them."""
    if not query.strip():
        raise ValueError("'query' is empty.")
    asked: dict[str, Any] = {"textQuery": query, "pageSize": min(count, _PAGE)}
    if near is not None:
        center = {"latitude": near[0], "longitude": near[1]}
        asked["locationBias"] = {"circle": {"center": center, "radius": radius}}
    given: list[dict[str, Any]] = []
    while True:
        found = await _API.call(
            context, "POST", "/v1/places:searchText", credential=credential, base_url=base_url, body=asked
        )  # fmt: skip
        for one in (found.get("places") or [])[: count - len(given)]:
            given.append(_place(one))
            yield "place", given[-1]
        token = found.get("nextPageToken")
        if not token or len(given) >= count:
            break
        asked["pageToken"] = token
    yield "places", given


def _place(found: dict[str, Any]) -> dict[str, Any]:
    place = {ours: found.get(theirs) for theirs, ours in _FIELDS.items()}
    name = found.get("displayName") or {}
    empty = {"phone": "", "website": "", "address": "", "rating": 0, "reviews": 0}
    place = {key: empty.get(key) if it is None else it for key, it in place.items()}
    return {**place, "name": name.get("text", "")}
