// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which code enters a function elsewhere than at its symbol, and which code or data leads to a
 * function though no source was seen to?
 *
 * The compiler makes clones of a function for some callers (NAME.constprop.0), and several units
 * may each have a copy of a header's function. A redirection writes one jump, at one symbol. Code
 * that branches to another entry continues in vmlinux's old code. Only the code itself shows this:
 * the assembler resolves a branch within a section and leaves no relocation.
 *
 * Method: at every offset of vmlinux's code, read four bytes as a distance and as an address, and
 * one byte as a distance. If the result is such an entry, the place is a candidate. Decode the
 * symbol around it with LLVM, from its beginning: the candidate counts if an operand lies there.
 * Where there is no symbol, or some bytes are not instructions, the candidate counts if the opcode
 * in front of it could be that of a branch. This may find too many entries, never too few.
 *
 * In data, every aligned word counts.
 *
 * Limits: a clone's address in data is not searched for, because compilers take a function's address
 * by its own symbol. Relative addresses in data are not searched for.
 */
#include "analyzer/binary/internal.h"

#include "base/decode/decode.h"
#include "base/search.h"

#include <string.h>

#define LOW_BITS (1 << 16)

struct branch_search {
	struct binary *binary;
	const GArray *pieces; /* by address */
	const struct image *image;
	/* address -> GPtrArray of const struct piece *: entries that no jump of ours would cover */
	GHashTable *entries;
	uint64_t lowest, highest; /* range of these addresses */
	/* true at the low 16 bits of each of these addresses: a fast test before `entries` */
	bool low_bits[LOW_BITS];
	/* takes a place that leads to an entry; `around` is the symbol there, or NULL */
	void (*take)(struct branch_search *s, const struct piece *entry,
		     const struct image_symbol *around, bool is_code);
	const struct binary_hunt *hunt; /* of binary_find_leads() */
	GArray *leads;                  /* struct binary_lead: what it finds */
	uint64_t decoded_at; /* address of the symbol that `decoded` belongs to; 0: none */
	GArray *decoded;     /* struct instruction; NULL if the symbol cannot be decoded */
};

/* A number in the code that may be an operand. */
struct number {
	uint32_t section;
	const uint8_t *bytes; /* the section's bytes, from its beginning */
	uint64_t begin;       /* address of the section */
	uint64_t offset;      /* offset of the number in the section */
	unsigned size;        /* size of the number, bytes */
	uint64_t target;      /* address that the number leads to */
};

/* --- entries that no redirection's jump would cover */

static char *function_key(const struct binary_function *function)
{
	return g_strdup_printf("%s:%s", function->file, function->name);
}

/* The functions whose own name is a symbol at several addresses, as a set of function_key(). */
static GHashTable *find_copied(const GArray *pieces)
{
	g_autoptr(GHashTable) first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTable *copied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *piece = &g_array_index(pieces, struct piece, i), *other;
		g_autofree char *key = NULL;

		if (piece->kind != PIECE_OWN)
			continue;
		key = function_key(piece->function);
		other = g_hash_table_lookup(first, key);
		if (!other)
			g_hash_table_insert(first, g_steal_pointer(&key), (gpointer)piece);
		else if (other->address != piece->address)
			g_hash_table_add(copied, g_steal_pointer(&key));
	}
	return copied;
}

static void add_entry(struct branch_search *s, const struct piece *piece)
{
	GPtrArray *list = g_hash_table_lookup(s->entries, GSIZE_TO_POINTER(piece->address));

	if (!list) {
		list = g_ptr_array_new();
		g_hash_table_insert(s->entries, GSIZE_TO_POINTER(piece->address), list);
	}
	g_ptr_array_add(list, (gpointer)piece);
	s->lowest = MIN(s->lowest, piece->address);
	s->highest = MAX(s->highest, piece->address);
	s->low_bits[piece->address % LOW_BITS] = true;
}

static void find_entries(struct branch_search *s)
{
	g_autoptr(GHashTable) copied = find_copied(s->pieces);

	for (guint i = 0; i < s->pieces->len; i++) {
		const struct piece *piece = &g_array_index(s->pieces, struct piece, i);
		g_autofree char *key = function_key(piece->function);

		if (piece->kind == PIECE_CLONE ||
		    (piece->kind == PIECE_OWN && g_hash_table_contains(copied, key)))
			add_entry(s, piece);
	}
}

/* --- which function a place belongs to */

static bool is_before(const void *piece, const void *address)
{
	return ((const struct piece *)piece)->address < *(const uint64_t *)address;
}

static const struct piece *piece_at(const GArray *pieces, uint64_t address)
{
	guint low = search_array(pieces, is_before, &address);

	if (low == pieces->len || g_array_index(pieces, struct piece, low).address != address)
		return NULL;
	return &g_array_index(pieces, struct piece, low);
}

static bool is_same_function(const struct binary_function *left,
			     const struct binary_function *right)
{
	return strcmp(left->name, right->name) == 0 && strcmp(left->file, right->file) == 0;
}

static void add_bypass(struct branch_search *s, const struct piece *entry,
		       const struct image_symbol *around, bool is_code)
{
	const struct piece *caller = around ? piece_at(s->pieces, around->address) : NULL;
	struct binary_bypass bypass = {
		.caller = around ? g_string_chunk_insert_const(s->binary->strings, around->name)
				 : "code without a symbol",
		.caller_file = "vmlinux",
		.entry = entry->symbol,
		.unit = entry->kind == PIECE_OWN ? entry->function->unit : NULL,
		.address = entry->address,
	};

	(void)is_code;
	if (caller && is_same_function(caller->function, entry->function))
		return;
	if (caller) {
		bypass.caller = caller->function->name;
		bypass.caller_file = caller->function->file;
		bypass.caller_line = caller->function->line;
	}
	g_array_append_val(entry->function->bypasses, bypass);
}

/* --- is it an operand? */

static bool has_undecoded(const GArray *instructions)
{
	for (guint i = 0; i < instructions->len; i++)
		if (g_str_has_prefix(g_array_index(instructions, struct instruction, i).text,
				     ".byte"))
			return true;
	return false;
}

/* The instructions of a symbol; NULL if some bytes are none. Valid until the next call. */
static const GArray *decode(struct branch_search *s, const struct image_symbol *symbol)
{
	if (s->decoded_at == symbol->address)
		return s->decoded;
	g_clear_pointer(&s->decoded, g_array_unref);
	s->decoded_at = symbol->address;
	s->decoded = symbol->size ? decode_symbol(s->image, symbol, NULL, NULL, NULL) : NULL;
	if (s->decoded && has_undecoded(s->decoded))
		g_clear_pointer(&s->decoded, g_array_unref);
	return s->decoded;
}

static bool has_operand(const GArray *instructions, const struct number *place)
{
	uint64_t address = place->begin + place->offset;

	for (guint i = 0; i < instructions->len; i++) {
		const struct instruction *each =
			&g_array_index(instructions, struct instruction, i);

		for (unsigned f = 0; f < each->field_count; f++)
			if (each->address + each->fields[f].offset == address &&
			    each->fields[f].size == place->size &&
			    each->fields[f].value == place->target)
				return true;
	}
	return false;
}

/* True if no lead to any of the entries is wanted from this symbol, so that it need not be decoded. */
static bool is_needless(const struct branch_search *s, const GPtrArray *entries,
			const struct image_symbol *around)
{
	const struct piece *piece = around ? piece_at(s->pieces, around->address) : NULL;

	if (!s->hunt || !piece || !g_hash_table_contains(s->hunt->gone, piece->function))
		return false;
	for (guint i = 0; i < entries->len; i++) {
		const struct piece *entry = g_ptr_array_index(entries, i);

		if (g_hash_table_contains(s->hunt->unused, entry->function))
			return false;
	}
	return true;
}

static void take_place(struct branch_search *s, const struct number *place)
{
	const GPtrArray *entries = g_hash_table_lookup(s->entries, GSIZE_TO_POINTER(place->target));
	const struct image_symbol *around;
	const GArray *instructions;

	if (!entries)
		return;
	around = image_symbol_covering(s->image, place->section, place->begin + place->offset);
	if (is_needless(s, entries, around))
		return;
	instructions = around ? decode(s, around) : NULL;
	if (instructions ? !has_operand(instructions, place)
			 : !arch_may_branch(place->bytes, place->offset, place->size))
		return;
	for (guint i = 0; i < entries->len; i++)
		s->take(s, g_ptr_array_index(entries, i), around, true);
}

/* --- the code */

/* Considers the place if an entry may be at `target`; nearly never is one. */
static void try_target(struct branch_search *s, struct number *place, unsigned size,
		       uint64_t target)
{
	if (target < s->lowest || target > s->highest || !s->low_bits[target % LOW_BITS])
		return;
	place->size = size;
	place->target = target;
	take_place(s, place);
}

static void search_section(struct branch_search *s, const struct image_section *section)
{
	struct number place = { .section = section->index, .begin = section->address };

	place.bytes = image_bytes(s->image, section->index, section->address, section->size);
	if (!place.bytes)
		return;
	for (uint64_t i = 0; i < section->size; i++) {
		uint64_t behind = section->address + i;
		int32_t number;

		place.offset = i;
		try_target(s, &place, 1, behind + 1 + (uint64_t)(int64_t)(int8_t)place.bytes[i]);
		if (section->size - i < sizeof(number))
			continue;
		memcpy(&number, place.bytes + i, sizeof(number));
		try_target(s, &place, 4, behind + sizeof(number) + (uint64_t)(int64_t)number);
		try_target(s, &place, 4, (uint64_t)(int64_t)number);
	}
}

static void search_code(struct branch_search *s)
{
	for (uint32_t i = 1; i < image_section_count(s->image); i++)
		if (image_section(s->image, i)->is_code && image_section(s->image, i)->is_loaded)
			search_section(s, image_section(s->image, i));
}

static int compare_pieces(gconstpointer left, gconstpointer right)
{
	const struct piece *first = left, *second = right;

	return first->address < second->address ? -1 : first->address > second->address;
}

static struct branch_search begin_search(struct binary *binary)
{
	const struct binary_state *state = binary->state;

	return (struct branch_search){
		.binary = binary,
		.pieces = state->pieces,
		.image = state->image,
		.entries =
			g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref),
		.lowest = UINT64_MAX,
	};
}

static void end_search(struct branch_search *s)
{
	g_clear_pointer(&s->decoded, g_array_unref);
	g_hash_table_unref(s->entries);
}

void branches_find(struct binary *binary)
{
	struct binary_state *state = binary->state;
	struct branch_search s;

	g_array_sort(state->pieces, compare_pieces);
	s = begin_search(binary);
	s.take = add_bypass;
	find_entries(&s);
	if (g_hash_table_size(s.entries))
		search_code(&s);
	end_search(&s);
}

/* --- what leads to a function's own symbol */

static void add_lead(struct branch_search *s, const struct piece *entry,
		     const struct image_symbol *around, bool is_code)
{
	const struct piece *piece = around ? piece_at(s->pieces, around->address) : NULL;
	struct binary_lead lead = {
		.to = entry->function,
		.from = around    ? g_string_chunk_insert_const(s->binary->strings, around->name)
			: is_code ? "code without a symbol"
				  : "data without a symbol",
		.from_file = "vmlinux",
		.is_code = is_code,
		.address = around ? around->address : 0,
	};

	if (piece && is_same_function(piece->function, entry->function))
		return;
	if (piece && g_hash_table_contains(s->hunt->gone, piece->function) &&
	    !g_hash_table_contains(s->hunt->unused, entry->function))
		return;
	if (piece) {
		lead.from = piece->function->name;
		lead.from_file = piece->function->file;
		lead.from_line = piece->function->line;
	}
	g_array_append_val(s->leads, lead);
}

/* Tables in which the kernel only looks up what is said of an address: symbols around them. */
static const char *const looked_up[][2] = {
	{ "__start_kprobe_blacklist", "__stop_kprobe_blacklist" },
	{ "__start_error_injection_whitelist", "__stop_error_injection_whitelist" },
	{ "__start_mcount_loc", "__stop_mcount_loc" },
};

static bool is_looked_up(const struct branch_search *s, uint64_t address)
{
	for (size_t i = 0; i < G_N_ELEMENTS(looked_up); i++)
		if (address >= binary_address_of(s->image, looked_up[i][0]) &&
		    address < binary_address_of(s->image, looked_up[i][1]))
			return true;
	return false;
}

static void search_words(struct branch_search *s, const struct image_section *section)
{
	const uint8_t *bytes =
		image_bytes(s->image, section->index, section->address, section->size);
	uint64_t word;

	for (uint64_t i = 0; bytes && i + sizeof(word) <= section->size; i += sizeof(word)) {
		const GPtrArray *entries;
		uint64_t address = section->address + i;

		memcpy(&word, bytes + i, sizeof(word));
		if (word < s->lowest || word > s->highest)
			continue;
		entries = g_hash_table_lookup(s->entries, GSIZE_TO_POINTER(word));
		for (guint e = 0; entries && !is_looked_up(s, address) && e < entries->len; e++)
			s->take(s, g_ptr_array_index(entries, e),
				image_symbol_covering(s->image, section->index, address), false);
	}
}

static void search_data(struct branch_search *s)
{
	for (uint32_t i = 1; i < image_section_count(s->image); i++) {
		const struct image_section *section = image_section(s->image, i);

		if (section->is_loaded && section->has_bytes && !section->is_code &&
		    !g_str_has_prefix(section->name, ".init"))
			search_words(s, section);
	}
}

GArray *binary_find_leads(struct binary *binary, const struct binary_hunt *hunt)
{
	struct branch_search s = begin_search(binary);

	s.take = add_lead;
	s.hunt = hunt;
	s.leads = g_array_new(FALSE, FALSE, sizeof(struct binary_lead));
	for (guint i = 0; i < s.pieces->len; i++) {
		const struct piece *piece = &g_array_index(s.pieces, struct piece, i);

		if (piece->kind == PIECE_OWN &&
		    g_hash_table_contains(hunt->wanted, piece->function))
			add_entry(&s, piece);
	}
	if (g_hash_table_size(s.entries)) {
		search_code(&s);
		search_data(&s);
	}
	end_search(&s);
	return s.leads;
}
