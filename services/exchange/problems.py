"""What is wrong with a file, said as sentences in Spanish that say what to do. Never repeats a value."""

from dataclasses import dataclass


class UnreadableFile(Exception):
    """The file as a whole can't be read; nothing of it was used. Its message says what to do."""


class UnreadableCell(ValueError):
    """A cell can't be read. Its message says what to write instead, without the value."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A row as the spreadsheet numbers it, the column as the file calls it, and a sentence."""

    row: int
    column: str
    sentence: str

    def __str__(self) -> str:
        where = f"fila {self.row}" + (f", columna «{self.column}»" if self.column else "")
        return f"{where}: {self.sentence}."
