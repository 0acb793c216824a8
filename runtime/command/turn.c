// SPDX-License-Identifier: GPL-2.0-only
/* The lock, and the wait for others. */
#include "runtime/command/turn.h"

#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "/run/plugsched"
#define LOOK_AGAIN 50000 /* microseconds */

/* --- who else changes the scheduler: a sentence, which the caller frees, or NULL if nobody does */

static struct flock whole_file(void)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET };
}

/* The name of a process, also of another user's. The caller frees it. */
static char *name_of(pid_t process)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/comm", process);
	g_autofree char *name = kernel_read(path);

	return name ? g_strdup_printf("process %d (%s)", process, name)
		    : g_strdup_printf("process %d", process);
}

/*
 * Take the lock. If another process holds it, return a sentence about that process. Where locks do
 * not work, the result is NULL, as if nobody held it.
 */
static char *lock_holder(const void *data)
{
	const struct turn *turn = data;
	struct flock lock = whole_file();
	g_autofree char *name = NULL;

	if (turn->fd < 0 || fcntl(turn->fd, F_SETLK, &lock) == 0 || errno != EAGAIN)
		return NULL;
	if (fcntl(turn->fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0)
		name = name_of(lock.l_pid);
	return g_strdup_printf("%s is loading or unloading a scheduler",
			       name ? name : "another plugsched");
}

/* Is an order being carried out, or a module being loaded or removed? `data`: turn_settle()'s one. */
static char *change(const void *data)
{
	g_autofree char *name = NULL;
	enum runtime_state moving;

	if (runtime_state() == RUNTIME_CHANGING)
		return g_strdup("somebody's order to /sys/kernel/plugsched/scheduler "
				"is being carried out");
	moving = runtime_moving(data, &name);
	if (moving == RUNTIME_NONE)
		return NULL;
	return g_strdup_printf("a module called %s is being %s", name,
			       moving == RUNTIME_COMING ? "loaded" : "removed");
}

/* --- waiting */

/* The error that ends the wait for what the sentence says; NULL to wait longer. */
static GError *end_of_wait(const char *sentence, gint64 begin,
			   const struct command_options *options)
{
	if (*options->stop)
		return g_error_new(COMMAND_ERROR, COMMAND_ERROR_REFUSED,
				   "interrupted: nothing was changed; %s", sentence);
	if (g_get_monotonic_time() - begin < (gint64)options->wait * G_USEC_PER_SEC)
		return NULL;
	if (options->wait == 0)
		return g_error_new(COMMAND_ERROR, COMMAND_ERROR_REFUSED,
				   "%s; try again when that is done", sentence);
	return g_error_new(COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			   "%s, for %d s by now; try again when that is done", sentence,
			   options->wait);
}

/* Wait until `who` returns NULL. Each new sentence is printed once. */
static bool wait_until_none(char *(*who)(const void *data), const void *data,
			    const struct command_options *options, GError **error)
{
	gint64 begin = g_get_monotonic_time();
	g_autofree char *told = NULL;

	for (;;) {
		g_autofree char *sentence = who(data);
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

bool turn_settle(const char *module, const struct command_options *options, GError **error)
{
	return wait_until_none(change, module, options, error);
}

/* --- the lock */

static int open_lock(void)
{
	g_autofree char *folder = kernel_path(FOLDER), *path = kernel_path(FOLDER "/lock");

	mkdir(folder, 0755); /* it is fine if it exists */
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool turn_take(struct turn *turn, const char *module, const struct command_options *options,
	       GError **error)
{
	turn->fd = open_lock();
	return wait_until_none(lock_holder, turn, options, error) &&
	       turn_settle(module, options, error);
}

void turn_end(struct turn *turn)
{
	if (turn->fd >= 0)
		close(turn->fd);
}
