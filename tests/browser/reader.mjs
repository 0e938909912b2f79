// SPDX-License-Identifier: GPL-3.0-or-later
// A page that opens from disk, read in headless Chromium: what every page of this project is held to.
// Prints "ok - ..." or "not ok - ..." lines. Modules come from NODE_MODULES, the browser is CHROMIUM.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(process.env.NODE_MODULES + "/");
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// A picture of a long page takes its time where the machine is busy.
const PATIENCE = 180000;

export function check(sentence, truth, ...why) {
	console.log(`${truth ? "ok" : "not ok"} - ${sentence}`);
	if (!truth)
		why.forEach(line => console.log("# " + String(line).replaceAll("\n", "\n# ")));
}

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, timeout: PATIENCE,
	args: ["--no-sandbox", "--allow-file-access-from-files"] });

// A page with what it complains of and what it asks for.
export async function open(file, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
	const page = await context.newPage();
	const complaints = [], requests = [];
	page.setDefaultTimeout(PATIENCE);
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
		await page.clock.install({ time: statSync(file).mtime });
	await page.goto(pathToFileURL(file).href);
	return { page, complaints, requests };
}

export function checkQuiet(pages) {
	for (const [name, { complaints, requests }] of Object.entries(pages)) {
		check(`the browser complains of nothing: ${name}`, complaints.length === 0, ...complaints);
		check(`the page asks nothing of a network: ${name}`, requests.length === 0, ...requests);
	}
}

export async function judge(page, name) {
	const found = await page.evaluate(source => {
		(0, eval)(source);
		return axe.run(document, { resultTypes: ["violations"] });
	}, axe);
	const grave = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
	check(`axe-core finds no serious violation: ${name}`, grave.length === 0, ...grave.map(violation =>
		`${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map(node => node.html).join(" ")}`));
}

export async function checkWidth({ page }, name) {
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	check(`the page is no wider than the screen: ${name}`, wide <= 0, wide);
}

// Files the sheets as PDF.
export async function readOnPaper({ page }, name, file) {
	await page.emulateMedia({ media: "print" });
	// A4 less its margins is 178 mm wide: 673 px.
	await page.setViewportSize({ width: 673, height: 1000 });
	const cut = await page.evaluate(() => [...document.querySelectorAll("figure, table, tr, img, svg")].filter(part => {
		const { right, height } = part.getBoundingClientRect();
		return right > innerWidth + 1 || (height > 970 && !part.matches("table.long"));
	}).map(part => part.outerHTML.slice(0, 80)));
	check(`on paper nothing is wider than a sheet, or higher and not to be broken: ${name}`, cut.length === 0, ...cut);
	await page.pdf({ path: file, preferCSSPageSize: true, printBackground: true });
}

// A letter that no font has is drawn as the box that stands for U+10FFFE; one that a font has is not.
export async function checkLetters({ page }, fewest) {
	const boxes = await page.evaluate(() => {
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
	check("the Japanese page has Japanese letters, and a font has each", boxes.letters > fewest && boxes.missing.length === 0,
		boxes.letters, boxes.missing.join(""));
}

export function makeDirectory(out) {
	mkdirSync(out, { recursive: true });
}
