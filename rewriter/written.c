// SPDX-License-Identifier: GPL-2.0-only
#include "rewriter/written.h"

#include <stdio.h>
#include <stdlib.h>

#define WRITTEN_ERROR g_quark_from_static_string("extract-error-quark")

typedef void (*emitter)(FILE *out, const struct generated *module);

static const struct {
	const char *name;
	emitter emit;
} generated[] = {
	{ "Kbuild", generate_kbuild },
	{ "Makefile", generate_makefile },
	{ "plugsched.h", generate_prelude },
	{ "boundary.h", generate_boundary_header },
	{ "interface.h", generate_interface_table },
	{ "units.h", generate_unit_list },
	{ "text.h", generate_text_table },
	{ "names.h", generate_name_table },
	{ "symbols.h", generate_symbol_table },
	{ "vmlinux.symvers", generate_symvers },
	{ "core.symvers", generate_core_symvers },
	{ "identity.h", generate_identity },
	{ "tables.c", generate_tables },
	{ "springboard.S", generate_springboard_stub },
	{ "abi_check.h", generate_abi_check },
	{ GENERATED_VALUES, generate_values },
	{ "check_begin.h", generate_check_begin },
	{ "check_end.h", generate_check_end },
	{ "check.sh", generate_check_script },
	{ ".gitignore", generate_gitignore },
	{ ".gitattributes", generate_gitattributes },
	{ "EXTRACTED.md", generate_edits },
};

static bool write_generated(const struct generated *module, struct folder *folder, const char *name,
			    emitter emit, GError **error)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool is_good;

	emit(out, module);
	fclose(out);
	is_good = folder_write(folder, name, text, length, error);
	free(text);
	return is_good;
}

static bool write_springboard(const struct springboard *springboard, struct folder *folder,
			      GError **error)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool is_good;

	springboard_write_header(out, springboard);
	fclose(out);
	is_good = folder_write(folder, "springboard.h", text, length, error);
	free(text);
	return is_good;
}

static bool write_sources(const struct generated *module, struct folder *folder, GError **error)
{
	for (guint i = 0; i < module->edits->files->len; i++) {
		const struct edit_file *file = g_ptr_array_index(module->edits->files, i);
		gsize length;
		g_autofree char *text = edits_file_text(file, &length);

		if (!folder_write(folder, generated_file_name(module, file->name), text, length,
				  error))
			return false;
	}
	return true;
}

static bool write_runtime(struct folder *folder, GError **error)
{
	size_t count;
	const struct generated_runtime_file *files = generated_runtime_files(&count);

	for (size_t i = 0; i < count; i++)
		if (!folder_write(folder, files[i].name, files[i].begin,
				  (size_t)(files[i].end - files[i].begin), error))
			return false;
	return true;
}

static bool write_all(const struct written_folder *written, struct folder *folder, GError **error)
{
	const struct generated *module = written->module;

	if (!write_sources(module, folder, error) ||
	    !write_springboard(written->springboard, folder, error) ||
	    !write_runtime(folder, error) ||
	    !folder_write(folder, GENERATED_REPORT, written->report_text, written->report_length,
			  error))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(generated); i++)
		if (!write_generated(module, folder, generated[i].name, generated[i].emit, error))
			return false;
	return true;
}

enum folder_result written_put(const struct written_folder *written, const char *path,
			       bool may_merge, const volatile int *stop, GError **error)
{
	g_autofree char *message =
		g_strdup_printf("Extract the scheduler of Linux %s\n\nbuild-id %s",
				written->module->kernel_release, written->module->build_id);
	struct folder *folder = folder_begin(path, error);
	enum folder_result result = FOLDER_FAILED;

	if (folder && write_all(written, folder, error)) {
		if (stop && *stop)
			g_set_error(error, WRITTEN_ERROR, 0, "interrupted: %s is as it was", path);
		else
			result = folder_commit(folder, message, may_merge, error);
	}
	folder_end(folder);
	return result;
}
