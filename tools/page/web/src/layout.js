// SPDX-License-Identifier: GPL-2.0-only
/**
 * Computes positions for a neighbourhood: a column for each level, with callers to the left of what
 * they call. dagre orders each level so that few lines cross; a level that is too long for one
 * column takes several. In a narrow window the levels are rows below each other.
 */
import { Graph, layout } from '@dagrejs/dagre';

const GAP = { x: 90, column: 22, y: 12, level: 46 };
const NODE_HEIGHT = 28;
const SHORTEST = 14; // columns with fewer nodes are not split

/** The order of the nodes from top to bottom as dagre finds it: node -> y. */
function order(nodes, lines) {
	const graph = new Graph({ multigraph: false });
	graph.setGraph({ rankdir: 'LR', nodesep: 1, ranksep: 1 });
	graph.setDefaultEdgeLabel(() => ({}));
	for (const node of nodes.keys())
		graph.setNode(String(node), { width: 1, height: 1 });
	for (const { from, to } of lines)
		// lines that run back or within a level do not count
		if (nodes.get(to) === nodes.get(from) + 1)
			graph.setEdge(String(from), String(to));
	layout(graph);
	return new Map([...nodes.keys()].map((node) => [node, graph.node(String(node)).y]));
}

/** The nodes of each level, in order. */
function levelsOf(nodes, ys) {
	const levels = new Map();
	for (const [node, level] of nodes)
		levels.set(level, [...(levels.get(level) ?? []), node]);
	for (const list of levels.values())
		list.sort((l, r) => ys.get(l) - ys.get(r));
	return new Map([...levels].sort(([l], [r]) => l - r));
}

/**
 * The rows of a column if the longest level has that many nodes: about as many as fill a screen.
 */
function rowsOf(longest) {
	return Math.max(SHORTEST, Math.round(Math.sqrt(longest * 9)));
}

/** Splits nodes into rows no wider than `room`, as far as single nodes permit. */
function rowsWithin(list, widthOf, room) {
	const rows = [[]];
	let width = 0;
	for (const node of list) {
		if (rows.at(-1).length && width + widthOf(node) > room) {
			rows.push([]);
			width = 0;
		}
		rows.at(-1).push(node);
		width += widthOf(node) + GAP.column;
	}
	return rows;
}

/** Like place(), for a window of the width `room`: callers are above what they call. */
export function stack(nodes, lines, widthOf, room) {
	const places = new Map();
	let y = 0;
	for (const list of levelsOf(nodes, order(nodes, lines)).values()) {
		for (const row of rowsWithin(list, widthOf, room)) {
			let x = -row.reduce((sum, node) => sum + widthOf(node) + GAP.column, -GAP.column) / 2;
			for (const node of row) {
				places.set(node, { x: x + widthOf(node) / 2, y });
				x += widthOf(node) + GAP.column;
			}
			y += NODE_HEIGHT + GAP.y;
		}
		y += GAP.level;
	}
	return places;
}

/**
 * @param {Map<number, number>} nodes with their level
 * @param {{from: number, to: number}[]} lines
 * @param {(node: number) => number} widthOf
 * @returns {Map<number, {x: number, y: number}>} the centre of each node
 */
export function place(nodes, lines, widthOf) {
	const levels = levelsOf(nodes, order(nodes, lines)), places = new Map();
	const rows = rowsOf(Math.max(...[...levels.values()].map((list) => list.length)));
	let x = 0;
	for (const [level, list] of levels) {
		const columns = [];
		const n = Math.ceil(list.length / rows), high = Math.ceil(list.length / n);
		for (let i = 0; i < list.length; i += high)
			columns.push(list.slice(i, i + high));
		for (const [c, column] of (level < 0 ? columns.reverse() : columns).entries()) {
			const width = Math.max(...column.map(widthOf));
			// shift every other column, so that lines can pass between its nodes
			const shift = columns.length > 1 ? ((c % 2) - 0.5) / 2 : 0;
			column.forEach((node, i) => places.set(node, {
				// callers are aligned at the end of their column,
				// callees at the start of theirs
				x: level < 0 ? x + width - widthOf(node) / 2 : level > 0 ? x + widthOf(node) / 2 : x + width / 2,
				y: (i + shift - (column.length - 1) / 2) * (NODE_HEIGHT + GAP.y),
			}));
			x += width + GAP.column;
		}
		x += GAP.x - GAP.column;
	}
	return places;
}
