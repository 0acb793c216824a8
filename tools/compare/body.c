// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits: a relocation must be at the start of a number. A relocation of the module inside data
 * between instructions is refused.
 */
#include "tools/compare/body.h"

#include "base/search.h"

#include <elf.h>
#include <string.h>

G_DEFINE_QUARK(plugsched - body - error, body_error)

/*
 * The relocation types that code has: the width of the number, and whether it is
 * relative to its own place.
 */
static const struct relocation_type {
	uint32_t type;
	uint8_t size;
	bool is_relative;
} relocation_types[] = {
	{ R_X86_64_PC32, 4, true }, { R_X86_64_PLT32, 4, true }, { R_X86_64_PC64, 8, true },
	{ R_X86_64_PC8, 1, true },  { R_X86_64_32, 4, false },   { R_X86_64_32S, 4, false },
	{ R_X86_64_64, 8, false },
};

static const struct relocation_type *find_type(uint32_t type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(relocation_types); i++)
		if (relocation_types[i].type == type)
			return &relocation_types[i];
	return NULL;
}

/* --- what numbers lead to */

/* True for names that the compiler makes up for anonymous data, such as .LC0. */
static bool is_label(const struct image_symbol *symbol)
{
	return g_str_has_prefix(symbol->name, ".L");
}

static struct target place_target(const struct image *code, uint32_t section, uint64_t address)
{
	struct target target = { .kind = TARGET_PLACE, .section = section, .value = address };

	target.symbol = image_symbol_covering(code, section, address);
	if (target.symbol && is_label(target.symbol))
		target.symbol = NULL;
	if (target.symbol)
		target.offset = (int64_t)(address - target.symbol->address);
	return target;
}

static const struct image_symbol *symbol_of(const struct image *code,
					    const struct image_relocation *relocation)
{
	const struct image_symbol *symbol = NULL;

	while ((symbol = image_symbol_at(code, relocation->section, relocation->value, symbol)))
		if (!strcmp(symbol->name, relocation->symbol))
			return symbol;
	return NULL;
}

/* `addend` is the distance from the symbol to the place that the number means. */
static struct target relocation_target(const struct image *code,
				       const struct image_relocation *relocation, int64_t addend)
{
	const struct image_symbol *named;
	struct target target;

	if (relocation->section == IMAGE_UNDEFINED || relocation->section == IMAGE_COMMON)
		return (struct target){ .kind = TARGET_NAME,
					.name = relocation->symbol,
					.value = addend };
	if (relocation->section == IMAGE_ABSOLUTE)
		return (struct target){ .kind = TARGET_NUMBER,
					.value = relocation->value + addend };
	target = place_target(code, relocation->section, relocation->value + addend);
	named = relocation->is_section ? NULL : symbol_of(code, relocation);
	if (named && !is_label(named)) {
		target.symbol = named;
		target.offset = addend;
	}
	return target;
}

static struct target plain_target(const struct body *body, const struct instruction_field *field)
{
	if (field->is_relative && !image_is_linked(body->side->code))
		return place_target(body->side->code, body->symbol->section, field->value);
	return (struct target){ .kind = TARGET_NUMBER, .value = field->value };
}

static bool fail(const struct body *body, const struct instruction *instruction, const char *what,
		 uint32_t type, GError **error)
{
	g_set_error(error, BODY_ERROR, BODY_ERROR_RELOCATION,
		    "%s: %s+0x%" G_GINT64_MODIFIER "x: relocation of type %u %s",
		    image_path(body->side->code), body->symbol->name,
		    instruction->address - body->symbol->address, type, what);
	return false;
}

/* Reads the relocation at a field, if there is one, and counts it in `used`. */
static bool read_field(const struct body *body, struct body_line *line, guint number,
		       const GArray *relocations, guint *used, GError **error)
{
	const struct instruction *instruction = line->instruction;
	const struct instruction_field *field = &instruction->fields[number];
	uint64_t address = instruction->address + field->offset;
	guint i = image_relocation_from(relocations, address);
	const struct image_relocation *relocation;
	const struct relocation_type *type;
	int64_t bias;

	line->targets[number] = plain_target(body, field);
	if (i == relocations->len)
		return true;
	relocation = &g_array_index(relocations, struct image_relocation, i);
	if (relocation->offset != address)
		return true;
	type = find_type(relocation->type);
	if (!type)
		return fail(body, instruction, "is not known", relocation->type, error);
	if (type->size != field->size || type->is_relative != field->is_relative)
		return fail(body, instruction, "does not fit the number there", relocation->type,
			    error);
	bias = type->is_relative ? instruction->length - field->offset : 0;
	line->targets[number] =
		relocation_target(body->side->code, relocation, relocation->addend + bias);
	(*used)++;
	return true;
}

static bool read_fields(const struct body *body, struct body_line *line, const GArray *relocations,
			GError **error)
{
	const struct instruction *instruction = line->instruction;
	guint first = image_relocation_from(relocations, instruction->address);
	guint end = image_relocation_from(relocations, instruction->address + instruction->length);
	guint used = 0;

	while (first < end &&
	       g_array_index(relocations, struct image_relocation, first).type == R_X86_64_NONE)
		first++;
	for (guint i = 0; i < instruction->field_count; i++)
		if (!read_field(body, line, i, relocations, &used, error))
			return false;
	if (used != end - first)
		return fail(body, instruction, "is at no number of an instruction",
			    g_array_index(relocations, struct image_relocation, first).type, error);
	return true;
}

/* --- lines */

static char *placeholder(const struct instruction *instruction,
			 const struct instruction_field *field, void *unused)
{
	(void)unused;
	return g_strdup_printf("@%d", (int)(field - instruction->fields));
}

static bool read_lines(struct body *body, GError **error)
{
	const GArray *relocations =
		image_relocations(body->side->code, body->symbol->section, error);

	for (guint i = 0; relocations && i < body->instructions->len; i++) {
		struct body_line line = { .instruction = &g_array_index(body->instructions,
									struct instruction, i) };

		line.shape = g_intern_string(line.instruction->text);
		if (!read_fields(body, &line, relocations, error))
			return false;
		g_array_append_val(body->lines, line);
	}
	return relocations != NULL;
}

struct body *body_new(struct side *side, const struct image_symbol *symbol, GError **error)
{
	struct body *body = g_new0(struct body, 1);

	body->side = side;
	body->symbol = symbol;
	body->lines = g_array_new(FALSE, FALSE, sizeof(struct body_line));
	body->instructions = decode_symbol(side->code, symbol, placeholder, NULL, error);
	if (body->instructions && read_lines(body, error))
		return body;
	body_free(body);
	return NULL;
}

void body_free(struct body *body)
{
	if (!body)
		return;
	g_clear_pointer(&body->instructions, g_array_unref);
	g_array_unref(body->lines);
	g_free(body);
}

const struct body_line *body_line(const struct body *body, guint index)
{
	return &g_array_index(body->lines, struct body_line, index);
}

static bool is_before(const void *line, const void *address)
{
	return ((const struct body_line *)line)->instruction->address < *(const uint64_t *)address;
}

int body_index(const struct body *body, uint32_t section, uint64_t address)
{
	guint i = search_array(body->lines, is_before, &address);

	if (section != body->symbol->section || i == body->lines->len ||
	    body_line(body, i)->instruction->address != address)
		return -1;
	return (int)i;
}

/* --- text */

/*
 * What a number in vmlinux leads to if it can only be an address, because it lies in a section and
 * is no small number.
 */
static struct target linked_target(const struct body *body, const struct instruction_field *field)
{
	const struct image_section *section = image_section_at(body->side->code, field->value);

	if (section && (field->is_relative || (section->address != 0 && field->size >= 4)))
		return place_target(body->side->code, section->index, field->value);
	return (struct target){ .kind = TARGET_NUMBER, .value = field->value };
}

static struct target resolved_target(const struct body *body, const struct body_line *line,
				     guint number)
{
	if (image_is_linked(body->side->code))
		return linked_target(body, &line->instruction->fields[number]);
	return line->targets[number];
}

const char *target_name(const struct body *body, const struct body_line *line, guint number,
			int64_t *offset)
{
	struct target target = resolved_target(body, line, number);

	if (offset)
		*offset = target.kind == TARGET_NAME ? (int64_t)target.value : target.offset;
	if (target.kind == TARGET_NAME)
		return target.name;
	return target.kind == TARGET_PLACE && target.symbol ? target.symbol->name : NULL;
}

static char *number_text(int64_t number, bool has_sign)
{
	const char *sign = number < 0 ? "-" : has_sign ? "+" : "";

	return g_strdup_printf("%s0x%" G_GINT64_MODIFIER "x", sign,
			       number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

static char *field_text(const struct body *body, const struct body_line *line, guint number)
{
	struct target target = resolved_target(body, line, number);
	int64_t offset;
	const char *name = target_name(body, line, number, &offset);
	g_autofree char *tail = NULL;

	if (!name && target.kind == TARGET_PLACE) {
		const struct image_section *section =
			image_section(body->side->code, target.section);

		name = section->name;
		offset = (int64_t)(target.value - section->address);
	}
	if (!name)
		return number_text((int64_t)target.value, false);
	tail = offset ? number_text(offset, true) : g_strdup("");
	return g_strconcat(name, tail, NULL);
}

char *body_text(const struct body *body, guint index)
{
	const struct body_line *line = body_line(body, index);
	GString *text = g_string_new(NULL);

	for (const char *c = line->shape; *c; c++) {
		if (*c == '@' && g_ascii_isdigit(c[1])) {
			g_autofree char *name = field_text(body, line, (guint)(*++c - '0'));

			g_string_append(text, name);
		} else {
			g_string_append_c(text, *c);
		}
	}
	return g_string_free(text, FALSE);
}
