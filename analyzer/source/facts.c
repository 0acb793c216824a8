// SPDX-License-Identifier: GPL-2.0-only
/*
 * The facts of a unit as one GVariant: packing, saving, loading, checking.
 *
 * The rows are structs of 32-bit words only. A GVariant array of tuples of "u" has exactly the same
 * layout, so it is used in place. The strings are one block of bytes, with a NUL after each. A
 * loaded file is not trusted: its hash must be right, GVariant replaces malformed parts by
 * defaults, and facts_are_sound() checks every index.
 */
#include "analyzer/source/facts.h"

#include <string.h>
#include <xxhash.h>

#define SYMBOL_ROW "(uuuuuuuuuuu)"
#define RECORD_ROW "(uuuuuu)"
#define MEMBER_ROW "(uuuuuuuu)"
#define USE_ROW "(uuuuuuuuuuuu)"
#define SLOT_ROW "(uuuuu)"
#define FLOW_ROW "(uu)"
#define INSTANCE_ROW "(uuuuu)"
#define ESCAPE_ROW "(uuu)"
#define INPUT_ROW "(uuuuu)"
#define FACTS_TYPE                                                                               \
	"(sssaya" SYMBOL_ROW "a" RECORD_ROW "a" MEMBER_ROW "a" USE_ROW "a" SLOT_ROW "a" FLOW_ROW \
	"a" INSTANCE_ROW "a" ESCAPE_ROW "a" INPUT_ROW ")"

/* Change this whenever a row or the meaning of a field changes. */
static const char facts_format[] = "plugsched-facts-6";

G_STATIC_ASSERT(sizeof(struct facts_symbol) == 11 * 4);
G_STATIC_ASSERT(sizeof(struct facts_record) == 6 * 4);
G_STATIC_ASSERT(sizeof(struct facts_member) == 8 * 4);
G_STATIC_ASSERT(sizeof(struct facts_use) == 12 * 4);
G_STATIC_ASSERT(sizeof(struct facts_slot) == 5 * 4);
G_STATIC_ASSERT(sizeof(struct facts_flow) == 2 * 4);
G_STATIC_ASSERT(sizeof(struct facts_instance) == 5 * 4);
G_STATIC_ASSERT(sizeof(struct facts_escape) == 3 * 4);
G_STATIC_ASSERT(sizeof(struct facts_input) == 5 * 4);

static GVariant *rows(const char *type, const GArray *array)
{
	return g_variant_new_fixed_array(G_VARIANT_TYPE(type), array->data, array->len,
					 g_array_get_element_size((GArray *)array));
}

/* Points `*rows_out` at child `i` of the tuple; the tuple keeps the memory. */
static gsize map_rows(GVariant *data, gsize i, gsize size, const void *rows_out)
{
	g_autoptr(GVariant) child = g_variant_get_child_value(data, i);
	gsize n = 0;

	*(const void **)rows_out = g_variant_get_fixed_array(child, &n, size);
	return n;
}

/* All strings one after the other, a NUL after each. */
static GVariant *string_block(const GPtrArray *strings)
{
	g_autoptr(GByteArray) block = g_byte_array_new();

	for (guint i = 0; i < strings->len; i++) {
		const char *string = g_ptr_array_index(strings, i);

		g_byte_array_append(block, (const guint8 *)string, (guint)strlen(string) + 1);
	}
	return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, block->data, block->len, 1);
}

static void map_strings(struct facts *f)
{
	const char *block = NULL, *end;
	gsize size = map_rows(f->data, 3, 1, &block);
	GPtrArray *strings = g_ptr_array_new();

	for (; size && (end = memchr(block, '\0', size));
	     size -= (gsize)(end + 1 - block), block = end + 1)
		g_ptr_array_add(strings, (gpointer)block);
	f->n_strings = strings->len;
	f->strings = (const char **)g_ptr_array_free(strings, FALSE);
}

static struct facts *facts_from_variant(GVariant *data)
{
	struct facts *f = g_new0(struct facts, 1);

	f->data = data;
	g_variant_get_child(data, 1, "&s", &f->source);
	g_variant_get_child(data, 2, "&s", &f->key);
	map_strings(f);
	f->n_symbols = map_rows(data, 4, sizeof(*f->symbols), &f->symbols);
	f->n_records = map_rows(data, 5, sizeof(*f->records), &f->records);
	f->n_members = map_rows(data, 6, sizeof(*f->members), &f->members);
	f->n_uses = map_rows(data, 7, sizeof(*f->uses), &f->uses);
	f->n_slots = map_rows(data, 8, sizeof(*f->slots), &f->slots);
	f->n_flows = map_rows(data, 9, sizeof(*f->flows), &f->flows);
	f->n_instances = map_rows(data, 10, sizeof(*f->instances), &f->instances);
	f->n_escapes = map_rows(data, 11, sizeof(*f->escapes), &f->escapes);
	f->n_inputs = map_rows(data, 12, sizeof(*f->inputs), &f->inputs);
	return f;
}

struct facts *facts_new(const struct facts_tables *t)
{
	GVariant *children[] = {
		g_variant_new_string(facts_format), g_variant_new_string(t->source),
		g_variant_new_string(t->key),       string_block(t->strings),
		rows(SYMBOL_ROW, t->symbols),       rows(RECORD_ROW, t->records),
		rows(MEMBER_ROW, t->members),       rows(USE_ROW, t->uses),
		rows(SLOT_ROW, t->slots),           rows(FLOW_ROW, t->flows),
		rows(INSTANCE_ROW, t->instances),   rows(ESCAPE_ROW, t->escapes),
		rows(INPUT_ROW, t->inputs),
	};
	GVariant *data = g_variant_new_tuple(children, G_N_ELEMENTS(children));

	g_variant_ref_sink(data);
	g_variant_get_data(data); /* serialise now, which frees the children's memory */
	return facts_from_variant(data);
}

void facts_free(struct facts *f)
{
	if (!f)
		return;
	g_free(f->strings);
	g_variant_unref(f->data);
	g_free(f);
}

/* On disk a file is the hash of the GVariant's bytes, then those bytes. */
bool facts_save(const struct facts *f, const char *path, GError **error)
{
	gsize size = g_variant_get_size(f->data);
	XXH64_hash_t hash = XXH3_64bits(g_variant_get_data(f->data), size);
	g_autoptr(GByteArray) file = g_byte_array_sized_new((guint)(size + sizeof(hash)));

	g_byte_array_append(file, (const guint8 *)&hash, sizeof(hash));
	g_byte_array_append(file, g_variant_get_data(f->data), (guint)size);
	return g_file_set_contents_full(path, (const char *)file->data, (gssize)file->len,
					G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

/* The bytes after the hash if the hash is theirs, else NULL. */
static GBytes *checked_bytes(GBytes *file)
{
	XXH64_hash_t hash;
	gsize size;
	const guint8 *data = g_bytes_get_data(file, &size);

	if (size < sizeof(hash))
		return NULL;
	memcpy(&hash, data, sizeof(hash));
	if (hash != XXH3_64bits(data + sizeof(hash), size - sizeof(hash)))
		return NULL;
	return g_bytes_new_from_bytes(file, sizeof(hash), size - sizeof(hash));
}

static bool symbols_are_sound(const struct facts *f)
{
	for (gsize i = 0; i < f->n_symbols; i++) {
		const struct facts_symbol *s = &f->symbols[i];

		if (s->name >= f->n_strings || s->file >= f->n_strings || s->type >= f->n_strings ||
		    s->prototype >= f->n_strings || s->section >= f->n_strings ||
		    s->alias >= f->n_strings || s->label >= f->n_strings ||
		    (s->owner != FACTS_NONE && s->owner >= f->n_symbols))
			return false;
	}
	return true;
}

static bool records_are_sound(const struct facts *f)
{
	for (gsize i = 0; i < f->n_records; i++)
		if (f->records[i].name >= f->n_strings || f->records[i].file >= f->n_strings)
			return false;
	for (gsize i = 0; i < f->n_members; i++) {
		const struct facts_member *m = &f->members[i];

		if (m->record >= f->n_records || m->name >= f->n_strings || m->type >= f->n_strings)
			return false;
	}
	return true;
}

static bool target_is_sound(const struct facts *f, const struct facts_use *u)
{
	switch (u->target_kind) {
	case FACTS_TARGET_NONE:
		return true;
	case FACTS_TARGET_SYMBOL:
		return u->target < f->n_symbols;
	case FACTS_TARGET_MEMBER:
		return u->target < f->n_members;
	default:
		return false;
	}
}

static bool sink_is_sound(const struct facts *f, const struct facts_use *u)
{
	switch (u->sink) {
	case FACTS_SINK_INIT:
	case FACTS_SINK_ASSIGN:
		return u->sink_target < f->n_members;
	case FACTS_SINK_ARGUMENT:
		return u->sink_target == FACTS_NONE || u->sink_target < f->n_symbols;
	default:
		return u->sink <= FACTS_SINK_RETURN;
	}
}

static bool uses_are_sound(const struct facts *f)
{
	for (gsize i = 0; i < f->n_uses; i++) {
		const struct facts_use *u = &f->uses[i];

		if ((u->from != FACTS_NONE && u->from >= f->n_symbols) ||
		    u->kind > FACTS_READ_WRITE || u->file >= f->n_strings ||
		    u->sink_name >= f->n_strings || u->type >= f->n_strings ||
		    (u->slot != FACTS_NONE && u->slot >= f->n_slots) || !target_is_sound(f, u) ||
		    !sink_is_sound(f, u))
			return false;
	}
	return true;
}

static bool slot_is_sound(const struct facts *f, const struct facts_slot *s)
{
	/* an outer slot comes before the slots inside it, so that no chain is a ring */
	if (s->type >= f->n_strings ||
	    (s->outer != FACTS_NONE && s->outer >= (gsize)(s - f->slots)))
		return false;
	switch (s->kind) {
	case FACTS_SLOT_UNKNOWN:
		return true;
	case FACTS_SLOT_MEMBER:
		return s->of < f->n_members;
	case FACTS_SLOT_ARGUMENT:
		return s->of < f->n_strings;
	default:
		return s->kind < FACTS_SLOT_ARGUMENT && s->of < f->n_symbols;
	}
}

/*
 * How deep slots may nest. It allows for any real source, and bounds the recursion of whoever
 * follows a chain of outer slots.
 */
#define SLOT_DEPTH 200

static bool slots_are_sound(const struct facts *f)
{
	g_autofree uint8_t *depth = g_new0(uint8_t, f->n_slots + 1);

	for (gsize i = 0; i < f->n_slots; i++) {
		if (!slot_is_sound(f, &f->slots[i]))
			return false;
		if (f->slots[i].outer != FACTS_NONE)
			depth[i] = (uint8_t)(depth[f->slots[i].outer] + 1);
		if (depth[i] > SLOT_DEPTH)
			return false;
	}
	for (gsize i = 0; i < f->n_flows; i++)
		if (f->flows[i].from >= f->n_slots || f->flows[i].to >= f->n_slots)
			return false;
	return true;
}

static bool instances_are_sound(const struct facts *f)
{
	for (gsize i = 0; i < f->n_instances; i++) {
		const struct facts_instance *n = &f->instances[i];
		bool is_member = n->kind == FACTS_INSTANCE_MEMBER ||
				 n->kind == FACTS_INSTANCE_UNION ||
				 n->kind == FACTS_INSTANCE_KEPT_MEMBER;

		if (n->record >= f->n_records || n->kind > FACTS_INSTANCE_KEPT_VARIABLE ||
		    n->source >= f->n_strings || n->by >= (is_member ? f->n_members : f->n_symbols))
			return false;
	}
	return true;
}

static bool escapes_are_sound(const struct facts *f)
{
	for (gsize i = 0; i < f->n_escapes; i++) {
		const struct facts_escape *e = &f->escapes[i];

		if (e->kind > FACTS_ESCAPE_POINTER || e->slot >= f->n_slots ||
		    e->of >= (e->kind == FACTS_ESCAPE_POINTER ? f->n_slots : f->n_uses))
			return false;
	}
	return true;
}

static bool facts_are_sound(const struct facts *f)
{
	const char *format;

	g_variant_get_child(f->data, 0, "&s", &format);
	if (strcmp(format, facts_format) != 0 || f->n_strings == 0 || !symbols_are_sound(f) ||
	    !records_are_sound(f) || !slots_are_sound(f) || !uses_are_sound(f) ||
	    !instances_are_sound(f) || !escapes_are_sound(f))
		return false;
	for (gsize i = 0; i < f->n_inputs; i++)
		if (f->inputs[i].path >= f->n_strings)
			return false;
	return true;
}

struct facts *facts_from_bytes(GBytes *file)
{
	g_autoptr(GBytes) bytes = checked_bytes(file);
	struct facts *f;

	if (!bytes)
		return NULL;
	f = facts_from_variant(g_variant_ref_sink(
		g_variant_new_from_bytes(G_VARIANT_TYPE(FACTS_TYPE), bytes, FALSE)));
	if (facts_are_sound(f))
		return f;
	facts_free(f);
	return NULL;
}

struct facts *facts_load(const char *path)
{
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
	g_autoptr(GBytes) bytes = file ? g_mapped_file_get_bytes(file) : NULL;

	return bytes ? facts_from_bytes(bytes) : NULL;
}
