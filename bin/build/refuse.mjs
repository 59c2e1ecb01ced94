/**
 * The end of a start that cannot go on, in one line. Plain JavaScript like all of bin/: an old Node, another runtime or
 * another system is told what is wrong, and not shown a stack trace.
 */
export function refuse(message) {
  console.error(`lockbench: ${message}`);
  process.exit(2);
}

/** The name and the meaning of what the system refused, without the call and the path. */
export const meaningOf = ({ message }) => message.split(',')[0];

/** Refuses what is not Node on Linux, or too old. */
export function requireRuntime() {
  // Both say that they are some version of Node, too; but how long a call takes is then another program's merit.
  for (const [key, name] of [
    ['bun', 'Bun'],
    ['deno', 'Deno'],
  ]) {
    const version = process.versions[key];
    if (version !== undefined)
      refuse(`Node was expected, this is ${name} ${version}; run it as "node ${process.argv[1]}"`);
  }
  if (process.platform !== 'linux')
    refuse(`Linux was expected, this is ${process.platform}; its system calls are what is measured`);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    refuse(`Node 20.19 or later was expected, this is ${process.version}`);
}
