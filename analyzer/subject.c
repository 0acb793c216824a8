// SPDX-License-Identifier: GPL-2.0-only
#include "analyzer/subject.h"

#include "analyzer/analyze.h"
#include "analyzer/covered.h"
#include "analyzer/select/select.h"

static void add_all(GPtrArray *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_add(to, g_ptr_array_index(from, i));
}

struct subject *subject_open(const char *source, const char *build, const char *config,
			     GError **error)
{
	struct subject *subject = g_new0(struct subject, 1);

	subject->scheduler_files = g_ptr_array_new();
	subject->sourceless_units = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	subject->sourceless_records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	subject->config = config ? config_read(config, error) : config_new();
	if (subject->config)
		subject->tree = tree_open(source, build, error);
	if (!subject->tree) {
		subject_free(subject);
		return NULL;
	}
	add_all(subject->scheduler_files, subject->config->files);
	add_all(subject->scheduler_files, subject->config->sidecars);
	return subject;
}

const struct tree_unit *subject_unit(const struct subject *subject, guint i)
{
	return g_ptr_array_index(subject->tree->units, i);
}

static bool check_units(const struct subject *subject, GError **error)
{
	const GPtrArray *files = subject->scheduler_files;

	for (guint i = 0; i < subject->tree->units->len; i++)
		if (subject->roles[i] == SELECT_SCHEDULER)
			return true;
	g_set_error(
		error, ANALYZE_ERROR, 0,
		"%s: no compiled unit holds a scheduler file (%s); build the kernel there, or name the "
		"scheduler's files as mod_files in --config",
		subject->tree->build_dir,
		files->len ? (char *)g_ptr_array_index(files, 0) : "none is named");
	return false;
}

static struct objects *read_objects(const struct tree *tree, const uint8_t *roles, unsigned threads)
{
	g_autoptr(GPtrArray) scheduler = g_ptr_array_new(), others = g_ptr_array_new();

	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		if (*unit->object && !unit->asm_offsets)
			g_ptr_array_add(roles[i] == SELECT_SCHEDULER ? scheduler : others,
					(gpointer)unit->object);
	}
	add_all(others, tree->assembly);
	add_all(others, tree->sourceless);
	covered_add_last(tree, others); /* .vmlinux.export.o refers to what modules may use */
	return objects_read(tree->build_dir, scheduler, others, threads);
}

/* The sources of units that may hold inlined scheduler code, judged by their sources alone. */
static GHashTable *inliners(const struct subject *subject)
{
	GHashTable *sources = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < subject->tree->units->len; i++)
		if (subject->roles[i] != SELECT_OTHER)
			g_hash_table_add(sources, (gpointer)subject_unit(subject, i)->source);
	return sources;
}

static bool check_objects(const struct subject *subject, GError **error)
{
	g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < subject->tree->units->len; i++) {
		const char *object = subject_unit(subject, i)->object;
		g_autofree char *path = NULL;

		if (subject->roles[i] != SELECT_SCHEDULER || !*object)
			continue;
		path = g_canonicalize_filename(object, subject->tree->build_dir);
		if (g_file_test(path, G_FILE_TEST_EXISTS))
			g_ptr_array_add(objects, g_steal_pointer(&path));
	}
	return binary_check_objects(subject->binary, objects, error);
}

/*
 * Checks that the file names in the debug information fit the tree. Without this check every
 * function would silently seem to have no symbol.
 */
static bool knows_scheduler(const struct subject *subject, GError **error)
{
	for (guint i = 0; i < subject->binary->functions->len; i++) {
		const struct binary_function *f = g_ptr_array_index(subject->binary->functions, i);

		if (config_is_scheduler_file(subject->config, f->file))
			return true;
	}
	g_set_error(
		error, ANALYZE_ERROR, 0,
		"%s: its debug information names no function of the scheduler's files in %s; build the kernel from "
		"these sources, with CONFIG_DEBUG_INFO",
		subject->tree->vmlinux, subject->tree->source_dir);
	return false;
}

static bool read_binary(struct subject *subject, GHashTable *inliners, GError **error)
{
	const struct tree *tree = subject->tree;
	g_autoptr(GHashTable) maps = tree_prefix_maps(tree);

	subject->binary = binary_open(tree->vmlinux, tree->source_dir, tree->build_dir, maps,
				      inliners, error);
	return subject->binary && check_objects(subject, error) &&
	       knows_scheduler(subject, error) &&
	       covered_check(tree, subject->binary, subject->sourceless_units, error);
}

/*
 * True if the tree has the C source of the unit. Then the build has compiled it here, and its command
 * is missing.
 */
static bool is_of_tree(const struct tree *tree, const char *source)
{
	g_autofree char *path = tree_file(tree, source);

	return g_str_has_suffix(source, ".c") && !g_path_is_absolute(source) &&
	       g_file_test(path, G_FILE_TEST_EXISTS);
}

/* `inliners`: as of inliners(); C code compiled elsewhere may hold inlined scheduler code too. */
static void take_sourceless(struct subject *subject, const char *object, GHashTable *inliners,
			    struct problems *problems)
{
	struct binary_sourceless *s =
		binary_read_sourceless(subject->tree->source_dir, subject->tree->build_dir, object);
	GHashTableIter iter;
	gpointer record;

	for (guint i = 0; i < s->units->len; i++) {
		char *unit = g_strdup(g_ptr_array_index(s->units, i));

		if (is_of_tree(subject->tree, unit)) {
			g_free(unit);
			continue;
		}
		g_hash_table_add(subject->sourceless_units, unit);
		if (g_str_has_suffix(unit, ".c"))
			g_hash_table_add(inliners, unit);
	}
	g_hash_table_iter_init(&iter, s->records);
	while (g_hash_table_iter_next(&iter, &record, NULL))
		if (!g_hash_table_contains(subject->sourceless_records, record))
			g_hash_table_insert(subject->sourceless_records, g_strdup(record),
					    (gpointer)object);
	if (s->has_code && !s->units->len)
		problems_add(
			problems, "object-without-source", object,
			"is linked into vmlinux, and has neither a source that the build compiled nor debug information, so which members "
			"of structs it uses is unknown; compile it with -g, or build the kernel without it");
	binary_sourceless_free(s);
}

bool subject_read(struct subject *subject, unsigned threads, struct problems *problems,
		  GError **error)
{
	g_autoptr(GHashTable) sources = NULL;
	const GPtrArray *missing;

	subject->roles = select_by_source(subject->tree, subject->config);
	if (!check_units(subject, error))
		return false;
	sources = inliners(subject);
	subject->objects = read_objects(subject->tree, subject->roles, threads);
	select_by_objects(subject->tree, subject->objects, subject->roles);
	missing = subject->objects->missing;
	for (guint i = 0; i < missing->len; i++)
		problems_add(problems, "object-missing", g_ptr_array_index(missing, i),
			     "cannot be read, so its relocations are unknown; finish the build");
	for (guint i = 0; i < subject->tree->sourceless->len; i++)
		take_sourceless(subject, g_ptr_array_index(subject->tree->sourceless, i), sources,
				problems);
	if (subject->tree->vmlinux)
		return read_binary(subject, sources, error);
	problems_add(
		problems, "no-vmlinux", "vmlinux",
		"not in the build tree: what the compiler inlined, cloned or dropped is unknown, and the "
		"boundary is drawn from source alone; build vmlinux");
	return true;
}

const char *subject_object_of(const struct subject *subject, const struct tree_unit *unit)
{
	GPtrArray *missing = subject->objects->missing;

	if (unit->asm_offsets ||
	    g_ptr_array_find_with_equal_func(missing, unit->object, g_str_equal, NULL))
		return "";
	return unit->object;
}

void subject_free(struct subject *subject)
{
	if (!subject)
		return;
	binary_free(subject->binary);
	objects_free(subject->objects);
	g_free(subject->roles);
	tree_free(subject->tree);
	config_free(subject->config);
	g_ptr_array_unref(subject->scheduler_files);
	g_hash_table_unref(subject->sourceless_units);
	g_hash_table_unref(subject->sourceless_records);
	g_free(subject);
}
