// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive charts of a report, drawn by uPlot from the JSON beside each (chart_data.h says
// what is in it). Steps are gathered into bins as wide as the view wants; what was not observed is
// shaded and has no point; a bin in which nothing came stands on the floor of a logarithmic axis.
(() => {
"use strict";
const words = JSON.parse(document.getElementById("chart-words").textContent);
const BINS = 260;
const NICE = [1, 2, 3, 6, 12, 24, 36, 72, 144, 288, 576, 2016, 4032, 8064]; // of 5 minutes
const SHAPES = [
	["#D55E00", []], ["#009E73", [8, 4]], ["#CC79A7", [2, 3]], ["#E69F00", [10, 3, 2, 3]],
	["#999933", [4, 4]], ["#8A8A8A", [1, 2]], ["#AA4499", [12, 4]], ["#A0522D", [6, 2, 2, 2]],
];

const fill = (text, ...values) => text.replace(/\$(\d)/g, (_, place) => values[place - 1]);
const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function number(value) {
	if (value === 0 || !isFinite(value))
		return value === 0 ? "0" : "–";
	if (Math.abs(value) >= 1000)
		return Math.round(value).toLocaleString("en");
	return value < 1e-6 ? "< 0.000001" : String(+value.toPrecision(3)).includes("e")
		? value.toFixed(8).replace(/0+$/, "") : String(+value.toPrecision(3));
}

function time(hours) {
	if (hours < 1)
		return fill(words.minutes, number(hours * 60));
	return hours < 48 ? fill(words.hours, number(hours)) : fill(words.days, number(hours / 24));
}

// Sums of counts and observed seconds before each step, so that a bin costs two look-ups.
function read(data) {
	const count = new Float64Array(data.steps + 1), seconds = new Float64Array(data.steps + 1);
	const unknown = [];
	const observed = new Float64Array(data.steps).fill(data.step);
	for (let i = 0, at = 0; i < data.short.length; i += 3) {
		at += data.short[i];
		observed.fill(data.short[i + 2], at, at + data.short[i + 1]);
		if (data.short[i + 2] === 0)
			unknown.push([hour(data, at), hour(data, at + data.short[i + 1])]);
		at += data.short[i + 1];
	}
	const counts = new Float64Array(data.steps);
	for (let i = 0, at = 0; i < data.counts.length; i += 2, at++) {
		at += data.counts[i];
		counts[at] = data.counts[i + 1];
	}
	for (let i = 0; i < data.steps; i++) {
		count[i + 1] = count[i] + counts[i];
		seconds[i + 1] = seconds[i] + observed[i];
	}
	// The best fit has the look of its line in the figures.
	let others = 0;
	const fits = data.fits.map(fit => {
		let level = 0;
		const shape = SHAPES[fit.best ? 0 : 1 + others++ % (SHAPES.length - 1)];
		return {...fit, shape, curve: fit.curve.map(change => (level += change) / 1000)};
	});
	return {...data, count, seconds, unknown, fits};
}

const hour = (data, step) => (data.from + step * data.step) / 3600;

function fitAt(data, fit, hours) {
	const last = fit.curve.length - 1;
	const place = Math.min(Math.max(Math.cbrt(hours / data.hours), 0), 1) * last;
	const low = Math.min(Math.floor(place), last - 1);
	return Math.exp(fit.curve[low] + (fit.curve[low + 1] - fit.curve[low]) * (place - low));
}

// Edges of bins, in steps.
function edges(data, view, logTime) {
	const step = data.step / 3600;
	const first = Math.max(0, Math.floor((view[0] - data.from / 3600) / step + 1e-9));
	const end = Math.min(data.steps, Math.ceil((view[1] - data.from / 3600) / step - 1e-9));
	const list = [first];
	const even = NICE.find(units => units * 300 >= data.step && units * 300 % data.step === 0
		&& units * 300 / 3600 * BINS >= view[1] - view[0]) * 300 / data.step || Math.ceil((end - first) / BINS);
	while (list[list.length - 1] < end) {
		const at = list[list.length - 1];
		const wide = logTime ? Math.max(1, Math.round((hour(data, at) + step) / 12 / step))
			: even - at % even;
		list.push(Math.min(at + wide, end));
	}
	return list;
}

function bins(data, view, logTime) {
	const list = edges(data, view, logTime);
	const result = [];
	for (let i = 0; i + 1 < list.length; i++) {
		const [low, high] = [list[i], list[i + 1]];
		const from = Math.max(hour(data, low), 0), to = hour(data, high);
		const count = data.count[high] - data.count[low];
		const seconds = data.seconds[high] - data.seconds[low];
		const middle = logTime ? Math.sqrt(Math.max(from, 1 / 24) * to) : (from + to) / 2;
		result.push({from, to, middle, count, seconds, mean: seconds > 0 ? count / seconds * 300 : null});
	}
	return result;
}

function element(name, attributes, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		made.setAttribute(key, value);
	made.append(...children);
	return made;
}

function swatch(colour, dash) {
	const space = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(space, "svg"), line = document.createElementNS(space, "line");
	svg.setAttribute("width", 26);
	svg.setAttribute("height", 6);
	svg.setAttribute("aria-hidden", "true");
	for (const [key, value] of Object.entries({x1: 0, x2: 26, y1: 3, y2: 3, stroke: colour,
		"stroke-width": 2.5, "stroke-dasharray": dash.join(" ")}))
		line.setAttribute(key, value);
	svg.append(line);
	return svg;
}

class Chart {
	constructor(box) {
		this.box = box;
		this.data = read(JSON.parse(box.querySelector("script").textContent));
		this.whole = [0, this.data.hours];
		this.view = this.whole;
		this.logTime = false;
		this.logCount = true;
		this.shown = new Set(this.data.fits.flatMap((fit, i) => fit.best ? [i] : []));
		this.build();
		this.draw();
		new ResizeObserver(() => this.resize()).observe(this.plot);
	}

	tick(text, checked, change) {
		const box = element("input", {type: "checkbox"});
		box.checked = checked;
		box.addEventListener("change", () => { change(box.checked); this.draw(); });
		return element("label", {}, box, text);
	}

	button(sign, name, act) {
		const made = element("button", {type: "button", "aria-label": name, title: name}, sign);
		made.addEventListener("click", act);
		return made;
	}

	build() {
		const fits = element("fieldset", {class: "fits"}, element("legend", {}, words.fits));
		this.data.fits.forEach((fit, i) => {
			const label = this.tick(words.families[fit.name], fit.best, on => this.shown[on ? "add" : "delete"](i));
			label.title = fill(words.weight, number(fit.weight * 100));
			label.insertBefore(swatch(...fit.shape), label.lastChild);
			fits.append(label);
		});
		const axes = element("fieldset", {class: "axes"}, element("legend", {}, words.axes),
			this.tick(words.logCount, this.logCount, on => { this.logCount = on; }),
			this.tick(words.logTime, this.logTime, on => { this.logTime = on; }));
		const zoom = element("div", {class: "zoom", role: "group", "aria-label": words.zoom},
			this.button("+", words.zoomIn, () => this.zoom(0.5)),
			this.button("\u2212", words.zoomOut, () => this.zoom(2)),
			this.button("\u2190", words.earlier, () => this.move(-0.5)),
			this.button("\u2192", words.later, () => this.move(0.5)),
			this.button(words.all, words.all, () => this.show(this.whole)));
		this.plot = element("div", {class: "plot", tabindex: 0, role: "application",
			"aria-label": fill(words.label, this.data.name)});
		this.reading = element("p", {class: "reading"}, words.point);
		this.plot.addEventListener("keydown", event => this.key(event));
		this.box.append(element("div", {class: "tools"}, zoom, axes), element("div", {class: "tools"}, fits),
			this.plot, this.reading, element("p", {class: "help"}, words.help));
	}

	// Zooming keeps the middle as the axis shows it; hours and their logarithms are handled alike.
	place(hours) { return this.logTime ? Math.log(Math.max(hours, 1 / 24)) : hours; }
	at(place) { return this.logTime ? Math.exp(place) : place; }

	show([from, to]) {
		const least = this.data.step / 3600 * 4;
		from = Math.max(from <= 1 / 24 + 1e-9 ? 0 : from, 0);
		to = Math.min(to, this.data.hours);
		if (to - from < least)
			[from, to] = [Math.max(0, to - least), Math.min(this.data.hours, Math.max(0, to - least) + least)];
		this.view = [from, to];
		this.draw();
	}

	zoom(factor) {
		const [from, to] = this.view.map(hours => this.place(hours));
		const middle = (from + to) / 2, half = (to - from) / 2 * factor;
		this.show([this.at(middle - half), this.at(middle + half)]);
	}

	move(share) {
		const [from, to] = this.view.map(hours => this.place(hours));
		const [least, most] = this.whole.map(hours => this.place(hours));
		const by = Math.min(Math.max((to - from) * share, least - from), most - to);
		this.show([this.at(from + by), this.at(to + by)]);
	}

	key(event) {
		const acts = {
			"+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
			"0": () => this.show(this.whole),
			ArrowLeft: () => event.shiftKey ? this.move(-0.5) : this.step(-1),
			ArrowRight: () => event.shiftKey ? this.move(0.5) : this.step(1),
			Home: () => this.step(-Infinity), End: () => this.step(Infinity),
		};
		if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		acts[event.key]();
	}

	step(by) {
		const now = this.chart.cursor.idx;
		const next = now == null ? (by < 0 ? this.bins.length - 1 : 0) : now + by;
		const idx = Math.min(Math.max(next, 0), this.bins.length - 1);
		this.reading.setAttribute("aria-live", "polite");
		const top = this.chart.valToPos(this.ys[0][idx] ?? this.ys[1][idx] ?? this.range[0], "y");
		this.chart.setCursor({left: this.chart.valToPos(this.xs[idx], "x"), top});
	}

	read(idx) {
		const bin = this.bins[idx];
		if (!bin) {
			this.reading.textContent = words.point;
			return;
		}
		const counted = this.data.attempts ? words.attempts : words.syn;
		const span = fill(words.span, time(bin.from), time(bin.to));
		let text = bin.mean === null ? fill(words.unknown, span)
			: fill(words.value, span, number(bin.mean), number(bin.count), counted, time(bin.seconds / 3600));
		for (const i of this.shown)
			text += fill(words.fitValue, words.families[this.data.fits[i].name],
				number(fitAt(this.data, this.data.fits[i], bin.middle)));
		this.reading.textContent = text;
	}

	compute() {
		this.bins = bins(this.data, this.view, this.logTime);
		this.xs = this.bins.map(bin => bin.middle);
		const positive = this.bins.map(bin => bin.mean).filter(mean => mean > 0);
		const high = Math.max(...positive, 1e-3) * (this.logCount ? 1.6 : 1.08);
		let low = 0;
		if (this.logCount) {
			low = Math.min(...positive, high / 10);
			if (this.data.background > low / 20)
				low = Math.min(low, this.data.background);
			low /= this.bins.some(bin => bin.mean === 0) ? 4 : 1.6;
		}
		this.range = [low, high];
		const none = this.logCount ? low * 1.35 : 0;
		this.ys = [
			this.bins.map(bin => bin.mean > 0 ? bin.mean : null),
			this.bins.map(bin => bin.mean === 0 ? none : null),
			...this.data.fits.map((fit, i) => this.shown.has(i)
				? this.xs.map(x => { const y = fitAt(this.data, fit, x); return y < low ? null : y; }) : this.xs.map(() => null)),
		];
	}

	shade(chart) {
		const {ctx, bbox} = chart;
		ctx.save();
		ctx.beginPath();
		ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
		ctx.clip();
		ctx.strokeStyle = style("--quiet");
		ctx.globalAlpha = 0.55;
		ctx.lineWidth = devicePixelRatio;
		for (const [from, to] of this.data.unknown) {
			if (to <= this.view[0] || from >= this.view[1])
				continue;
			const start = Math.max(from, this.view[0], this.logTime ? 1 / 24 : 0);
			const left = chart.valToPos(start, "x", true);
			const right = Math.max(chart.valToPos(Math.min(to, this.view[1]), "x", true), left + 1);
			ctx.save();
			ctx.beginPath();
			ctx.rect(left, bbox.top, right - left, bbox.height);
			ctx.clip();
			ctx.beginPath();
			const gap = 6 * devicePixelRatio;
			for (let x = left - left % gap - bbox.height; x < right; x += gap) {
				ctx.moveTo(x, bbox.top + bbox.height);
				ctx.lineTo(x + bbox.height, bbox.top);
			}
			ctx.stroke();
			ctx.restore();
		}
		ctx.restore();
	}

	options() {
		const day = this.view[1] - this.view[0] > 72 && !this.logTime;
		const axis = {stroke: () => style("--text"), ticks: {stroke: () => style("--line"), size: 6}, font: "12px system-ui, sans-serif",
			labelFont: "13px system-ui, sans-serif", filter: (_, ticks) => ticks};
		const blue = matchMedia("(prefers-color-scheme: dark)").matches ? "#56B4E9" : "#0072B2";
		const grid = named => ({stroke: () => style("--line"), width: 1,
			filter: (_, ticks) => ticks.map(tick => named(tick) ? tick : null)});
		const namedTime = tick => !this.logTime || this.named(tick, from, this.view[1]);
		const namedCount = tick => !this.logCount || this.named(tick, ...this.range);
		const days = [1, 2, 5, 7, 14, 28, 56, 112, 365].map(count => count * 24);
		const from = this.logTime ? Math.max(this.view[0], 1 / 24) : this.view[0];
		return {
			width: Math.max(this.plot.clientWidth, 240), height: 340, legend: {show: false}, pxAlign: 1,
			cursor: {drag: {x: true, y: false, setScale: false}, points: {size: 8}},
			scales: {x: {time: false, distr: this.logTime ? 3 : 1, range: () => [from, this.view[1]]},
				y: {distr: this.logCount ? 3 : 1, range: () => this.range}},
			axes: [
				{...axis, grid: grid(namedTime), label: day ? words.daysSince : words.hoursSince,
					...(day ? {incrs: days, values: (_, ticks) => ticks.map(tick => tick / 24)}
						: {values: (_, ticks) => ticks.map(tick => namedTime(tick) ? number(tick) : "")})},
				{...axis, grid: grid(namedCount), size: 64, label: this.data.attempts ? words.attemptsAxis : words.synAxis,
					values: (_, ticks) => ticks.map(tick => namedCount(tick) ? number(tick) : "")},
			],
			series: [{},
				{stroke: blue, width: 1, points: {show: true, size: 5, fill: blue}},
				{stroke: () => style("--quiet"), width: 0, paths: () => null, points: {show: true, size: 6, width: 1.2, fill: () => style("--ground")}},
				...this.data.fits.map(({shape: [stroke, dash]}) => ({stroke, dash, width: 2, points: {show: false}})),
			],
			hooks: {
				drawAxes: [chart => this.shade(chart)],
				setCursor: [chart => this.read(chart.cursor.idx)],
				setSelect: [chart => {
					const {left, width} = chart.select;
					// Not before uPlot has let go of the mouse: a chart that ends in the middle of
					// a drag would listen on.
					if (width > 4)
						setTimeout(() => this.show([chart.posToVal(left, "x"), chart.posToVal(left + width, "x")]));
				}],
			},
		};
	}

	// On a logarithmic axis powers of ten are named, between few of them 2 and 5 too, on a short one all.
	named(tick, low, high) {
		const digit = Math.round(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9));
		const decades = Math.log10(high / low);
		return digit === 1 || (decades < 2.2 && [2, 5].includes(digit)) || decades < 0.7;
	}

	draw() {
		this.compute();
		this.chart?.destroy();
		this.chart = new uPlot(this.options(), [this.xs, ...this.ys], this.plot);
		this.box.dataset.view = this.view.map(hours => hours.toFixed(3)).join(" ");
	}

	resize() {
		const width = Math.max(this.plot.clientWidth, 240);
		if (Math.abs(width - this.chart.width) > 1)
			this.chart.setSize({width, height: 340});
	}
}

// A report may have a hundred: each is made when it comes near.
const charts = [];
const near = new IntersectionObserver(entries => {
	for (const entry of entries)
		if (entry.isIntersecting) {
			near.unobserve(entry.target);
			charts.push(new Chart(entry.target));
		}
}, {rootMargin: "400px"});
document.querySelectorAll(".chart").forEach(box => { box.hidden = false; near.observe(box); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(chart => chart.draw()));
})();
