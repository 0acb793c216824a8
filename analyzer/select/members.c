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
 * A typedef or a macro that stands for a type counts as its tag, also where something is declared
 * with it; any macro whose text holds a gate is a gate.
 *
 * Code can also get at members without naming them: it copies a struct as a whole, passes it by
 * value, hands its address to memcpy() and the like, or lists its values in order. So whoever does
 * that with something that is a gate, or a local variable of the struct, is a user of all of its
 * members. A list of values may also be for a struct around the one that is searched for.
 *
 * Limits: if a member's name is pasted together by ##, only its pieces are seen, and so is a copy
 * that a macro makes of its arguments. --exhaustive shows whether that ever mattered.
 */
#include "analyzer/select/kept.h"

#include <stdlib.h>
#include <string.h>

struct marks;

struct member_search {
	const struct tree *tree;
	struct words *words;
	GPtrArray *include_dirs; /* char *: -I and -isystem directories of all units, absolute */
	GHashTable *resolved;    /* includer's directory and included name -> path, or "" if
	                            there is no such file */
	GHashTable *closed;      /* paths whose includes were followed */
	struct marks *marks;     /* by word */
	GHashTable *locals;      /* struct local_key -> struct local_gates */
	enum select_use use;     /* what is searched for */
};

/* A local variable of a function in a file. */
struct local_key {
	const struct word_file *file;
	uint32_t owner, name;
};

struct local_gates {
	guint64 any, value; /* structs that it leads to, and that it is itself */
};

/* What is known about a word; in each mask one bit for each struct. */
struct marks {
	guint64 member; /* it is the name of a member that is searched for */
	guint64 tag;    /* it is the struct's tag */
	guint64 gate;   /* leads to the struct: the tag, or a
	                   variable or function declared with it */
	/* leads to the struct where a member's name can stand: a member declared with the tag */
	guint64 member_gate;
	guint64 value_gate;         /* it is a variable or function that is such a struct */
	guint64 value_member;       /* the same for a member */
	guint64 type;               /* it stands for the struct where a type can stand */
	guint64 around;             /* a list of values for this type may fill the struct */
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

static guint local_hash(gconstpointer data)
{
	const struct local_key *key = data;

	return g_direct_hash(key->file) * 31 + key->owner * 7 + key->name;
}

static gboolean local_equal(gconstpointer left, gconstpointer right)
{
	const struct local_key *l = left, *r = right;

	return l->file == r->file && l->owner == r->owner && l->name == r->name;
}

/* The structs that are handled as a whole where the word stands. */
static guint64 handled_whole(const struct member_search *s, const struct word_file *file,
			     const struct word_use *use)
{
	const struct marks *marks = &s->marks[use->word];
	const struct local_key key = { file, use->owner, use->word };
	const struct local_gates *local;
	guint64 found = 0;

	if (s->use == SELECT_READS || !(use->is_whole || use->is_object))
		return 0;
	local = use->is_accessed ? NULL : g_hash_table_lookup(s->locals, &key);
	if (use->is_whole)
		found |= marks->gate | (use->is_accessed ? marks->member_gate : 0) |
			 (local ? local->any : 0);
	if (use->is_object)
		found |= marks->value_gate | (use->is_accessed ? marks->value_member : 0) |
			 (local ? local->value : 0);
	return found;
}

/* Adds what a word means at its place: members named, gates held, users mentioned. */
static void add_mention(const struct member_search *s, const struct word_file *file,
			const struct word_use *use, guint64 *names, guint64 *gates, guint64 *users)
{
	const struct marks *marks = &s->marks[use->word];

	*names |= marks->naming | (names_member(s, use) ? marks->member : 0);
	*gates |= marks->gate | (leads_on(s, use) ? marks->member_gate : 0);
	*users |= marks->user | handled_whole(s, file, use);
}

/* The structs that a list of values in order fills. */
static guint64 filled(const struct member_search *s, const struct word_fill *fill)
{
	const struct marks *marks = &s->marks[fill->type];

	return s->use == SELECT_READS ? 0
	       : fill->is_tag         ? marks->tag | marks->around
				      : marks->type | marks->around;
}

static bool learn_from(struct member_search *s, const struct word_file *file)
{
	bool changed = false;

	for (guint i = 0; i < file->uses->len; i++) {
		const struct word_use *use = &g_array_index(file->uses, struct word_use, i);
		struct marks *owner = &s->marks[use->owner], before = *owner;

		if (!use->owner)
			continue;
		add_mention(s, file, use, &owner->names_in, &owner->gates_in, &owner->user);
		owner->user |= owner->names_in & owner->gates_in;
		if (owner->is_macro) {
			owner->naming |= owner->names_in;
			owner->gate |= owner->gates_in;
		}
		changed |= owner->user != before.user || owner->naming != before.naming ||
			   owner->gate != before.gate;
	}
	return changed;
}

/* Makes the functions of a header that fill a struct its users. */
static void learn_fills(struct member_search *s, const struct word_file *file)
{
	for (guint i = 0; g_str_has_suffix(file->path, ".h") && i < file->fills->len; i++) {
		const struct word_fill *fill = &g_array_index(file->fills, struct word_fill, i);

		if (fill->owner)
			s->marks[fill->owner].user |= filled(s, fill);
	}
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

/* Marks a name that is declared with a tag or type which stands for `structs`. */
static void mark_declared(struct member_search *s, const struct word_declaration *d,
			  guint64 structs)
{
	struct marks *name = &s->marks[d->name];

	if (!d->enclosing) {
		name->gate |= structs;
		name->value_gate |= d->is_value ? structs : 0;
	} else {
		if (d->enclosing != d->tag) /* who uses this has the struct already */
			name->member_gate |= structs;
		name->value_member |= d->is_value ? structs : 0;
	}
}

static void mark_local(struct member_search *s, const struct word_file *file,
		       const struct word_local *local)
{
	const struct marks *type = &s->marks[local->type];
	guint64 structs = local->is_tag ? type->tag : type->type;
	struct local_key key = { file, local->owner, local->name };
	struct local_gates *gates;

	if (!structs)
		return;
	gates = g_hash_table_lookup(s->locals, &key);
	if (!gates) {
		gates = g_new0(struct local_gates, 1);
		g_hash_table_insert(s->locals, g_memdup2(&key, sizeof(key)), gates);
	}
	gates->any |= structs;
	gates->value |= local->is_value ? structs : 0;
}

static void mark_declarations(struct member_search *s, const struct word_file *file)
{
	for (guint i = 0; i < file->macros->len; i++)
		s->marks[g_array_index(file->macros, uint32_t, i)].is_macro = true;
	for (guint i = 0; i < file->declarations->len; i++) {
		const struct word_declaration *d =
			&g_array_index(file->declarations, struct word_declaration, i);

		mark_declared(s, d, s->marks[d->tag].tag);
	}
	for (guint i = 0; i < file->typed->len; i++) {
		const struct word_declaration *d =
			&g_array_index(file->typed, struct word_declaration, i);

		mark_declared(s, d, s->marks[d->tag].type);
	}
	for (guint i = 0; i < file->locals->len; i++)
		mark_local(s, file, &g_array_index(file->locals, struct word_local, i));
}

/* Marks the other names of a file's types. True if there was a new one. */
static bool mark_aliases(struct member_search *s, const struct word_file *file)
{
	bool changed = false;

	for (guint i = 0; i < file->aliases->len; i++) {
		const struct word_alias *a = &g_array_index(file->aliases, struct word_alias, i);
		struct marks *name = &s->marks[a->name];
		guint64 before = name->type;

		name->type |= a->is_tag ? s->marks[a->type].tag : s->marks[a->type].type;
		name->gate |= name->type;
		changed |= name->type != before;
	}
	return changed;
}

/* Marks the types that hold a struct by value. True if there was a new one. */
static bool mark_around(struct member_search *s, const struct word_file *file)
{
	const GArray *arrays[] = { file->declarations, file->typed };
	bool changed = false;

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++) {
			const struct word_declaration *d =
				&g_array_index(arrays[a], struct word_declaration, i);
			const struct marks *part = &s->marks[d->tag];
			guint64 structs = part->around | (a == 0 ? part->tag : part->type), before;

			if (!d->enclosing || !d->is_value || !structs)
				continue;
			before = s->marks[d->enclosing].around;
			s->marks[d->enclosing].around |= structs;
			changed |= s->marks[d->enclosing].around != before;
		}
	return changed;
}

/* Repeats a pass over all files until it finds nothing new. */
static void mark_all(struct member_search *s,
		     bool (*mark)(struct member_search *s, const struct word_file *file))
{
	bool changed = true;

	while (changed) {
		GHashTableIter iter;
		gpointer file;

		changed = false;
		g_hash_table_iter_init(&iter, s->words->files);
		while (g_hash_table_iter_next(&iter, NULL, &file))
			changed |= mark(s, file);
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

		add_mention(s, file, use, &place->names, &place->gates, &place->users);
	}
	for (guint i = 0; i < file->fills->len; i++) {
		const struct word_fill *fill = &g_array_index(file->fills, struct word_fill, i);

		place_of(c, fill->owner)->users |= filled(s, fill);
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
		s->marks[known_word(s, tag)].type |= G_GUINT64_CONSTANT(1) << bit;
		g_hash_table_insert(bits, tag, GUINT_TO_POINTER(bit + 1));
	}
	/* number 0 stands for words that no file has */
	memset(&s->marks[0], 0, sizeof(s->marks[0]));
}

static void search_clear(struct member_search *s)
{
	words_free(s->words);
	g_ptr_array_unref(s->include_dirs);
	g_hash_table_destroy(s->resolved);
	g_hash_table_destroy(s->closed);
	g_hash_table_destroy(s->locals);
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
	mark_all(s, mark_aliases);
	for_each_file(s, mark_declarations);
	mark_all(s, mark_around);
	for_each_file(s, learn_fills);
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
	g_autofree char *key = kept_key(tree, roles, members, use);
	g_autofree char *name = g_strconcat(key, ".units", NULL);
	g_autofree char *path = cache_dir ? g_build_filename(cache_dir, name, NULL) : NULL;
	uint8_t *wanted = path ? kept_load(tree, path, key) : NULL;
	struct member_search s = { .tree = tree, .use = use };

	if (wanted)
		return wanted;
	s.words = words_new(tree);
	s.include_dirs = g_ptr_array_new_with_free_func(g_free);
	s.resolved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s.locals = g_hash_table_new_full(local_hash, local_equal, g_free, g_free);
	s.closed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	wanted = search_units(&s, roles, members);
	if (path)
		kept_save(s.words, path, key, wanted);
	search_clear(&s);
	return wanted;
}
