"""Which standing rouses the operator, and with which sentence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.alarms import Limits, judge
from bot.standing import Standing
from data.operation_store import Freshness, Queue
from data.process_store import Process

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=3)
EMPTY = Queue(0, None)


def process(role: str, understanding: str = "", disk_free: float = 0.5) -> Process:
    return Process(role, role, "1", understanding, 100, disk_free, LONG_AGO, NOW)


WELL = Standing(
    now=NOW,
    inbox=EMPTY,
    outbox={"telegram": EMPTY},
    held={},
    failed={},
    set_aside=0,
    last_received=NOW - timedelta(minutes=5),
    freshness=Freshness(500, 10, {"list": NOW - timedelta(days=1)}, {}, {}),
    processes=(process("web"), process("worker", "rasa"), process("scheduler")),
    alarms=(),
    counts={},
    whatsapp_accepted=0,
    whatsapp_billed=0,
)
LIMITS = Limits(quiet_hours=24, intake_expected=True, backup_age=timedelta(hours=3))


def test_nothing_is_told_while_all_is_well() -> None:
    assert judge(WELL, LIMITS) == {}


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        ({"inbox": Queue(7, LONG_AGO)}, "inbox_age", "7 messages wait"),
        ({"outbox": {"whatsapp": Queue(3, LONG_AGO)}}, "outbox_age_whatsapp", "3 answers wait for whatsapp"),
        ({"last_received": NOW - timedelta(hours=30)}, "no_intake", "30 hours"),
        ({"processes": (process("web"), process("scheduler"))}, "no_worker", "No worker"),
        ({"processes": (process("worker", "rasa"),)}, "no_web", "No web"),
        ({"processes": (process("all", "keywords"),)}, "no_nlu", "NLU"),
        ({"processes": (process("all", "rasa", 0.03),)}, "disk", "3%"),
        ({"freshness": Freshness(0, 0, {}, {}, {})}, "no_directory", "no service"),
        ({"freshness": Freshness(9, 0, {"dif": NOW - timedelta(days=20)}, {}, {})}, "source_dif", "20 days"),
        ({"set_aside": 5}, "set_aside", "5 messages"),
        ({"failed": {("telegram", "it is gone"): 4}}, "failed_telegram_it_is_gone", "given up"),
        ({"held": {("whatsapp", "the token"): 2}}, "held_whatsapp_the_token", "2 answers wait"),
    ],
)
def test_each_trouble_has_its_alarm(change: dict[str, object], name: str, said: str) -> None:
    found = judge(replace(WELL, **change), LIMITS)  # type: ignore[arg-type]

    assert list(found) == [name]
    assert said in found[name]
    assert found[name].endswith(".")
    assert "\n" not in found[name]


def test_an_old_backup_is_told_only_where_one_is_asked_for() -> None:
    assert "backup" in judge(WELL, replace(LIMITS, backup_age=timedelta(days=3)))
    assert judge(WELL, replace(LIMITS, backup_age=None)) == {}


def test_silence_is_no_alarm_without_a_platform_or_when_the_operator_says_so() -> None:
    silent = replace(WELL, last_received=NOW - timedelta(days=9))

    assert judge(silent, replace(LIMITS, intake_expected=False)) == {}
    assert judge(silent, replace(LIMITS, quiet_hours=0)) == {}


def test_answers_that_wait_for_a_page_of_the_web_chat_are_no_alarm() -> None:
    assert judge(replace(WELL, outbox={"web": Queue(3, LONG_AGO)}), LIMITS) == {}
