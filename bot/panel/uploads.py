"""An uploaded file as what it would change: kept sealed between two pages, without the file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.editing import Edit
from services.exchange.plan import Plan, Proposal
from services.exchange.problems import Problem

MAX_PROBLEMS = 1000
"""Kept of one file; the count says how many there were."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What is left to decide of a file. Problems never hold a value of a cell."""

    file: str
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...]
    refused: int
    same: int
    gone: int
    ignored: tuple[str, ...]
    outside: int = 0

    def without(self, rows: Sequence[int]) -> "Upload":
        """What is left when these rows are done."""
        done = set(rows)
        return replace(self, proposals=tuple(p for p in self.proposals if p.row not in done))


def of_plan(plan: Plan, mine: Sequence[Proposal], *, file: str) -> Upload:
    """`mine` are the proposals within the limits of the account."""
    return Upload(
        file=file,
        proposals=tuple(mine),
        problems=plan.problems[:MAX_PROBLEMS],
        refused=plan.refused_rows,
        same=plan.same,
        gone=len(plan.gone),
        ignored=plan.ignored,
        outside=len(plan.proposals) - len(mine),
    )


def to_json(upload: Upload) -> str:
    """As text; `from_json` gives the same back."""
    data = {
        "file": upload.file,
        "proposals": [_kept(proposal) for proposal in upload.proposals],
        "problems": [[p.row, p.column, p.sentence] for p in upload.problems],
        "refused": upload.refused,
        "same": upload.same,
        "gone": upload.gone,
        "ignored": list(upload.ignored),
        "outside": upload.outside,
    }
    return json.dumps(data, ensure_ascii=False)


def from_json(text: str) -> Upload:
    """An upload that was kept."""
    data: dict[str, Any] = json.loads(text)
    return Upload(
        file=data["file"],
        proposals=tuple(_proposal(each) for each in data["proposals"]),
        problems=tuple(Problem(*each) for each in data["problems"]),
        refused=data["refused"],
        same=data["same"],
        gone=data["gone"],
        ignored=tuple(data["ignored"]),
        outside=data["outside"],
    )


def _kept(proposal: Proposal) -> list[Any]:
    edit = proposal.edit
    fields = dict(edit.fields)
    return [
        proposal.row, edit.service_id, fields, edit.revision, proposal.name, list(proposal.changed),
        proposal.is_refuge,
    ]  # fmt: skip


def _proposal(kept: list[Any]) -> Proposal:
    row, service_id, fields, revision, name, changed, is_refuge = kept
    return Proposal(row, Edit(service_id, fields, revision), name, tuple(changed), is_refuge)
