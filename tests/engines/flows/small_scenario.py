"""A border town, a city and a road, written as files: small enough to fit and sample within a test."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

START = date(2022, 8, 1)
TOML = """
title = "A border and a city"
seed = 7

[period]
start = 2022-08-01
end = 2022-11-30
known_until = 2022-10-15

[parameters.bus_fill]
prior = "logitnormal"
median = 0.8
sd = 0.5

[[places]]
id = "el-paso"
title = "El Paso"
stay_days = 3
leave = 1.0

[[places]]
id = "chicago"
title = "Chicago"
stay_days = { prior = "lognormal", median = 40, sd = 0.4 }
settle = 1
beds = 3000

[[links]]
id = "bus"
from = "el-paso"
to = "chicago"
days = 2
programme_only = true

[[links]]
id = "road"
from = "el-paso"
to = "chicago"
days = 1
weight = { prior = "lognormal", median = 0.3, sd = 0.4 }

[[inflows]]
id = "border"
place = "el-paso"
level = { prior = "lognormal", median = 150, sd = 0.4 }
walk = { sd = 0.02, df = 5 }
dispersion = 200

[[programmes]]
id = "city-buses"
title = "The city's buses"
link = "bus"
from = 2022-08-10
until = 2022-11-01
seats = 60
fill = "$bus_fill"
weight = 4
precedent = "2022"

[[observations]]
id = "chicago-arrivals"
title = "Arrivals in Chicago"
measure = "arrivals"
of = ["chicago"]
unit = "people"
file = "chicago.csv"
dispersion = 60
"""
STOPPED = """
title = "The buses stop"
question = "What if the city's buses had stopped on 1 September?"
opposite = "longer.toml"
remove = ["city-buses"]

[[programmes]]
id = "buses-to-september"
title = "Buses to September"
link = "bus"
from = 2022-08-10
until = 2022-09-01
seats = 60
fill = "$bus_fill"
weight = 4
precedent = "2022"
"""
LONGER = """
title = "The buses go on, and some come who would have stayed"
question = "What if they had gone on to the end of November?"
opposite = "stopped.toml"
remove = ["city-buses"]

[[programmes]]
id = "buses-on"
title = "Buses to December"
link = "bus"
from = 2022-08-10
until = 2022-12-01
seats = 60
fill = "$bus_fill"
weight = 4
induced = { prior = "lognormal", median = 0.02, sd = 0.5 }
"""


def rows(first: int, last: int, seed: int = 1) -> str:
    """Daily arrivals from one day of the period to another, as a CSV; the day after each it is published."""
    rng = np.random.default_rng(seed)
    lines = ["date,value,published_on"]
    for day in range(first, last):
        on = START + timedelta(days=day)
        level = (62 if day < 92 else 28) + 8 * np.sin(day / 9)
        lines.append(f"{on},{rng.poisson(level)},{on + timedelta(days=1)}")
    return "\n".join(lines) + "\n"


def write(folder: Path, *, toml: str = TOML, last: int = 100) -> Path:
    """The scenario with its two what-ifs, in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "scenario.toml").write_text(toml)
    (folder / "chicago.csv").write_text(rows(5, last))
    (folder / "stopped.toml").write_text(STOPPED)
    (folder / "longer.toml").write_text(LONGER)
    return folder
