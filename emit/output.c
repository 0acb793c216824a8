// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a file under another name and renames it, with a message for each way in which that fails.
 */
#include "emit/output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const struct output *output, const char *path, const char *verb, GError **error)
{
	g_set_error(error, EMIT_ERROR, EMIT_ERROR_IO,
		    "%s: cannot %s %s: %s; free the way or choose another place with -o", path,
		    verb, output->what, g_strerror(errno));
	return false;
}

/* Writes everything to `out`. False if some of it could not be written, or the work was stopped. */
static bool fill(const struct output *output, FILE *out, const char *path, GError **error)
{
	output->write(out, output->data);
	if (output->stop && *output->stop) {
		g_set_error(error, EMIT_ERROR, EMIT_ERROR_IO, "interrupted: %s is as it was", path);
		return false;
	}
	if (ferror(out) || fflush(out) != 0)
		return fail(output, path, "write", error);
	return true;
}

static bool write_aside(const struct output *output, FILE *out, const char *path, const char *aside,
			GError **error)
{
	bool is_good = fill(output, out, path, error);

	if (is_good && fsync(fileno(out)) != 0)
		is_good = fail(output, path, "write", error);
	if (fclose(out) != 0 && is_good)
		is_good = fail(output, path, "write", error);
	if (is_good && g_rename(aside, path) != 0)
		is_good = fail(output, path, "put in place", error);
	return is_good;
}

/* Writes to a pipe or device directly: it has no earlier content to protect. */
static bool write_directly(const struct output *output, const char *path, GError **error)
{
	FILE *out = fopen(path, "w");
	bool is_good;

	if (!out)
		return fail(output, path, "open the place of", error);
	is_good = fill(output, out, path, error);
	if (fclose(out) != 0 && is_good)
		is_good = fail(output, path, "write", error);
	return is_good;
}

static bool write_beside(const struct output *output, const char *path, GError **error)
{
	g_autofree char *aside = g_strconcat(path, ".XXXXXX", NULL);
	mode_t mask = umask(0);
	FILE *out;
	int fd;

	umask(mask);
	fd = g_mkstemp(aside);
	if (fd < 0)
		return fail(output, path, "create", error);
	out = fdopen(fd, "w");
	if (!out || fchmod(fd, 0666 & ~mask) != 0) {
		fail(output, path, "create", error);
		if (out)
			fclose(out);
		else
			close(fd);
	} else if (write_aside(output, out, path, aside, error)) {
		return true;
	}
	g_unlink(aside);
	return false;
}

bool output_write(const struct output *output, const char *path, GError **error)
{
	/* with symbolic links resolved; NULL: the file does not exist yet */
	g_autofree char *target = realpath(path, NULL);
	struct stat st;

	if (strcmp(path, "-") == 0)
		return fill(output, stdout, "stdout", error);
	if (target && stat(target, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return write_directly(output, target, error);
	return write_beside(output, target ? target : path, error);
}
