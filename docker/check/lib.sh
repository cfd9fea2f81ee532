# What the checks share. Sourced; the sourcing script runs with set -eu from the repository root.

# Exit code of a check that this machine cannot run.
SKIPPED=77

skip() {
    echo "skipped: $*"
    exit $SKIPPED
}

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# need COMMAND...: all are there, or the check is skipped.
need() {
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || skip "$command is not installed"
    done
}

need_jars() {
    local jar
    for jar in echo-server http-server load-client; do
        [[ -f $jar/target/$jar.jar ]] || fail "$jar/target/$jar.jar is not there: run mvn -B -Dmaven.test.skip package first"
    done
}

# The home of a JDK 25 or newer.
jdk_home() {
    local home version
    for home in "${JAVA_HOME:-/none}" /usr/lib/jvm/* /opt/*; do
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null) || true
        if [[ -n $version && $version -ge 25 && -x $home/bin/jlink ]]; then
            readlink -f "$home"
            return
        fi
    done
    return 1
}

# A TCP port that nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# until_true SECONDS WHAT COMMAND...: tries again until it succeeds.
until_true() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || fail "$what did not happen in time"
        sleep 0.1
    done
}

answers() {
    curl -fsS --max-time 5 -o /dev/null "$1"
}

# holds WHAT EXPECTED FOUND: FOUND contains EXPECTED.
holds() {
    [[ $3 == *"$2"* ]] || fail "$1: expected '$2', found '$3'"
    echo "  $1"
}
