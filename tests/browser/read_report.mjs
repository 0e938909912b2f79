// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a report as its readers do: on a screen in light and dark, on paper, by mouse and by keyboard,
// and through axe-core. Prints "ok - ..." or "not ok - ..." lines.
//
// usage: node read_report.mjs REPORT JAPANESE-REPORT LIVE-REPORT OUT-DIRECTORY (NODE_MODULES and
// CHROMIUM as reader.mjs has them); the live one is renewed every 10 seconds
import { statSync } from "node:fs";
import { browser, check, checkLetters, checkQuiet, checkWidth, judge, makeDirectory, open, readOnPaper } from "./reader.mjs";

const [report, japanese, live] = process.argv.slice(2, 5).map(directory => directory + "/index.html");
const out = process.argv[5];
makeDirectory(out);

const pixels = chart => chart.locator(".uplot canvas").first().evaluate(canvas => canvas.toDataURL());

// Every chart is made when it comes near.
async function makeCharts(page) {
	for (const chart of await page.locator(".chart").all()) {
		await chart.scrollIntoViewIfNeeded();
		await chart.locator(".uplot canvas").waitFor({ timeout: 10000 });
	}
}

async function readFigures({ page }, name) {
	const sizes = await page.locator("figure img").evaluateAll(images => images.map(image =>
		[image.getAttribute("src"), image.naturalWidth, image.clientWidth, image.clientHeight, image.alt.length]));
	check(`every figure has size and words: ${name}`, sizes.length > 0 && sizes.every(([, natural, width, height, alt]) =>
		natural > 300 && width > 300 && height > 150 && alt > 20), ...sizes);
	await checkWidth({ page }, name);
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

async function printReport(opened, name) {
	await readOnPaper(opened, name, `${out}/${name}.pdf`);
	const charts = await opened.page.locator(".chart:visible").count();
	check(`on paper the figures stand for the charts: ${name}`, charts === 0, charts);
}

const light = await open(report);
await makeCharts(light.page);
await readFigures(light, "English");
await light.page.screenshot({ path: `${out}/light.png`, fullPage: true });
await judge(light.page, "light");
await readWithMouse(light);
await readWithKeyboard(light);
await printReport(light, "english");

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
await checkLetters(foreign, 100);
await printReport(foreign, "japanese");

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

checkQuiet({ light, dark, narrow, foreign, renewed });
const size = statSync(report).size;
check("the page is under 3 MB", size < 3e6, size);
await browser.close();
