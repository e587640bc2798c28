#pragma once
// Without _GNU_SOURCE: Swift's own Glibc module is built without it, and the structures must be the same in both.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// What glibc shows under _GNU_SOURCE alone, and variadic functions and macros, which Swift does not import.

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int pipe2(int *, int);
extern int unshare(int);
extern int pthread_setname_np(pthread_t, const char *);
extern int setgroups(size_t, const gid_t *);

static inline int clinux_accept4(int fd, struct sockaddr *address, socklen_t *length) {
    return accept4(fd, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static inline int clinux_pipe(int *both) { return pipe2(both, O_CLOEXEC); }

static inline int clinux_set_thread_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

static inline int clinux_set_blocking(int fd, int blocking) {
    int flags = fcntl(fd, F_GETFL, 0);
    if (flags < 0) return -1;
    flags = blocking ? (flags & ~O_NONBLOCK) : (flags | O_NONBLOCK);
    return fcntl(fd, F_SETFL, flags);
}

static inline int clinux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

static inline int clinux_epoll_control(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = data;
    return epoll_ctl(epoll, operation, fd, &event);
}

// struct epoll_event is packed on x86-64, and Swift lays it out otherwise, so its fields are read here.
static inline uint32_t clinux_epoll_events(const struct epoll_event *events, int index) { return events[index].events; }
static inline uint64_t clinux_epoll_data(const struct epoll_event *events, int index) { return events[index].data.u64; }

static inline int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

static inline int clinux_wait_exited(int status) { return WIFEXITED(status); }
static inline int clinux_wait_exit_status(int status) { return WEXITSTATUS(status); }
static inline int clinux_wait_signaled(int status) { return WIFSIGNALED(status); }
static inline int clinux_wait_signal(int status) { return WTERMSIG(status); }

static inline int clinux_signal_default(int signal) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    return sigaction(signal, &action, 0);
}

static inline int clinux_signal_ignore(int signal) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_IGN;
    return sigaction(signal, &action, 0);
}

extern char **environ;
static inline char **clinux_environment(void) { return environ; }

static inline const char *clinux_entry_name(const struct dirent *entry) { return entry->d_name; }

static inline int clinux_stat(const char *path, struct stat *status) { return stat(path, status); }

static inline int clinux_is_folder(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static inline ssize_t clinux_readlink(const char *path, unsigned char *buffer, size_t size) {
    return readlink(path, (char *)buffer, size);
}

static inline int clinux_own_usage(struct rusage *usage) { return getrusage(RUSAGE_SELF, usage); }

static inline int clinux_descriptor_limit(struct rlimit *limit, int set) {
    return set ? setrlimit(RLIMIT_NOFILE, limit) : getrlimit(RLIMIT_NOFILE, limit);
}

typedef struct {
    const char *path;
    char *const *arguments;    // ends with null
    char *const *environment;  // ends with null
    const char *directory;     // null: the parent's
    int input;                 // becomes 0
    int output;                // becomes 1
    int error;                 // becomes 2
    int death_signal;          // sent when the thread that spawned it ends; 0: none
    int change_user;           // 0: keep
    uid_t user;
    gid_t group;
    int new_group;             // 0: the parent's process group
    const char *bound_folder;  // shown at bound_at to this process and its children alone; null: none
    const char *bound_at;
} clinux_spawn_options;

// posix_spawn knows neither PR_SET_PDEATHSIG nor setuid. Between fork and exec only async-signal-safe calls are made.
// Returns the pid, or -1 with errno; a failure in the child before or in exec comes back through a pipe.
static inline pid_t clinux_spawn(const clinux_spawn_options *options) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0) return -1;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        int problem = 0;
        for (int signal = 1; signal < 65; signal++) {
            if (signal != SIGKILL && signal != SIGSTOP) (void)clinux_signal_default(signal);
        }
        if (options->new_group && setpgid(0, 0) < 0) goto failed;
        // Each is first moved above 2, so that no dup2 overwrites another.
        int input = fcntl(options->input, F_DUPFD_CLOEXEC, 3);
        int output = fcntl(options->output, F_DUPFD_CLOEXEC, 3);
        int error = fcntl(options->error, F_DUPFD_CLOEXEC, 3);
        if (input < 0 || output < 0 || error < 0) goto failed;
        if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) goto failed;
        if (options->bound_folder) {
            const int new_mounts = 0x00020000;  // CLONE_NEWNS, which sched.h shows under _GNU_SOURCE alone
            if (unshare(new_mounts) < 0 || mount(0, "/", 0, MS_REC | MS_PRIVATE, 0) < 0) goto failed;
            if (mount(options->bound_folder, options->bound_at, 0, MS_BIND, 0) < 0) goto failed;
        }
        if (options->change_user) {
            if (setgroups(0, 0) < 0 || setgid(options->group) < 0 || setuid(options->user) < 0) goto failed;
        }
        if (options->directory && chdir(options->directory) < 0) goto failed;
        // After setuid, which clears it (prctl(2)).
        if (options->death_signal && prctl(PR_SET_PDEATHSIG, options->death_signal, 0, 0, 0) < 0) goto failed;
        if (options->death_signal && getppid() != parent) _exit(127);
        sigset_t none;
        sigemptyset(&none);
        pthread_sigmask(SIG_SETMASK, &none, 0);
        execve(options->path, options->arguments, options->environment);
    failed:
        problem = errno;
        (void)!write(report[1], &problem, sizeof problem);
        _exit(127);
    }
    int saved = errno;
    pthread_sigmask(SIG_SETMASK, &before, 0);
    close(report[1]);
    if (pid < 0) {
        close(report[0]);
        errno = saved;
        return -1;
    }
    int problem = 0;
    ssize_t got;
    do { got = read(report[0], &problem, sizeof problem); } while (got < 0 && errno == EINTR);
    close(report[0]);
    if (got == (ssize_t)sizeof problem) {
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        errno = problem;
        return -1;
    }
    return pid;
}
