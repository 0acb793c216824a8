// SPDX-License-Identifier: GPL-2.0-only
/**
 * Draws the neighbourhood. Shape and border show the class, the line's style the kind
 * of edge; a list below the drawing says the same in words. Arrow keys move from node
 * to node, Enter opens one.
 */
import cytoscape from 'cytoscape';
import { announce, CLASS_MARKS, count, el, select, shortened, svg } from './dom.js';
import { place, stack } from './layout.js';
import { defaultGroups, EDGE_GROUPS, EDGE_VERBS, neighbourhood } from './neighbourhood.js';
import { colour } from './theme.js';

const LIMITS = ['30', '60', '120', '250'];
const LABEL_MAX = 30;
const CROWD = 60;
/** The initial zoom: labels stay readable; a little smaller if that shows everything. */
const ZOOM = { all: 0.6, least: 0.75, most: 1.1 };
const FONT = '12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';

/** Dashes and arrow heads for each group of edges, in the drawing and in its legend. */
const LINES = {
	call: { width: 1.6, dash: [], arrow: 'triangle' },
	may: { width: 1.6, dash: [7, 4], arrow: 'triangle' },
	address: { width: 1.6, dash: [2, 3], arrow: 'diamond' },
	inlined: { width: 3.4, dash: [], arrow: 'tee' },
	use: { width: 1, dash: [], arrow: 'circle' },
	object: { width: 1.2, dash: [9, 3, 2, 3], arrow: 'square' },
};

let ruler;

/** The width of a label in the drawing's font. */
function textWidth(text) {
	ruler ??= Object.assign(document.createElement('canvas').getContext('2d'), { font: FONT });
	return ruler.measureText(text).width;
}

function labelOf(report, node) {
	const name = report.kind(node) === 'object' ? report.name(node).split('/').pop() : report.title(node);
	const short = name.length > LABEL_MAX ? `${name.slice(0, LABEL_MAX - 11)}…${name.slice(-10)}` : name;
	return `${CLASS_MARKS[report.className(node)]} ${short}${report.kind(node) === 'function' ? '()' : ''}`;
}

/** With many lines, each is drawn fainter. */
function style(isCrowded) {
	const nodes = ['internal', 'interface', 'external'].map((name) => ({
		selector: `node.${name}`,
		style: {
			'background-color': colour(`${name}-back`), 'border-color': colour(name), color: colour('text'),
			shape: { internal: 'round-rectangle', interface: 'cut-rectangle', external: 'rectangle' }[name],
			'border-width': { internal: 1.5, interface: 2.5, external: 1 }[name],
			'border-style': name === 'external' ? 'dashed' : 'solid',
		},
	}));
	const edges = Object.entries(LINES).map(([group, line]) => ({
		selector: `edge.${group}`,
		style: {
			width: line.width, 'target-arrow-shape': line.arrow, 'line-style': line.dash.length ? 'dashed' : 'solid',
			...(line.dash.length ? { 'line-dash-pattern': line.dash } : {}),
		},
	}));
	return [
		{ selector: 'node', style: {
			label: 'data(label)', width: 'data(width)', height: 28, 'text-valign': 'center', 'text-halign': 'center',
			'font-family': 'ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace', 'font-size': 12,
		} },
		...nodes,
		{ selector: 'edge', style: {
			'curve-style': 'bezier', 'line-color': colour('line'), 'target-arrow-color': colour('line'), 'arrow-scale': 0.9,
			opacity: isCrowded ? 0.4 : 0.75,
		} },
		{ selector: 'edge.across', style: {
			'curve-style': 'unbundled-bezier', 'control-point-distances': 'data(bend)', 'control-point-weights': [0.25, 0.75],
			'source-endpoint': 'data(out)', 'target-endpoint': 'data(in)', 'edge-distances': 'endpoints',
		} },
		...edges,
		{ selector: 'node.root', style: { 'border-width': 4, 'border-style': 'solid', 'font-weight': 'bold' } },
		{ selector: '.dim', style: { opacity: 0.18 } },
		{ selector: 'edge.lit', style: { 'line-color': colour('accent'), 'target-arrow-color': colour('accent'), opacity: 1, 'z-index': 5 } },
		{ selector: 'node.lit', style: { 'overlay-color': colour('accent'), 'overlay-opacity': 0.16, 'overlay-padding': 4 } },
	];
}

/** A line in the legend. */
function sample(group) {
	const { width, dash } = LINES[group];
	return svg('svg', { width: 34, height: 12, 'aria-hidden': 'true', class: 'sample' },
		svg('line', { x1: 1, y1: 6, x2: 26, y2: 6, 'stroke-width': width, ...(dash.length ? { 'stroke-dasharray': dash.join(' ') } : {}) }),
		svg('path', { d: { triangle: 'M25 2 L33 6 L25 10 Z', diamond: 'M25 6 L29 2 L33 6 L29 10 Z', tee: 'M29 1 V11 H31 V1 Z',
			circle: 'M26 6 a3 3 0 1 0 6 0 a3 3 0 1 0 -6 0', square: 'M26 3 H32 V9 H26 Z' }[LINES[group].arrow] }));
}

/**
 * How far an S-shaped line between two nodes bends: `along` the direction of the
 * levels, and `across` it.
 */
function bend(along, across) {
	const off = Math.min(Math.abs(across) * 0.35, 60) * Math.sign(across) * (Math.abs(along) / (Math.hypot(along, across) || 1));
	return [-off, off];
}

export class Drawing {
	/**
	 * @param {import('./state.js').Store} store
	 * @param {(node: number) => void} open
	 */
	constructor(store, open) {
		this.store = store;
		this.open = open;
	}

	/** The section for an entry. The drawing itself is made when the section is in the page. */
	section(report, root, state) {
		const given = state.edges ? state.edges.split(',') : defaultGroups(report, root);
		this.report = report;
		this.root = root;
		this.isStacked = matchMedia('(max-width: 600px)').matches;
		this.groups = new Set(given.filter((group) => group in EDGE_GROUPS));
		this.found = neighbourhood(report, root, { depth: Math.min(Math.max(Number(state.depth) || 1, 1), 3),
			limit: Number(state.limit) || 60, groups: this.groups });
		this.rest = el('p', { class: 'hint', hidden: true }, 'It is larger than its window: drag it, or show all of it with ⤢.');
		this.canvas = el('div', { class: 'drawing', id: 'drawing', tabindex: '0', role: 'application', 'aria-roledescription': 'drawing',
			'aria-label': this.label(), 'aria-describedby': 'drawing-help', onkeydown: (event) => this.key(event),
			onblur: () => this.light(null) });
		return el('section', { class: 'card neighbourhood', 'aria-labelledby': 'neighbourhood' },
			el('h2', { id: 'neighbourhood' }, 'Neighbourhood'), this.controls(state),
			el('div', { class: 'drawing-head' }, this.note(), this.buttons()), this.canvas, this.rest,
			el('p', { class: 'hint', id: 'drawing-help' }, `${this.isStacked ? 'Callers stand above, callees below.' :
				'Callers stand to the left, callees to the right.'} A click opens an entry; with the keyboard, arrows walk and Enter opens.`),
			el('details', { class: 'as-list' }, el('summary', {}, 'The drawing as a list'), this.lineList()));
	}

	label() {
		return `Neighbourhood of ${this.report.title(this.root)}: ${count(this.found.nodes.size - 1, 'neighbour')}, ` +
			`${count(this.found.lines.length, 'line')}`;
	}

	note() {
		const shown = this.found.nodes.size - 1;
		if (!this.found.total)
			return el('p', { class: 'note' }, 'Nothing leads to it or from it by these kinds of edges.');
		if (shown === this.found.total)
			return el('p', { class: 'note' }, `${count(shown, 'neighbour')}.`);
		return el('p', { class: 'note warning' }, `Cut: ${shown.toLocaleString('en')} of ${count(this.found.total, 'neighbour')} are drawn, ` +
			'the nearest and the scheduler’s own first. The lists below have all that are one step away.');
	}

	controls(state) {
		const choose = (key) => (value) => this.store.push({ [key]: value });
		return el('div', { class: 'controls' },
			select('Depth', [['1', '1'], ['2', '2'], ['3', '3']], state.depth, choose('depth')),
			select('At most', LIMITS.map((limit) => [limit, limit]), state.limit, choose('limit')),
			el('fieldset', { class: 'legend' }, el('legend', { class: 'sr-only' }, 'Kinds of edges'),
				Object.entries(EDGE_GROUPS).map(([group, { title }]) => el('label', { class: 'check' },
					el('input', { type: 'checkbox', name: group, checked: this.groups.has(group), onchange: () => this.toggle(group) }),
					sample(group), title))));
	}

	toggle(group) {
		const groups = Object.keys(EDGE_GROUPS).filter((one) => this.groups.has(one) !== (one === group));
		const isDefault = groups.join() === defaultGroups(this.report, this.root).join();
		this.store.push({ edges: isDefault ? '' : groups.join() || 'none' });
	}

	buttons() {
		const zoom = (factor) => () => this.cy.zoom({ level: this.cy.zoom() * factor,
			renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
		const button = (label, text, onclick) => el('button', { type: 'button', 'aria-label': label, title: label, onclick }, text);
		return el('div', { class: 'zoom' }, button('Zoom in', '+', zoom(1.3)), button('Zoom out', '−', zoom(1 / 1.3)),
			button('Show all', '⤢', () => this.cy.fit(undefined, 16)));
	}

	lineList() {
		const { report } = this;
		const name = (node) => el('a', { href: this.store.link({ e: report.id(node) }) }, report.title(node));
		return shortened(this.found.lines, 200, 'line', ({ from, to, edges }) => {
			const kinds = [...new Set(edges.map((edge) => EDGE_VERBS[report.edgeKind(edge)]))].join(' and ');
			return el('li', {}, name(from), ` (${report.className(from)}) ${kinds} `, name(to), ` (${report.className(to)})`);
		});
	}

	/** Makes the drawing; its element must be in the page. */
	draw() {
		const { report, found } = this;
		const label = new Map([...found.nodes.keys()].map((node) => [node, labelOf(report, node)]));
		const width = new Map([...label].map(([node, text]) => [node, Math.round(textWidth(text)) + 24]));
		const places = this.isStacked ? stack(found.nodes, found.lines, (node) => width.get(node), this.canvas.clientWidth / ZOOM.all - 50) :
			place(found.nodes, found.lines, (node) => width.get(node));
		this.canvas.style.height = `${this.heightFor(places, width)}px`;
		this.cy?.destroy();
		this.cy = cytoscape({
			container: this.canvas, style: style(found.lines.length > CROWD), layout: { name: 'preset' }, autoungrabify: true, autounselectify: true,
			boxSelectionEnabled: false, userZoomingEnabled: false, minZoom: 0.05, maxZoom: 3,
			elements: [
				...[...found.nodes.keys()].map((node) => ({
					data: { id: String(node), label: label.get(node), width: width.get(node) }, position: places.get(node),
					classes: `${report.className(node)} ${report.kind(node)} ${node === this.root ? 'root' : ''}`,
				})),
				...found.lines.map((line) => this.edge(line, places, width)),
			],
		});
		this.frame();
		this.listen();
	}

	/** The height at which the drawing fills the width, within limits. */
	heightFor(places, width) {
		const xs = [...places].map(([node, { x }]) => [x - width.get(node) / 2, x + width.get(node) / 2]).flat();
		const ys = [...places.values()].map(({ y }) => y);
		const zoom = Math.min(ZOOM.most, (this.canvas.clientWidth - 40) / (Math.max(...xs) - Math.min(...xs)));
		return Math.min(Math.max((Math.max(...ys) - Math.min(...ys) + 40) * Math.max(zoom, ZOOM.all) + 40, 150), 680);
	}

	edge({ from, to, group }, places, width) {
		const l = places.get(from), r = places.get(to), dx = r.x - l.x, dy = r.y - l.y;
		const isForward = this.isStacked ? dy > 0 : l.x + width.get(from) / 2 < r.x - width.get(to) / 2;
		const ends = this.isStacked ? { out: '0px 14px', in: '0px -15px', bend: bend(dy, -dx) } :
			{ out: `${width.get(from) / 2}px 0px`, in: `${-width.get(to) / 2 - 1}px 0px`, bend: bend(dx, dy) };
		return { data: { source: String(from), target: String(to), ...ends }, classes: `${group} ${isForward ? 'across' : ''}` };
	}

	/** Shows the whole drawing if it is readable then, else the surroundings of the root. */
	frame() {
		this.cy.fit(undefined, 16);
		const isCut = this.cy.zoom() < ZOOM.all;
		this.cy.zoom(isCut ? ZOOM.least : Math.min(this.cy.zoom(), ZOOM.most));
		this.cy.center(isCut ? this.cy.getElementById(String(this.root)) : undefined);
		this.rest.hidden = !isCut;
		if (isCut)
			this.cy.panBy(this.emptiness());
	}

	/**
	 * How far to move so that no side of the window is empty while the drawing
	 * continues at the opposite side.
	 */
	emptiness() {
		const box = this.cy.elements().renderedBoundingBox(), gap = 24;
		const along = (low, high, size) => {
			if (high - low <= size - 2 * gap)
				return (size - low - high) / 2;
			return high < size - gap ? Math.min(size - gap - high, gap - low) : low > gap ? gap - low : 0;
		};
		return { x: along(box.x1, box.x2, this.cy.width()), y: along(box.y1, box.y2, this.cy.height()) };
	}

	listen() {
		const { cy } = this;
		cy.on('tap', 'node', (event) => this.open(Number(event.target.id())));
		cy.on('mouseover', 'node', (event) => { this.light(event.target); this.canvas.classList.add('pointing'); });
		cy.on('mouseout', 'node', () => { this.light(null); this.canvas.classList.remove('pointing'); });
		this.canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
	}

	/** The wheel scrolls the page; with Ctrl it zooms the drawing. */
	wheel(event) {
		if (!event.ctrlKey)
			return;
		event.preventDefault();
		const box = this.canvas.getBoundingClientRect();
		this.cy.zoom({ level: this.cy.zoom() * 1.002 ** -event.deltaY,
			renderedPosition: { x: event.clientX - box.left, y: event.clientY - box.top } });
	}

	/** Highlights what is connected with a node; null: shows everything alike. */
	light(node) {
		if (!this.cy || this.cy.destroyed())
			return;
		this.focus = node;
		this.cy.elements().removeClass('dim lit');
		if (!node)
			return;
		this.cy.elements().not(node.closedNeighborhood()).addClass('dim');
		node.connectedEdges().addClass('lit');
		node.addClass('lit');
	}

	key(event) {
		const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
		const at = this.focus ?? this.cy.getElementById(String(this.root));
		if (event.key in directions)
			this.walk(this.focus ? this.nearest(at, directions[event.key]) : at);
		else if (event.key === 'Enter' && this.focus)
			this.open(Number(this.focus.id()));
		else
			return;
		event.preventDefault();
	}

	/** The nearest node in a direction; `from` itself if there is none. */
	nearest(from, [dx, dy]) {
		const { x, y } = from.position();
		let best = from, least = Infinity;
		this.cy.nodes().forEach((node) => {
			const along = (node.position('x') - x) * dx + (node.position('y') - y) * dy;
			const across = Math.abs((node.position('x') - x) * dy) + Math.abs((node.position('y') - y) * dx);
			const distance = along + 3 * across * (dx ? 0.5 : 1);
			if (along > 1 && distance < least)
				[best, least] = [node, distance];
		});
		return best;
	}

	walk(node) {
		const { report } = this, number = Number(node.id());
		this.light(node);
		this.cy.animate({ center: { eles: node } }, { duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120 });
		announce(`${report.title(number)}, ${report.className(number)} ${report.kindWord(number)}`);
	}

	/** The colours of the page have changed. */
	recolour() {
		if (this.cy && !this.cy.destroyed())
			this.cy.style(style(this.found.lines.length > CROWD));
	}

	close() {
		this.cy?.destroy();
		this.cy = null;
	}
}

