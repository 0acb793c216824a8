// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compilers and assembly make uses that no source shows: a call through a constant pointer that the
 * compiler made direct, a name within asm(""), a word in a section of its own. vmlinux tells all
 * branches, operands and words with the address of a function. The scheduler's own objects tell what
 * a word that is relative to its place leads to, and the operands that name variables: in vmlinux
 * such a number may be anything.
 *
 * Method: take the functions that get no jump (internal ones, and methods of scheduling classes) and
 * the internal variables, and search vmlinux and these objects for what leads to them from code or
 * data that stays. What was found becomes a use, and the graph is linked and solved again.
 */
#include "analyzer/leads.h"

#include "analyzer/select/select.h"
#include "graph/boundary.h"

#include <string.h>

struct names {
	GHashTable *functions; /* "FILE:NAME" -> struct graph_function *: the scheduler's */
	GHashTable *variables; /* address -> struct graph_variable *: likewise */
	GHashTable *globals;   /* "FILE:NAME" -> those that are no static locals */
	GHashTable *jumps;     /* set of addresses: there is a jump */
};

static char *name_key(const char *file, const char *name)
{
	return g_strdup_printf("%s:%s", file, name);
}

static struct names names_of(const struct graph *graph)
{
	struct names names = {
		.functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.variables = g_hash_table_new(NULL, NULL),
		.globals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.jumps = g_hash_table_new(NULL, NULL),
	};

	for (guint i = 0; i < graph->functions->len; i++) {
		struct graph_function *f = g_ptr_array_index(graph->functions, i);

		if (!f->node.is_scheduler)
			continue;
		g_hash_table_insert(names.functions, name_key(f->node.file, f->node.name), f);
		if (f->binary.symbol && boundary_needs_jump(graph, f))
			g_hash_table_add(names.jumps, GSIZE_TO_POINTER(f->binary.address));
	}
	for (guint i = 0; i < graph->variables->len; i++) {
		struct graph_variable *v = g_ptr_array_index(graph->variables, i);

		if (!v->node.is_scheduler || !v->binary.symbol)
			continue;
		g_hash_table_insert(names.variables, GSIZE_TO_POINTER(v->binary.address), v);
		if (!*v->owner)
			g_hash_table_insert(names.globals, name_key(v->node.file, v->node.name), v);
	}
	return names;
}

static const struct graph_function *function_of(const struct names *names,
						const struct binary_function *b)
{
	g_autofree char *key = name_key(b->file, b->name);

	return g_hash_table_lookup(names->functions, key);
}

/* True if its code in vmlinux does not run while the module is active. */
static bool is_gone(const struct graph_function *f)
{
	return f->node.class != GRAPH_EXTERNAL || f->node.reason == GRAPH_REASON_INIT_TEXT ||
	       f->node.reason == GRAPH_REASON_OVERRIDDEN;
}

/*
 * True if the variable's content in vmlinux leads nowhere: the module has one of its own, or fills
 * it, as the scheduling classes.
 */
static bool is_refilled(const struct graph_variable *v)
{
	return v->node.class != GRAPH_EXTERNAL || g_str_has_suffix(v->type, "struct sched_class");
}

static void sort_functions(const struct subject *s, const struct names *names,
			   const struct binary_hunt *hunt)
{
	for (guint i = 0; i < s->binary->functions->len; i++) {
		struct binary_function *b = g_ptr_array_index(s->binary->functions, i);
		const struct graph_function *f = function_of(names, b);

		if (!f || !is_gone(f))
			continue;
		g_hash_table_add(hunt->gone, b);
		/* an alias may have the jump */
		if (f->node.class == GRAPH_EXTERNAL || b->address != f->binary.address ||
		    g_hash_table_contains(names->jumps, GSIZE_TO_POINTER(b->address)))
			continue;
		g_hash_table_add(hunt->wanted, b);
		if (f->node.reason == GRAPH_REASON_UNUSED)
			g_hash_table_add(hunt->unused, b);
	}
}

/* Leaves out what lies in variables whose content does not matter. */
static void drop_refilled(GArray *leads, const struct names *names)
{
	for (guint i = leads->len; i-- > 0;) {
		const struct binary_lead *lead = &g_array_index(leads, struct binary_lead, i);
		const struct graph_variable *v =
			lead->is_code ? NULL
				      : g_hash_table_lookup(names->variables,
							    GSIZE_TO_POINTER(lead->address));

		if (v && is_refilled(v))
			g_array_remove_index(leads, i);
	}
}

/* --- the scheduler's own objects */

/* What is known of the symbols of one unit's object. */
struct unit_search {
	const struct subject *subject;
	const struct names *names;
	const struct tree_unit *unit;
	struct binary_object_hunt hunt;
	GHashTable *functions; /* symbol -> const struct binary_function * of the unit */
	GHashTable *variables; /* symbol -> const struct binary_variable * of the unit */
	GHashTable *targets;   /* symbol -> struct binary_lead *, with only its target: by name */
};

static void want(struct unit_search *s, const char *symbol, uint64_t address, uint64_t size,
		 const struct binary_lead *target, bool is_unused)
{
	g_autoptr(GArray) names =
		binary_other_names(s->subject->binary, symbol, address, size ? 1 : 0);
	guint n = names->len;

	for (guint i = 0; i <= n; i++) {
		const struct binary_name *other =
			i < n ? &g_array_index(names, struct binary_name, i) : NULL;
		char *name = (char *)(other ? other->name : symbol);

		if (other && (!other->is_typed || other->offset))
			continue;
		g_hash_table_add(s->hunt.wanted, name);
		if (is_unused)
			g_hash_table_add(s->hunt.unused, name);
		g_hash_table_insert(s->targets, name, g_memdup2(target, sizeof(*target)));
	}
}

static void sort_function(struct unit_search *s, const struct binary_hunt *hunt,
			  struct binary_function *b)
{
	const struct graph_function *f = function_of(s->names, b);
	bool is_own = strcmp(b->unit, s->unit->source) == 0;
	struct binary_lead target = { .to = b };

	if (is_own)
		g_hash_table_insert(s->functions, (gpointer)b->name, b);
	if (is_own && g_hash_table_contains(hunt->gone, b))
		g_hash_table_add(s->hunt.gone, (gpointer)b->name);
	if (f && b->symbol && g_hash_table_contains(hunt->wanted, b) && (is_own || !f->is_static))
		want(s, b->symbol, b->address, b->size, &target,
		     g_hash_table_contains(hunt->unused, b));
}

static void sort_variable(struct unit_search *s, struct binary_variable *b)
{
	g_autofree char *key = name_key(b->file, b->name);
	const struct graph_variable *v = g_hash_table_lookup(s->names->globals, key);
	const struct graph_variable *any =
		g_hash_table_lookup(s->names->variables, GSIZE_TO_POINTER(b->address));
	bool is_own = strcmp(b->unit, s->unit->source) == 0;
	struct binary_lead target = { .to_variable = b };

	if (!b->symbol)
		return;
	if (is_own)
		g_hash_table_insert(s->variables, (gpointer)b->symbol, b);
	if (is_own && any && is_refilled(any))
		g_hash_table_add(s->hunt.gone, (gpointer)b->symbol);
	if (v && strcmp(b->symbol, b->name) == 0 && v->node.class != GRAPH_EXTERNAL &&
	    (is_own || !v->is_static))
		want(s, b->symbol, b->address, b->size, &target,
		     v->node.reason == GRAPH_REASON_UNUSED);
}

/* Fills in who has the address. Returns false for the target itself. */
static bool fill_source(const struct unit_search *s, const struct binary_reference *reference,
			struct binary_lead *lead)
{
	g_autofree char *plain =
		reference->from ? g_strndup(reference->from, strcspn(reference->from, ".")) : NULL;
	const struct binary_function *f = NULL;
	const struct binary_variable *v = NULL;

	lead->is_code = reference->is_code;
	lead->from_file = s->unit->object;
	lead->from = reference->from      ? reference->from
		     : reference->is_code ? "code without a symbol"
					  : "data without a symbol";
	if (reference->from && reference->is_code)
		f = g_hash_table_lookup(s->functions, plain);
	else if (reference->from)
		v = g_hash_table_lookup(s->variables, reference->from);
	if (f || v) {
		lead->from = f ? f->name : v->name;
		lead->from_file = f ? f->file : v->file;
		lead->from_line = f ? f->line : v->line;
	}
	return !(f && f == lead->to) && !(v && v == lead->to_variable);
}

static void take_references(const struct unit_search *s, GArray *leads)
{
	g_autoptr(GArray) references = binary_find_references(
		s->subject->binary, s->subject->tree->build_dir, s->unit->object, &s->hunt);

	for (guint i = 0; i < references->len; i++) {
		const struct binary_reference *reference =
			&g_array_index(references, struct binary_reference, i);
		const struct binary_lead *target = g_hash_table_lookup(s->targets, reference->to);
		struct binary_lead lead = *target;

		if (fill_source(s, reference, &lead))
			g_array_append_val(leads, lead);
	}
}

static void search_unit(const struct subject *subject, const struct names *names,
			const struct binary_hunt *hunt, const struct tree_unit *unit, GArray *leads)
{
	struct unit_search s = {
		.subject = subject,
		.names = names,
		.unit = unit,
		.hunt = { g_hash_table_new(g_str_hash, g_str_equal),
			  g_hash_table_new(g_str_hash, g_str_equal),
			  g_hash_table_new(g_str_hash, g_str_equal) },
		.functions = g_hash_table_new(g_str_hash, g_str_equal),
		.variables = g_hash_table_new(g_str_hash, g_str_equal),
		.targets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
	};

	for (guint i = 0; i < subject->binary->functions->len; i++)
		sort_function(&s, hunt, g_ptr_array_index(subject->binary->functions, i));
	for (guint i = 0; i < subject->binary->variables->len; i++)
		sort_variable(&s, g_ptr_array_index(subject->binary->variables, i));
	take_references(&s, leads);
	g_hash_table_unref(s.hunt.wanted);
	g_hash_table_unref(s.hunt.gone);
	g_hash_table_unref(s.hunt.unused);
	g_hash_table_unref(s.functions);
	g_hash_table_unref(s.variables);
	g_hash_table_unref(s.targets);
}

static void search_objects(const struct subject *subject, const struct names *names,
			   const struct binary_hunt *hunt, GArray *leads)
{
	for (guint i = 0; i < subject->tree->units->len; i++) {
		const struct tree_unit *unit = subject_unit(subject, i);

		if (subject->roles[i] == SELECT_SCHEDULER && *subject_object_of(subject, unit))
			search_unit(subject, names, hunt, unit, leads);
	}
}

GArray *leads_find(const struct subject *subject, const struct graph *graph)
{
	struct names names = names_of(graph);
	struct binary_hunt hunt = {
		.wanted = g_hash_table_new(NULL, NULL),
		.gone = g_hash_table_new(NULL, NULL),
		.unused = g_hash_table_new(NULL, NULL),
	};
	GArray *leads;

	sort_functions(subject, &names, &hunt);
	leads = binary_find_leads(subject->binary, &hunt);
	drop_refilled(leads, &names);
	search_objects(subject, &names, &hunt, leads);
	g_hash_table_unref(hunt.wanted);
	g_hash_table_unref(hunt.gone);
	g_hash_table_unref(hunt.unused);
	g_hash_table_unref(names.functions);
	g_hash_table_unref(names.variables);
	g_hash_table_unref(names.globals);
	g_hash_table_unref(names.jumps);
	return leads;
}
