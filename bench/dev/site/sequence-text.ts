/**
 * Sequence diagrams as pages write them, the part of Mermaid's language that they use: participants, messages, notes, and
 * coloured blocks.
 */

export interface Message {
  readonly kind: 'message';
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** An answer. */
  readonly dashed: boolean;
  /** It does not arrive. */
  readonly lost: boolean;
}

export interface Note {
  readonly kind: 'note';
  /** Over these, from the first to the last. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** Where a coloured block begins. */
export interface Block {
  readonly kind: 'block';
}

export interface End {
  readonly kind: 'end';
}

export type Part = Message | Note | Block | End;

export interface Sequence {
  readonly participants: readonly string[];
  readonly parts: readonly Part[];
}

/** Throws an Error that quotes a line that is none of these. */
export function parseSequence(text: string): Sequence {
  const ids: string[] = [];
  const participants: string[] = [];
  const place = (id: string): number => {
    const at = ids.indexOf(id);
    if (at === -1) throw new Error(`a participant was expected (${ids.join(', ')}), got "${id}"`);
    return at;
  };
  const parts: Part[] = [];
  const lines = text.split('\n').map((line) => line.trim());
  for (const line of lines.filter((line) => line !== '' && line !== 'sequenceDiagram')) {
    const [, id, name] = /^participant (\w+)(?: as (.+))?$/.exec(line) ?? [];
    const [, from, arrow = '', to, said] = /^(\w+?)(--?(?:>>|x))(\w+): (.+)$/.exec(line) ?? [];
    const [, over, note] = /^Note over ([\w,]+): (.+)$/.exec(line) ?? [];
    if (id !== undefined) {
      ids.push(id);
      participants.push(name ?? id);
    } else if (from !== undefined && to !== undefined && said !== undefined) {
      parts.push({
        ...{ kind: 'message', from: place(from), to: place(to), text: said },
        ...{ dashed: arrow.startsWith('--'), lost: arrow.endsWith('x') },
      });
    } else if (over !== undefined && note !== undefined) {
      const places = over.split(',').map(place);
      parts.push({ kind: 'note', first: Math.min(...places), last: Math.max(...places), text: note });
    } else if (/^rect /.test(line)) parts.push({ kind: 'block' });
    else if (line === 'end') parts.push({ kind: 'end' });
    else throw new Error(`a participant, a message, a note or a block was expected, got "${line}"`);
  }
  return { participants, parts };
}
