"""Answers: what came back over HTTP, as values; and what is said when it is no success."""

import datetime
import email.utils
import http
import json
from collections.abc import Mapping
from typing import Any

from agentbench.domain.outbound import Response


class Refused(ConnectionError):
    """The server answered, but not with success; `retry_after` is in seconds."""

    def __init__(self, method: str, response: Response, detail: str = "") -> None:
        self.status = response.status
        self.retry_after = pause_of(response)
        known = {status.value: status.phrase for status in http.HTTPStatus}
        words = f"{response.status} {known.get(response.status, '')}".strip()
        start = detail or " ".join(response.text[:200].split())
        super().__init__(
            f"{method} {shown(response.url)} answered {words}"
            f"{': ' + start if start else '.'}"
        )


def headers_of(response: Response) -> dict[str, str]:
    """The headers, their names in small letters."""
    return {name.lower(): value for name, value in response.headers.items()}


def body_of(response: Response, *, strict: bool = True) -> Any:
    """JSON as values, text as text, anything else as bytes.

    Raises:
        ValueError: it says that it is JSON, and is not; unless that is taken as text.
    """
    headers = headers_of(response)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        if not response.content:
            return None
        try:
            return json.loads(response.text)
        except (ValueError, RecursionError) as error:
            if not (response.is_success and strict):
                return response.text
            raise ValueError(
                f"{shown(response.url)} says its answer is JSON, but it is not:"
                f" {error}. It begins {response.text[:60]!r}."
            ) from error
    if not response.content and response.status == http.HTTPStatus.NO_CONTENT:
        return None
    is_text = kind.startswith("text/") or kind.endswith(
        ("xml", "javascript", "csv", "urlencoded")
    )
    return response.text if is_text or not kind else response.content


def pause_of(response: Response) -> float | None:
    """The seconds after which a server wants to be asked again, if it says so."""
    if response.status not in (429, 503):
        return None
    said = headers_of(response).get("retry-after", "").strip()
    try:
        return max(float(said), 0.0)
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    now = datetime.datetime.now(datetime.UTC)
    return max((moment - now).total_seconds(), 0.0)


def shown(url: str) -> str:
    """The URL without its query, which may hold a secret."""
    return url.partition("?")[0]


def plain_headers(given: Mapping[str, Any]) -> dict[str, str]:
    """Headers without the empty ones, as text."""
    return {
        name: str(value) for name, value in given.items() if value not in (None, "")
    }
