// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/turn.h"

#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/run/plugsched"
#define LOOK_AGAIN 50000 /* microseconds */

/* --- who else is at it; a sentence, to be freed, or NULL if nobody is */

static struct flock whole_file(void)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

/* The name of a program that runs, to be freed; of another user's too. */
static char *name_of(pid_t process)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/comm", process), *name = kernel_read(path);

	return name ? g_strdup_printf("process %d (%s)", process, name) : g_strdup_printf("process %d", process);
}

/* Takes the lock unless it is held. Where locks do not work there is nobody to be seen by one. */
static char *lock_holder(const struct turn *turn)
{
	struct flock lock = whole_file();
	g_autofree char *name = NULL;

	if (turn->fd < 0 || fcntl(turn->fd, F_SETLK, &lock) == 0 || errno != EAGAIN)
		return NULL;
	if (fcntl(turn->fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0)
		name = name_of(lock.l_pid);
	return g_strdup_printf("%s is loading or unloading a scheduler", name ? name : "another plugsched");
}

static char *module_change(const struct turn *turn)
{
	(void)turn;
	switch (runtime_state()) {
	case RUNTIME_COMING:
		return g_strdup("a module called " KERNEL_MODULE " is being loaded");
	case RUNTIME_GOING:
		return g_strdup("a module called " KERNEL_MODULE " is being removed");
	case RUNTIME_CHANGING:
		return g_strdup("somebody's order to /sys/kernel/plugsched/enable is being carried out");
	default:
		return NULL;
	}
}

/* --- waiting */

/* What ends the waiting for that; an error, or NULL. */
static GError *end_of_wait(const char *sentence, gint64 begin, const struct command_options *options)
{
	if (*options->stop)
		return g_error_new(COMMAND_ERROR, COMMAND_ERROR_REFUSED, "interrupted: nothing was changed; %s", sentence);
	if (g_get_monotonic_time() - begin < (gint64)options->wait * G_USEC_PER_SEC)
		return NULL;
	if (options->wait == 0)
		return g_error_new(COMMAND_ERROR, COMMAND_ERROR_REFUSED, "%s; try again when that is done", sentence);
	return g_error_new(COMMAND_ERROR, COMMAND_ERROR_REFUSED, "%s, for %d s by now; try again when that is done", sentence,
			   options->wait);
}

static bool wait_until_none(char *(*who)(const struct turn *), const struct turn *turn, const struct command_options *options,
			    GError **error)
{
	gint64 begin = g_get_monotonic_time();
	g_autofree char *told = NULL;

	for (;;) {
		g_autofree char *sentence = who(turn);
		GError *end = sentence ? end_of_wait(sentence, begin, options) : NULL;

		if (end)
			g_propagate_error(error, end);
		if (end || !sentence)
			return !end;
		if (g_strcmp0(sentence, told)) {
			g_printerr("plugsched: waiting: %s\n", sentence);
			g_free(told);
			told = g_steal_pointer(&sentence);
		}
		g_usleep(LOOK_AGAIN);
	}
}

bool turn_settle(const struct command_options *options, GError **error)
{
	return wait_until_none(module_change, NULL, options, error);
}

/* --- the lock */

static int open_lock(void)
{
	g_autofree char *folder = kernel_path(FOLDER), *path = kernel_path(FOLDER "/lock");

	mkdir(folder, 0755); /* it may be there */
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool turn_take(struct turn *turn, const struct command_options *options, GError **error)
{
	turn->fd = open_lock();
	return wait_until_none(lock_holder, turn, options, error) && turn_settle(options, error);
}

void turn_end(struct turn *turn)
{
	if (turn->fd >= 0)
		close(turn->fd);
}
