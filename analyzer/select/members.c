// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which units could use given struct members, judged by their words alone.
 *
 * To use a member, code must do two things. It must name the member where a member can stand. And
 * it must reach the struct: it names the struct's tag, or something declared with it (a member of
 * another struct, a variable, a function that returns it). These names are the struct's gates.
 *
 * A function in a header whose text does both is a user: whoever mentions it may use the member. A
 * macro has no types: if it names a member, whoever mentions the macro names the member too. Both
 * rules are applied until nothing changes.
 *
 * A unit is chosen if its own files (the .c file and what it includes by quotes) mention a user, or
 * both name a member and hold a gate. All this is done for 64 structs at once, with a bit for each.
 * If there are more, some share a bit, which can only choose too many units.
 *
 * Limits: if a member's name is pasted together by ##, only its pieces are seen, and typedefs of
 * structs are not followed. --exhaustive shows whether that ever mattered.
 */
#include "analyzer/select/select.h"
#include "analyzer/select/words.h"

#include <stdlib.h>
#include <string.h>

#define MEMO_TYPE "(sa(stx)ay)"

struct marks;

struct member_search {
	const struct tree *tree;
	struct words *words;
	GPtrArray *include_dirs; /* char *: -I and -isystem directories of all units, absolute */
	GHashTable *resolved;    /* includer's directory and included name -> path, or "" if
	                            there is no such file */
	GHashTable *closed;      /* paths whose includes were followed */
	struct marks *marks;     /* by word */
	enum select_use use;     /* what is searched for */
};

/* What is known about a word; in each mask one bit for each struct. */
struct marks {
	guint64 member; /* it is the name of a member that is searched for */
	guint64 tag;    /* it is the struct's tag */
	guint64 gate;   /* leads to the struct: the tag, or a
	                   variable or function declared with it */
	/* leads to the struct where a member's name can stand: a member declared with the tag */
	guint64 member_gate;
	guint64 naming;             /* it is a macro whose text names such a member */
	guint64 user;               /* it is a function or macro that may use such a member */
	guint64 names_in, gates_in; /* members that its text names, gates that its text holds */
	bool is_macro;
};

static void add_include_dir(struct member_search *s, GHashTable *seen, const struct tree_unit *unit,
			    const char *dir)
{
	g_autofree char *path = g_canonicalize_filename(dir, unit->directory);

	if (g_hash_table_add(seen, g_strdup(path)))
		g_ptr_array_add(s->include_dirs, g_steal_pointer(&path));
}

static void collect_include_dirs(struct member_search *s)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < s->tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(s->tree->units, i);

		for (char **a = unit->arguments; *a; a++) {
			if (g_str_has_prefix(*a, "-I") && (*a)[2])
				add_include_dir(s, seen, unit, *a + 2);
			else if (a[1] && (strcmp(*a, "-I") == 0 || strcmp(*a, "-isystem") == 0))
				add_include_dir(s, seen, unit, a[1]);
		}
	}
}

/* The path of `name` in `directory`, or NULL. Caller frees. */
static char *path_in(const struct member_search *s, const char *directory, const char *name)
{
	g_autofree char *full = g_build_filename(directory, name, NULL);

	if (!g_file_test(full, G_FILE_TEST_IS_REGULAR))
		return NULL;
	return tree_path(s->tree, directory, name);
}

/*
 * The file that an include leads to; NULL if there is none. The search owns it. `includer` is NULL
 * for an include in angle brackets.
 */
static const char *resolve(struct member_search *s, const char *includer, const char *name)
{
	g_autofree char *directory = includer ? g_path_get_dirname(includer) : NULL;
	g_autofree char *key = g_strdup_printf("%s\n%s", directory ? directory : "", name);
	const char *known = g_hash_table_lookup(s->resolved, key);
	char *path = NULL;

	if (known)
		return *known ? known : NULL;
	if (directory) {
		g_autofree char *beside =
			g_path_is_absolute(directory)
				? g_strdup(directory)
				: g_build_filename(s->tree->source_dir, directory, NULL);

		path = path_in(s, beside, name);
	}
	for (guint i = 0; i < s->include_dirs->len && !path; i++)
		path = path_in(s, g_ptr_array_index(s->include_dirs, i), name);
	if (!path)
		path = g_strdup("");
	g_hash_table_insert(s->resolved, g_steal_pointer(&key), path);
	return *path ? path : NULL;
}

/* Reads a file and everything that it includes. */
static void close_over_includes(struct member_search *s, const char *path)
{
	struct word_file *file;

	if (!g_hash_table_add(s->closed, g_strdup(path)))
		return;
	file = words_file(s->words, path);
	for (guint i = 0; i < file->quoted->len; i++) {
		const char *next = resolve(s, path, g_ptr_array_index(file->quoted, i));

		if (next)
			close_over_includes(s, next);
	}
	for (guint i = 0; i < file->angled->len; i++) {
		const char *next = resolve(s, NULL, g_ptr_array_index(file->angled, i));

		if (next)
			close_over_includes(s, next);
	}
}

/* True if a word that is a member's name may stand for the member here. */
static bool names_member(const struct member_search *s, const struct word_use *use)
{
	return s->use == SELECT_READS ? use->may_read : use->is_member;
}

/*
 * True if a word that is a member's name may stand for the member here, in order to reach the
 * struct that the member leads to.
 */
static bool leads_on(const struct member_search *s, const struct word_use *use)
{
	return use->is_member && (s->use == SELECT_USES || use->is_accessed);
}

/* Adds what a word means at its place: members named, gates held, users mentioned. */
static void add_mention(const struct member_search *s, const struct word_use *use, guint64 *names,
			guint64 *gates, guint64 *users)
{
	const struct marks *marks = &s->marks[use->word];

	*names |= marks->naming | (names_member(s, use) ? marks->member : 0);
	*gates |= marks->gate | (leads_on(s, use) ? marks->member_gate : 0);
	*users |= marks->user;
}

static bool learn_from(struct member_search *s, const struct word_file *file)
{
	bool changed = false;

	for (guint i = 0; i < file->uses->len; i++) {
		const struct word_use *use = &g_array_index(file->uses, struct word_use, i);
		struct marks *owner = &s->marks[use->owner], before = *owner;

		if (!use->owner)
			continue;
		add_mention(s, use, &owner->names_in, &owner->gates_in, &owner->user);
		owner->user |= owner->names_in & owner->gates_in;
		if (owner->is_macro)
			owner->naming |= owner->names_in;
		changed |= owner->user != before.user || owner->naming != before.naming;
	}
	return changed;
}

static void for_each_file(struct member_search *s,
			  void (*visit)(struct member_search *s, const struct word_file *file))
{
	GHashTableIter iter;
	gpointer file;

	g_hash_table_iter_init(&iter, s->words->files);
	while (g_hash_table_iter_next(&iter, NULL, &file))
		visit(s, file);
}

static void mark_declarations(struct member_search *s, const struct word_file *file)
{
	for (guint i = 0; i < file->macros->len; i++)
		s->marks[g_array_index(file->macros, uint32_t, i)].is_macro = true;
	for (guint i = 0; i < file->declarations->len; i++) {
		const struct word_declaration *d =
			&g_array_index(file->declarations, struct word_declaration, i);

		if (!d->enclosing)
			s->marks[d->name].gate |= s->marks[d->tag].tag;
		else if (d->enclosing != d->tag) /* who uses this has the struct already */
			s->marks[d->name].member_gate |= s->marks[d->tag].tag;
	}
}

static void learn(struct member_search *s)
{
	bool changed = true;

	while (changed) {
		GHashTableIter iter;
		gpointer file;

		changed = false;
		g_hash_table_iter_init(&iter, s->words->files);
		while (g_hash_table_iter_next(&iter, NULL, &file))
			if (g_str_has_suffix(((struct word_file *)file)->path, ".h"))
				changed |= learn_from(s, file);
	}
}

/* What was found in some text. */
struct mentions {
	guint64 names, gates, users;
};

/* The mentions of a unit, all together or by function. */
struct mention_collection {
	GHashTable *seen;        /* paths (not owned) of files that were looked at */
	GHashTable *by_function; /* word of the function -> struct mentions *; NULL: all together */
	struct mentions all;
};

static struct mentions *place_of(struct mention_collection *c, uint32_t function)
{
	struct mentions *found;

	if (!c->by_function)
		return &c->all;
	found = g_hash_table_lookup(c->by_function, GUINT_TO_POINTER(function));
	if (!found) {
		found = g_new0(struct mentions, 1);
		g_hash_table_insert(c->by_function, GUINT_TO_POINTER(function), found);
	}
	return found;
}

static void add_file(struct member_search *s, const char *path, struct mention_collection *c)
{
	struct word_file *file;

	if (!g_hash_table_add(c->seen, (gpointer)path))
		return;
	file = words_file(s->words, path);
	for (guint i = 0; i < file->uses->len; i++) {
		const struct word_use *use = &g_array_index(file->uses, struct word_use, i);
		struct mentions *place = place_of(c, use->owner);

		add_mention(s, use, &place->names, &place->gates, &place->users);
	}
	for (guint i = 0; i < file->quoted->len; i++) {
		const char *next = resolve(s, path, g_ptr_array_index(file->quoted, i));

		if (next)
			add_file(s, next, c);
	}
}

static bool is_use(const struct mentions *found)
{
	return (found->names & found->gates) || found->users;
}

static gboolean is_function_use(gpointer function, gpointer found, gpointer data)
{
	(void)function;
	(void)data;
	return is_use(found);
}

/*
 * True if the unit's own files could use a member. To read a value, an expression has to reach the
 * struct, so for reads both must be in the same function.
 */
static bool could_use(struct member_search *s, const char *path)
{
	struct mention_collection c = { .seen = g_hash_table_new(g_str_hash, g_str_equal) };
	bool found;

	if (s->use == SELECT_READS)
		c.by_function = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	add_file(s, path, &c);
	found = c.by_function ? g_hash_table_find(c.by_function, is_function_use, NULL) != NULL
			      : is_use(&c.all);
	g_hash_table_destroy(c.seen);
	g_clear_pointer(&c.by_function, g_hash_table_destroy);
	return found;
}

static uint32_t known_word(const struct member_search *s, const char *word)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(s->words->ids, word));
}

/* Gives every struct a bit and marks its tag and members. `members` is a set of "RECORD.MEMBER". */
static void mark_members(struct member_search *s, GHashTable *members)
{
	g_autoptr(GHashTable) bits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, members);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		const char *member = strrchr(name, '.') + 1;
		char *tag = g_strndup(name, strcspn(name, "."));
		guint known = GPOINTER_TO_UINT(g_hash_table_lookup(bits, tag));
		guint bit = known ? known - 1 : g_hash_table_size(bits) % 64;

		s->marks[known_word(s, member)].member |= G_GUINT64_CONSTANT(1) << bit;
		s->marks[known_word(s, tag)].gate |= G_GUINT64_CONSTANT(1) << bit;
		s->marks[known_word(s, tag)].tag |= G_GUINT64_CONSTANT(1) << bit;
		g_hash_table_insert(bits, tag, GUINT_TO_POINTER(bit + 1));
	}
	/* number 0 stands for words that no file has */
	memset(&s->marks[0], 0, sizeof(s->marks[0]));
}

/* --- the answer kept for the next run --- */

static gint compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* A hash of what the answer depends on, apart from the content of files. Caller frees. */
static char *memo_key(const struct tree *tree, const uint8_t *roles, GHashTable *members,
		      enum select_use use)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint n;
	g_autofree char **sorted = (char **)g_hash_table_get_keys_as_array(members, &n);

	qsort(sorted, n, sizeof(*sorted), compare_strings);
	g_checksum_update(sum, (const guchar *)SELECT_DIGEST, -1);
	g_checksum_update(sum, (const guchar *)&use, sizeof(use));
	for (guint i = 0; i < n; i++)
		g_checksum_update(sum, (const guchar *)sorted[i], (gssize)strlen(sorted[i]) + 1);
	g_checksum_update(sum, roles, tree->units->len);
	for (guint i = 0; i < tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(tree->units, i);

		g_checksum_update(sum, (const guchar *)unit->source,
				  (gssize)strlen(unit->source) + 1);
		g_checksum_update(sum, (const guchar *)unit->directory,
				  (gssize)strlen(unit->directory) + 1);
		for (char **a = unit->arguments; *a; a++)
			g_checksum_update(sum, (const guchar *)*a, (gssize)strlen(*a) + 1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

static bool is_unchanged(const struct tree *tree, GVariant *files)
{
	GVariantIter iter;
	const char *path;
	guint64 size, now_size;
	gint64 modified, now_modified;

	g_variant_iter_init(&iter, files);
	while (g_variant_iter_next(&iter, "(&stx)", &path, &size, &modified)) {
		words_stat(tree, path, &now_size, &now_modified);
		if (size != now_size || modified != now_modified)
			return false;
	}
	return true;
}

static uint8_t *memo_load(const struct tree *tree, const char *path, const char *key)
{
	g_autofree char *text = NULL;
	g_autoptr(GVariant) memo = NULL, files = NULL, flags = NULL;
	const char *known;
	g_autoptr(GBytes) bytes = NULL;
	const void *units;
	gsize length, n;

	if (!g_file_get_contents(path, &text, &length, NULL))
		return NULL;
	bytes = g_bytes_new_take(g_steal_pointer(&text), length);
	memo = g_variant_ref_sink(
		g_variant_new_from_bytes(G_VARIANT_TYPE(MEMO_TYPE), bytes, FALSE));
	g_variant_get_child(memo, 0, "&s", &known);
	files = g_variant_get_child_value(memo, 1);
	flags = g_variant_get_child_value(memo, 2);
	units = g_variant_get_fixed_array(flags, &n, 1);
	if (strcmp(known, key) != 0 || n != tree->units->len + 1 || !is_unchanged(tree, files))
		return NULL;
	return g_memdup2(units, n);
}

static void memo_save(const struct member_search *s, const char *path, const char *key,
		      const uint8_t *flags)
{
	GVariantBuilder files;
	GHashTableIter iter;
	gpointer file;
	g_autoptr(GVariant) memo = NULL;

	g_variant_builder_init(&files, G_VARIANT_TYPE("a(stx)"));
	g_hash_table_iter_init(&iter, s->words->files);
	while (g_hash_table_iter_next(&iter, NULL, &file)) {
		const struct word_file *f = file;

		g_variant_builder_add(&files, "(stx)", f->path, f->size, f->modified);
	}
	memo = g_variant_ref_sink(g_variant_new(
		"(sa(stx)@ay)", key, &files,
		g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, flags, s->tree->units->len + 1, 1)));
	/* no error: a cache that cannot be written was already reported for the facts */
	g_file_set_contents(path, g_variant_get_data(memo), (gssize)g_variant_get_size(memo), NULL);
}

/* --- the search --- */

static void search_clear(struct member_search *s)
{
	words_free(s->words);
	g_ptr_array_unref(s->include_dirs);
	g_hash_table_destroy(s->resolved);
	g_hash_table_destroy(s->closed);
	g_free(s->marks);
}

static uint8_t *search_units(struct member_search *s, const uint8_t *roles, GHashTable *members)
{
	uint8_t *wanted = g_new0(uint8_t, s->tree->units->len + 1);

	collect_include_dirs(s);
	for (guint i = 0; i < s->tree->units->len; i++)
		if (roles[i] == SELECT_OTHER)
			close_over_includes(
				s,
				((struct tree_unit *)g_ptr_array_index(s->tree->units, i))->source);
	s->marks = g_new0(struct marks, g_hash_table_size(s->words->ids) + 1);
	mark_members(s, members);
	for_each_file(s, mark_declarations);
	learn(s);
	for (guint i = 0; i < s->tree->units->len; i++) {
		const struct tree_unit *unit = g_ptr_array_index(s->tree->units, i);

		wanted[i] = roles[i] == SELECT_OTHER && could_use(s, unit->source);
	}
	return wanted;
}

uint8_t *select_by_members(const struct tree *tree, const uint8_t *roles, GHashTable *members,
			   enum select_use use, const char *cache_dir)
{
	g_autofree char *key = memo_key(tree, roles, members, use);
	g_autofree char *name = g_strconcat(key, ".units", NULL);
	g_autofree char *path = cache_dir ? g_build_filename(cache_dir, name, NULL) : NULL;
	uint8_t *wanted = path ? memo_load(tree, path, key) : NULL;
	struct member_search s = { .tree = tree, .use = use };

	if (wanted)
		return wanted;
	s.words = words_new(tree);
	s.include_dirs = g_ptr_array_new_with_free_func(g_free);
	s.resolved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s.closed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	wanted = search_units(&s, roles, members);
	if (path)
		memo_save(&s, path, key, wanted);
	search_clear(&s);
	return wanted;
}
