"""AutoGPT's blocks that ask language models, people and other agents."""

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from agentbench.domain.model import ChatRequest, says
from agentbench.domain.model import answer as ask_model
from agentbench.domain.terms import split_answer
from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.base import Native

_BY_PROVIDER: Mapping[str, str] = {
    "open_router": "openrouter",
    "aiml_api": "openai",
    "llama_api": "openai",
    "v0": "openai",
}
"""AutoGPT's names of providers where ours differ."""
_BY_NAME: Mapping[str, str] = {
    "gpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "claude": "anthropic",
    "gemini": "google",
    "mistral": "mistral",
    "deepseek": "deepseek",
    "sonar": "perplexity",
}
_FILLED = re.compile(r"\{[{%]")


def model_of(name: Any, credential: str = "") -> str:
    """A model of AutoGPT as `provider:model`; empty (the default model) for none."""
    model = str(name or "").strip()
    if not model or (":" in model and model.partition(":")[0].isalpha()):
        return model
    provider = credential.partition("-")[0].replace("-", "_")
    provider = _BY_PROVIDER.get(provider, provider)
    if not provider:
        start = (
            re.split(r"[-.\d]", model, maxsplit=1)[0] if model[:1] != "o" else model[:2]
        )
        provider = "openrouter" if "/" in model else _BY_NAME.get(start.lower(), "")
    return f"{provider}:{model}" if provider else model


async def filled(native: Native, text: str, values: Any) -> str:
    """A prompt with its values filled in; without any it stays as it is."""
    if not values or not _FILLED.search(text):
        return text
    named = {str(name): it for name, it in values.items()}
    return str(
        (await native.all("text.template", template=text, values=named))["result"]
    )


async def _prompts(given: Given, native: Native) -> dict[str, Any]:
    """The prompts filled in; what is filled in is said as it is, braces and all."""
    values = given.get("prompt_values")
    asked = await filled(native, given["prompt"], values)
    instructions = await filled(native, given["sys_prompt"] or "", values)
    return {
        "prompt": _literal(asked),
        "system": _literal(instructions),
        "model": model_of(given["model"], given["credentials"]),
    }


def _literal(text: str) -> str:
    """Text that a template gives again as it is."""
    if not _FILLED.search(text) and "{#" not in text:
        return text
    return "{% raw %}" + text.replace("{% endraw", "{ % endraw") + "{% endraw %}"


def _said(given: Given) -> list[dict[str, str]]:
    said = [("system", given["sys_prompt"]), ("user", given["prompt"])]
    return [{"role": role, "content": text} for role, text in said if text]


async def generate(given: Given, native: Native) -> Stream:
    """What a model writes."""
    asked = await _prompts(given, native)
    made = await native.all("ai.generate", **asked, max_tokens=given["max_tokens"])
    yield "response", made["text"]
    yield "prompt", _said(given)


async def search(given: Given, native: Native) -> Stream:
    """What a model of Perplexity's answers, who searches the web for it."""
    model = str(given["model"] or "sonar").removeprefix("perplexity/")
    made = await native.all(
        "ai.generate",
        prompt=_literal(given["prompt"]),
        system=_literal(given["system_prompt"] or ""),
        model=f"perplexity:{model}",
        max_tokens=given["max_tokens"],
    )
    yield "response", made["text"]
    yield "annotations", []


async def write_code(given: Given, native: Native) -> Stream:
    """What a model writes that was asked for code."""
    made = await native.all(
        "ai.generate",
        prompt=_literal(given["prompt"]),
        system=_literal(given["system_prompt"] or ""),
        model=model_of(given["model"], given["credentials"] or "openai"),
        max_tokens=given["max_output_tokens"],
    )
    yield "response", made["text"]


async def structured(given: Given, native: Native) -> Stream:
    """What a model answers, in fields."""
    asked = await _prompts(given, native)
    fields = {str(name): f"text: {it}" for name, it in given["expected_format"].items()}
    many = given["list_result"]
    made = await native.all("ai.answer", **asked, fields=fields, many=many)
    yield "response", made["answers" if many else "answer"]
    yield "prompt", _said(given)


async def summarise(given: Given, native: Native) -> Stream:
    """A summary of a text however long; every part keeps to focus and style."""
    made = await native.all(
        "ai.summarise",
        text=given["text"],
        focus=given["focus"],
        style=str(given["style"] or "concise").lower().replace("_", " "),
        size=max(200, min(100_000, given["max_tokens"])),
        overlap=max(0, min(1000, given["chunk_overlap"])),
        model=model_of(given["model"], given["credentials"]),
    )
    yield "summary", made["summary"]
    yield "prompt", []


async def converse(given: Given, native: Native) -> Stream:
    """What a model says next in a conversation."""
    said = [
        says(
            "system" if it.get("role") == "system" else it.get("role", "user"),
            _text(it),
        )
        for it in given["messages"]
        if isinstance(it, Mapping)
    ]
    if given["prompt"]:
        said.append(says("user", given["prompt"]))
    if not said:
        raise ValueError("'messages' and 'prompt' are empty; say something.")
    request = ChatRequest(
        model=model_of(given["model"], given["credentials"]),
        messages=tuple(said),
        max_tokens=given["max_tokens"],
    )
    found = await ask_model(native.context.models, request)
    yield "response", found.text
    yield "prompt", list(given["messages"])


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content", "")
    return content if isinstance(content, str) else json.dumps(content, default=str)


async def pilot(given: Given, native: Native) -> Stream:
    """What a model answers in a session that it goes on with when it is named again.

    Raises:
        NotImplementedError: the node names tools or blocks that it relies on: these are of
            AutoGPT's cloud.
    """
    wanted = [
        str(it)
        for names, excluded in (
            ("tools", "tools_exclude"),
            ("blocks", "blocks_exclude"),
        )
        if not given[excluded]
        for it in given[names]
    ]
    if wanted:
        raise NotImplementedError(
            f"AutoPilot's tools are of AutoGPT's cloud, and {', '.join(wanted)} is not here:"
            " use an Orchestrator, with nodes as its tools."
        )
    session = str(given["session_id"]) or uuid.uuid4().hex
    memory = native.context.memory
    said = list(memory.get(f"autopilot {session}") or [])
    if not said and given["system_context"]:
        said.append({"role": "system", "content": given["system_context"]})
    said.append({"role": "user", "content": given["prompt"]})
    turns = tuple(says(it["role"], it["content"]) for it in said)
    found = await ask_model(
        native.context.models, ChatRequest(model="", messages=turns)
    )
    said.append({"role": "assistant", "content": found.text})
    memory.put(f"autopilot {session}", said)
    used = found.usage
    yield "response", found.text
    yield "tool_calls", []
    yield "conversation_history", json.dumps(said, ensure_ascii=False)
    yield "session_id", session
    yield (
        "token_usage",
        {
            "prompt_tokens": used.input,
            "completion_tokens": used.output,
            "total_tokens": used.input + used.output,
        },
    )


async def make_list(given: Given, native: Native) -> Stream:
    """A list that a model makes, or takes from a text."""
    focus, source = given["focus"] or "", given["source_data"] or ""
    made = await native.all(
        "ai.list",
        focus=focus if focus or source else "anything of interest",
        source=source,
        model=model_of(given["model"], given["credentials"]),
    )
    yield "generated_list", made["items"]
    for item in made["items"]:
        yield "list_item", item
    yield "prompt", []


async def condition(given: Given, native: Native) -> Stream:
    """Has a model say whether something holds, and sends one of two ways."""
    value = given["input_value"]
    made = await native.all(
        "ai.condition",
        value=value,
        condition=given["condition"],
        model=model_of(given["model"], given["credentials"]),
    )
    side = "yes" if made["result"] else "no"
    own = given[f"{side}_value"]
    yield "result", made["result"]
    yield f"{side}_output", value if own is None else own


async def orchestrate(given: Given, native: Native) -> Stream:
    """Lets a model use the nodes that `tools` leads to."""
    rounds = given["agent_mode_max_iterations"]
    asked = await _prompts(given, native)
    stream = native.run(
        "ai.agent",
        task=asked["prompt"],
        system=asked["system"],
        model=asked["model"],
        mode="one step" if rounds == 0 else "until done",
        rounds=max(1, min(1000, rounds)) if rounds > 0 else 1000,
        at_once=8 if given["multiple_tool_calls"] else 1,
        conversation=given["conversation_history"] or [],
        result=given["last_tool_output"],
        max_tokens=given["max_tokens"],
    )
    names = {"answer": "finished", "conversation": "conversations"}
    async for port, value in stream:
        if port in names:
            yield names[port], value


async def run_agent(given: Given, native: Native) -> Stream:
    """Runs a sub-agent, and gives what it gives."""
    native.refuse_off("agent.run")
    schema = given["input_schema"] or {}
    known = schema.get("properties") or {} if isinstance(schema, Mapping) else {}
    inputs = dict(given["inputs"] or {})
    inputs |= {name: given[name] for name in known if given.get(name) is not None}
    agent = given["agent"] or given["agent_name"] or given["graph_id"]
    outputs = await native.context.run_agent(agent, inputs)
    for name, values in outputs.items():
        for value in values:
            yield name, value


async def review(given: Given, native: Native) -> Stream:
    """Lets a person approve, reject or change a value before it goes on."""
    data, name = given["data"], str(given["name"])
    choices = ("approve", "reject", *(["change"] if given["editable"] else []))
    said, comment = split_answer(
        await native.context.ask(name, choices=choices, about=data, comment=True)
    )
    if said == "change":
        said, data = "approve", await native.context.ask(name, about=data, edit=True)
    yield ("approved_data" if said == "approve" else "rejected_data"), data
    if comment:
        yield "review_message", comment


AI: Mapping[str, Work] = {
    "AITextGeneratorBlock": Does(function=generate, block="ai.generate"),
    "AIStructuredResponseGeneratorBlock": Does(function=structured, block="ai.answer"),
    "PerplexityBlock": Does(function=search, block="ai.generate"),
    "CodeGenerationBlock": Does(function=write_code, block="ai.generate"),
    "AITextSummarizerBlock": Does(function=summarise, block="ai.summarise"),
    "AIConversationBlock": Does(function=converse, effects="reads"),
    "AutoPilotBlock": Does(function=pilot, effects="reads"),
    "AIListGeneratorBlock": Does(function=make_list, block="ai.list"),
    "AIConditionBlock": Does(function=condition, block="ai.condition"),
    "OrchestratorBlock": Does(function=orchestrate, block="ai.agent"),
    "AgentExecutorBlock": Does(function=run_agent, effects="reads"),
    "HumanInTheLoopBlock": Does(function=review, effects="reads"),
}
