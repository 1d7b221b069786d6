"""Run the benchmarks and print one table: `python -m tests.benchmarks [names] [--quick]`."""

from __future__ import annotations

import argparse
import os
import platform
import signal
from datetime import datetime

from queries import clock
from tests.benchmarks import (
    crowds,
    first_load,
    intake,
    lake,
    national,
    questions,
    repaint,
    replicas,
    sessions,
    spider,
)
from tests.benchmarks.measuring import Result, table

BENCHMARKS = {
    "questions": questions.against_duckdb,
    "spider": spider.over_the_country,
    "national": national.of_the_country,
    "lake": lake.against_the_folder,
    "intake": intake.against_reading,
    "repaint": repaint.against_streamlit,
    "dash": repaint.against_dash,
    "first_load": first_load.over_mobile_network,
    "sessions": sessions.at_once,
    "hurried": sessions.in_a_hurry,
    "come_and_gone": crowds.come_and_gone,
    "slow_readers": crowds.slow_readers,
    "replicas": replicas.lost_and_restarted,
}


def main() -> None:
    """Run the benchmarks that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one or more of: {', '.join(BENCHMARKS)}")
    parser.add_argument(
        "--quick", action="store_true", help="few repetitions: shows that all works, not how fast it is"
    )
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    # Ended from outside, the servers must end too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows, notes = [], []
    for name in chosen.names or BENCHMARKS:
        print(f"{datetime.now(clock.SWEDEN):%H:%M:%S} {name} …", flush=True)
        result: Result = BENCHMARKS[name](chosen.quick)
        rows += result.rows
        notes += result.notes
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    quick = ", quick" if chosen.quick else ""
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} cores{load}{quick}\n")
    print(table(rows))
    print("".join(f"\n{note}" for note in notes))


if __name__ == "__main__":
    main()
