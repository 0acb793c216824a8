// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which members lie in the same bytes.
 *
 * Members of unions overlap, also of unnamed ones within a struct, as struct_group() makes. Only
 * members side by side are compared. If one of two that overlap is a record itself, the other also
 * overlaps the members of that record that lie in its bytes.
 *
 * Limits: of a record that several members have as their type, the members are the same nodes.
 */
#include "graph/overlap.h"

#include <string.h>

/*
 * So many parts of records are looked into by the very bits, for one member. More, which real records
 * do not have, are looked into once each, as a whole.
 */
#define MOST_PARTS 1024

struct overlap {
	GHashTable *members; /* "FILE:RECORD" -> GPtrArray of struct graph_member * */
	GHashTable *names;   /* RECORD -> the same, of all records of that name */
	GHashTable *others;  /* struct graph_member * -> GPtrArray of those that overlap it */
};

struct bits {
	uint64_t begin, end;
};

/* A member within overlapping bytes, and the bits of its record that overlap. */
struct part {
	const struct graph_member *member;
	struct bits bits;
};

/*
 * The bits that a member has from the start of its record. An array without a length has at least
 * one; what else has no size has none.
 */
static struct bits bits_of(const struct graph_member *m)
{
	uint64_t width = m->width ? m->width : (uint64_t)m->size * 8;

	if (!width && m->type && strchr(m->type, '['))
		width = 1;
	return (struct bits){ m->offset, m->offset + width };
}

static bool overlap_bits(struct bits left, struct bits right)
{
	return left.begin < left.end && right.begin < right.end && left.begin < right.end &&
	       right.begin < left.end;
}

bool graph_members_overlap(const struct graph_member *left, const struct graph_member *right)
{
	return left != right && strcmp(left->record, right->record) == 0 &&
	       strcmp(left->node.file, right->node.file) == 0 &&
	       overlap_bits(bits_of(left), bits_of(right));
}

static void pointers_free(gpointer data)
{
	g_ptr_array_unref(data);
}

static void add_to(GHashTable *table, char *key, struct graph_member *member)
{
	GPtrArray *members = g_hash_table_lookup(table, key);

	if (!members) {
		members = g_ptr_array_new();
		g_hash_table_insert(table, g_strdup(key), members);
	}
	g_ptr_array_add(members, member);
	g_free(key);
}

static void add_pair(struct overlap *o, struct graph_member *from, struct graph_member *to)
{
	GPtrArray *others = g_hash_table_lookup(o->others, from);

	if (!others) {
		others = g_ptr_array_new();
		g_hash_table_insert(o->others, from, others);
	}
	g_ptr_array_add(others, to);
}

/* The members of the record that the member is; NULL if it is none. */
static const GPtrArray *members_within(const struct overlap *o, const struct graph_member *m)
{
	g_autofree char *unnamed = g_strdup_printf("%s:%s.%s", m->node.file, m->record, m->member);
	const GPtrArray *members = g_hash_table_lookup(o->members, unnamed);
	g_autofree char *tag = NULL;
	const char *type = m->type;

	if (members || strchr(type, '*') || strchr(type, '('))
		return members;
	if (g_str_has_prefix(type, "const "))
		type += strlen("const ");
	if (g_str_has_prefix(type, "struct "))
		type += strlen("struct ");
	else if (g_str_has_prefix(type, "union "))
		type += strlen("union ");
	tag = g_strndup(type, strcspn(type, " ["));
	return g_hash_table_lookup(o->names, tag);
}

static guint hash_part(gconstpointer key)
{
	const struct part *part = key;

	return g_direct_hash(part->member) ^ (guint)(part->bits.begin * 31 + part->bits.end);
}

static gboolean is_same_part(gconstpointer left, gconstpointer right)
{
	const struct part *l = left, *r = right;

	return l->member == r->member && l->bits.begin == r->bits.begin &&
	       l->bits.end == r->bits.end;
}

/* Notes the part as seen. False if it was seen before: damaged facts can have records in circles. */
static bool see(GHashTable *seen, struct part *part)
{
	if (g_hash_table_size(seen) >= MOST_PARTS)
		part->bits = (struct bits){ 0, UINT64_MAX };
	return g_hash_table_add(seen, g_memdup2(part, sizeof(*part)));
}

/*
 * Notes that `from` overlaps the members within `around` that lie in its bits. Of an array of
 * records all members count.
 */
static void add_within(struct overlap *o, struct graph_member *from, struct part around,
		       GHashTable *seen)
{
	const struct graph_member *m = around.member;
	const GPtrArray *within = see(seen, &around) ? members_within(o, m) : NULL;
	bool is_array = strchr(m->type, '[') != NULL;

	for (guint i = 0; within && i < within->len; i++) {
		struct graph_member *inner = g_ptr_array_index(within, i);
		struct bits bits = around.bits,
			    shifted = { bits.begin > m->offset ? bits.begin - m->offset : 0,
					bits.end - m->offset };

		if (inner == from || (!is_array && !overlap_bits(shifted, bits_of(inner))))
			continue;
		add_pair(o, from, inner);
		add_within(o, from, (struct part){ inner, is_array ? bits_of(inner) : shifted },
			   seen);
	}
}

static void compare_all(struct overlap *o, const GPtrArray *members)
{
	for (guint i = 0; i < members->len; i++)
		for (guint k = 0; k < members->len; k++) {
			struct graph_member *from = g_ptr_array_index(members, i),
					    *to = g_ptr_array_index(members, k);
			g_autoptr(GHashTable) seen = NULL;

			if (!graph_members_overlap(from, to))
				continue;
			add_pair(o, from, to);
			seen = g_hash_table_new_full(hash_part, is_same_part, g_free, NULL);
			add_within(o, from, (struct part){ to, bits_of(from) }, seen);
		}
}

struct overlap *overlap_new(const struct graph *graph)
{
	struct overlap *o = g_new0(struct overlap, 1);
	GHashTableIter iter;
	gpointer members;

	o->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, pointers_free);
	o->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, pointers_free);
	o->others = g_hash_table_new_full(NULL, NULL, NULL, pointers_free);
	for (guint i = 0; i < graph->members->len; i++) {
		struct graph_member *m = g_ptr_array_index(graph->members, i);

		add_to(o->members, g_strconcat(m->node.file, ":", m->record, NULL), m);
		add_to(o->names, g_strdup(m->record), m);
	}
	g_hash_table_iter_init(&iter, o->members);
	while (g_hash_table_iter_next(&iter, NULL, &members))
		compare_all(o, members);
	return o;
}

void overlap_free(struct overlap *o)
{
	if (!o)
		return;
	g_hash_table_destroy(o->members);
	g_hash_table_destroy(o->names);
	g_hash_table_destroy(o->others);
	g_free(o);
}

const GPtrArray *overlap_of(const struct overlap *o, const struct graph_member *member)
{
	return g_hash_table_lookup(o->others, member);
}
