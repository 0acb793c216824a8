// SPDX-License-Identifier: GPL-2.0-only
#include "rewriter/compare/boundary.h"
#include "rewriter/compare/compare.h"

#include "emit/read.h"

#include <string.h>

struct boundary {
	struct emit_read *report;
	GHashTable *functions; /* name -> GPtrArray of const struct graph_function *, the scheduler's first */
};

static void enter(struct boundary *boundary, const struct graph_function *function)
{
	GPtrArray *functions = g_hash_table_lookup(boundary->functions, function->node.name);

	if (!functions) {
		functions = g_ptr_array_new();
		g_hash_table_insert(boundary->functions, (char *)function->node.name, functions);
	}
	g_ptr_array_insert(functions, function->node.is_scheduler ? 0 : -1, (gpointer)function);
}

static struct boundary *boundary_new(struct emit_read *report)
{
	struct boundary *boundary = g_new0(struct boundary, 1);
	const GPtrArray *functions = report->graph->functions;

	boundary->report = report;
	boundary->functions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < functions->len; i++)
		enter(boundary, functions->pdata[i]);
	return boundary;
}

struct boundary *boundary_open(const char *path, const char *build_id, GError **error)
{
	struct emit_read *report = emit_read_file(path, error);
	const char *wanted = report ? report->provenance.build_id : NULL;

	if (!report)
		return NULL;
	if (!wanted || g_strcmp0(wanted, build_id)) {
		g_set_error(error, COMPARE_ERROR, COMPARE_ERROR_MISMATCH,
			    "%s: of the vmlinux with build-id %s, but this one's is %s; analyse this kernel", path,
			    wanted ? wanted : "not known", build_id ? build_id : "not known");
		emit_read_free(report);
		return NULL;
	}
	return boundary_new(report);
}

void boundary_free(struct boundary *boundary)
{
	if (!boundary)
		return;
	g_hash_table_unref(boundary->functions);
	emit_read_free(boundary->report);
	g_free(boundary);
}

/* A unit's file name without folders, which is what a symbol table tells. */
static bool is_of_file(const struct graph_function *function, const char *file)
{
	const char *slash = strrchr(function->unit, '/');

	return !file || !*function->unit || !strcmp(slash ? slash + 1 : function->unit, file);
}

static const struct graph_function *find(const struct boundary *boundary, const char *file, const char *name)
{
	const GPtrArray *functions = boundary ? g_hash_table_lookup(boundary->functions, name) : NULL;

	for (guint i = 0; functions && i < functions->len; i++)
		if (is_of_file(functions->pdata[i], file))
			return functions->pdata[i];
	return NULL;
}

const char *boundary_class(const struct boundary *boundary, const char *file, const char *name)
{
	const struct graph_function *function = find(boundary, file, name);

	return function && function->node.is_scheduler ? graph_class_name(function->node.class) : NULL;
}

unsigned boundary_inlined_everywhere(const struct boundary *boundary, const char *file, const char *name)
{
	const struct graph_function *function = find(boundary, file, name);

	return function && !function->binary.symbol && function->inlined_into ? function->inlined_into->len : 0;
}

static bool is_into(const struct graph_function *callee, const char *caller)
{
	for (guint i = 0; callee->inlined_into && i < callee->inlined_into->len; i++)
		if (!strcmp(((const struct graph_node *)callee->inlined_into->pdata[i])->name, caller))
			return true;
	return false;
}

bool boundary_is_inlined(const struct boundary *boundary, const char *caller, const char *callee)
{
	const GPtrArray *functions = boundary ? g_hash_table_lookup(boundary->functions, callee) : NULL;

	for (guint i = 0; functions && i < functions->len; i++)
		if (is_into(functions->pdata[i], caller))
			return true;
	return false;
}
