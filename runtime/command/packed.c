// SPDX-License-Identifier: GPL-2.0-only
/* Method: the program of the format writes into a file in memory, which is read afterwards. */
#include "runtime/command/packed.h"

#include "runtime/command/command.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *bytes; /* with which a file of this format begins */
	gsize length;
	const char *program;
} formats[] = {
	{ "\x1f\x8b", 2, "gzip" },
	{ "\xfd"
	  "7zXZ\0",
	  6, "xz" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd" },
};

const char *packed_program(const uint8_t *bytes, gsize size)
{
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
		if (size >= formats[i].length &&
		    !memcmp(bytes, formats[i].bytes, formats[i].length))
			return formats[i].program;
	return NULL;
}

/* Run the program with its output in `fd`. Returns true if it succeeds. */
static bool run(const char *program, const char *path, int fd)
{
	const char *const words[] = { program, "-dc", "--", path, NULL };
	GPid pid;
	int status;

	if (!g_spawn_async_with_fds(NULL, (char **)words, NULL,
				    G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
				    &pid, -1, fd, -1, NULL))
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static uint8_t *read_all(int fd, gsize *size)
{
	off_t length = lseek(fd, 0, SEEK_END);
	uint8_t *bytes = length < 0 ? NULL : g_try_malloc((gsize)length + 1);

	for (*size = 0; bytes && *size < (gsize)length;) {
		ssize_t count = pread(fd, bytes + *size, (gsize)length - *size, (off_t)*size);

		if (count <= 0)
			g_clear_pointer(&bytes, g_free);
		else
			*size += (gsize)count;
	}
	return bytes;
}

uint8_t *packed_read(const char *program, const char *path, gsize *size, GError **error)
{
	int fd = memfd_create("module", MFD_CLOEXEC);
	uint8_t *bytes = fd >= 0 && run(program, path, fd) ? read_all(fd, size) : NULL;

	if (fd >= 0)
		close(fd);
	if (!bytes)
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s: compressed, and %s -dc cannot uncompress it: it is not installed, "
			    "or the file is damaged",
			    path, program);
	return bytes;
}
