// SPDX-License-Identifier: GPL-2.0-only
/* The running kernel, by /proc, /sys and system calls. */
#include "runtime/command/kernel.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *root(void)
{
	const char *value = g_getenv("PLUGSCHED_ROOT");

	return value && *value ? value : NULL;
}

/* --- files */

char *kernel_path(const char *path)
{
	return g_strconcat(root() ? root() : "", path, NULL);
}

static bool read_bytes(const char *path, char **bytes, gsize *size)
{
	g_autofree char *full = kernel_path(path);

	errno = 0;
	return g_file_get_contents(full, bytes, size, NULL);
}

char *kernel_read(const char *path)
{
	char *text;

	return read_bytes(path, &text, NULL) ? g_strchomp(text) : NULL;
}

bool kernel_has(const char *path)
{
	g_autofree char *full = kernel_path(path);

	return access(full, F_OK) == 0;
}

GDir *kernel_folder(const char *path)
{
	g_autofree char *full = kernel_path(path);

	return g_dir_open(full, 0, NULL);
}

/* --- /proc/modules: NAME SIZE REFERENCES USERS STATE ADDRESS */

#define USERS_FIELD 3
#define STATE_FIELD 4

/* A field of the module's line; NULL if there is no such module. The caller frees it. */
static char *module_field(const char *name, guint field)
{
	g_autofree char *text = kernel_read("/proc/modules"), *word = g_strconcat(name, " ", NULL);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;

	for (char **line = lines; line && *line; line++) {
		g_auto(GStrv) fields =
			g_str_has_prefix(*line, word) ? g_strsplit(*line, " ", -1) : NULL;

		if (fields && g_strv_length(fields) > field)
			return g_strdup(fields[field]);
	}
	return NULL;
}

char *kernel_module_state(const char *name)
{
	return module_field(name, STATE_FIELD);
}

/* The field is "NAME,NAME,", or "-" if there are none. */
char **kernel_module_users(const char *name)
{
	g_autofree char *text = module_field(name, USERS_FIELD);
	g_auto(GStrv) parts = text ? g_strsplit(text, ",", -1) : NULL;
	g_autoptr(GStrvBuilder) users = g_strv_builder_new();

	for (char **part = parts; part && *part; part++)
		if (**part && strcmp(*part, "-") && **part != '[') /* "[permanent]" */
			g_strv_builder_add(users, *part);
	return g_strv_builder_end(users);
}

/* --- build-id */

static char *hex(const uint8_t *bytes, gsize size)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < size; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

/* The build-id in a table of ELF notes; NULL if there is none. The caller frees it. */
static char *find_build_id(const uint8_t *notes, gsize size)
{
	for (gsize at = 0; size - at >= sizeof(Elf64_Nhdr);) {
		Elf64_Nhdr header;
		gsize name, contents, end;

		memcpy(&header, notes + at, sizeof(header));
		name = at + sizeof(header);
		contents = name + ((gsize)header.n_namesz + 3) / 4 * 4;
		end = contents + ((gsize)header.n_descsz + 3) / 4 * 4;
		if (contents + header.n_descsz > size)
			break;
		if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    !memcmp(notes + name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)))
			return hex(notes + contents, header.n_descsz);
		at = MIN(end, size);
	}
	return NULL;
}

char *kernel_build_id(GError **error)
{
	g_autofree char *notes = NULL;
	gsize size = 0;
	char *id = NULL;

	if (read_bytes("/sys/kernel/notes", &notes, &size))
		id = find_build_id((const uint8_t *)notes, size);
	if (!id)
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "/sys/kernel/notes has no build-id, "
			    "so the running kernel is not known; is /sys mounted?");
	return id;
}

/* --- permissions */

static bool refuse(GError **error, const char *what)
{
	g_set_error_literal(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED, what);
	return false;
}

static bool is_capable(void)
{
	g_autofree char *text = kernel_read("/proc/self/status");
	const char *line = text ? strstr(text, "\nCapEff:") : NULL;

	if (!root() && geteuid() != 0)
		return false;
	return line && g_ascii_strtoull(line + strlen("\nCapEff:"), NULL, 16) >> CAP_SYS_MODULE & 1;
}

/* Does the file exist and begin with the text? */
static bool begins(const char *path, const char *text)
{
	g_autofree char *value = kernel_read(path);

	return value && g_str_has_prefix(value, text);
}

/* Does the file exist and contain the text? */
static bool holds(const char *path, const char *text)
{
	g_autofree char *value = kernel_read(path);

	return value && strstr(value, text);
}

bool kernel_permits(bool is_signed, GError **error)
{
	if (!is_capable())
		return refuse(error, "not permitted to load modules: CAP_SYS_MODULE is missing; "
				     "run as root, outside of containers");
	if (begins("/proc/sys/kernel/modules_disabled", "1"))
		return refuse(error, "the kernel loads no more modules: "
				     "kernel.modules_disabled is 1 until the next boot");
	if (is_signed)
		return true;
	if (begins("/sys/module/module/parameters/sig_enforce", "Y"))
		return refuse(error, "the kernel loads signed modules only, and this one is not "
				     "signed; sign it with plugsched build --sign");
	if (holds("/sys/kernel/security/lockdown", "[integrity]") ||
	    holds("/sys/kernel/security/lockdown", "[confidentiality]"))
		return refuse(error, "the kernel is locked down (/sys/kernel/security/lockdown) "
				     "and loads signed modules only; sign it with plugsched build "
				     "--sign");
	return true;
}

/* --- system calls */

/* In tests: call the program in place of a system call. Its exit status is the errno. */
static int run_fake(const char *call, const char *argument)
{
	g_autofree char *program = kernel_path("/kernel");
	const char *const words[] = { program, call, argument, NULL };
	int status = 0;

	if (!g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
			  &status, NULL))
		return ENOSYS;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

void kernel_hurry(void)
{
	setpriority(PRIO_PROCESS, 0, -20); /* it is fine if this fails */
}

int kernel_insert_file(int fd)
{
	if (root()) {
		g_autofree char *path = g_strdup_printf("/proc/%d/fd/%d", (int)getpid(), fd);

		return run_fake("finit_module", path);
	}
	return syscall(SYS_finit_module, fd, "", 0) == 0 ? 0 : errno;
}

int kernel_insert_image(const uint8_t *image, gsize size)
{
	if (root()) {
		g_autofree char *path = kernel_path("/image");

		return g_file_set_contents(path, (const char *)image, (gssize)size, NULL)
			       ? run_fake("init_module", path)
			       : EIO;
	}
	return syscall(SYS_init_module, image, (unsigned long)size, "") == 0 ? 0 : errno;
}

int kernel_delete_module(const char *name)
{
	if (root())
		return run_fake("delete_module", name);
	return syscall(SYS_delete_module, name, O_NONBLOCK) == 0 ? 0 : errno;
}

/* Returns 0 or an errno. */
static int write_once(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), cause = 0;

	if (fd < 0)
		return errno;
	errno = 0;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		cause = errno ? errno : EIO;
	close(fd);
	return cause;
}

int kernel_order(const char *name)
{
	return root() ? run_fake("order", name)
		      : write_once("/sys/kernel/plugsched/scheduler", name);
}
