// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens when memory or threads run out: a message and the program's own exit status.
 *
 * GLib, libclang and the C++ runtime end the program by abort() when they get no memory or no
 * thread. Method: a handler of that signal tries to get some memory, and to start a process. If
 * either fails, the handler says so and exits. If both succeed, the fault has another cause, and the
 * signal takes its usual course, with a core file. C++'s operator new says itself that it gets no
 * memory, before it gives up: other threads may have freed some by the time of the signal.
 *
 * Limits: what was allocated and freed again before the handler ran is not seen to have been scarce.
 */
#include "base/command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE_BYTES (128UL << 20) /* with less than that left, memory counts as scarce */

static char message[512];
static int exit_status;

static bool has_memory(void)
{
	void *probe =
		mmap(NULL, PROBE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return probe != MAP_FAILED && munmap(probe, PROBE_BYTES) == 0;
}

/* A thread counts as a process against all limits. fork() of libc is not safe in a handler. */
static bool has_processes(void)
{
	long child = syscall(SYS_fork);

	if (child == 0)
		_exit(0);
	return child > 0 && waitpid((pid_t)child, NULL, 0) == child;
}

static void give_up(void)
{
	if (write(STDERR_FILENO, message, strlen(message)) < 0)
		_exit(exit_status);
	_exit(exit_status);
}

static void on_abort(int signal_number)
{
	if (!has_memory() || !has_processes())
		give_up();
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

typedef void (*new_handler)(void);
/* std::set_new_handler(). NULL in a program without C++ libraries. */
__attribute__((weak)) new_handler
set_new_handler(new_handler handler) __asm__("_ZSt15set_new_handlerPFvvE");

/* Leaves a handler in place that somebody else has installed, as a sanitizer does. */
static void handle(int signal_number)
{
	struct sigaction action = { .sa_handler = on_abort, .sa_flags = SA_NODEFER }, there;

	if (sigaction(signal_number, NULL, &there) == 0 && there.sa_handler == SIG_DFL)
		sigaction(signal_number, &action, NULL);
}

void command_tell_shortage(const char *name, int failed)
{
	static const int signals[] = { SIGABRT, SIGTRAP, SIGSEGV };

	g_snprintf(
		message, sizeof(message),
		"%s: too little memory, or too few threads, are left to go on; allow more (ulimit -v, ulimit -u, the memory "
		"and pids limits of the cgroup), or use fewer threads (-j 1)\n",
		name);
	exit_status = failed;
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		handle(signals[i]);
	if (set_new_handler)
		set_new_handler(give_up);
}
