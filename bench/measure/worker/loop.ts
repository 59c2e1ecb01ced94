/**
 * The loop that is timed: lock, take the next number, unlock, and nothing else but keeping the number and reading the
 * stop flag. Everything it calls is made before it starts; nothing in it allocates or throws while all goes well.
 */

/** What one turn consists of. `hold` passes time inside of the lock, `think` outside. */
export interface Turn<Done> {
  acquire(): Done;
  take(): number;
  hold(): void;
  unlock(): Done;
  think(): void;
}

/**
 * Takes up to `count` turns and writes the numbers taken to `ledger`, from index `from` on. Returns how many turns were
 * done: fewer when word 0 of `stopFlag` was set.
 */
export function takeTurns(
  turn: Turn<void>,
  ledger: Int32Array,
  from: number,
  count: number,
  stopFlag: Int32Array,
): number {
  const { acquire, take, hold, unlock, think } = turn;
  for (let i = 0; i < count; i++) {
    if (Atomics.load(stopFlag, 0) !== 0) return i;
    acquire();
    ledger[from + i] = take();
    hold();
    unlock();
    think();
  }
  return count;
}

/** The same for locks that return promises. */
export async function takeTurnsAsync(
  turn: Turn<Promise<void>>,
  ledger: Int32Array,
  from: number,
  count: number,
  stopFlag: Int32Array,
): Promise<number> {
  const { acquire, take, hold, unlock, think } = turn;
  for (let i = 0; i < count; i++) {
    if (Atomics.load(stopFlag, 0) !== 0) return i;
    await acquire();
    ledger[from + i] = take();
    hold();
    await unlock();
    think();
  }
  return count;
}
