"""What n8n's nodes do: a function a kind, from lists of items to (output, items) pairs.

To add a kind of node: a function here, and a line in `WORK`.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from agentbench.domain.block import Effects
from agentbench.formats.n8n import items, others, programs, requests
from agentbench.formats.n8n.expressions import at, valued

Items = list[dict[str, Any]]
Given = Mapping[str, Items]
Parameters = Mapping[str, Any]
Pairs = Iterator[tuple[int, Items]]
MOST_ITEMS = 10_000


def pass_on(parameters: Parameters, given: Given) -> Pairs:
    """Gives what came."""
    del parameters
    yield 0, given["main_0"]


def set_fields(parameters: Parameters, given: Given) -> Pairs:
    """Sets fields of each item."""
    yield 0, [_with_fields(parameters, item) for item in given["main_0"]]


def _with_fields(parameters: Parameters, item: dict[str, Any]) -> dict[str, Any]:
    known = valued(parameters, item)
    is_new = known.get("mode", "manual") == "manual"
    keeps = known.get("includeOtherFields", not known.get("keepOnlySet", False))
    if "assignments" in known:  # version 3.3 on
        keeps = known.get("includeOtherFields", False)
        fields = known["assignments"].get("assignments", [])
    elif "fields" in known:  # versions 3 to 3.2
        keeps = known.get("include", "all") == "all"
        fields = [
            {**it, "value": next((v for k, v in it.items() if k.endswith("Value")), "")}
            for it in known["fields"].get("values", [])
        ]
    else:
        fields = [it for them in known.get("values", {}).values() for it in them]
    made = dict(item) if keeps else {}
    if not is_new:
        import json

        return {**made, **json.loads(known.get("jsonOutput", "{}"))}
    for it in fields:
        _put(made, str(it.get("name", "")), _typed(it.get("value"), it.get("type", "")))
    return made


def _put(item: dict[str, Any], path: str, value: Any) -> None:
    *inner, last = path.split(".")
    for key in inner:
        item[key] = dict(item[key]) if isinstance(item.get(key), dict) else {}
        item = item[key]
    item[last] = value


def _typed(value: Any, kind: str) -> Any:
    import json

    if kind.startswith("number") and isinstance(value, str):
        number = float(value)
        return int(number) if number.is_integer() else number
    if kind.startswith("boolean") and isinstance(value, str):
        return value.strip().lower() == "true"
    if kind.startswith(("array", "object")) and isinstance(value, str):
        return json.loads(value)
    return value


def branch(parameters: Parameters, given: Given) -> Pairs:
    """Sends each item one of two ways."""
    sides: tuple[Items, Items] = ([], [])
    for item in given["main_0"]:
        sides[0 if _holds(parameters, item) else 1].append(item)
    yield from enumerate(sides)


def keep(parameters: Parameters, given: Given) -> Pairs:
    """Keeps the items for which the conditions hold."""
    yield 0, [item for item in given["main_0"] if _holds(parameters, item)]


def switch(parameters: Parameters, given: Given) -> Pairs:
    """Sends each item the way of the first rule that holds."""
    rules = parameters.get("rules", {})
    rules = rules.get("values") or rules.get("rules") or []
    sides: dict[int, Items] = {}
    for item in given["main_0"]:
        for number, rule in enumerate(rules):
            if "conditions" in rule:
                holds = _holds(rule, item)
            else:  # versions 1 and 2: one value against each rule's
                value = valued(parameters.get("value1"), item)
                other = valued(rule.get("value2"), item)
                holds = _compared(value, rule.get("operation", "equal"), other)
                number = int(rule.get("output", number))  # noqa: PLW2901
            if holds:
                sides.setdefault(number, []).append(item)
                break
        else:
            if parameters.get("options", {}).get("fallbackOutput") == "extra":
                sides.setdefault(len(rules), []).append(item)
    yield from sorted(sides.items())


def _holds(parameters: Parameters, item: dict[str, Any]) -> bool:
    known = valued(parameters.get("conditions", {}), item)
    if isinstance(known.get("conditions"), list):  # version 2 on
        found = [
            _compared(
                it.get("leftValue"),
                it.get("operator", {}).get("operation", "equals"),
                it.get("rightValue"),
            )
            for it in known["conditions"]
        ]
        every = known.get("combinator", "and") == "and"
    else:
        found = [
            _compared(it.get("value1"), it.get("operation", "equal"), it.get("value2"))
            for them in known.values()
            if isinstance(them, list)
            for it in them
        ]
        every = parameters.get("combineOperation", "all") == "all"
    return all(found) if every else any(found)


def _compared(left: Any, operation: str, right: Any) -> bool:
    compare = _COMPARE.get(operation.lower())
    if compare is None:
        raise ValueError(f"There is no comparison {operation!r} here.")
    return bool(compare(left, right))


def _alike(left: Any, right: Any) -> bool:
    return bool(left == right) or (
        str(left) == str(right) and None not in (left, right)
    )


def _order(left: Any, right: Any) -> float:
    try:
        return float(left) - float(right)
    except (TypeError, ValueError):
        return (str(left) > str(right)) - (str(left) < str(right))


def _contains(left: Any, right: Any) -> bool:
    return right in left if isinstance(left, (str, list)) else False


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {})


_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("equal", "equals"), _alike),
    **dict.fromkeys(("notequal", "notequals"), lambda a, b: not _alike(a, b)),
    **dict.fromkeys(("larger", "gt", "after"), lambda a, b: _order(a, b) > 0),
    **dict.fromkeys(("smaller", "lt", "before"), lambda a, b: _order(a, b) < 0),
    **dict.fromkeys(("largerequal", "gte"), lambda a, b: _order(a, b) >= 0),
    **dict.fromkeys(("smallerequal", "lte"), lambda a, b: _order(a, b) <= 0),
    "contains": _contains,
    "notcontains": lambda a, b: not _contains(a, b),
    "startswith": lambda a, b: str(a).startswith(str(b)),
    "endswith": lambda a, b: str(a).endswith(str(b)),
    **dict.fromkeys(("isempty", "empty", "notexists"), lambda a, _: _is_empty(a)),
    **dict.fromkeys(
        ("isnotempty", "notempty", "exists"), lambda a, _: not _is_empty(a)
    ),
    "true": lambda a, _: a is True,
    "false": lambda a, _: a is False,
}
"""By n8n's name of the operation, old and new, in small letters."""


def merge(parameters: Parameters, given: Given) -> Pairs:
    """Puts the items of several inputs together."""
    lists = [given[name] for name in sorted(given) if given[name] is not None]
    if parameters.get("mode", "append") == "append":
        yield 0, [item for items in lists for item in items]
        return
    mode = parameters.get("mode")
    by = str(
        parameters.get("combineBy", parameters.get("combinationMode", mode))
    ).lower()
    if mode == "chooseBranch":
        yield 0, lists[0] if lists else []
    elif by in ("combinebyposition", "mergebyposition", "position"):
        yield 0, [_joined(row) for row in zip(*lists, strict=False)]
    elif by in ("combineall", "multiplex"):
        yield (
            0,
            [
                _joined(row)
                for row in itertools.islice(itertools.product(*lists), MOST_ITEMS)
            ],
        )
    elif by in ("combinebyfields", "mergebyfields", "mergebykey"):
        yield 0, _by_fields(parameters, lists)
    else:
        raise ValueError(f"There is nothing here that merges by {by!r}.")


def _joined(row: Any) -> dict[str, Any]:
    return {key: it for item in row for key, it in item.items()}


def _by_fields(parameters: Parameters, lists: list[Items]) -> Items:
    """The items of two inputs whose fields are the same, together."""
    said = str(parameters.get("fieldsToMatchString", ""))
    pairs = [(it.strip(), it.strip()) for it in said.split(",") if it.strip()]
    rows = (parameters.get("mergeByFields") or {}).get("values") or []
    pairs += [(str(it.get("field1", "")), str(it.get("field2", ""))) for it in rows]
    if "propertyName1" in parameters:
        pairs = [(parameters["propertyName1"], parameters["propertyName2"])]
    first, second = [*lists, [], []][:2]
    found, matched = [], set()
    keep = parameters.get("joinMode", "keepMatches")
    for item in first:
        same = [
            number
            for number, it in enumerate(second)
            if all(_alike(at(item, a), at(it, b)) for a, b in pairs)
        ]
        matched |= set(same)
        if keep == "keepNonMatches":
            found += [] if same else [item]
        elif same:
            found += [_joined((item, second[number])) for number in same]
        elif keep in ("enrichInput1", "keepEverything"):
            found.append(item)
    if keep in ("enrichInput2", "keepEverything", "keepNonMatches"):
        found += [it for number, it in enumerate(second) if number not in matched]
    return found


def limit(parameters: Parameters, given: Given) -> Pairs:
    """The first items, or the last."""
    most = int(parameters.get("maxItems", 1))
    items = given["main_0"]
    is_last = parameters.get("keep") == "lastItems"
    yield 0, items[max(0, len(items) - most) :] if is_last else items[:most]


def split_out(parameters: Parameters, given: Given) -> Pairs:
    """An item for each entry of a list in an item."""
    field = str(parameters.get("fieldToSplitOut", ""))
    found: Items = []
    for item in given["main_0"]:
        for it in at(item, field) or []:
            found.append(
                it if isinstance(it, dict) else {field.rsplit(".", maxsplit=1)[-1]: it}
            )
            if len(found) > MOST_ITEMS:
                raise ValueError(f"There are more than {MOST_ITEMS:,} items.")
    yield 0, found


def item_lists(parameters: Parameters, given: Given) -> Pairs:
    """What one node did before it became six, by its operation."""
    what = str(parameters.get("operation", "splitOutItems"))
    done: Mapping[str, Callable[..., Any]] = {
        "splitOutItems": split_out,
        "concatenateItems": aggregate,
        "aggregateItems": aggregate,
        "limit": limit,
        "removeDuplicates": items.remove_duplicates,
        "sort": items.sort,
        "summarize": items.summarize,
    }
    if what not in done:
        raise ValueError(f"There is nothing here that does {what!r} to items.")
    yield from done[what](parameters, given)


def aggregate(parameters: Parameters, given: Given) -> Pairs:
    """One item with a list of all."""
    items = given["main_0"]
    if parameters.get("aggregate") == "aggregateAllItemData":
        name = parameters.get("destinationFieldName") or "data"
        yield 0, [{name: items}]
        return
    fields = parameters.get("fieldsToAggregate", {}).get("fieldToAggregate", [])
    made = {}
    for it in fields:
        path = str(it.get("fieldToAggregate", ""))
        name = it.get("outputFieldName") or path.rsplit(".", maxsplit=1)[-1]
        made[name] = [at(item, path) for item in items]
    yield 0, [made]


WORK: Mapping[str, Callable[..., Any]] = {
    "set": set_fields,
    "if": branch,
    "filter": keep,
    "switch": switch,
    "merge": merge,
    "no_op": pass_on,
    "respond_to_webhook": pass_on,
    "limit": limit,
    "split_out": split_out,
    "item_lists": item_lists,
    "aggregate": aggregate,
    "http_request": requests.request,
    "sort": items.sort,
    "remove_duplicates": items.remove_duplicates,
    "rename_keys": items.rename_keys,
    "summarize": items.summarize,
    "stop_and_error": items.stop,
    "split_in_batches": items.step_through,
    "wait": others.wait,
    "date_time": others.date_time,
    "crypto": others.crypto,
    "xml": others.xml,
    "markdown": others.markdown,
    "rss_feed_read": others.feed,
    "execute_workflow": others.execute_workflow,
    "chain_llm": others.chain,
    "agent": others.agent,
    "open_ai": others.open_ai,
    "code": programs.code,
}
"""By the type of the node, without its package."""
EFFECTS: Mapping[str, Effects] = {
    "http_request": "sends",
    "split_in_batches": "writes",
    "code": "writes",
    **dict.fromkeys(
        ("rss_feed_read", "execute_workflow", "chain_llm", "agent", "open_ai"), "reads"
    ),
}
"""Of those that are not pure."""
TRIGGERS = (
    "manual_trigger",
    "start",
    "webhook",
    "schedule_trigger",
    "cron",
    "form_trigger",
    "execute_workflow_trigger",
    "chat_trigger",
    "error_trigger",
    "interval",
)
"""What begins a workflow: here an input of the agent, whose items a run gives."""
