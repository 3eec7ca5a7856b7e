"""AutoGPT's blocks for Exa's websets, against answers as its API gives them."""

from typing import Any

import pytest

from agentbench.formats.autogpt.calls.websets import WEBSETS
from tests.blocks.apis import Apis
from tests.formats.autogpt.calls.case import Case

W = "/websets/v0"
WEBSET = {
    "id": "w",
    "status": "idle",
    "externalId": "x",
    "searches": [],
    "enrichments": [],
    "monitors": [],
    "metadata": {},
    "createdAt": "c",
    "updatedAt": "u",
}
OF = {"webset_id": ["w"], "status": ["idle"], "external_id": ["x"]}
TIMES = {"created_at": ["c"], "updated_at": ["u"]}
DONE = {"success": ["true"]}
ID = {"webset_id": "w"}
PAGE = {"data": [{"id": "1"}], "hasMore": True, "nextCursor": "n"}
MORE = {"has_more": [True], "next_cursor": ["n"]}
ITEM = {
    "id": "i",
    "properties": {
        "type": "company",
        "url": "u",
        "content": "Tea",
        "company": {"name": "Tea Ltd"},
    },
    "enrichments": [],
    "createdAt": "c",
    "updatedAt": "u",
}
ENRICHMENT = {
    "id": "e",
    "status": "completed",
    "title": "t",
    "description": "d",
    "format": "options",
    "options": [{"label": "a"}],
    "createdAt": "c",
    "updatedAt": "u",
}
OF_ENRICHMENT = {
    "enrichment_id": ["e"],
    "status": ["completed"],
    "title": ["t"],
    "description": ["d"],
    "format": ["options"],
}
SEARCH = {
    "id": "s",
    "status": "running",
    "query": "q",
    "entity": {"type": "company"},
    "criteria": [],
    "progress": {"found": 2},
    "createdAt": "c",
    "updatedAt": "u",
}
MONITOR = {"id": "m", "websetId": "w", "status": "enabled", "behavior": {"type": "search", "config": {}}, "cadence": {"cron": "0 9 * * 1", "timezone": "Etc/UTC"},
           "nextRunAt": "n", "createdAt": "c", "updatedAt": "u"}  # fmt: skip
IMPORT = {
    "id": "p",
    "status": "pending",
    "title": "t",
    "format": "csv",
    "entity": {"type": "company"},
    "count": 2,
    "createdAt": "c",
    "updatedAt": "u",
}
CASES = [
    Case("GetWebset", ID, {f"GET {W}/websets/w": WEBSET}, {**OF, **TIMES, "searches": [[]], "enrichments": [[]], "monitors": [[]], "metadata": [{}]}),
    Case("ListWebsets", {}, {f"GET {W}/websets?limit=25": PAGE}, {"websets": [[{"id": "1"}]], **MORE}),
    Case("UpdateWebset", {**ID, "metadata": {"k": "v"}}, {f'POST {W}/websets/w {{"metadata": {{"k": "v"}}}}': WEBSET}, {**OF, "metadata": [{}], "updated_at": ["u"]}),
    Case("DeleteWebset", ID, {f"DELETE {W}/websets/w": WEBSET}, {**OF, **DONE}),
    Case("CancelWebset", ID, {f"POST {W}/websets/w/cancel {{}}": WEBSET}, {**OF, **DONE}),
    Case("GetWebsetItem", {**ID, "item_id": "i"}, {f"GET {W}/websets/w/items/i": ITEM}, {"item_id": ["i"], "url": ["u"], "title": ["Tea Ltd"],
        "content": ["Tea"], "entity_data": [ITEM["properties"]], "enrichments": [{"results": []}], **TIMES}),
    Case("DeleteWebsetItem", {**ID, "item_id": "i"}, {f"DELETE {W}/websets/w/items/i": ITEM}, {"item_id": ["i"], **DONE}),
    Case("GetEnrichment", {**ID, "enrichment_id": "e"}, {f"GET {W}/websets/w/enrichments/e": ENRICHMENT}, {**OF_ENRICHMENT, "options": [["a"]], **TIMES}),
    Case("UpdateEnrichment", {**ID, "enrichment_id": "e", "options": ["a"]},
        {f'PATCH {W}/websets/w/enrichments/e {{"options": [{{"label": "a"}}]}}': ENRICHMENT}, {**OF_ENRICHMENT, **DONE}),
    Case("DeleteEnrichment", {**ID, "enrichment_id": "e"}, {f"DELETE {W}/websets/w/enrichments/e": 200}, {"enrichment_id": ["e"], **DONE}),
    Case("GetWebsetSearch", {**ID, "search_id": "s"}, {f"GET {W}/websets/w/searches/s": SEARCH}, {"search_id": ["s"], "status": ["running"],
        "query": ["q"], "entity_type": ["company"], "criteria": [[]], "progress": [{"found": 2}], **TIMES}),
    Case("CancelWebsetSearch", {**ID, "search_id": "s"}, {f"POST {W}/websets/w/searches/s/cancel {{}}": SEARCH},
        {"search_id": ["s"], "status": ["running"], "items_found_before_cancel": [2], **DONE}),
    Case("GetImport", {"import_id": "p"}, {f"GET {W}/imports/p": IMPORT}, {"import_id": ["p"], "status": ["pending"], "title": ["t"], "format": ["csv"],
        "entity_type": ["company"], "count": [2], **TIMES}),
    Case("ListImports", {}, {f"GET {W}/imports?limit=25": PAGE}, {"imports": [[{"id": "1"}]], "import_item": [{"id": "1"}], **MORE}),
    Case("DeleteImport", {"import_id": "p"}, {f"DELETE {W}/imports/p": IMPORT}, {"import_id": ["p"], **DONE}),
    Case("GetMonitor", {"monitor_id": "m"}, {f"GET {W}/monitors/m": MONITOR}, {"monitor_id": ["m"], "webset_id": ["w"], "status": ["enabled"],
        "behavior_type": ["search"], "behavior_config": [{}], "cron_expression": ["0 9 * * 1"], "timezone": ["Etc/UTC"], "next_run_at": ["n"], **TIMES}),
    Case("ListMonitors", ID, {f"GET {W}/monitors?limit=25&websetId=w": PAGE}, {"monitors": [[{"id": "1"}]], "monitor": [{"id": "1"}], **MORE}),
    Case("UpdateMonitor", {"monitor_id": "m", "cron_expression": "0 8 * * *"},
        {f'PATCH {W}/monitors/m {{"cadence": {{"cron": "0 8 * * *"}}}}': MONITOR}, {"monitor_id": ["m"], "status": ["enabled"], "next_run_at": ["n"],
        "updated_at": ["u"], **DONE}),
    Case("DeleteMonitor", {"monitor_id": "m"}, {f"DELETE {W}/monitors/m": MONITOR}, {"monitor_id": ["m"], **DONE}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.block)
async def test_websets_are_asked_as_they_say(case: Case, fire: Any, apis: Apis) -> None:
    await Case(f"Exa{case.block}", case.inputs, case.asked, case.wanted).holds(
        fire, apis, "api.exa.ai"
    )


def test_every_block_of_them_has_a_case() -> None:
    assert {name.removesuffix("Block") for name in WEBSETS} == {
        f"Exa{it.block}" for it in CASES
    }
