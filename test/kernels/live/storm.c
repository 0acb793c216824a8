// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers of every scheduling class, each of which counts what it has done. A watchman checks that
 * none of them stands still.
 *
 *   storm SECONDS PATIENCE [CGROUP.PROCS...]
 *
 * Runs for that many seconds, or until SIGTERM. A worker that makes no progress for PATIENCE
 * seconds is lost: that is printed, and the exit status is 1. Each CGROUP.PROCS is the cgroup.procs
 * file of a cgroup, which gets one of the spinning workers. At the end a line for each kind of
 * worker says how much it did. The environment variable STORM_WITHOUT names kinds of workers that
 * are left out, each with a space on either side.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WORKERS_MAX = 128
};

struct worker {
	const char *kind;
	void (*work)(struct worker *);
	const char *cgroup; /* a cgroup.procs file to enter, or NULL */
	volatile uint64_t done;
	uint64_t seen; /* the last `done` that the watchman saw, and when it changed */
	double when;
	pid_t process;
};

static struct worker *workers; /* in shared memory */
static int count;
static volatile sig_atomic_t is_over;

static void nap(long microseconds)
{
	struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };

	nanosleep(&time, NULL);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void spin(unsigned rounds)
{
	for (volatile unsigned i = 0; i < rounds; i++)
		;
}

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "storm: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* --- the work */

static void yielding(struct worker *w)
{
	for (;; w->done++) {
		spin(2000);
		sched_yield();
	}
}

static void spinning(struct worker *w)
{
	for (;; w->done++)
		spin(5000);
}

static void sleeping(struct worker *w)
{
	for (;; w->done++)
		nap(2000);
}

static void forking(struct worker *w)
{
	for (;; w->done++) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		must(child, "fork");
		while (waitpid(child, NULL, 0) < 0)
			;
		nap(1000);
	}
}

static void *nothing(void *argument)
{
	return argument;
}

static void threading(struct worker *w)
{
	for (;; w->done++) {
		pthread_t thread;

		must(-pthread_create(&thread, NULL, nothing, NULL), "pthread_create");
		pthread_join(thread, NULL);
		nap(1000);
	}
}

static void talking(struct worker *w)
{
	int to[2], from[2];
	char byte = 0;

	must(pipe(to), "pipe");
	must(pipe(from), "pipe");
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(to[0], &byte, 1) == 1 && write(from[1], &byte, 1) == 1)
			;
		_exit(0);
	}
	for (;; w->done++)
		if (write(to[1], &byte, 1) != 1 || read(from[0], &byte, 1) != 1)
			_exit(3);
}

static void wandering(struct worker *w)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	for (;; w->done++) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET(w->done % (unsigned long)cpus, &set);
		sched_setaffinity(0, sizeof(set), &set); /* fails while that CPU is offline */
		spin(1000);
		nap(500);
	}
}

static void renicing(struct worker *w)
{
	static const int policies[] = { SCHED_OTHER, SCHED_BATCH, SCHED_FIFO, SCHED_RR };

	for (;; w->done++) {
		int policy = policies[w->done % 4];
		struct sched_param parameter = {
			.sched_priority = policy == SCHED_FIFO || policy == SCHED_RR ? 5 : 0
		};

		must(sched_setscheduler(0, policy, &parameter), "sched_setscheduler");
		spin(1000);
		nap(1000);
	}
}

/*
 * Runs only when nothing else does. On a busy machine that may be never, so the watchman checks it
 * only at the end.
 */
static void idling(struct worker *w)
{
	struct sched_param parameter = { .sched_priority = 0 };

	must(sched_setscheduler(0, SCHED_IDLE, &parameter), "sched_setscheduler");
	for (;; w->done++) {
		spin(1000);
		nap(1000);
	}
}

static void realtime(struct worker *w, int policy)
{
	struct sched_param parameter = { .sched_priority = 10 };

	must(sched_setscheduler(0, policy, &parameter), "sched_setscheduler");
	for (;; w->done++) {
		spin(2000);
		nap(5000);
	}
}

static void first_in_first_out(struct worker *w)
{
	realtime(w, SCHED_FIFO);
}

static void round_robin(struct worker *w)
{
	realtime(w, SCHED_RR);
}

static void deadline(struct worker *w)
{
	struct { /* struct sched_attr is missing in glibc 2.36 */
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attributes = { .size = 48,
			 .policy = SCHED_DEADLINE,
			 .runtime = 2000000,
			 .deadline = 40000000,
			 .period = 40000000 };

	must((int)syscall(SYS_sched_setattr, 0, &attributes, 0), "sched_setattr");
	for (;; w->done++) {
		spin(50000); /* at times more than its runtime: it is throttled */
		sched_yield();
	}
}

/*
 * Tasks with different cookies never share a core. Without core scheduling they are workers like
 * the others. They stay on the first core, because the last CPU goes offline and online: core.c's
 * pick_next_task() walks the core's CPUs twice, and a CPU that comes online in between has no pick
 * yet, which it does not expect (6.12: NULL pointer in cookie_equals()).
 */
static void cookie(struct worker *w)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	CPU_SET(1, &first);
	must(sched_setaffinity(0, sizeof(first), &first), "sched_setaffinity");
	if (prctl(PR_SCHED_CORE, PR_SCHED_CORE_CREATE, 0, 0 /* this thread */, 0) &&
	    errno != ENODEV && errno != EINVAL)
		must(-1, "PR_SCHED_CORE");
	for (;; w->done++) {
		setpriority(PRIO_PROCESS, 0, (int)(w->done % 3));
		spin(2000);
		if (w->done % 4 == 0)
			nap(1000);
	}
}

/* Moves between cgroups, which it creates, weights, limits and removes. */
static void write_text(const char *folder, const char *file, const char *text)
{
	char path[64];
	int out;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	out = open(path, O_WRONLY);
	if (out < 0 || write(out, text, strlen(text)) < 0)
		must(-1, path);
	close(out);
}

static void moving(struct worker *w)
{
	char folder[32], weight[16];
	bool has_cgroups = !access("/sys/fs/cgroup/cgroup.procs", W_OK);

	snprintf(folder, sizeof(folder), "/sys/fs/cgroup/storm%d", getpid());
	for (;; w->done++, nap(1000)) {
		if (!has_cgroups)
			continue;
		must(mkdir(folder, 0755), folder);
		write_text(folder, "cgroup.procs", "0");
		snprintf(weight, sizeof(weight), "%lu", (unsigned long)(1 + w->done % 1000));
		write_text(folder, "cpu.weight", weight);
		write_text(folder, "cpu.max", w->done % 2 ? "10000 20000" : "max 100000");
		spin(20000);
		nap(1000);
		write_text("/sys/fs/cgroup", "cgroup.procs", "0");
		must(rmdir(folder), folder);
	}
}

/* --- the watch */

static const struct {
	const char *kind;
	void (*work)(struct worker *);
	int number;
} kinds[] = {
	{ "yield", yielding, 3 },   { "sleep", sleeping, 4 },    { "fork", forking, 2 },
	{ "thread", threading, 2 }, { "pipe", talking, 3 },      { "affinity", wandering, 2 },
	{ "policy", renicing, 2 },  { "idle", idling, 2 },       { "fifo", first_in_first_out, 2 },
	{ "rr", round_robin, 2 },   { "deadline", deadline, 2 }, { "cookie", cookie, 4 },
	{ "moving", moving, 2 },
};

static void enter(const char *cgroup)
{
	int file = open(cgroup, O_WRONLY);

	must(file, cgroup);
	must((int)write(file, "0", 1), cgroup);
	close(file);
}

static void start(struct worker *w)
{
	pid_t process = fork();

	must(process, "fork");
	if (process == 0) {
		signal(SIGTERM, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		if (w->cgroup)
			enter(w->cgroup);
		w->work(w);
	}
	w->process = process;
	w->when = now();
}

static void add(const char *kind, void (*work)(struct worker *), const char *cgroup)
{
	if (count == WORKERS_MAX) {
		fprintf(stderr, "storm: more than %d workers\n", WORKERS_MAX);
		exit(2);
	}
	workers[count] = (struct worker){ .kind = kind, .work = work, .cgroup = cgroup };
	start(&workers[count++]);
}

static int look(struct worker *w, double patience)
{
	int status;

	if (waitpid(w->process, &status, WNOHANG) > 0) {
		printf("storm: LOST: %s ended with %d\n", w->kind, status);
		return 1;
	}
	if (w->done != w->seen || w->work == idling) {
		w->seen = w->done;
		w->when = now();
	} else if (now() - w->when > patience) {
		printf("storm: LOST: %s (%d) has not moved for %.0f s, after %lu\n", w->kind,
		       w->process, now() - w->when, (unsigned long)w->seen);
		return 1;
	}
	return 0;
}

static int watch(double seconds, double patience)
{
	double end = now() + seconds;

	while (!is_over && now() < end) {
		for (int i = 0; i < count; i++)
			if (look(&workers[i], patience))
				return 1;
		nap(200000);
	}
	return 0;
}

static void report(void)
{
	for (int i = 0; i < count; i++) {
		uint64_t least = UINT64_MAX, all = 0;
		int first = i;

		for (; i < count && !strcmp(workers[i].kind, workers[first].kind); i++) {
			least = workers[i].done < least ? workers[i].done : least;
			all += workers[i].done;
		}
		printf("storm: %d %s did %lu, the slowest %lu\n", i - first, workers[first].kind,
		       (unsigned long)all, (unsigned long)least);
		i--;
	}
}

/* Once the other workers are gone, the idle-class workers must make progress. */
static int look_at_idle(void)
{
	double end = now() + 600; /* only guards against hangs */
	int moved = 0, idle = 0;

	for (int i = 0; i < count; i++) {
		workers[i].seen = workers[i].done;
		idle += workers[i].work == idling;
		if (workers[i].work != idling)
			kill(-workers[i].process, SIGKILL);
	}
	while (moved < idle && now() < end) {
		nap(100000);
		moved = 0;
		for (int i = 0; i < count; i++)
			moved += workers[i].work == idling && workers[i].done != workers[i].seen;
	}
	if (moved < idle)
		printf("storm: LOST: %d of %d idle did not move once the others were gone\n",
		       idle - moved, idle);
	return moved < idle;
}

static void stop(int signal)
{
	(void)signal;
	is_over = 1;
}

static int is_left_out(const char *kind)
{
	const char *without = getenv("STORM_WITHOUT");
	char word[32];

	snprintf(word, sizeof(word), " %s ", kind);
	return without && strstr(without, word);
}

int main(int argc, char **argv)
{
	struct sched_param urgent = { .sched_priority = 50 };
	int status;

	if (argc < 3) {
		fprintf(stderr, "usage: storm SECONDS PATIENCE [CGROUP.PROCS]...\n");
		return 2;
	}
	workers = mmap(NULL, WORKERS_MAX * sizeof(*workers), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (int j = 0; j < kinds[i].number && !is_left_out(kinds[i].kind); j++)
			add(kinds[i].kind, kinds[i].work, NULL);
	for (int i = 3; i < argc; i++)
		add("cgroup", spinning, argv[i]);
	/* after the forks, so that the workers do not inherit it */
	must(sched_setscheduler(0, SCHED_FIFO, &urgent), "sched_setscheduler");
	status = watch(atof(argv[1]), atof(argv[2]));
	report();
	status |= look_at_idle();
	fflush(stdout);
	for (int i = 0; i < count; i++)
		kill(-workers[i].process, SIGKILL);
	return status;
}
