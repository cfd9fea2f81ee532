"""Starts a command and prints how many milliseconds its JVM took until a URL answered 200, and the memory it then has."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE_SECONDS = 60


def answers(url):
    try:
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
        connection.request("GET", url.path)
        return connection.getresponse().status == 200
    except OSError:
        return False


def jvm(port):
    """The process whose command line names the port and that is a JVM."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if words[0].endswith(b"/java") and any(word.endswith(b":%d" % port) for word in words):
                return process
        except OSError:
            pass  # it has gone
    sys.exit(f"no JVM with port {port} was found")


def age(process):
    """Seconds since it began, so that what made its container does not count."""
    ticks = int((process / "stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def resident_mib(process):
    return int((process / "status").read_text().split("VmRSS:")[1].split()[0]) // 1024


def main():
    url = urlsplit(sys.argv[1])
    begun = time.monotonic()
    subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not answers(url):
        if time.monotonic() - begun > PATIENCE_SECONDS:
            sys.exit(f"no answer from {sys.argv[1]} within {PATIENCE_SECONDS} s")
        time.sleep(0.002)
    process = jvm(url.port)
    print(round(age(process) * 1000), resident_mib(process))


main()
