/* Makes a chosen call that reads or writes below a folder fail with EIO (what a dying disk answers).

   Loaded with LD_PRELOAD. Which call fails stands in a file that all processes of a trial map (IO_ERRORS_STATE), laid out
   as `struct state`; tests/torture/io_errors.py writes it. A call that is to fail is not made. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READS = 1, WRITES = 2, SYNCS = 4, NAMES = 8 };

struct state {
    _Atomic int32_t armed;  /* 0: calls are neither counted nor failed */
    _Atomic int32_t kinds;  /* sum of the kinds above that count */
    _Atomic int32_t left;   /* calls until one fails; counts down */
    _Atomic int32_t lasting;/* 1: every call after it fails too */
    _Atomic int32_t failed; /* how many have failed */
    char folder[1004];      /* files below it count */
};

static struct state *state;

__attribute__((constructor)) static void map_state(void) {
    const char *path = getenv("IO_ERRORS_STATE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *found = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) state = found;
    close(file);
}

static int below(const char *path) {
    size_t length = strlen(state->folder);
    return length && strncmp(path, state->folder, length) == 0 && path[length] == '/';
}

static int counted(int kind) {
    if (!state || !state->armed || !(state->kinds & kind)) return 0;
    return 1;
}

static int fails(void) {
    int left = --state->left;
    if (left == 0 || (left < 0 && state->lasting)) {
        state->failed++;
        errno = EIO;
        return 1;
    }
    return 0;
}

static int file_fails(int kind, int file) {
    char link[64], path[4096];
    if (!counted(kind)) return 0;
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (length < 0) return 0;
    path[length] = 0;
    return below(path) && fails();
}

static int name_fails(int kind, const char *path) { return counted(kind) && below(path) && fails(); }

#define NEXT(name) static __typeof__(&name) next; if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define ON_FILE(result, name, kind, parameters, arguments) \
    result name parameters { NEXT(name); return file_fails(kind, file) ? (result)-1 : next arguments; }

ON_FILE(ssize_t, read, READS, (int file, void *to, size_t n), (file, to, n))
ON_FILE(ssize_t, pread, READS, (int file, void *to, size_t n, off_t at), (file, to, n, at))
ON_FILE(ssize_t, pread64, READS, (int file, void *to, size_t n, off64_t at), (file, to, n, at))
ON_FILE(ssize_t, readv, READS, (int file, const struct iovec *to, int n), (file, to, n))
ON_FILE(ssize_t, write, WRITES, (int file, const void *from, size_t n), (file, from, n))
ON_FILE(ssize_t, pwrite, WRITES, (int file, const void *from, size_t n, off_t at), (file, from, n, at))
ON_FILE(ssize_t, pwrite64, WRITES, (int file, const void *from, size_t n, off64_t at), (file, from, n, at))
ON_FILE(ssize_t, writev, WRITES, (int file, const struct iovec *from, int n), (file, from, n))
ON_FILE(int, ftruncate, WRITES, (int file, off_t n), (file, n))
ON_FILE(int, ftruncate64, WRITES, (int file, off64_t n), (file, n))
ON_FILE(ssize_t, sendfile, WRITES, (int file, int from, off_t *at, size_t n), (file, from, at, n))
ON_FILE(ssize_t, sendfile64, WRITES, (int file, int from, off64_t *at, size_t n), (file, from, at, n))
ON_FILE(int, fsync, SYNCS, (int file), (file))
ON_FILE(int, fdatasync, SYNCS, (int file), (file))

#define ON_NAME(result, name, parameters, arguments, path) \
    result name parameters { NEXT(name); return name_fails(NAMES, path) ? (result)-1 : next arguments; }

ON_NAME(int, rename, (const char *old, const char *new), (old, new), new)
ON_NAME(int, renameat, (int d, const char *old, int e, const char *new), (d, old, e, new), new)
ON_NAME(int, unlink, (const char *path), (path), path)
ON_NAME(int, unlinkat, (int d, const char *path, int flags), (d, path, flags), path)
ON_NAME(int, mkdir, (const char *path, mode_t mode), (path, mode), path)

#define ON_OPEN(name, before, given, path) \
    int name before { \
        NEXT(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
        return name_fails(NAMES, path) ? -1 : next given; \
    }

ON_OPEN(open, (const char *path, int flags, ...), (path, flags, mode), path)
ON_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode), path)
ON_OPEN(openat, (int d, const char *path, int flags, ...), (d, path, flags, mode), path)
ON_OPEN(openat64, (int d, const char *path, int flags, ...), (d, path, flags, mode), path)
