"""Long messages cut into stretches, so that the need in the last line weighs as much as the first."""

from faro_nlu.spelling import Word

SHORT = 18
"""Words up to which a message is read only as a whole."""
STRETCH = 14
STEP = 9


def segments(words: list[Word]) -> list[list[Word]]:
    """The whole message first, then its stretches: clauses joined up to `STRETCH` words."""
    if len(words) <= SHORT:
        return [words]
    stretches: list[list[Word]] = []
    for clause in _clauses(words):
        if stretches and len(stretches[-1]) + len(clause) <= STRETCH:
            stretches[-1] = stretches[-1] + clause
        else:
            stretches.extend(_cut(clause))
    return [words, *stretches] if len(stretches) > 1 else [words]


def _clauses(words: list[Word]) -> list[list[Word]]:
    clauses: list[list[Word]] = []
    for word in words:
        if (word.breaks and clauses) or not clauses:
            clauses.append([])
        clauses[-1].append(word)
    return clauses


def _cut(clause: list[Word]) -> list[list[Word]]:
    """A clause without breath, cut into stretches that overlap."""
    if len(clause) <= STRETCH + STRETCH // 2:
        return [clause]
    starts = range(0, len(clause) - STRETCH + STEP, STEP)
    return [clause[start : start + STRETCH] for start in starts]
