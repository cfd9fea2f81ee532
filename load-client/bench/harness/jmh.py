"""The Java side of `primitives`: compiles the benchmarks of ../jmh, runs them, reads what JMH measured."""

import json
import os
import shlex
import shutil
import subprocess
from collections import namedtuple
from pathlib import Path

from harness.host import BENCH, PROJECT, give_up

JMH = BENCH / "jmh"
JAR = PROJECT / "load-client" / "target" / "load-client.jar"

# The fair form for one core; what is measured is the scheduler, so the collector shall be the plainest.
JAVA_OPTIONS = (
    "-XX:+UseSerialGC -Xms512m -Xmx1g --add-opens=java.base/java.lang=ALL-UNNAMED"
    " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
)

Length = namedtuple("Length", "forks warmups iterations seconds")
Figure = namedtuple("Figure", "method cpu clock")


class Benchmarks:
    def __init__(self, options, folder):
        self.options = options
        self.folder = Path(folder)
        self.weft = options.weft_classpath or str(self._need_jar())
        self.classpath = self._compile()

    @staticmethod
    def _need_jar():
        if not JAR.exists():
            give_up(f"{JAR.relative_to(PROJECT)} is missing: build it first (mvn -Dmaven.test.skip package)")
        return JAR

    def _compile(self):
        libraries = self._libraries()
        classes = self.folder / "classes"
        sources = sorted(str(source) for source in (JMH / "src").rglob("*.java"))
        made = subprocess.run(
            [
                Path(self.options.java).with_name("javac"), "-proc:full", "-processorpath", libraries,
                "-cp", f"{libraries}:{self.weft}", "-d", classes, *sources,
            ],
            capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode != 0:
            give_up(f"the benchmarks do not compile against {self.weft}:\n{made.stderr}")
        return f"{classes}:{libraries}:{self.weft}"

    def _libraries(self):
        """Where Maven keeps JMH; it is fetched if need be."""
        if not shutil.which("mvn"):
            give_up("expected Maven on the path: the class path of JMH comes from it")
        written = self.folder / "classpath"
        asked = subprocess.run(
            ["mvn", "-q", "-B", "-f", JMH / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={written}"],
            capture_output=True, text=True,
        )  # fmt: skip
        if asked.returncode != 0:
            give_up(f"Maven does not find JMH:\n{asked.stdout}")
        return written.read_text().strip()

    def run(self, pattern, parameters, cores):
        """The figures of every method that matches, run on these cores only."""
        length, report = self.options.length, self.folder / "report.json"
        seconds = f"{length.seconds * 1000:.0f}ms"
        ran = subprocess.run(
            [
                self.options.java, *shlex.split(self.options.java_options), "-cp", self.classpath,
                "org.openjdk.jmh.Main", pattern, *(f"-p{name}={value}" for name, value in parameters.items()),
                "-bm", "avgt", "-tu", "ns", "-f", str(length.forks), "-foe", "true", "-v", "SILENT",
                "-wi", str(length.warmups), "-w", seconds, "-i", str(length.iterations), "-r", seconds,
                "-prof", "io.weft.bench.CpuTime", "-rf", "json", "-rff", report,
            ],
            capture_output=True, text=True,
            # inherited by the forks and all their threads; a JVM sizes its pools by it
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )  # fmt: skip
        if ran.returncode != 0:
            give_up(f"{pattern} failed:\n{ran.stdout}{ran.stderr}")
        return [
            Figure(
                result["benchmark"].rpartition(".")[2],
                result["secondaryMetrics"]["cpu"]["score"],
                result["primaryMetric"]["score"],
            )
            for result in json.loads(report.read_text())
        ]
