"""Pure rules: money, durations, rounding, retainer and invoice arithmetic.

Imports the standard library alone. No clock and no I/O: time and data come in as arguments.
"""
