"""Reading a GTFS zip, a file per table: what is wrong becomes findings, what is left is whole.

Source of the format: the GTFS Schedule reference (gtfs.org), read with the leniency real feeds need.
"""
