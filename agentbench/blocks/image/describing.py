"""What a picture shows, in the words of a model."""

from typing import Annotated, Any

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.pictures import DOT, picture_of, written
from agentbench.domain.context import Context
from agentbench.domain.model import ChatRequest, Media, answer, says
from agentbench.domain.port import LongText


@block(
    id="image.describe",
    title="Describe image",
    keywords=("vision", "caption", "alt text", "what is in the picture", "ocr", "look"),
    effects="reads",
    cost="the tokens that the model takes",
    outputs={
        "text": Annotated[str, about("What the model sees.")],
        "model": Annotated[str, about("Who said it, as `provider:model`.")],
    },
    examples=[
        example(
            {"image": DOT, "model": "a:b"}, answers=["A red dot."], text="A red dot."
        )
    ],
)
async def describe(
    image: Annotated[Any, about("A picture, or a file: a path, a data: URI, an address, bytes.")],
    question: Annotated[LongText, about("What is asked about it.")] = "Describe this picture.",
    *,
    model: Annotated[str, about("Which model, as `provider:model`; the default when empty.")] = "",
    largest: Annotated[int, about("Points of its longer side, at most; larger is made smaller.", advanced=True)] = 1568,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Has a model that can see say what is in a picture."""
    found = await picture_of(image, context)

    def sized() -> bytes:
        copy = found.copy()
        copy.thumbnail((largest, largest))
        return written(copy, "PNG")

    data = await context.in_thread(sized)
    message = says("user", question, [Media("image/png", data)])
    given = await answer(context.models, ChatRequest(model=model, messages=(message,)))
    return {"text": given.text, "model": given.model}
