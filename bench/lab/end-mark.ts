/**
 * The end of a command's output in the guest: a mark with its exit code, since a port of the machine has no end of its
 * own that could be told from the machine's.
 */
import type { Readable } from 'node:stream';

const FIRST_BYTE = 0;

/** How the guest marks the end: a byte of zero, the token, a space, the exit code, a newline. */
const PATTERN = / (\d+)\n/;

/**
 * Hands on what comes from `from` up to the mark; returns the exit code in it, or null if the stream ended without one.
 * Whatever might begin a mark is kept back until more has come; `token` is too long to come by chance.
 */
export async function untilMark(
  from: Readable,
  token: string,
  handOn: (bytes: Buffer) => void,
): Promise<number | null> {
  const mark = Buffer.concat([Buffer.from([FIRST_BYTE]), Buffer.from(token)]);
  return new Promise((resolve) => {
    let kept = Buffer.alloc(0);
    const end = (code: number | null): void => {
      from.off('data', take).off('close', close);
      resolve(code);
    };
    const close = (): void => {
      if (kept.length > 0) handOn(kept);
      end(null);
    };
    const take = (bytes: Buffer): void => {
      kept = Buffer.concat([kept, bytes]);
      const at = kept.indexOf(mark);
      const code = at === -1 ? null : PATTERN.exec(kept.subarray(at + mark.length).toString('latin1'));
      let safe = at;
      if (at === -1) {
        const last = kept.lastIndexOf(FIRST_BYTE);
        const mayBegin = last !== -1 && mark.subarray(0, kept.length - last).equals(kept.subarray(last));
        safe = mayBegin ? last : kept.length;
      }
      if (safe > 0) handOn(kept.subarray(0, safe));
      kept = kept.subarray(safe);
      if (code !== null) end(Number(code[1]));
    };
    from.on('data', take).on('close', close);
  });
}
