"""What this machine offers: a JDK, cores, file descriptors, the CPU and memory figures of a process."""

import glob
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
BENCH = PROJECT / "load-client" / "bench"
TICKS = os.sysconf("SC_CLK_TCK")


def give_up(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")


def java_major(java):
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0


def find_java():
    """The first Java of 25 or newer. The jars would find it too, but as a child process, whose CPU nobody counts."""
    places = [shutil.which("java")]
    if os.environ.get("JAVA_HOME"):
        places.insert(0, os.path.join(os.environ["JAVA_HOME"], "bin", "java"))
    places += sorted(glob.glob("/usr/lib/jvm/*/bin/java")) + sorted(glob.glob("/opt/*/bin/java"))
    for java in places:
        if java and java_major(java) >= 25:
            return java
    give_up("expected a JDK 25 or newer in JAVA_HOME, on the path or in /usr/lib/jvm; give one with --java")


def find_gevent():
    """A Python that can import gevent, or None."""
    for python in ("python3", "/usr/bin/python3"):
        if shutil.which(python):
            tried = subprocess.run([python, "-c", "import gevent"], capture_output=True)
            if tried.returncode == 0:
                return python
    return None


def two_cores():
    """One core for the server and one for the client."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        give_up("expected two cores, one for the server and one for the client, but only one may be used here")
    return cores[0], cores[1]


def need_descriptors(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        give_up(f"expected {wanted} file descriptors per process, the hard limit is {hard}: raise `ulimit -Hn`")
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def cpu_seconds(pid):
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def family(pid):
    """A process and its children, and theirs."""
    children = []
    for listed in glob.glob(f"/proc/{pid}/task/*/children"):
        try:
            children += Path(listed).read_text().split()
        except OSError:
            pass  # that thread has just ended
    return [pid] + [member for child in children for member in family(int(child))]


def resident_kib(pid):
    """Without the pages of mapped files: the system drops and reads them again as it likes, load or no load."""
    status = Path(f"/proc/{pid}/status").read_text()
    return sum(int(kib) for kib in re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+) kB", status, re.MULTILINE))


def described(java):
    """One line about the machine, for the head of a report."""
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    version = subprocess.run([java, "-version"], capture_output=True, text=True).stderr.splitlines()
    return (
        f"{model.group(1) if model else platform.machine()}, Linux {platform.release()}, "
        f"{version[1] if len(version) > 1 else version[0]}"
    )


def progress(text):
    """For whoever waits; the report itself goes to standard output."""
    print(text, file=sys.stderr, flush=True)
