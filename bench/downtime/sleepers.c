// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads for a test that stops the machine: many that sleep, and some that are active.
 *
 *   sleepers SLEEPING ACTIVE
 *
 * The sleeping threads wait in five ways in turn, in processes of THREADS threads each. The active
 * ones are processes: one spins, one yields, two pass a byte back and forth through pipes, and so
 * on. When all sleeping threads sleep, the program prints how many of each there are. It then
 * waits; killing it ends them all.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	THREADS = 500,
	STACK = 32 << 10,
	LONG_S = 1 << 20
};

static int silent_pipe[2], silent_epoll; /* nothing ever arrives */
static unsigned silent_futex;
static atomic_uint *begun; /* number of started threads in all processes */

static void die(const char *what)
{
	fprintf(stderr, "sleepers: %s: %s\n", what, strerror(errno));
	kill(0, SIGKILL);
	exit(1);
}

/* --- ways to sleep; each returns if it is interrupted */

static void sleep_nanosleep(void)
{
	nanosleep(&(struct timespec){ .tv_sec = LONG_S }, NULL);
}

static void sleep_futex(void)
{
	syscall(SYS_futex, &silent_futex, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void sleep_poll(void)
{
	poll(&(struct pollfd){ .fd = silent_pipe[0], .events = POLLIN }, 1, -1);
}

static void sleep_read(void)
{
	char byte;

	if (read(silent_pipe[0], &byte, 1) < 0 && errno != EINTR)
		die("read");
}

static void sleep_epoll(void)
{
	struct epoll_event event;

	epoll_wait(silent_epoll, &event, 1, -1);
}

static const struct {
	const char *name;
	void (*sleep)(void);
} ways[] = {
	{ "nanosleep", sleep_nanosleep }, { "futex", sleep_futex },      { "poll", sleep_poll },
	{ "read of a pipe", sleep_read }, { "epoll_wait", sleep_epoll },
};
enum {
	WAYS = sizeof(ways) / sizeof(*ways)
};

static void *sleep_for_ever(void *number)
{
	atomic_fetch_add(begun, 1);
	for (;;)
		ways[(unsigned long)number % WAYS].sleep();
	return NULL;
}

/* --- processes */

/* Like fork(), but the child dies with its parent. */
static pid_t split(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		die("fork");
	if (!child && (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent))
		_exit(1);
	return child;
}

static void make_silent(void)
{
	struct epoll_event event = { .events = EPOLLIN };

	silent_epoll = epoll_create1(0);
	if (pipe(silent_pipe) || silent_epoll < 0 ||
	    epoll_ctl(silent_epoll, EPOLL_CTL_ADD, silent_pipe[0], &event))
		die("pipe and epoll");
}

/* A process whose threads sleep, including the first one. */
static void sleep_together(unsigned long first, unsigned long count)
{
	pthread_attr_t attributes;
	pthread_t thread;

	make_silent();
	pthread_attr_init(&attributes);
	errno = pthread_attr_setstacksize(&attributes, STACK);
	for (unsigned long i = 1; !errno && i < count; i++)
		errno = pthread_create(&thread, &attributes, sleep_for_ever, (void *)(first + i));
	if (errno)
		die("pthread_create: a limit of threads (kernel.pid_max, kernel.threads-max) or of memory");
	sleep_for_ever((void *)first);
}

/*
 * Lets the other thread of a core run. The emulator then lets the next CPU run for a while; a CPU
 * that never pauses could starve it.
 */
static void relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

static void spin(void)
{
	for (;;) {
		for (volatile int i = 0; i < 1000; i++)
			;
		relax();
	}
}

static void yield(void)
{
	for (;; relax())
		sched_yield();
}

static void play(int from, int to)
{
	char byte = 0;

	while (write(to, &byte, 1) == 1 && read(from, &byte, 1) == 1)
		relax();
	die("the game of ping-pong ended");
}

static void start_active(unsigned count)
{
	int there[2] = { -1, -1 }, back[2] = { -1, -1 };

	for (unsigned i = 0; i < count; i++) {
		if (i % 4 == 2 && (pipe(there) || pipe(back)))
			die("pipe");
		if (split())
			continue;
		switch (i % 4) {
		case 0:
			spin();
			break;
		case 1:
			yield();
			break;
		case 2:
			play(back[0], there[1]);
			break;
		case 3:
			play(there[0], back[1]);
			break;
		}
	}
}

/* --- until all sleep */

/* The thread's state is behind its name in brackets. */
static bool is_awake(pid_t pid, const char *thread)
{
	char path[300], line[512], *end;
	bool is_awake = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, thread);
	file = fopen(path, "r");
	if (!file)
		die(path);
	if (fgets(line, sizeof(line), file) && (end = strrchr(line, ')')))
		is_awake = end[2] != 'S';
	fclose(file);
	return is_awake;
}

static bool is_any_awake(pid_t pid)
{
	struct dirent *entry;
	bool is_any = false;
	char path[32];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	folder = opendir(path);
	if (!folder)
		die(path);
	while (!is_any && (entry = readdir(folder)))
		is_any = entry->d_name[0] != '.' && is_awake(pid, entry->d_name);
	closedir(folder);
	return is_any;
}

static void wait_for_sleep(unsigned long sleeping, const pid_t *processes, unsigned count)
{
	while (atomic_load(begun) < sleeping)
		usleep(10000);
	for (unsigned i = 0; i < count; i++)
		while (is_any_awake(processes[i]))
			usleep(10000);
}

static void tell(unsigned long sleeping, unsigned active)
{
	printf("%lu sleeping:", sleeping);
	for (unsigned i = 0; i < WAYS; i++)
		printf(" %lu in %s%s", sleeping / WAYS + (i < sleeping % WAYS), ways[i].name,
		       i + 1 < WAYS ? "," : "");
	printf("; %u active: spinning, yielding, ping and pong\n", active);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned long sleeping = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned active = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, count = 0;
	pid_t *processes = calloc(sleeping / THREADS + 1, sizeof(*processes));

	if (!sleeping) {
		fputs("usage: sleepers SLEEPING ACTIVE\n", stderr);
		return 2;
	}
	setpgid(0, 0); /* so that kill() reaches only its own processes */
	begun = mmap(NULL, sizeof(*begun), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (!processes || begun == MAP_FAILED)
		die("no memory");
	for (unsigned long first = 0; first < sleeping; first += THREADS, count++) {
		processes[count] = split();
		if (!processes[count])
			sleep_together(first,
				       sleeping - first < THREADS ? sleeping - first : THREADS);
	}
	wait_for_sleep(sleeping, processes, count);
	start_active(active);
	tell(sleeping, active);
	for (;;)
		pause();
}
