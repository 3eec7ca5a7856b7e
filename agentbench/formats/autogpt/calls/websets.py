"""Exa's websets: collections that it goes on filling, by its API for them.

Facts: docs.exa.ai/websets/api (v0): websets, items, enrichments, searches, imports, monitors.
"""

from collections.abc import Mapping

from agentbench.formats.autogpt.block import Work
from agentbench.formats.autogpt.calls.call import Api

_API = Api("https://api.exa.ai/websets/v0", header="x-api-key", scheme="")
_ONE = "/websets/{webset_id}"
_ENRICHMENT = f"{_ONE}/enrichments/{{enrichment_id}}"
_SEARCH = f"{_ONE}/searches/{{search_id}}"
_TIMES = "created_at<createdAt; updated_at<updatedAt"
_NEXT = "has_more<hasMore; next_cursor<nextCursor"
_DONE = "success<'true'"

WEBSETS: Mapping[str, Work] = {
    "ExaGetWebsetBlock": _API.get(_ONE, "", "webset_id<id; status; external_id<externalId; searches; enrichments;"
        f" monitors; metadata; {_TIMES}"),
    "ExaListWebsetsBlock": _API.get("/websets", "cursor limit", f"websets<data; {_NEXT}"),
    "ExaUpdateWebsetBlock": _API.post(_ONE, "metadata", "webset_id<id; status; external_id<externalId; metadata;"
        " updated_at<updatedAt"),
    "ExaDeleteWebsetBlock": _API.delete(_ONE, "", f"webset_id<id; external_id<externalId; status; {_DONE}"),
    "ExaCancelWebsetBlock": _API.post(f"{_ONE}/cancel", "", f"webset_id<id; status; external_id<externalId; {_DONE}"),
    "ExaGetWebsetItemBlock": _API.get(f"{_ONE}/items/{{item_id}}", "", "item_id<id; url<properties.url;"
        " title<not_null(properties.*.title | [0], properties.*.name | [0]); content<properties.content;"
        f" entity_data<properties; enrichments<{{results: enrichments}}; {_TIMES}"),
    "ExaDeleteWebsetItemBlock": _API.delete(f"{_ONE}/items/{{item_id}}", "", f"item_id<id; {_DONE}"),
    "ExaGetEnrichmentBlock": _API.get(_ENRICHMENT, "", "enrichment_id<id; status; title; description; format;"
        f" options<options[].label; instructions; metadata; {_TIMES}"),
    "ExaUpdateEnrichmentBlock": _API.patch(_ENRICHMENT, "description format options<labels metadata",
        f"enrichment_id=enrichment_id; status; title; description; format; {_DONE}",
        taken=lambda given: {"labels": [{"label": it} for it in given["options"] or []]}),
    "ExaDeleteEnrichmentBlock": _API.delete(_ENRICHMENT, "", f"enrichment_id=enrichment_id; {_DONE}"),
    "ExaGetWebsetSearchBlock": _API.get(_SEARCH, "", "search_id<id; status; query; entity_type<entity.type; criteria;"
        f" progress; recall; {_TIMES}; canceled_at<canceledAt; canceled_reason<canceledReason; metadata"),
    "ExaCancelWebsetSearchBlock": _API.post(f"{_SEARCH}/cancel", "", "search_id<id; status;"
        f" items_found_before_cancel<progress.found; {_DONE}"),
    "ExaGetImportBlock": _API.get("/imports/{import_id}", "", "import_id<id; status; title; format;"
        " entity_type<entity.type; count; upload_url<uploadUrl; upload_valid_until<uploadValidUntil;"
        f" failed_reason<failedReason; failed_message<failedMessage; metadata; {_TIMES}"),
    "ExaListImportsBlock": _API.get("/imports", "cursor limit", f"imports<data; import_item*<data; {_NEXT}"),
    "ExaDeleteImportBlock": _API.delete("/imports/{import_id}", "", f"import_id<id; {_DONE}"),
    "ExaGetMonitorBlock": _API.get("/monitors/{monitor_id}", "", "monitor_id<id; webset_id<websetId; status;"
        " behavior_type<behavior.type; behavior_config<behavior.config; cron_expression<cadence.cron;"
        f" timezone<cadence.timezone; next_run_at<nextRunAt; last_run<lastRun; metadata; {_TIMES}"),
    "ExaListMonitorsBlock": _API.get("/monitors", "websetId<webset_id cursor limit",
        f"monitors<data; monitor*<data; {_NEXT}"),
    "ExaUpdateMonitorBlock": _API.patch("/monitors/{monitor_id}",
        "status cadence.cron<cron_expression cadence.timezone<timezone metadata",
        f"monitor_id<id; status; next_run_at<nextRunAt; updated_at<updatedAt; {_DONE}"),
    "ExaDeleteMonitorBlock": _API.delete("/monitors/{monitor_id}", "", f"monitor_id<id; {_DONE}"),
}  # fmt: skip
