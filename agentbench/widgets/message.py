"""Message: what all that crosses between kernel and view has in common."""

import pydantic


class Message(pydantic.BaseModel):
    """One thing that crosses, as JSON; a field too many is refused."""

    model_config = pydantic.ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True
    )
