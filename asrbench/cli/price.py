"""`asrbench price`: an option by simulation, with its standard error; again and again, if asked."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from asrbench.cli.columns import columns
from asrbench.cli.exits import Exit
from asrbench.errors import OptionError

if TYPE_CHECKING:
    from asrbench.pricing.contract import Kind, Knock
    from asrbench.pricing.price import Price
    from asrbench.pricing.repeat import Repeated
    from asrbench.pricing.request import Method, Precision, Request


def price(
    kind: Annotated[str, typer.Argument(help="european, asian (arithmetic mean) or barrier.")],
    spot: Annotated[float, typer.Option(help="The asset's price now.")] = 100.0,
    strike: Annotated[float, typer.Option(help="What it is bought or sold for.")] = 105.0,
    rate: Annotated[float, typer.Option(help="Of a year, continuously compounded.")] = 0.05,
    volatility: Annotated[float, typer.Option(help="Of a year.")] = 0.2,
    years: Annotated[float, typer.Option(help="Time to the end.")] = 1.0,
    put: Annotated[bool, typer.Option("--put", help="A put instead of a call.")] = False,
    steps: Annotated[
        int | None, typer.Option(help="Dates that are looked at: 64, or 1 of a European option.")
    ] = None,
    knock: Annotated[
        str, typer.Option(help="up-and-out, up-and-in, down-and-out or down-and-in.")
    ] = "",
    barrier: Annotated[float, typer.Option(help="Where a barrier option is knocked.")] = 0.0,
    paths: Annotated[int, typer.Option(help="Paths, mirrored ones counted.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Another one gives other paths.")] = 0,
    method: Annotated[str, typer.Option(help="philox, or sobol: paths a power of two.")] = "philox",
    precision: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    greeks: Annotated[bool, typer.Option("--greeks", help="Delta to theta too.")] = False,
    threads: Annotated[int, typer.Option(help="Threads of a long call.")] = 1,
    deadline_ms: Annotated[
        float | None, typer.Option(help="Milliseconds after which pricing is stopped.")
    ] = None,
    repeat: Annotated[
        int | None, typer.Option(min=2, help="Price so often, seed after seed; see how far off.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object.")] = False,
) -> int:
    """Price an option under Black and Scholes by simulation in C++, with a standard error.

    Example: asrbench price asian --paths 2048 --method sobol --repeat 1000

    Ends with 1 when the deadline passed, or with --repeat when prices lie farther from the formula
    (or the committed reference) than chance explains.
    """
    from asrbench.pricing.contract import Contract  # --help needs neither NumPy nor the extension
    from asrbench.pricing.request import Request
    from asrbench.pricing.service import PricingService

    deadline_s = None if deadline_ms is None else deadline_ms / 1000
    dates = steps if steps is not None else 1 if kind == "european" else 64
    try:
        contract = Contract(
            cast("Kind", kind),
            "put" if put else "call",
            spot,
            strike,
            rate,
            volatility,
            years,
            dates,
            cast("Knock", knock),
            barrier,
        )
        request = Request(
            kind,
            contract,
            paths,
            seed,
            cast("Method", method),
            cast("Precision", precision),
            greeks,
        )
        service = PricingService(threads, method=request.method, precision=request.precision)
        if deadline_s is not None and not deadline_s >= 0:
            raise OptionError(f"deadline-ms is {deadline_ms}; expected 0 or more")
    except OptionError as error:  # a word or a number that is no choice
        raise typer.BadParameter(str(error)) from error

    def once(number: int) -> Price:
        return service.price(contract, paths, number, greeks=greeks, deadline_s=deadline_s)

    return (
        _once(once(seed), request, as_json)
        if repeat is None
        else _often(once, request, repeat, as_json)
    )


def _once(found: Price, request: Request, as_json: bool) -> int:
    from asrbench.pricing.repeat import known

    reference = known(request.contract)
    estimates = {"price": (found.value, found.standard_error)}
    if found.greeks is not None:
        estimates |= {name: tuple(each) for name, each in found.greeks._asdict().items()}
    if as_json:
        record: dict[str, Any] = {
            name: {"value": value, "standard_error": error}
            for name, (value, error) in estimates.items()
        }
        record["reference"] = None if reference is None else reference._asdict()
        print(json.dumps(record))
        return Exit.WELL
    rows = [(name, f"{value:.6f}", f"+- {error:.2g}") for name, (value, error) in estimates.items()]
    if reference is not None:
        rows.append(("reference", f"{reference.value:.6f}", f"+- {reference.standard_error:.2g}"))
    print(columns(rows))
    return Exit.WELL


def _often(once: Any, request: Request, count: int, as_json: bool) -> int:
    from asrbench.pricing.repeat import known, repeat

    reference = known(request.contract)
    if reference is None:
        raise typer.BadParameter(
            f"nothing is known of this {request.contract.kind} option; expected a European one, or "
            "one of the reference contracts"
        )
    last = min(request.seed + count, 2**64)
    done = repeat(once, reference, range(request.seed, last), time.perf_counter)
    record = _figures(done)
    if as_json:
        print(json.dumps(record))
    else:
        rows = [(name, "-" if value is None else f"{value:.6g}") for name, value in record.items()]
        print(columns(rows))
    for fault in done.faults:
        print(fault)
    return Exit.NO if done.faults else Exit.WELL


def _figures(done: Repeated) -> dict[str, float | None]:
    """Return what is printed: a percentile only from as many values as carry it."""
    from asrbench.measure.statistics import carried, percentile

    took = {
        f"p{round(100 * p)}_us": 1e6 * percentile(done.took_s, p)
        if carried(p, len(done.took_s))
        else None
        for p in (0.5, 0.95, 0.99)
    }
    return {
        "prices": len(done.prices),
        **took,
        "reference": done.reference.value,
        "rms_error": done.rms_error,
        "farthest_z": max(map(abs, done.z)),
        "kolmogorov_p": done.kolmogorov_p,
    }
