# structlog as its guide has it: contextvars, a redacting processor, ISO time, JSON; one write to stdout a line.
import json
import os
import re
import signal
import sys
import time

import structlog

MODE, WARM_MS, SPAN_MS = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
TOKEN = "tok_bench_5f0c2a77d91b"
SECRETS = re.compile(r"^(password|token|authorization|secret|api_?key|cookie)$", re.I)
IDS = [(f"u_{index}", f"a_{index}") for index in range(1024)]


def redacted(value):
    if isinstance(value, dict):
        return {key: "[REDACTED]" if SECRETS.match(key) else redacted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [redacted(each) for each in value]
    return value


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        lambda _logger, _name, event: redacted(event),
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(20),
    logger_factory=structlog.WriteLoggerFactory(),
    cache_logger_on_first_use=True,
)
structlog.contextvars.bind_contextvars(
    tenant_id="0b9f5c1e-6d1f-4c9e-9a51-0e6c7f2b8d34", method="POST", path="/assessments/a_204/answers"
)
log = structlog.get_logger()
events = 0


def write(count):
    global events
    for _ in range(count):
        user_id, assessment_id = IDS[events & 1023]
        events += 1
        log.info(
            "answer_saved",
            user_id=user_id,
            assessment_id=assessment_id,
            nested={"a": {"token": TOKEN}, "b": [1, 2, 3]},
        )


def report(**result):
    sys.stderr.write(json.dumps(result) + "\n")


if MODE == "verify":
    write(1000)
    sys.stdout.flush()
    report(events=events)
elif MODE in ("exit", "sigterm", "throw"):
    write(1010)
    if MODE == "sigterm":
        os.kill(os.getpid(), signal.SIGTERM)
    if MODE == "throw":
        raise RuntimeError("thrown for the benchmark")
    sys.exit()
else:
    begun = time.perf_counter()
    while (time.perf_counter() - begun) * 1000 < WARM_MS:
        write(100)
    rate = events / (time.perf_counter() - begun)
    past = events
    start = time.process_time()
    write(int(rate * SPAN_MS / 1000) + 1)
    sys.stdout.flush()
    spent = time.process_time() - start
    report(events=events, cpuMicros=spent * 1e6 / (events - past))
