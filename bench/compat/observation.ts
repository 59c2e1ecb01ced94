/**
 * The parent's side of the observer: what is seen of a lock while it is held.
 */
import type { Identity } from '../machine/identity.js';
import { Child } from '../measure/parent/child.js';
import { endedOrAbandoned } from '../measure/parent/patience.js';
import { LOCKED_NAME } from '../measure/worker/lock-site.js';
import { NUMBER_NAME } from '../measure/worker/number-file.js';
import { LIMIT_NS, within } from '../scenario/participant-process.js';
import type { Seen } from './compat-schema.js';
import type { Look } from './hold-and-try.js';
import type { Glance, ObserverJob, ObserverMessage } from './observer.js';

/** There for all locks: what kernel locks are on, and what is guarded. */
const COMMON: readonly string[] = [LOCKED_NAME, NUMBER_NAME];

export class Watch {
  readonly #child: Child<ObserverMessage>;

  /** `prefix`: a command that runs it on a host. */
  constructor(identity: Identity | null, prefix: readonly string[] = []) {
    const job: ObserverJob = { parentPid: process.pid, identity };
    this.#child = new Child<ObserverMessage>(new URL('observer.js', import.meta.url), job, {
      takesOrders: true,
      prefix,
    });
  }

  /** What looks, and what was seen once it has looked twice; null if it did not. */
  looking(): { readonly look: Look; seen(): Seen | null } {
    const glances: Glance[] = [];
    return {
      look: async (directory) => {
        this.#child.tell(directory);
        glances.push(await within(LIMIT_NS, 'looking at the lock', this.#child.next()));
      },
      seen() {
        const [before, held] = glances.slice(-2);
        if (before === undefined || held === undefined) return null;
        const { kernel, lslocks } = held;
        const names = held.names.filter((name) => ![...before.names, ...COMMON].includes(name));
        return { names, kernel: [...kernel], lslocks: lslocks === null ? null : [...lslocks] };
      },
    };
  }

  async end(): Promise<void> {
    this.#child.kill();
    await endedOrAbandoned(this.#child);
  }
}
