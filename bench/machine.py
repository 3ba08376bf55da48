"""What machine a result was measured on, so that figures can be read later."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def describe() -> dict[str, str | int]:
    """Processor, cores, memory in GB, system, Python, day."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model,
        "cores": os.cpu_count() or 0,
        "memory_gb": round(pages * size / 1e9),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "measured_on": datetime.now(UTC).date().isoformat(),
    }
