/**
 * A function of one of our modules by its name, for a process that was told to call it.
 */

type Callable = (...all: unknown[]) => unknown;

/** `module`: its URL. Throws an Error if it exports nothing of this name. */
export async function exportedBy(module: string, name: string): Promise<Callable> {
  const exported = (await import(module)) as Readonly<Record<string, Callable>>;
  const called = exported[name];
  if (called === undefined) throw new Error(`${module} exports no ${name}`);
  return called;
}
