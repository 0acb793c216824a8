// SPDX-License-Identifier: GPL-2.0-only
/* Reads the entries of a report's arrays: nodes, records, uses and sites. */
#include "emit/entry.h"

#include <string.h>

/* The words of each table are in the order of the enum or bool in graph.h that they stand for. */
static const char *const class_words[] = { "internal", "interface", "external" };
static const char *const use_words[] = { "call",       "indirect", "address", "read",  "write",
					 "read-write", "object",   "clone",   "escape" };
static const char *const layer_words[] = { "signature", "value", "member", "chain", "static-call" };
static const char *const linkage_words[] = { "external", "static" };
static const char *const storage_words[] = { "inherit", "private" };
static const char *const record_words[] = { "struct", "union" };
static const char *const instance_words[] = { "held", "stack", "pointer", "kept" };
static const char *const reason_words[] = {
#define REASON(symbol, code, text) [GRAPH_REASON_##symbol] = (code),
#include "graph/reasons.def"
#undef REASON
};

#define WORD(r, object, key, words) field_word(r, object, key, (words), G_N_ELEMENTS(words))

/* --- nodes */

static void add_pending(struct entry_reader *r, struct graph_node *node, const cJSON *object)
{
	struct pending pending = {
		.node = node,
		.entry = r->fields.entry,
		.array = r->fields.array,
		.place = r->fields.place,
		.via = field_optional(&r->fields, object, "via"),
		.holders = node->kind == GRAPH_FUNCTION
				   ? field_strings(&r->fields, object, "inlined_into")
				   : NULL,
	};

	if (pending.via || pending.holders)
		g_array_append_val(r->pending, pending);
}

/*
 * Makes the node of an entry, with the fields that all nodes have. NULL if another entry has its
 * id, which is a fault.
 */
static struct graph_node *take_node(struct entry_reader *r, enum graph_node_kind kind,
				    const cJSON *object)
{
	struct field_reader *f = &r->fields;
	const char *id = field_string(f, object, "id");
	struct graph_node *node;

	if (g_hash_table_contains(f->nodes, id)) {
		field_fail(f, "the id \"%s\" is that of another entry as well", id);
		return NULL;
	}
	node = graph_node(f->graph, kind, id, NULL);
	g_hash_table_insert(f->nodes, (gpointer)id, node);
	node->id = id;
	node->name = field_string(f, object, "name");
	node->file = field_string(f, object, "file");
	node->line = (unsigned)field_number(f, object, "line", true, G_MAXUINT);
	node->class = WORD(f, object, "class", class_words);
	node->reason = WORD(f, object, "reason", reason_words);
	node->why = field_string(f, object, "why");
	node->is_scheduler = field_bool(f, object, "scheduler");
	if (kind != GRAPH_FUNCTION && node->class == GRAPH_INTERFACE)
		field_fail(f, "data cannot be interface");
	add_pending(r, node, object);
	return node;
}

static uint64_t take_address(struct field_reader *f, const cJSON *object)
{
	const char *text = field_string(f, object, "address");
	char *end = NULL;
	uint64_t address = g_str_has_prefix(text, "0x") ? g_ascii_strtoull(text + 2, &end, 16) : 0;

	if (!end || end == text + 2 || *end)
		field_fail(f, "\"address\" is not a number like 0x1f");
	return address;
}

static void take_binary(struct field_reader *f, const cJSON *object, struct graph_binary *b)
{
	const cJSON *binary = cJSON_GetObjectItemCaseSensitive(object, "binary");

	if (!binary)
		return;
	if (!cJSON_IsObject(binary))
		field_fail(f, "\"binary\" is not an object");
	b->is_known = true;
	b->symbol = field_optional(f, binary, "symbol");
	if (b->symbol) {
		b->address = take_address(f, binary);
		b->size = field_number(f, binary, "size", true, G_MAXUINT64);
		b->room = field_number(f, binary, "room", false, G_MAXUINT64);
	}
	b->position = (unsigned)field_number(f, binary, "position", false, G_MAXUINT);
	b->cold = field_optional(f, binary, "cold");
	b->clones = field_strings(f, binary, "clones");
	b->ends_in = field_optional(f, binary, "ends_in");
	field_flags(f, binary, "flags", flags_binary, b);
}

static const char *string_or_empty(struct field_reader *f, const cJSON *object, const char *key)
{
	const char *text = field_optional(f, object, key);

	return text ? text : "";
}

static void take_unknown_calls(struct field_reader *f, const cJSON *object,
			       struct graph_function *function)
{
	g_autofree const char **signatures = field_strings(f, object, "unknown_calls");

	if (!signatures)
		return;
	function->unknown_calls = g_ptr_array_new();
	for (size_t i = 0; signatures[i]; i++)
		g_ptr_array_add(function->unknown_calls, (gpointer)signatures[i]);
}

void entry_function(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_function *function = graph_as_function(take_node(r, GRAPH_FUNCTION, object));

	if (!function)
		return;
	function->end_line = (unsigned)field_number(f, object, "end_line", false, G_MAXUINT);
	function->unit = string_or_empty(f, object, "unit");
	function->is_static = WORD(f, object, "linkage", linkage_words);
	function->signature = field_string(f, object, "signature");
	field_flags(f, object, "attributes", flags_function, function);
	function->section = string_or_empty(f, object, "section");
	function->alias = string_or_empty(f, object, "alias");
	function->objects = field_strings(f, object, "objects");
	take_binary(f, object, &function->binary);
	take_unknown_calls(f, object, function);
}

void entry_variable(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_variable *variable = graph_as_variable(take_node(r, GRAPH_VARIABLE, object));

	if (!variable)
		return;
	variable->unit = string_or_empty(f, object, "unit");
	variable->owner = string_or_empty(f, object, "owner");
	variable->is_static = WORD(f, object, "linkage", linkage_words);
	variable->type = field_string(f, object, "type");
	variable->section = string_or_empty(f, object, "section");
	field_flags(f, object, "attributes", flags_variable, variable);
	if (variable->node.is_scheduler)
		variable->is_private = WORD(f, object, "storage", storage_words);
	variable->objects = field_strings(f, object, "objects");
	take_binary(f, object, &variable->binary);
}

static char *record_key(const char *file, const char *name)
{
	return g_strconcat(file, ":", name, NULL);
}

void entry_record(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_record *record = g_new0(struct graph_record, 1);

	record->members = g_ptr_array_new();
	g_ptr_array_add(f->graph->records, record);
	record->name = field_string(f, object, "name");
	record->file = field_string(f, object, "file");
	record->is_union = WORD(f, object, "kind", record_words);
	record->size = (unsigned)field_number(f, object, "size", true, G_MAXUINT);
	record->align = (unsigned)field_number(f, object, "align", true, G_MAXUINT);
	record->class = WORD(f, object, "class", class_words);
	record->reason = WORD(f, object, "reason", reason_words);
	record->why = field_string(f, object, "why");
	record->is_scheduler = field_bool(f, object, "scheduler");
	if (!g_hash_table_insert(r->records, record_key(record->file, record->name), record))
		field_fail(f, "%s in %s is there twice", record->name, record->file);
}

void entry_member(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_member *member = graph_as_member(take_node(r, GRAPH_MEMBER, object));
	g_autofree char *key = NULL;
	struct graph_record *record;

	if (!member)
		return;
	member->record = field_string(f, object, "record");
	member->member = field_string(f, object, "member");
	member->type = field_string(f, object, "type");
	member->offset = (unsigned)field_number(f, object, "offset_bits", true, G_MAXUINT);
	member->width = (unsigned)field_number(f, object, "width_bits", false, G_MAXUINT);
	member->size = (unsigned)field_number(f, object, "size", false, G_MAXUINT);
	key = record_key(member->node.file, member->record);
	record = g_hash_table_lookup(r->records, key);
	if (!record) {
		field_fail(f, "\"record\" names \"%s\", which records does not have for its file",
			   member->record);
		return;
	}
	member->is_union = record->is_union;
	member->record_size = record->size;
	member->record_align = record->align;
	g_ptr_array_add(record->members, member);
}

/* --- entries that name nodes */

static void add_holders(struct entry_reader *r, const struct pending *pending)
{
	struct graph_function *function = graph_as_function(pending->node);

	if (!function || !pending->holders)
		return;
	function->inlined_into = g_ptr_array_new();
	for (size_t i = 0; pending->holders[i]; i++) {
		struct graph_node *holder =
			field_node(&r->fields, pending->holders[i], "inlined_into");

		if (holder)
			g_ptr_array_add(function->inlined_into, holder);
	}
}

void entry_resolve(struct entry_reader *r)
{
	for (guint i = 0; i < r->pending->len; i++) {
		const struct pending *pending = &g_array_index(r->pending, struct pending, i);

		r->fields.array = pending->array;
		r->fields.entry = pending->entry;
		r->fields.place = pending->place;
		if (pending->via)
			pending->node->via = field_node(&r->fields, pending->via, "via");
		add_holders(r, pending);
	}
	r->fields.array = NULL;
}

/* The node that an entry names under `key`, or NULL. With `is_function` it must be a function. */
static struct graph_node *take_end(struct field_reader *f, const cJSON *object, const char *key,
				   bool is_function)
{
	const char *id = field_optional(f, object, key);
	struct graph_node *node = id ? field_node(f, id, key) : NULL;

	if (node && is_function && node->kind != GRAPH_FUNCTION) {
		field_fail(f, "\"%s\" names %s, which is no function", key, node->id);
		return NULL;
	}
	return node;
}

/*
 * The order that the entry gives. Without one it is that of the previous call plus 1, or 0 if this
 * is the function's first call.
 */
static unsigned take_order(struct entry_reader *r, const cJSON *object,
			   const struct graph_node *from)
{
	unsigned order = from == r->last_from ? r->next_order : 0;

	if (cJSON_HasObjectItem(object, "order"))
		order = (unsigned)field_number(&r->fields, object, "order", true, G_MAXINT);
	r->next_order = order + 1;
	r->last_from = from;
	return order;
}

void entry_instance(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_instance instance = {
		.record = field_string(f, object, "record"),
		.file = string_or_empty(f, object, "file"),
		.kind = WORD(f, object, "kind", instance_words),
		.by = take_end(f, object, "by", false),
		.source = string_or_empty(f, object, "source"),
		.line = (unsigned)field_number(f, object, "line", true, G_MAXUINT),
	};

	if (!instance.by)
		field_fail(f, "\"by\" is missing");
	else if ((instance.kind == GRAPH_INSTANCE_STACK) != (instance.by->kind == GRAPH_FUNCTION) &&
		 instance.kind != GRAPH_INSTANCE_POINTER)
		field_fail(f, "\"by\" is nothing that the kind \"%s\" goes with",
			   graph_instance_kind_name(instance.kind));
	if (!f->error)
		graph_instance_add(f->graph, &instance);
}

void entry_use(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_use use = {
		.kind = WORD(f, object, "kind", use_words),
		.from = take_end(f, object, "from", false),
		.file = field_string(f, object, "file"),
		.line = (unsigned)field_number(f, object, "line", true, G_MAXUINT),
		.detail = field_optional(f, object, "detail"),
		.handed_to = take_end(f, object, "handed_to", true),
		.kept_in = take_end(f, object, "kept_in", false),
	};

	use.to = take_end(f, object, "to", use.kind == GRAPH_CALL || use.kind == GRAPH_CLONE);
	if (!use.to)
		field_fail(f, "\"to\" is missing");
	if (!use.from != (use.kind == GRAPH_OBJECT))
		field_fail(f, use.from ? "\"from\" is not null, as it is for kind object"
				       : "\"from\" is missing or null");
	if (use.kind == GRAPH_CALL) {
		field_flags(f, object, "flags", flags_call, &use);
		use.order = take_order(r, object, use.from);
	} else {
		field_flags(f, object, "flags", flags_address, &use);
	}
	if (!f->error)
		graph_use_add(f->graph, &use);
}

void entry_site(struct entry_reader *r, const cJSON *object)
{
	struct field_reader *f = &r->fields;
	struct graph_site wanted = {
		.from = take_end(f, object, "from", true),
		.file = field_string(f, object, "file"),
		.line = (unsigned)field_number(f, object, "line", true, G_MAXUINT),
		.signature = field_string(f, object, "signature"),
		.layer = WORD(f, object, "layer", layer_words),
		.is_partial =
			cJSON_HasObjectItem(object, "partial") && field_bool(f, object, "partial"),
	};
	struct graph_site *site;

	if (!wanted.from)
		field_fail(f, "\"from\" is missing or null");
	if (f->error)
		return;
	site = graph_site_add(f->graph, &wanted);
	field_nodes(f, object, "through", false, site->through);
	field_nodes(f, object, "targets", true, site->targets);
}
