// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes and uses as JSON objects.
 *
 * Keys that say nothing (no section, no alias, a flag that is not set) are left out; what the
 * schema requires is always there. Addresses are hex strings, since JSON numbers lose bits.
 */
#include "emit/json.h"

void json_add_string(cJSON *object, const char *key, const char *value)
{
	if (value)
		cJSON_AddStringToObject(object, key, value);
	else
		cJSON_AddNullToObject(object, key);
}

static void add_if(cJSON *object, const char *key, const char *value)
{
	if (value && *value)
		cJSON_AddStringToObject(object, key, value);
}

static void add_number(cJSON *object, const char *key, double value)
{
	cJSON_AddNumberToObject(object, key, value);
}

static void add_hex(cJSON *object, const char *key, uint64_t value)
{
	g_autofree char *text = g_strdup_printf("0x%" G_GINT64_MODIFIER "x", value);

	cJSON_AddStringToObject(object, key, text);
}

static void add_flag(cJSON *array, bool is_set, const char *name)
{
	if (is_set)
		cJSON_AddItemToArray(array, cJSON_CreateString(name));
}

/* Adds the array, or drops it if it is empty. */
static void add_array(cJSON *object, const char *key, cJSON *array)
{
	if (cJSON_GetArraySize(array))
		cJSON_AddItemToObject(object, key, array);
	else
		cJSON_Delete(array);
}

static void add_strings(cJSON *object, const char *key, const char **strings)
{
	cJSON *array = cJSON_CreateArray();

	for (; strings && *strings; strings++)
		cJSON_AddItemToArray(array, cJSON_CreateString(*strings));
	add_array(object, key, array);
}

static cJSON *json_node(const struct graph_node *node)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "id", node->id);
	json_add_string(object, "name", node->name);
	json_add_string(object, "file", node->file);
	add_number(object, "line", node->line);
	json_add_string(object, "class", graph_class_name(node->class));
	json_add_string(object, "reason", graph_reason_code(node->reason));
	json_add_string(object, "why", node->why);
	if (node->via)
		json_add_string(object, "via", node->via->id);
	cJSON_AddBoolToObject(object, "scheduler", node->is_scheduler);
	return object;
}

static gint compare_ids(gconstpointer left, gconstpointer right)
{
	return g_strcmp0(*(const char *const *)left, *(const char *const *)right);
}

static void add_holders(cJSON *object, const struct graph_function *f)
{
	cJSON *array = cJSON_CreateArray();
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (guint i = 0; f->inlined_into && i < f->inlined_into->len; i++) {
		const struct graph_node *holder = g_ptr_array_index(f->inlined_into, i);

		g_ptr_array_add(ids, (gpointer)holder->id);
	}
	g_ptr_array_sort(ids, compare_ids);
	for (guint i = 0; i < ids->len; i++)
		cJSON_AddItemToArray(array, cJSON_CreateString(g_ptr_array_index(ids, i)));
	add_array(object, "inlined_into", array);
}

static void add_binary_flags(cJSON *object, const struct graph_binary *b)
{
	cJSON *flags = cJSON_CreateArray();

	add_flag(flags, b->has_endbr, "endbr");
	add_flag(flags, b->has_fentry, "fentry");
	add_flag(flags, b->is_init, "init");
	add_flag(flags, b->is_noinstr, "noinstr");
	add_flag(flags, b->is_sched_text, "sched");
	add_flag(flags, b->is_exported, "exported");
	add_flag(flags, b->is_overridden, "overridden");
	add_flag(flags, b->is_percpu, "percpu");
	add_array(object, "flags", flags);
}

static void add_binary(cJSON *object, const struct graph_binary *b)
{
	cJSON *binary;

	if (!b->is_known)
		return;
	binary = cJSON_AddObjectToObject(object, "binary");
	json_add_string(binary, "symbol", b->symbol);
	if (b->symbol) {
		add_hex(binary, "address", b->address);
		add_number(binary, "size", (double)b->size);
	}
	if (b->symbol && b->room)
		add_number(binary, "room", (double)b->room);
	if (b->position)
		add_number(binary, "position", b->position);
	add_if(binary, "cold", b->cold);
	add_strings(binary, "clones", b->clones);
	add_binary_flags(binary, b);
}

static bool is_outside_use(const struct graph_use *use)
{
	return !use->from || !use->from->is_scheduler;
}

static void add_use_counts(cJSON *object, const struct graph_node *node)
{
	unsigned inside = 0, outside = 0;

	for (guint i = 0; i < node->uses_of->len; i++) {
		if (is_outside_use(g_ptr_array_index(node->uses_of, i)))
			outside++;
		else
			inside++;
	}
	add_number(object, "uses_inside", inside);
	add_number(object, "uses_outside", outside);
}

static void add_attributes(cJSON *object, const struct graph_function *f)
{
	cJSON *flags = cJSON_CreateArray();

	add_flag(flags, f->is_inline, "inline");
	add_flag(flags, f->is_weak, "weak");
	add_flag(flags, f->is_used, "used");
	add_flag(flags, f->is_syscall, "syscall");
	add_flag(flags, f->is_init, "init");
	add_flag(flags, f->is_noinstr, "noinstr");
	add_flag(flags, f->is_noreturn, "noreturn");
	add_flag(flags, f->is_endless, "endless");
	add_flag(flags, f->is_notrace, "notrace");
	add_array(object, "attributes", flags);
}

cJSON *json_function(const struct graph_function *f)
{
	cJSON *object = json_node(&f->node);

	if (f->end_line)
		add_number(object, "end_line", f->end_line);
	add_if(object, "unit", f->unit);
	json_add_string(object, "linkage", f->is_static ? "static" : "external");
	json_add_string(object, "signature", f->signature);
	add_attributes(object, f);
	add_if(object, "section", f->section);
	add_if(object, "alias", f->alias);
	add_use_counts(object, &f->node);
	add_strings(object, "objects", f->objects);
	add_binary(object, &f->binary);
	add_holders(object, f);
	return object;
}

cJSON *json_variable(const struct graph_variable *v)
{
	cJSON *object = json_node(&v->node);
	cJSON *flags = cJSON_CreateArray();

	add_if(object, "unit", v->unit);
	add_if(object, "owner", v->owner);
	json_add_string(object, "linkage", v->is_static ? "static" : "external");
	json_add_string(object, "type", v->type);
	add_if(object, "section", v->section);
	add_flag(flags, v->is_percpu, "percpu");
	add_flag(flags, v->is_const, "const");
	add_flag(flags, v->is_static_key, "static-key");
	add_array(object, "attributes", flags);
	if (v->node.is_scheduler)
		json_add_string(object, "storage", v->is_private ? "private" : "inherit");
	add_use_counts(object, &v->node);
	add_strings(object, "objects", v->objects);
	add_binary(object, &v->binary);
	return object;
}

cJSON *json_member(const struct graph_member *m)
{
	cJSON *object = json_node(&m->node);

	json_add_string(object, "record", m->record);
	json_add_string(object, "member", m->member);
	json_add_string(object, "type", m->type);
	add_number(object, "offset_bits", m->offset);
	if (m->width)
		add_number(object, "width_bits", m->width);
	add_use_counts(object, &m->node);
	return object;
}

cJSON *json_record(const struct graph_record *r)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "name", r->name);
	json_add_string(object, "file", r->file);
	json_add_string(object, "kind", r->is_union ? "union" : "struct");
	add_number(object, "size", r->size);
	add_number(object, "align", r->align);
	json_add_string(object, "class", graph_class_name(r->class));
	json_add_string(object, "why", r->why);
	cJSON_AddBoolToObject(object, "scheduler", r->is_scheduler);
	return object;
}

cJSON *json_use(const struct graph_use *use)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "from", use->from ? use->from->id : NULL);
	json_add_string(object, "to", use->to->id);
	json_add_string(object, "kind", graph_use_kind_name(use->kind));
	json_add_string(object, "file", use->file);
	add_number(object, "line", use->line);
	add_if(object, "detail", use->detail);
	return object;
}
