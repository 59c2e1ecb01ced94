/**
 * What somebody else refused, or what became of another process: told in one line. An error that is not of this kind is a mistake of
 * ours, and shows where it happened. Errors of the system (`syscall`) are told in a line, too.
 */
export class Told extends Error {
  override readonly name: string = 'Told';
}

/** A program of ours ended before it had said what it was to say: it was killed, or could not be started. */
export class ProgramEnded extends Told {
  override readonly name = 'ProgramEnded';
}
