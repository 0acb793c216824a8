// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fixed amounts of work for the scheduler. Prints the ns that they took.
 *
 *   loads pingpong CPU CPU ROUNDS    two processes, one on each CPU, pass a byte back and forth
 *                                    through pipes
 *   loads fork CPU COUNT             processes are created and end, one after the other
 *   loads time CPU POLICY COMMAND... a command on one CPU, from before its start to its end; its
 *                                    output is dropped; POLICY: batch or fifo
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "loads: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

/*
 * Still the fair class, but a woken task waits until its waker sleeps. Otherwise pingpong
 * settles by chance on one of two patterns of preemptions, one of which costs a fifth
 * more, with either scheduler.
 */
static void be_batch(void)
{
	if (sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ .sched_priority = 0 }))
		die("SCHED_BATCH");
}

static void be_fifo(void)
{
	if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 }))
		die("SCHED_FIFO");
}

static void wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	if (status) {
		fprintf(stderr, "loads: a child ended with status %#x\n", status);
		exit(1);
	}
}

static void hit(int to)
{
	if (write(to, "", 1) != 1)
		die("write");
}

static void await(int from)
{
	char byte;

	if (read(from, &byte, 1) != 1)
		die("read");
}

static void return_all(int cpu, long rounds, int from, int to)
{
	run_on(cpu);
	while (rounds--) {
		await(from);
		hit(to);
	}
	exit(0);
}

static void pingpong(char **argv)
{
	long rounds = atol(argv[2]) + 1;
	int there[2], back[2];
	long long begin = 0;
	pid_t child;

	be_batch();
	if (pipe(there) || pipe(back))
		die("pipe");
	child = fork();
	if (child < 0)
		die("fork");
	if (!child)
		return_all(atoi(argv[1]), rounds, there[0], back[1]);
	run_on(atoi(argv[0]));
	for (long i = 0; i < rounds; i++) {
		hit(there[1]);
		await(back[0]);
		if (!i) /* the first round only waits until both are there */
			begin = now();
	}
	printf("%lld\n", now() - begin);
	wait_for(child);
}

static void fork_all(char **argv)
{
	long count = atol(argv[1]);
	long long begin;

	run_on(atoi(argv[0]));
	be_batch();
	begin = now();
	while (count--) {
		pid_t child = fork();

		if (child < 0)
			die("fork");
		if (!child)
			_exit(0);
		wait_for(child);
	}
	printf("%lld\n", now() - begin);
}

static void execute(char **argv)
{
	int nowhere = open("/dev/null", O_WRONLY);

	if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
		die("/dev/null");
	execvp(argv[0], argv);
	die(argv[0]);
}

static void time_command(char **argv)
{
	long long begin;
	pid_t child;

	run_on(atoi(argv[0]));
	if (!strcmp(argv[1], "fifo"))
		be_fifo();
	else
		be_batch();
	begin = now();
	child = fork();
	if (child < 0)
		die("fork");
	if (!child)
		execute(argv + 2);
	wait_for(child);
	printf("%lld\n", now() - begin);
}

static const struct {
	const char *name;
	int least; /* number of arguments */
	void (*run)(char **argv);
} loads[] = { { "pingpong", 3, pingpong }, { "fork", 2, fork_all }, { "time", 3, time_command } };

int main(int argc, char **argv)
{
	for (unsigned i = 0; i < sizeof(loads) / sizeof(*loads); i++) {
		if (argc < 2 || strcmp(argv[1], loads[i].name) || argc - 2 < loads[i].least)
			continue;
		loads[i].run(argv + 2);
		return 0;
	}
	fputs("usage: loads pingpong CPU CPU ROUNDS | fork CPU COUNT | time CPU POLICY COMMAND...\n",
	      stderr);
	return 2;
}
