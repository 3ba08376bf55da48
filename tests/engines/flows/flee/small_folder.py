"""A small conflict in Flee's layout, written file by file, each of which a test may replace."""

from pathlib import Path

SETTINGS = """move_rules:
  max_move_speed: 400.0
  softening: 50.0
  distance_power: 0.75
  default_movechance: 0.5
  avoid_short_stints: True
  capacity_scaling: 1.25
  conflict_weight: 0.25
spawn_rules:
  conflict_spawn_decay: [1.0,1.0,1.0,0.5,0.1]
  conflict_spawn_decay_interval: 30
"""
FILES = {
    "simsetting.yml": SETTINGS,
    "input_csv/sim_period.csv": "StartDate,2012-03-01\nLength,40\n",
    "input_csv/locations.csv": (
        "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
        "Alma,North,Home,10.0,1.0,conflict_zone,0,20000\n"
        "Brook,North,Home,10.5,1.2,conflict_zone,5,10000\n"
        "Cross,South,Home,11.0,1.5,town,,\n"
        "Dale camp,East,Away,11.5,2.0,camp,,3000\n"
        "Elm camp,East,Away,12.0,2.5,camp,,\n"
    ),
    "input_csv/routes.csv": (
        "#name1,name2,distance,forced_redirection\n"
        "Alma,Cross,120,0\nBrook,Cross,90,0\nCross,Dale camp,200,0\nCross,Elm camp,610,0\nAlma,Brook,40,\n"
    ),
    "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\ncountry,Home,Away,3,6\n",
    "input_csv/conflicts.csv": "#Day,Alma,Brook,Cross,Dale camp,Elm camp\n"
    + "".join(f"{day},1,{int(day >= 5)},0,0,0\n" for day in range(41)),
    "input_csv/registration_corrections.csv": "Dale camp,2012-03-21\n",
    "source_data/data_layout.csv": "total,refugees.csv\nDale camp,dale.csv\nElm camp,elm.csv,elm-outside.csv\n",
    "source_data/refugees.csv": "2012-03-01,100\n2012-04-09,4000\n",
    "source_data/dale.csv": "2012-02-20,0\n2012-03-01,100\n2012-03-11,2000\n2012-03-21,1000\n2012-04-09,1900\n",
    "source_data/elm.csv": "2012-03-01,0\n2012-04-09,1560\n",
    "source_data/elm-outside.csv": "2012-03-01,0\n2012-03-20,190\n",
}


def write_folder(folder: Path, **changed: str) -> Path:
    """The conflict, with files replaced by the last part of their names: write_folder(path, routes="...")."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem, text), encoding="utf-8")
    return folder
