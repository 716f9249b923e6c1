// Prints the licences of the packages that the bundle holds, one after the other, sorted by name.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "node_modules";
const found = new Map();

function collect(name) {
  if (found.has(name) || name.startsWith("@types/")) return;
  const folder = join(FOLDER, name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed; run make web`);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const text = files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
  found.set(name, `${name} ${about.version}\nLicence: ${about.license}\n\n${text || `(the package brings no licence text; its source is at ${about.homepage ?? about.repository?.url})`}\n`);
  for (const dependency of Object.keys(about.dependencies ?? {})) collect(dependency);
}

collect("@zazuko/yasqe");
const parts = [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
process.stdout.write(`The query editor holds these packages.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`);
