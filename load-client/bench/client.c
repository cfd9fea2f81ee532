/*
 * The load generator of the echo benchmark: one thread, one epoll, as little work per message as it takes to be sure
 * that the reply is the right one. A load client in Java would saturate before the servers it measures do.
 *
 * Every connection has exactly one message under way (closed loop). Each message differs from the one before and from
 * those of all other connections, so that a stale or misdirected reply cannot pass for a good one.
 *
 * The CPU time of the server is read here, at the very edges of the measured window, because a reading taken by
 * whoever started this program would include connecting, warming up and closing.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTING_AT_ONCE = 256,        /* below the peers' backlog of 1 024: nobody loses a SYN */
    CONNECTIONS_PER_SOURCE = 20000,  /* an address has 28 232 ephemeral ports by default (ip_local_port_range) */
    EVENTS = 1024,
    SUB_BUCKETS = 64,                /* per power of two: latencies are right within 1.6 % */
    BUCKETS = 64 * SUB_BUCKETS,
    GRACE_SECONDS = 5,               /* for the replies under way when the window ends */
};

typedef struct {
    int fd;
    bool open, connecting, under_way;
    uint64_t sequence, sent_at, replies;
    size_t written, got;
    char *message;
} Connection;

static struct {
    const char *host;
    int port, connections, size;
    double warmup, seconds;
    long server_pid;
    bool reset;
} options = {.connections = 100, .size = 64, .warmup = 1, .seconds = 5};

static Connection *all;
static int poll_fd;
static char *reply;
static bool measuring, stopping;
static uint64_t operations, refused, errors, mismatches, open_count, under_way;
static uint64_t latency[BUCKETS];

static void die(const char *what) {
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * 1000000000u + (uint64_t) t.tv_nsec;
}

/* User and system seconds of the server so far: fields 14 and 15 of stat in proc(5), counted from behind the name. */
static double server_cpu(void) {
    if (options.server_pid == 0) return 0;
    char path[64], line[2048];
    snprintf(path, sizeof path, "/proc/%ld/stat", options.server_pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) die(path);
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = 0;
    const char *fields = strrchr(line, ')');
    unsigned long user, system;
    if (fields == NULL
            || sscanf(fields + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
        fprintf(stderr, "client: %s is not as proc(5) describes it\n", path);
        exit(2);
    }
    return (double) (user + system) / (double) sysconf(_SC_CLK_TCK);
}

/* Log-linear buckets, as HdrHistogram has them. */
static void record(uint64_t nanos) {
    int shift = nanos < 2 * SUB_BUCKETS ? 0 : 57 - __builtin_clzll(nanos);
    latency[(uint64_t) shift * SUB_BUCKETS + (nanos >> shift)]++;
}

static double percentile_micros(double share) {
    uint64_t wanted = (uint64_t) (share * (double) operations), seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += latency[i];
        if (seen > wanted) {
            int shift = i < 2 * SUB_BUCKETS ? 0 : i / SUB_BUCKETS - 1;
            uint64_t floor = (uint64_t) (i - shift * SUB_BUCKETS) << shift;
            return (double) floor / 1000;
        }
    }
    return 0;
}

static void interest(Connection *c, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poll_fd, operation, c->fd, &event) < 0) die("epoll_ctl");
}

static void drop(Connection *c) {
    if (!c->open) return;
    if (options.reset) {
        /* no TIME_WAIT: many rounds of many connections would use up the ports */
        struct linger linger = {.l_onoff = 1, .l_linger = 0};
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
    close(c->fd);
    c->open = false;
    open_count--;
    if (c->under_way) under_way--;
    c->under_way = false;
}

static void fail(Connection *c) {
    errors++;
    drop(c);
}

static void write_on(Connection *c) {
    bool was_waiting = c->written > 0;
    ssize_t n = write(c->fd, c->message + c->written, (size_t) options.size - c->written);
    if (n < 0 && errno != EAGAIN) {
        fail(c);
        return;
    }
    if (n > 0) c->written += (size_t) n;
    if (c->written < (size_t) options.size) {
        interest(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    } else if (was_waiting) {
        interest(c, EPOLLIN, EPOLL_CTL_MOD);
    }
}

static void send_next(Connection *c, uint64_t at) {
    c->sequence++;
    size_t room = (size_t) options.size;
    memcpy(c->message, &c->sequence, room < sizeof c->sequence ? room : sizeof c->sequence);
    c->written = c->got = 0;
    c->sent_at = at;
    if (!c->under_way) under_way++;
    c->under_way = true;
    write_on(c);
}

static void read_on(Connection *c) {
    ssize_t n = read(c->fd, reply, (size_t) options.size - c->got + 1);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        fail(c);
        return;
    }
    /* a byte more than was sent is asked for, so that a server that says too much is found out */
    if (c->got + (size_t) n > c->written || memcmp(reply, c->message + c->got, (size_t) n) != 0) {
        mismatches++;
        drop(c);
        return;
    }
    c->got += (size_t) n;
    if (c->got < (size_t) options.size) return;
    uint64_t at = now();
    if (measuring) {
        operations++;
        c->replies++;
        record(at - c->sent_at);
    }
    if (stopping) {
        c->under_way = false;
        under_way--;
    } else {
        send_next(c, at);
    }
}

/* Serves events until the time is up, or until no connection has a message under way. */
static void run_until(uint64_t end) {
    struct epoll_event events[EVENTS];
    for (;;) {
        uint64_t at = now();
        if (at >= end || under_way == 0) return;
        int n = epoll_wait(poll_fd, events, EVENTS, (int) ((end - at) / 1000000) + 1);
        if (n < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < n; i++) {
            Connection *c = events[i].data.ptr;
            if (c->open && (events[i].events & EPOLLOUT) != 0 && c->written < (size_t) options.size) write_on(c);
            if (c->open && (events[i].events & ~(uint32_t) EPOLLOUT) != 0) read_on(c);
        }
    }
}

static void begin_connect(Connection *c, int index) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t) options.port)};
    if (inet_pton(AF_INET, options.host, &to.sin_addr) != 1) {
        fprintf(stderr, "client: expected an IPv4 address, got %s\n", options.host);
        exit(2);
    }
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) die("socket (is ulimit -n above the number of connections?)");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (index >= CONNECTIONS_PER_SOURCE) {
        struct sockaddr_in from = {.sin_family = AF_INET};
        from.sin_addr.s_addr = htonl((uint32_t) (INADDR_LOOPBACK + index / CONNECTIONS_PER_SOURCE));
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(c->fd, (struct sockaddr *) &from, sizeof from) < 0) die("bind");
    }
    c->open = c->connecting = true;
    open_count++;
    if (connect(c->fd, (struct sockaddr *) &to, sizeof to) < 0 && errno != EINPROGRESS) die("connect");
    interest(c, EPOLLOUT, EPOLL_CTL_ADD);
}

static void connect_all(void) {
    struct epoll_event events[EVENTS];
    int begun = 0, done = 0;
    while (done < options.connections) {
        while (begun < options.connections && begun - done < CONNECTING_AT_ONCE) {
            begin_connect(&all[begun], begun);
            begun++;
        }
        int n = epoll_wait(poll_fd, events, EVENTS, 10000);
        if (n < 0 && errno != EINTR) die("epoll_wait");
        if (n == 0) {
            fprintf(stderr, "client: %d of %d connections made, then none for 10 s\n", done, options.connections);
            exit(2);
        }
        for (int i = 0; i < n; i++) {
            Connection *c = events[i].data.ptr;
            if (!c->connecting) continue;
            int error = 0;
            socklen_t length = sizeof error;
            getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
            c->connecting = false;
            done++;
            if (error != 0) {
                refused++;
                drop(c);
            } else {
                interest(c, EPOLLIN, EPOLL_CTL_MOD);
            }
        }
    }
}

static void fill(char *message, int index) {
    uint64_t x = (uint64_t) index * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < options.size; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        message[i] = (char) x;
    }
}

static void parse(int count, char **words) {
    static const struct option known[] = {
        {"connections", required_argument, NULL, 'c'}, {"size", required_argument, NULL, 'b'},
        {"warmup", required_argument, NULL, 'w'}, {"seconds", required_argument, NULL, 's'},
        {"server-pid", required_argument, NULL, 'p'}, {"reset", no_argument, NULL, 'r'}, {0}};
    for (int c; (c = getopt_long(count, words, "", known, NULL)) != -1;) {
        switch (c) {
            case 'c': options.connections = atoi(optarg); break;
            case 'b': options.size = atoi(optarg); break;
            case 'w': options.warmup = atof(optarg); break;
            case 's': options.seconds = atof(optarg); break;
            case 'p': options.server_pid = atol(optarg); break;
            case 'r': options.reset = true; break;
            default: exit(2);
        }
    }
    if (optind + 2 != count || options.connections < 1 || options.size < 1 || options.seconds <= 0) {
        fprintf(stderr, "usage: client [--connections N] [--size BYTES] [--warmup S] [--seconds S]"
                        " [--server-pid PID] [--reset] ADDRESS PORT\n");
        exit(2);
    }
    options.host = words[optind];
    options.port = atoi(words[optind + 1]);
}

int main(int count, char **words) {
    parse(count, words);
    all = calloc((size_t) options.connections, sizeof *all);
    char *messages = malloc((size_t) options.connections * (size_t) options.size);
    reply = malloc((size_t) options.size + 1);
    poll_fd = epoll_create1(0);
    if (all == NULL || messages == NULL || reply == NULL || poll_fd < 0) die("start");
    for (int i = 0; i < options.connections; i++) {
        all[i].message = messages + (size_t) i * (size_t) options.size;
        fill(all[i].message, i);
    }

    connect_all();
    for (int i = 0; i < options.connections; i++) {
        if (all[i].open) send_next(&all[i], now());
    }
    run_until(now() + (uint64_t) (options.warmup * 1e9));

    double cpu = server_cpu();
    uint64_t begin = now();
    measuring = true;
    run_until(begin + (uint64_t) (options.seconds * 1e9));
    measuring = false;
    uint64_t end = now();
    cpu = server_cpu() - cpu;

    stopping = true;
    run_until(end + GRACE_SECONDS * 1000000000ull);
    uint64_t unanswered = under_way, silent = 0;
    for (int i = 0; i < options.connections; i++) {
        if (all[i].replies == 0) silent++;
        drop(&all[i]);
    }
    printf("{\"operations\": %lu, \"seconds\": %.6f, \"server_cpu\": %.2f, \"p50\": %.1f, \"p99\": %.1f, "
           "\"refused\": %lu, \"errors\": %lu, \"mismatches\": %lu, \"unanswered\": %lu, \"silent\": %lu}\n",
           operations, (double) (end - begin) / 1e9, cpu, percentile_micros(0.5), percentile_micros(0.99),
           refused, errors, mismatches, unanswered, silent);
    return 0;
}
