"""Starts programs for latent.py and says what they took: a small process of its own, since a
program that is started from a large one counts its parent's memory as its own peak.

Each line on standard input is a JSON object, each answer a line of JSON.
"""

import json
import os
import subprocess
import sys
import time

for line in sys.stdin:
    request = json.loads(line)
    with open(request["output"], "wb") as output, open(request["errors"], "wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            request["arguments"], stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
            env={**os.environ, **request["environment"]})
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": seconds, "mebibytes": usage.ru_maxrss / 1024,
                      "code": process.returncode}), flush=True)
