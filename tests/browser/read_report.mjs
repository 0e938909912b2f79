// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a report as its readers do, in headless Chromium: on a screen in light and dark, on paper,
// by mouse and by keyboard, and through axe-core. Prints "ok - ..." or "not ok - ..." lines.
//
// usage: node read_report.mjs REPORT JAPANESE-REPORT LIVE-REPORT OUT-DIRECTORY (modules in
// NODE_MODULES); the live one is renewed every 10 seconds
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.NODE_MODULES + "/");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [report, japanese, live, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

function check(sentence, truth, ...why) {
	console.log(`${truth ? "ok" : "not ok"} - ${sentence}`);
	if (!truth)
		why.forEach(line => console.log("# " + String(line).replaceAll("\n", "\n# ")));
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM,
	args: ["--no-sandbox", "--allow-file-access-from-files"] });

// A page with what it complains of and what it asks for.
async function open(directory, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
	const page = await context.newPage();
	const complaints = [], requests = [];
	page.on("console", message => {
		if (["error", "warning"].includes(message.type()))
			complaints.push(message.text());
	});
	page.on("pageerror", error => complaints.push(error.stack));
	page.on("request", request => {
		if (!/^(file|data|blob):/.test(request.url()))
			requests.push(request.url());
	});
	if (options.install)
		await page.clock.install({ time: statSync(directory + "/index.html").mtime });
	await page.goto(pathToFileURL(directory + "/index.html").href);
	return { page, complaints, requests };
}

const pixels = chart => chart.locator(".uplot canvas").first().evaluate(canvas => canvas.toDataURL());

// Every chart is made when it comes near.
async function makeCharts(page) {
	for (const chart of await page.locator(".chart").all()) {
		await chart.scrollIntoViewIfNeeded();
		await chart.locator(".uplot canvas").waitFor({ timeout: 10000 });
	}
}

async function judge(page, name) {
	const found = await page.evaluate(source => {
		(0, eval)(source);
		return axe.run(document, { resultTypes: ["violations"] });
	}, axe);
	const grave = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
	check(`axe-core finds no serious violation: ${name}`, grave.length === 0, ...grave.map(violation =>
		`${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map(node => node.html).join(" ")}`));
}

async function readFigures({ page }, name) {
	const sizes = await page.locator("figure img").evaluateAll(images => images.map(image =>
		[image.getAttribute("src"), image.naturalWidth, image.clientWidth, image.clientHeight, image.alt.length]));
	check(`every figure has size and words: ${name}`, sizes.length > 0 && sizes.every(([, natural, width, height, alt]) =>
		natural > 300 && width > 300 && height > 150 && alt > 20), ...sizes);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	check(`the page is no wider than the screen: ${name}`, wide <= 0, wide);
}

async function readWithMouse({ page }) {
	const chart = page.locator(".chart").first(), plot = chart.locator(".plot");
	await plot.scrollIntoViewIfNeeded();
	const over = await chart.locator(".u-over").boundingBox();
	const middle = over.y + over.height / 2;
	const whole = await pixels(chart);
	await page.mouse.move(over.x + over.width * 0.02, middle);
	await page.mouse.move(over.x + over.width * 0.03, middle);
	const reading = await chart.locator(".reading").textContent();
	check("pointing at a chart tells its values", /per 5 minutes \(/.test(reading), reading);
	await page.mouse.down();
	await page.mouse.move(over.x + over.width * 0.2, middle, { steps: 4 });
	await page.mouse.up();
	await page.waitForTimeout(50);
	const [from, to] = (await chart.getAttribute("data-view")).split(" ").map(Number);
	const zoomed = await pixels(chart);
	check("dragging zooms to what was dragged over", from > 50 && to < 1000 && zoomed !== whole, from, to);
	await chart.getByRole("button", { name: "all" }).click();
	const all = await chart.getAttribute("data-view");
	check("the whole comes back as it was", await pixels(chart) === whole);
	await chart.locator(".fits input:not(:checked)").first().check();
	const another = await pixels(chart);
	check("another family is drawn when it is chosen", another !== whole);
	await chart.locator(".fits input:not(:checked)").first().check();
	check("a third beside it", await pixels(chart) !== another);
	for (const label of ["counts", "time"]) {
		const before = await pixels(chart);
		await chart.locator(".axes").getByLabel(label).click();
		check(`the axis of ${label} changes between logarithmic and linear`, await pixels(chart) !== before);
		await chart.screenshot({ path: `${out}/chart-${label}.png` });
	}
	check("none of this changed what part is shown", await chart.getAttribute("data-view") === all,
		all, await chart.getAttribute("data-view"));
}

async function readWithKeyboard({ page }) {
	const chart = page.locator(".chart").nth(1), plot = chart.locator(".plot");
	await plot.focus();
	const reading = () => chart.locator(".reading").textContent();
	await page.keyboard.press("ArrowRight");
	const first = await reading();
	await page.keyboard.press("ArrowRight");
	check("the arrows read a chart from point to point", / to .*5 minutes \(/.test(first) && await reading() !== first, first);
	const whole = await chart.getAttribute("data-view");
	await page.keyboard.press("+");
	const zoomed = await chart.getAttribute("data-view");
	await page.keyboard.press("Shift+ArrowRight");
	const moved = await chart.getAttribute("data-view");
	await page.keyboard.press("0");
	check("plus zooms, Shift and arrow move, 0 shows all", new Set([whole, zoomed, moved]).size === 3
		&& await chart.getAttribute("data-view") === whole, whole, zoomed, moved);
}

async function readOnPaper({ page }, name) {
	await page.emulateMedia({ media: "print" });
	// A4 less its margins is 178 mm wide: 673 px.
	await page.setViewportSize({ width: 673, height: 1000 });
	const cut = await page.evaluate(() => [...document.querySelectorAll("figure, table, img")].filter(part =>
		part.getBoundingClientRect().right > innerWidth + 1 || part.getBoundingClientRect().height > 970)
		.map(part => part.outerHTML.slice(0, 80)));
	check(`on paper nothing is wider or higher than a sheet: ${name}`, cut.length === 0, ...cut);
	const charts = await page.locator(".chart:visible").count();
	check(`on paper the figures stand for the charts: ${name}`, charts === 0, charts);
	await page.pdf({ path: `${out}/${name}.pdf`, preferCSSPageSize: true, printBackground: true });
}

const light = await open(report);
await makeCharts(light.page);
await readFigures(light, "English");
await light.page.screenshot({ path: `${out}/light.png`, fullPage: true });
await judge(light.page, "light");
await readWithMouse(light);
await readWithKeyboard(light);
await readOnPaper(light, "english");

const dark = await open(report, { colorScheme: "dark" });
await makeCharts(dark.page);
await dark.page.screenshot({ path: `${out}/dark.png`, fullPage: true });
await judge(dark.page, "dark");

const narrow = await open(report, { viewport: { width: 390, height: 800 } });
await makeCharts(narrow.page);
await readFigures(narrow, "on a telephone");
await narrow.page.screenshot({ path: `${out}/narrow.png` });

const foreign = await open(japanese);
await makeCharts(foreign.page);
await readFigures(foreign, "Japanese");
await foreign.page.screenshot({ path: `${out}/japanese.png`, fullPage: true });
await judge(foreign.page, "Japanese");
// A letter that no font has is drawn as the box that stands for U+10FFFE; one that a font has is not.
const boxes = await foreign.page.evaluate(() => {
	const draw = letter => {
		const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
		const context = canvas.getContext("2d", { willReadFrequently: true });
		context.font = "30px " + getComputedStyle(document.body).fontFamily;
		context.fillText(letter, 4, 32);
		return canvas.toDataURL();
	};
	const missing = draw("\u{10FFFE}");
	const letters = [...new Set(document.body.innerText.match(/[\u3041-\u30ff\u4e00-\u9fff]/g))];
	return { letters: letters.length, missing: letters.filter(letter => draw(letter) === missing) };
});
check("the Japanese page has Japanese letters, and a font has each", boxes.letters > 100 && boxes.missing.length === 0,
	boxes.letters, boxes.missing.join(""));
await readOnPaper(foreign, "japanese");

// Under a clock of its own: an hour passes at once.
const renewed = await open(live, { install: true });
const note = renewed.page.locator("#live");
check("a live page tells its age", /renewed every 10 s\. It is less than 1 min old\./.test(await note.textContent()) && await note.getAttribute("role") === "note",
	await note.textContent());
await judge(renewed.page, "live");
await renewed.page.screenshot({ path: `${out}/live.png` });
await renewed.page.evaluate(() => { window.before = true; });
await renewed.page.clock.runFor(20000);
await renewed.page.waitForFunction(() => !window.before && document.querySelector("#live .age")?.textContent);
check("it loads itself again", true);
await note.locator("input").check();
await renewed.page.evaluate(() => { window.before = true; });
await renewed.page.clock.runFor(3600000);
check("it does not when the reader keeps it", await renewed.page.evaluate(() => window.before === true));
check("it tells when nobody renews it", /Out of date: it is 60 min old/.test(await note.textContent())
	&& await note.getAttribute("role") === "alert", await note.textContent());
await judge(renewed.page, "live, out of date");

for (const [name, { complaints, requests }] of Object.entries({ light, dark, narrow, foreign, renewed })) {
	check(`the browser complains of nothing: ${name}`, complaints.length === 0, ...complaints);
	check(`the page asks nothing of a network: ${name}`, requests.length === 0, ...requests);
}
const size = statSync(report + "/index.html").size;
check("the page is under 3 MB", size < 3e6, size);
await browser.close();
