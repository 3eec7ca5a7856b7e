"""`%%block`: a cell whose function is a block, as `@ab.block` makes one."""

import ast
import shlex

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.errors import BlockDefinitionError
from agentbench.magics.verb import HelpShown, Parser


def _parser() -> Parser:
    parser = Parser(
        prog="%%block",
        description="Makes the cell's last function a block, which can be placed at once."
        " The cell runs as any other; what else it defines is there too.",
    )
    add = parser.add_argument
    add("id", nargs="?", default="", help="`family.name`; else `mine.` and its name")
    add("--title", default="", help="what people read")
    add("--keyword", action="append", default=[], dest="keywords", metavar="WORD",
        help="a word people might search for; several times")  # fmt: skip
    add("--effects", default="pure", choices=["pure", "reads", "writes", "sends"],
        help="what a firing does to the world")  # fmt: skip
    add("--cost", default="", help="what a firing costs, in words")
    add("--sticky", action="store_true",
        help="what it gives stays for later firings of what it feeds")  # fmt: skip
    add("--isolation", default="thread", choices=["thread", "process"],
        help="`process` to run it in a process of its own")  # fmt: skip
    return parser


def define(shell: InteractiveShell, line: str, cell: str) -> None:
    """Runs the cell, makes its last function a block, as `@ab.block` would.

    Raises:
        UsageError: the line names an option that there is not.
        BlockDefinitionError: the cell defines no function, or none that can be a block.
    """
    from agentbench.workbench.api import block, signature_of

    try:
        given = vars(_parser().parse_args(shlex.split(line)))
    except ValueError as error:
        raise UsageError(f"%%block {line}: {error}.") from None
    except HelpShown:
        return
    text = shell.transform_cell(cell)
    # As a cell of its own: tracebacks show its lines, and the block's version is its text.
    file = shell.compile.cache(text, shell.execution_count, raw_code=cell)
    tree = ast.parse(text, filename=file)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = [it.name for it in tree.body if isinstance(it, kinds)]
    if not names:
        reason = "it defines no function. Write `def name(...)` with types in it."
        raise BlockDefinitionError("The cell", reason)
    code = compile(tree, file, "exec", dont_inherit=True)
    exec(code, shell.user_ns)  # noqa: S102 - it is the user's cell
    made = block(**given)(shell.user_ns[names[-1]])
    shell.user_ns[names[-1]] = made
    print(signature_of(made))  # noqa: T201
