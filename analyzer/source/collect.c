// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of many units: a thread pool that parses them, with a cache in front.
 *
 * A unit's cache file is named by its key (key.c), a digest of everything that decides its facts
 * except the contents of files. The cache file is used if every file that it lists still has the
 * same content. A file is hashed once in a run, however many units read it. The text of an overlay
 * counts as its file's content. Facts given as files (store.c) are checked in the same way, and
 * then nothing is parsed.
 *
 * Limits: a new header that comes before another in the search path goes unnoticed until a file
 * that the unit read changes. A change of the kernel's configuration always touches autoconf.h.
 */
#include "analyzer/source/parse.h"

#include <errno.h>
#include <string.h>

struct digest {
	uint32_t words[4];
};

struct collect_job {
	const struct tree_unit *unit;
	struct facts *facts;
	char *message;
	GPtrArray *errors; /* struct source_error *; NULL: an error is a failure */
	char *cache_problem;
	bool is_cached;
	bool is_skipped;
};

struct collect_run {
	const struct source_context *context;
	const struct source_options *options;
	GMutex lock;         /* guards digests */
	GHashTable *digests; /* path -> struct digest */
	char *base;          /* text that every key is made from */
	GAsyncQueue *done;   /* struct collect_job * */
};

/*
 * The digest of the text that the parser sees: the overlay's if there is one. All zero for a file
 * that cannot be read.
 */
static struct digest file_digest(const struct source_context *context, const char *path)
{
	struct digest digest = { { 0 } };
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const struct source_overlay *overlay = source_overlay_of(context, path);
	g_autofree char *text = NULL;
	guint8 bytes[32];
	gsize length = 0, size = sizeof(bytes);

	text = overlay ? g_memdup2(overlay->text, overlay->length)
		       : tree_read_file(context->tree, path, &length);
	length = overlay ? overlay->length : length;
	if (!text && !overlay)
		return digest;
	if (length)
		g_checksum_update(sum, (const guchar *)text, (gssize)length);
	g_checksum_get_digest(sum, bytes, &size);
	memcpy(digest.words, bytes, sizeof(digest.words));
	return digest;
}

static void collector_digest(const char *path, uint32_t words[4], void *data)
{
	struct collect_run *c = data;
	struct digest *known, digest;

	g_mutex_lock(&c->lock);
	known = g_hash_table_lookup(c->digests, path);
	if (known)
		digest = *known;
	g_mutex_unlock(&c->lock);
	if (!known) {
		digest = file_digest(c->context, path);
		g_mutex_lock(&c->lock);
		g_hash_table_insert(c->digests, g_strdup(path), g_memdup2(&digest, sizeof(digest)));
		g_mutex_unlock(&c->lock);
	}
	memcpy(words, digest.words, sizeof(digest.words));
}

static char *unit_key(const struct collect_run *c, const struct tree_unit *unit)
{
	return source_key(c->base, c->context, unit,
			  c->options->prefix ? SOURCE_KEY_PREFIX : SOURCE_KEY_PLAIN);
}

/* The first of the files that the unit read whose content is different now, or NULL. */
static const char *changed_input(struct collect_run *c, const struct facts *facts)
{
	for (gsize i = 0; i < facts->n_inputs; i++) {
		const struct facts_input *input = &facts->inputs[i];
		uint32_t words[4];

		collector_digest(facts->strings[input->path], words, c);
		if (memcmp(words, input->digest, sizeof(words)) != 0)
			return facts->strings[input->path];
	}
	return NULL;
}

static struct facts *load_cached(struct collect_run *c, const char *path, const char *key)
{
	struct facts *facts = facts_load(path);

	if (facts && strcmp(facts->key, key) == 0 && !changed_input(c, facts))
		return facts;
	facts_free(facts);
	return NULL;
}

/* The unit's facts from the files given; NULL with `*message` if they cannot be used. */
static struct facts *load_given(struct collect_run *c, const struct tree_unit *unit,
				const char *key, char **message)
{
	const char *path = source_store_find(c->options->store, unit, key, message);
	struct facts *facts = path ? facts_load(path) : NULL;
	const char *changed = facts ? changed_input(c, facts) : NULL;

	if (changed)
		*message = g_strdup_printf(
			"%s changed after its facts were made; make them again (run ninja)",
			changed);
	else if (path && !facts)
		*message =
			g_strdup("its facts went away during the run; make them again (run ninja)");
	if (!changed)
		return facts;
	facts_free(facts);
	return NULL;
}

static void load_or_parse(struct collect_run *c, struct collect_job *job, const char *key,
			  const char *path)
{
	bool has_digests = path || c->options->has_digests;

	job->facts = path ? load_cached(c, path, key) : NULL;
	job->is_cached = job->facts != NULL;
	if (!job->facts)
		job->facts = parse_unit(c->context, job->unit, c->options->prefix, key,
					has_digests ? collector_digest : NULL, c, job->errors,
					&job->message);
}

/*
 * True if the facts may go into the cache. These may not: facts of text that an editor has not
 * saved, of text that does not compile, and facts with all members.
 */
static bool is_worth_keeping(const struct collect_run *c, const struct collect_job *job)
{
	if (!job->facts || job->is_cached || c->context->has_all_members ||
	    (job->errors && job->errors->len))
		return false;
	for (gsize i = 0; c->context->n_overlays && i < job->facts->n_inputs; i++)
		if (source_overlay_of(c->context, job->facts->strings[job->facts->inputs[i].path]))
			return false;
	return true;
}

static void run_job(gpointer data, gpointer user_data)
{
	struct collect_job *job = data;
	struct collect_run *c = user_data;
	const char *cache = c->options->cache_dir;
	g_autofree char *key = unit_key(c, job->unit);
	g_autofree char *name = g_strconcat(key, SOURCE_FACTS_SUFFIX, NULL);
	bool has_cache = cache && !c->context->has_all_members;
	g_autofree char *path = has_cache ? g_build_filename(cache, name, NULL) : NULL;
	g_autoptr(GError) error = NULL;

	if (c->options->stop && *c->options->stop) {
		job->is_skipped = true;
	} else if (c->options->store) {
		job->facts = load_given(c, job->unit, key, &job->message);
		job->is_cached = job->facts != NULL;
		job->is_skipped = !job->facts; /* nothing was parsed either */
	} else {
		load_or_parse(c, job, key, path);
		if (path && is_worth_keeping(c, job) && !facts_save(job->facts, path, &error))
			job->cache_problem = g_strdup(error->message);
	}
	g_async_queue_push(c->done, job);
}

static void await_jobs(struct collect_run *c, guint total)
{
	for (guint i = 1; i <= total; i++) {
		g_async_queue_pop(c->done);
		if (c->options->progress)
			c->options->progress(i, total, c->options->progress_data);
	}
}

static void failure_free(gpointer data)
{
	struct source_failure *failure = data;

	g_free(failure->message);
	g_free(failure);
}

static void facts_free_item(gpointer data)
{
	facts_free(data);
}

static void take_job(struct source_result *result, struct collect_job *job)
{
	struct source_failure *failure;

	g_ptr_array_add(result->facts, job->facts);
	if (job->is_cached)
		result->cached++;
	else if (!job->is_skipped)
		result->parsed++;
	if (job->message) {
		failure = g_new0(struct source_failure, 1);
		failure->unit = job->unit;
		failure->message = job->message;
		g_ptr_array_add(result->failures, failure);
	}
	if (job->errors)
		g_ptr_array_extend_and_steal(result->errors, job->errors);
	if (job->cache_problem && !result->cache_problem)
		result->cache_problem = job->cache_problem;
	else
		g_free(job->cache_problem);
}

struct source_result *source_collect(const struct source_context *context, const GPtrArray *units,
				     const struct source_options *options)
{
	struct source_result *result = g_new0(struct source_result, 1);
	struct collect_run c = { .context = context, .options = options };
	g_autofree struct collect_job *jobs = g_new0(struct collect_job, units->len + 1);
	GThreadPool *pool;

	result->facts = g_ptr_array_new_with_free_func(facts_free_item);
	result->failures = g_ptr_array_new_with_free_func(failure_free);
	result->errors = g_ptr_array_new_with_free_func(source_error_free);
	if (options->cache_dir && g_mkdir_with_parents(options->cache_dir, 0755) != 0)
		result->cache_problem =
			g_strdup_printf("%s: %s", options->cache_dir, g_strerror(errno));
	g_mutex_init(&c.lock);
	c.digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	c.base = source_key_base(context);
	c.done = g_async_queue_new();
	parse_prepare();
	/* more threads than units have no work; if none can be started, this one does it all */
	pool = g_thread_pool_new(run_job, &c, (gint)CLAMP(options->threads, 1, MAX(units->len, 1)),
				 TRUE, NULL);
	for (guint i = 0; i < units->len; i++) {
		jobs[i].unit = g_ptr_array_index(units, i);
		jobs[i].errors = options->takes_broken
					 ? g_ptr_array_new_with_free_func(source_error_free)
					 : NULL;
		if (g_thread_pool_get_num_threads(pool))
			g_thread_pool_push(pool, &jobs[i], NULL);
		else
			run_job(&jobs[i], &c);
	}
	await_jobs(&c, units->len);
	g_thread_pool_free(pool, FALSE, TRUE);
	for (guint i = 0; i < units->len; i++)
		take_job(result, &jobs[i]);
	g_async_queue_unref(c.done);
	g_hash_table_destroy(c.digests);
	g_mutex_clear(&c.lock);
	g_free(c.base);
	return result;
}

void source_result_free(struct source_result *result)
{
	if (!result)
		return;
	g_ptr_array_free(result->facts, TRUE);
	g_ptr_array_free(result->failures, TRUE);
	g_ptr_array_free(result->errors, TRUE);
	g_free(result->cache_problem);
	g_free(result);
}
