"""The values that a load brought, as Samples: a value a request, in the order of the schedule."""

from __future__ import annotations

from asrbench.measure.load.traffic import Traffic
from asrbench.measure.samples import Samples

LATENCY = "latency"  # from when a request was due, not from when the engine got to it
SERVICE = "service"  # seconds within the engine
DELAY = "issue_delay"  # how much later than due the generator asked: its own fault
WARM_UP = "warm_up"  # seconds within the engine before the load


def under_load(traffic: Traffic, launch: int) -> tuple[Samples, ...]:
    """Return latency, service, issue delay and stages in seconds; `block` is the query.

    Requests that were refused are left out: they are failures. Nothing where nothing was answered.
    Raises RuntimeError where the trace and the calls are not of the same requests.
    """
    answered = []
    for request in sorted(traffic.requests, key=lambda request: request.sequence):
        call = traffic.calls.get(request.sequence)
        if call is None:
            continue  # cut short between the trace and the folder
        if call["index"] != request.index:
            raise RuntimeError(
                f"request {request.sequence} is of item {request.index} in the trace, of item "
                f"{call['index']} to the engine; expected the same"
            )
        if "refusal" not in call:
            answered.append((request, call))
    if not answered or traffic.ready is None:
        return ()
    names = traffic.ready["items"]
    origin_s = min(request.due_s for request in traffic.requests)
    columns: dict[str, list[float | None]] = {
        LATENCY: [request.latency_s for request, _ in answered],
        SERVICE: [call["took_s"] for _, call in answered],
        DELAY: [request.delay_s for request, _ in answered],
    }
    for stage in dict.fromkeys(stage for _, call in answered for stage in call["stages"]):
        columns[f"stage/{stage}"] = [call["stages"].get(stage) for _, call in answered]
    made = []
    for metric, column in columns.items():
        told = [
            (value, *of) for value, of in zip(column, answered, strict=True) if value is not None
        ]
        made.append(
            Samples(
                metric,
                "s",
                "lower",
                tuple(value for value, _, _ in told),
                item=tuple(names[request.index] for _, request, _ in told),
                launch=(launch,) * len(told),
                block=tuple(request.query for _, request, _ in told),
                at_s=tuple(request.due_s - origin_s for _, request, _ in told),
            )
        )
    return tuple(made)


def warm_up(traffic: Traffic, launch: int) -> tuple[Samples, ...]:
    """Return the seconds of every call before the load, by pass; nothing where all refused."""
    if not traffic.warm:
        return ()
    return (
        Samples(
            WARM_UP,
            "s",
            "lower",
            tuple(row["took_s"] for row in traffic.warm),
            item=tuple(row["item"] for row in traffic.warm),
            launch=(launch,) * len(traffic.warm),
            block=tuple(row["pass"] for row in traffic.warm),
        ),
    )
