"""Dates in prose, from `finding.find_dates`: a file for each step, told at the top of `finding`."""
