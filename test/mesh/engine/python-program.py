"""Runs a Python program for Pulumi's engine, as pulumi-language-python-exec does: SETTINGS FOLDER."""
import asyncio
import json
import runpy
import sys

import pulumi.runtime


def main(settings, folder):
    pulumi.runtime.configure(pulumi.runtime.Settings(**json.loads(settings)))
    sys.path.insert(0, folder)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: program(folder)))


def program(folder):
    runpy.run_path(folder, run_name='__main__')


main(*sys.argv[1:])
