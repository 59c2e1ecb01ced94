/**
 * Runs the compiler for a build, and ends it when the build's process is gone, however that ended: then the pipe that is our
 * standard input is closed. A compiler that is left alone would use all processors for some more seconds, and fill a folder
 * that nobody wants. Arguments: the compiler's command line for Node.
 */
import { spawn } from 'node:child_process';

const compiler = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
compiler.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
compiler.on('close', (code, signal) => {
  if (signal !== null) process.kill(process.pid, signal);
  process.exit(code);
});
// We lead the group in which the compiler and all that it starts are.
process.stdin.on('close', () => process.kill(-process.pid, 'SIGKILL')).resume();
