"""The goals of speed and memory, each measured beside something else in the same run."""

import json
import os
import subprocess
import time
from dataclasses import dataclass

from . import measures
from .organization import PAGE, SIX, Organization, boto3_script, floor, median, scan

# Another busy processor spoils the figures.
MOST_LOAD = 1

# What the script exits with.
REACHED, MISSED, NOT_JUDGED = 0, 1, 3


@dataclass
class Goal:
    """A goal, the figure that was measured, and whether it reaches the goal."""

    goal: str
    figure: str
    reached: bool


def at_most(name, limit, figure, unit="x", beside=""):
    return Goal(f"{name}: at most {limit:g} {unit}", f"{figure:.2f} {unit}{beside}", figure <= limit)


def at_least(name, limit, figure, unit="x", beside=""):
    return Goal(f"{name}: at least {limit:g} {unit}", f"{figure:.2f} {unit}{beside}", figure >= limit)


def page(arguments):
    """Reading a page into its file's text, beside a search for three bytes in it."""
    runs = [json.loads(subprocess.run([arguments.other_end, "page"], stdout=subprocess.PIPE, check=True).stdout)
            for _ in range(arguments.repeat)]
    for name in runs[0]:
        of_page = [run[name] for run in runs]
        text, search, size = (median(of_page, figure) for figure in ("text_ns", "search_ns", "bytes"))
        beside = f" ({text / 1000:.0f} µs; the search {search / 1000:.0f} µs)"
        yield at_least(f"{name}, {size / 1000:.0f} kB, into text", 1, size / text, "GB/s", beside)
        yield at_most(f"{name}, beside the search for three bytes", 1.5, text / search)


def processor(arguments):
    """The processor time of a further page and of a small call, beside the floor's."""
    def pairs(accounts, regions, reservations):
        with Organization(arguments.other_end, accounts, regions, reservations, 20) as organization:
            runs = [(scan(arguments.program, organization, SIX), floor(arguments.other_end, organization))
                    for _ in range(arguments.repeat)]
        return [(median(of_program, "processor"), median(of_program, "requests")) for of_program in zip(*runs)]

    # 1 and 11 pages of instances in each of a hundred places.
    few, many = pairs(20, 5, PAGE), pairs(20, 5, 11 * PAGE)
    whole, bare = (1e6 * (more[0] - less[0]) / (more[1] - less[1]) for less, more in zip(few, many))
    yield at_most("processor time of a page, beside the floor", 8, whole / bare, beside=f" ({whole:.0f} and {bare:.0f} µs)")
    whole, bare = (1e6 * time_of_all / requests for time_of_all, requests in pairs(100, 10, 2))
    yield at_most("processor time of a small call, beside the floor", 5, whole / bare,
                  beside=f" ({whole:.0f} and {bare:.0f} µs)")


def wall(arguments):
    """The time from start to exit, beside the floor's."""
    for accounts, limit in ((20, 1.4), (100, 1.6)):
        bare, whole = list(measures.beside_floor(arguments, accounts, 5, 20))[:2]
        yield at_most(f"{accounts} accounts x 5 x 6, 20 ms, beside the floor", limit, whole["floor_multiple"],
                      beside=f" ({whole['seconds']:.2f} and {bare['seconds']:.2f} s)")


def boto3(arguments):
    """The calls per second beside boto3's, with threads that share clients and a session for each account: so the goal
    was set, when `scan` needed 3.3 times as long as the floor and made 59 times as many calls per second. A session for
    all accounts, which loads the models once, is measured beside it, without a goal."""
    threads, script = ("8", "32"), "boto3_pool.py"
    with Organization(arguments.other_end, 100, 5, 3 * PAGE, 20) as organization:
        rounds = [(scan(arguments.program, organization, SIX),
                   *(boto3_script(arguments.python, organization, script, count) for count in threads))
                  for _ in range(arguments.repeat)]
        shared = [[boto3_script(arguments.python, organization, script, count, "--one-session")] for count in threads]
    ours, *pools = zip(*rounds)
    whole = measures.row("100 accounts x 5 x 6: scan", ours)
    for count, runs, of_one_session in zip(threads, pools, shared):
        pool = measures.row(f"boto3, {count} threads", runs)
        measures.row(f"boto3, {count} threads, one session", of_one_session)
        yield at_least(f"calls/s of boto3 with {count} threads", 110, whole["calls_per_second"] / pool["calls_per_second"],
                       beside=f" ({whole['calls_per_second']:.0f} and {pool['calls_per_second']:.0f})")


def many(arguments):
    """100,000 small calls: memory, and calls per second beside an older program."""
    whole, *older = list(measures.many(arguments))
    yield at_most("memory of 100,000 small calls", 118, whole["memory_mb"], "MB")
    for before in older:
        yield at_least("100,000 small calls, calls/s of the older program", 1.7,
                       whole["calls_per_second"] / before["calls_per_second"],
                       beside=f" ({whole['calls_per_second']:.0f} and {before['calls_per_second']:.0f})")


def million(arguments):
    """A million small calls, once."""
    whole, = measures.small_calls(arguments, 10_000, [arguments.program])
    yield at_most("memory of 1,000,000 small calls", 176, whole["memory_mb"], "MB")


def start(arguments):
    """From the start to the first byte, beside the floor's, and to the first role; the size of the program."""
    rows = {row["name"]: row for row in measures.start(arguments)}
    trips = next(row["round_trips"] for row in rows.values() if "round_trips" in row)
    first, of_floor = (rows[name]["median_ms"] for name in (measures.FIRST_BYTE, measures.FLOORS_FIRST_BYTE))
    yield at_most("start to the first byte", 12, first, "ms", f" (the floor {of_floor:.1f} ms)")
    yield at_most("100 accounts, before the first AssumeRole", 1, trips, "round trips")
    yield at_most("size of the program", 30, os.path.getsize(arguments.program) / 1e6, "MB")


PARTS = {part.__name__: part for part in (page, processor, wall, boto3, many, million, start)}


def load_of_others():
    """The mean number of running tasks besides this one in two seconds. The kernel's averages include the part
    before."""
    running = []
    for _ in range(40):
        with open("/proc/loadavg", encoding="ascii") as averages:
            running.append(int(averages.read().split()[3].split("/")[0]) - 1)
        time.sleep(0.05)
    return sum(running) / len(running)


def judge(arguments):
    """Measures the parts and prints the table. Returns its rows and the exit code."""
    rows, codes = [], {REACHED}
    for name in arguments.goals:
        load = load_of_others()
        print(f"{name}: load {load:.1f} on {os.cpu_count()} processors", flush=True)
        for goal in PARTS[name](arguments):
            if load > MOST_LOAD:
                verdict, code = f"not judged: load {load:.1f}", NOT_JUDGED
            else:
                verdict, code = ("yes", REACHED) if goal.reached else ("no", MISSED)
            codes.add(code)
            rows.append({"part": name, "goal": goal.goal, "figure": goal.figure, "reached": verdict})
    print("\n| Goal | Figure | Reached |\n|---|---|---|")
    for row in rows:
        print(f"| {row['goal']} | {row['figure']} | {row['reached']} |")
    return rows, max(codes)
