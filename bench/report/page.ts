/**
 * The page around what results have to say: one file, from which no request goes out. Its policy allows the one script that
 * it holds, by hash, and nothing that is fetched.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Html, html, jsonInScript, NOTHING, type Part } from './html.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

/** What one result comes to. */
export interface ResultPart {
  /** "run on Xeon, 2 CPUs". */
  readonly title: string;
  readonly subtitle: Part;
  /** What it begins with, without a heading of its own. */
  readonly first: Html;
  readonly sections: readonly Section[];
  /** The result, as it is in its file. */
  readonly data: unknown;
}

export interface Section {
  /** Of letters, digits and hyphens. */
  readonly id: string;
  readonly heading: string;
  readonly body: Html;
}

const POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The data once more, to be kept: packed, since it stands in the page already. */
function download(data: unknown, name: string): Html {
  const packed = gzipSync(`${JSON.stringify(data)}\n`, { level: 9 }).toString('base64');
  return html`<a class="download" download="${name}.json.gz" href="data:application/gzip;base64,${new Html(packed)}">Download the result (JSON, gzip)</a>`;
}

const idOf = (result: number, { id }: Section, several: boolean): string =>
  several ? `r${result + 1}-${id}` : id;

/** The page. `parts`: at least one. */
export function page(parts: readonly ResultPart[], version: string): string {
  const several = parts.length > 1;
  const title = several ? `${parts.length} results` : (parts[0]?.title ?? '');
  const links = parts.flatMap((part, i) => [
    ...(several ? [html`<li><strong><a href="#r${i + 1}">${part.title}</a></strong></li>`] : []),
    ...part.sections.map(
      (section) => html`<li><a href="#${idOf(i, section, several)}">${section.heading}</a></li>`,
    ),
  ]);
  const bodies = parts.map(
    (part, i) => html`<article id="r${i + 1}">
${several ? html`<h2>${part.title}</h2><p class="soft">${part.subtitle}</p>` : NOTHING}
${part.first}
${part.sections.map(
  (section) => html`<section id="${idOf(i, section, several)}"><h2>${section.heading}</h2>
${section.body}</section>
`,
)}
<p>${download(part.data, several ? `result-${i + 1}` : 'result')}</p>
<script type="application/json" id="data-${i + 1}">${jsonInScript(part.data)}</script>
</article>
`,
  );
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY.replaceAll('"', '&quot;'))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>lockbench: ${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<div class="top"><h1>lockbench: ${title}</h1><p>${several ? '' : (parts[0]?.subtitle ?? '')}</p></div>
${links.length === 0 ? NOTHING : html`<nav aria-label="Sections"><ul>${links}</ul></nav>`}
<main>
${bodies}
</main>
<footer><p>Made by lockbench ${version}. This page asks nothing of the network; all that it shows is in it.</p></footer>
<script>${new Html(SCRIPT)}</script>
</body>
</html>`.text
  }\n`;
}
