"""What people asked for and did not find, as a section of a comparison."""

from services.reports import words as say
from services.reports.document import Section, Text


def none() -> Section:
    """The section before any month was published."""
    return Section("sin-respuesta", say.UNMET_TITLE, (Text((say.UNMET_NONE,)),))
