// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits: writable data is compared by name only; read-only data by name and by the bytes that no
 * relocation fills.
 */
#include "tools/compare/target.h"
#include "tools/compare/name.h"

#include <elf.h>
#include <string.h>

#define DATA_MAX 4096   /* largest anonymous table, in bytes */
#define CONSTANT_MAX 16 /* largest anonymous constant: what one instruction loads */
#define ASIDE_MAX 256   /* most bytes of code put aside */
/* how far before a symbol code may point on purpose, as the end of an array does */
#define NEIGHBOUR_MAX 64

/* --- numbers */

static bool is_same_number(uint64_t first, uint64_t second, unsigned size)
{
	uint64_t mask = size < 8 ? ((uint64_t)1 << 8 * size) - 1 : UINT64_MAX;

	return (first & mask) == (second & mask);
}

static uint64_t load(const uint8_t *bytes, unsigned size)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < size; i++)
		number |= (uint64_t)bytes[i] << 8 * i;
	return number;
}

static const uint8_t *linked_bytes(const struct image *code, uint64_t address, uint64_t size)
{
	const struct image_section *section = image_section_at(code, address);

	return section ? image_bytes(code, section->index, address, size) : NULL;
}

static bool is_inside(const struct image_symbol *symbol, uint64_t address)
{
	return address - symbol->address < symbol->size;
}

/*
 * True if the module has something at that place: code may also point before or behind a section.
 */
static bool has_place(const struct image *code, const struct target *target)
{
	const struct image_section *section = image_section(code, target->section);

	return section && target->value - section->address < section->size;
}

/* --- names */

static bool has_same_file(const struct image_symbol *symbol, const struct image_symbol *other)
{
	return symbol->file && other->file && !strcmp(symbol->file, other->file);
}

/* True if one of the namesakes is from the same file: then only those of that file can be meant. */
static bool has_namesake_in_file(const GPtrArray *namesakes, const struct image_symbol *symbol)
{
	for (guint i = 0; symbol && i < namesakes->len; i++)
		if (has_same_file(symbol, namesakes->pdata[i]))
			return true;
	return false;
}

/*
 * The symbol of that name in vmlinux that is `offset` bytes before `address`. `symbol` is the
 * module's symbol, or NULL.
 */
static const struct image_symbol *find_namesake(const struct pair *pair, const char *name,
						const struct image_symbol *symbol, int64_t offset,
						uint64_t address, unsigned size)
{
	const struct side *vmlinux = pair->vmlinux->side;
	g_autofree char *normal = name_normal(name);
	const GPtrArray *namesakes = side_named(vmlinux, normal);
	bool is_by_file = namesakes && has_namesake_in_file(namesakes, symbol);
	unsigned position = name_position(name);

	for (guint i = 0; namesakes && i < namesakes->len; i++) {
		const struct image_symbol *each = namesakes->pdata[i];

		if (is_same_number(each->address + offset, address, size) &&
		    (!is_by_file || has_same_file(symbol, each)) &&
		    (!position || image_symbol_position(vmlinux->code, each) == position))
			return each;
	}
	return NULL;
}

/*
 * True for the same part (hot or cold) of the same function, even if the
 * clones have different names.
 */
static bool is_same_part(const struct pair *pair, const struct target *target, uint64_t address)
{
	const struct image_section *section = image_section_at(pair->vmlinux->side->code, address);
	const struct image_symbol *part =
		section ? image_symbol_covering(pair->vmlinux->side->code, section->index, address)
			: NULL;
	g_autofree char *module = name_plain(pair->module->symbol->name);
	g_autofree char *vmlinux = name_plain(pair->vmlinux->symbol->name);
	g_autofree char *ours = target->symbol ? name_plain(target->symbol->name) : NULL;
	g_autofree char *theirs = part ? name_plain(part->name) : NULL;

	return ours && theirs && !strcmp(ours, module) && !strcmp(theirs, vmlinux) &&
	       name_is_cold(target->symbol->name) == name_is_cold(part->name) &&
	       target->offset == (int64_t)(address - part->address);
}

/* --- contents */

static bool is_same_string(const struct pair *pair, const struct target *target, uint64_t address)
{
	const struct image *module = pair->module->side->code, *vmlinux = pair->vmlinux->side->code;
	const struct image_section *section = image_section(module, target->section);

	for (uint64_t i = 0; target->value + i < section->size; i++) {
		const uint8_t *ours = image_bytes(module, target->section, target->value + i, 1);
		const uint8_t *theirs = linked_bytes(vmlinux, address + i, 1);

		if (!ours || !theirs || *ours != *theirs)
			return false;
		if (*ours == '\0')
			return true;
	}
	return false;
}

static const struct image_relocation *next_relocation(const GArray *relocations, uint64_t offset,
						      uint64_t end)
{
	guint i = relocations ? image_relocation_from(relocations, offset) : 0;
	const struct image_relocation *relocation = NULL;

	if (relocations && i < relocations->len)
		relocation = &g_array_index(relocations, struct image_relocation, i);
	return relocation && relocation->offset < end ? relocation : NULL;
}

static unsigned relocation_size(const struct image_relocation *relocation)
{
	return relocation->type == R_X86_64_64 || relocation->type == R_X86_64_PC64 ? 8 : 4;
}

/* Compares the bytes of the module that no relocation fills with those at `address`. */
static bool is_same_data(const struct pair *pair, uint32_t section, uint64_t start, uint64_t size,
			 uint64_t address)
{
	struct image *module = pair->module->side->code;
	const GArray *relocations = image_relocations(module, section, NULL);
	const uint8_t *ours = image_bytes(module, section, start, size);
	const uint8_t *theirs = linked_bytes(pair->vmlinux->side->code, address, size);

	for (uint64_t i = 0; ours && theirs && i < size;) {
		const struct image_relocation *relocation =
			next_relocation(relocations, start + i, start + size);
		uint64_t end = relocation ? relocation->offset - start : size;

		if (memcmp(ours + i, theirs + i, end - i) != 0)
			return false;
		i = relocation ? end + relocation_size(relocation) : size;
	}
	return ours && theirs;
}

/* True for data that never changes: read-only in the module, with contents. */
static bool is_constant(const struct image *code, const struct image_symbol *symbol)
{
	const struct image_section *section = symbol ? image_section(code, symbol->section) : NULL;

	return section && section->has_bytes && !section->is_writable && !section->is_code &&
	       symbol->size > 0;
}

static bool has_same_contents(const struct pair *pair, const struct image_symbol *ours,
			      const struct image_symbol *theirs)
{
	if (!is_constant(pair->module->side->code, ours))
		return true;
	return ours->size == theirs->size &&
	       is_same_data(pair, ours->section, ours->address, ours->size, theirs->address);
}

/* --- tables */

/* What an entry of a table leads to. A relative entry counts from the start of the table. */
static struct target entry_target(const struct image_relocation *relocation, uint64_t table)
{
	int64_t addend = relocation->addend;

	if (relocation->type == R_X86_64_PC32)
		addend -= (int64_t)(relocation->offset - table);
	return (struct target){ .kind = TARGET_PLACE,
				.section = relocation->section,
				.value = relocation->value + addend };
}

static uint64_t entry_address(const struct image_relocation *relocation, const uint8_t *bytes,
			      uint64_t table)
{
	uint64_t number = load(bytes, relocation_size(relocation));

	return relocation->type == R_X86_64_PC32 ? table + (uint64_t)(int64_t)(int32_t)number
						 : number;
}

/*
 * The relocation of an entry of a jump table: an anonymous place whose first bytes are a relocation
 * to a line of the function.
 */
static const struct image_relocation *table_entry(const struct pair *pair,
						  const struct target *target, uint64_t offset)
{
	const GArray *relocations =
		image_relocations(pair->module->side->code, target->section, NULL);
	const struct image_relocation *relocation =
		next_relocation(relocations, target->value + offset, target->value + offset + 1);
	struct target entry;

	if (!relocation)
		return NULL;
	entry = entry_target(relocation, target->value);
	return body_index(pair->module, entry.section, entry.value) >= 0 ? relocation : NULL;
}

static bool is_table(const struct pair *pair, const struct target *target)
{
	return target->kind == TARGET_PLACE && !target->symbol &&
	       has_place(pair->module->side->code, target) && table_entry(pair, target, 0);
}

static bool is_same_line(const struct pair *pair, int i, int j);

static bool is_same_table(const struct pair *pair, const struct target *target, uint64_t address)
{
	uint64_t size = side_extent(pair->module->side, target->section, target->value, DATA_MAX);
	const struct image_relocation *relocation;

	for (uint64_t i = 0; i < size && (relocation = table_entry(pair, target, i));
	     i += relocation_size(relocation)) {
		const uint8_t *bytes = linked_bytes(pair->vmlinux->side->code, address + i,
						    relocation_size(relocation));
		struct target entry = entry_target(relocation, target->value);
		uint64_t theirs = bytes ? entry_address(relocation, bytes, address) : 0;

		if (!bytes ||
		    !is_same_line(
			    pair, body_index(pair->module, entry.section, entry.value),
			    body_index(pair->vmlinux, pair->vmlinux->symbol->section, theirs)))
			return false;
	}
	return true;
}

/* --- code without a name, such as the code that static_cpu_has() puts aside */

static bool is_number_alike(const struct pair *pair, const struct target *target,
			    const struct instruction_field *ours,
			    const struct instruction_field *theirs);
static bool is_jump_alike(const struct pair *pair, const struct target *target,
			  const struct instruction_field *ours,
			  const struct instruction_field *theirs);

static bool is_aside(const struct pair *pair, const struct target *target)
{
	return target->kind == TARGET_PLACE && !target->symbol &&
	       has_place(pair->module->side->code, target) &&
	       image_section(pair->module->side->code, target->section)->is_code;
}

static bool is_same_aside_line(const struct pair *pair, const struct body_line *ours,
			       const struct body_line *theirs)
{
	if (ours->shape != theirs->shape)
		return false;
	for (guint k = 0; k < ours->instruction->field_count; k++) {
		const struct instruction_field *first = &ours->instruction->fields[k],
					       *second = &theirs->instruction->fields[k];

		if (is_aside(pair, &ours->targets[k]) ||
		    !is_number_alike(pair, &ours->targets[k], first, second) ||
		    !is_jump_alike(pair, &ours->targets[k], first, second))
			return false;
	}
	return true;
}

static bool is_same_aside(const struct pair *pair, const struct target *target, uint64_t address)
{
	uint64_t size = side_extent(pair->module->side, target->section, target->value, ASIDE_MAX);
	const struct image_section *section = image_section_at(pair->vmlinux->side->code, address);
	struct image_symbol first = {
		.name = "", .section = target->section, .address = target->value, .size = size
	};
	struct image_symbol second = { .name = "",
				       .section = section ? section->index : 0,
				       .address = address,
				       .size = size };
	struct body *ours = body_new(pair->module->side, &first, NULL);
	struct body *theirs = body_new(pair->vmlinux->side, &second, NULL);
	bool is_same = ours && theirs && ours->lines->len == theirs->lines->len;

	for (guint i = 0; is_same && i < ours->lines->len; i++)
		is_same = is_same_aside_line(pair, body_line(ours, i), body_line(theirs, i));
	body_free(ours);
	body_free(theirs);
	return is_same;
}

/* --- places */

static bool is_same_constant(const struct pair *pair, const struct target *target, uint64_t address)
{
	uint64_t size =
		side_extent(pair->module->side, target->section, target->value, CONSTANT_MAX);

	return is_same_data(pair, target->section, target->value, size, address);
}

/* True if the anonymous place is at the same distance from a symbol shortly behind or before it. */
static bool is_same_by_neighbour(const struct pair *pair, const struct target *target,
				 uint64_t address, unsigned size)
{
	const struct image *module = pair->module->side->code;

	for (int64_t distance = 1; distance <= NEIGHBOUR_MAX; distance++) {
		const struct image_symbol *behind =
			image_symbol_at(module, target->section, target->value + distance, NULL);
		const struct image_symbol *before =
			image_symbol_covering(module, target->section, target->value - distance);

		if (behind && find_namesake(pair, behind->name, behind, -distance, address, size))
			return true;
		if (before &&
		    find_namesake(pair, before->name, before,
				  (int64_t)(target->value - before->address), address, size))
			return true;
	}
	return false;
}

static bool is_same_anonymous(const struct pair *pair, const struct target *target,
			      uint64_t address, unsigned size)
{
	const struct image_section *section =
		image_section(pair->module->side->code, target->section);

	if (!has_place(pair->module->side->code, target))
		return is_same_by_neighbour(pair, target, address, size);
	if (section->is_strings)
		return is_same_string(pair, target, address);
	if (section->has_bytes && !section->is_writable && is_same_constant(pair, target, address))
		return true;
	return is_same_by_neighbour(pair, target, address, size);
}

static bool is_same_place(const struct pair *pair, const struct target *target, uint64_t address,
			  unsigned size)
{
	const struct image_symbol *theirs;

	if (!target->symbol)
		return is_same_anonymous(pair, target, address, size);
	theirs = find_namesake(pair, target->symbol->name, target->symbol, target->offset, address,
			       size);
	if (theirs)
		return has_same_contents(pair, target->symbol, theirs);
	return is_same_part(pair, target, address) ||
	       is_same_by_neighbour(pair, target, address, size);
}

/* --- lines */

/* True if a line within the function is meant, rather than the function itself. */
static bool is_internal(const struct pair *pair, const struct target *target,
			const struct instruction_field *field)
{
	const struct image_symbol *symbol = pair->module->symbol;

	return target->kind == TARGET_PLACE && target->section == symbol->section &&
	       is_inside(symbol, target->value) &&
	       (field->is_branch || target->value != symbol->address);
}

static bool is_number_alike(const struct pair *pair, const struct target *target,
			    const struct instruction_field *ours,
			    const struct instruction_field *theirs)
{
	unsigned size = theirs->is_relative ? 8 : theirs->size;

	if (ours->is_relative != theirs->is_relative ||
	    (!ours->is_relative && ours->size != theirs->size))
		return false;
	if (target->kind == TARGET_NUMBER)
		return !theirs->is_relative && target->value == theirs->value;
	if (target->kind == TARGET_NAME)
		return find_namesake(pair, target->name, NULL, (int64_t)target->value,
				     theirs->value, size);
	if (is_internal(pair, target, ours))
		return is_inside(pair->vmlinux->symbol, theirs->value);
	if (is_table(pair, target) || is_aside(pair, target))
		return linked_bytes(pair->vmlinux->side->code, theirs->value, 1);
	return is_same_place(pair, target, theirs->value, size);
}

bool target_numbers_alike(const struct pair *pair, guint i, guint our_field, guint j,
			  guint their_field)
{
	const struct body_line *ours = body_line(pair->module, i),
			       *theirs = body_line(pair->vmlinux, j);

	return is_number_alike(pair, &ours->targets[our_field],
			       &ours->instruction->fields[our_field],
			       &theirs->instruction->fields[their_field]);
}

/*
 * The bytes outside the fields must be equal, whatever the text says. Encodings of different
 * length, such as a short and a near jump, are not compared.
 */
static bool is_code_alike(const struct instruction *ours, const struct instruction *theirs)
{
	uint64_t in_field = 0;

	if (ours->length != theirs->length)
		return true;
	for (guint k = 0; k < ours->field_count; k++)
		in_field |= ((UINT64_C(1) << ours->fields[k].size) - 1) << ours->fields[k].offset;
	for (guint i = 0; i < ours->length; i++)
		if (!(in_field >> i & 1) && ours->bytes[i] != theirs->bytes[i])
			return false;
	return true;
}

bool target_lines_alike(const struct pair *pair, guint i, guint j)
{
	const struct body_line *ours = body_line(pair->module, i),
			       *theirs = body_line(pair->vmlinux, j);

	if (ours->shape != theirs->shape || !is_code_alike(ours->instruction, theirs->instruction))
		return false;
	for (guint k = 0; k < ours->instruction->field_count; k++)
		if (!target_numbers_alike(pair, i, k, j, k))
			return false;
	return true;
}

/* True if the lines are partners, or the next lines that have partners are. */
static bool is_same_line(const struct pair *pair, int i, int j)
{
	int count = (int)pair->module->lines->len, other = (int)pair->vmlinux->lines->len;

	if (i < 0 || j < 0)
		return false;
	while (i < count && pair->partners[i] < 0)
		i++;
	while (j < other && pair->back[j] < 0)
		j++;
	return i < count ? pair->partners[i] == j : j == other;
}

static bool is_jump_alike(const struct pair *pair, const struct target *target,
			  const struct instruction_field *ours,
			  const struct instruction_field *theirs)
{
	if (is_internal(pair, target, ours))
		return is_same_line(
			pair, body_index(pair->module, target->section, target->value),
			body_index(pair->vmlinux, pair->vmlinux->symbol->section, theirs->value));
	if (is_aside(pair, target))
		return is_same_aside(pair, target, theirs->value);
	return !is_table(pair, target) || is_same_table(pair, target, theirs->value);
}

bool target_jumps_alike(const struct pair *pair, guint i, guint j)
{
	const struct body_line *ours = body_line(pair->module, i),
			       *theirs = body_line(pair->vmlinux, j);

	for (guint k = 0; k < ours->instruction->field_count; k++)
		if (!is_jump_alike(pair, &ours->targets[k], &ours->instruction->fields[k],
				   &theirs->instruction->fields[k]))
			return false;
	return true;
}

const char *target_private(const struct pair *pair, guint i, guint j)
{
	const struct body_line *ours = body_line(pair->module, i),
			       *theirs = body_line(pair->vmlinux, j);

	for (guint k = 0; ours->shape == theirs->shape && k < ours->instruction->field_count; k++) {
		const struct target *target = &ours->targets[k];
		const struct instruction_field *field = &theirs->instruction->fields[k];
		const struct image_symbol *other;

		if (target->kind != TARGET_PLACE || !target->symbol)
			continue;
		other = find_namesake(pair, target->symbol->name, target->symbol, target->offset,
				      field->value, field->is_relative ? 8 : field->size);
		if (other && !has_same_contents(pair, target->symbol, other))
			return target->symbol->name;
	}
	return NULL;
}
