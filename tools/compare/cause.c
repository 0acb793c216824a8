// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each cause is a rule over the two bodies and their pairs of lines.
 *
 * The names of called functions and of data are counted on both sides. What one side has more often
 * points to inlining, clones or folded constants. Debug information must confirm that a function is
 * really inlined; without debug information, both functions must be in the same unit as far as the
 * symbols tell. Order and registers are causes only if every instruction has a counterpart in the
 * other body. So a changed number, condition or callee stays unexplained.
 *
 * Limit: a difference in inlining may hide a change beside it, because the instructions of an
 * inlined copy cannot be told from the others.
 */
#include "tools/compare/cause.h"

#include "tools/compare/edited.h"
#include "tools/compare/name.h"
#include "tools/compare/order.h"
#include "tools/compare/target.h"

#include <string.h>

struct cause_search {
	const struct pair *pair;
	const struct evidence *evidence;
	/* normal name -> how many more times the module calls or jumps to it than vmlinux */
	GHashTable *calls;
	/* normal name that only one side mentions as data -> 1: the module, -1: vmlinux */
	GHashTable *data;
	char *detail;
};

/* --- mentioned names */

static void count(GHashTable *table, const char *name, int number)
{
	char *normal = name_normal(name);
	int before = GPOINTER_TO_INT(g_hash_table_lookup(table, normal));

	g_hash_table_replace(table, normal, GINT_TO_POINTER(before + number));
}

/*
 * Counts the names that a body mentions: calls on lines without a partner in `calls`; data in
 * `data` on lines without a partner, in `shared` on the others.
 */
static void take_mentions(const struct body *body, const int *partners, GHashTable *calls,
			  int number, GHashTable *data, GHashTable *shared)
{
	for (guint i = 0; i < body->lines->len; i++) {
		const struct body_line *line = body_line(body, i);

		for (guint k = 0; k < line->instruction->field_count; k++) {
			const char *name = target_name(body, line, k, NULL);
			bool is_branch = line->instruction->fields[k].is_branch;

			if (!name ||
			    (is_branch && (partners[i] >= 0 || !strcmp(name, body->symbol->name))))
				continue;
			count(is_branch ? calls : partners[i] < 0 ? data : shared, name, number);
		}
	}
}

static GHashTable *names_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* Records the names that are in `names` and in neither of the other tables. */
static void note_only(struct cause_search *search, GHashTable *names, GHashTable *others,
		      GHashTable *shared, int sign)
{
	GHashTableIter iterator;
	gpointer name;

	g_hash_table_iter_init(&iterator, names);
	while (g_hash_table_iter_next(&iterator, &name, NULL))
		if (!g_hash_table_contains(others, name) && !g_hash_table_contains(shared, name))
			count(search->data, name, sign);
}

static void search_init(struct cause_search *search, const struct pair *pair,
			const struct evidence *evidence)
{
	g_autoptr(GHashTable) ours = names_new(), our_shared = names_new();
	g_autoptr(GHashTable) theirs = names_new(), their_shared = names_new();

	*search = (struct cause_search){
		.pair = pair, .evidence = evidence, .calls = names_new(), .data = names_new()
	};
	take_mentions(pair->module, pair->partners, search->calls, 1, ours, our_shared);
	take_mentions(pair->vmlinux, pair->back, search->calls, -1, theirs, their_shared);
	note_only(search, ours, theirs, our_shared, 1);
	note_only(search, theirs, ours, their_shared, -1);
}

static void search_clear(struct cause_search *search)
{
	g_hash_table_unref(search->calls);
	g_hash_table_unref(search->data);
}

static int compare_names(gconstpointer left, gconstpointer right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The names whose count has that sign, sorted. The array must be freed; the names are borrowed. */
static GPtrArray *names_of_sign(GHashTable *table, int sign)
{
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter iterator;
	gpointer name, number;

	g_hash_table_iter_init(&iterator, table);
	while (g_hash_table_iter_next(&iterator, &name, &number))
		if (GPOINTER_TO_INT(number) * sign > 0)
			g_ptr_array_add(names, name);
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* --- springboard, weak, private, clone */

static bool is_springboard(struct cause_search *search)
{
	const struct pair *pair = search->pair;

	for (guint i = 0; i < pair->module->lines->len; i++) {
		const struct body_line *line = body_line(pair->module, i);

		for (guint k = 0; pair->partners[i] < 0 && k < line->instruction->field_count;
		     k++) {
			const char *name = target_name(pair->module, line, k, NULL);

			if (!name || !line->instruction->fields[k].is_branch || !name_is_own(name))
				continue;
			search->detail = g_strdup_printf(
				"%ss %s", line->shape[0] == 'c' ? "call" : "jump", name);
			return true;
		}
	}
	return false;
}

static bool is_weak(struct cause_search *search)
{
	const struct image_symbol *ours = search->pair->module->symbol,
				  *theirs = search->pair->vmlinux->symbol;

	if (!ours->is_weak || !theirs->is_global || theirs->is_weak)
		return false;
	search->detail = g_strdup("the module's definition is weak, vmlinux has another one");
	return true;
}

/* The variable of which line `i` reads a private copy where vmlinux reads its own. */
static const char *private_at(const struct pair *pair, guint i)
{
	for (guint j = 0; j < pair->vmlinux->lines->len; j++) {
		const char *name = pair->back[j] < 0 ? target_private(pair, i, j) : NULL;

		if (name)
			return name;
	}
	return NULL;
}

static bool is_private(struct cause_search *search)
{
	const struct pair *pair = search->pair;
	const char *first = NULL;

	if (pair->module_only != pair->vmlinux_only)
		return false;
	for (guint i = 0; i < pair->module->lines->len; i++) {
		const char *name = pair->partners[i] < 0 ? private_at(pair, i) : NULL;

		if (pair->partners[i] < 0 && !name)
			return false;
		first = first ? first : name;
	}
	search->detail =
		g_strdup_printf("reads the module's own %s, which differs from vmlinux's", first);
	return true;
}

/* A part of the function itself that only one side has split off, such as foo.part of foo. */
static const char *own_part(const struct pair *pair, const GPtrArray *names)
{
	g_autofree char *own = name_plain(pair->module->symbol->name);

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *plain = name_plain(names->pdata[i]);

		if (!strcmp(plain, own) && !name_is_cold(names->pdata[i]))
			return names->pdata[i];
	}
	return NULL;
}

/* Finds two names, one in each array, that are clones of the same function. */
static bool find_clones(const GPtrArray *ours, const GPtrArray *theirs, const char **our_name,
			const char **their_name)
{
	for (guint i = 0; i < ours->len; i++) {
		g_autofree char *plain = name_plain(ours->pdata[i]);

		for (guint j = 0; j < theirs->len; j++) {
			g_autofree char *other = name_plain(theirs->pdata[j]);

			*our_name = ours->pdata[i];
			*their_name = theirs->pdata[j];
			if (!strcmp(plain, other) &&
			    name_is_cold(*our_name) == name_is_cold(*their_name))
				return true;
		}
	}
	return false;
}

static bool is_clone(struct cause_search *search)
{
	const char *ours = search->pair->module->symbol->name,
		   *theirs = search->pair->vmlinux->symbol->name;
	g_autofree char *our_normal = name_normal(ours), *their_normal = name_normal(theirs);
	g_autoptr(GPtrArray) module = names_of_sign(search->calls, 1),
			     vmlinux = names_of_sign(search->calls, -1);
	const char *our_name, *their_name;

	if (strcmp(our_normal, their_normal))
		search->detail = g_strdup_printf("is %s, in vmlinux %s", ours, theirs);
	else if (find_clones(module, vmlinux, &our_name, &their_name))
		search->detail = g_strdup_printf("calls %s, vmlinux %s", our_name, their_name);
	else if ((our_name = own_part(search->pair, module)))
		search->detail = g_strdup_printf("is divided: part of it is %s", our_name);
	else if ((their_name = own_part(search->pair, vmlinux)))
		search->detail =
			g_strdup_printf("is whole, vmlinux has part of it in %s", their_name);
	return search->detail != NULL;
}

/* --- inlining */

static int copies(struct inlines *inlines, const struct body *body, const char *name)
{
	g_autofree char *plain = name_plain(name);

	return inlines ? inlines_count(inlines, body->symbol->section, body->symbol->address, plain)
		       : -1;
}

static bool defines(const struct body *body, const char *name)
{
	const GPtrArray *symbols = side_named(body->side, name);

	for (guint i = 0; symbols && i < symbols->len; i++) {
		const struct image_symbol *symbol = symbols->pdata[i];

		if (side_is_function(body->side, symbol) && symbol->file && body->symbol->file &&
		    !strcmp(symbol->file, body->symbol->file))
			return true;
	}
	return false;
}

/*
 * Whether the function can have been inlined: for vmlinux the report says so; otherwise, by the
 * symbols, it must be defined in the same unit.
 */
static bool can_be_inlined(const struct cause_search *search, const char *name, bool in_vmlinux)
{
	const struct pair *pair = search->pair;
	g_autofree char *caller = name_plain(pair->vmlinux->symbol->name),
			*callee = name_plain(name);

	if (in_vmlinux && search->evidence->reported)
		return reported_is_inlined(search->evidence->reported, caller, callee);
	return defines(pair->module, name) || (in_vmlinux && defines(pair->vmlinux, name));
}

/* Debug information decides for certain, if there is any. */
static bool is_inlined(const struct cause_search *search, const char *name, bool in_vmlinux)
{
	int ours = copies(search->evidence->module, search->pair->module, name);
	int theirs = copies(search->evidence->vmlinux, search->pair->vmlinux, name);

	if (in_vmlinux ? theirs >= 0 : ours >= 0)
		return in_vmlinux ? theirs > MAX(ours, 0) : ours > MAX(theirs, 0);
	return can_be_inlined(search, name, in_vmlinux);
}

static bool is_inlining(struct cause_search *search, bool in_vmlinux)
{
	g_autoptr(GPtrArray) names = names_of_sign(search->calls, in_vmlinux ? 1 : -1);

	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];

		if (name_is_cold(name) || !is_inlined(search, name, in_vmlinux))
			continue;
		search->detail =
			g_strdup_printf(in_vmlinux ? "calls %s, which vmlinux has inlined here"
						   : "has inlined %s, which vmlinux calls here",
					name);
		return true;
	}
	return false;
}

static bool is_inlined_in_vmlinux(struct cause_search *search)
{
	return is_inlining(search, true);
}

static bool is_inlined_in_module(struct cause_search *search)
{
	return is_inlining(search, false);
}

/* --- folded constants */

/* The initial value of a variable; false if it has none or one of more than 8 bytes. */
static bool initial_value(const struct side *side, const struct image_symbol *symbol,
			  uint64_t *value)
{
	const struct image_section *section = image_section(side->code, symbol->section);
	const uint8_t *bytes =
		image_bytes(side->code, symbol->section, symbol->address, symbol->size);

	*value = 0;
	if (!section || symbol->size == 0 || symbol->size > 8 || section->is_code)
		return false;
	for (uint64_t i = 0; bytes && i < symbol->size; i++)
		*value |= (uint64_t)bytes[i] << 8 * i;
	return bytes || !section->has_bytes;
}

static bool is_number(const struct body *body, const struct body_line *line, guint field)
{
	return !line->instruction->fields[field].is_relative &&
	       line->targets[field].kind == TARGET_NUMBER && !target_name(body, line, field, NULL);
}

/* True if a line without a partner holds that number. */
static bool has_number(const struct body *body, const int *partners, uint64_t value, uint64_t size)
{
	uint64_t mask = size < 8 ? ((uint64_t)1 << 8 * size) - 1 : UINT64_MAX;

	for (guint i = 0; i < body->lines->len; i++) {
		const struct body_line *line = body_line(body, i);

		for (guint k = 0; partners[i] < 0 && k < line->instruction->field_count; k++)
			if (is_number(body, line, k) &&
			    (line->instruction->fields[k].value & mask) == (value & mask))
				return true;
	}
	return false;
}

/*
 * True if `holder` mentions the variable and the other body has its value instead. `partners` are
 * those of the other body's lines.
 */
static bool is_folded_variable(const struct body *holder, const struct body *other,
			       const int *partners, const char *name)
{
	const struct side *side = side_named(holder->side, name) ? holder->side : other->side;
	const GPtrArray *symbols = side_named(side, name);

	for (guint i = 0; symbols && i < symbols->len; i++) {
		const struct image_symbol *symbol = symbols->pdata[i];
		uint64_t value;

		if (symbol->is_object && initial_value(side, symbol, &value) &&
		    has_number(other, partners, value, symbol->size))
			return true;
	}
	return false;
}

/* The first of the names whose value the other body has. */
static const char *folded_name(const GPtrArray *names, const struct body *holder,
			       const struct body *other, const int *partners)
{
	for (guint i = 0; i < names->len; i++)
		if (is_folded_variable(holder, other, partners, names->pdata[i]))
			return names->pdata[i];
	return NULL;
}

/*
 * If each side mentions a name that the other does not, one name took the place of the other, and
 * nothing was folded.
 */
static bool is_folded(struct cause_search *search)
{
	const struct pair *pair = search->pair;
	g_autoptr(GPtrArray) module = names_of_sign(search->data, 1),
			     vmlinux = names_of_sign(search->data, -1);
	const char *name;

	if (module->len && vmlinux->len)
		return false;
	if ((name = folded_name(module, pair->module, pair->vmlinux, pair->back)))
		search->detail =
			g_strdup_printf("loads %s, whose value vmlinux has folded in", name);
	else if ((name = folded_name(vmlinux, pair->vmlinux, pair->module, pair->partners)))
		search->detail =
			g_strdup_printf("has the value of %s folded in, which vmlinux loads", name);
	return search->detail != NULL;
}

/* --- cold parts */

static bool has_cold(const struct body *body)
{
	g_autofree char *normal = name_normal(body->symbol->name);
	g_autofree char *cold = g_str_has_suffix(normal, ".cold")
					? g_strdup(normal)
					: g_strconcat(normal, ".cold", NULL);
	const GPtrArray *symbols = side_named(body->side, cold);

	for (guint i = 0; symbols && i < symbols->len; i++)
		if (!g_strcmp0(((const struct image_symbol *)symbols->pdata[i])->file,
			       body->symbol->file) ||
		    !body->symbol->file)
			return true;
	return false;
}

/* True if the line only jumps to the other part of its function. */
static bool is_part_jump(const struct body *body, const struct body_line *line)
{
	const char *name =
		line->instruction->field_count == 1 && line->instruction->fields[0].is_branch
			? target_name(body, line, 0, NULL)
			: NULL;
	g_autofree char *ours = name_plain(body->symbol->name),
			*theirs = name ? name_plain(name) : NULL;

	return theirs && !strcmp(ours, theirs) &&
	       name_is_cold(name) != name_is_cold(body->symbol->name);
}

static bool are_part_jumps(const struct body *body, const int *partners)
{
	for (guint i = 0; i < body->lines->len; i++)
		if (partners[i] < 0 && !is_part_jump(body, body_line(body, i)))
			return false;
	return true;
}

static bool is_cold(struct cause_search *search)
{
	const struct pair *pair = search->pair;
	bool ours = has_cold(pair->module), theirs = has_cold(pair->vmlinux);

	if (ours != theirs)
		search->detail = g_strdup_printf("%s has a cold part of it, %s has not",
						 ours ? "the module" : "vmlinux",
						 ours ? "vmlinux" : "the module");
	else if (are_part_jumps(pair->module, pair->partners) &&
		 are_part_jumps(pair->vmlinux, pair->back))
		search->detail =
			g_strdup("only jumps between its hot and its cold part go elsewhere");
	return search->detail != NULL;
}

/* --- order and registers */

static bool is_order(struct cause_search *search)
{
	return order_is_another(search->pair, false);
}

static bool is_registers(struct cause_search *search)
{
	return order_is_another(search->pair, true);
}

static bool is_entry(struct cause_search *search)
{
	search->detail = edited_entry(search->pair);
	return search->detail != NULL;
}

static bool is_address(struct cause_search *search)
{
	search->detail = edited_address(search->pair);
	return search->detail != NULL;
}

static bool is_declared(struct cause_search *search)
{
	search->detail = edited_variable(search->pair);
	return search->detail != NULL;
}

static bool is_unexplained(struct cause_search *search)
{
	(void)search;
	return true;
}

/* --- all */

static const struct {
	enum compare_cause cause;
	bool (*holds)(struct cause_search *search); /* may set `detail` */
} rules[] = {
	{ CAUSE_SPRINGBOARD, is_springboard },
	{ CAUSE_WEAK, is_weak },
	{ CAUSE_PRIVATE, is_private },
	{ CAUSE_ENTRY, is_entry },
	{ CAUSE_CLONE, is_clone },
	{ CAUSE_INLINED_VMLINUX, is_inlined_in_vmlinux },
	{ CAUSE_INLINED_MODULE, is_inlined_in_module },
	{ CAUSE_FOLDED, is_folded },
	{ CAUSE_COLD, is_cold },
	{ CAUSE_ORDER, is_order },
	{ CAUSE_REGISTERS, is_registers },
	{ CAUSE_ADDRESS, is_address },
	{ CAUSE_DECLARED, is_declared },
	{ CAUSE_UNEXPLAINED, is_unexplained },
};

enum compare_cause cause_find(const struct pair *pair, const struct evidence *evidence,
			      char **detail)
{
	struct cause_search search;
	size_t i = 0;

	search_init(&search, pair, evidence);
	while (!rules[i].holds(&search))
		i++;
	*detail = search.detail ? search.detail : g_strdup(compare_cause_text(rules[i].cause));
	search_clear(&search);
	return rules[i].cause;
}
