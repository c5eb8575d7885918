// Closed-loop WebSocket load, one message in flight per connection, for Linux. Compiled on demand; node-load.ts does the same
// where there is no C compiler. The script file holds, per connection, the upgrade request and the first message (may be empty).
// Usage: load PORT SCRIPT MODE A B WARM_MS MEASURE_MS
//   MODE echo: A = bytes of each message.  MODE click: A = instance, B = event slot of the Vango protocol.
// Prints "ready N", then "b COUNT" and "e COUNT" around the measured window. Exit 3: the server refused or closed.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { UPGRADING, JOINING, RUNNING };

typedef struct {
  int fd, state;
  uint8_t *in;
  size_t len, cap;
  uint8_t seq, ack;
  uint64_t epoch;
  const uint8_t *upgrade, *join;
  uint32_t upgrade_len, join_len;
} Conn;

static const uint8_t MASK[4] = {0x37, 0xfa, 0x21, 0x3d};
static int echo_mode;
static uint32_t arg_a, arg_b;
static uint64_t count;
static int ready;

static void die(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(3);
}

static uint64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void write_all(int fd, const uint8_t *data, size_t len) {
  while (len > 0) {
    ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) die("send");
    data += n;
    len -= (size_t)n;
  }
}

static void send_message(Conn *c, const uint8_t *data, size_t len) {
  static uint8_t frame[1 << 21];
  size_t at = 0;
  if (len + 14 > sizeof frame) die("message too large");
  frame[at++] = 0x82;
  if (len < 126) frame[at++] = 0x80 | (uint8_t)len;
  else if (len < 65536) {
    frame[at++] = 0x80 | 126;
    frame[at++] = (uint8_t)(len >> 8);
    frame[at++] = (uint8_t)len;
  } else {
    frame[at++] = 0x80 | 127;
    for (int s = 56; s >= 0; s -= 8) frame[at++] = (uint8_t)((uint64_t)len >> s);
  }
  memcpy(frame + at, MASK, 4);
  at += 4;
  for (size_t i = 0; i < len; i++) frame[at + i] = data[i] ^ MASK[i & 3];
  write_all(c->fd, frame, at + len);
}

static size_t put_varint(uint8_t *out, uint64_t n) {
  size_t at = 0;
  while (n > 127) {
    out[at++] = (uint8_t)(n & 127) | 128;
    n >>= 7;
  }
  out[at++] = (uint8_t)n;
  return at;
}

static void send_event(Conn *c) {
  uint8_t message[256];
  size_t len = 0;
  if (echo_mode) {
    memset(message, 'x', arg_a);
    len = arg_a;
  } else {
    message[len++] = 2;
    message[len++] = ++c->seq;
    message[len++] = c->ack;
    len += put_varint(message + len, c->epoch);
    len += put_varint(message + len, arg_a);
    len += put_varint(message + len, arg_b);
  }
  send_message(c, message, len);
}

// The epoch in WELCOME's MessagePack map: the unsigned integer after the key "epoch".
static uint64_t find_epoch(const uint8_t *data, size_t len) {
  for (size_t i = 0; i + 7 <= len; i++) {
    if (data[i] != 0xa5 || memcmp(data + i + 1, "epoch", 5) != 0) continue;
    const uint8_t *v = data + i + 6;
    if (v[0] < 0x80) return v[0];
    if (v[0] == 0xcc) return v[1];
    if (v[0] == 0xcd) return (uint64_t)v[1] << 8 | v[2];
    if (v[0] == 0xce) return (uint64_t)v[1] << 24 | (uint64_t)v[2] << 16 | (uint64_t)v[3] << 8 | v[4];
  }
  fprintf(stderr, "load: no epoch in WELCOME\n");
  exit(3);
}

static void on_message(Conn *c, const uint8_t *data, size_t len) {
  if (echo_mode) {
    count++;
    send_event(c);
    return;
  }
  if (len == 0) return;
  switch (data[0]) {
    case 1:
      c->epoch = find_epoch(data, len);
      c->state = RUNNING;
      ready++;
      send_event(c);
      break;
    case 2:
      c->ack = data[1];
      count++;
      send_event(c);
      break;
    case 5:
    case 6:
      fprintf(stderr, "load: server said kind %d: %.*s\n", data[0], (int)(len > 200 ? 200 : len) - 1, data + 1);
      exit(3);
  }
}

static void consume(Conn *c) {
  size_t at = 0;
  if (c->state == UPGRADING) {
    uint8_t *end = memmem(c->in, c->len, "\r\n\r\n", 4);
    if (!end) return;
    if (memcmp(c->in, "HTTP/1.1 101", 12) != 0) {
      fprintf(stderr, "load: upgrade refused: %.*s\n", 80, c->in);
      exit(3);
    }
    at = (size_t)(end - c->in) + 4;
    if (echo_mode) {
      c->state = RUNNING;
      ready++;
      send_event(c);
    } else {
      c->state = JOINING;
      send_message(c, c->join, c->join_len);
    }
  }
  while (c->len - at >= 2) {
    const uint8_t *f = c->in + at;
    size_t have = c->len - at, head = 2;
    uint64_t len = f[1] & 127;
    if (len == 126) {
      if (have < 4) break;
      len = (uint64_t)f[2] << 8 | f[3];
      head = 4;
    } else if (len == 127) {
      if (have < 10) break;
      len = 0;
      for (int i = 2; i < 10; i++) len = len << 8 | f[i];
      head = 10;
    }
    if (have < head + len) break;
    int opcode = f[0] & 15;
    if (opcode == 8) {
      fprintf(stderr, "load: server closed a connection\n");
      exit(3);
    }
    if (opcode <= 2) on_message(c, f + head, (size_t)len);
    at += head + (size_t)len;
  }
  if (at > 0) memmove(c->in, c->in + at, c->len - at);
  c->len -= at;
}

static void on_readable(Conn *c) {
  if (c->len + 4096 > c->cap) {
    c->cap = c->cap ? c->cap * 2 : 16384;
    c->in = realloc(c->in, c->cap);
  }
  ssize_t n = recv(c->fd, c->in + c->len, c->cap - c->len, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) die("recv: the server closed a connection");
  c->len += (size_t)n;
  consume(c);
}

static uint8_t *read_file(const char *path, size_t *len) {
  FILE *f = fopen(path, "rb");
  if (!f) die(path);
  fseek(f, 0, SEEK_END);
  *len = (size_t)ftell(f);
  rewind(f);
  uint8_t *data = malloc(*len);
  if (fread(data, 1, *len, f) != *len) die("read script");
  fclose(f);
  return data;
}

int main(int argc, char **argv) {
  if (argc != 8) {
    fprintf(stderr, "usage: load PORT SCRIPT echo|click A B WARM_MS MEASURE_MS\n");
    return 2;
  }
  int port = atoi(argv[1]);
  echo_mode = strcmp(argv[3], "echo") == 0;
  arg_a = (uint32_t)atoi(argv[4]);
  arg_b = (uint32_t)atoi(argv[5]);
  uint64_t warm = (uint64_t)atoi(argv[6]), measure = (uint64_t)atoi(argv[7]);

  size_t len, at = 0;
  uint8_t *script = read_file(argv[2], &len);
  int n = 0, cap = 0, ep = epoll_create1(0);
  Conn *conns = NULL;
  while (at < len) {
    if (n == cap) conns = realloc(conns, sizeof(Conn) * (size_t)(cap = cap ? cap * 2 : 64));
    Conn *c = &conns[n++];
    memset(c, 0, sizeof *c);
    memcpy(&c->upgrade_len, script + at, 4);
    c->upgrade = script + at + 4;
    at += 4 + c->upgrade_len;
    memcpy(&c->join_len, script + at, 4);
    c->join = script + at + 4;
    at += 4 + c->join_len;
  }
  struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < n; i++) {
    Conn *c = &conns[i];
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&addr, sizeof addr) < 0) die("connect");
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    write_all(c->fd, c->upgrade, c->upgrade_len);
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev);
  }

  uint64_t began = now_ms(), phase_at = 0;
  int phase = 0;
  for (;;) {
    struct epoll_event events[256];
    int got = epoll_wait(ep, events, 256, 50);
    for (int i = 0; i < got; i++) on_readable(events[i].data.ptr);
    uint64_t now = now_ms();
    if (phase == 0 && ready == n) {
      printf("ready %d\n", n);
      fflush(stdout);
      phase = 1;
      phase_at = now + warm;
    } else if (phase == 0 && now - began > 30000) {
      fprintf(stderr, "load: only %d of %d connections came up in 30 s\n", ready, n);
      return 3;
    } else if (phase == 1 && now >= phase_at) {
      printf("b %llu\n", (unsigned long long)count);
      fflush(stdout);
      phase = 2;
      phase_at = now + measure;
    } else if (phase == 2 && now >= phase_at) {
      printf("e %llu\n", (unsigned long long)count);
      return 0;
    }
  }
}
