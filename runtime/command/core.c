// SPDX-License-Identifier: GPL-2.0-only
#include "runtime/command/core.h"

#include "runtime/command/insert.h"
#include "runtime/command/kernel.h"

#include <errno.h>
#include <string.h>

/*
 * "FOLDER/plugsched.ko" for "FOLDER/scheduler.ko", and the same for what is behind ".ko", as ".xz". A
 * folder with schedulers of several kernels has "plugsched-BUILDID.ko" for each of them.
 */
static char *path_beside(const struct module *scheduler)
{
	g_autofree char *folder = g_path_get_dirname(scheduler->path);
	g_autofree char *name = g_path_get_basename(scheduler->path);
	const char *suffix = strstr(name, ".ko") ? strstr(name, ".ko") : ".ko";
	g_autofree char *own = g_strconcat(KERNEL_CORE "-", module_build_id(scheduler), NULL);
	const struct {
		const char *name, *suffix;
	} candidates[] = {
		{ own, suffix }, { own, ".ko" }, { KERNEL_CORE, suffix }, { KERNEL_CORE, ".ko" }
	};
	char *path = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(candidates); i++) {
		g_autofree char *file = g_strconcat(candidates[i].name, candidates[i].suffix, NULL);

		g_free(path);
		path = g_build_filename(folder, file, NULL);
		if (g_file_test(path, G_FILE_TEST_EXISTS))
			break;
	}
	return path;
}

static struct module *open_file(const struct module *scheduler, GError **error)
{
	g_autofree char *path = path_beside(scheduler);
	struct module *core;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
			    "%s is missing: make builds it together with the scheduler, which "
			    "cannot be loaded without it; copy both",
			    path);
		return NULL;
	}
	core = module_open(path, error);
	if (!core || !g_ascii_strcasecmp(module_build_id(core), module_build_id(scheduler)))
		return core;
	g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_REFUSED,
		    "%s: for the kernel with build-id %s, but %s is for %s; copy both from one "
		    "folder",
		    path, module_build_id(core), scheduler->path, module_build_id(scheduler));
	module_free(core);
	return NULL;
}

bool core_open(const struct module *scheduler, struct module **core, GError **error)
{
	g_autofree char *how = kernel_module_state(KERNEL_CORE);

	*core = how ? NULL : open_file(scheduler, error);
	return how || *core;
}

bool core_insert(const struct module *core, GError **error)
{
	g_autoptr(GError) cause = NULL;
	int number;

	if (!core || insert_once(core, &number, &cause) || number == EEXIST)
		return true;
	g_propagate_error(error, g_steal_pointer(&cause));
	return false;
}
