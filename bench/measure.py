"""Runs commands in turn and measures each run as a whole process, as the operating system accounts for it.

usage: measure.py ROUNDS < commands.json

commands.json is a list of {"argv": [...], "stdout": path}. Prints a JSON list with, for each command, a list of
{"seconds", "cpuSeconds", "peakBytes"}, one for each round after a first that is not counted.
"""

import json
import os
import sys
import time


def run(command):
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        output = os.open(command["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.execvp(command["argv"][0], command["argv"])
    _, status, usage = os.wait4(pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"failed with status {status}: {' '.join(command['argv'])}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "seconds": seconds,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakBytes": usage.ru_maxrss * unit,
    }


def main():
    rounds = int(sys.argv[1])
    commands = json.load(sys.stdin)
    samples = [[] for _ in commands]
    for round in range(rounds + 1):
        for command, list in zip(commands, samples):
            sample = run(command)
            if round > 0:
                list.append(sample)
    json.dump(samples, sys.stdout)


main()
