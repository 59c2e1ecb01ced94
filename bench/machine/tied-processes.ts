/**
 * Processes that must not outlive the one that started them, not even when that one is killed.
 */

/**
 * A command that the kernel kills when its parent dies, as a program and its arguments. setpriv(1) asks for it, which
 * execve(2) keeps, and becomes the command: the process has the pid that its parent knows.
 */
export function killWithParent(command: readonly string[]): [program: string, args: string[]] {
  return ['setpriv', ['--pdeathsig', 'KILL', '--', ...command]];
}
