"""What the library and the network raise, as errors of ours."""

import json
from typing import Any

from agentbench.domain.errors import (
    AgentbenchError,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelNotReady,
    ModelRefused,
)

LONGEST = 500
"""So many letters are kept of what a provider says."""

_BUSY = (408, 409, 425, 429, 503, 529)


def by_status(
    model: str, status: int, said: str, retry_after: float | None = None
) -> ModelError:
    """What an HTTP status of a provider means."""
    said = said.strip() or "it gave no reason"
    said = said if said.endswith((".", "!", "?")) else said + "."
    if status in (401, 403):
        said += " Is its credential right?"
    if status in _BUSY:
        return ModelBusy(model, said, status=status, retry_after=retry_after)
    if status >= 500:
        return ModelFailed(
            model, f"its server failed ({status}): {said}", status=status
        )
    return ModelRefused(model, said, status=status)


def from_library(model: str, error: Exception) -> ModelError:
    """An error of `pydantic-ai`, of an SDK or of the network, in our words."""
    from pydantic_ai import exceptions as theirs

    if isinstance(error, ModelError):
        return error
    refused = _root(error, AgentbenchError)
    if refused is not None:  # the door's own: it says how to allow it
        return ModelNotReady(model, str(refused))
    if isinstance(error, theirs.ModelHTTPError):
        said = said_in(error.body) or str(error)
        wait = error.retry_after
        if wait is None:
            wait = seconds((error.headers or {}).get("retry-after"))
        return by_status(model, error.status_code, said, wait)
    if isinstance(error, theirs.ModelRequestTimeout):
        reason = "its answer took too long. Allow more time, or ask for less."
        return ModelFailed(model, reason, is_final=True)
    if isinstance(error, theirs.ModelRateLimitError):
        return ModelBusy(model, _cut(str(error)), retry_after=error.retry_after)
    if isinstance(error, theirs.ModelAuthenticationError):
        return ModelRefused(model, f"{_cut(str(error))} Is its credential right?")
    if isinstance(error, theirs.ModelRequestRejectedError):
        return ModelRefused(model, _cut(str(error)))
    if isinstance(error, theirs.UserError):
        return ModelRefused(model, _cut(str(error)))
    return ModelFailed(model, _cut(_chain(error)))


def seconds(text: str | None) -> float | None:
    """What a `retry-after` header says, where it is a number."""
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:
        return None


def said_in(body: Any) -> str:
    """What a provider says in the body of an error, as far as it can be found there."""
    if isinstance(body, (bytes, str)):
        try:
            body = json.loads(body)
        except ValueError:
            return _cut(
                body if isinstance(body, str) else body.decode(errors="replace")
            )
    if isinstance(body, list) and body:
        body = body[0]
    while isinstance(body, dict):
        inner = body.get("error", body.get("message", body.get("detail")))
        if inner is None:
            return _cut(json.dumps(body))
        body = inner
    return _cut(str(body)) if body else ""


def _chain(error: BaseException) -> str:
    """What an error says, and what lies under it where it says little."""
    parts = [str(error) or type(error).__name__]
    under = error.__cause__
    while under is not None and len(parts) < 4:
        text = str(under) or type(under).__name__
        if text not in parts[-1]:
            parts.append(text)
        under = under.__cause__
    return ": ".join(parts)


def _root(error: BaseException | None, kind: type[Exception]) -> Exception | None:
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
