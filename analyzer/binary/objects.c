// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which objects of the kernel use the scheduler's global symbols?
 *
 * First the scheduler's objects are read, one after the other, for what they define. Then several
 * threads read the other objects; a shared counter gives each thread its next object. An object
 * uses a name if a relocation refers to its symbol of that name. Only the symbol table and the
 * relocations of loaded sections are read; those of debug information are most of a file. The
 * threads only read what the first step built, and each writes the results of its own objects. One
 * pass in list order joins the results.
 *
 * If the other object defines the symbol itself, that is no use: it is a static namesake, or a
 * strong definition that overrides the scheduler's weak one. But if its definition is weak, the
 * scheduler's may override it, so a relocation to it counts.
 *
 * Limits: references that leave no relocation (by name, through kallsyms) are not seen.
 */
#include "analyzer/binary/internal.h"

#include <string.h>

/* What one of the other objects yields. One thread writes it; it is read after all have ended. */
struct outcome {
	GPtrArray *used; /* const char *, no duplicates: keys of objects->defined; or NULL */
	GPtrArray *defined, *undefined; /* char *: the object's own global names */
	bool is_missing;
};

struct object_reader {
	const char *build_dir;
	const struct objects *objects;
	const GPtrArray *others;
	struct outcome *outcomes; /* one for each of `others` */
	gint next;                /* index of the next object to read, atomic */
};

/* NULL if the object cannot be read, or has lost its code or data: then relocations are missing. */
static struct image *open_object(const char *build_dir, const char *name)
{
	g_autofree char *path = g_canonicalize_filename(name, build_dir);
	struct image *object = image_open(path, NULL);

	if (object && !image_has_bytes(object, NULL))
		g_clear_pointer(&object, image_free);
	return object;
}

/* --- what the scheduler defines */

/* A strong definition replaces a weak one of another object. */
static void define(struct objects *objects, const char *name, const char *definer, bool is_weak)
{
	if (is_weak && g_hash_table_contains(objects->defined, name))
		return;
	g_hash_table_insert(objects->defined, g_string_chunk_insert_const(objects->strings, name),
			    (char *)definer);
}

static void read_definitions(struct objects *objects, const char *build_dir, const char *name)
{
	const char *definer = g_string_chunk_insert_const(objects->strings, name);
	struct image *object = open_object(build_dir, name);

	if (!object) {
		g_ptr_array_add(objects->missing, (char *)definer);
		return;
	}
	for (size_t i = 1; i < image_raw_count(object); i++) {
		struct image_symbol symbol = image_raw_symbol(object, i);

		if (symbol.section != IMAGE_UNDEFINED && symbol.is_global && symbol.name[0] != '\0')
			define(objects, symbol.name, definer, symbol.is_weak);
	}
	image_free(object);
}

/* Lists the global names of an object: what it defines, what it leaves undefined. */
static void list_names(const struct image *object, struct outcome *outcome)
{
	outcome->defined = g_ptr_array_new_with_free_func(g_free);
	outcome->undefined = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 1; i < image_raw_count(object); i++) {
		struct image_symbol symbol = image_raw_symbol(object, i);

		if (symbol.is_global && symbol.name[0] != '\0')
			g_ptr_array_add(symbol.section == IMAGE_UNDEFINED ? outcome->undefined
									  : outcome->defined,
					g_strdup(symbol.name));
	}
}

/* --- what the others use */

/* The scheduler's name that symbol `index` stands for; NULL if it is not one of the scheduler's. */
static const char *foreign_name(const struct object_reader *reader, const struct image *object,
				size_t index)
{
	struct image_symbol symbol = image_raw_symbol(object, index);
	gpointer key;

	if (!symbol.is_global || (symbol.section != IMAGE_UNDEFINED && !symbol.is_weak))
		return NULL;
	return g_hash_table_lookup_extended(reader->objects->defined, symbol.name, &key, NULL)
		       ? key
		       : NULL;
}

/*
 * The scheduler's names by symbol index, NULL where the symbol is another's. Returns NULL if there
 * is none at all.
 */
static const char **foreign_names(const struct object_reader *reader, const struct image *object)
{
	const char **names = g_new0(const char *, image_raw_count(object) + 1);
	bool has_any = false;

	for (size_t i = 1; i < image_raw_count(object); i++) {
		names[i] = foreign_name(reader, object, i);
		has_any |= names[i] != NULL;
	}
	if (!has_any)
		g_clear_pointer(&names, g_free);
	return names;
}

struct name_collection {
	const char **names;
	GPtrArray *used;
};

/* Moves a name that is used from `names` to `used`, so that it is listed once. */
static bool collect_used(const struct image_raw_relocation *relocation, void *data)
{
	struct name_collection *collection = data;
	const char **name = &collection->names[relocation->symbol];

	if (*name)
		g_ptr_array_add(collection->used, (char *)*name);
	*name = NULL;
	return true;
}

/*
 * Lists the scheduler's names that an object uses. Relocations of a section that is not loaded
 * (mostly debug information) are not uses. False if some relocations are damaged.
 */
static bool find_used(const struct object_reader *reader, const struct image *object,
		      GPtrArray **used)
{
	g_autofree const char **names = foreign_names(reader, object);
	struct name_collection collection = { names, names ? g_ptr_array_new() : NULL };
	bool is_whole = true;

	for (uint32_t i = 1; names && i < image_section_count(object); i++)
		if (image_section(object, i)->is_loaded)
			is_whole &= image_each_relocation(object, i, collect_used, &collection);
	*used = collection.used;
	return is_whole;
}

static gpointer read_others(gpointer data)
{
	struct object_reader *reader = data;

	for (;;) {
		guint index = (guint)g_atomic_int_add(&reader->next, 1);
		struct image *object;

		if (index >= reader->others->len)
			return NULL;
		object = open_object(reader->build_dir, reader->others->pdata[index]);
		if (!object) {
			reader->outcomes[index].is_missing = true;
			continue;
		}
		reader->outcomes[index].is_missing =
			!find_used(reader, object, &reader->outcomes[index].used);
		list_names(object, &reader->outcomes[index]);
		image_free(object);
	}
}

/*
 * Reads the other objects on up to `threads` threads. The calling thread works too; with one thread
 * no other is started.
 */
static void run_threads(struct object_reader *reader, unsigned threads)
{
	unsigned helpers = MIN(threads, reader->others->len);
	g_autofree GThread **started = NULL;

	helpers = helpers > 1 ? helpers - 1 : 0;
	started = g_new0(GThread *, helpers + 1);
	/* with fewer threads than wished it takes longer */
	for (unsigned i = 0; i < helpers; i++)
		started[i] = g_thread_try_new("objects", read_others, reader, NULL);
	read_others(reader);
	for (unsigned i = 0; i < helpers; i++)
		if (started[i])
			g_thread_join(started[i]);
}

/* --- joining */

static void add_user(GHashTable *table, const char *name, const char *user)
{
	GPtrArray *users = g_hash_table_lookup(table, name);

	if (!users) {
		users = g_ptr_array_new();
		g_hash_table_insert(table, (char *)name, users);
	}
	g_ptr_array_add(users, (char *)user);
}

/* Adds an object to the definers of what it defines and to the mentions of what it lacks. */
static void index_names(struct objects *objects, const char *object, struct outcome *outcome)
{
	for (guint i = 0; outcome->defined && i < outcome->defined->len; i++)
		g_hash_table_insert(
			objects->definers,
			g_string_chunk_insert_const(objects->strings, outcome->defined->pdata[i]),
			(char *)object);
	for (guint i = 0; outcome->undefined && i < outcome->undefined->len; i++)
		add_user(
			objects->mentions,
			g_string_chunk_insert_const(objects->strings, outcome->undefined->pdata[i]),
			object);
	g_clear_pointer(&outcome->defined, g_ptr_array_unref);
	g_clear_pointer(&outcome->undefined, g_ptr_array_unref);
}

static void join_outcome(struct objects *objects, const char *name, struct outcome *outcome)
{
	const char *object = g_string_chunk_insert_const(objects->strings, name);

	if (outcome->is_missing)
		g_ptr_array_add(objects->missing, (char *)object);
	for (guint i = 0; outcome->used && i < outcome->used->len; i++)
		add_user(objects->users, outcome->used->pdata[i], object);
	index_names(objects, object, outcome);
	g_clear_pointer(&outcome->used, g_ptr_array_unref);
}

static int compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void sort_users(gpointer name, gpointer users, gpointer unused)
{
	(void)name;
	(void)unused;
	g_ptr_array_sort(users, compare_strings);
}

static struct objects *objects_new(void)
{
	struct objects *objects = g_new0(struct objects, 1);

	objects->defined = g_hash_table_new(g_str_hash, g_str_equal);
	objects->users = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					       (GDestroyNotify)g_ptr_array_unref);
	objects->definers = g_hash_table_new(g_str_hash, g_str_equal);
	objects->mentions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)g_ptr_array_unref);
	objects->missing = g_ptr_array_new();
	objects->strings = g_string_chunk_new(16 * 1024);
	return objects;
}

struct objects *objects_read(const char *build_dir, const GPtrArray *scheduler,
			     const GPtrArray *others, unsigned threads)
{
	struct objects *objects = objects_new();
	struct object_reader reader = { .build_dir = build_dir,
					.objects = objects,
					.others = others };

	for (guint i = 0; i < scheduler->len; i++)
		read_definitions(objects, build_dir, scheduler->pdata[i]);
	reader.outcomes = g_new0(struct outcome, others->len);
	run_threads(&reader, threads);
	for (guint i = 0; i < others->len; i++)
		join_outcome(objects, others->pdata[i], &reader.outcomes[i]);
	g_free(reader.outcomes);
	g_hash_table_foreach(objects->users, sort_users, NULL);
	g_ptr_array_sort(objects->missing, compare_strings);
	return objects;
}

void objects_free(struct objects *objects)
{
	if (!objects)
		return;
	g_hash_table_unref(objects->defined);
	g_hash_table_unref(objects->users);
	g_hash_table_unref(objects->definers);
	g_hash_table_unref(objects->mentions);
	g_ptr_array_unref(objects->missing);
	g_string_chunk_free(objects->strings);
	g_free(objects);
}
