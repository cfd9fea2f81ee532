"""The figures as Markdown."""

import statistics


def paired(runs, name, other):
    """The ratio of two servers in each round."""
    return [mine["per_cpu"] / its["per_cpu"] for mine, its in zip(runs[name], runs[other])]


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def servers(connections, runs, baseline):
    def median(name, figure):
        return statistics.median(figure(run) for run in runs[name])

    print()
    row(f"{connections} connections", "per CPU second", f"of {baseline}", "lowest – highest", "per second",
        "p50 µs", "p99 µs", "failures")  # fmt: skip
    row("---", *["---:"] * 7)
    for name in runs:
        ratios = paired(runs, name, baseline) if baseline in runs else []
        row(
            name,
            f"{median(name, lambda run: run['per_cpu']):,.0f}",
            f"{statistics.median(ratios):.3f}" if ratios else "–",
            f"{min(ratios):.3f} – {max(ratios):.3f}" if ratios else "–",
            f"{median(name, lambda run: run['operations'] / run['seconds']):,.0f}",
            f"{median(name, lambda run: run['p50']):,.0f}",
            f"{median(name, lambda run: run['p99']):,.0f}",
            f"{sum(run['damage'] for run in runs[name])}",
        )


def bars(runs_by_connections, promised):
    """Which promises hold, for those servers that were measured: (who, of whom, at least)."""
    measured = next(iter(runs_by_connections.values()))
    asked = [bar for bar in promised if bar[0] in measured and bar[1] in measured]
    if not asked:
        return
    print()
    row("median of paired ratios", *(f"{n} connections" for n in runs_by_connections), "at least")
    row("---", *["---:"] * (len(runs_by_connections) + 1))
    for name, other, least in asked:
        medians = [statistics.median(paired(runs, name, other)) for runs in runs_by_connections.values()]
        row(
            f"{name} / {other}",
            *(f"{ratio:.3f}{'' if ratio >= least else ' (missed)'}" for ratio in medians),
            f"{least:g}",
        )


def conditions(runs_by_connections, quiet):
    """What a reader has to know before believing the figures above."""
    runs = [run for runs in runs_by_connections.values() for of in runs.values() for run in of]
    disturbed = [run["disturbed"] for run in runs]
    print(
        f"\nServers not being measured used at most {max(run['idle'] for run in runs):.1%} of a core together;"
        f" other programs a median of {statistics.median(disturbed):.0%}, at most {max(disturbed):.0%}."
    )
    if statistics.median(disturbed) > quiet:
        print("\n**The machine was busy: measure again before believing any of this.**")
