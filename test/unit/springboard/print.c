// SPDX-License-Identifier: GPL-2.0-only
/*
 * springboard-print VMLINUX [HEADER]: prints what is derived, one key and value per line. Also
 * writes HEADER if it is given.
 *
 *	switch +0x2be             each call of __switch_to_asm; the first is the one to be used
 *	tail +0x2cb reads canary  each use of the frame behind it
 */
#include "base/elf/image.h"
#include "rewriter/springboard/springboard.h"

#include <stdlib.h>

static const char *yes_no(bool value)
{
	return value ? "yes" : "no";
}

static void print_number(const char *key, int64_t number)
{
	printf("%s %s0x%" G_GINT64_MODIFIER "x\n", key, number < 0 ? "-" : "", ABS(number));
}

static void print_use(const struct springboard_step *step, const struct springboard_slot *slot,
		      const char *verb)
{
	if (slot->kind != SPRINGBOARD_SLOT_NONE)
		printf("tail %s0x%" G_GINT64_MODIFIER "x %s %s\n", step->offset < 0 ? "-" : "+",
		       ABS(step->offset), verb, springboard_slot_name(slot->kind));
}

static void print_frame(const struct springboard *s)
{
	print_number("size", (int64_t)s->size);
	printf("position %u\nentry %u\nendbr %s\nfentry %s\n", s->position, s->entry_length,
	       yes_no(s->has_endbr), yes_no(s->has_fentry));
	printf("pushes");
	for (unsigned i = 0; i < s->push_count; i++)
		printf(" %s", s->pushes[i]);
	printf("\nframe-pointer %s\nbase %s\n", yes_no(s->has_frame_pointer), s->base);
	print_number("sub", s->subtracted);
	print_number("frame", s->frame_size);
	printf("canary %s\n", s->has_canary ? s->canary_source : "no");
	if (s->has_canary)
		print_number("canary-offset", s->canary_offset);
}

static void print_tail(const struct springboard *s)
{
	for (guint i = 0; i < s->switch_offsets->len; i++)
		printf("switch +0x%" G_GINT64_MODIFIER "x\n",
		       g_array_index(s->switch_offsets, uint64_t, i));
	printf("steps %u\n", s->tail->len);
	for (guint i = 0; i < s->tail->len; i++) {
		const struct springboard_step *step =
			&g_array_index(s->tail, struct springboard_step, i);

		print_use(step, &step->read, step->takes_address ? "takes address of" : "reads");
		print_use(step, &step->write, "writes");
	}
}

static bool write_header(const char *path, const struct springboard *springboard)
{
	FILE *out = fopen(path, "w");
	bool is_good;

	if (!out)
		return false;
	springboard_write_header(out, springboard);
	is_good = !ferror(out);
	return fclose(out) == 0 && is_good;
}

static int print(const char *path, const char *header, GError **error)
{
	struct image *code = image_open(path, error);
	struct springboard *springboard = code ? springboard_derive(code, error) : NULL;
	bool is_good = springboard != NULL;

	if (springboard) {
		print_frame(springboard);
		print_tail(springboard);
		is_good = !header || write_header(header, springboard);
	}
	springboard_free(springboard);
	image_free(code);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	int status;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: %s VMLINUX [HEADER]\n", argv[0]);
		return 2;
	}
	status = print(argv[1], argv[2], &error);
	if (status != EXIT_SUCCESS)
		fprintf(stderr, "%s\n", error ? error->message : "cannot write the header");
	return status;
}
