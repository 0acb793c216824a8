// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes JSON objects of nodes, records, uses and sites.
 *
 * A key that would say nothing (no section, no alias, a flag that is not set) is left out; what the
 * schema requires is always there. Addresses are hex strings, because JSON numbers lose bits.
 */
#include "emit/json.h"

#include "emit/flags.h"

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

/* Adds the array, or frees it if it is empty. */
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

/* Adds the ids of nodes as an array, or nothing if there are none. */
static void add_ids(cJSON *object, const char *key, const GPtrArray *nodes)
{
	cJSON *array = cJSON_CreateArray();

	for (guint i = 0; nodes && i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		cJSON_AddItemToArray(array, cJSON_CreateString(node->id));
	}
	add_array(object, key, array);
}

static void add_unknown_calls(cJSON *object, const struct graph_function *f)
{
	cJSON *array = cJSON_CreateArray();

	for (guint i = 0; f->unknown_calls && i < f->unknown_calls->len; i++)
		cJSON_AddItemToArray(array,
				     cJSON_CreateString(g_ptr_array_index(f->unknown_calls, i)));
	add_array(object, "unknown_calls", array);
}

/* Adds the names of the flags that are set in `of`. */
static void add_flags(cJSON *object, const char *key, const struct flag *flags, const void *of)
{
	cJSON *array = cJSON_CreateArray();

	for (; flags->name; flags++)
		if (*(const bool *)((const char *)of + flags->offset) != flags->is_inverted)
			cJSON_AddItemToArray(array, cJSON_CreateString(flags->name));
	add_array(object, key, array);
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
	add_if(binary, "ends_in", b->ends_in);
	add_flags(binary, "flags", flags_binary, b);
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

cJSON *json_function(const struct graph_function *f)
{
	cJSON *object = json_node(&f->node);

	if (f->end_line)
		add_number(object, "end_line", f->end_line);
	add_if(object, "unit", f->unit);
	json_add_string(object, "linkage", f->is_static ? "static" : "external");
	json_add_string(object, "signature", f->signature);
	add_flags(object, "attributes", flags_function, f);
	add_if(object, "section", f->section);
	add_if(object, "alias", f->alias);
	add_use_counts(object, &f->node);
	add_strings(object, "objects", f->objects);
	add_binary(object, &f->binary);
	add_ids(object, "inlined_into", f->inlined_into);
	add_unknown_calls(object, f);
	return object;
}

cJSON *json_variable(const struct graph_variable *v)
{
	cJSON *object = json_node(&v->node);

	add_if(object, "unit", v->unit);
	add_if(object, "owner", v->owner);
	json_add_string(object, "linkage", v->is_static ? "static" : "external");
	json_add_string(object, "type", v->type);
	add_if(object, "section", v->section);
	add_flags(object, "attributes", flags_variable, v);
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
	if (m->size)
		add_number(object, "size", m->size);
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
	json_add_string(object, "reason", graph_reason_code(r->reason));
	json_add_string(object, "why", r->why);
	cJSON_AddBoolToObject(object, "scheduler", r->is_scheduler);
	if (r->is_scheduler)
		cJSON_AddBoolToObject(object, "live", r->is_live);
	add_ids(object, "where", r->where);
	return object;
}

cJSON *json_instance(const struct graph_instance *instance)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "record", instance->record);
	add_if(object, "file", instance->file);
	json_add_string(object, "kind", graph_instance_kind_name(instance->kind));
	json_add_string(object, "by", instance->by->id);
	add_if(object, "source", instance->source);
	add_number(object, "line", instance->line);
	return object;
}

/* Adds what the solver needs to know about a use of a function or an escape, apart from its two ends. */
static void add_circumstances(cJSON *object, const struct graph_use *use, unsigned next)
{
	bool is_call = use->kind == GRAPH_CALL;

	add_flags(object, "flags", is_call ? flags_call : flags_address, use);
	if (is_call && use->order != next)
		add_number(object, "order", use->order);
	if (use->handed_to)
		json_add_string(object, "handed_to", use->handed_to->id);
	if (use->kept_in)
		json_add_string(object, "kept_in", use->kept_in->id);
}

cJSON *json_use(const struct graph_use *use, unsigned next)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "from", use->from ? use->from->id : NULL);
	json_add_string(object, "to", use->to->id);
	json_add_string(object, "kind", graph_use_kind_name(use->kind));
	json_add_string(object, "file", use->file);
	add_number(object, "line", use->line);
	add_if(object, "detail", use->detail);
	if ((use->to->kind == GRAPH_FUNCTION && use->kind != GRAPH_OBJECT) ||
	    use->kind == GRAPH_ESCAPE)
		add_circumstances(object, use, next);
	return object;
}

cJSON *json_site(const struct graph_site *site)
{
	cJSON *object = cJSON_CreateObject();

	json_add_string(object, "from", site->from->id);
	json_add_string(object, "file", site->file);
	add_number(object, "line", site->line);
	json_add_string(object, "signature", site->signature);
	json_add_string(object, "layer", graph_layer_name(site->layer));
	add_ids(object, "through", site->through);
	add_ids(object, "targets", site->targets);
	if (site->is_partial)
		cJSON_AddTrueToObject(object, "partial");
	return object;
}
