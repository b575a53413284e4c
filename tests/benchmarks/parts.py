"""The parts in order. Each takes the cluster and the folder for plots, and gives its section of RESULTS.md."""

from . import correctness, correctness_table

PARTS = {
    "correctness": lambda cluster, folder: correctness_table.report(correctness.measure(cluster)),
}
