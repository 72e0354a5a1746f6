"""`GET /metrics`: the counters of every process and how Faro stands, in Prometheus' text format."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from bot import metrics
from bot.metrics import Metric, labels_of
from bot.standing import Standing, age
from data.counter_store import Series


def render(standing: Standing, *, budget: int) -> bytes:
    """The page. `budget`: WhatsApp messages a month, 0 for none."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Page([*_counted(standing.counts), *_gauges(standing, budget)]))
    return generate_latest(registry)


class _Page(Collector):
    def __init__(self, families: list[Family]) -> None:
        self._families = families

    def collect(self) -> Iterable[Family]:
        return self._families


def _counted(counts: Mapping[Series, float]) -> Iterator[Family]:
    by_name: dict[str, dict[str, float]] = defaultdict(dict)
    for (name, labels), value in counts.items():
        by_name[name][labels] = value
    for metric in metrics.ALL:
        yield _histogram(metric, by_name) if metric.buckets else _counter(metric, by_name)


def _counter(metric: Metric, counts: Mapping[str, Mapping[str, float]]) -> Family:
    family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, value in sorted(counts.get(f"{metric.name}_total", {}).items()):
        family.add_metric(_values(metric, labels), value)
    return family


def _histogram(metric: Metric, counts: Mapping[str, Mapping[str, float]]) -> Family:
    """Buckets are kept each for itself; Prometheus wants them added up."""
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    filled: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for labels, value in counts.get(f"{metric.name}_bucket", {}).items():
        filled[_values(metric, labels)][labels_of(labels)["le"]] = value
    sums = {_values(metric, labels): v for labels, v in counts.get(f"{metric.name}_sum", {}).items()}
    for values, buckets in sorted(filled.items()):
        total, added = 0.0, []
        for bound in [*map(str, metric.buckets), "+Inf"]:
            total += buckets.get(bound, 0.0)
            added.append((bound, total))
        family.add_metric(values, added, sums.get(values, 0.0))
    return family


def _values(metric: Metric, labels: str) -> tuple[str, ...]:
    found = labels_of(labels)
    return tuple(found.get(name, "") for name in metric.labels)


def _gauges(standing: Standing, budget: int) -> Iterator[Family]:
    now = standing.now
    queues = {"inbox": standing.inbox, **{f"outbox_{name}": q for name, q in standing.outbox.items()}}
    yield _gauge(
        "faro_queue_age_seconds",
        "Age of the oldest that waits.",
        {(name,): age(queue.oldest, now) for name, queue in queues.items()},
        "queue",
    )
    lengths = {(name,): float(queue.length) for name, queue in queues.items()}
    yield _gauge("faro_queue_length", "How many wait.", lengths, "queue")
    yield _gauge(
        "faro_last_received_timestamp_seconds",
        "When the last message came.",
        {(): standing.last_received.timestamp()} if standing.last_received else {},
    )
    yield _gauge("faro_set_aside", "Messages set aside in the last hour.", {(): float(standing.set_aside)})
    yield from _directory(standing)
    yield from _processes(standing)
    yield _gauge("faro_fallback_share", "Texts read without the model, of all.", {(): _fallback(standing)})
    yield _gauge("faro_whatsapp_budget", "Messages a month; 0: no budget.", {(): float(budget)})
    month = {("accepted",): standing.whatsapp_accepted, ("billed",): standing.whatsapp_billed}
    yield _gauge("faro_whatsapp_month_messages", "WhatsApp messages of this month.", month, "what")
    on = {(alarm.name,): 1.0 for alarm in standing.alarms}
    yield _gauge("faro_alarm", "1 for each alarm that is on.", on, "alarm")


def _directory(standing: Standing) -> Iterator[Family]:
    fresh, now = standing.freshness, standing.now
    yield _gauge("faro_directory_services", "Active services.", {(): float(fresh.services)})
    share = fresh.stale / fresh.services if fresh.services else 0.0
    yield _gauge("faro_directory_stale_share", "Active services that nobody verified lately.", {(): share})
    ages = {(name,): age(good_at, now) for name, good_at in fresh.sources.items() if good_at}
    yield _gauge("faro_source_age_seconds", "Since a source could last be read.", ages, "source")
    failing = {(name,): float(count) for name, count in fresh.failing.items()}
    yield _gauge("faro_source_failures", "Readings of a source that failed in a row.", failing, "source")
    held = {(name,): float(count) for name, count in fresh.held.items()}
    yield _gauge("faro_source_held", "Differences that wait for a caseworker.", held, "source")


def _processes(standing: Standing) -> Iterator[Family]:
    running: dict[tuple[str, ...], float] = defaultdict(float)
    memory: dict[tuple[str, ...], float] = {}
    for process in standing.processes:
        running[(process.role, process.understanding, process.version)] += 1
        memory[(process.role, process.id)] = float(process.memory)
    labels = ("role", "understanding", "version")
    yield _gauge("faro_processes", "Processes that run.", running, *labels)
    yield _gauge("faro_process_memory_bytes", "Resident memory.", memory, "role", "process")
    free = [process.disk_free for process in standing.processes]
    least = {(): min(free)} if free else {}
    yield _gauge("faro_disk_free_share", "Free share of the fullest disk, 0 to 1.", least)


def _gauge(name: str, told: str, values: Mapping[Any, float], *labels: str) -> Family:
    family = GaugeMetricFamily(name, told, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family


def _fallback(standing: Standing) -> float:
    sources = {
        labels_of(labels).get("source", ""): value
        for (name, labels), value in standing.counts.items()
        if name == f"{metrics.UNDERSTOOD.name}_total"
    }
    total = sum(sources.values())
    return (total - sources.get("rasa", 0.0)) / total if total else 0.0
