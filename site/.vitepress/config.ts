/**
 * How the pages that bench/dev/site wrote become a site. Nothing in it is fetched from another host.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderMermaidSVG } from 'beautiful-mermaid';
import { defineConfig } from 'vitepress';

const {
  LOCKBENCH_SITE_PAGES: pages = 'pages',
  LOCKBENCH_SITE_OUT: out = 'dist',
  LOCKBENCH_SITE_BASE: base,
} = process.env;
const { nav, sidebar, light, dark } = JSON.parse(readFileSync(join(pages, 'site.json'), 'utf8'));

/** As GitHub makes them, whose readers the links in the pages were written for. */
const slugify = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** Its own style fetches a font; ours has what else it needs. */
const diagram = (text: string): string => {
  const svg = renderMermaidSVG(text, {
    bg: 'var(--paper)',
    fg: 'var(--ink)',
    muted: 'var(--soft)',
    transparent: true,
  });
  const inner = svg.replace(/@import url\([^)]*\);/g, '').replace(/font-family: [^;]*;/g, '');
  const styles = [...inner.matchAll(/<style>([\s\S]*?)<\/style>/g)].length;
  if (styles !== 1) throw new Error(`a drawing with one style was expected, got ${styles}`);
  const bare = inner.replace(/<style>[\s\S]*?<\/style>/, '').replace(/\s*\n\s*/g, ' ');
  return `<figure v-pre class="diagram flow">${bare}</figure>\n`;
};

export default defineConfig({
  title: 'lockbench',
  description:
    'Ways of locking between processes: what each costs, whether it excludes, and what happens when its holder dies.',
  lang: 'en',
  base: base ?? '/',
  srcDir: pages,
  outDir: out,
  cacheDir: join(pages, '.cache'),
  lastUpdated: false,
  head: [
    ['style', {}, `:root {${light}} .dark {${dark}} @media print { .dark {${light}} }`],
    ['link', { rel: 'icon', href: 'data:,' }],
    ['meta', { name: 'referrer', content: 'no-referrer' }],
  ],
  themeConfig: {
    nav,
    sidebar,
    outline: [2, 3],
    search: { provider: 'local', options: { detailedView: true } },
    docFooter: { prev: 'Before', next: 'Next' },
  },
  markdown: {
    anchor: { slugify },
    headers: { slugify },
    toc: { slugify },
    config(md) {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, i, options, env, self) => {
        const { info, content } = tokens[i];
        return info.trim() === 'mermaid' ? diagram(content) : (fence?.(tokens, i, options, env, self) ?? '');
      };
    },
  },
});
