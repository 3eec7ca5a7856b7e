"""AutoGPT's blocks that search, and that make pictures, films, music and speech."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agentbench.formats.autogpt.calls.call import CallRefused
from agentbench.formats.autogpt.calls.media import MEDIA
from agentbench.formats.autogpt.calls.search import SEARCH
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case, block_of

EXA, FIRE, REP = "api.exa.ai", "api.firecrawl.dev", "api.replicate.com"
HIT = {"title": "Tea", "url": "https://example.com/tea"}
COST = {"total": 0.01}
RESEARCH = {"researchId": "r", "status": "completed", "model": "exa-research", "instructions": "look", "createdAt": 1,
            "output": {"content": "Tea."}, "costDollars": COST}  # fmt: skip
LEARNT = {"research_id": ["r"], "output_content": ["Tea."], "cost_total": [0.01]}
PAGE = {"markdown": "# Tea", "links": ["a", "b"], "screenshot": "https://s/1.png"}
DONE = {"id": "x", "status": "succeeded", "output": ["https://r/1.png"]}
OPTIONS = (
    '"formats": ["markdown"], "maxAge": 3600000, "onlyMainContent": true, "waitFor": '
)
FLUX = "/v1/models/black-forest-labs/flux-1.1-pro/predictions"

CASES = [
    Case("ExaSearch", {"query": "tea", "include_domains": ["a.com"], "contents": {
        "text": {"discriminator": "advanced", "max_characters": 100}, "highlights": {"num_sentences": 2}, "livecrawl": "never"}},
        {'POST /search {"contents": {"highlights": {"numSentences": 2}, "livecrawl": "never", "text": {"maxCharacters": 100}},'
         ' "includeDomains": ["a.com"], "moderation": false, "numResults": 10, "query": "tea"}':
         {"results": [HIT], "searchType": "neural", "costDollars": COST}},
        {"results": [[HIT]], "result": [HIT], "search_type": ["neural"], "cost_dollars": [COST]}, EXA),
    Case("ExaFindSimilar", {"url": "u"}, {'POST /findSimilar {"moderation": false, "numResults": 10, "url": "u"}':
        {"results": [HIT], "requestId": "q"}}, {"results": [[HIT]], "result": [HIT], "request_id": ["q"]}, EXA),
    Case("ExaContents", {"urls": ["u"], "summary": {"query": "why"}}, {'POST /contents {"livecrawlTimeout": 10000,'
        ' "subpages": 0, "summary": {"query": "why"}, "text": true, "urls": ["u"]}': {"results": [HIT], "statuses": []}},
        {"results": [[HIT]], "result": [HIT], "statuses": [[]]}, EXA),
    Case("ExaAnswer", {"query": "why"}, {'POST /answer {"query": "why", "text": true}': {"answer": "So.", "citations": [HIT]}},
        {"answer": ["So."], "citations": [[HIT]], "citation": [HIT]}, EXA),
    Case("ExaCodeContext", {"query": "q"}, {'POST /context {"query": "q", "tokensNum": "dynamic"}':
        {"requestId": "r", "query": "q", "response": "x", "resultsCount": 1, "costDollars": COST, "outputTokens": 5}},
        {"request_id": ["r"], "query": ["q"], "response": ["x"], "results_count": [1], "cost_dollars": ['{"total":0.01}'],
         "output_tokens": [5]}, EXA),
    Case("ExaCreateResearch", {"instructions": "look", "wait_for_completion": True},
        {'POST /research/v1 {"instructions": "look", "model": "exa-research"}': {"researchId": "r", "status": "running"},
         "GET /research/v1/r": RESEARCH},
        {**LEARNT, "status": ["completed"], "model": ["exa-research"], "instructions": ["look"], "created_at": [1], "elapsed_time": [0.0]}, EXA),
    Case("ExaWaitForResearch", {"research_id": "r", "check_interval": 0},
        {"GET /research/v1/r": {"status": "running"}, "GET /research/v1/r…": RESEARCH},
        {**LEARNT, "final_status": ["completed"], "elapsed_time": [0.0], "timed_out": [False]}, EXA),
    Case("ExaGetResearch", {"research_id": "r"}, {"GET /research/v1/r?events=false": RESEARCH},
        {**LEARNT, "status": ["completed"], "model": ["exa-research"], "instructions": ["look"], "created_at": [1]}, EXA),
    Case("ExaListResearch", {}, {"GET /research/v1?limit=10": {"data": [RESEARCH], "hasMore": False}},
        {"research_tasks": [[RESEARCH]], "research_task": [RESEARCH], "has_more": [False]}, EXA),
    Case("FirecrawlScrape", {"url": "u", "formats": ["markdown", "links", "screenshot@fullPage"]}, {
        'POST /v2/scrape {"formats": ["markdown", "links", {"fullPage": true, "type": "screenshot"}]…': {"data": PAGE}},
        {"data": [PAGE], "markdown": ["# Tea"], "links": [["a", "b"]], "screenshot_full_page": ["https://s/1.png"]}, FIRE),
    Case("FirecrawlCrawl", {"url": "u"}, {f'POST /v2/crawl {{"limit": 10, "scrapeOptions": {{{OPTIONS}0}}, "url": "u"}}': {"id": "c"},
        "GET /v2/crawl/c": {"status": "completed", "data": [{"markdown": "a"}], "next": "https://api.firecrawl.dev/v2/crawl/c?skip=1"},
        "GET /v2/crawl/c?skip=1": {"status": "completed", "data": [{"markdown": "b"}]}},
        {"data": [[{"markdown": "a"}, {"markdown": "b"}]], "markdown": ["a", "b"]}, FIRE),
    Case("FirecrawlExtract", {"urls": ["u"], "prompt": "p"},
        {'POST /v2/extract {"enableWebSearch": false, "prompt": "p", "urls": ["u"]}': {"id": "e"},
         "GET /v2/extract/e": {"status": "completed", "data": {"k": 1}}}, {"data": [{"k": 1}]}, FIRE),
    Case("FirecrawlSearch", {"query": "tea"}, {'POST /v2/search {"limit": 10, "query": "tea"}': {"data": {"web": [HIT]}}},
        {"data": [{"web": [HIT]}], "site": [HIT]}, FIRE),
    Case("FirecrawlMapWebsite", {"url": "u"}, {'POST /v2/map {"url": "u"}': {"links": [HIT]}},
        {"links": [[HIT["url"]]], "results": [[HIT]]}, FIRE),
    Case("ReplicateModel", {"model_name": "ada/own", "model_inputs": {"prompt": "tea"}},
        {'POST /v1/models/ada/own/predictions {"input": {"prompt": "tea"}}': 404,
         "GET /v1/models/ada/own": {"latest_version": {"id": "v1"}},
         'POST /v1/predictions {"input": {"prompt": "tea"}, "version": "v1"}': {"id": "x", "status": "starting"},
         "GET /v1/predictions/x": {**DONE, "output": ["Te", "a."]}},
        {"result": ["Tea."], "status": ["succeeded"], "model_name": ["ada/own"]}, REP),
    Case("ReplicateFluxAdvancedModel", {"prompt": "tea", "replicate_model_name": "Flux Schnell"},
        {'POST /v1/models/black-forest-labs/flux-schnell/predictions {"input": {"aspect_ratio": "1:1", "guidance": 3…': DONE},
        {"result": ["https://r/1.png"]}, REP),
    Case("AIImageGenerator", {"prompt": "tea", "model": "Flux 1.1 Pro", "size": "wide", "style": "digital_illustration/pixel_art"},
        {f'POST {FLUX} {{"input": {{"aspect_ratio": "16:9", "prompt": "tea, digital illustration, pixel art"}}}}': DONE},
        {"image_url": ["https://r/1.png"]}, REP),
    Case("AIImageCustomizer", {"prompt": "red", "images": ["data:image/png;base64,AA=="], "model": "google/nano-banana"},
        {'POST /v1/models/google/nano-banana/predictions {"input": {"aspect_ratio": "match_input_image",'
         ' "image_input": ["data:image/png;base64,AA=="], "output_format": "png", "prompt": "red"}}': DONE},
        {"image_url": ["https://r/1.png"]}, REP),
    Case("AIImageEditor", {"prompt": "red", "input_image": "https://x/1.png", "model": "Flux Kontext Pro", "seed": 3},
        {'POST /v1/models/black-forest-labs/flux-kontext-pro/predictions {"input": {"aspect_ratio": "match_input_image",'
         ' "input_image": "https://x/1.png", "prompt": "red", "seed": 3}}': DONE}, {"output_image": ["https://r/1.png"]}, REP),
    Case("AIMusicGenerator", {"prompt": "rain"}, {'POST /v1/predictions {"input": {"classifier_free_guidance": 3, "duration": 8…':
        {**DONE, "output": "https://r/1.wav"}}, {"result": ["https://r/1.wav"]}, REP),
    Case("AIVideoGenerator", {"prompt": "rain"}, {
        'POST /fal-ai/mochi-v1 {"prompt": "rain"}': {"status_url": "https://queue.fal.run/s", "response_url": "https://queue.fal.run/r"},
        "GET /s?logs=1": {"status": "COMPLETED", "logs": [{"message": "made"}]}, "GET /r": {"video": {"url": "https://v/1.mp4"}}},
        {"video_url": ["https://v/1.mp4"], "logs": [["made"]]}, "queue.fal.run"),
    Case("IdeogramModel", {"prompt": "tea", "aspect_ratio": "ASPECT_16_9", "custom_color_palette": ["#fff"]},
        {'POST /v1/ideogram-v3/generate {"aspect_ratio": "16x9", "color_palette": {"members": [{"color_hex": "#fff"}]},'
         ' "magic_prompt": "AUTO", "prompt": "tea", "style_type": "AUTO"}': {"data": [{"url": "https://i/1.png"}]}},
        {"result": ["https://i/1.png"]}, "api.ideogram.ai"),
    Case("CreateTalkingAvatarVideo", {"script_input": "Hi", "polling_interval": 0},
        {'POST /clips {"config": {"result_format": "mp4"}, "driver_id": "Vcq0R4a8F0"…': {"id": "c"},
         "GET /clips/c": {"status": "started"}, "GET /clips/c…": {"status": "done", "result_url": "https://d/1.mp4"}},
        {"video_url": ["https://d/1.mp4"]}, "api.d-id.com"),
    Case("UnrealTextToSpeech", {"text": "Hi"}, {'POST /speech {"Bitrate": "192k", "Pitch": "1", "Speed": "0", "Text": "Hi",'
        ' "TimestampType": "sentence", "VoiceId": "Scarlett"}': {"OutputUri": "https://u/1.mp3"}},
        {"mp3_url": ["https://u/1.mp3"]}, "api.v7.unrealspeech.com"),
    Case("NvidiaDeepfakeDetect", {"image_base64": "data:image/png;base64,AA==", "return_image": True},
        {'POST /v1/cv/hive/deepfake-image-detection {"input": ["data:image/png;base64,AA=="], "return_image": true}':
         {"data": [{"status": "SUCCESS", "is_deepfake": 0.9, "image": "AA=="}]}},
        {"status": ["SUCCESS"], "is_deepfake": [0.9], "image": ["data:image/jpeg;base64,AA=="]}, "ai.api.nvidia.com"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.block)
async def test_they_are_asked_as_they_say(case: Case, fire: Any, apis: Apis) -> None:
    await case.holds(fire, apis)


async def test_a_picture_is_made_larger(fire: Any, apis: Apis, context: Any) -> None:
    made = {"data": [{"url": "https://i.ideogram.example/1.png"}]}
    apis.planned["POST api.ideogram.ai/generate"] = [(200, made, {})]
    png = {"Content-Type": "image/png"}
    apis.planned["GET i.ideogram.example/1.png"] = [(200, b"\x89PNG", png)]
    large = {"data": [{"url": "https://i.ideogram.example/2.png"}]}
    apis.planned["POST api.ideogram.ai/upscale"] = [(200, large, {})]
    given = await fire(
        block_of("IdeogramModel"), credentials="key", prompt="tea", ideogram_model_name="V_2", upscale="AI Upscale"
    )  # fmt: skip
    assert given == {"result": ["https://i.ideogram.example/2.png"]}
    assert b'name="image_file"; filename=' in apis.asked[-1]["body"]
    assert "the-secret-key" not in str(apis.asked[1]["headers"])


async def test_what_fails_there_fails_here(fire: Any, apis: Apis) -> None:
    bad = {"id": "x", "status": "failed", "error": "out of tea"}
    apis.planned["POST api.replicate.com/v1/models/ada/own/predictions"] = [
        (201, bad, {})
    ]
    with pytest.raises(RuntimeError, match="failed: out of tea"):
        await fire(block_of("ReplicateModel"), credentials="key", model_name="ada/own")
    late = {"status": "running"}
    apis.planned["GET api.exa.ai/research/v1/r"] = [(200, late, {})]
    given = await fire(
        block_of("ExaWaitForResearch"),
        credentials="key",
        research_id="r",
        timeout=0,
        check_interval=1,
    )
    assert given == {
        "final_status": ["running"],
        "elapsed_time": [0.0],
        "timed_out": [True],
    }


@pytest.mark.parametrize(
    ("block", "inputs", "start", "look", "started", "over"),
    [
        ("ExaCreateResearch", {"instructions": "look", "wait_for_completion": True},
         f"POST {EXA}/research/v1", f"GET {EXA}/research/v1/r", {"researchId": "r"}, RESEARCH),
        ("FirecrawlCrawl", {"url": "u"}, f"POST {FIRE}/v2/crawl", f"GET {FIRE}/v2/crawl/c", {"id": "c"},
         {"status": "completed", "data": []}),
        ("FirecrawlExtract", {"urls": ["u"]}, f"POST {FIRE}/v2/extract", f"GET {FIRE}/v2/extract/e", {"id": "e"},
         {"status": "completed", "data": {}}),
    ],
)  # fmt: skip
async def test_what_was_started_is_not_started_again(
    fire: Any, apis: Apis, context: Any, block: str, inputs: Any, start: str, look: str, started: Any, over: Any
) -> None:  # fmt: skip
    context.once = steps_of_one_firing()
    apis.planned[start] = [(200, started, {})]
    apis.planned[look] = [(500, {}, {}), (200, over, {})]
    with pytest.raises(CallRefused, match="answered 500"):
        await fire(block_of(block), credentials="key", **inputs)
    await fire(block_of(block), credentials="key", **inputs)
    lines = [f"{it['method']} {it['host']}/{it['path']}" for it in apis.asked]
    assert lines == [start, look, look]


async def test_parts_that_were_sent_are_not_sent_again(
    fire: Any, apis: Apis, context: Any
) -> None:
    context.once = steps_of_one_firing()
    place = "POST api.airtable.com/v0/b/t"
    made = [{"id": str(number)} for number in range(11)]
    first, second = {"records": made[:10]}, {"records": made[10:]}
    apis.planned[place] = [(200, first, {}), (422, {}, {}), (200, second, {})]
    asked = {"base_id": "b", "table_id_or_name": "t", "records": [{"n": 1}] * 11}
    with pytest.raises(CallRefused, match="answered 422"):
        await fire(block_of("AirtableCreateRecords"), credentials="key", **asked)
    given = await fire(block_of("AirtableCreateRecords"), credentials="key", **asked)
    assert given["records"] == [made]
    sizes = [len(json.loads(it["body"])["records"]) for it in apis.asked]
    assert sizes == [10, 1, 1]


def steps_of_one_firing() -> Callable[..., Any]:
    """`once`, as the engine has it for a firing that begins again."""
    kept: dict[str, Any] = {}

    async def once(step: str, make: Callable[[], Any]) -> Any:
        if step not in kept:
            kept[step] = await make()
        return kept[step]

    return once


def test_every_block_of_them_has_a_case() -> None:
    assert {name.removesuffix("Block") for name in (*SEARCH, *MEDIA)} == {
        case.block for case in CASES
    }
