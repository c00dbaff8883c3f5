/*
 * A disk that fails on demand, for any program that calls the C library: loaded before it with
 * LD_PRELOAD, it stands between the program and every call on a file below one folder.
 *
 * UNDCHAIN_DISK_ROOT     the folder, absolute and without links
 * UNDCHAIN_DISK_CONTROL  a file of SLOTS 64-bit numbers, mapped by this library and by whoever
 *                        arms it; its layout is that of DiskControl.java
 * UNDCHAIN_DISK_TRACE    if set, every call that changes something is appended to this file with
 *                        its bytes, and what goes to standard output, too: what a power cut at any
 *                        moment leaves can be worked out from it (DiskTrace.java)
 *
 * What it does not see: files written through a FILE (RocksDB's LOG) or through mapped memory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Kinds of calls; DiskCall.java has the same in the same order. */
enum { CREATE, WRITE, SYNC, ALLOCATE, TRUNCATE, RENAME, LINK, UNLINK, MKDIR, OPEN, READ, STAT };

/* What happens to a call; DiskFault.Effect has the same in the same order. */
enum { GOOD, FAIL, HALF, DONE, SHORT, SLOW, LIE };

/* Places in the control file. */
enum { KINDS_MASK, EFFECT, AT, COUNT, ERROR, MILLIS, SEEN, HAPPENED, TOTALS, SLOTS = 24 };

/* Further kinds in a trace. */
enum { TOLD = 100 };

static char root[PATH_MAX];
static size_t root_length;
static volatile int64_t *control;
static int trace_fd = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(result, name, ...)                                  \
  static result (*next)(__VA_ARGS__);                            \
  if (!next) *(void **)(&next) = dlsym(RTLD_NEXT, name)

static int open_next(const char *path, int flags, mode_t mode) {
  NEXT(int, "open64", const char *, int, ...);
  return next(path, flags, mode);
}

static ssize_t write_next(int fd, const void *bytes, size_t n) {
  NEXT(ssize_t, "write", int, const void *, size_t);
  return next(fd, bytes, n);
}

static ssize_t pwrite_next(int fd, const void *bytes, size_t n, off_t at) {
  NEXT(ssize_t, "pwrite64", int, const void *, size_t, off_t);
  return next(fd, bytes, n, at);
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("UNDCHAIN_DISK_ROOT");
  const char *numbers = getenv("UNDCHAIN_DISK_CONTROL");
  const char *trace = getenv("UNDCHAIN_DISK_TRACE");
  if (!folder || !numbers || strlen(folder) >= sizeof root) return;
  int fd = open_next(numbers, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) return;
  void *mapped = mmap(NULL, SLOTS * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped == MAP_FAILED) return;
  if (trace) trace_fd = open_next(trace, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  strcpy(root, folder);
  root_length = strlen(root);
  control = mapped;
}

/* A path with what it is relative to before it. */
static const char *whole(const char *path, char *room) {
  if (path[0] == '/') return path;
  if (!getcwd(room, PATH_MAX)) return path;
  size_t used = strlen(room);
  if (used + 1 + strlen(path) >= PATH_MAX) return path;
  room[used] = '/';
  strcpy(room + used + 1, path);
  return room;
}

static int is_below(const char *path) {
  return control && strncmp(path, root, root_length) == 0 &&
         (path[root_length] == '/' || path[root_length] == 0);
}

/* The file behind a descriptor, if it is one of ours. */
static int is_ours(int fd, char *path) {
  if (!control || fd <= STDERR_FILENO) return 0; /* a console may lie there, too */
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, PATH_MAX - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return is_below(path);
}

/* Counts a call and says what is to happen to it; SLOW is over when this returns. */
static int verdict(int kind) {
  __atomic_add_fetch(&control[TOTALS + kind], 1, __ATOMIC_SEQ_CST);
  if (!(control[KINDS_MASK] >> kind & 1)) return GOOD;
  int64_t seen = __atomic_add_fetch(&control[SEEN], 1, __ATOMIC_SEQ_CST);
  int64_t at = control[AT];
  int64_t count = control[COUNT];
  if (at == 0 || seen < at || (count > 0 && seen >= at + count)) return GOOD;
  __atomic_add_fetch(&control[HAPPENED], 1, __ATOMIC_SEQ_CST);
  if (control[EFFECT] == SLOW) {
    struct timespec time = {control[MILLIS] / 1000, control[MILLIS] % 1000 * 1000000};
    nanosleep(&time, NULL);
    return GOOD;
  }
  return (int)control[EFFECT];
}

static void put(const void *bytes, size_t n) {
  const char *next = bytes;
  while (n > 0) {
    ssize_t done = write_next(trace_fd, next, n);
    if (done <= 0) abort(); /* a trace with a hole would accuse the program */
    next += done;
    n -= (size_t)done;
  }
}

/* One record: eight numbers, then two paths and the bytes, whose lengths are among the numbers. */
static void record(int kind, int64_t inode, int64_t number, const char *path, const char *other,
                   const void *bytes, size_t n) {
  if (trace_fd < 0) return;
  int error = errno;
  int64_t head[] = {kind,         inode, number, (int64_t)strlen(path), (int64_t)strlen(other),
                    (int64_t)n};
  put(head, sizeof head);
  put(path, strlen(path));
  put(other, strlen(other));
  put(bytes, n);
  errno = error;
}

static int64_t inode_of(int fd) {
  struct stat64 now;
  return fstat64(fd, &now) ? -1 : (int64_t)now.st_ino;
}

static void take_turn(void) {
  if (trace_fd >= 0) pthread_mutex_lock(&turn);
}

static void end_turn(void) {
  if (trace_fd >= 0) pthread_mutex_unlock(&turn);
}

static int failed(void) {
  errno = (int)control[ERROR];
  return -1;
}

/* Opening and making files. */

static int opened(const char *path, int flags, mode_t mode) {
  char room[PATH_MAX];
  path = whole(path, room);
  if (!is_below(path)) return open_next(path, flags, mode);
  int what = verdict(flags & (O_CREAT | O_TRUNC) ? CREATE : OPEN);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  struct stat64 before;
  int error = errno;
  int is_new = flags & O_CREAT && stat64(path, &before);
  errno = error;
  int fd = open_next(path, flags, mode);
  if (fd >= 0 && is_new) record(CREATE, inode_of(fd), 0, path, "", "", 0);
  if (fd >= 0 && !is_new && flags & O_TRUNC) record(TRUNCATE, inode_of(fd), 0, path, "", "", 0);
  end_turn();
  if (what == DONE) {
    if (fd >= 0) close(fd);
    return failed();
  }
  return fd;
}

#define MODE_OF(flags, mode)                    \
  mode_t mode = 0;                              \
  if (flags & (O_CREAT | O_TMPFILE)) {          \
    va_list rest;                               \
    va_start(rest, flags);                      \
    mode = va_arg(rest, mode_t);                \
    va_end(rest);                               \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  return opened(path, flags, mode);
}

int mkdir(const char *path, mode_t mode) {
  NEXT(int, "mkdir", const char *, mode_t);
  char room[PATH_MAX];
  path = whole(path, room);
  if (!is_below(path)) return next(path, mode);
  int what = verdict(MKDIR);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  int result = next(path, mode);
  if (!result) record(MKDIR, 0, 0, path, "", "", 0);
  end_turn();
  return what == DONE ? failed() : result;
}

/* Names. */

int rename(const char *from, const char *to) {
  NEXT(int, "rename", const char *, const char *);
  char room[PATH_MAX], other_room[PATH_MAX];
  from = whole(from, room);
  to = whole(to, other_room);
  if (!is_below(from) && !is_below(to)) return next(from, to);
  int what = verdict(RENAME);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  int result = next(from, to);
  if (!result) record(RENAME, 0, 0, from, to, "", 0);
  end_turn();
  return what == DONE ? failed() : result;
}

int link(const char *from, const char *to) {
  NEXT(int, "link", const char *, const char *);
  char room[PATH_MAX], other_room[PATH_MAX];
  from = whole(from, room);
  to = whole(to, other_room);
  if (!is_below(from) && !is_below(to)) return next(from, to);
  int what = verdict(LINK);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  int result = next(from, to);
  if (!result) record(LINK, 0, 0, from, to, "", 0);
  end_turn();
  return what == DONE ? failed() : result;
}

int unlink(const char *path) {
  NEXT(int, "unlink", const char *);
  char room[PATH_MAX];
  path = whole(path, room);
  if (!is_below(path)) return next(path);
  int what = verdict(UNLINK);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  int result = next(path);
  if (!result) record(UNLINK, 0, 0, path, "", "", 0);
  end_turn();
  return what == DONE ? failed() : result;
}

/* Bytes. */

static ssize_t written(int fd, const void *bytes, size_t n, off64_t at) {
  char path[PATH_MAX];
  if (fd == STDOUT_FILENO && trace_fd >= 0) {
    take_turn();
    record(TOLD, 0, 0, "", "", bytes, n);
    end_turn();
  }
  if (!is_ours(fd, path)) return at < 0 ? write_next(fd, bytes, n) : pwrite_next(fd, bytes, n, at);
  int what = verdict(WRITE);
  if (what == FAIL) return failed();
  if (what == LIE) return (ssize_t)n;
  size_t some = what == HALF || (what == SHORT && n > 1) ? n / 2 : n;
  take_turn();
  ssize_t result = at < 0 ? write_next(fd, bytes, some) : pwrite_next(fd, bytes, some, at);
  if (result > 0) {
    int64_t place = at < 0 ? lseek64(fd, 0, SEEK_CUR) - result : at;
    record(WRITE, inode_of(fd), place, path, "", bytes, (size_t)result);
  }
  end_turn();
  return what == HALF || what == DONE ? failed() : result;
}

ssize_t write(int fd, const void *bytes, size_t n) { return written(fd, bytes, n, -1); }

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at) { return written(fd, bytes, n, at); }

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
  return written(fd, bytes, n, at);
}

/* May write less than all: the first piece. */
ssize_t writev(int fd, const struct iovec *pieces, int count) {
  NEXT(ssize_t, "writev", int, const struct iovec *, int);
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return next(fd, pieces, count);
  for (int i = 0; i < count; i++) {
    if (pieces[i].iov_len > 0) return written(fd, pieces[i].iov_base, pieces[i].iov_len, -1);
  }
  return 0;
}

static int synced(int fd, const char *name) {
  int (*next)(int);
  *(void **)(&next) = dlsym(RTLD_NEXT, name);
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return next(fd);
  int what = verdict(SYNC);
  if (what == FAIL || what == HALF) return failed();
  if (what == LIE) return 0;
  take_turn();
  int result = next(fd);
  struct stat64 now;
  if (!result && !fstat64(fd, &now)) {
    record(SYNC, (int64_t)now.st_ino, S_ISDIR(now.st_mode), path, "", "", 0);
  }
  end_turn();
  return what == DONE ? failed() : result;
}

int fsync(int fd) { return synced(fd, "fsync"); }

int fdatasync(int fd) { return synced(fd, "fdatasync"); }

/* A promise of nothing: neither the size nor the drive's cache. */
int sync_file_range(int fd, off64_t at, off64_t n, unsigned flags) {
  NEXT(int, "sync_file_range", int, off64_t, off64_t, unsigned);
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return next(fd, at, n, flags);
  int what = verdict(SYNC);
  return what == FAIL || what == HALF || what == DONE ? failed() : next(fd, at, n, flags);
}

/* Sizes. */

static int sized(int fd, off64_t size) {
  NEXT(int, "ftruncate64", int, off64_t);
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return next(fd, size);
  int what = verdict(TRUNCATE);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  int result = next(fd, size);
  if (!result) record(TRUNCATE, inode_of(fd), size, path, "", "", 0);
  end_turn();
  return what == DONE ? failed() : result;
}

int ftruncate(int fd, off_t size) { return sized(fd, size); }

int ftruncate64(int fd, off64_t size) { return sized(fd, size); }

static int allocated(int fd, int mode, off64_t at, off64_t n) {
  NEXT(int, "fallocate64", int, int, off64_t, off64_t);
  char path[PATH_MAX];
  if (!is_ours(fd, path)) return next(fd, mode, at, n);
  int what = verdict(ALLOCATE);
  if (what == FAIL || what == HALF) return failed();
  take_turn();
  int result = next(fd, mode, at, n);
  if (!result && !(mode & FALLOC_FL_KEEP_SIZE)) {
    record(ALLOCATE, inode_of(fd), at + n, path, "", "", 0);
  }
  end_turn();
  return what == DONE ? failed() : result;
}

int fallocate(int fd, int mode, off_t at, off_t n) { return allocated(fd, mode, at, n); }

int fallocate64(int fd, int mode, off64_t at, off64_t n) { return allocated(fd, mode, at, n); }

int posix_fallocate(int fd, off_t at, off_t n) {
  int error = errno;
  int result = allocated(fd, 0, at, n) ? errno : 0;
  errno = error;
  return result;
}

int posix_fallocate64(int fd, off64_t at, off64_t n) { return posix_fallocate(fd, at, n); }

/* Reading. */

ssize_t read(int fd, void *bytes, size_t n) {
  NEXT(ssize_t, "read", int, void *, size_t);
  char path[PATH_MAX];
  if (is_ours(fd, path) && verdict(READ) == FAIL) return failed();
  return next(fd, bytes, n);
}

ssize_t pread(int fd, void *bytes, size_t n, off_t at) {
  NEXT(ssize_t, "pread64", int, void *, size_t, off64_t);
  char path[PATH_MAX];
  if (is_ours(fd, path) && verdict(READ) == FAIL) return failed();
  return next(fd, bytes, n, at);
}

ssize_t pread64(int fd, void *bytes, size_t n, off64_t at) { return pread(fd, bytes, n, at); }

static int is_stat_failing(const char *path) {
  char room[PATH_MAX];
  return is_below(whole(path, room)) && verdict(STAT) == FAIL;
}

int access(const char *path, int mode) {
  NEXT(int, "access", const char *, int);
  return is_stat_failing(path) ? failed() : next(path, mode);
}

int __xstat(int version, const char *path, struct stat *out) {
  NEXT(int, "__xstat", int, const char *, struct stat *);
  return is_stat_failing(path) ? failed() : next(version, path, out);
}

int __xstat64(int version, const char *path, struct stat64 *out) {
  NEXT(int, "__xstat64", int, const char *, struct stat64 *);
  return is_stat_failing(path) ? failed() : next(version, path, out);
}

int __lxstat64(int version, const char *path, struct stat64 *out) {
  NEXT(int, "__lxstat64", int, const char *, struct stat64 *);
  return is_stat_failing(path) ? failed() : next(version, path, out);
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *out) {
  NEXT(int, "statx", int, const char *, int, unsigned, struct statx *);
  return path[0] == '/' && is_stat_failing(path) ? failed() : next(folder, path, flags, mask, out);
}
