"""The options that `echo`, `http`, `idle` and `bodies` have in common."""

import argparse
import signal
import sys

from harness import host
from harness.servers import KNOWN


def parser(description, servers, java_options):
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    cores = host.two_cores()
    add = made.add_argument
    add("--servers", default=",".join(servers), help="which, in this order (default: %(default)s)")
    add("--weft-command", metavar="CMD", help="starts Weft instead of the jar; " + PLACEHOLDERS)
    add("--command", action="append", default=[], metavar="NAME=CMD", help="one more server; may be repeated")
    add("--netty-classpath", metavar="CP", help="class path of the Java peers (default: the echo server's jar)")
    add("--java", help="the JDK's java command (default: the first of 25 or newer)")
    add("--java-options", default=java_options, help="for every Java server (default: %(default)s)")
    add("--server-core", type=int, default=cores[0], help="(default: %(default)s)")
    add("--client-core", type=int, default=cores[1], help="(default: %(default)s)")
    return made


PLACEHOLDERS = "{java}, {java_options} and {transport} are filled in; it has to print `listening on HOST:PORT`"


def parsed(made, known=KNOWN):
    options = made.parse_args()
    for pair in options.command:
        if "=" not in pair:
            made.error(f"expected --command NAME=CMD, not {pair}")
    options.commands = dict(pair.split("=", 1) for pair in options.command)
    options.servers = [name for name in options.servers.split(",") if name]
    options.servers += [name for name in options.commands if name not in options.servers]
    for name in options.servers:
        if name not in known and name not in options.commands:
            made.error(f"expected servers out of {', '.join(known)}, or one given by --command, not {name}")
    if options.weft_command and "{transport}" not in options.weft_command:
        # that command is one server, whatever its transport: not to be measured under two names
        options.servers = [name for name in options.servers if name != "weft-uring"]
    options.java = options.java or host.find_java()
    for number in (signal.SIGINT, signal.SIGTERM):
        # an exit as any other, so that no server stays behind
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    return options
