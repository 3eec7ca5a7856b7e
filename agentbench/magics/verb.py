"""Verb: one word after `%agent`, with its arguments and its help."""

import argparse
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

Do = Callable[[InteractiveShell, argparse.Namespace], Any]
Declare = Callable[[argparse.ArgumentParser], Any]


class Parser(argparse.ArgumentParser):
    """Says what is wrong as a usage error, and never ends the kernel."""

    def error(self, message: str) -> Any:
        raise UsageError(f"{message}\n{self.format_usage().strip()}")

    def exit(self, status: int = 0, message: str | None = None) -> Any:
        raise HelpShown


class HelpShown(Exception):
    """Help was asked for and printed; there is nothing left to do."""


@dataclass(frozen=True)
class Verb:
    """One word after `%agent`: `do` carries it out, its docstring is the help."""

    name: str
    do: Do
    declare: Declare

    @property
    def help(self) -> str:
        """What it is for, in full."""
        return inspect.cleandoc(self.do.__doc__ or "")

    def add_to(self, parsers: Any) -> None:
        """Declares it to the parser of the magic."""
        parser = parsers.add_parser(
            self.name,
            help=self.help.partition("\n")[0],
            description=self.help,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.declare(parser)
        parser.set_defaults(do=self.do)


def verb(name: str, declare: Declare = lambda parser: None) -> Callable[[Do], Verb]:
    """Makes a function a verb; `declare` adds its arguments to a parser."""
    return lambda do: Verb(name, do, declare)
