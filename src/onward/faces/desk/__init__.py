"""The desk: pages for staff of a sending centre."""
