/**
 * A result in which everything that is a text tries to be more than that, where a page shows it.
 */
import type { Result } from '../../bench/measure/result/result-schema.js';

/** Each would set `window.hostile`, fetch something, or change what else is seen. */
export const HOSTILE_TEXTS = [
  '<script>window.hostile = 1</script>',
  '</script><script>window.hostile = 2</script>',
  '"><img src="x" onerror="window.hostile = 3">',
  "' onmouseover='window.hostile = 4' x='",
  '</title></style></svg><svg onload="window.hostile = 5">',
  '<!-- --><b>bold</b>&lt;i&gt;&#60;script&#62;',
  'javascript:window.hostile=6',
  '{{window.hostile = 7}}',
  '\u202ereversed\u0000\u001b[31m\u009b31m\u2028',
  ']]><iframe src="https://example.org/"></iframe>',
  'two\nforged: all well',
  '| a | \r\n\r\n# forged: a heading\n```\n',
  'x'.repeat(400),
] as const;

/** The same value with these texts wherever a member of one of these names is a text, or a list of texts, however deep. */
export function withHostile<Value>(value: Value, names: readonly string[]): Value {
  let next = 0;
  const text = (): string => HOSTILE_TEXTS[next++ % HOSTILE_TEXTS.length] as string;
  const changed = (member: unknown, isNamed: boolean): unknown => {
    if (typeof member === 'string') return isNamed ? text() : member;
    if (Array.isArray(member)) return member.map((one) => changed(one, isNamed && typeof one === 'string'));
    if (typeof member !== 'object' || member === null) return member;
    return Object.fromEntries(
      Object.entries(member).map(([name, one]) => [name, changed(one, names.includes(name))]),
    );
  };
  return changed(value, false) as Value;
}

/** The same result with these texts for names, paths, reasons and whatever else is free to be any text. */
export function hostile(result: Result): Result {
  let next = 0;
  const text = (): string => HOSTILE_TEXTS[next++ % HOSTILE_TEXTS.length] as string;
  const names = new Map<string, string>();
  const named = (name: string): string => {
    const found = names.get(name) ?? text();
    names.set(name, found);
    return found;
  };
  return {
    ...result,
    command: HOSTILE_TEXTS.join(' '),
    interruptedBy: text(),
    environment: {
      ...result.environment,
      kernel: text(),
      cpuModel: text(),
      architecture: text(),
      governor: text(),
      node: text(),
      lockbench: text(),
      gitRevision: text(),
      packages: { [text()]: text() },
    },
    warnings: [...HOSTILE_TEXTS],
    findings: [...HOSTILE_TEXTS],
    cells: result.cells.map((cell, i) => {
      const { conditions } = cell;
      const directory = {
        path: named(conditions.directory.path),
        filesystem: named(conditions.directory.filesystem),
        options: [text()],
      };
      const identity = {
        // The record lock stays, so that there are ratios.
        strategy:
          cell.strategy === 'fcntl' ? cell.strategy : `${named(cell.strategy)}${i % 2 === 0 ? '' : '/x'}`,
        wait: cell.strategy === 'fcntl' ? cell.wait : named(`wait ${cell.wait}`),
        conditions: { ...conditions, directory },
      };
      return i % 9 === 8
        ? { ...identity, state: 'errored', reason: HOSTILE_TEXTS.join(' ') }
        : { ...cell, ...identity };
    }),
  };
}
