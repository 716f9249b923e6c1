// Prints the licences of the packages that the bundle holds, one after the other, sorted by name.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "node_modules";
// The text of SPDX's licence MIT, for packages that name it and bring no file.
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN
AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE
OR OTHER DEALINGS IN THE SOFTWARE.`;
const found = new Map();

function collect(name) {
  if (found.has(name) || name.startsWith("@types/")) return;
  const folder = join(FOLDER, name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed; run make web`);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const text = files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
  found.set(name, `${name} ${about.version}\nLicence: ${about.license}\n\n${text || standard(name, about)}\n`);
  for (const dependency of Object.keys(about.dependencies ?? {})) collect(dependency);
}

function standard(name, about) {
  if (about.license !== "MIT") throw new Error(`${name} brings no text of its licence ${about.license}`);
  const people = [about.author, ...(about.contributors ?? [])].map((each) => each?.name ?? each).filter(Boolean);
  return `Copyright (c) ${people.join(", ") || `the authors of ${name}`}\n\n${MIT}`;
}

collect("@zazuko/yasqe");
const parts = [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
process.stdout.write(`The query editor holds these packages.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`);
