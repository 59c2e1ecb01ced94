/**
 * Ends with the runner what its tests have started. node:test leaves test files running when the runner is told to end, and
 * with them what they measure, boot and serve.
 */
import { readFileSync } from 'node:fs';

/** The processes that a process has started, those deeper down after their parents. */
function descendantsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').match(/\d+/g) ?? [];
    return children.map(Number).flatMap((child) => [child, ...descendantsOf(child)]);
  } catch {
    // It has ended meanwhile, or the kernel lists no children (CONFIG_PROC_CHILDREN).
    return [];
  }
}

/** To be called once. A command of ours that hears the signal cleans up by itself; one that is stopped hears it when it goes on. */
export function endWithUs(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      for (const pid of descendantsOf(process.pid))
        for (const sent of [signal, 'SIGCONT'] as const)
          try {
            process.kill(pid, sent);
          } catch {
            // It has ended meanwhile.
          }
      process.kill(process.pid, signal);
    });
}
