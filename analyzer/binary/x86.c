// SPDX-License-Identifier: GPL-2.0-only
/*
 * x86-64: how a function begins, and what a relocation is for.
 *
 * A traced function begins with [endbr64] and then five bytes: `call __fentry__` as the compiler
 * wrote it, or the nop that -mnop-mcount or objtool put there. A call counts only if its target is
 * __fentry__, because a function that is not traced may begin with any other call.
 *
 * Limits: the prefix nops of CONFIG_CALL_PADDING stand before the symbol and are not looked at.
 */
#include "analyzer/binary/internal.h"

#include <elf.h>
#include <string.h>

#define CALL_SIZE 5
#define CALL_OPCODE 0xe8

static const uint8_t endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };
static const uint8_t nops[][CALL_SIZE] = {
	{ 0x0f, 0x1f, 0x44, 0x00, 0x00 }, /* nopl 0x0(%rax,%rax,1) */
	{ 0x66, 0x66, 0x66, 0x66, 0x90 }, /* data16 x3 xchg %ax,%ax */
};

const char arch_tracer_symbol[] = "__fentry__";
const unsigned arch_relative_bias = 4;

/* rdi, rsi, rdx, rcx, r8, r9 */
const unsigned arch_arguments[] = { 5, 4, 1, 2, 8, 9 };
const unsigned arch_argument_count = G_N_ELEMENTS(arch_arguments);

G_STATIC_ASSERT(sizeof(endbr64) + CALL_SIZE == ARCH_ENTRY_BYTES);

bool arch_has_endbr(const uint8_t *bytes, size_t size)
{
	return size >= sizeof(endbr64) && memcmp(bytes, endbr64, sizeof(endbr64)) == 0;
}

static bool is_nop(const uint8_t *bytes)
{
	for (size_t i = 0; i < G_N_ELEMENTS(nops); i++)
		if (memcmp(bytes, nops[i], CALL_SIZE) == 0)
			return true;
	return false;
}

static bool is_call(const uint8_t *bytes, uint64_t address, uint64_t target)
{
	uint32_t distance;

	if (bytes[0] != CALL_OPCODE || target == 0)
		return false;
	memcpy(&distance, bytes + 1, sizeof(distance));
	return address + CALL_SIZE + (int32_t)GUINT32_FROM_LE(distance) == target;
}

bool arch_has_fentry(const uint8_t *bytes, size_t size, uint64_t address, uint64_t tracer)
{
	size_t skip = arch_has_endbr(bytes, size) ? sizeof(endbr64) : 0;

	if (size < skip + CALL_SIZE)
		return false;
	return is_nop(bytes + skip) || is_call(bytes + skip, address + skip, tracer);
}

const unsigned arch_jump_size = CALL_SIZE;

size_t arch_entry_size(bool has_endbr, bool has_fentry)
{
	return (has_endbr ? sizeof(endbr64) : 0) + (has_fentry ? CALL_SIZE : 0);
}

/*
 * A distance of four bytes follows e8, e9 and 0f 80 to 0f 8f; one of a byte follows eb, 70 to 7f
 * and e0 to e3.
 */
bool arch_may_branch(const uint8_t *bytes, size_t offset, unsigned size)
{
	uint8_t opcode = offset > 0 ? bytes[offset - 1] : 0;

	if (size == 1)
		return opcode == 0xeb || (opcode & 0xf0) == 0x70 || (opcode & 0xfc) == 0xe0;
	return opcode == CALL_OPCODE || opcode == 0xe9 ||
	       (offset > 1 && bytes[offset - 2] == 0x0f && (opcode & 0xf0) == 0x80);
}

bool arch_is_jump(const uint8_t *bytes, size_t size)
{
	if (size >= 2 && bytes[0] == 0x0f)
		return (bytes[1] & 0xf0) == 0x80;
	return size && (bytes[0] == 0xe9 || bytes[0] == 0xeb || (bytes[0] & 0xf0) == 0x70);
}

bool arch_is_branch(unsigned type)
{
	return type == R_X86_64_PLT32;
}

bool arch_is_relative(unsigned type)
{
	return type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64;
}
