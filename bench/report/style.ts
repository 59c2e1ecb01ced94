/**
 * How a page looks: in light and in dark, on paper, and on a telephone. Families of locks have a shape each besides their colour.
 */
import { type Colour, INK, LINE, PAPER, SERIES } from '../text/palette.js';

const named = (theme: keyof Colour): string =>
  [
    ['paper', PAPER],
    ['ink', INK],
    ['line', LINE],
    ...SERIES.map((colour, i) => [`f${i + 1}`, colour] as const),
  ]
    .map(([name, colour]) => `--${name}: ${(colour as Colour)[theme]};`)
    .join(' ');

export const LIGHT = `
  ${named('light')}
  --soft: #55606f; --panel: #f5f7f9; --accent: #0b5fa5;
  --good: #0a6b3d; --warn: #8a5200; --bad: #b3261e; --bad-panel: #fdeceb; --good-panel: #e0eee7; --hold: #0072b2; --wait: #b4bcc8; --stop: #8a5200;`;

export const DARK = `
  ${named('dark')}
  --soft: #a3adba; --panel: #1b2129; --accent: #6cb6f2;
  --good: #5fd39a; --warn: #f0b95c; --bad: #ff8a80; --bad-panel: #3a1f1f; --good-panel: #17322a; --hold: #56b4e9; --wait: #566070; --stop: #f0b95c;`;

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 3rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
body { overflow-wrap: anywhere; }
table { overflow-wrap: normal; }
main, .top, footer { max-width: 1360px; margin: 0 auto; padding: 0 20px; }
h1, h2, h3 { line-height: 1.25; margin: 0; font-weight: 650; }
h2 { font-size: 1.35rem; margin: 2.4rem 0 .4rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; }
p { margin: .35rem 0; max-width: 80ch; }
a { color: var(--accent); }
code, .command { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .88em; }
bdi { overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.top { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; align-items: baseline; padding-top: 8px; padding-bottom: 5px; }
.top h1 { font-size: 1.05rem; letter-spacing: .01em; }
.top p { margin: 0; max-width: none; font-size: .86rem; color: var(--soft); }
nav { border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); background: var(--panel); font-size: .86rem; }
nav ul { max-width: 1360px; margin: 0 auto; padding: 4px 20px; list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; }
nav a { text-decoration: none; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.finding { font-size: 1.4rem; line-height: 1.25; font-weight: 600; margin: 10px 0 2px; max-width: none; }
.finding + .more { font-size: .95rem; line-height: 1.4; max-width: none; margin: 0; }
.command { display: block; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px; overflow-wrap: anywhere; margin: 5px 0; user-select: all; }
.first { display: grid; grid-template-columns: fit-content(690px) minmax(0, 1fr); gap: 6px 36px; align-items: start; margin-top: 8px; }
.first > div { min-width: 0; }
.first h2, .first h3 { border: 0; margin: 0; padding: 0; font-size: 1rem; }
.first .how { margin: 0; }
.scroll { overflow-x: auto; max-width: 100%; position: relative; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th { font-weight: 600; color: var(--soft); white-space: nowrap; vertical-align: bottom; }
th[scope=row] { font-weight: 600; white-space: nowrap; }
.figure { text-align: right; white-space: nowrap; }
.first table { width: 100%; }
.dense table { font-size: 12px; line-height: 15.5px; }
.dense th, .dense td { padding: .5px 12px .5px 0; white-space: nowrap; }
.first td, .first th { white-space: nowrap; }
tr.control th, tr.control td { color: var(--soft); font-weight: 400; }
tr.best th::after { content: " ★"; color: var(--good); }
th button { all: unset; cursor: pointer; font-weight: inherit; }
th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort=ascending] button::after { content: " ↑"; }
th[aria-sort=descending] button::after { content: " ↓"; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.good, .warn, .bad { font-weight: 600; }
.matrix td, .matrix thead th:not(:first-child) { text-align: center; padding: 3px 9px; }
.matrix th[scope=row] { padding-right: 14px; }
.matrix td:has(.good) { background: var(--good-panel); }
.places { display: grid; grid-template-columns: fit-content(60%) minmax(0, 1fr); gap: 4px 40px; margin: 6px 0 18px; }
.places > div { min-width: 0; }
.places .warnings { margin-top: 0; }
td .note { color: var(--soft); font-size: .86em; white-space: nowrap; }
article > h2:first-child { border: 0; margin: 10px 0 0; padding: 0; display: inline-block; }
article > h2:first-child + .soft { display: inline; margin-left: 12px; font-size: .86rem; }
article + article { border-top: 3px solid var(--line); margin-top: 2.5rem; }
figure { margin: 1.4rem 0 1.8rem; break-inside: avoid; }
.first figure { margin: 0; }
figcaption .how, .how { color: var(--soft); font-size: .88rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 32px; }
svg { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
svg text { white-space: pre; }
svg .foot { fill: var(--soft); font-size: 10px; stroke: none; }
.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 2px 0 4px; padding: 0; font-size: .84rem; color: var(--soft); }
.legend svg { display: inline-block; width: 14px; height: 14px; vertical-align: -2px; margin-right: 4px; }
details { margin: .3rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .88rem; }
.zoom button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 5px; padding: 1px 10px; margin-right: 6px; cursor: pointer; }
.zoom { font-size: .84rem; color: var(--soft); }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); gap: 14px 26px; }
.grid figure { margin: 0; }
.grid h3 { font-size: .92rem; }
.grid h3 + p { margin: 0; font-size: .84rem; color: var(--soft); }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; margin: 14px 0; break-inside: avoid-page; }
.card h3 { margin-bottom: .2rem; }
img { max-width: 100%; height: auto; display: block; }
.words td { min-width: 8rem; max-width: 26rem; }
.words thead th { white-space: normal; min-width: 7rem; }
.drawn { max-width: 1000px; }
.warnings { padding: 0 0 0 1.1rem; margin: .4rem 0; max-width: 100ch; }
.warnings li { margin: .25rem 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 18px; font-size: .9rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 12px; padding-bottom: 28px; font-size: .86rem; color: var(--soft); }
.chosen [data-lock] { opacity: .18; }
.chosen [data-lock].is-chosen { opacity: 1; }
tr.is-chosen th, tr.is-chosen td { background: var(--panel); }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 1080px) { .two { grid-template-columns: minmax(0, 1fr); } .first { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 700px) {
  main, .top, footer, nav ul { padding-left: 14px; padding-right: 14px; }
  .finding { font-size: 1.2rem; }
  .wide { display: none; } .narrow { display: block; }
  .places { grid-template-columns: minmax(0, 1fr); }
  th, td { padding-right: 10px; }
  th[scope=row], .first th[scope=row] { white-space: normal; overflow-wrap: anywhere; min-width: 4.8rem; }
  table, .dense table { font-size: .8rem; line-height: 1.35; }
  .first th, .first td, .dense th, .dense td { padding-right: 5px; white-space: normal; }
  .first table { font-size: .77rem; }
  .first .figure { white-space: nowrap; }
  .first thead th { white-space: normal; }
  .first td:last-child, .first th:last-child { padding-right: 0; }
  .wide-only { display: none; }
  dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .4rem; }
}
@media print {
  :root { ${LIGHT} color-scheme: light; }
  body { font-size: 10pt; }
  main, .top, footer { max-width: none; padding: 0; }
  nav, .download, .zoom { display: none; }
  .wide { display: block; } .narrow { display: none; }
  .scroll { overflow: visible; }
  .first { grid-template-columns: minmax(0, 1fr); }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
  summary { color: var(--soft); }
  @page { margin: 14mm; }
  @page spread { size: landscape; margin: 10mm; }
  .spread { page: spread; }
}
`;
