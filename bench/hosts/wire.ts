/**
 * Messages between ranks, over MPI: a JSON object each, with bytes behind it where there are many numbers.
 *
 * MPI waits by keeping a processor busy. A rank that waits here sleeps between looks instead, since the processors
 * belong to the workers, and lets this process hear of signals. While a round is being timed no rank looks at all, but
 * for rank 0, a hundred times a second.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { now, sleep } from '../../strategies/posix/clock.js';
import { formatDuration } from '../base/duration.js';
import { Told } from '../base/told.js';
import type { Mpi } from './mpi-library.js';

/** What one rank has said. `payload`: bytes that no other holds. */
export interface Envelope<Message> {
  readonly from: number;
  readonly message: Message;
  readonly payload: Buffer;
}

/** How to wait: `brisk` answers within some 50 µs where a look takes no time, see `Looks`; `patient` within 10 ms. */
export type Waiting = 'brisk' | 'patient';

const LENGTH_BYTES = 4;
const BRISK_NS = 20_000;
const LONGEST_BRISK_NS = 3e6;
/** Of the time between two looks, how much is slept for each part that is not. */
const SLEPT_PARTS = 9;
const LONGEST_PAUSE_MS = 10;
const SILENT_NS = 60e9;
/** For an event that has probably come already. */
const EAGER_LOOKS = 50;

/** A signal came, and all ends. */
export class WasEnded extends Told {
  override readonly name = 'WasEnded';
  constructor() {
    super('a signal ended the run; a launcher sends one when a rank dies, and names that rank itself');
  }
}

/** A rank says nothing any more: its host is gone, or cannot be reached. */
export class Silent extends Told {
  override readonly name = 'Silent';
}

/**
 * Looks in quick succession, which take some tenth of a processor, however slow that is: where it is emulated, a look takes
 * longer than a short sleep, and the ranks of a host would leave nothing for the workers that they wait for.
 */
export class Looks {
  #wokeAt = now();

  /** Sleeps until the next one. */
  sleep(): void {
    const spentNs = Number(now() - this.#wokeAt);
    sleep(Math.min(Math.max(BRISK_NS, SLEPT_PARTS * spentNs), LONGEST_BRISK_NS));
    this.#wokeAt = now();
  }
}

const NONE = Buffer.alloc(0);

export class Wire {
  constructor(
    readonly mpi: Mpi,
    private readonly signal: AbortSignal,
  ) {}

  send(to: number, message: object, payload: Uint8Array = NONE): void {
    const json = Buffer.from(JSON.stringify(message));
    const bytes = Buffer.alloc(LENGTH_BYTES + json.length + payload.length);
    bytes.writeUInt32LE(json.length, 0);
    json.copy(bytes, LENGTH_BYTES);
    bytes.set(payload, LENGTH_BYTES + json.length);
    this.mpi.send(to, bytes);
  }

  /** What has come, of one rank or of any; null if nothing has. */
  poll<Message>(from: number | null): Envelope<Message> | null {
    const waiting = this.mpi.probe(from);
    if (waiting === null) return null;
    const bytes = this.mpi.receive(waiting);
    const end = LENGTH_BYTES + bytes.readUInt32LE(0);
    return {
      from: waiting.from,
      message: JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end)) as Message,
      payload: bytes.subarray(end),
    };
  }

  /** Throws WasEnded after a signal, Silent if nothing came for `limitNs`. */
  async receive<Message>(
    from: number | null,
    waiting: Waiting = 'patient',
    limitNs = Number.POSITIVE_INFINITY,
  ): Promise<Envelope<Message>> {
    const begun = now();
    const looks = new Looks();
    for (let look = 0; ; look++) {
      const envelope = this.poll<Message>(from);
      if (envelope !== null) return envelope;
      if (this.signal.aborted) throw new WasEnded();
      if (Number(now() - begun) > limitNs)
        throw new Silent(`no rank was heard of for ${formatDuration(limitNs)}`);
      if (waiting === 'brisk' || look < EAGER_LOOKS) {
        looks.sleep();
        await nextTurn();
      } else await pause(Math.min(LONGEST_PAUSE_MS, look - EAGER_LOOKS));
    }
  }

  /**
   * Waits without sleeping: for what comes within microseconds, or a measurement would be of our sleep. Throws Silent if
   * nothing came for a minute.
   */
  receiveAtOnce<Message>(from: number): Envelope<Message> {
    const begun = now();
    for (;;) {
      const envelope = this.poll<Message>(from);
      if (envelope !== null) return envelope;
      if (Number(now() - begun) > SILENT_NS)
        throw new Silent(`rank ${from} was not heard of for ${formatDuration(SILENT_NS)}`);
    }
  }
}
