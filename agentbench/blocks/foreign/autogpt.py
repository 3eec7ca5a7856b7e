"""The blocks of the AutoGPT Platform that ours correspond to.

Ids and port names are its file format; what the blocks do is our own work. `error`
is an output of every block, here and there, and is not named. In a row, ports are
written as `theirs>ours`, a name alone where both are the same, `theirs>` for one that
ours has no use for.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.correspondence import Correspondence


def _ports(text: str) -> Mapping[str, str]:
    pairs = (one.partition(">") for one in text.split())
    return {theirs: ours if arrow else theirs for theirs, arrow, ours in pairs}


def _row(
    name: str,
    id: str,
    block: str,
    inputs: str,
    outputs: str,
    *,
    note: str = "",
    words: Mapping[str, Mapping[Any, Any]] | None = None,
    **constants: Any,
) -> Correspondence:
    return Correspondence(
        id=id,
        name=name,
        block=block,
        inputs=_ports(inputs),
        outputs=_ports(outputs),
        constants=constants,
        words=words or {},
        note=note,
    )


_FIELD = "name value>default title description advanced secret"
_PARSED = (
    "A value that is compared goes on as it came, not as the number it was read as."
)
_MODEL = (
    "The model is `provider:model` here; its credential goes by the provider's name."
)
_CREDENTIAL = "credentials>credential"
_TYPES = {"string": "text", "number": "number", "boolean": "boolean"}
_SCOPES = {"within_agent": "agent", "across_agents": "everywhere"}

_BASIC = (
    _row("FileStoreBlock", "cbb50872-625b-42f0-8203-a2ae78242d8a", "files.keep",
         "file_in>file base_64>as_data_uri", "file_out>file"),
    _row("StoreValueBlock", "1ff065e9-88e8-4358-9d82-8dc91f622ba9", "values.store",
         "input data", "output",
         note="Data that is 0, empty or false is kept; there, it is lost."),
    _row("NoteBlock", "cc10ff7b-7753-4ff2-9af6-9399b1a7eddc", "values.note",
         "text", "output>"),
    _row("PrintToConsoleBlock", "f3b1c1b2-4c4f-4f0d-8d2f-4c4f0d8d2f4c", "values.log",
         "text>value", "output>value status"),
    _row("UniversalTypeConverterBlock", "95d1b990-ce13-4d88-9737-ba5c2070c97b", "values.convert",
         "value type>to", "value", words={"to": _TYPES},
         note="Text that is no number fails; there, it becomes 0."),
    _row("ReverseListOrderBlock", "422cb708-3109-4277-bfe3-bc2ae5812777", "lists.reverse",
         "input_list>items", "reversed_list>result"),
)  # fmt: skip

_FIELDS = (
    _row("AgentInputBlock", "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b", "agent.input",
         _FIELD, "result>value"),
    _row("AgentOutputBlock", "363ae599-353e-4804-937e-b2ee3cef3da4", "agent.output",
         "value name title description format escape_html advanced> secret>", "output>value name",
        give_name=True,
    ),
    _row("AgentShortTextInputBlock", "7fcd3bcb-8e1b-4e69-903d-32d3d4a92158", "input.short_text",
         _FIELD, "result>value"),
    _row("AgentLongTextInputBlock", "90a56ffb-7024-4b2b-ab50-e26c5e5ab8ba", "input.long_text",
         _FIELD, "result>value"),
    _row("AgentNumberInputBlock", "96dae2bb-97a2-41c2-bd2f-13a3b5a8ea98", "input.number",
         _FIELD, "result>value", whole=True),
    _row("AgentDateInputBlock", "7e198b09-4994-47db-8b4d-952d98241817", "input.date",
         _FIELD, "result>value"),
    _row("AgentTimeInputBlock", "2a1c757e-86cf-4c7e-aacf-060dc382e434", "input.time",
         _FIELD, "result>value"),
    _row("AgentFileInputBlock", "95ead23f-8283-4654-aef3-10c053b74a31", "input.file",
         _FIELD + " base_64>as_data_uri", "result>value"),
    _row("AgentDropdownInputBlock", "655d6fdf-a334-421c-b733-520549c07cd1", "input.choice",
         _FIELD + " options placeholder_values>options", "result>value"),
    _row("AgentToggleInputBlock", "cbf36ab5-df4a-43b6-8a7f-f7ed8652116e", "input.toggle",
         _FIELD, "result>value"),
    _row("AgentTableInputBlock", "5603b273-f41e-4020-af7d-fbc9c6a8d928", "input.table",
         _FIELD + " column_headers>columns", "result>value"),
)  # fmt: skip

_LOGIC = (
    _row("ConditionBlock", "715696a0-e1da-45c8-b209-c2fa9c3b0be6", "logic.condition",
         "value1>left operator value2>right yes_value no_value",
         "result yes_output>yes no_output>no", numbers=True, note=_PARSED),
    _row("IfInputMatchesBlock", "6dbbc4b3-ca6c-42b6-b508-da52d23e13f2", "logic.matches",
         "input>value value>wanted yes_value no_value", "result yes_output>yes no_output>no"),
    _row("StepThroughItemsBlock", "f66a3543-28d3-4ab5-8945-9b336371e2ce", "logic.step",
         "items items_object>dictionary items_str>text", "item key"),
    _row("AIConditionBlock", "553ec5b8-6c45-4299-8d75-b394d05f72ff", "ai.condition",
         "input_value>value condition yes_value no_value model credentials>",
         "result yes_output>yes no_output>no", note=_MODEL),
    _row("CalculatorBlock", "b1ab9b19-67a6-406d-abf5-2dba76d00c79", "math.operate",
         "operation a b round_result>whole", "result", strict=False,
         words={"operation": {"Add": "add", "Subtract": "subtract", "Multiply": "multiply",
                              "Divide": "divide", "Power": "power"}}),
    _row("CountItemsBlock", "3c9c2f42-b0c3-435f-ba35-05f7a25c772a", "data.count",
         "collection>value", "count>result", otherwise=-1),
    _row("DataSamplingBlock", "4a448883-71fa-49cf-91cf-70d793bd7d87", "lists.sample",
         "data>items sample_size>size sampling_method>method accumulate> random_seed>seed"
         " stratify_key>by weight_key>weight cluster_key>cluster",
         "sampled_data>result sample_indices>places",
         note="A seed is of this node alone; a stratum gives no more than it has."),
)  # fmt: skip

_DICTIONARIES = (
    _row("CreateDictionaryBlock", "b924ddf4-de4f-4b56-9a85-358930dcbc91", "data.make_dictionary",
         "values", "dictionary>result"),
    _row("AddToDictionaryBlock", "31d1064e-7446-4693-a7d4-65e5ca1180d1", "dictionaries.add",
         "dictionary key value entries", "updated_dictionary>result"),
    _row("FindInDictionaryBlock", "0e50422c-6dee-4145-83d6-3a5a392f65de", "dictionaries.find",
         "input key", "output missing",
         note="Plain values only: no attribute of an object is looked up."),
    _row("RemoveFromDictionaryBlock", "46afe2ea-c613-43f8-95ff-6692c3ef6876", "dictionaries.remove",
         "dictionary key return_value", "updated_dictionary>result removed_value>removed"),
    _row("ReplaceDictionaryValueBlock", "27e31876-18b6-44f3-ab97-f6226d8b3889", "dictionaries.replace",
         "dictionary key value", "updated_dictionary>result old_value>old"),
    _row("DictionaryIsEmptyBlock", "a3cf3f64-6bb9-4cc6-9900-608a0b3359b0", "data.is_empty",
         "dictionary>value", "is_empty>result"),
)  # fmt: skip

_LISTS = (
    _row("CreateListBlock", "a912d5c7-6e00-4542-b2a9-8034136930e4", "lists.batch",
         "values>items max_size>size max_tokens>tokens", "list>batch", keep_empty=True,
         note="No empty batch comes before a value that is too long by itself."),
    _row("AddToListBlock", "aeb08fc1-2fc1-4141-bc8e-f758f183a822", "lists.add",
         "list>items entry entries position", "updated_list>result"),
    _row("FindInListBlock", "5e2c6d0a-1e37-489f-b1d0-8e1812b23333", "lists.find",
         "list>items value", "index found not_found_value>missing"),
    _row("GetListItemBlock", "262ca24c-1025-43cf-a578-534e23234e97", "lists.item",
         "list>items index", "item>result"),
    _row("RemoveFromListBlock", "d93c5a93-ac7e-41c1-ae5c-ef67e6e9b826", "lists.remove",
         "list>items value index return_item", "updated_list>result removed_item>removed"),
    _row("ReplaceListItemBlock", "fbf62922-bea1-4a3d-8bac-23587f810b38", "lists.replace",
         "list>items index value", "updated_list>result old_item>old"),
    _row("ListIsEmptyBlock", "896ed73b-27d0-41be-813c-c1c1dc856c03", "data.is_empty",
         "list>value", "is_empty>result"),
    _row("ConcatenateListsBlock", "3cf9298b-5817-4141-9d80-7c2cc5199c8e", "lists.concatenate",
         "lists deduplicate remove_none>drop_none", "concatenated_list>result length"),
    _row("FlattenListBlock", "cc45bb0f-d035-4756-96a7-fe3e36254b4d", "lists.flatten",
         "nested_list>items max_depth", "flattened_list>result length original_depth>depth"),
    _row("InterleaveListsBlock", "9f616084-1d9f-4f8e-bc00-5b9d2a75cd75", "lists.interleave",
         "lists", "interleaved_list>result length"),
    _row("ZipListsBlock", "0d0e684f-5cb9-4c4b-b8d1-47a0860e0c07", "lists.zip",
         "lists pad_to_longest>pad fill_value>fill", "zipped_list>result length"),
    _row("ListDifferenceBlock", "05309873-9d61-447e-96b5-b804e2511829", "lists.difference",
         "list_a>first list_b>second symmetric", "difference>result length"),
    _row("ListIntersectionBlock", "b6eb08b6-dbe3-411b-b9b4-2508cb311a1f", "lists.intersection",
         "list_a>first list_b>second", "intersection>result length"),
)  # fmt: skip

_TEXT = (
    _row("MatchTextPatternBlock", "3060088f-6ed9-4928-9ba7-9c92823a7ccd", "text.match",
         "text match>pattern data case_sensitive dot_all", "positive>yes negative>no"),
    _row("ExtractTextInformationBlock", "3146e4fe-2cdd-4f29-bd12-0c9d5bb4deb0", "text.extract",
         "text pattern group case_sensitive dot_all find_all",
         "positive>match negative>none matched_results>matches matched_count>count",
         note="A pattern with a mistake fails; there, it counts as no match."),
    _row("FillTextTemplateBlock", "db7d8f02-2f44-4c55-ab7a-eae0941f0c30", "text.fill",
         "values format>template escape_html", "output>result",
        missing="empty",
    ),
    _row("CombineTextsBlock", "e30a4d42-7b7d-4e6a-b36e-1f9b8e3b7d85", "text.combine",
         "input>texts delimiter", "output>result"),
    _row("TextSplitBlock", "d5ea33c8-a575-477a-b42f-2fe3be5055ec", "text.split",
         "text delimiter strip", "texts>result", keep_empty=True),
    _row("TextReplaceBlock", "7e7c87ab-3469-4bcc-9abe-67705091b713", "text.replace",
         "text old new", "output>result"),
    _row("FileReadBlock", "3735a31f-7e18-4aca-9e90-08a7120674bc", "files.read_parts",
         "file_input>file delimiter size_limit row_limit skip_size skip_rows", "content"),
    _row("TextEncoderBlock", "5185f32e-4b65-4ecf-8fbb-873f003f09d6", "text.escape",
         "text", "encoded_text>result"),
    _row("TextDecoderBlock", "2570e8fe-8447-43ed-84c7-70d657923231", "text.unescape",
         "text", "decoded_text>result", note="Letters beyond ASCII stay as they are."),
    _row("CodeExtractionBlock", "d3a7d896-3b78-4f44-8b4b-48fbf4f0bcd8", "text.extract_code",
         "text", "html css javascript python sql java cpp csharp json_code bash php ruby"
         " yaml markdown typescript xml remaining_text"),
    _row("WordCharacterCountBlock", "ab2a782d-22cf-4587-8a70-55b59b3f9f90", "text.count",
         "text", "word_count>words character_count>characters"),
    _row("XMLParserBlock", "286380af-9529-4b55-8be0-1d7c854abdb5", "formats.parse_xml",
         "input_xml>text", "parsed_xml>result"),
)  # fmt: skip

_DATA = (
    _row("ReadSpreadsheetBlock", "acf7625e-d2cb-4941-bfeb-2819fc6fc015", "files.read_spreadsheet",
         "contents file_input>file delimiter quotechar escapechar has_header skip_rows strip"
         " skip_columns produce_singular_result>one_by_one", "row rows"),
    _row("SQLQueryBlock", "4dc35c0f-4fd8-465e-9616-5a216f1ba2bc", "database.query",
         "database_type>kind host port database query>sql read_only timeout max_rows "
         + _CREDENTIAL,
         "results>rows columns row_count truncated affected_rows>affected",
         words={"kind": {"postgres": "postgresql", "mysql": "mysql", "mssql": "mssql"}},
         note="PostgreSQL and SQLite; MySQL and SQL Server are said to be missing."),
    _row("PersistInformationBlock", "1d055e55-a2b9-4547-8311-907d05b0304d", "memory.remember",
         "key value scope", "value", words={"scope": _SCOPES}),
    _row("RetrieveInformationBlock", "d8710fc9-6e29-481e-a7d5-165eb16f8471", "memory.recall",
         "key scope default_value>default", "value", words={"scope": _SCOPES}),
    _row("PineconeInitBlock", "48d8fdab-8f03-41f3-8407-8107ba11ec9b", "pinecone.index",
         f"{_CREDENTIAL} index_name>name dimension metric cloud region", "index message"),
    _row("PineconeQueryBlock", "9ad93d0f-91b4-4c9c-8eb1-82e26b4a01c5", "pinecone.query",
         f"{_CREDENTIAL} query_vector>vector namespace top_k>count include_values>give_vectors"
         " include_metadata>give_metadata host idx_name>index",
         "results>matches combined_results>text"),
    _row("HumanInTheLoopBlock", "8b2a7b3c-6e9d-4a5f-8c1b-2e3f4a5b6c7d", "human.review",
         "data name editable", "approved_data>approved rejected_data>rejected review_message>comment"),
    _row("ExecuteCodeBlock", "0b02b072-abe7-11ef-8372-fb5d162dd712", "python.sandbox",
         "credentials> setup_commands code language timeout dispose_sandbox> template_id>",
         "main_result results response stdout_logs>stdout stderr_logs>stderr files",
         note="Python only, in a process of this machine; it needs your consent."),
)  # fmt: skip

_TIME = (
    _row("GetCurrentTimeBlock", "a892b8d9-3e4e-4e9c-9c1e-75f8efcf1bfa", "time.time",
         "trigger format_type", "time>result"),
    _row("GetCurrentDateBlock", "b29c1b50-5d0e-4d9f-8f9d-1b0e6fcbf0b1", "time.date",
         "trigger offset format_type", "date>result",
         note="An offset that is no number fails; there, it counts as 0."),
    _row("GetCurrentDateAndTimeBlock", "716a67b3-6760-42e7-86dc-18645c6e00fc", "time.now",
         "trigger format_type", "date_time>result"),
    _row("CountdownTimerBlock", "d67a9c52-5e4e-11e2-bcfd-0800200c9a71", "time.countdown",
         "input_message>message seconds minutes hours days repeat", "output_message>message"),
)  # fmt: skip

_REQUEST = "url method headers json_format>as_json body files_name files"
_WEB = (
    _row("SendWebRequestBlock", "6595ae1f-b924-42cb-9a41-551a0611c4b4", "web.request",
         _REQUEST, "response client_error server_error"),
    _row("SendAuthenticatedWebRequestBlock", "fff86bcd-e001-4bad-a7f6-2eae4720c8dc", "web.request",
         f"{_REQUEST} {_CREDENTIAL}", "response client_error server_error"),
    _row("ReadRSSFeedBlock", "5ebe6768-8e5d-41e3-9134-1c7bd89a8d52", "web.feed",
         "rss_url>url time_period>minutes polling_rate>every run_continuously>keep_reading", "entry entries",
         note="A feed that cannot be read fails, and one reading waits for nothing."),
    _row("GetWikipediaSummaryBlock", "f5b0f5d0-1862-4d61-94be-3ad0fa772760", "web.wikipedia",
         "topic", "summary"),
    _row("GetWeatherInformationBlock", "f7a8b2c3-6d4e-5f8b-9e7f-6d4e5f8b9e7f", "web.weather",
         f"location {_CREDENTIAL} use_celsius>celsius", "temperature humidity condition"),
    _row("SendEmailBlock", "4335878a-394e-4e67-adf2-919877ff49ae", "mail.send",
         "to_email>to subject body config.smtp_server>host config.smtp_port>port " + _CREDENTIAL, "status"),
    _row("SearchTheWebBlock", "87840993-2053-44b7-8da4-187ad4ee518c", "web.search",
         f"query {_CREDENTIAL}", "results>text", provider="jina"),
    _row("ExtractWebsiteContentBlock", "436c3984-57fd-4b85-8e9a-459b356883bd", "web.read_page",
         f"url raw_content>raw {_CREDENTIAL}", "content>result"),
    _row("JinaChunkingBlock", "806fb15e-830f-4796-8692-557d300ff43c", "jina.split",
         f"texts {_CREDENTIAL} max_chunk_length>size return_tokens>give_tokens", "chunks tokens"),
    _row("JinaEmbeddingBlock", "7c56b3ab-62e7-43a2-a2dc-4ec4245660b6", "jina.embed",
         f"texts {_CREDENTIAL} model", "embeddings>vectors"),
    _row("FactCheckerBlock", "d38b6c5e-9968-4271-8423-6cfe60d6e7e6", "jina.check",
         f"statement {_CREDENTIAL}", "factuality result reason references",
         note="By Jina's DeepSearch: the address that AutoGPT asks is no more."),
    _row("GoogleMapsSearchBlock", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "web.places",
         f"{_CREDENTIAL} query radius> max_results>count", "place",
         note="The key needs Google's Places API (New); a radius around no place counts for nothing."),
    _row("TranscribeYoutubeVideoBlock", "f3a8f7e1-4b1d-4e5f-9f2a-7c3d5a2e6b4c", "web.transcript",
         "youtube_url>url credentials>", "video_id>video transcript",
         note="Asked of YouTube from this machine, not by way of a proxy: it may refuse one that asks often."),
    _row("AskWolframBlock", "b7710ce4-68ef-4e82-9a2f-f0b874ef9c7d", "web.wolfram",
         f"{_CREDENTIAL} question", "answer"),
)  # fmt: skip

_ASKING = "model credentials> retry> ollama_host>"
_AI = (
    _row("AITextGeneratorBlock", "1f292d4a-41a4-4977-9684-7c8d560b9f91", "ai.generate",
         f"prompt sys_prompt>system prompt_values>values max_tokens {_ASKING}",
         "response>text prompt>", note=_MODEL),
    _row("AIStructuredResponseGeneratorBlock", "ed55ac19-356e-4243-a6cb-bc599e9b716f", "ai.answer",
         f"prompt expected_format>fields list_result>many force_json_output> sys_prompt>system"
         f" conversation_history> prompt_values>values max_tokens> compress_prompt_to_fit> {_ASKING}",
         "response>answer prompt>", note=_MODEL),
    _row("AITextSummarizerBlock", "a0a69be1-4528-491c-a85a-a4ab6873e3f0", "ai.summarise",
         "text focus style model credentials> max_tokens chunk_overlap>overlap ollama_host>",
         "summary prompt>", note=_MODEL),
    _row("AIConversationBlock", "32a87eab-381e-4dd4-bdb8-4c47151be35a", "ai.chat",
         "prompt>message messages>conversation model credentials> max_tokens ollama_host>",
         "response>reply prompt>", note=_MODEL),
    _row("AIListGeneratorBlock", "9c0b0450-d199-458b-a731-072189dd6593", "ai.list",
         "focus source_data>source model credentials> max_retries> force_json_output>"
         " max_tokens> ollama_host>", "generated_list>items list_item>item prompt>", note=_MODEL),
)  # fmt: skip

_OTHERS = (
    _row("SendSlackMessageBlock", "50cf5290-ec87-4ca1-b7d7-b8b4ef772f6d", "slack.send",
         f"{_CREDENTIAL} channel text thread_ts>thread username icon_emoji unfurl_links mrkdwn",
         "ts channel"),
    _row("SendTelegramMessageBlock", "787678ad-1f47-4efc-89df-643f9908621a", "telegram.send",
         f"{_CREDENTIAL} chat_id>chat text parse_mode reply_to_message_id>reply_to disable_notification>silent",
         "message_id>message status", words={"parse_mode": {"none": "", "": ""}}),
    _row("ReplyToTelegramMessageBlock", "c2b1c976-844f-4b6c-ab21-4973d2ceab15", "telegram.send",
         f"{_CREDENTIAL} chat_id>chat reply_to_message_id>reply_to text parse_mode",
         "message_id>message status", words={"parse_mode": {"none": "", "": ""}}),
    _row("GithubCommentBlock", "a8db4d8d-db1c-4a25-a1b0-416a8c33602b", "github.comment",
         f"{_CREDENTIAL} issue_url>issue comment>text", "id url"),
    _row("GithubListIssuesBlock", "c215bfd7-0e57-4573-8f8c-f7d4963dcd74", "github.issues",
         f"{_CREDENTIAL} repo_url>repository", "issue issues"),
    _row("GithubMakeIssueBlock", "691dad47-f494-44c3-a1e8-05b7990f2dab", "github.create_issue",
         f"{_CREDENTIAL} repo_url>repository title body", "number url"),
    _row("GithubReadIssueBlock", "6443c75d-032a-4772-9c08-230c707c8acc", "github.issue",
         f"{_CREDENTIAL} issue_url>issue", "title body user"),
    _row("GithubReadFileBlock", "87ce6c27-5752-4bbc-8e26-6da40a3dcfd3", "github.read_file",
         f"{_CREDENTIAL} repo_url>repository file_path>path branch",
         "text_content>text raw_content>raw size"),
    _row("NotionSearchBlock", "313515dd-9848-46ea-9cd6-3c627c892c56", "notion.search",
         f"{_CREDENTIAL} query filter_type>kind limit", "results result result_ids>ids count"),
    _row("NotionReadPageMarkdownBlock", "d1312c4d-fae2-4e70-893d-f4d07cce1d4e", "notion.read_page",
         f"{_CREDENTIAL} page_id>page include_title", "markdown title"),
    _row("NotionCreatePageBlock", "c15febe0-66ce-4c6f-aebd-5ab351653804", "notion.create_page",
         f"{_CREDENTIAL} parent_page_id>page parent_database_id>database title content properties icon_emoji>icon",
         "page_id>id page_url>url"),
    _row("NotionReadDatabaseBlock", "fcd53135-88c9-4ba3-be50-cc6936286e6c", "notion.query",
         f"{_CREDENTIAL} database_id>database filter_property filter_value sort_property"
         " sort_direction limit", "entries entry entry_ids>ids entry_id>id count database_title>title"),
    _row("GenericWebhookTriggerBlock", "8fa8c167-2002-47ce-aba8-97572fc5d387", "triggers.webhook",
         "payload constants", "payload constants"),
)  # fmt: skip

AUTOGPT: Mapping[str, Correspondence] = {
    row.id: row
    for row in (
        *_BASIC,
        *_FIELDS,
        *_LOGIC,
        *_DICTIONARIES,
        *_LISTS,
        *_TEXT,
        *_DATA,
        *_TIME,
        *_WEB,
        *_AI,
        *_OTHERS,
    )
}
"""Every block of theirs that one of ours does the work of, by their id."""
