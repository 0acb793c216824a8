// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of facts on any bytes. A file begins with a hash of the rest, which no fuzzer would
 * guess, so the hash is computed here: an input is what follows it. Facts that are accepted must be
 * safe to use, so every index in them is followed.
 */
#include "test/fuzz/fuzz.h"

#include "analyzer/source/facts.h"

#include <string.h>
#include <xxhash.h>

static size_t length(const struct facts *f, uint32_t string)
{
	return strlen(f->strings[string]);
}

static size_t use_symbols(const struct facts *f)
{
	size_t sum = 0;

	for (gsize i = 0; i < f->n_symbols; i++) {
		const struct facts_symbol *s = &f->symbols[i];

		sum += length(f, s->name) + length(f, s->file) + length(f, s->type) +
		       length(f, s->section) + length(f, s->alias) + length(f, s->prototype);
		if (s->owner != FACTS_NONE)
			sum += f->symbols[s->owner].line;
	}
	return sum;
}

static size_t use_records(const struct facts *f)
{
	size_t sum = 0;

	for (gsize i = 0; i < f->n_records; i++)
		sum += length(f, f->records[i].name) + length(f, f->records[i].file);
	for (gsize i = 0; i < f->n_members; i++)
		sum += length(f, f->members[i].name) + length(f, f->members[i].type) +
		       f->records[f->members[i].record].size;
	return sum;
}

static size_t use_target(const struct facts *f, const struct facts_use *u)
{
	if (u->target_kind == FACTS_TARGET_SYMBOL)
		return f->symbols[u->target].line;
	return u->target_kind == FACTS_TARGET_MEMBER ? f->members[u->target].line : 0;
}

static size_t use_sink(const struct facts *f, const struct facts_use *u)
{
	if (u->sink == FACTS_SINK_INIT || u->sink == FACTS_SINK_ASSIGN)
		return f->members[u->sink_target].line;
	return u->sink == FACTS_SINK_ARGUMENT && u->sink_target != FACTS_NONE
		       ? f->symbols[u->sink_target].line
		       : 0;
}

static size_t use_uses(const struct facts *f)
{
	size_t sum = 0;

	for (gsize i = 0; i < f->n_uses; i++) {
		const struct facts_use *u = &f->uses[i];

		sum += length(f, u->file) + length(f, u->sink_name) + length(f, u->type) +
		       use_target(f, u) + use_sink(f, u);
		if (u->from != FACTS_NONE)
			sum += f->symbols[u->from].line;
		if (u->slot != FACTS_NONE)
			sum += f->slots[u->slot].index;
	}
	for (gsize i = 0; i < f->n_inputs; i++)
		sum += length(f, f->inputs[i].path);
	return sum;
}

static size_t use_slot(const struct facts *f, const struct facts_slot *s)
{
	switch (s->kind) {
	case FACTS_SLOT_UNKNOWN:
		return 0;
	case FACTS_SLOT_MEMBER:
		return f->members[s->of].line;
	case FACTS_SLOT_ARGUMENT:
		return length(f, s->of);
	default:
		return f->symbols[s->of].line;
	}
}

/* Checks that the chain of slots around a slot ends. */
static size_t use_slots(const struct facts *f)
{
	size_t sum = 0;

	for (gsize i = 0; i < f->n_slots; i++) {
		sum += length(f, f->slots[i].type) + use_slot(f, &f->slots[i]);
		for (uint32_t outer = f->slots[i].outer; outer != FACTS_NONE;
		     outer = f->slots[outer].outer)
			sum++;
	}
	for (gsize i = 0; i < f->n_flows; i++)
		sum += f->slots[f->flows[i].from].index + f->slots[f->flows[i].to].index;
	for (gsize i = 0; i < f->n_instances; i++)
		sum += length(f, f->instances[i].source) + f->records[f->instances[i].record].size;
	for (gsize i = 0; i < f->n_escapes; i++) {
		const struct facts_escape *e = &f->escapes[i];

		sum += f->slots[e->slot].index + (e->kind == FACTS_ESCAPE_POINTER
							  ? f->slots[e->of].index
							  : f->uses[e->of].line);
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile size_t sum; /* prevents the uses from being optimised away */
	XXH64_hash_t hash = XXH3_64bits(data, size);
	g_autoptr(GByteArray) file = g_byte_array_new();
	g_autoptr(GBytes) bytes = NULL;
	struct facts *facts;

	g_byte_array_append(file, (const guint8 *)&hash, sizeof(hash));
	g_byte_array_append(file, data, (guint)size);
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&file));
	facts = facts_from_bytes(bytes);
	if (facts)
		sum += strlen(facts->source) + strlen(facts->key) + use_symbols(facts) +
		       use_records(facts) + use_uses(facts) + use_slots(facts);
	facts_free(facts);
	return 0;
}
