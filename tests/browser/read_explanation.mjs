// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the page of an explanation as its readers do: on a screen in light and dark, on a telephone,
// on paper, and through axe-core. Prints "ok - ..." or "not ok - ..." lines.
//
// usage: node read_explanation.mjs PAGE JAPANESE-PAGE LONG-PAGE OUT-DIRECTORY (NODE_MODULES and
// CHROMIUM as reader.mjs has them)
import { browser, check, checkLetters, checkQuiet, checkWidth, judge, makeDirectory, open, readOnPaper } from "./reader.mjs";

const [english, japanese, long, out] = process.argv.slice(2);
makeDirectory(out);

// What is drawn has a size, words for those who do not see it, and nothing of it is outside.
async function readDrawings({ page }, name) {
	const drawings = await page.locator("figure svg, figure img").evaluateAll(found => found.map(drawing => {
		const box = drawing.getBoundingClientRect();
		const outside = [...drawing.querySelectorAll("text")].filter(text => {
			const letters = text.getBoundingClientRect();
			return letters.left < box.left - 1 || letters.right > box.right + 1;
		}).map(text => text.textContent);
		const words = drawing.getAttribute("alt") ?? drawing.getAttribute("aria-label") ??
			drawing.querySelector("title, desc")?.textContent ?? "";
		return { width: box.width, height: box.height, words, outside };
	}));
	check(`every drawing has size and words: ${name}`, drawings.length > 0 && drawings.every(({ width, height, words }) =>
		width > 250 && height > 60 && words.length > 10), JSON.stringify(drawings));
	check(`no words of a drawing are cut: ${name}`, drawings.every(({ outside }) => outside.length === 0),
		...drawings.flatMap(({ outside }) => outside));
}

const pages = {};
for (const [name, file, options] of [["light", english], ["dark", english, { colorScheme: "dark" }],
	["on a telephone", english, { viewport: { width: 390, height: 800 } }], ["Japanese", japanese],
	["many ports", long], ["many ports on a telephone", long, { viewport: { width: 390, height: 800 } }]]) {
	const opened = pages[name] = await open(file, options);
	await checkWidth(opened, name);
	await readDrawings(opened, name);
	await judge(opened.page, name);
	await opened.page.screenshot({ path: `${out}/explanation-${name.replaceAll(" ", "-")}.png`, fullPage: true });
}
await checkLetters(pages.Japanese, 60);
for (const name of ["light", "Japanese", "many ports"])
	await readOnPaper(pages[name], name, `${out}/explanation-${name.replaceAll(" ", "-")}.pdf`);
checkQuiet(pages);
await browser.close();
