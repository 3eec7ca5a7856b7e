"""What can go wrong with a model."""

from collections.abc import Iterable
from typing import Any

from agentbench.domain.errors.base import close_to
from agentbench.domain.errors.run import RunError


class ModelError(RunError):
    """A model could not be asked, or did not answer; `usage` is what was used up, if anything."""

    usage: Any = None


class UnknownModel(ModelError):
    """No model has that name."""

    def __init__(self, model: str, reason: str, known: Iterable[str] = ()) -> None:
        self.model = model
        super().__init__(
            f"There is no model {model!r}:{close_to(model, known)} {reason}"
            " `%agent models` (or `agentbench models`) lists them."
        )


class ModelNotReady(ModelError):
    """The model's provider is not set up here: a key, a library or a server is missing."""

    def __init__(self, model: str, reason: str) -> None:
        self.model = model
        super().__init__(f"The model {model!r} cannot be asked: {reason}")


class ModelRefused(ModelError):
    """The provider does not take the request; the same one will not do later either."""

    def __init__(self, model: str, reason: str, *, status: int = 0) -> None:
        self.model, self.status = model, status
        said = f" ({status})" if status else ""
        super().__init__(f"The model {model!r} refused the request{said}: {reason}")


class ModelBusy(ModelError):
    """The provider is asked too often, or is overloaded; `retry_after` (s) is what it says."""

    def __init__(
        self,
        model: str,
        reason: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        self.model, self.status, self.retry_after = model, status, retry_after
        when = "" if retry_after is None else f" It says to wait {retry_after:g} s."
        super().__init__(
            f"The model {model!r} has no room for more requests now: {reason}{when}"
            " Ask less often (AGENTBENCH_MODEL_RATES), or later."
        )


class ModelFailed(ModelError):
    """The call broke off, or what came back is no answer; the same call may do later.

    One that took too long `is_final`: it is not made again unasked.
    """

    def __init__(
        self, model: str, reason: str, *, status: int = 0, is_final: bool = False
    ) -> None:
        self.model, self.status, self.is_final = model, status, is_final
        super().__init__(f"The model {model!r} did not answer: {reason}")


class AnswerInvalid(ModelError):
    """The model's answer does not fit the schema, though it was asked again."""

    def __init__(
        self, model: str, reason: str, text: str, times: int, *, usage: Any = None
    ) -> None:
        self.model, self.text, self.usage = model, text, usage
        shown = text if len(text) <= 200 else text[:199] + "…"
        super().__init__(
            f"The model {model!r} was asked {times} times and gave no answer of the"
            f" wanted form: {reason} The last was: {shown!r}. A simpler form or a"
            " larger model may do."
        )
