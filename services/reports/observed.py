"""What people said in a consultation, as a section of the knowledge report."""

from services.reports import words as say
from services.reports.document import Section, Text


def none() -> Section:
    """The section when nothing was released."""
    return Section("opiniones", say.OBSERVED_TITLE, (Text((say.OBSERVED_NONE,)),))
