/**
 * The way through the site: the bar at the top, and the list at the side.
 */
import { strategyNames } from '../../../strategies/index.js';

export interface Entry {
  readonly text: string;
  readonly link?: string;
  readonly items?: readonly Entry[];
  readonly collapsed?: boolean;
}

export interface Menu {
  readonly nav: readonly Entry[];
  readonly sidebar: readonly Entry[];
}

/** The first heading, without its markup. */
function titleOf(page: string): string {
  const [, title = ''] = /^# (.+)$/m.exec(page) ?? [];
  return title.replace(/[`*]/g, '');
}

const linkTo = (place: string): string => `/${place.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`;

export function menuOf(pages: ReadonlyMap<string, string>): Menu {
  const entry = (place: string): Entry => ({ text: titleOf(pages.get(place) ?? ''), link: linkTo(place) });
  const within = (folder: string): string[] =>
    [...pages.keys()]
      .filter((place) => place.startsWith(`${folder}/`) && place !== `${folder}/index.md`)
      .sort();
  const group = (text: string, places: readonly string[], collapsed = true): Entry => ({
    text,
    collapsed,
    items: places.filter((place) => pages.has(place)).map(entry),
  });
  const alone = [...pages.keys()].filter((place) => !place.includes('/') && place !== 'index.md').sort();
  const strategies = strategyNames.map((name) => `strategies/${name}.md`);
  return {
    nav: [
      { text: 'Which lock?', link: '/commands/choose' },
      { text: 'Lessons', link: '/lessons/' },
      { text: 'Machines', link: '/machines/' },
      { text: 'Documentation', link: '/documentation' },
    ],
    sidebar: [
      group('Lessons', ['lessons/index.md', ...within('lessons')], false),
      group('Commands', ['commands/index.md', ...within('commands')]),
      group('Strategies', strategies),
      group('Experiments', within('experiments')),
      group('Machines', ['machines/index.md', ...within('machines')]),
      group('Documentation', alone),
    ].filter(({ items }) => items?.length !== 0),
  };
}
