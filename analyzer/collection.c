// SPDX-License-Identifier: GPL-2.0-only
#include "analyzer/collection.h"

#include "base/progress.h"

bool collection_takes_all(const struct analyze_options *options)
{
	return options->is_exhaustive || options->is_whole || options->facts;
}

static void free_result(gpointer data)
{
	source_result_free(data);
}

struct collection *collection_new(const struct tree *tree, const struct config *config,
				  const struct analyze_options *options, GError **error)
{
	struct collection *c = g_new0(struct collection, 1);

	c->options = options;
	c->facts = g_new0(const struct facts *, tree->units->len + 1);
	c->is_asked = g_new0(uint8_t, tree->units->len + 1);
	c->run.units_known = tree->units->len;
	c->results = g_ptr_array_new_with_free_func(free_result);
	c->context = (struct source_context){ .tree = tree,
					      .config = config,
					      .tool_version = PLUGSCHED_VERSION };
	if (options->facts && !(c->store = source_store_open(options->facts, error))) {
		collection_free(c);
		return NULL;
	}
	if (!collection_takes_all(options))
		c->prefix = source_prefix_new(&c->context);
	return c;
}

static void add_failures(const struct collection *c, const struct source_result *result,
			 struct problems *problems)
{
	for (guint i = 0; i < result->failures->len; i++) {
		const struct source_failure *failure = g_ptr_array_index(result->failures, i);
		g_autofree char *message = g_strdup_printf(
			"%s: %s", c->store ? "no facts" : "not parsed", failure->message);

		problems_add(problems, c->store ? "facts-missing" : "unit-not-parsed",
			     failure->unit->source, message);
	}
	if (result->cache_problem && !c->options->is_quiet)
		g_printerr(
			"plugsched-analyze: the cache is not used: %s; give another place with --cache or none "
			"with --no-cache\n",
			result->cache_problem);
}

/*
 * Reports that no unit's facts can be used. One unit stands for all: facts of another kernel or
 * version are refused for the same reason everywhere.
 */
static bool fail_without_facts(const struct source_result *result, GError **error)
{
	const struct source_failure *failure = g_ptr_array_index(result->failures, 0);

	g_set_error(error, ANALYZE_ERROR, 0,
		    "%s: no facts of any unit can be used; of this one: %s", failure->unit->source,
		    failure->message);
	return false;
}

static struct source_result *parse(struct collection *c, const GPtrArray *units, const char *what)
{
	struct progress progress = { .what = what, .is_drawn = c->options->has_progress };
	struct source_options options = {
		.threads = c->options->threads,
		.cache_dir = c->options->cache_dir,
		.prefix = c->prefix,
		.store = c->store,
		.progress = progress_show,
		.progress_data = &progress,
		.stop = c->options->stop,
	};
	struct source_result *result;

	progress_begin(&progress);
	result = source_collect(&c->context, units, &options);
	progress_end(&progress);
	g_ptr_array_add(c->results, result);
	c->run.units_parsed += result->parsed;
	c->run.units_cached += result->cached;
	c->run.units_used += units->len;
	return result;
}

bool collection_add(struct collection *c, const uint8_t *wanted, const char *what,
		    struct problems *problems, GError **error)
{
	GPtrArray *all = c->context.tree->units;
	g_autoptr(GPtrArray) units = g_ptr_array_new();
	const struct source_result *result;

	for (guint i = 0; i < all->len; i++)
		if (wanted[i]) {
			g_ptr_array_add(units, g_ptr_array_index(all, i));
			c->is_asked[i] = 1;
		}
	result = parse(c, units, what);
	for (guint i = 0, next = 0; i < all->len; i++)
		if (wanted[i])
			c->facts[i] = g_ptr_array_index(result->facts, next++);
	if (c->options->stop && *c->options->stop) {
		g_set_error(error, ANALYZE_ERROR, 0, "interrupted: %s is as it was",
			    c->options->output);
		return false;
	}
	if (c->store && result->failures->len == units->len)
		return fail_without_facts(result, error);
	add_failures(c, result, problems);
	return true;
}

bool collection_add_new(struct collection *c, uint8_t *wanted, bool *is_new,
			struct problems *problems, GError **error)
{
	*is_new = false;
	for (guint i = 0; i < c->context.tree->units->len; i++) {
		wanted[i] = wanted[i] && !c->is_asked[i];
		*is_new |= wanted[i];
	}
	return !*is_new || collection_add(c, wanted, "more units", problems, error);
}

void collection_free(struct collection *c)
{
	if (!c)
		return;
	source_prefix_free(c->prefix);
	source_store_free(c->store);
	g_ptr_array_unref(c->results);
	g_free(c->is_asked);
	g_free(c->facts);
	g_free(c);
}
