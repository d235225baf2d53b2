"""The stages that are measured are right: each is compared with its twin before it is timed."""

from asrbench.measure.scenario import Instruments, Limits, single_stream
from asrbench.speech.cases import stages


def test_every_native_stage_is_right_and_can_be_timed() -> None:
    cases = stages()
    for case in cases:
        case.prepare()
        check = case.check(case.run())

        assert check.passed, f"{case.name}: {check.detail}"

    done = single_stream(
        cases,
        Instruments(iter(float(tick) for tick in range(100)).__next__),
        limits=Limits(values=3),
        stages=lambda output: {},
        listen=lambda call: None,
    )
    assert [case.name for case in cases] == [
        "speech/native/log_mel@1s",
        "speech/native/log_mel@30s",
        "speech/native/encoder@30s",
    ]
    assert done.latency is not None
    assert done.latency.values == (1.0, 1.0, 1.0)
