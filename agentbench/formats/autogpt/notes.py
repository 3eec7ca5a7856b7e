"""Notes: where an imported agent does something else than AutoGPT, and on purpose.

AutoGPT's rules hold, but for what is a defect there: this is the list of these.
"""

from collections.abc import Iterable, Mapping

from agentbench.domain.drawing import Drawing
from agentbench.formats.autogpt.block import AutogptBlock
from agentbench.formats.autogpt.calls.google.sheets import SHEETS
from agentbench.formats.autogpt.catalogue import by_our_id

ALWAYS = (
    "A failure that no link handles fails the run; AutoGPT would call it completed.",
)
DIFFERENCES: Mapping[str, str] = {
    "StoreValueBlock": "StoreValue keeps 0, false and empty text too; AutoGPT loses them.",
    "ConditionBlock": "Condition gives the first value as it came where yes or no has no"
    " value of its own; AutoGPT gives a number it read, and for no the second value.",
    "DataSamplingBlock": "DataSampling has a random state of its own, takes no more of a"
    " group than it holds, and does not accumulate.",
    "FindInDictionaryBlock": "FindInDictionary reads no attributes, and finds a key that"
    " is a number written as text.",
    "CreateListBlock": "CreateList gives no empty list before the first.",
    "ListIntersectionBlock": "1, 1.0 and true are three different items.",
    "ListDifferenceBlock": "1, 1.0 and true are three different items.",
    "ConcatenateListsBlock": "1, 1.0 and true are three different items.",
    "MatchTextPatternBlock": "Patterns are RE2: quick whatever they are, and without"
    " look-ahead and back-references.",
    "ExtractTextInformationBlock": "Patterns are RE2, without look-ahead and"
    " back-references; one that is no pattern fails, instead of finding nothing.",
    "TextDecoderBlock": "TextDecoder leaves letters that are not ASCII as they are, and"
    " refuses a backslash that begins nothing.",
    "CodeExtractionBlock": "CodeExtraction knows languages in capitals as well.",
    "ReadSpreadsheetBlock": "ReadSpreadsheet reads rows longer than the header, a byte"
    " order mark and an empty file.",
    "SendWebRequestBlock": "Only public addresses are reached; a redirect is followed, and is"
    " no server error.",
    "SendAuthenticatedWebRequestBlock": "Only public addresses are reached; a redirect is"
    " followed, and is no server error; the credential goes to its own hosts only.",
    "SendEmailBlock": "Port 465 speaks TLS from the start, as mail servers have it there;"
    " AutoGPT cannot use it.",
    "PerplexityBlock": "Perplexity gives its answer without annotations.",
    "CodeGenerationBlock": "CodeGeneration gives what the model wrote, and no reasoning.",
    "AutoPilotBlock": "AutoPilot is the default model here: a session goes on when it is named"
    " again, and nothing of AutoGPT's cloud is called; a node that names tools fails.",
    "ClaudeCodeBlock": "Claude Code runs on a machine of E2B's, and its key goes there: the"
    " credential has to be for *.e2b.app as well.",
    "MCPToolBlock": "MCPTool calls tools of servers that somebody has added here, as they"
    " were accepted; a picture comes as an image.",
    "ScreenshotWebPageBlock": "A screenshot is given as a data URI.",
    **dict.fromkeys(
        (
            "AddMemoryBlock",
            "SearchMemoryBlock",
            "GetAllMemoriesBlock",
            "GetLatestMemoryBlock",
        ),
        "Mem0 knows this user and this agent by names made here, not by AutoGPT's ids.",
    ),
    **dict.fromkeys(
        SHEETS,
        "Google's files are opened by the credential 'google': which one AutoGPT takes, it keeps"
        " in its cloud.",
    ),
    "ReadDiscordMessagesBlock": "ReadDiscordMessages looks every two seconds what is new, and is"
    " not called by Discord.",
    "AIConditionBlock": "An answer that is neither yes nor no is asked for again.",
    "AITextSummarizerBlock": "Every part is summarised with focus and style in mind.",
    "OrchestratorBlock": "Before a tool changes something, somebody is asked.",
    "AgentExecutorBlock": "A sub-agent that fails fails its node; AutoGPT goes on"
    " without its outputs.",
    "HumanInTheLoopBlock": "A review always waits for somebody; there is no switch that"
    " approves by itself.",
    "CountdownTimerBlock": "A long wait holds nothing, and goes on in another kernel.",
    "GetCurrentTimeBlock": "The user's own time zone is not known here: it is UTC.",
    "GetCurrentDateBlock": "The user's own time zone is not known here: it is UTC. An offset that"
    " is no number fails; AutoGPT takes it for 0.",
    "GetCurrentDateAndTimeBlock": "The user's own time zone is not known here: it is UTC.",
}
"""By AutoGPT's name of the block; of others, the row of the table says it."""


def differences_of(graphs: Iterable[Drawing]) -> list[str]:
    """What is different about the blocks of these graphs, each said once."""
    said: dict[str, str] = {}
    for graph in graphs:
        for id, node in graph.nodes.items():
            entry, block = by_our_id().get(node.block), graph.block_of(id)
            if entry is not None and isinstance(block, AutogptBlock):
                row = getattr(block.work, "note", "")
                note = f"{entry.title}: {row}" if row else ""
                said[entry.name] = DIFFERENCES.get(entry.name, note)
    return [*ALWAYS, *dict.fromkeys(it for _, it in sorted(said.items()) if it)]
