#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "csystem.h"

static long long smaller(long long a, long long b) {
  if (a < 0) return b;
  return b < 0 || a < b ? a : b;
}

// A file's first bytes as text; 0 where it cannot be read.
static int read_text(const char *path, char *text, size_t size) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  ssize_t count = read(descriptor, text, size - 1);
  close(descriptor);
  if (count <= 0) return 0;
  text[count] = 0;
  return 1;
}

// The number behind a name that begins a line; -1 where there is none.
static long long number_of(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *line = text; line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, name, length) == 0) return atoll(line + length);
    if (!*line) break;
  }
  return -1;
}

// What a limit of this process leaves.
static long long under_limit(const struct rlimit *limit, long long used) {
  if (limit->rlim_cur == RLIM_INFINITY || used < 0) return -1;
  long long left = (long long)limit->rlim_cur - used;
  return left > 0 ? left : 0;
}

// What the control group of this process leaves; its cached files make way.
static long long in_group(void) {
  char text[8192], path[4200];
  if (!read_text("/proc/self/cgroup", text, sizeof text)) return -1;
  char *group = strstr(text, "0::/");
  if (!group) return -1;
  group += 3;
  group[strcspn(group, "\n")] = 0;
  if (strlen(group) > 4000) return -1;
  char number[64];
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", group);
  if (!read_text(path, number, sizeof number) || number[0] == 'm') return -1;
  long long limit = atoll(number);
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.current", group);
  if (!read_text(path, number, sizeof number)) return -1;
  long long used = atoll(number);
  snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.stat", group);
  if (read_text(path, text, sizeof text)) {
    long long cached = number_of(text, "inactive_file ");
    if (cached > 0) used -= cached;
  }
  return limit > used ? limit - used : 0;
}

long long csystem_available_memory(void) {
  long long available = in_group();
  char text[4096];
  if (read_text("/proc/meminfo", text, sizeof text)) {
    long long free_kilobytes = number_of(text, "MemAvailable:");
    long long swap_kilobytes = number_of(text, "SwapFree:");
    if (free_kilobytes >= 0) {
      long long total = free_kilobytes + (swap_kilobytes > 0 ? swap_kilobytes : 0);
      available = smaller(available, total * 1024);
    }
  }
  long long addresses = -1, data = -1;
  if (read_text("/proc/self/statm", text, sizeof text)) {
    long long pages[6] = {0};
    if (sscanf(text, "%lld %lld %lld %lld %lld %lld", &pages[0], &pages[1], &pages[2], &pages[3],
               &pages[4], &pages[5]) == 6) {
      long long page = sysconf(_SC_PAGESIZE);
      addresses = pages[0] * page;
      data = pages[5] * page;
    }
  }
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0) {
    available = smaller(available, under_limit(&limit, addresses));
  }
  if (getrlimit(RLIMIT_DATA, &limit) == 0) {
    available = smaller(available, under_limit(&limit, data));
  }
  return available;
}

static const char *exhaustion_line;
static int exhaustion_code;

// Only what is safe in a handler. Whoever asked for memory in vain has left its error behind.
static void end(int number) {
  if (errno == ENOMEM) {
    ssize_t written = write(STDERR_FILENO, exhaustion_line, strlen(exhaustion_line));
    (void)written;
    _exit(exhaustion_code);
  }
  // The signal comes again when this returns, and ends the process as it would have.
  signal(number, SIG_DFL);
  raise(number);
}

void csystem_report_exhaustion(const char *line, int code) {
  exhaustion_line = line;
  exhaustion_code = code;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = end;
  sigemptyset(&action.sa_mask);
  // How the runtime ends a process, by architecture.
  const int signals[] = {SIGILL, SIGTRAP, SIGABRT};
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) sigaction(signals[i], &action, NULL);
}
