"""What a first visit costs on a mobile network: bytes, and time until a figure stands on the page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser

from tests.benchmarks import processes
from tests.benchmarks.measuring import Result, Row, limited

ADDRESSES = ("/", "/maluppfyllelse", "/jamforelse")
MEGABYTES_AIM = 2.5
NETWORK = {
    "offline": False,
    "latency": 80,
    "downloadThroughput": 4_000_000 / 8,
    "uploadThroughput": 4_000_000 / 8,
}
# Files that a browser asks for after the figure stands belong to the visit too.
QUIET_MILLISECONDS = 2000

SCRIPT = """
window.first_figure = drawn => new Promise((done, fail) => {
    const look = () => {
        if (document.querySelector(drawn)) done(performance.now());
        else if (performance.now() > 60000) fail('no figure within a minute');
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
});
"""


@dataclass
class Traffic:
    """Bytes that came over the wire, by address; what came through the websocket has none."""

    received: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    addresses: dict[str, str] = field(default_factory=dict)

    def follow(self, devtools: Any) -> None:
        """Count what a page receives."""
        devtools.on("Network.requestWillBeSent", self._on_request)
        devtools.on("Network.loadingFinished", self._on_finished)
        devtools.on("Network.webSocketFrameReceived", self._on_frame)

    def _on_request(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _on_finished(self, event: dict[str, Any]) -> None:
        self.received[self.addresses.get(event["requestId"], "")] += event["encodedDataLength"]

    def _on_frame(self, event: dict[str, Any]) -> None:
        # Binary frames are told in base64, four letters for three bytes.
        self.received["websocket"] += len(event["response"]["payloadData"]) * 3 / 4


def over_mobile_network(quick: bool) -> Result:
    """Each page at 4 Mbit/s and 80 ms with an empty cache: megabytes against the aim, seconds without one."""
    result = Result()
    with processes.running("real") as real, processes.browser() as started:
        # The first visit of all also waits for files that are being packed.
        for address in ADDRESSES:
            _visit(started, f"{real.url}{address}", is_slow=False)
        visits: dict[str, list[tuple[float, Traffic]]] = {address: [] for address in ADDRESSES}
        for _ in range(1 if quick else 8):
            for address in ADDRESSES:
                visits[address].append(_visit(started, f"{real.url}{address}", is_slow=True))
    for address, found in visits.items():
        megabytes = [sum(traffic.received.values()) / 1e6 for _, traffic in found]
        result.rows.append(limited(f"first load {address}, received", "MB", megabytes, MEGABYTES_AIM))
        result.rows.append(Row(f"first load {address}, first figure", "s", [seconds for seconds, _ in found]))
    result.notes.append(f"first_load: most of {ADDRESSES[0]} is {_largest(visits[ADDRESSES[0]][-1][1])}.")
    return result


def _visit(started: Browser, url: str, *, is_slow: bool) -> tuple[float, Traffic]:
    context = processes.visitor(started)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    traffic = Traffic()
    traffic.follow(devtools)
    if is_slow:
        devtools.send("Network.emulateNetworkConditions", NETWORK)
    page.add_init_script(SCRIPT)
    page.goto(url, wait_until="commit", timeout=60_000)
    milliseconds = page.evaluate("drawn => window.first_figure(drawn)", processes.DRAWN_BY_PLOTLY)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(QUIET_MILLISECONDS)
    context.close()
    return milliseconds / 1000, traffic


def _largest(traffic: Traffic) -> str:
    by_size = sorted(traffic.received.items(), key=lambda one: -one[1])[:5]
    return ", ".join(f"{address.rsplit('/', 1)[-1]} {size / 1e3:.0f} kB" for address, size in by_size)
