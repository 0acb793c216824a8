// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns instructions into text, with LLVM.
 *
 * LLVM calls back for each number that it finds in an instruction, says where it stands, and asks
 * for a symbol. The callback always answers with a placeholder, so the fields of the instruction
 * become known. Afterwards each placeholder in the text is replaced by a name or a number, whatever
 * characters that has.
 *
 * Limits: LLVM has "lock" and other prefixes as instructions of their own; they are joined with
 * what follows them.
 */
#include "base/decode/decode.h"

#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>
#include <string.h>

#define TEXT_MAX 256
#define LENGTH_MAX 15 /* longest instruction of the architecture, bytes */
#define PLACEHOLDER "PLUGSCHED_FIELD_"

static const char *const placeholders[INSTRUCTION_FIELDS_MAX] = { PLACEHOLDER "0", PLACEHOLDER "1",
								  PLACEHOLDER "2" };
static const char *const prefixes[] = { "lock",   "rep",      "repne",   "data16",
					"addr32", "xacquire", "xrelease" };

/* What LLVM's callback needs. It gets only the pointer that the disassembler was created with. */
struct disassembler {
	LLVMDisasmContextRef context;
	struct instruction *instruction; /* the instruction being decoded */
	unsigned prefix;                 /* bytes of it that are already decoded */
	bool is_plain;                   /* note no fields, so that the text has the numbers */
};

/* --- fields */

static uint64_t read_number(const uint8_t *bytes, unsigned size)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < size; i++)
		number |= (uint64_t)bytes[i] << 8 * i;
	if (size < 8 && number >> (8 * size - 1))
		number |= UINT64_MAX << 8 * size;
	return number;
}

/* An LLVMOpInfoCallback: notes the field and answers with its placeholder. */
static int take_field(void *data, uint64_t address, uint64_t offset, uint64_t size, uint64_t length,
		      int kind, void *info)
{
	struct disassembler *disassembler = data;
	struct instruction *instruction = disassembler->instruction;
	struct LLVMOpInfo1 *operand = info;
	struct instruction_field *field;

	(void)address;
	if (disassembler->is_plain || kind != 1 || size == 0 || size > 8 ||
	    offset + size > length || instruction->field_count == INSTRUCTION_FIELDS_MAX)
		return 0;
	offset += disassembler->prefix;
	length += disassembler->prefix;
	field = &instruction->fields[instruction->field_count];
	*field = (struct instruction_field){ .offset = offset, .size = size };
	field->value = read_number(instruction->bytes + offset, size);
	field->is_relative = operand->Value != field->value &&
			     operand->Value == field->value + instruction->address + length;
	if (field->is_relative)
		field->value = operand->Value;
	operand->AddSymbol.Present = 1;
	operand->AddSymbol.Name = placeholders[instruction->field_count++];
	operand->Value = 0;
	return 1;
}

static char *default_name(const struct instruction *instruction,
			  const struct instruction_field *field)
{
	int64_t number = (int64_t)read_number(instruction->bytes + field->offset, field->size);

	if (field->is_branch)
		return g_strdup_printf("0x%" G_GINT64_MODIFIER "x", field->value);
	if (number < 0)
		return g_strdup_printf("-0x%" G_GINT64_MODIFIER "x", 0 - (uint64_t)number);
	return g_strdup_printf("0x%" G_GINT64_MODIFIER "x", (uint64_t)number);
}

/* --- text */

static void mark_branches(struct instruction *instruction, const char *text)
{
	for (unsigned i = 0; i < instruction->field_count; i++) {
		const char *place = strstr(text, placeholders[i]);

		if (place && instruction->fields[i].is_relative)
			instruction->fields[i].is_branch =
				!g_str_has_prefix(place + strlen(placeholders[i]), "(%rip)");
	}
}

/* Appends `text` with single spaces, and with its placeholders replaced by names or numbers. */
static void append_text(GString *out, const char *text, const struct instruction *instruction,
			decode_namer namer, void *data)
{
	while (*text) {
		if (g_str_has_prefix(text, PLACEHOLDER)) {
			unsigned number = (unsigned)text[strlen(PLACEHOLDER)] - '0';
			const struct instruction_field *field = &instruction->fields[number];
			g_autofree char *name = namer ? namer(instruction, field, data) : NULL;
			g_autofree char *plain = name ? NULL : default_name(instruction, field);

			g_string_append(out, name ? name : plain);
			text += strlen(placeholders[number]);
		} else if (g_ascii_isspace(*text)) {
			if (out->len && out->str[out->len - 1] != ' ')
				g_string_append_c(out, ' ');
			text++;
		} else {
			g_string_append_c(out, *text++);
		}
	}
}

static bool is_prefix(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (!strcmp(text, prefixes[i]))
			return true;
	return false;
}

/* True if two fields overlap. LLVM gives the same place for both immediates of "enter". */
static bool has_overlap(const struct instruction *instruction)
{
	for (unsigned i = 1; i < instruction->field_count; i++)
		for (unsigned j = 0; j < i; j++)
			if (instruction->fields[i].offset <
				    instruction->fields[j].offset + instruction->fields[j].size &&
			    instruction->fields[j].offset <
				    instruction->fields[i].offset + instruction->fields[i].size)
				return true;
	return false;
}

/*
 * Decodes the instruction at instruction->bytes, where `size` bytes are left. The text has
 * placeholders for the fields.
 */
static void decode_with_fields(struct disassembler *disassembler, struct instruction *instruction,
			       uint64_t size, GString *text)
{
	char part[TEXT_MAX];

	disassembler->instruction = instruction;
	do {
		unsigned done = instruction->length;
		size_t length;

		disassembler->prefix = done;
		length = LLVMDisasmInstruction(disassembler->context,
					       (uint8_t *)instruction->bytes + done, size - done,
					       instruction->address + done, part, sizeof(part));
		if (length == 0) {
			instruction->field_count = 0;
			instruction->length = done ? done : 1;
			if (!done)
				g_string_printf(text, ".byte 0x%02x", instruction->bytes[0]);
			return;
		}
		g_strstrip(part);
		g_string_append_printf(text, "%s%s", text->len ? " " : "", part);
		instruction->length += length;
	} while (is_prefix(part) && instruction->length < MIN(size, LENGTH_MAX));
}

/* The same, but if the fields cannot be right, there are none and the text has the numbers. */
static void decode_one(struct disassembler *disassembler, struct instruction *instruction,
		       uint64_t size, GString *text)
{
	disassembler->is_plain = false;
	decode_with_fields(disassembler, instruction, size, text);
	if (!has_overlap(instruction))
		return;
	disassembler->is_plain = true;
	instruction->length = 0;
	instruction->field_count = 0;
	g_string_truncate(text, 0);
	decode_with_fields(disassembler, instruction, size, text);
}

/* --- the interface */

static struct disassembler *disassembler_new(void)
{
	static gsize is_prepared;
	struct disassembler *disassembler = g_new0(struct disassembler, 1);

	if (g_once_init_enter(&is_prepared)) {
		LLVMInitializeX86TargetInfo();
		LLVMInitializeX86TargetMC();
		LLVMInitializeX86Disassembler();
		g_once_init_leave(&is_prepared, 1);
	}
	disassembler->context =
		LLVMCreateDisasm("x86_64-unknown-linux-gnu", disassembler, 1, take_field, NULL);
	if (!disassembler->context)
		g_error("LLVM has no disassembler for x86-64"); /* a broken installation */
	LLVMSetDisasmOptions(disassembler->context, LLVMDisassembler_Option_PrintImmHex);
	return disassembler;
}

static void disassembler_free(gpointer data)
{
	struct disassembler *disassembler = data;

	LLVMDisasmDispose(disassembler->context);
	g_free(disassembler);
}

/* The disassembler of this thread. It is freed when the thread ends. */
static struct disassembler *disassembler_get(void)
{
	static GPrivate own = G_PRIVATE_INIT(disassembler_free);
	struct disassembler *disassembler = g_private_get(&own);

	if (!disassembler) {
		disassembler = disassembler_new();
		g_private_set(&own, disassembler);
	}
	return disassembler;
}

static void clear_instruction(gpointer instruction)
{
	g_free(((struct instruction *)instruction)->text);
}

static GArray *decode_bytes(const uint8_t *bytes, uint64_t address, uint64_t size,
			    decode_namer namer, void *data)
{
	GArray *instructions = g_array_new(FALSE, TRUE, sizeof(struct instruction));
	struct disassembler *disassembler = disassembler_get();
	g_autoptr(GString) text = g_string_new(NULL);

	g_array_set_clear_func(instructions, clear_instruction);
	for (uint64_t done = 0; done < size;) {
		struct instruction instruction = { .address = address + done,
						   .bytes = bytes + done };
		GString *named = g_string_new(NULL);

		g_string_truncate(text, 0);
		decode_one(disassembler, &instruction, size - done, text);
		mark_branches(&instruction, text->str);
		append_text(named, text->str, &instruction, namer, data);
		instruction.text = g_string_free(named, FALSE);
		g_array_append_val(instructions, instruction);
		done += instruction.length;
	}
	return instructions;
}

GArray *decode_range(const struct image *image, uint32_t section, uint64_t address, uint64_t size,
		     decode_namer namer, void *data, GError **error)
{
	const uint8_t *bytes = image_bytes(image, section, address, size);

	if (!bytes) {
		const struct image_section *where = image_section(image, section);

		g_set_error(error, IMAGE_ERROR, IMAGE_ERROR_RANGE,
			    "%s: section %s has no %" G_GUINT64_FORMAT
			    " bytes at 0x%" G_GINT64_MODIFIER "x",
			    image_path(image), where ? where->name : "?", size, address);
		return NULL;
	}
	return decode_bytes(bytes, address, size, namer, data);
}

GArray *decode_symbol(const struct image *image, const struct image_symbol *symbol,
		      decode_namer namer, void *data, GError **error)
{
	return decode_range(image, symbol->section, symbol->address, symbol->size, namer, data,
			    error);
}
