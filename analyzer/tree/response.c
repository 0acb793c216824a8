// SPDX-License-Identifier: GPL-2.0-only
/*
 * Response files: a compiler's command may name a file, as @FILE, that holds some of its words.
 *
 * Method: the same rules as gcc's. Words are separated by white space; quotes of both kinds hold a
 * word together, and a backslash takes the next character as it is. Such a file may name others.
 *
 * Limits: gcc takes @FILE as a plain word if there is no such file. Here that is an error, because
 * the words are missing.
 */
#include <string.h>

#include "analyzer/tree/tree_private.h"

#define MAX_FILES 1000 /* opened for one command: a file may name itself */

/* Reads the next word and moves `*at` behind it; NULL at the end. Caller frees. */
static char *next_word(const char **at)
{
	GString *word = NULL;
	char quote = '\0';

	while (g_ascii_isspace(**at))
		(*at)++;
	if (!**at)
		return NULL;
	word = g_string_new(NULL);
	for (; **at && (quote || !g_ascii_isspace(**at)); (*at)++) {
		if (**at == '\\' && (*at)[1])
			g_string_append_c(word, *++(*at));
		else if (quote ? **at == quote : **at == '\'' || **at == '"')
			quote = quote ? '\0' : **at;
		else
			g_string_append_c(word, **at);
	}
	return g_string_free(word, FALSE);
}

/* The text of a response file; NULL with `error`. Of a device the end may never come. */
static char *read_file(const char *path, GError **error)
{
	char *text = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
	g_set_error(error, TREE_ERROR, TREE_ERROR_IO, "%s: not a regular file", path);
	return NULL;
}

/* Adds the words of one response file. They may be names of response files again. */
static bool add_file(GPtrArray *words, const char *name, const char *directory, unsigned *files,
		     GError **error)
{
	g_autofree char *path = g_canonicalize_filename(name, directory), *text = NULL;
	g_autoptr(GError) cause = NULL;
	const char *at;
	bool is_read;

	if (++*files <= MAX_FILES)
		text = read_file(path, &cause);
	at = text;
	is_read = text != NULL;
	for (char *word; is_read && (word = next_word(&at)); g_free(word)) {
		if (word[0] == '@' && word[1])
			is_read = add_file(words, word + 1, directory, files, error);
		else
			g_ptr_array_add(words, g_strdup(word));
	}
	if (!text)
		g_set_error(error, TREE_ERROR, TREE_ERROR_IO,
			    "the response file @%s cannot be read: %s", name,
			    cause ? cause->message : "it names itself");
	return is_read;
}

static bool add_all(GPtrArray *words, char **arguments, const char *directory, GError **error)
{
	unsigned files = 0;
	bool is_read = true;

	for (; *arguments && is_read; arguments++) {
		if ((*arguments)[0] == '@' && (*arguments)[1])
			is_read = add_file(words, *arguments + 1, directory, &files, error);
		else
			g_ptr_array_add(words, g_strdup(*arguments));
	}
	return is_read;
}

static bool has_response(char **arguments)
{
	for (; *arguments; arguments++)
		if ((*arguments)[0] == '@' && (*arguments)[1])
			return true;
	return false;
}

bool tree_read_responses(char ***arguments, const char *directory, GError **error)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	if (!has_response(*arguments))
		return true;
	if (!add_all(words, *arguments, directory, error))
		return false;
	g_ptr_array_add(words, NULL);
	g_strfreev(*arguments);
	*arguments = (char **)g_ptr_array_steal(words, NULL);
	return true;
}
