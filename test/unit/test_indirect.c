// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of graph/indirect.h on small handmade graphs, and on random ones, which are compared with
 * the same definition written as plainly as possible.
 */
#include <glib.h>
#include <string.h>

#include "graph/indirect.h"

#define SIGNATURE "int (int)"
#define OTHER "int (long)"

static struct graph *graph;
static struct indirect *in;

static void begin(void)
{
	graph = graph_new();
	in = indirect_new(graph);
}

static void end(void)
{
	indirect_free(in);
	graph_free(graph);
}

static struct graph_node *node(enum graph_node_kind kind, const char *name)
{
	struct graph_node *made = graph_node(graph, kind, name, NULL);

	made->name = made->file = graph_string(graph, name);
	return made;
}

/* A function whose address is taken. It belongs to the scheduler if its name begins with "s". */
static struct graph_node *function(const char *name, const char *prototype)
{
	struct graph_node *made = node(GRAPH_FUNCTION, name);

	made->is_scheduler = *name == 's';
	indirect_take_address(in, made, prototype);
	return made;
}

static unsigned slot(enum indirect_slot_kind kind, const char *name, unsigned outer)
{
	enum graph_node_kind of = kind == INDIRECT_MEMBER     ? GRAPH_MEMBER
				  : kind == INDIRECT_VARIABLE ? GRAPH_VARIABLE
							      : GRAPH_FUNCTION;

	return indirect_slot(
		in, &(struct indirect_key){ .kind = kind, .node = node(of, name), .outer = outer },
		true);
}

static unsigned member(const char *name, unsigned outer)
{
	return slot(INDIRECT_MEMBER, name, outer);
}

static struct indirect_call call_of(unsigned through, const char *signature)
{
	return (struct indirect_call){
		.site = { .from = node(GRAPH_FUNCTION, "caller"),
			  .file = "a.c",
			  .line = 7,
			  .signature = signature },
		.slot = through,
		.is_inside = true,
	};
}

static void call(unsigned through)
{
	struct indirect_call c = call_of(through, SIGNATURE);

	indirect_add_call(in, &c);
}

static int compare_strings(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static char *names_of(const GPtrArray *nodes, bool is_sorted)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < nodes->len; i++)
		g_ptr_array_add(names,
				(gpointer)((struct graph_node *)g_ptr_array_index(nodes, i))->name);
	if (is_sorted)
		g_ptr_array_sort(names, compare_strings);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(" ", (char **)names->pdata);
}

/* "layer through: targets" of a site. */
static char *describe(const struct graph_site *site)
{
	g_autofree char *through = names_of(site->through, false),
			*targets = names_of(site->targets, true);

	return g_strdup_printf("%s%s %s: %s", graph_layer_name(site->layer),
			       site->is_partial ? " partial" : "", through, targets);
}

static void assert_site(guint i, const char *expected)
{
	g_autofree char *got = NULL;

	g_assert_cmpuint(i, <, graph->sites->len);
	got = describe(g_ptr_array_index(graph->sites, i));
	g_assert_cmpstr(got, ==, expected);
}

/* Solves and expects one site. */
static void expect(const char *expected)
{
	indirect_solve(in);
	g_assert_cmpuint(graph->sites->len, ==, 1);
	assert_site(0, expected);
	end();
}

/* --- layers */

static void test_value(void)
{
	unsigned v, local, parameter;

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	indirect_put(in, v, function("f", SIGNATURE));
	function("g", SIGNATURE);
	call(v);
	expect("value v: f");

	begin();
	local = slot(INDIRECT_LOCAL, "caller", 0);
	parameter = slot(INDIRECT_PARAMETER, "caller", 0);
	indirect_put(in, parameter, function("f", SIGNATURE));
	indirect_flow(in, parameter, local);
	indirect_put(in, local, function("g", SIGNATURE));
	call(local);
	expect("value : f g");
}

static void test_signature(void)
{
	begin();
	function("f", SIGNATURE);
	function("g", SIGNATURE);
	function("o", OTHER);
	call(INDIRECT_NOWHERE);
	expect("signature : f g");

	begin(); /* an unknown value is added two steps before */
	unsigned v = slot(INDIRECT_VARIABLE, "v", 0), w = slot(INDIRECT_VARIABLE, "w", 0);

	indirect_put(in, v, function("f", SIGNATURE));
	function("g", SIGNATURE);
	indirect_flow(in, INDIRECT_NOWHERE, w);
	indirect_flow(in, w, v);
	call(v);
	expect("signature v: f g");

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	function("f", SIGNATURE);
	indirect_expose(in, v);
	call(v);
	expect("signature v: f");
}

static void test_type(void)
{
	unsigned v;

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	indirect_put(in, v, function("f", SIGNATURE));
	indirect_put(in, v, function("o", OTHER));
	call(v);
	expect("value v: f");

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	indirect_put(in, v, function("o", OTHER));
	call(v);
	expect("value v: ");
}

static void test_member(void)
{
	unsigned local;

	begin();
	local = slot(INDIRECT_LOCAL, "caller", 0);
	indirect_put(in, member("m", 0), function("f", SIGNATURE));
	indirect_flow(in, member("m", 0), local); /* stands in for the member */
	call(local);
	expect("member m: f");
}

/* --- chains */

static void put_two_chains(void)
{
	unsigned left = member("left", 0), right = member("right", 0);

	indirect_put(in, member("m", left), function("f", SIGNATURE));
	indirect_put(in, member("m", right), function("g", SIGNATURE));
}

static void test_chain(void)
{
	begin();
	put_two_chains();
	call(member("m", member("left", 0)));
	expect("chain m left: f");

	begin(); /* a value stored where the surrounding is unknown may be in both */
	put_two_chains();
	indirect_put(in, member("m", 0), function("h", SIGNATURE));
	call(member("m", member("left", 0)));
	expect("chain m left: f h");

	begin(); /* such a place reads everything, but f does not reach "right" through it */
	put_two_chains();
	call(member("m", 0));
	call(member("m", member("right", 0)));
	indirect_solve(in);
	assert_site(0, "member m: f g");
	assert_site(1, "chain m right: g");
	end();

	begin(); /* chains are compared up to the end of the shorter one */
	put_two_chains();
	indirect_put(in, member("m", member("left", slot(INDIRECT_VARIABLE, "a", 0))),
		     function("h", SIGNATURE));
	call(member("m", member("left", slot(INDIRECT_VARIABLE, "b", 0))));
	expect("chain m left b: f");
}

static void test_copied(void)
{
	begin(); /* a copy of the inner record */
	put_two_chains();
	indirect_note_copied(in, node(GRAPH_MEMBER, "m"));
	call(member("m", member("left", 0)));
	expect("member m left: f g");

	begin(); /* a copy of an outer record: the two are still different records */
	put_two_chains();
	indirect_note_copied(in, node(GRAPH_MEMBER, "left"));
	indirect_note_copied(in, node(GRAPH_MEMBER, "right"));
	call(member("m", member("left", 0)));
	expect("chain m left: f");

	begin(); /* but two objects of the same record are not distinguished */
	indirect_put(in, member("m", member("left", slot(INDIRECT_VARIABLE, "a", 0))),
		     function("f", SIGNATURE));
	indirect_put(in, member("m", member("left", slot(INDIRECT_VARIABLE, "b", 0))),
		     function("g", SIGNATURE));
	indirect_note_copied(in, node(GRAPH_MEMBER, "left"));
	call(member("m", member("left", slot(INDIRECT_VARIABLE, "a", 0))));
	expect("member m left a: f g");
}

/* --- arguments, static calls, partial sites */

static void test_arguments(void)
{
	const struct graph_node *taken;
	unsigned argument, parameter, copy, other;

	begin();
	taken = function("taken", "void (int (*)(int), int (*)(int))");
	argument = indirect_slot(
		in,
		&(struct indirect_key){ .kind = INDIRECT_ARGUMENT,
					.index = 1,
					.type_called = "void (int (*)(int), int (*)(int))" },
		true);
	parameter = indirect_slot(
		in, &(struct indirect_key){ .kind = INDIRECT_PARAMETER, .node = taken, .index = 1 },
		true);
	copy = indirect_slot(
		in,
		&(struct indirect_key){
			.kind = INDIRECT_PARAMETER, .node = taken, .index = 1, .unit = 3 },
		true);
	other = indirect_slot(
		in, &(struct indirect_key){ .kind = INDIRECT_PARAMETER, .node = taken, .index = 0 },
		true);
	indirect_put(in, argument, function("f", SIGNATURE));
	call(parameter);
	call(copy);
	call(other);
	indirect_solve(in);
	assert_site(0, "value : f");
	assert_site(1, "value : f");
	assert_site(2, "value : ");
	end();
}

static void static_call(const char *signature, unsigned through)
{
	struct indirect_call c = call_of(through, signature);

	c.is_static_call = true;
	indirect_add_call(in, &c);
}

static void test_static_call(void)
{
	unsigned key;

	begin();
	key = member("func", slot(INDIRECT_VARIABLE, "key", 0));
	indirect_put(in, key, function("nothing", "void (int)"));
	indirect_put(in, key, function("f", SIGNATURE));
	indirect_put(in, key, function("o", OTHER));
	indirect_put(in, member("func", slot(INDIRECT_VARIABLE, "another", 0)),
		     function("g", SIGNATURE));
	static_call(SIGNATURE, key);
	expect("static-call func key: f nothing");

	begin();
	key = member("func", slot(INDIRECT_VARIABLE, "key", 0));
	indirect_expose(in, key);
	function("nothing", "void (int)");
	function("f", SIGNATURE);
	function("o", OTHER);
	static_call(SIGNATURE, key);
	expect("signature func key: f nothing");
}

static void test_partial(void)
{
	struct indirect_call c;
	unsigned v;

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	indirect_put(in, v, function("s", SIGNATURE));
	indirect_put(in, v, function("f", SIGNATURE));
	indirect_expose(in, v);
	function("s2", SIGNATURE);
	c = call_of(v, SIGNATURE);
	c.is_inside = false;
	indirect_add_call(in, &c);
	expect("value partial v: s");

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	indirect_put(in, v, function("f", SIGNATURE));
	c = call_of(v, SIGNATURE);
	c.is_inside = false;
	indirect_add_call(in, &c);
	indirect_solve(in);
	g_assert_cmpuint(graph->sites->len, ==, 0);
	end();
}

static void test_cycles(void)
{
	unsigned a, b;

	begin();
	a = slot(INDIRECT_LOCAL, "a", 0);
	b = slot(INDIRECT_LOCAL, "b", 0);
	indirect_flow(in, a, b);
	indirect_flow(in, b, a);
	indirect_flow(in, a, a);
	call(a);
	expect("value : ");

	begin();
	a = member("m", 0);
	b = member("m", member("left", 0));
	indirect_flow(in, a, b);
	indirect_flow(in, b, a);
	indirect_put(in, a, function("f", SIGNATURE));
	call(b);
	expect("member m left: f");
}

static void test_frontier(void)
{
	struct indirect_frontier *frontier;
	unsigned v, w;

	begin();
	v = slot(INDIRECT_VARIABLE, "v", 0);
	w = slot(INDIRECT_VARIABLE, "w", 0);
	indirect_put(in, v, function("f", SIGNATURE));
	indirect_put(in, w, function("o", OTHER));
	indirect_put(in, member("m", 0), function("s", OTHER));
	call(v);
	indirect_solve(in);
	frontier = indirect_frontier_new(in);
	g_assert_true(g_hash_table_contains(frontier->signatures, SIGNATURE));
	g_assert_false(g_hash_table_contains(frontier->signatures, OTHER));
	g_assert_true(g_hash_table_contains(frontier->used, "v"));
	g_assert_false(g_hash_table_contains(frontier->used, "w"));
	g_assert_true(g_hash_table_contains(frontier->members, "m"));
	g_assert_true(g_hash_table_contains(frontier->defined, "f"));
	indirect_frontier_free(frontier);
	indirect_frontier_free(NULL);
	indirect_free(NULL);
	end();
}

/* --- random cases */

#define CASES 1000
#define SEED 20261123
enum {
	MAX_SLOTS = 14,
	FUNCTIONS = 6,
	MEMBERS = 3,
	MAX_CALLS = 4,
	N = MAX_SLOTS + 1
};

static const char *const prototypes[] = { SIGNATURE, OTHER, "void (int)" };

/*
 * A random case and its computed results. Sets of functions are bit masks;
 * slot 0 is the unknown one.
 */
struct model {
	unsigned n_slots, n_calls;
	struct {
		enum indirect_slot_kind kind;
		/* of: number of the member, variable or function */
		unsigned of, index, type, outer;
		bool is_typed, is_unknown;
		unsigned put, values;
	} slots[N];
	bool flows[N][N], is_copied[MEMBERS + N];
	unsigned type_of[FUNCTIONS];
	struct {
		unsigned slot, type;
		bool is_static, is_inside;
	} calls[MAX_CALLS];
};

/* The nodes from a slot outwards, as numbers: members from 0, variables from MEMBERS. */
static unsigned path_of(const struct model *m, unsigned i, unsigned path[N])
{
	unsigned n = 0;

	for (; i; i = m->slots[i].outer)
		path[n++] = m->slots[i].kind == INDIRECT_MEMBER ? m->slots[i].of
								: MEMBERS + m->slots[i].of;
	return n;
}

/*
 * True if both can be the same place, as far as they are known. A copied record makes everything
 * around it unknown.
 */
static bool may_alias(const struct model *m, unsigned a, unsigned b)
{
	unsigned left[N], right[N], n_left = path_of(m, a, left), n_right = path_of(m, b, right);

	for (unsigned i = 0; i < n_left && i < n_right; i++) {
		if (left[i] != right[i])
			return false;
		if (m->is_copied[left[i]])
			return true;
	}
	return true;
}

static unsigned read_of(const struct model *m, unsigned i, bool *is_unknown)
{
	unsigned read = 0;

	*is_unknown = i == 0;
	for (unsigned s = 1; s <= m->n_slots; s++) {
		bool same = s == i;

		if (i && m->slots[i].kind == INDIRECT_MEMBER)
			same = m->slots[s].kind == INDIRECT_MEMBER &&
			       m->slots[s].of == m->slots[i].of && may_alias(m, i, s);
		if (same) {
			read |= m->slots[s].values;
			*is_unknown |= m->slots[s].is_unknown;
		}
	}
	return read;
}

/* Arguments of calls through a pointer flow to the parameters of every function of that type. */
static bool flows(const struct model *m, unsigned from, unsigned to)
{
	if (m->flows[from][to])
		return true;
	return from && m->slots[from].kind == INDIRECT_ARGUMENT &&
	       m->slots[to].kind == INDIRECT_PARAMETER &&
	       m->slots[from].index == m->slots[to].index &&
	       m->type_of[m->slots[to].of] == m->slots[from].type;
}

static void solve_plainly(struct model *m)
{
	bool changed = true;

	for (unsigned i = 1; i <= m->n_slots; i++) {
		m->slots[i].values = m->slots[i].put;
		m->slots[i].is_unknown |= !m->slots[i].is_typed;
	}
	while (changed) {
		changed = false;
		for (unsigned from = 0; from <= m->n_slots; from++)
			for (unsigned to = 1; to <= m->n_slots; to++) {
				bool is_unknown;
				unsigned values = read_of(m, from, &is_unknown);

				if (from == to || !flows(m, from, to) ||
				    ((m->slots[to].values | values) == m->slots[to].values &&
				     (m->slots[to].is_unknown || !is_unknown)))
					continue;
				m->slots[to].values |= values;
				m->slots[to].is_unknown |= is_unknown;
				changed = true;
			}
	}
}

static unsigned functions_of_type(const struct model *m, unsigned type, bool is_static)
{
	unsigned found = 0;

	for (unsigned f = 0; f < FUNCTIONS; f++) /* 0 and 2 differ only in the result */
		if (m->type_of[f] == type || (is_static && type != 1 && m->type_of[f] != 1))
			found |= 1u << f;
	return found;
}

/* The targets of a call, and whether the pointer's origin is unknown. */
static unsigned targets_of(const struct model *m, unsigned c, bool *is_unknown)
{
	unsigned fitting = functions_of_type(m, m->calls[c].type, m->calls[c].is_static);
	unsigned read = read_of(m, m->calls[c].slot, is_unknown);

	if (!m->calls[c].is_inside)
		return read & fitting & 1; /* function 0 is the scheduler's */
	return *is_unknown ? fitting : read & fitting;
}

static bool chance(GRand *rand, int percent)
{
	return g_rand_int_range(rand, 0, 100) < percent;
}

static unsigned below(GRand *rand, unsigned n)
{
	return (unsigned)g_rand_int_range(rand, 0, (gint32)n);
}

static bool is_place(const struct model *m, unsigned i)
{
	return m->slots[i].kind == INDIRECT_MEMBER || m->slots[i].kind == INDIRECT_VARIABLE;
}

static void make_slot(struct model *m, GRand *rand, unsigned i)
{
	static const enum indirect_slot_kind kinds[] = { INDIRECT_MEMBER,    INDIRECT_MEMBER,
							 INDIRECT_MEMBER,    INDIRECT_MEMBER,
							 INDIRECT_VARIABLE,  INDIRECT_LOCAL,
							 INDIRECT_PARAMETER, INDIRECT_RETURN,
							 INDIRECT_ARGUMENT };
	unsigned outer = below(rand, i);

	m->slots[i].kind = kinds[below(rand, G_N_ELEMENTS(kinds))];
	m->slots[i].of = below(rand, m->slots[i].kind == INDIRECT_PARAMETER ? FUNCTIONS : MEMBERS);
	m->slots[i].index =
		m->slots[i].kind == INDIRECT_MEMBER || m->slots[i].kind == INDIRECT_VARIABLE
			? 0
			: below(rand, 2);
	m->slots[i].type = below(rand, G_N_ELEMENTS(prototypes));
	if (m->slots[i].kind == INDIRECT_ARGUMENT)
		m->slots[i].of = m->slots[i].type;
	m->slots[i].is_typed = chance(rand, 95);
	if (m->slots[i].kind == INDIRECT_MEMBER && outer && is_place(m, outer))
		m->slots[i].outer = outer;
	for (unsigned k = 1; k < i; k++) /* equal keys are the same slot */
		if (m->slots[k].kind == m->slots[i].kind && m->slots[k].of == m->slots[i].of &&
		    m->slots[k].index == m->slots[i].index &&
		    m->slots[k].outer == m->slots[i].outer)
			m->slots[i].kind = INDIRECT_UNKNOWN;
}

static void make_model(struct model *m, GRand *rand)
{
	unsigned wanted = 1 + below(rand, MAX_SLOTS), n_flows = below(rand, 3 * N);

	memset(m, 0, sizeof(*m));
	for (unsigned i = 0; i < wanted; i++) {
		m->slots[m->n_slots + 1].outer = 0;
		make_slot(m, rand, m->n_slots + 1);
		if (m->slots[m->n_slots + 1].kind != INDIRECT_UNKNOWN)
			m->n_slots++;
	}
	for (unsigned f = 0; f < FUNCTIONS; f++)
		m->type_of[f] = below(rand, G_N_ELEMENTS(prototypes));
	for (unsigned i = 1; i <= m->n_slots; i++)
		m->slots[i].put = chance(rand, 40) ? 1u << below(rand, FUNCTIONS) : 0;
	for (unsigned i = 0; m->n_slots && i < n_flows; i++)
		m->flows[chance(rand, 4) ? 0 : 1 + below(rand, m->n_slots)]
			[1 + below(rand, m->n_slots)] = true;
	for (unsigned i = 0; i < MEMBERS; i++)
		m->is_copied[i] = chance(rand, 15);
	m->n_calls = 1 + below(rand, MAX_CALLS);
	for (unsigned c = 0; c < m->n_calls; c++) {
		m->calls[c].slot = below(rand, m->n_slots + 1);
		m->calls[c].type = below(rand, G_N_ELEMENTS(prototypes));
		m->calls[c].is_static = chance(rand, 15);
		m->calls[c].is_inside = chance(rand, 80);
	}
}

/* Passes the model to the resolver; `slots` gets the resolver's numbers. */
static void tell(const struct model *m, unsigned slots[N], struct graph_node *functions[FUNCTIONS])
{
	static const char *const function_names[] = { "s", "a", "b", "c", "d", "e" };
	static const char *const names[] = { "x", "y", "z" };

	for (unsigned f = 0; f < FUNCTIONS; f++)
		functions[f] = function(function_names[f], prototypes[m->type_of[f]]);
	for (unsigned i = 1; i <= m->n_slots; i++) {
		struct indirect_key key = { .kind = m->slots[i].kind, .index = m->slots[i].index };

		if (key.kind == INDIRECT_MEMBER || key.kind == INDIRECT_VARIABLE)
			key.node = node(key.kind == INDIRECT_MEMBER ? GRAPH_MEMBER : GRAPH_VARIABLE,
					names[m->slots[i].of]);
		else if (key.kind == INDIRECT_ARGUMENT)
			key.type_called = prototypes[m->slots[i].type];
		else
			key.node = functions[m->slots[i].of];
		key.outer = slots[m->slots[i].outer];
		slots[i] = indirect_slot(in, &key, m->slots[i].is_typed);
		g_assert_cmpuint(slots[i], >, 0);
		for (unsigned f = 0; f < FUNCTIONS; f++)
			if (m->slots[i].put & 1u << f)
				indirect_put(in, slots[i], functions[f]);
	}
	for (unsigned from = 0; from <= m->n_slots; from++)
		for (unsigned to = 1; to <= m->n_slots; to++)
			if (m->flows[from][to])
				indirect_flow(in, slots[from], slots[to]);
	for (unsigned i = 0; i < MEMBERS; i++)
		if (m->is_copied[i])
			indirect_note_copied(in, node(GRAPH_MEMBER, names[i]));
	for (unsigned c = 0; c < m->n_calls; c++) {
		struct indirect_call one =
			call_of(slots[m->calls[c].slot], prototypes[m->calls[c].type]);

		one.site.line = c;
		one.is_static_call = m->calls[c].is_static;
		one.is_inside = m->calls[c].is_inside;
		indirect_add_call(in, &one);
	}
}

static unsigned targets_told(const struct graph_site *site,
			     struct graph_node *const functions[FUNCTIONS])
{
	unsigned told = 0;

	for (unsigned f = 0; f < FUNCTIONS; f++)
		if (g_ptr_array_find(site->targets, functions[f], NULL))
			told |= 1u << f;
	return told;
}

static void check_model(struct model *m, unsigned number)
{
	struct graph_node *functions[FUNCTIONS];
	unsigned slots[N] = { 0 }, next = 0;

	begin();
	tell(m, slots, functions);
	indirect_solve(in);
	solve_plainly(m);
	for (unsigned c = 0; c < m->n_calls; c++) {
		bool is_unknown;
		unsigned targets = targets_of(m, c, &is_unknown);
		const struct graph_site *site;

		if (!m->calls[c].is_inside && !targets)
			continue;
		if (next >= graph->sites->len)
			g_error("seed %d, case %u: call %u is missing", SEED, number, c);
		site = g_ptr_array_index(graph->sites, next++);
		if (site->line != c || targets_told(site, functions) != targets ||
		    site->is_partial == m->calls[c].is_inside ||
		    (m->calls[c].is_inside && (site->layer == GRAPH_LAYER_SIGNATURE) != is_unknown))
			g_error("seed %d, case %u, call %u: targets %x, not %x", SEED, number, c,
				targets_told(site, functions), targets);
	}
	g_assert_cmpuint(next, ==, graph->sites->len);
	end();
}

static void test_random(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
	struct model m;

	g_test_message("seed %d", SEED);
	for (unsigned number = 0; number < CASES; number++) {
		make_model(&m, rand);
		check_model(&m, number);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/indirect/value", test_value);
	g_test_add_func("/indirect/signature", test_signature);
	g_test_add_func("/indirect/type", test_type);
	g_test_add_func("/indirect/member", test_member);
	g_test_add_func("/indirect/chain", test_chain);
	g_test_add_func("/indirect/copied", test_copied);
	g_test_add_func("/indirect/arguments", test_arguments);
	g_test_add_func("/indirect/static-call", test_static_call);
	g_test_add_func("/indirect/partial", test_partial);
	g_test_add_func("/indirect/cycles", test_cycles);
	g_test_add_func("/indirect/frontier", test_frontier);
	g_test_add_func("/indirect/random", test_random);
	return g_test_run();
}
