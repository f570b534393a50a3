"""What leaves the house: documents drawn from frozen snapshots, and the wording of amounts, times and dates."""
