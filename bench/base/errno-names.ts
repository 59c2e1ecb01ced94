/**
 * Errors that Node has no name for. What the kernel answers to a network file system's call, or to a lock's, is often one of
 * them: Node says "Unknown system error -116". Source: errno(3), include/uapi/asm-generic/errno.h of the kernel.
 */
import { getSystemErrorMap } from 'node:util';

/** By number, as on every machine that Node runs on. */
const MEANINGS: Readonly<Record<string, string>> = {
  '35': 'EDEADLK: resource deadlock avoided',
  '37': 'ENOLCK: no locks available',
  '43': 'EIDRM: identifier removed',
  '52': 'EBADE: invalid exchange',
  '61': 'ENODATA: no data available',
  '62': 'ETIME: timer expired',
  '67': 'ENOLINK: link has been severed',
  '70': 'ECOMM: communication error on send',
  '74': 'EBADMSG: bad message',
  '77': 'EBADFD: file descriptor in bad state',
  '85': 'ERESTART: interrupted system call should be restarted',
  '112': 'EHOSTDOWN: host is down',
  '116': 'ESTALE: stale file handle',
  '117': 'EUCLEAN: the file system needs cleaning',
  '121': 'EREMOTEIO: remote I/O error',
  '122': 'EDQUOT: disk quota exceeded',
  '123': 'ENOMEDIUM: no medium found',
  '126': 'ENOKEY: required key not available',
  '127': 'EKEYEXPIRED: key has expired',
  '128': 'EKEYREVOKED: key has been revoked',
  '130': 'EOWNERDEAD: owner died',
  '131': 'ENOTRECOVERABLE: state not recoverable',
  '133': 'EHWPOISON: memory page has a hardware error',
};

/** An errno's name with what it means, "EACCES: permission denied"; whatever else comes, as it is. */
export function meaningOf(code: string): string {
  for (const [name, meaning] of getSystemErrorMap().values()) if (name === code) return `${name}: ${meaning}`;
  return Object.values(MEANINGS).find((text) => text.startsWith(`${code}: `)) ?? code;
}

/** A message in which every error is named: Node writes what it does not know once as its name and once as its meaning. */
export const named = (message: string): string =>
  message.replace(
    /Unknown system error -(\d+)(?:: Unknown system error -\1)?/g,
    (_, number: string) => MEANINGS[number] ?? `error ${number} of errno(3)`,
  );
