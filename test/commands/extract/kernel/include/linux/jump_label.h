/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINUX_JUMP_LABEL_H
#define LINUX_JUMP_LABEL_H

struct static_key {
	int enabled;
};

struct static_key_true {
	struct static_key key;
};

struct static_key_false {
	struct static_key key;
};

#define DEFINE_STATIC_KEY_TRUE(name) struct static_key_true name = { .key = { 1 } }
#define DECLARE_STATIC_KEY_TRUE(name) extern struct static_key_true name
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name = { .key = { 0 } }
#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name

#define static_branch_likely(k) ((k)->key.enabled > 0)
#define static_branch_enable(k) ((k)->key.enabled = 1)

#endif
