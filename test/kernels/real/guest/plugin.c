/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plugin for QEMU's emulator. It writes the address of each indirect call and jump that the
 * guest's kernel executes, and the address of each block of code that it led to; each pair once.
 *
 * Such an instruction ends one of QEMU's blocks, so the next code that the same CPU executes
 * is where it led, or the entry of an interrupt that came in between, which the reader
 * recognises by its address.
 */
#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * The part of QEMU's plugin interface, version 1, that is used here. Debian has no
 * package with its header.
 */
#define EXPORT __attribute__((visibility("default")))
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS
};
typedef void (*vcpu_cb)(unsigned vcpu, void *data);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, vcpu_cb cb,
					  enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, vcpu_cb cb,
					    enum qemu_plugin_cb_flags flags, void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*cb)(qemu_plugin_id_t, void *),
				    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t idx);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

EXPORT int qemu_plugin_version = 1;

enum {
	VCPUS = 64
};
static uint64_t pending[VCPUS]; /* the indirect call that a CPU has just executed, or 0 */
static GHashTable *pairs;       /* "site target" */
static GMutex lock;
static char *path;

static bool is_kernel(uint64_t address)
{
	return address >= 0xffffffff80000000;
}

/* True if an instruction is "call *" or "jmp *". The latter can be a tail call. */
static bool is_indirect(const uint8_t *code, size_t size)
{
	/* prefixes: REX, segments, BND */
	while (size > 2 && ((*code & 0xf0) == 0x40 || *code == 0x2e || *code == 0x3e ||
			    *code == 0x65 || *code == 0xf2)) {
		code++;
		size--;
	}
	unsigned operation = size >= 2 ? code[1] >> 3 & 7 : 0;
	return size >= 2 && code[0] == 0xff && (operation == 2 || operation == 4);
}

static void on_call(unsigned vcpu, void *site)
{
	pending[vcpu] = (uintptr_t)site;
}

static void on_block(unsigned vcpu, void *target)
{
	uint64_t site = pending[vcpu];
	if (!site)
		return;
	pending[vcpu] = 0;
	if (!is_kernel((uintptr_t)target))
		return;
	char *pair = g_strdup_printf("%" PRIx64 " %" PRIxPTR, site, (uintptr_t)target);
	g_mutex_lock(&lock);
	g_hash_table_add(pairs, pair);
	g_mutex_unlock(&lock);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	uint64_t start = qemu_plugin_tb_vaddr(tb);
	if (is_kernel(start))
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QEMU_PLUGIN_CB_NO_REGS,
						     (void *)(uintptr_t)start);
	struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, qemu_plugin_tb_n_insns(tb) - 1);
	uint64_t site = qemu_plugin_insn_vaddr(last);
	if (is_kernel(site) &&
	    is_indirect(qemu_plugin_insn_data(last), qemu_plugin_insn_size(last)))
		qemu_plugin_register_vcpu_insn_exec_cb(last, on_call, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)site);
}

static void on_exit_write(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	FILE *file = fopen(path, "w");
	if (!file)
		return;
	GHashTableIter iter;
	gpointer pair;
	g_hash_table_iter_init(&iter, pairs);
	while (g_hash_table_iter_next(&iter, &pair, NULL))
		fprintf(file, "%s\n", (char *)pair);
	fclose(file);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || !g_str_has_prefix(argv[0], "out="))
		return -1;
	path = g_strdup(argv[0] + 4);
	pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_exit_write, NULL);
	return 0;
}
