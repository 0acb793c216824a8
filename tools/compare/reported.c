// SPDX-License-Identifier: GPL-2.0-only
#include "tools/compare/reported.h"
#include "tools/compare/compare.h"

#include "emit/read.h"
#include "graph/index.h"

#include <string.h>

struct reported {
	struct emit_read *report;
	struct graph_index *index;
};

static struct reported *reported_new(struct emit_read *report)
{
	struct reported *reported = g_new0(struct reported, 1);

	reported->report = report;
	reported->index = graph_index_new(report->graph);
	return reported;
}

struct reported *reported_open(const char *path, const char *build_id, GError **error)
{
	struct emit_read *report = emit_read_file(path, error);
	const char *wanted = report ? report->provenance.build_id : NULL;

	if (!report)
		return NULL;
	if (!wanted || g_strcmp0(wanted, build_id)) {
		g_set_error(
			error, COMPARE_ERROR, COMPARE_ERROR_MISMATCH,
			"%s: of the vmlinux with build-id %s, but this one's is %s; analyse this kernel",
			path, wanted ? wanted : "not known", build_id ? build_id : "not known");
		emit_read_free(report);
		return NULL;
	}
	return reported_new(report);
}

void reported_free(struct reported *reported)
{
	if (!reported)
		return;
	graph_index_free(reported->index);
	emit_read_free(reported->report);
	g_free(reported);
}

/* A symbol table tells only the file name of a unit, without its folders. */
static bool is_of_file(const struct graph_function *function, const char *file)
{
	const char *slash = strrchr(function->unit, '/');

	return !file || !*function->unit || !strcmp(slash ? slash + 1 : function->unit, file);
}

/* Everything of that name, functions or not; NULL if there is nothing. */
static const GPtrArray *named(const struct reported *reported, const char *name)
{
	return reported ? graph_index_word(reported->index, name) : NULL;
}

/* Prefers the scheduler's function to others of the same name. */
static const struct graph_function *find(const struct reported *reported, const char *file,
					 const char *name)
{
	const GPtrArray *nodes = named(reported, name);
	const struct graph_function *found = NULL;

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_function *function = graph_as_function(nodes->pdata[i]);

		if (function && is_of_file(function, file) &&
		    (!found || (function->node.is_scheduler && !found->node.is_scheduler)))
			found = function;
	}
	return found;
}

const char *reported_class(const struct reported *reported, const char *file, const char *name)
{
	const struct graph_function *function = find(reported, file, name);

	return function && function->node.is_scheduler ? graph_class_name(function->node.class)
						       : NULL;
}

unsigned reported_inlined_everywhere(const struct reported *reported, const char *file,
				     const char *name)
{
	const struct graph_function *function = find(reported, file, name);

	return function && !function->binary.symbol && function->inlined_into
		       ? function->inlined_into->len
		       : 0;
}

static bool is_into(const struct graph_function *callee, const char *caller)
{
	for (guint i = 0; callee->inlined_into && i < callee->inlined_into->len; i++)
		if (!strcmp(((const struct graph_node *)callee->inlined_into->pdata[i])->name,
			    caller))
			return true;
	return false;
}

bool reported_is_inlined(const struct reported *reported, const char *caller, const char *callee)
{
	const GPtrArray *nodes = named(reported, callee);

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_function *function = graph_as_function(nodes->pdata[i]);

		if (function && is_into(function, caller))
			return true;
	}
	return false;
}
