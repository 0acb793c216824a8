// SPDX-License-Identifier: GPL-2.0-only
/**
 * The surroundings of an entry: its callers and its callees up to a number of levels, as
 * plugsched-graph callers and callees answer with --depth; and, on request, the data that it uses
 * or the code that uses it.
 */
import { SHOWN_CALLEE, SHOWN_CALLER } from './data.js';

/** Groups of edges for drawing and selection; the kinds are those of the answers. */
export const EDGE_GROUPS = {
	call: { title: 'calls', kinds: ['call', 'clone'] },
	may: { title: 'may call, or calls through', kinds: ['may-call', 'indirect', 'waits'] },
	address: { title: 'takes the address', kinds: ['address'] },
	inlined: { title: 'holds an inlined copy', kinds: ['inlined'] },
	use: { title: 'reads or writes', kinds: ['read', 'write', 'read-write'] },
	object: { title: 'object file names it', kinds: ['object'] },
};

const GROUP_OF = Object.fromEntries(Object.entries(EDGE_GROUPS).flatMap(([group, { kinds }]) => kinds.map((kind) => [kind, group])));

/**
 * The groups that are shown unless the reader chooses others. For data, its
 * uses are all that matters.
 */
export function defaultGroups(report, node) {
	const all = Object.keys(EDGE_GROUPS);
	return report.kind(node) === 'function' ? all.filter((group) => group !== 'use') : all;
}

/** The group in which an edge is drawn in that direction; null if it is not drawn. */
function groupOf(report, edge, isUp) {
	const kind = report.edgeKind(edge);
	if (report.shown[edge] & (isUp ? SHOWN_CALLER : SHOWN_CALLEE))
		return GROUP_OF[kind];
	if (report.shown[edge] === 0 && (GROUP_OF[kind] === 'use' || kind === 'address'))
		return 'use';
	return null;
}

/**
 * One direction from the root, level by level. Fills `levels` (node -> signed level) and `edges`.
 */
class Side {
	constructor(report, root, isUp, groups) {
		Object.assign(this, { report, isUp, groups, levels: new Map([[root, 0]]), edges: [], border: [root], level: 0 });
	}

	/** Goes one level further. */
	grow() {
		const next = [], sign = this.isUp ? -1 : 1;
		this.level++;
		for (const node of this.border)
			for (const edge of this.isUp ? this.report.edgesTo(node) : this.report.edgesFrom(node)) {
				const group = groupOf(this.report, edge, this.isUp);
				if (!group || !this.groups.has(group))
					continue;
				const other = this.isUp ? this.report.from[edge] : this.report.to[edge];
				this.edges.push({ edge, group });
				if (!this.levels.has(other))
					this.levels.set(other, sign * this.level);
				if (this.report.isFollowed(edge) && !this.followed(other))
					next.push(other);
			}
		this.border = next;
	}

	/**
	 * True if the neighbours of a node are or will be visited; then they are not visited again.
	 */
	followed(node) {
		this.seen ??= new Set([...this.levels].filter(([, level]) => level === 0).map(([root]) => root));
		if (this.seen.has(node))
			return true;
		this.seen.add(node);
		return false;
	}
}

/** Sorts the nearest first, then the scheduler's own, then by class and name. */
function byNearness(report, levels) {
	const key = (node) => Math.abs(levels.get(node));
	return (l, r) => key(l) - key(r) || report.own[r] - report.own[l] || report.classes[l] - report.classes[r] ||
		(report.name(l) < report.name(r) ? -1 : 1);
}

/** Merges the edges of one group between the same two nodes into one line. */
function merge(report, edges) {
	const lines = new Map();
	const seen = new Set();
	for (const { edge, group } of edges) {
		if (seen.has(edge))
			continue;
		seen.add(edge);
		const key = `${report.from[edge]} ${report.to[edge]} ${group}`;
		if (!lines.has(key))
			lines.set(key, { from: report.from[edge], to: report.to[edge], group, edges: [] });
		lines.get(key).edges.push(edge);
	}
	return [...lines.values()];
}

/**
 * @param {import('./data.js').Report} report
 * @param {number} root
 * @param {{depth: number, limit: number, groups: Set<string>}} options
 * @returns {{nodes: Map<number, number>, lines: Object[], total: number}} nodes with their
 *     level, negative for callers; `total` also counts those that the limit leaves out
 */
export function neighbourhood(report, root, { depth, limit, groups }) {
	const up = new Side(report, root, true, groups), down = new Side(report, root, false, groups);
	for (let level = 0; level < depth; level++) {
		up.grow();
		down.grow();
	}
	const levels = new Map([...down.levels, ...up.levels]);
	for (const [node, level] of down.levels) // the nearer side counts
		if (Math.abs(level) < Math.abs(levels.get(node)))
			levels.set(node, level);
	const order = [...levels.keys()].sort(byNearness(report, levels));
	const nodes = new Map(order.slice(0, limit + 1).map((node) => [node, levels.get(node)]));
	const inSight = ({ edge }) => nodes.has(report.from[edge]) && nodes.has(report.to[edge]);
	return { nodes, lines: merge(report, [...up.edges, ...down.edges].filter(inSight)), total: levels.size - 1 };
}

/** What an edge says: a sentence without subject and object. */
export const EDGE_VERBS = {
	call: 'calls', 'may-call': 'may call', indirect: 'calls through', waits: 'waits in', address: 'takes the address of',
	inlined: 'holds an inlined copy of', read: 'reads', write: 'writes', 'read-write': 'reads and writes', object: 'names',
	clone: 'calls a clone of', escape: 'lets out the address of',
};
