"""The metrics of the program at work, in the text that Prometheus and its like read."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from tracker.monitoring.readings import Reading


def exposition(reading: Reading) -> bytes:
    """Requests of all processes of this machine, and what the database tells of the whole system."""
    requests: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    system = CollectorRegistry()
    system.register(_System(reading))
    return bytes(generate_latest(requests) + generate_latest(system))


class _System:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def collect(self) -> Iterable[Metric]:
        reading = self.reading
        info = {(reading.version, reading.database, reading.schema): 1.0}
        yield _gauge("rectify_info", "Version, database and schema", ("version", "database", "schema"), info)
        yield _gauge("rectify_database_bytes", "Size of the database", (), {(): reading.database_bytes})
        for name, of in (("free", "free_bytes"), ("total", "total_bytes")):
            bytes_by_folder = {(each.folder,): getattr(each, of) for each in reading.disks.values()}
            yield _gauge(f"rectify_disk_{name}_bytes", "Disks of data and backups", ("folder",), bytes_by_folder)
        if store := reading.store:
            answers = {(): float(not store.fault)}
            yield _gauge("rectify_object_store_up", "Whether the object store answers", (), answers)
        queue = {(str(channel), str(state)): count for (channel, state), count in reading.messages.items()}
        yield _gauge("rectify_messages", "Messages by channel and state", ("channel", "state"), queue)
        done = {(name,): run.finished_at.timestamp() for name, run in reading.runs.items() if run.finished_at}
        yield _gauge("rectify_job_finished_timestamp_seconds", "When each job last finished", ("job",), done)
        beat = {(): reading.beat_at.timestamp()} if reading.beat_at else {}
        yield _gauge("rectify_scheduler_beat_timestamp_seconds", "Last sign of life of a scheduler", (), beat)
        backup = {(): reading.verified.taken_at.timestamp()} if reading.verified else {}
        yield _gauge("rectify_backup_verified_timestamp_seconds", "When the last verified backup was taken", (), backup)


def _gauge(name: str, told: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=labels)
    for label, value in values.items():
        family.add_metric(label, value)
    return family
