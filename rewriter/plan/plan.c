// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plan of an extraction.
 *
 * Method: first give each definition the fate that its class and its symbol ask for. Then walk from
 * the text that stays in the module along calls and data to find what else is needed. Of the
 * definitions without a symbol, functions are copied if they are needed and dropped if not.
 *
 * Limit: in the function that switches stacks, calls behind the switch do not count as the
 * module's: from the switch on vmlinux's __schedule runs.
 */
#include "rewriter/plan/plan.h"

#include "graph/boundary.h"

#include <string.h>

#define SWITCH_FUNCTION "__switch_to_asm" /* switches stacks: arch/x86/entry */

static const struct graph_binary *binary_of(const struct graph_node *node)
{
	return node->kind == GRAPH_FUNCTION ? &((const struct graph_function *)node)->binary
					    : &((const struct graph_variable *)node)->binary;
}

static bool is_static(const struct graph_node *node)
{
	return node->kind == GRAPH_FUNCTION ? ((const struct graph_function *)node)->is_static
					    : ((const struct graph_variable *)node)->is_static;
}

static bool is_in_header(const struct graph_node *node)
{
	return g_str_has_suffix(node->file, ".h");
}

/*
 * True if the node can be linked to. A weak definition that the linker overrode has no symbol of
 * its own, but its name has one. Of a function that vmlinux has only as a clone, no declaration
 * tells that the result is gone.
 */
static bool has_symbol(const struct graph_node *node)
{
	const char *symbol = binary_of(node)->symbol;
	bool is_clone = node->kind == GRAPH_FUNCTION && symbol && strchr(symbol, '.');

	return (symbol && !is_clone) || binary_of(node)->is_overridden;
}

const char *plan_symbol(const struct plan_entry *entry, unsigned *position)
{
	const struct graph_binary *binary = binary_of(entry->node);

	*position = binary->position;
	return binary->symbol ? binary->symbol : entry->node->name;
}

const char *plan_fate_name(enum plan_fate fate)
{
	static const char *const names[] = { "kept", "copied", "declared", "dropped", "class" };

	return names[fate];
}

static enum plan_fate function_fate(const struct graph_function *f)
{
	if (f->node.class != GRAPH_EXTERNAL)
		return PLAN_KEEP;
	if (f->node.reason == GRAPH_REASON_INIT_TEXT)
		return PLAN_DROP;
	if (is_in_header(&f->node))
		return PLAN_COPY;
	/* changed to a copy later if the module needs it */
	return has_symbol(&f->node) ? PLAN_DECLARE : PLAN_DROP;
}

static bool is_class_object(const struct graph_variable *v)
{
	return g_str_has_suffix(v->type, "struct sched_class");
}

static enum plan_fate variable_fate(const struct graph_variable *v)
{
	if (is_class_object(v))
		return PLAN_CLASS;
	if (v->is_private || (is_in_header(&v->node) && v->is_const))
		return PLAN_KEEP;
	return has_symbol(&v->node) ? PLAN_DECLARE : PLAN_DROP;
}

static char *variable_key(const char *file, const char *owner, const char *name, unsigned line)
{
	return *owner ? g_strdup_printf("%s:%s.%s:%u", file, owner, name, line)
		      : g_strdup_printf("%s:%s", file, name);
}

static void index_entry(struct plan *plan, struct plan_entry *entry)
{
	const struct graph_node *node = entry->node;
	const struct graph_variable *v = graph_as_variable((struct graph_node *)node);
	GHashTable *table = v ? plan->variables : plan->functions;

	g_hash_table_insert(plan->by_node, (gpointer)node, entry);
	g_hash_table_insert(table,
			    v ? variable_key(node->file, v->owner, node->name, node->line)
			      : g_strdup_printf("%s:%s", node->file, node->name),
			    entry);
	if (!is_static(node))
		g_hash_table_insert(table, g_strdup_printf(":%s", node->name), entry);
}

/*
 * Makes a label for vmlinux's symbol. It has no dots, because modpost cuts off a dot with a number
 * behind it.
 */
static const char *make_label(struct plan *plan, const char *symbol, unsigned position)
{
	g_auto(GStrv) parts = g_strsplit(symbol, ".", -1);
	g_autofree char *plain = g_strjoinv("__", parts);
	g_autofree char *suffix = position ? g_strdup_printf("__pos_%u", position) : g_strdup("");
	g_autofree char *label = g_strconcat(VMLINUX_PREFIX, plain, suffix, NULL);

	return g_string_chunk_insert(plan->strings, label);
}

/*
 * The label of an entry, or NULL if its plain name will do. A label is needed for statics of one
 * name, for static locals, and where the module defines the name itself.
 */
static const char *label_of(struct plan *plan, const struct plan_entry *entry)
{
	const struct graph_node *node = entry->node;
	unsigned position;
	const char *symbol = plan_symbol(entry, &position);

	if (!binary_of(node)->symbol || entry->fate == PLAN_DROP)
		return NULL;
	if (node->kind == GRAPH_FUNCTION && entry->fate == PLAN_KEEP)
		return entry->is_redirected ? make_label(plan, symbol, position) : NULL;
	if (strcmp(symbol, node->name) == 0 && (!position || !is_static(node)))
		return NULL;
	return make_label(plan, symbol, position);
}

static struct plan_entry *add_entry(struct plan *plan, const struct graph_node *node,
				    enum plan_fate fate)
{
	struct plan_entry *entry = g_new0(struct plan_entry, 1);

	entry->node = node;
	entry->fate = fate;
	g_ptr_array_add(plan->entries, entry);
	index_entry(plan, entry);
	return entry;
}

static void add_entries(struct plan *plan)
{
	for (guint i = 0; i < plan->graph->functions->len; i++) {
		const struct graph_function *f = g_ptr_array_index(plan->graph->functions, i);

		if (f->node.is_scheduler)
			add_entry(plan, &f->node, function_fate(f))->is_redirected =
				boundary_needs_jump(plan->graph, f) && f->binary.symbol;
	}
	for (guint i = 0; i < plan->graph->variables->len; i++) {
		const struct graph_variable *v = g_ptr_array_index(plan->graph->variables, i);

		if (v->node.is_scheduler)
			add_entry(plan, &v->node, variable_fate(v));
	}
}

/* True for a static function that only functions without a text in the module use. */
static bool has_lost_users(struct plan *plan, const struct plan_entry *entry)
{
	const struct graph_node *node = entry->node;

	if (node->kind != GRAPH_FUNCTION || node->class != GRAPH_INTERNAL || !is_static(node) ||
	    is_in_header(node) || !node->uses_of->len)
		return false;
	for (guint i = 0; i < node->uses_of->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_of, i);
		const struct plan_entry *user = use->from ? plan_of(plan, use->from) : NULL;

		if (!user || user->fate != PLAN_DROP)
			return false;
	}
	return true;
}

/* Drops what the compiler would call unused: what only init code used, which is dropped itself. */
static void drop_with_users(struct plan *plan)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (guint i = 0; i < plan->entries->len; i++) {
			struct plan_entry *entry = g_ptr_array_index(plan->entries, i);

			if (entry->fate != PLAN_KEEP || !has_lost_users(plan, entry))
				continue;
			entry->fate = PLAN_DROP;
			changed = true;
		}
	}
}

/* The position, among the function's calls, of the switch of stacks; UINT_MAX if it has none. */
static unsigned switch_order(const struct graph_node *node)
{
	for (guint i = 0; i < node->uses_by->len; i++) {
		const struct graph_use *use = g_ptr_array_index(node->uses_by, i);

		if (use->kind == GRAPH_CALL && strcmp(use->to->name, SWITCH_FUNCTION) == 0)
			return use->order;
	}
	return UINT_MAX;
}

/*
 * True for a function that waits only by a jump at its end, and for one without code of its own,
 * which is a part of its callers. Whether the module's code is such, too, is checked when it is
 * built (check.sh).
 */
static bool may_end_in_wait(const struct graph_node *node)
{
	return binary_of(node)->ends_in ||
	       (node->reason == GRAPH_REASON_WAITS && !binary_of(node)->symbol);
}

/*
 * Gives a definition that is needed and has no symbol a text in the module. False with `error` if
 * it must not be copied.
 */
static bool need_without_symbol(struct plan_entry *entry, const struct graph_node *user,
				GError **error)
{
	if (entry->node->reason == GRAPH_REASON_WAITS && may_end_in_wait(user)) {
		entry->fate = PLAN_COPY;
		return true;
	}
	switch (entry->node->kind == GRAPH_FUNCTION ? entry->node->reason : GRAPH_REASON_UNUSED) {
	case GRAPH_REASON_WAITS:
	case GRAPH_REASON_THREAD:
	case GRAPH_REASON_NORETURN:
	case GRAPH_REASON_NOINSTR:
	case GRAPH_REASON_INIT_TEXT:
		g_set_error(
			error, PLAN_ERROR, 0,
			"%s:%u: %s stays in vmlinux (%s), has no symbol there, and %s in the module uses it; make %s "
			"external too with --config of plugsched-analyze",
			entry->node->file, entry->node->line, entry->node->name,
			graph_reason_code(entry->node->reason), user->name, user->name);
		return false;
	default:
		entry->fate = entry->node->kind == GRAPH_FUNCTION ? PLAN_COPY : PLAN_KEEP;
		return true;
	}
}

/* True if the definition's text stays in the module, so that what it uses is needed. */
static bool has_text(const struct plan_entry *entry)
{
	return entry->fate == PLAN_KEEP || entry->fate == PLAN_COPY || entry->fate == PLAN_CLASS;
}

static bool need_uses(struct plan *plan, const struct plan_entry *user, GPtrArray *todo,
		      GError **error)
{
	unsigned last = switch_order(user->node);

	for (guint i = 0; i < user->node->uses_by->len; i++) {
		const struct graph_use *use = g_ptr_array_index(user->node->uses_by, i);
		struct plan_entry *entry = plan_of(plan, use->to);

		if (!entry || entry->is_needed || use->kind == GRAPH_CLONE ||
		    use->kind == GRAPH_ESCAPE || (use->kind == GRAPH_CALL && use->order > last))
			continue;
		if (entry->fate == PLAN_DROP && !need_without_symbol(entry, user->node, error))
			return false;
		entry->is_needed = true;
		if (has_text(entry))
			g_ptr_array_add(todo, entry);
	}
	return true;
}

/*
 * True if the walk starts at this entry. A private variable is needed only once something uses it,
 * unless a header defines it: then it is compiled in anyway.
 */
static bool is_root(const struct plan_entry *entry)
{
	return has_text(entry) && (entry->node->kind == GRAPH_FUNCTION ||
				   entry->fate == PLAN_CLASS || is_in_header(entry->node));
}

static bool find_needed(struct plan *plan, GError **error)
{
	g_autoptr(GPtrArray) todo = g_ptr_array_new();

	for (guint i = 0; i < plan->entries->len; i++) {
		struct plan_entry *entry = g_ptr_array_index(plan->entries, i);

		if (is_root(entry))
			g_ptr_array_add(todo, entry);
	}
	for (guint i = 0; i < todo->len; i++)
		if (!need_uses(plan, g_ptr_array_index(todo, i), todo, error))
			return false;
	return true;
}

/*
 * Finds functions whose address is taken in a header: the module compiles that code unchanged,
 * because the rewriter does not edit headers of the kernel.
 */
static void find_foreign_addresses(struct plan *plan)
{
	for (guint i = 0; i < plan->entries->len; i++) {
		struct plan_entry *entry = g_ptr_array_index(plan->entries, i);

		for (guint j = 0; entry->is_redirected && j < entry->node->uses_of->len; j++) {
			const struct graph_use *use = g_ptr_array_index(entry->node->uses_of, j);

			if (use->kind == GRAPH_ADDRESS && use->from && !use->from->is_scheduler &&
			    is_in_header(use->from))
				entry->is_foreign_address = true;
		}
	}
}

struct plan *plan_new(const struct graph *graph, GError **error)
{
	struct plan *plan = g_new0(struct plan, 1);

	plan->graph = graph;
	plan->entries = g_ptr_array_new_with_free_func(g_free);
	plan->by_node = g_hash_table_new(NULL, NULL);
	plan->functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	plan->variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	plan->strings = g_string_chunk_new(4096);
	add_entries(plan);
	drop_with_users(plan);
	if (!find_needed(plan, error)) {
		plan_free(plan);
		return NULL;
	}
	find_foreign_addresses(plan);
	for (guint i = 0; i < plan->entries->len; i++) {
		struct plan_entry *entry = g_ptr_array_index(plan->entries, i);

		entry->label = label_of(plan, entry);
	}
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	g_hash_table_destroy(plan->by_node);
	g_hash_table_destroy(plan->functions);
	g_hash_table_destroy(plan->variables);
	g_ptr_array_unref(plan->entries);
	g_string_chunk_free(plan->strings);
	g_free(plan);
}

struct plan_entry *plan_of(const struct plan *plan, const struct graph_node *node)
{
	return g_hash_table_lookup(plan->by_node, node);
}

struct plan_entry *plan_function(const struct plan *plan, const char *file, const char *name)
{
	g_autofree char *key = g_strdup_printf("%s:%s", file ? file : "", name);

	return g_hash_table_lookup(plan->functions, key);
}

struct plan_entry *plan_variable(const struct plan *plan, const char *file, const char *owner,
				 const char *name, unsigned line)
{
	g_autofree char *key = variable_key(file ? file : "", owner, name, line);

	return g_hash_table_lookup(plan->variables, key);
}

/* True if another block of the same function has a static local of that name. */
static bool has_namesake(const struct plan *plan, const struct graph_variable *v)
{
	for (guint i = 0; i < plan->entries->len; i++) {
		struct plan_entry *other = g_ptr_array_index(plan->entries, i);
		const struct graph_variable *o =
			graph_as_variable((struct graph_node *)other->node);

		if (o && o != v && strcmp(o->owner, v->owner) == 0 &&
		    strcmp(o->node.name, v->node.name) == 0 &&
		    strcmp(o->node.file, v->node.file) == 0)
			return true;
	}
	return false;
}

char *plan_variable_name(const struct plan *plan, const struct plan_entry *entry)
{
	const struct graph_variable *v = graph_as_variable((struct graph_node *)entry->node);

	if (!*v->owner)
		return g_strdup(v->node.name);
	if (has_namesake(plan, v))
		return g_strdup_printf("%s__%s__%u", v->owner, v->node.name, v->node.line);
	return g_strdup_printf("%s__%s", v->owner, v->node.name);
}

bool plan_can_name(const char *type, bool (*has_record)(const char *name, const void *data),
		   const void *data)
{
	static const char *const keywords[] = { "struct ", "union " };

	if (strstr(type, "enum ") || strchr(type, '('))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(keywords); i++)
		for (const char *at = type; (at = strstr(at, keywords[i]));) {
			g_autofree char *name = NULL;

			at += strlen(keywords[i]);
			name = g_strndup(at, strcspn(at, " *["));
			if (!has_record(name, data))
				return false;
		}
	return true;
}
